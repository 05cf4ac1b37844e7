"""Councils that change their code, and councils that others take the place of."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from orchestration.editions.series import month_end
from tests.figures.compiled import Compiled
from tests.figures.small_mart import SmallMart

COUNT, SHARE = "referrals_count", "assessments_within_45wd_pct"
SHEFFIELD, UNTIL_2025 = "E08000039", "E08000019"
NORTHAMPTONSHIRE, NORTH = "E10000021", "E06000061"
MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)


def month(code: str, end: date, number: int, delivered: date) -> tuple[Any, ...]:
    return (COUNT, code, "month", end.replace(day=1), end, number, None, None, delivered)


def months(code: str, first: date, numbers: range, delivered: date) -> list[tuple[Any, ...]]:
    return [month(code, month_end(first, n), number, delivered) for n, number in enumerate(numbers)]


FIRST = date(2024, 3, 31)
FIGURES = (
    # the history under the code of the time, sent in March; then that of today, in April
    *months(UNTIL_2025, FIRST, range(400, 413), MARCH),
    *months(SHEFFIELD, month_end(FIRST, 12), range(412, 414), APRIL),
    # a council and one of the two that took its place
    *months(NORTHAMPTONSHIRE, date(2020, 10, 31), range(700, 706), MARCH),
    *months(NORTH, date(2021, 4, 30), range(300, 303), MARCH),
    # of one month under both codes today's stands
    month("E08000016", date(2024, 6, 30), 50, MARCH),
    month("E08000038", date(2024, 6, 30), 51, MARCH),
)
RECORDED = {
    "indicator_id": COUNT,
    "geography_code": UNTIL_2025,
    "period_type": "month",
    "period_start": date(2025, 1, 1),
    "period_end": date(2025, 1, 31),
    "breakdown": "total",
    "breakdown_value": "total",
    "numerator": 410,
    "value": 410,
    "origin": "returned",
    "is_provisional": False,
    "recorded_at": date(2025, 2, 3),
    "delivery_month": "2025-01",
    "record_no": 1,
    "kept": False,
}


@pytest.fixture(scope="module")
def mart(compiled: Compiled) -> Iterator[SmallMart]:
    mart = SmallMart(compiled)
    mart.seed("meetings", ())
    mart.send(*FIGURES)
    mart.record(RECORDED)
    mart.build()
    yield mart
    mart.connection.close()


def test_a_council_is_one_series_under_its_old_and_its_new_code(mart: SmallMart) -> None:
    series = mart.ask(
        """
        select period_end, cast(value as integer) from marts.kpi_monthly
        where indicator_id = ? and geography_code = ? and value is not null order by period_end
        """,
        COUNT,
        SHEFFIELD,
    )
    assert series == [(month_end(FIRST, n), 400 + n) for n in range(14)]
    [(previous, year_ago)] = mart.ask(
        "select cast(previous_value as integer), cast(year_ago_value as integer)"
        " from marts.kpi_monthly where indicator_id = ? and geography_code = ? and period_end = ?",
        COUNT,
        SHEFFIELD,
        APRIL,
    )
    assert (previous, year_ago) == (412, 401)
    year = mart.ask(
        "select cast(value as integer) from marts.kpi_yearly where indicator_id = ?"
        " and geography_code = ? and period_type = 'rolling_12m' and period_end = ?",
        COUNT,
        SHEFFIELD,
        APRIL,
    )
    assert year == [(sum(range(402, 414)),)]
    assert mart.ask("select as_at from figures.int_editions where geography_code = ?", SHEFFIELD)
    for table in ("kpi_monthly", "kpi_dashboard", "kpi_benchmarks", "dim_geography"):
        codes = f"select count(*) from marts.{table} where geography_code = ?"
        assert mart.ask(codes, UNTIL_2025) == [(0,)]


def test_of_one_month_under_both_codes_todays_stands(mart: SmallMart) -> None:
    figures = mart.ask(
        "select cast(value as integer) from marts.kpi_monthly where indicator_id = ?"
        " and geography_code = 'E08000038' and value is not null",
        COUNT,
    )
    assert figures == [(51,)]


def test_what_was_recorded_under_the_old_code_is_not_told_anew(mart: SmallMart) -> None:
    recorded = "select geography_code, is_newest from staging.stg_figures_ledger"
    assert mart.ask(recorded) == [(SHEFFIELD, True)]
    assert mart.ask("select count(*) from marts.fct_restatement") == [(0,)]


def test_targets_neighbours_and_benchmarks_join_across_the_change(mart: SmallMart) -> None:
    areas = mart.ask(
        """
        select period_label, areas_present from marts.kpi_benchmarks
        where geography_code = ? and indicator_id = ? and comparator = 'statistical_neighbours'
            and neighbour_model = 'DfE May 2025' and period_end = date '2025-03-31'
        """,
        SHEFFIELD,
        SHARE,
    )
    assert areas == [("2024/25 financial year", 10)]
    # Barnsley is a neighbour by its former code, and has figures by it
    named = mart.ask(
        "select count(*) from marts.kpi_benchmarks where areas_left_out like '%Barnsley%'"
        " and indicator_id = ?",
        SHARE,
    )
    assert named == [(0,)]


def test_a_council_that_was_split_keeps_its_last_edition(mart: SmallMart) -> None:
    editions = "select as_at, is_newest from figures.int_editions where geography_code = ?"
    assert mart.ask(editions, NORTHAMPTONSHIRE) == [(date(2021, 3, 31), True)]
    ended = "select valid_to, successors from marts.dim_geography where geography_code = ?"
    assert mart.ask(ended, NORTHAMPTONSHIRE) == [
        (date(2021, 3, 31), "North Northamptonshire; West Northamptonshire")
    ]


def test_the_new_councils_begin_without_a_year_before(mart: SmallMart) -> None:
    figures = mart.ask(
        """
        select period_end, cast(value as integer), cast(previous_value as integer), year_ago_value
        from marts.kpi_monthly
        where indicator_id = ? and geography_code = ? and value is not null order by period_end
        """,
        COUNT,
        NORTH,
    )
    assert figures == [
        (date(2021, 4, 30), 300, None, None),
        (date(2021, 5, 31), 301, 300, None),
        (date(2021, 6, 30), 302, 301, None),
    ]
    begun = "select valid_from, predecessors from marts.dim_geography where geography_code = ?"
    assert mart.ask(begun, NORTH) == [(date(2021, 4, 1), "Northamptonshire")]


def test_a_neighbour_mean_names_the_neighbours_that_it_leaves_out(mart: SmallMart) -> None:
    [(present, left_out)] = mart.ask(
        """
        select areas_present, areas_left_out from marts.kpi_benchmarks
        where geography_code = 'E10000024' and indicator_id = 'cic_rate_per_10k'
            and comparator = 'statistical_neighbours' and neighbour_model = 'DfE April 2021'
            and period_end = date '2024-03-31'
        """
    )
    assert (present, left_out) == (9, "Cumbria (abolished)")
