"""Working days, month windows and ages at the edges that go wrong most often."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from .calendar import (
    add_months,
    elapsed_hours,
    full_years,
    in_window,
    is_open,
    month_end_before,
    working_days,
)
from .small_tables import HOLIDAYS

CALENDAR = working_days(frozenset(HOLIDAYS))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2019-04-12", "2019-04-29", 9, id="over Easter 2019"),
        pytest.param("2019-04-19", "2019-04-23", 1, id="from a bank holiday"),
        pytest.param("2019-03-01", "2019-04-12", 30, id="thirty days without a holiday"),
        pytest.param("2020-05-01", "2020-05-11", 5, id="the May holiday moved to VE day"),
        pytest.param("2020-05-07", "2020-05-11", 1, id="over VE day"),
        pytest.param("2022-09-16", "2022-09-20", 1, id="over the state funeral"),
        pytest.param("2023-04-28", "2023-05-09", 5, id="over May Day and the coronation"),
        pytest.param("2026-12-24", "2026-12-29", 1, id="over a substitute Boxing Day"),
        pytest.param("2019-06-03", "2019-06-03", 0, id="the same day"),
        pytest.param("2019-06-07", "2019-06-08", 0, id="to a Saturday"),
        pytest.param("2019-07-01", "2019-07-22", 15, id="a conference just in time"),
        pytest.param("2019-10-01", "2019-12-03", 45, id="an assessment just in time"),
        pytest.param("2019-10-01", "2019-12-04", 46, id="an assessment a day late"),
        pytest.param("2019-08-22", "2019-08-28", 3, id="an interview over a bank holiday"),
        pytest.param("2019-08-22", "2019-08-27", 2, id="two days over a bank holiday"),
        pytest.param("2019-06-04", "2019-06-03", None, id="backwards"),
    ],
)
def test_working_days_count_from_the_day_after_the_start(
    start: str, end: str, expected: int | None
) -> None:
    assert CALENDAR.between(d(start), d(end)) == expected


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2019-07-01", 10, "2019-07-15"),
        ("2019-07-12", 10, "2019-07-26"),
        ("2019-07-06", 1, "2019-07-08"),  # from a Saturday
        ("2019-04-18", 1, "2019-04-23"),  # over Easter
    ],
)
def test_adding_working_days_lands_on_a_working_day(start: str, number: int, expected: str) -> None:
    assert CALENDAR.after(d(start), number) == d(expected)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2020-02-29", -12, "2019-02-28"),
        ("2019-02-28", 12, "2020-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
    ],
)
def test_adding_months_keeps_the_day_where_the_month_has_it(
    day: str, months: int, expected: str
) -> None:
    assert add_months(d(day), months) == d(expected)


@pytest.mark.parametrize(
    ("day", "month_end", "inside"),
    [
        ("2025-03-31", "2026-03-31", False),
        ("2025-04-01", "2026-03-31", True),
        ("2026-03-31", "2026-03-31", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-03-01", "2025-02-28", True),
    ],
)
def test_a_window_runs_from_one_month_end_to_another(
    day: str, month_end: str, inside: bool
) -> None:
    assert in_window(d(day), d(month_end), 12) is inside


def test_the_month_end_before_is_the_last_day_of_that_month() -> None:
    assert month_end_before(d("2025-02-28"), 12) == d("2024-02-29")


def test_a_row_is_open_from_its_start_to_the_day_before_its_end() -> None:
    start, end = d("2026-03-01"), d("2026-03-31")
    assert is_open(start, end, start)
    assert is_open(start, end, d("2026-03-30"))
    assert not is_open(start, end, end)
    assert not is_open(start, start, start)


@pytest.mark.parametrize(
    ("day", "age"),
    [("2025-02-28", 4), ("2025-03-01", 5), ("2028-02-29", 8)],
)
def test_a_leap_day_birthday_is_passed_on_the_first_of_march(day: str, age: int) -> None:
    assert full_years(d("2020-02-29"), d(day)) == age


def test_a_night_when_the_clocks_change_has_its_real_hours() -> None:
    london = ZoneInfo("Europe/London")
    spring = datetime(2019, 3, 30, 22, tzinfo=london), datetime(2019, 3, 31, 6, tzinfo=london)
    autumn = datetime(2019, 10, 26, 22, tzinfo=london), datetime(2019, 10, 27, 6, tzinfo=london)
    assert elapsed_hours(*spring) == 7
    assert elapsed_hours(*autumn) == 9
