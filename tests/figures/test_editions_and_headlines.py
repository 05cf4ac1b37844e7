"""Which month is an area's newest edition, and which figure stands at the head of a row."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.figures.compiled import Compiled, build
from tests.figures.small_mart import SmallMart

PLANS_AHEAD, SENDS_YEARS, SENDS_QUARTERS = "E06000001", "E06000002", "E06000003"
SENDS_TO_DATE, MIXES = "E06000004", "E06000005"
SHARE, POSITION, COUNT = "assessments_within_45wd_pct", "cl_neet_pct", "referrals_count"
APRIL = date(2024, 4, 1)
YEAR = (APRIL, date(2025, 3, 31), None, None, 89.4)
FIGURES: tuple[tuple[Any, ...], ...] = (
    (SHARE, PLANS_AHEAD, "quarter", date(2025, 10, 1), date(2025, 12, 31), None, None, 88.0),
    # quarters until 2019, then years, beside a count by month
    (SHARE, SENDS_YEARS, "quarter", date(2019, 7, 1), date(2019, 9, 30), None, None, 73.8),
    (SHARE, SENDS_YEARS, "year", date(2023, 4, 1), date(2024, 3, 31), None, None, 86.0),
    (SHARE, SENDS_YEARS, "year", *YEAR),
    (COUNT, SENDS_YEARS, "month", date(2025, 9, 1), date(2025, 9, 30), 41, None, None),
    # a year and quarters after it
    (SHARE, SENDS_QUARTERS, "year", *YEAR),
    (SHARE, SENDS_QUARTERS, "quarter", date(2025, 4, 1), date(2025, 6, 30), None, None, 80.0),
    # a year and a quarter that end together
    (SHARE, MIXES, "year", *YEAR),
    (SHARE, MIXES, "quarter", date(2025, 1, 1), date(2025, 3, 31), None, None, 81.0),
    # the year so far
    (COUNT, SENDS_TO_DATE, "year_to_date", APRIL, date(2024, 6, 30), 30, None, None),
    (COUNT, SENDS_TO_DATE, "year_to_date", APRIL, date(2024, 11, 30), 80, None, None),
    (COUNT, SENDS_TO_DATE, "year_to_date", APRIL, date(2025, 3, 31), 120, None, None),
    (POSITION, SENDS_TO_DATE, "year_to_date", date(2025, 4, 1), date(2025, 12, 31), 21, 80, None),
    (POSITION, SENDS_TO_DATE, "year_to_date", date(2025, 4, 1), date(2026, 1, 31), 20, 80, None),
)
MEETING = {
    "meeting_id": "next",
    "geography_code": PLANS_AHEAD,
    "committee": "Scrutiny",
    "meeting_date": date(2026, 7, 7),
    "meeting_status": "planned",
    "figures_as_at": date(2026, 6, 30),
    "indicator_set": "all",
    "source": "made up",
}


@pytest.fixture(scope="module")
def mart(compiled: Compiled) -> Iterator[SmallMart]:
    mart = SmallMart(compiled)
    mart.seed("meetings", [MEETING])
    mart.send(*FIGURES)
    mart.build()
    yield mart
    mart.connection.close()


def headline(mart: SmallMart, council: str, indicator: str) -> tuple[Any, ...]:
    [row] = mart.ask(
        """
        select headline_period_type, headline_period_start, headline_period_end,
            cast(headline_value as double), is_last_reported
        from marts.kpi_dashboard
        where geography_code = ? and indicator_id = ? and is_newest
        """,
        council,
        indicator,
    )
    return row


def test_a_meeting_planned_for_a_month_without_figures_is_not_the_newest_edition(
    mart: SmallMart,
) -> None:
    editions = "select as_at, is_newest from figures.int_editions where geography_code = ?"
    assert sorted(mart.ask(editions, PLANS_AHEAD)) == [
        (date(2025, 12, 31), True),
        (date(2026, 6, 30), False),
    ]


def test_a_year_sent_after_old_quarters_is_the_headline_until_the_next_is_due(
    mart: SmallMart,
) -> None:
    year = ("financial_year", APRIL, date(2025, 3, 31), 89.4, False)
    assert headline(mart, SENDS_YEARS, SHARE) == year


def test_the_newest_period_is_the_headline_and_of_one_end_the_shortest(mart: SmallMart) -> None:
    newest = ("quarter", date(2025, 4, 1), date(2025, 6, 30), 80.0, False)
    assert headline(mart, SENDS_QUARTERS, SHARE) == newest
    assert headline(mart, MIXES, SHARE)[:4] == (
        "quarter",
        date(2025, 1, 1),
        date(2025, 3, 31),
        81.0,
    )


def test_the_year_so_far_of_what_is_counted_stands_there_and_for_the_same_days(
    mart: SmallMart,
) -> None:
    rows = """
        select period_type, period_start, period_end, cast(value as integer), origin
        from marts.{} where indicator_id = ? and geography_code = ? and value is not null
        order by period_type, period_end
    """
    assert mart.ask(rows.format("kpi_quarterly"), COUNT, SENDS_TO_DATE) == [
        ("quarter", APRIL, date(2024, 6, 30), 30, "rolled_up"),
        ("year_to_date", APRIL, date(2024, 6, 30), 30, "returned"),
        ("year_to_date", APRIL, date(2024, 11, 30), 80, "returned"),
        ("year_to_date", APRIL, date(2025, 3, 31), 120, "returned"),
    ]
    assert mart.ask(rows.format("kpi_yearly"), COUNT, SENDS_TO_DATE) == [
        ("financial_year", APRIL, date(2025, 3, 31), 120, "rolled_up")
    ]
    assert mart.ask(rows.format("kpi_monthly"), COUNT, SENDS_TO_DATE) == []


def test_the_year_so_far_of_a_position_is_the_position_of_its_last_day(mart: SmallMart) -> None:
    rows = mart.ask(
        """
        select period_type, period_end, cast(value as double) from marts.kpi_quarterly
        where indicator_id = ? and geography_code = ? and value is not null
        order by period_type, period_end
        """,
        POSITION,
        SENDS_TO_DATE,
    )
    assert rows == [
        ("quarter", date(2025, 12, 31), 26.25),
        ("year_to_date", date(2025, 12, 31), 26.25),
        ("year_to_date", date(2026, 1, 31), 25.0),
    ]
    so_far = ("year_to_date", date(2025, 4, 1), date(2026, 1, 31), 25.0, False)
    assert headline(mart, SENDS_TO_DATE, POSITION) == so_far


def test_the_calendar_goes_on_with_the_data_and_with_the_bank_holidays(mart: SmallMart) -> None:
    [(last_holiday,)] = mart.ask("select max(holiday_date) from reference.bank_holidays")
    later = last_holiday.year + 3
    month = (date(later, 4, 1), date(later, 4, 30))
    mart.send((COUNT, MIXES, "month", *month, 7, None, None, month[1]))
    mart.connection.execute(
        "insert into reference.bank_holidays values (?, 'New Year')", [date(later + 2, 1, 1)]
    )
    mart.build()
    assert headline(mart, MIXES, COUNT) == ("month", *month, 7.0, False)
    last_day = "select max(calendar_date) from intermediate.int_calendar"
    assert mart.ask(last_day) == [(date(later + 2, 12, 31),)]
    mart.connection.execute(
        "delete from reference.bank_holidays where holiday_date > ?", [last_holiday]
    )
    [calendar] = [model for model in mart.models if model.name == "int_calendar"]
    build(mart.connection, [calendar])
    assert mart.ask(last_day) == [(date(later + 1, 12, 31),)]
