"""The last day of a file that does not say it."""

from datetime import date

import pandas as pd
import pytest

from orchestration.deliveries.readers.last_day import last_day


@pytest.mark.parametrize(
    ("days", "saved_on", "expected"),
    [
        ("", "2026-04-02", None),
        ("2026-05-01", "2026-04-02", None),
        ("2026-03-30 2026-03-27", "2026-04-02", "2026-03-31"),
        ("2026-03-30T10:00:00 2026-03-27", "2026-04-02", "2026-03-31"),
        ("2026-03-30 2026-03-27", "2026-03-30", "2026-03-30"),
        ("2026-03-27 2026-03-26", "2026-04-02", "2026-03-27"),
        ("2026-02-30 2026-02-26", "2026-04-02", "2026-02-28"),
        ("2026-03-12 2025-12-03 2025-12-02", "2026-04-02", "2025-12-03"),
        ("2025-03-12 2024-12-03 2024-10-02 2023-01-01 2021-01-01", "2026-04-02", "2025-03-12"),
        ("2020-01-01", "2026-04-02", "2020-01-01"),
    ],
    ids=[
        "no day",
        "only after it was saved",
        "a month's end",
        "with a time",
        "saved before the month's end",
        "too long before the month's end",
        "no day of the calendar",
        "one mistyped",
        "few days far apart",
        "a single one",
    ],
)
def test_the_last_day(days: str, saved_on: str, expected: str | None) -> None:
    found = last_day([pd.Series(days.split(), dtype=object)], date.fromisoformat(saved_on))
    assert (found.isoformat() if found else None) == expected
