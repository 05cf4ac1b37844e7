"""Where a council stands among all authorities, in words."""

from decimal import Decimal

from orchestration.editions.figures import Figure, Indicator, figures_of
from orchestration.editions.words.amounts import amount, number

OWN_RECORDS = (
    "The official figure is of the return sent for that time, by the Department for Education's "
    "rules; ours is of the records as they are now"
)
_QUARTERS = ("first", "second", "third", "last")
_FIRST = {"higher": "the best first", "lower": "the best first", "neutral": "the highest first"}


def standing(row: Indicator) -> tuple[str, ...]:
    """The council's place, where half of all authorities lie, and what the council itself counts
    for the same time; empty where no official figures of authorities are known."""
    official = row.standing
    if official is None:
        return ()
    among = f"{len(official.figures)} authorities ({official.period})"
    if official.own is None:
        place = f"The council has no official figure among those of {among}"
    else:
        own, nth = _amount(official.own, row), _ordinal(official.place or 0)
        quarter = _QUARTERS[(official.quarter or 1) - 1]
        place = (
            f"Official figure {own}: {nth} of {among}, {_FIRST[row.polarity]}; "
            f"in the {quarter} quarter of them"
        )
    lower = number(official.lower_quartile, row.decimals) + ("%" if row.unit == "percent" else "")
    half = f"Half of them lie from {lower} to {_amount(official.upper_quartile, row)}"
    return tuple(filter(None, (place, half, _beside_own_count(row))))


def own_count(row: Indicator) -> Figure | None:
    """What the edition itself prints for the time of the official figures; None: nothing."""
    official = row.standing
    if official is None:
        return None
    breakdown, part = row.compared_part or ("", "")
    is_one_day = official.period_start == official.period_end
    return next(
        (
            figure
            for place, figure in figures_of(row).items()
            if place[:2] == (breakdown, part)
            and figure.period_end == official.period_end
            and (is_one_day or figure.period_start == official.period_start)
            and figure.value is not None
        ),
        None,
    )


def _beside_own_count(row: Indicator) -> str:
    ours = own_count(row)
    if ours is None or ours.value is None or row.standing is None:
        return ""
    counted = _amount(ours.value, row)
    if row.standing.own is None:
        return f"The council's own count for that time: {counted}"
    if counted == _amount(row.standing.own, row):
        return "The council's own count for that time is the same"
    return f"The council's own count for that time: {counted}. {OWN_RECORDS}"


def _amount(value: Decimal, row: Indicator) -> str:
    return amount(value, row.unit, row.decimals)


def _ordinal(place: int) -> str:
    """1st, 22nd, 113th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else ending}"
