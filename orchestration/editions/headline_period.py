"""Which length of period a row of the committee's table is about.

The newest month of volumes, positions and what comes once a year; of a percentage, an average or a
small number of events the shortest of month, quarter and twelve months that rests on 20 or more,
else the longest: one case more or less of 10 moves a percentage by ten points.
"""

from dataclasses import replace

from orchestration.editions.figures import Edition, Figure, Indicator, Judged, Trend, place_of

FEWEST = 20
"""A percentage rests on so many, and so many events are no small number."""

_ADD_UP = ("period_flow_ratio", "period_mean", "period_median")
_EVENTS = ("period_flow_count", "period_distinct_count")


def headline_of(row: Indicator, shortest: str = "month") -> Judged | None:
    """Of what may be shown the figure that the row is about; None: it stays as it is.

    `row` is of the edition that is printed: of a public one what is hidden is not there to choose.
    `shortest` is month or quarter.
    """
    can_be = [each for each in row.judged if shortest == "month" or not _is_month(each)]
    if not can_be:
        return None
    if row.time_basis not in (*_ADD_UP, *_EVENTS):
        return can_be[0]
    return next((each for each in can_be if _rests_on(each.figure, row) >= FEWEST), can_be[-1])


def with_headline_periods(edition: Edition, shortest: str = "month") -> Edition:
    """The edition with each row about the figure of its length of period, and official figures
    held against its twelve months, where it has them."""
    return replace(edition, rows=tuple(_about(row, shortest) for row in edition.rows))


def over_a_year(row: Indicator) -> Judged | None:
    """The figure to hold against official ones, which are of a whole year: the twelve months."""
    newest = row.judged[-1] if row.judged else None
    return newest if newest and newest.figure.period_type == "rolling_12m" else None


def _is_month(told: Judged) -> bool:
    return told.figure.period_type == "month"


def _rests_on(figure: Figure, row: Indicator) -> int:
    counted = figure.value if row.time_basis in _EVENTS else figure.denominator
    # what came without its numbers says nothing of how many it rests on
    return FEWEST if counted is None else int(counted)


def _about(row: Indicator, shortest: str) -> Indicator:
    told = headline_of(row, shortest)
    if told is None:
        return _by_quarters(row) if shortest == "quarter" else row
    yearly = over_a_year(row)
    held = yearly if yearly and yearly.england.gap is not None else told
    if not row.compared_part:
        row = replace(row, england=held.england, neighbours=held.neighbours, region=held.region)
    if shortest == "quarter":
        row = _by_quarters(row)
    if row.headline is not None and place_of(told.figure) == place_of(row.headline):
        return row
    return replace(
        row,
        headline=told.figure,
        status=told.figure.status,
        status_reason=None,
        previous=told.previous,
        year_ago=told.year_ago,
        target=told.target,
        target_kind=told.target_kind,
        tolerance=told.tolerance,
        rag=told.rag,
        rag_reason=told.rag_reason,
        target_certainty=told.target_certainty,
        cases_to_target=told.cases_to_target,
        interval_lower=told.interval_lower,
        interval_upper=told.interval_upper,
    )


def _by_quarters(row: Indicator) -> Indicator:
    """The row without its months."""
    return replace(row, month=None, trend=Trend("quarter", row.quarters))
