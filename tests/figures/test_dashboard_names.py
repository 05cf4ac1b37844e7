"""A dashboard that is called otherwise from a month on: nothing is set against the time before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from orchestration.editions.series import month_end
from tests.figures.compiled import Compiled
from tests.figures.small_mart import SmallMart

EARLY_HELP, REFERRALS = "eh_referrals_count", "referrals_count"
COUNCIL, OTHER = "E06000005", "E06000041"
FIRST, MONTHS = date(2023, 4, 30), 36
CHANGED = date(2025, 10, 1)
RENAMED = {
    "geography_code": COUNCIL,
    "dashboard_no": 2,
    "from_month": CHANGED,
    "dashboard": "Family Help",
    "note": "Family Help since October 2025, Early Help before",
    "no_benchmark_reason": "The census covers a part of Family Help only.",
    "author": "the analyst",
    "decided_on": date(2025, 9, 1),
}


def months(indicator: str, council: str) -> list[tuple[Any, ...]]:
    """Twice as many each month in the last year as in the years before."""
    found = []
    for n in range(MONTHS):
        end, number = month_end(FIRST, n), 200 if n < 24 else 400
        start = end.replace(day=1)
        found.append((indicator, council, "month", start, end, number + n % 3, None, None))
    return found


@pytest.fixture(scope="module")
def mart(compiled: Compiled) -> Iterator[SmallMart]:
    mart = SmallMart(compiled, "kpi_trends", "kpi_areas_for_improvement")
    pairs = ((EARLY_HELP, COUNCIL), (REFERRALS, COUNCIL), (EARLY_HELP, OTHER))
    mart.send(*[row for pair in pairs for row in months(*pair)])
    mart.seed("dashboard_names", [RENAMED])
    mart.build()
    yield mart
    mart.connection.close()


def of_months(mart: SmallMart, columns: str, indicator: str, council: str) -> dict[date, Any]:
    rows = mart.ask(
        f"select period_end, {columns} from marts.kpi_monthly where indicator_id = ?"
        " and geography_code = ? and breakdown = 'total' and value is not null",
        indicator,
        council,
    )
    assert len(rows) == MONTHS
    return {end: told if len(told) > 1 else told[0] for end, *told in rows}


def test_an_edition_has_the_name_of_its_month(mart: SmallMart) -> None:
    query = """
        select as_at, dashboard, dashboard_note, benchmark_reason from marts.kpi_dashboard
        where indicator_id = ? and geography_code = ? order by as_at desc limit 1
    """
    [(as_at, name, note, reason)] = mart.ask(query, EARLY_HELP, COUNCIL)
    assert as_at > CHANGED
    assert (name, note) == (RENAMED["dashboard"], RENAMED["note"])
    assert reason == RENAMED["no_benchmark_reason"]
    [(_, name, note, reason)] = mart.ask(query, EARLY_HELP, OTHER)
    assert (name, note) == ("Early Help", None) and "voluntary" in reason
    [(_, name, note, _)] = mart.ask(query, REFERRALS, COUNCIL)
    assert (name, note) == ("Children's Social Care Front Door", None)


def test_no_change_reaches_over_the_break(mart: SmallMart) -> None:
    told = of_months(mart, "previous_change, year_ago_change", EARLY_HELP, COUNCIL)
    new = {end for end in told if end >= CHANGED}
    assert {end for end in new if told[end][0] is None} == {min(new)}
    assert all(told[end][1] is None for end in new)
    old = {end for end in told if month_end(FIRST, 12) <= end < CHANGED}
    assert all(None not in told[end] for end in old)
    for indicator, council in ((REFERRALS, COUNCIL), (EARLY_HELP, OTHER)):
        others = of_months(mart, "previous_change, year_ago_change", indicator, council)
        assert all(None not in others[end] for end in new)


def test_no_reason_for_want_of_a_benchmark_is_told_of_the_time_before(mart: SmallMart) -> None:
    told = of_months(mart, "benchmark_reason", EARLY_HELP, COUNCIL)
    for end, reason in told.items():
        assert ("voluntary" in reason) == (end < CHANGED)


def test_no_direction_reaches_over_the_break_and_limits_begin_anew(mart: SmallMart) -> None:
    query = """
        select period_end, year_on_year, latest_quarter, rebased_from, rebase_reason, limits_reason
        from marts.kpi_trends where indicator_id = ? and geography_code = ? order by period_end
    """
    ours = {end: told for end, *told in mart.ask(query, EARLY_HELP, COUNCIL)}
    for end, (year, quarter, since, reason, limits) in ours.items():
        if end >= CHANGED:
            assert (year, quarter) == (None, None)
            assert (since, reason) == (CHANGED, RENAMED["note"])
            assert "12 months" in limits
        else:
            assert since is None
    others = mart.ask(query, EARLY_HELP, OTHER)[-1]
    assert others[1] == "higher" and others[2] == "higher"
