"""The words of a region's page."""

from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Figure
from orchestration.region.edition import Beside, Region, RegionIndicator

_PLACES = {
    "inside": "inside the limits",
    "above_95": "above the 95% limits",
    "above_998": "above the 99.8% limits",
    "below_95": "below the 95% limits",
    "below_998": "below the 99.8% limits",
}
_MOVED = {
    "better": "better by more than chance",
    "worse": "worse by more than chance",
    "higher": "higher by more than chance",
    "lower": "lower by more than chance",
    "similar": "no more than chance",
    None: "chance cannot be told",
}
_POLARITY = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neutral": "Neither higher nor lower is better",
}
_ABSENT = {
    "missing": "No figure from",
    "withheld": "Small numbers are not told by",
    "without_numbers": "Told without numbers, so not added, by",
    "outside": "Not in the pool for all of the period:",
    "elsewhere": "Not shown and not added, as what it publishes is not known here:",
}
_STATUS = {
    "not_additive": "None: medians of councils cannot be added up",
    "withheld": "None: a council does not tell a small number that belongs to it",
    "no_data": "None: no council tells the numbers behind it",
    "no_cases": "No cases in the period",
    HIDDEN: words.NOT_SHOWN,
}


def polarity(row: RegionIndicator) -> str:
    """Which way is good."""
    return _POLARITY[row.polarity]


def value_said(figure: Figure, row: RegionIndicator) -> str:
    """A figure in its unit, or why there is none."""
    if figure.value is None:
        return _STATUS.get(figure.status, words.NO_FIGURE)
    return words.amount(figure.value, row.unit, row.decimals)


def council_said(council: Beside, row: RegionIndicator) -> str:
    """A council with its figure: Wokingham 92.7%."""
    return f"{council.name} {value_said(council.figure, row)}"


def place_said(council: Beside) -> str:
    """Where it lies about the limits of chance; empty where there are none."""
    return _PLACES.get(council.place or "", "")


def rank_said(council: Beside) -> str:
    """Its place among the councils: 2 of 8."""
    return f"{council.rank} of {council.ranked}" if council.rank else ""


def moved_said(council: Beside, row: RegionIndicator) -> str:
    """What moved since a year before; empty where nothing is known of then."""
    if council.then is None or council.change is None:
        return ""
    return f"{change_said(council, row)}: {_MOVED[council.moved]}"


def change_said(council: Beside, row: RegionIndicator) -> str:
    """How much a figure changed, and which way: 3.1 points lower."""
    if not council.change:
        return "the same"
    size = words.difference(council.change, row.unit, row.decimals)
    return f"{size} {'higher' if council.change > 0 else 'lower'}"


def notes_of(row: RegionIndicator) -> tuple[str, ...]:
    """Whose numbers are not in the area's figure, and what else has to be known of it."""
    told = []
    if row.polarity == "neutral" and any(each.rank for each in row.councils):
        told.append("Places say which is highest, not which is best")
    told += [f"{_ABSENT[why]} {', '.join(names)}" for why, names in row.absent.items()]
    if row.definitions > 1:
        told.append(
            "The councils worked by different versions of the definition: ask before comparing"
        )
    if row.time_basis == "period_distinct_count":
        told.append("A child known to two councils is counted by both")
    if row.funnel and row.funnel.dispersion > 1:
        told.append(
            "Councils differ more than chance makes them: the limits are widened by what lies"
            " between councils in any case"
        )
    return tuple(f"{each}." for each in told)


def moved_most(region: Region) -> list[tuple[RegionIndicator, Beside]]:
    """The councils that got better or worse by more than chance, in the order of the catalogue."""
    return [
        (row, council)
        for row in region.rows
        for council in row.councils
        if council.moved in ("better", "worse")
    ]
