"""Periods of official files are those that the figures which are there have."""

from datetime import date
from typing import Any

import pytest

from orchestration.official.periods import Period, period_of
from orchestration.official.versions import Version, due, in_order
from orchestration.settings import settings


def in_the_file(year_basis: str, end: date) -> tuple[str, str]:
    """How DfE's files tell such a period."""
    match year_basis:
        case "academic year":
            return f"{end.year - 1}{end.year % 100:02}", "Academic year"
        case "calendar year":
            return f"{end.year}", "Calendar year"
    return f"{end.year}", "Reporting year"


def test_every_period_that_is_there_is_told_by_its_year() -> None:
    rows = settings.reference.table("benchmarks").rows
    places = {
        (row["year_basis"], row["period_label"], row["period_start"], row["period_end"])
        for row in rows
    }
    assert len(places) > 60
    for basis, *period in places:
        assert period_of(basis, *in_the_file(basis, period[-1])) == Period(*period)


@pytest.mark.parametrize("told", ["", "24/25", "2024/25", "202426", "20245", "x"])
def test_what_is_no_year_is_none(told: str) -> None:
    with pytest.raises(ValueError):
        period_of("financial year", told, "Reporting year")


@pytest.mark.parametrize(
    "told",
    [
        ("financial year", "2025", "Calendar year"),
        ("academic year", "2025", "Reporting year"),
        ("calendar year", "202425", "Academic year"),
        ("January snapshot", "2025", "March"),
    ],
)
def test_another_kind_of_year_is_not_read(told: Any) -> None:
    assert period_of(*told) is None


def test_the_turn_of_the_century_is_a_year_too() -> None:
    period = period_of("academic year", "199900", "Academic year")
    assert period and period.end == date(2000, 8, 31)


def test_versions_go_by_their_numbers_and_the_newest_says_when_the_next_is_due() -> None:
    assert sorted(["1.10", "1.9", "2.0", "2.0.1"], key=in_order) == ["1.9", "1.10", "2.0", "2.0.1"]
    versions = [
        Version("1.0", True, date(2024, 2, 29), 1),
        Version("2.0", False, date(2025, 5, 1), 1),
    ]
    assert "expected about February 2025" in due(versions, "A statistic", date(2024, 3, 1))
    assert "may be out by now" in due(versions, "A statistic", date(2025, 3, 1))
    assert "not known" in due([], "A statistic", date(2025, 3, 1))
