import csv
from datetime import date
from pathlib import Path
from random import Random

import pytest

from orchestration.reference.calendar import read_bank_holidays
from orchestration.reference.tables import Reference
from orchestration.sample_council.calendar import (
    Seasons,
    WorkingDays,
    add_months,
    clock_changes,
    full_years,
    month_ends,
)
from orchestration.settings import PROJECT

TRUTH = Path(__file__).parents[1] / "truth" / "working_days.csv"
HOLIDAYS = read_bank_holidays(Reference(PROJECT / "seeds"))


@pytest.fixture(scope="module")
def days() -> WorkingDays:
    return WorkingDays(HOLIDAYS, date(2018, 1, 1), date(2028, 12, 31))


def test_working_days_agree_with_the_cases_with_known_answers(days: WorkingDays) -> None:
    with TRUTH.open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    first, last, answer = list(cases[0])[:3]

    assert cases
    for case in cases:
        start, end = date.fromisoformat(case[first]), date.fromisoformat(case[last])
        assert days.between(start, end) == int(case[answer]), case


def test_adding_and_going_back_undo_each_other_over_easter(days: WorkingDays) -> None:
    thursday, tuesday = date(2019, 4, 18), date(2019, 4, 23)

    assert days.add(thursday, 1) == tuesday
    assert days.back(tuesday, 1) == thursday
    assert days.back(thursday, -1) == tuesday
    assert days.add(date(2019, 4, 20), 0) == date(2019, 4, 20)
    assert days.between(thursday, tuesday) == 1


def test_months_are_cut_to_their_last_day() -> None:
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months(date(2023, 10, 31), 1) == date(2023, 11, 30)
    assert month_ends(date(2023, 12, 5), date(2024, 2, 1)) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    assert full_years(date(2008, 3, 31), date(2026, 3, 30)) == 17


def test_clocks_change_on_the_last_sundays_of_march_and_october() -> None:
    assert clock_changes(date(2019, 4, 1), date(2020, 4, 1)) == [
        date(2019, 10, 27),
        date(2020, 3, 29),
    ]


def test_seasons_draw_inside_the_span_and_mostly_on_working_days() -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    seasons, rng = Seasons(HOLIDAYS, date(2023, 1, 1), date(2025, 12, 31)), Random(1)

    drawn = [seasons.pick(rng, first, last) for _ in range(4_000)]

    assert min(drawn) >= first
    assert max(drawn) <= last
    assert sum(day.weekday() > 4 or day in HOLIDAYS for day in drawn) < 200
    assert sum(day.month == 8 for day in drawn) < 0.85 * sum(day.month == 11 for day in drawn)
