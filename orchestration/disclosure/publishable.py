"""What may be made public: an edition out of which all that may not is taken.

Each indicator has a disclosure class that says which small numbers about people are hidden as
`[c]` (the shorthand of the Government Statistical Service); where one number of a figure is
hidden, all of them and everything derived from it are. Zeros are shown. Figures from which a
reader could work a hidden one out are hidden with it (`secondary`).

Public renderers are given the public edition and nothing else: what is not in it cannot get out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from orchestration.disclosure.history import Hidden, Publication
from orchestration.disclosure.secondary import Hiding, hidden_places
from orchestration.editions import words
from orchestration.editions.figures import (
    HIDDEN,
    Comparison,
    Direction,
    Earlier,
    Edition,
    Figure,
    Improvement,
    Indicator,
    Place,
    Tie,
    Trend,
    figures_of,
    place_of,
)
from orchestration.editions.improvements import first_areas, has_reason

SMALLEST_SHOWN = 6
"""Numbers above 0 and below this are small."""


def hidden_figures(
    rows: Sequence[Indicator], ties: Sequence[Tie] = (), earlier: Sequence[Publication] = ()
) -> Hiding:
    """Which figures of indicators are hidden: the small ones and what gives them away, by what is
    printed beside them, is known of two of them (`ties`) or was published before (`earlier`, oldest
    first)."""
    small = {
        row.indicator_id: frozenset(
            place
            for place, figure in figures_of(row).items()
            if is_hidden(figure, row.unit, row.disclosure_class)
        )
        for row in rows
    }
    return hidden_places(rows, small, ties, earlier)


def publishable(edition: Edition, hidden: Hidden) -> Edition:
    """The public edition: of the `hidden` figures, and of what rests on them, nothing is left.

    What earlier builds gave otherwise was seen by officers only, so no restatement is left either.
    """
    rows = tuple(
        _row(_unmarked(row), hidden.get(row.indicator_id, frozenset())) for row in edition.rows
    )
    public = {row.indicator_id: row for row in rows}
    areas = {
        each.indicator_id: each for each in (*edition.further_improvements, *edition.improvements)
    }
    told = [_improvement(each, public[name]) for name, each in areas.items()]
    return replace(
        edition,
        rows=rows,
        improvements=first_areas(filter(has_reason, told)),
        further_improvements=(),
        restatements=(),
        is_public=True,
    )


def is_hidden(figure: Figure | None, unit: str, disclosure_class: str) -> bool:
    """Whether the disclosure class hides a figure: its numbers, its value and what derives from it.

    `child_attribute` hides when numerator, complement (denominator minus numerator) or denominator
    is small, `child_count` when the count is, `process` and `workforce` when the denominator is;
    a count that has no denominator stands for it. An average or median hides when it is taken over
    few. `open` hides nothing. A part that was not returned is worked out from the percentage where
    the other is known; where neither is, the percentage is shown.
    Raises ValueError for a class that is none of these.
    """
    if disclosure_class not in _CLASSES:
        raise ValueError(f"{disclosure_class} is not a disclosure class: {', '.join(_CLASSES)}")
    if figure is None or disclosure_class == "open":
        return False
    top, bottom = _parts(figure, unit)
    if unit == "count" and bottom is None:
        return _small(top)
    if unit in _AVERAGES or disclosure_class in ("process", "workforce"):
        return _small(bottom)
    if disclosure_class == "child_count":
        return _small(top)
    return any(_small(part) for part in (top, _complement(top, bottom), bottom))


_CLASSES = ("child_attribute", "process", "child_count", "workforce", "open")
_AVERAGES = ("days", "hours", "weeks", "cases")
_PER = {"percent": 100, "rate_per_10k": 10_000}


def _row(row: Indicator, hidden: frozenset[Place]) -> Indicator:
    if row.disclosure_class == "open":
        return row

    def shown(figure: Figure | None, breakdown: str = "", part: str = "") -> Figure | None:
        if figure is None or place_of(figure, breakdown, part) not in hidden:
            return figure
        return replace(figure, numerator=None, denominator=None, value=None, status=HIDDEN)

    headline = shown(row.headline)
    is_gone = headline is not None and headline.status == HIDDEN
    trend = _trend(row, shown)
    public = replace(
        row,
        headline=headline,
        previous=_earlier(row.previous, shown, is_gone),
        year_ago=_earlier(row.year_ago, shown, is_gone),
        month=shown(row.month),
        quarter=shown(row.quarter),
        year_to_date=shown(row.year_to_date),
        year=shown(row.year),
        trend=trend,
        years=tuple(filter(None, map(shown, row.years))),
        parts=tuple(
            replace(part, figure=shown(part.figure, part.breakdown, part.name) or part.figure)
            for part in row.parts
        ),
        longer_parts=tuple(
            replace(part, figure=shown(part.figure, part.breakdown, part.name) or part.figure)
            for part in row.longer_parts
        ),
        quarters=tuple(filter(None, map(shown, row.quarters))),
        judged=tuple(
            replace(
                each,
                previous=_earlier(each.previous, shown, False),
                year_ago=_earlier(each.year_ago, shown, False),
            )
            for each in row.judged
            if place_of(each.figure) not in hidden
        ),
        year_on_year=_direction(row.year_on_year, row, trend),
        latest_quarter=_direction(row.latest_quarter, row, trend),
    )
    if is_gone:
        return _without_figure(public)
    held = public.compared
    return _not_compared(public) if held and held.figure.status == HIDDEN else public


def _unmarked(row: Indicator) -> Indicator:
    """Where somebody was forgotten, figures stand as they were recorded; that some of them do would
    say which the person was counted in."""
    return replace(row, origin="rows", source_note=None) if row.origin == "remembered" else row


def _not_compared(row: Indicator) -> Indicator:
    """An indicator whose part that is compared is hidden: official figures stand alone."""

    def alone(comparison: Comparison) -> Comparison:
        return replace(comparison, gap=None, verdict=None)

    return replace(
        row,
        england=alone(row.england),
        neighbours=alone(row.neighbours),
        region=alone(row.region),
    )


def _without_figure(row: Indicator) -> Indicator:
    """An indicator whose figure is hidden: no verdict, no gap and no margin of it is left."""
    return replace(
        _not_compared(row),
        status=HIDDEN,
        status_reason=None,
        rag=None,
        rag_reason=None,
        target_certainty=None,
        cases_to_target=None,
        interval_lower=None,
        interval_upper=None,
    )


def _earlier(earlier: Earlier, shown, is_gone: bool) -> Earlier:
    """What the figure is compared with; one whose numbers cannot be looked up is hidden."""
    figure = shown(earlier.figure)
    if earlier.value is None:
        return replace(earlier, figure=figure)
    if figure is None or figure.status == HIDDEN:
        return Earlier(None, None, figure)
    return replace(earlier, change=None) if is_gone else earlier


def _trend(row: Indicator, shown) -> Trend:
    """The trend without what is hidden; limits rest on all months, so they go with any of them."""
    points = tuple(shown(point) or point for point in row.trend.points)
    if not _rests_on_hidden(row, points):
        return replace(row.trend, points=points)
    return replace(
        row.trend,
        points=points,
        before=(),
        signals={},
        limits_reason=_NO_LIMITS,
    )


_NO_LIMITS = "What is usual is not shown: it rests on figures that are hidden."


def _direction(told: Direction | None, row: Indicator, trend: Trend) -> Direction | None:
    if told is None or not _rests_on_hidden(row, trend.points):
        return told
    return replace(told, verdict=HIDDEN, value=None, before=None)


def _rests_on_hidden(row: Indicator, points: Iterable[Figure]) -> bool:
    """Whether a month is hidden, or would be if it were still shown."""
    return any(point.status == HIDDEN for point in points) or any(
        is_hidden(figure, row.unit, row.disclosure_class) for figure in row.trend.before
    )


def _improvement(told: Improvement, row: Indicator) -> Improvement:
    """What speaks for an area; where a figure is hidden nothing that rests on it is said."""
    if row.status == HIDDEN:
        return replace(
            told,
            is_below_target=False,
            is_worse_than_last_year=False,
            last_year=None,
            is_worse_than_benchmarks=False,
            is_surely_below_target=False,
            tolerances_short=None,
        )
    before = row.previous.figure
    if before is not None and before.status == HIDDEN and not told.is_surely_below_target:
        # that it counts as a miss may rest on the period before
        told = replace(told, is_below_target=False)
    if row.compared_part and row.england.gap is None:
        told = replace(told, is_worse_than_benchmarks=False)
    years = {year.period_start: year for year in row.years}
    year = years.get(told.last_year_start) if told.last_year_start else None
    if told.last_year is None or (year is not None and year.status != HIDDEN):
        return told
    return replace(told, last_year=None, is_worse_than_last_year=False)


def _parts(figure: Figure, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator; a missing one is worked out where the value gives it away."""
    top, bottom, value = figure.numerator, figure.denominator, figure.value
    if value is None:
        return top, bottom
    if unit == "count":
        return (value if top is None else top), bottom
    per = _PER.get(unit)
    if per and top is None and bottom is not None:
        return words.rounded(value * bottom / per, 0), bottom
    if per and bottom is None and top is not None and value:
        return top, words.rounded(top * per / value, 0)
    return top, bottom


def _complement(top: Decimal | None, bottom: Decimal | None) -> Decimal | None:
    return None if top is None or bottom is None else bottom - top


def _small(number: Decimal | None) -> bool:
    return number is not None and 0 < number < SMALLEST_SHOWN
