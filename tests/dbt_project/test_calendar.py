"""Working days by the calendar of the warehouse: cases with known answers, and numpy."""

import csv
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from orchestration.settings import settings

TRUTH = Path(__file__).parent.parent / "truth" / "working_days.csv"


@pytest.fixture(scope="module")
def working_day_number(whole_job: object) -> dict[date, int]:
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as build:
        rows = build.sql(
            "select calendar_date, working_day_number from intermediate.int_calendar"
        ).fetchall()
    return {day: int(number) for day, number in rows}


def test_working_days_agree_with_the_known_cases(working_day_number: dict[date, int]) -> None:
    with TRUTH.open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    assert len(cases) == 15
    for case in cases:
        start, end = (date.fromisoformat(case[name]) for name in ("start_date", "end_date"))
        counted = working_day_number[end] - working_day_number[start]
        assert counted == int(case["working_days"]), case["why"]


def test_every_day_agrees_with_numpys_busday_count(working_day_number: dict[date, int]) -> None:
    with (settings.seeds / "reference" / "bank_holidays.csv").open(encoding="utf-8") as lines:
        holidays = [row["holiday_date"] for row in csv.DictReader(lines)]
    days = sorted(working_day_number)
    assert (days[0], days[-1]) == (date(1990, 1, 1), date(2028, 12, 31))
    starts = np.array(days, dtype="datetime64[D]")
    # busday_count counts [start, end); ours counts (start, end], so both move on by a day
    expected = np.busday_count(
        np.datetime64(days[0] + timedelta(days=1)), starts + 1, holidays=holidays
    )
    ours = np.array([working_day_number[day] - working_day_number[days[0]] for day in days])
    assert (ours == expected).all()
