"""The public edition of an area: what may not be shown to everybody is taken out.

Of each council its own rules hold, with all that it has published: nothing is shown here that its
packs hide. Of all together a number is shown only where no small number of a council follows from
it, though readers know every other number of every council, today or later, from its own packs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orchestration.disclosure.history import Hidden, Publication
from orchestration.disclosure.publishable import hidden_figures, is_hidden
from orchestration.disclosure.secondary import Hiding, worked_out
from orchestration.editions.figures import HIDDEN, Figure, Indicator, Tie, place_of
from orchestration.region.edition import Beside, Region, RegionIndicator
from orchestration.region.rows import bare_row
from orchestration.region.together import AREA, Together

_PER = {"percent": 100, "rate_per_10k": 10_000}


@dataclass(frozen=True)
class Known:
    """What is known of a council that runs here: which of its numbers count the same rows, and
    what it has published, oldest first."""

    ties: tuple[Tie, ...]
    earlier: tuple[Publication, ...]


@dataclass(frozen=True)
class PublicRegion:
    """The public edition, how many figures it hides, and what it tells of each council: no pack of
    these may give away what it hides, nor hide what it has printed."""

    region: Region
    hidden: int
    told: Mapping[str, Publication]


class NarrowedError(RuntimeError):
    """A hidden number could be worked out: nothing is published."""

    def __init__(self, numbers: int) -> None:
        super().__init__(
            f"REGION-NARROWED: {numbers} hidden numbers could be worked out from the page, from"
            " what councils have published or from sums; nothing is published: tell the maintainers"
        )


def public_region(region: Region, known: Mapping[str, Known]) -> PublicRegion | None:
    """The area with the councils that are `known`; None where there is none of them.

    Of the others nobody knows here what they have published, so they are neither shown nor added.
    Raises NarrowedError where a hidden number could be worked out all the same.
    """
    told = [_of_those(row, known) for row in region.rows]
    told = [row for row in told if row.councils]
    if not told:
        return None
    rows = {code: council_rows(told, code) for code in sorted(known)}
    hidings = {
        code: hidden_figures(rows[code], each.ties, each.earlier) for code, each in known.items()
    }
    hidden: dict[str, Hidden] = {
        code: _with_packs(rows[code], each.places, known[code].earlier)
        for code, each in hidings.items()
    }
    areas = area_rows(told)
    together = Together(areas, rows, {code: each.ties for code, each in known.items()})
    small = {code: _small(of_one) for code, of_one in {AREA: areas, **rows}.items()}
    held: frozenset[str] = frozenset()
    for councils in (small, hidden):
        of_all = {**councils, AREA: small[AREA]}
        held |= together.held_back(of_all, small, is_strict=councils is small)
    hidden[AREA] = {
        row.indicator_id: frozenset(map(place_of, row.trend.points))
        for row in areas
        if row.indicator_id in held
    }
    _require_safe(together, rows, known, hidings, hidden, small)
    shown = tuple(_shown(row, hidden) for row in told)
    councils = {code: name for code, name in region.councils.items() if code in known}
    public = replace(region, councils=councils, rows=shown, is_public=True)
    taken_out = sum(len(places) for each in hidden.values() for places in each.values())
    told_of = {code: _told(rows[code], hidden[code]) for code in known}
    return PublicRegion(public, taken_out, told_of)


def _require_safe(
    together: Together,
    rows: Mapping[str, Sequence[Indicator]],
    known: Mapping[str, Known],
    hidings: Mapping[str, Hiding],
    hidden: Mapping[str, Hidden],
    small: Mapping[str, Hidden],
) -> None:
    """The audit: each council by itself with all that it has published, and all of them together,
    as readers know them today and with all that is not small known."""
    found = sum(
        worked_out(rows[code], hidings[code], each.ties, each.earlier)
        for code, each in known.items()
    )
    of_area = {AREA: hidden[AREA]}
    found += max(
        together.worked_out({**councils, **of_area}, small, is_strict=councils is small)
        for councils in (small, hidden)
    )
    if found:
        raise NarrowedError(found)


def council_rows(told: Sequence[RegionIndicator], code: str) -> list[Indicator]:
    """The rows of one council: its figures of the page and of the year before."""
    found = []
    for row in told:
        mine = next((each for each in row.councils if each.geography_code == code), None)
        if mine is not None:
            figures = [mine.figure] if mine.then is None else [mine.figure, mine.then]
            found.append(bare_row(_about(row), figures))
    return found


def area_rows(told: Sequence[RegionIndicator]) -> list[Indicator]:
    """The rows of all councils together, where they have a figure."""
    return [bare_row(_about(row), [row.figure]) for row in told if row.figure.value is not None]


def _about(row: RegionIndicator) -> dict[str, object]:
    names = ("indicator_id", "dashboard_no", "dashboard", "unit", "decimals", "polarity")
    return {
        **{name: getattr(row, name) for name in (*names, "disclosure_class", "time_basis")},
        "indicator_name": row.name,
        "tier": "",
        "frequency": "",
        "numerator_text": row.counts,
        "denominator_text": row.out_of,
        "note": None,
    }


def _told(rows: Sequence[Indicator], hidden: Hidden) -> Publication:
    """The figures of a council that the page has, and which of them it hides."""
    figures = {
        row.indicator_id: {place_of(figure): figure for figure in row.trend.points} for row in rows
    }
    return Publication(
        figures, {each: hidden.get(each, frozenset()) & at.keys() for each, at in figures.items()}
    )


def _small(rows: Sequence[Indicator]) -> Hidden:
    """The figures that are hidden for their own sake."""
    return {
        row.indicator_id: frozenset(
            place_of(figure)
            for figure in row.trend.points
            if is_hidden(figure, row.unit, row.disclosure_class)
        )
        for row in rows
    }


def _with_packs(
    rows: Sequence[Indicator], hidden: Hidden, earlier: Sequence[Publication]
) -> Hidden:
    """The hidden figures, and those that the newest pack that had them hides."""
    found = {}
    for row in rows:
        each = row.indicator_id
        in_packs = {
            place: place in publication.hidden.get(each, ())
            for publication in earlier
            for place in publication.figures.get(each, ())
        }
        here = set(map(place_of, row.trend.points))
        gone = {place for place, is_gone in in_packs.items() if is_gone and place in here}
        found[each] = hidden.get(each, frozenset()) | gone
    return found


def _of_those(row: RegionIndicator, known: Collection[str]) -> RegionIndicator:
    """The indicator of the councils that are known, added up anew."""
    councils = tuple(each for each in row.councils if each.geography_code in known)
    if len(councils) == len(row.councils):
        return row
    added = [each.figure for each in councils if _has_numbers(each.figure, row.unit)]
    figure = replace(row.figure, numerator=None, denominator=None, value=None, status="no_data")
    if added and row.figure.value is not None:
        top = sum((_top(each, row.unit) for each in added), Decimal(0))
        bottom = None
        if row.unit != "count":
            bottom = sum((each.denominator or Decimal(0) for each in added), Decimal(0))
        value = top if bottom is None else top * _PER.get(row.unit, 1) / bottom
        figure = replace(row.figure, numerator=top, denominator=bottom, value=value)
    others = tuple(each.name for each in row.councils if each not in councils)
    return replace(
        row,
        figure=figure,
        counted=len(added),
        councils=councils,
        absent={**row.absent, "elsewhere": others},
        funnel=None,
    )


def _has_numbers(figure: Figure, unit: str) -> bool:
    return unit == "count" or (figure.numerator is not None and bool(figure.denominator))


def _top(figure: Figure, unit: str) -> Decimal:
    top = figure.value if unit == "count" and figure.numerator is None else figure.numerator
    return top or Decimal(0)


def _shown(row: RegionIndicator, hidden: Mapping[str, Hidden]) -> RegionIndicator:
    """The indicator without what is hidden, nor what rests on it: limits rest on all councils, and
    a place says where those between lie."""

    def is_gone(code: str, figure: Figure | None) -> bool:
        places = hidden.get(code, {}).get(row.indicator_id, frozenset())
        return figure is not None and place_of(figure) in places

    gone = {
        each.geography_code for each in row.councils if is_gone(each.geography_code, each.figure)
    }
    figure = _without_value(row.figure) if is_gone(AREA, row.figure) else row.figure
    is_whole = not gone and figure.status != HIDDEN and row.funnel is not None
    shown = [each for each in row.councils if each.geography_code not in gone]
    ranked = [each for each in shown if each.rank is not None]
    # places are told anew of those that are shown, in the order that they had
    ranks = {
        each.geography_code: 1 + sum(1 for other in ranked if (other.rank or 0) < (each.rank or 0))
        for each in ranked
    }
    councils = [
        replace(
            each,
            rank=ranks.get(each.geography_code),
            ranked=len(ranked) if each.geography_code in ranks else None,
            place=each.place if is_whole else None,
            **({} if each.then and not is_gone(each.geography_code, each.then)
               else {"then": None, "change": None, "moved": None}),
        )
        for each in shown
    ]  # fmt: skip
    councils += [
        Beside(each.geography_code, each.name, _without_value(each.figure))
        for each in row.councils
        if each.geography_code in gone
    ]
    return replace(
        row, figure=figure, councils=tuple(councils), funnel=row.funnel if is_whole else None
    )


def _without_value(figure: Figure) -> Figure:
    return replace(figure, numerator=None, denominator=None, value=None, status=HIDDEN)
