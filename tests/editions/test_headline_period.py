"""Which length of period a row is about: long enough to say something, and no longer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.editions.figures import (
    Comparison,
    Earlier,
    Edition,
    Figure,
    Indicator,
    Judged,
    Trend,
    figures_of,
    place_of,
)
from orchestration.editions.headline_period import (
    headline_of,
    over_a_year,
    with_headline_periods,
)

Row = Callable[[str], Indicator]
STARTS = {
    "month": date(2019, 9, 1),
    "quarter": date(2019, 7, 1),
    "rolling_12m": date(2018, 10, 1),
}


def judged(kind: str, top: int, bottom: int | None) -> Judged:
    value = Decimal(top) if bottom is None else Decimal(100 * top) / bottom
    denominator = None if bottom is None else Decimal(bottom)
    end = date(2019, 9, 30)
    figure = Figure(kind, STARTS[kind], end, Decimal(top), denominator, value, "ok")
    none, alone = Earlier(None, None, None), Comparison("England", None, None, None)
    target = Decimal(90), "internal", Decimal(5)
    return Judged(figure, none, none, *target, kind, *[None] * 5, alone, alone, alone)


def about(row: Indicator, basis: str, *figures: tuple[int, int | None]) -> Indicator:
    told = tuple(judged(kind, *each) for kind, each in zip(STARTS, figures, strict=False))
    none = Earlier(None, None, None)
    return replace(
        row,
        time_basis=basis,
        headline=told[0].figure,
        judged=told,
        trend=Trend("month", ()),
        previous=none,
        year_ago=none,
        month=None,
        quarter=None,
        year_to_date=None,
        year=None,
        years=(),
        quarters=(),
        parts=(),
        compared_part=None,
    )


@pytest.mark.parametrize(
    ("basis", "figures", "expected"),
    [
        ("period_flow_ratio", [(17, 20), (50, 60), (200, 240)], "month"),
        ("period_flow_ratio", [(15, 19), (50, 60), (200, 240)], "quarter"),
        ("period_flow_ratio", [(4, 5), (15, 19), (60, 80)], "rolling_12m"),
        ("period_flow_ratio", [(1, 2), (2, 3), (8, 9)], "rolling_12m"),
        ("period_mean", [(1, 6), (1, 21), (1, 80)], "quarter"),
        ("period_flow_count", [(116, None), (353, None), (1442, None)], "month"),
        ("period_flow_count", [(19, None), (49, None), (168, None)], "quarter"),
        ("period_flow_count", [(0, None), (4, None), (14, None)], "rolling_12m"),
        ("snapshot_ratio", [(5, 6), (5, 6)], "month"),
        ("snapshot_count", [(3, None), (3, None)], "month"),
    ],
)
def test_the_shortest_that_rests_on_twenty_else_the_longest(
    row: Row, basis: str, figures: list[tuple[int, int | None]], expected: str
) -> None:
    shown = headline_of(about(row("assessments_within_45wd_pct"), basis, *figures))
    assert shown is not None and shown.figure.period_type == expected


def test_a_quarterly_set_has_no_months(row: Row) -> None:
    for basis in ("period_flow_ratio", "snapshot_count"):
        shown = headline_of(about(row("cl_neet_pct"), basis, (80, 90), (240, 270)), "quarter")
        assert shown is not None and shown.figure.period_type == "quarter"


def test_the_row_is_judged_by_the_figure_that_it_is_about(row: Row, edition: Edition) -> None:
    chosen = about(row("assessments_within_45wd_pct"), "period_flow_ratio", (4, 5), (50, 60))
    [shown] = with_headline_periods(replace(edition, rows=(chosen,))).rows
    assert shown.headline == chosen.judged[1].figure
    assert (shown.rag, shown.target) == ("quarter", 90)


def test_of_a_public_edition_only_what_may_be_shown_is_chosen(row: Row, edition: Edition) -> None:
    kept = about(row("cl_neet_pct"), "period_flow_ratio", (2, 30), (20, 90))
    before = replace(edition, rows=(kept,), improvements=(), further_improvements=())
    hidden = {kept.indicator_id: frozenset({place_of(kept.judged[0].figure)})}
    [public] = with_headline_periods(publishable(before, hidden)).rows
    assert public.headline is not None and public.headline.period_type == "quarter"
    [officers] = with_headline_periods(before).rows
    assert officers.headline is not None and officers.headline.period_type == "month"


def test_all_that_a_row_can_be_about_is_looked_at_before_it_is_made_public(row: Row) -> None:
    kept = about(row("cl_neet_pct"), "period_flow_ratio", (28, 30), (85, 90), (300, 400))
    kept = replace(kept, disclosure_class="child_attribute")
    places = {place_of(each.figure) for each in kept.judged}
    assert places <= set(figures_of(kept))
    assert place_of(kept.judged[1].figure) in hidden_figures([kept]).places[kept.indicator_id]


def test_official_figures_are_held_against_twelve_months(row: Row) -> None:
    kept = about(row("cl_neet_pct"), "period_flow_ratio", (28, 30), (85, 90), (300, 400))
    told = over_a_year(kept)
    assert told is not None and told.figure.denominator == 400
    assert over_a_year(about(kept, "snapshot_ratio", (28, 30))) is None
