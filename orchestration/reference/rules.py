"""Rules of single files that take more than one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, timedelta

from orchestration.reference import benchmarks
from orchestration.reference.contract import File
from orchestration.reference.faults import Fault
from orchestration.reference.table import Known, Row

FIRST_YEAR_OF_HOLIDAYS = 2012
"""Deliveries are taken from April 2012 on."""

HOLIDAYS_A_YEAR = 8
"""New Year's Day, Good Friday, Easter Monday, two in May, one in August, Christmas and Boxing Day:
a year has eight bank holidays in England, and more only by proclamation."""

MORE_HOLIDAYS = {2012: 9, 2022: 10, 2023: 9}
"""Years with days by proclamation: two jubilees, a state funeral and a coronation (GOV.UK, bank
holidays). Without them a day that is missing there would leave eight."""


def of_rows(file: File, rows: list[Row], reference: Known) -> list[Fault]:
    """Rows that break a rule of their file, each with the first that it breaks."""
    rule = _RULES.get(file.name)
    return rule(rows, reference) if rule else []


def of_the_whole_file(file: File, rows: Collection[Row]) -> list[Fault]:
    """Why a file that can be read is not to be used all the same."""
    if file.is_needed and not rows:
        what = "no row that can be used"
        return [Fault("REFERENCE-EMPTY", None, None, what, "at least one", "put the rows back")]
    return _years_without_holidays(rows) if file.name == "bank_holidays" else []


def of_its_end(file: File, rows: Collection[Row], today: date) -> list[Fault]:
    """The years that a file lacks at its end, of those that figures of today are of: a copy that
    lacks fewer is better than it, and it is better than none."""
    if file.name != "bank_holidays":
        return []
    last = max((row["holiday_date"].year for row in rows), default=FIRST_YEAR_OF_HOLIDAYS - 1)
    last_day = today.replace(day=1) - timedelta(days=1)
    years = range(last + 1, last_day.year + 1)
    return [_few_holidays(year, 0) for year in years]


def of_rows_that_lack(file: File, rows: Collection[Row]) -> list[Fault]:
    """What is missing in a file whose rows are used all the same."""
    return _few_neighbours(rows) if file.name == "statistical_neighbours" else []


def _rule(
    test: Callable[[Row], bool], column: str, found: str, expected: str
) -> Callable[[list[Row], Known], list[Fault]]:
    return lambda rows, _: [
        Fault("REFERENCE-RULE", row["row"], column, found, expected) for row in rows if test(row)
    ]


def _all(
    *rules: Callable[[list[Row], Known], list[Fault]],
) -> Callable[[list[Row], Known], list[Fault]]:
    return lambda rows, reference: [fault for rule in rules for fault in rule(rows, reference)]


def _targets(rows: list[Row], reference: Known) -> list[Fault]:
    faults = []
    for row in rows:
        indicator = reference.catalogue[row["indicator_id"]]
        if indicator.unit == "percent" and row["target"] > 100:
            what, wanted = "more than 100 per cent", "per cent from 0 to 100"
        elif indicator.unit == "percent" and indicator.polarity == "higher" and row["target"] <= 1:
            what, wanted = "it looks like a fraction", "per cent, 90 and not 0.9"
        elif (
            indicator.polarity == "lower"
            and 5 * row["tolerance"] > row["target"]
            and not row["tolerance_reason"]
        ):
            # 5 points on a target of at most 10 would call half as many again "nearly there"
            what, wanted = "a tolerance above a fifth of the target", "a tolerance_reason beside it"
        else:
            continue
        column = "tolerance" if "tolerance" in what else "target"
        faults.append(Fault("REFERENCE-RULE", row["row"], column, what, wanted))
    return faults


def _reasons(rows: list[Row], reference: Known) -> list[Fault]:
    compared = set(reference.table("benchmarks").column("indicator_id"))
    what, expected = "there is an official figure to compare with", "a reason where there is none"
    return [
        Fault("REFERENCE-RULE", row["row"], "indicator_id", what, expected)
        for row in rows
        if row["indicator_id"] in compared
    ]


def _official_data_sets(rows: list[Row], reference: Known) -> list[Fault]:
    return [
        Fault("REFERENCE-RULE", row["row"], "unit", "another unit than the indicator's", unit)
        for row in rows
        if row["unit"] != (unit := reference.catalogue[row["indicator_id"]].unit)
    ]


def _acknowledged(rows: list[Row], reference: Known) -> list[Fault]:
    return [
        Fault("REFERENCE-RULE", row["row"], "acknowledged_on", "a day to come", "a day until today")
        for row in rows
        if row["acknowledged_on"] > reference.today
    ]


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


_RULES: dict[str, Callable[[list[Row], Known], list[Fault]]] = {
    "authorities": _all(
        _rule(
            lambda row: (row["authority_status"] == "historic") != bool(row["valid_to"]),
            *("valid_to", "it does not fit authority_status", "a last day for a historic one only"),
        ),
        _rule(
            lambda row: (row["authority_status"] == "historic") != bool(row["successor_codes"]),
            *(
                "successor_codes",
                "it does not fit authority_status",
                "those of a historic one",
            ),
        ),
        _rule(
            lambda row: (
                (row["authority_status"] == "synthetic")
                != row["geography_name"].endswith("(synthetic sample data)")
            ),
            *("geography_name", "it does not fit authority_status", "a made-up council's says so"),
        ),
    ),
    "row_level_council": lambda rows, _: [
        Fault(
            "REFERENCE-RULE",
            row["row"],
            "geography_code",
            "one of several councils",
            "one council: with a second one every child would count for both",
        )
        for row in rows
        if len(rows) > 1
    ],
    "pool": _all(
        _rule(
            lambda row: bool(row["first_month"]) and row["first_month"].day != 1,
            *("first_month", "not the first day of a month", "a day as 2026-04-01"),
        ),
        _rule(
            lambda row: bool(row["last_month"]) and row["last_month"].day != 1,
            *("last_month", "not the first day of a month", "a day as 2026-04-01"),
        ),
        _rule(
            lambda row: (row["last_month"] or date.max) < (row["first_month"] or date.min),
            *("last_month", "before first_month", "after it"),
        ),
    ),
    "statistical_neighbours": _rule(
        lambda row: row["neighbour_code"] == row["geography_code"],
        *("neighbour_code", "the authority itself", "another authority"),
    ),
    "targets": _targets,
    "official_data_sets": _official_data_sets,
    "benchmarks": benchmarks.faults,
    "benchmark_reasons": _reasons,
    "meetings": _all(
        _rule(
            lambda row: bool(row["figures_as_at"]) and not _is_month_end(row["figures_as_at"]),
            *("figures_as_at", "not the last day of a month", "a month end before the meeting"),
        ),
        _rule(
            lambda row: bool(row["figures_as_at"]) and row["figures_as_at"] > row["meeting_date"],
            *("figures_as_at", "after the meeting", "a month end before the meeting"),
        ),
    ),
    "improvement_decisions": _rule(
        lambda row: bool(row["to_month"]) and row["to_month"] < row["from_month"],
        *("to_month", "before from_month", "after it"),
    ),
    "rebases": _rule(
        lambda row: row["from_month"].day != 1,
        *("from_month", "not the first day of a month", "a day as 2026-04-01"),
    ),
    "dashboard_names": _rule(
        lambda row: row["from_month"].day != 1,
        *("from_month", "not the first day of a month", "a day as 2026-04-01"),
    ),
    "acknowledged": _acknowledged,
}


def _years_without_holidays(rows: Collection[Row]) -> list[Fault]:
    days = [row["holiday_date"] for row in rows]
    # a day at a weekend takes no working day away: another one stands in for it
    counted = Counter(day.year for day in days if day.weekday() < 5)
    return [
        _few_holidays(year, counted[year])
        for year in range(FIRST_YEAR_OF_HOLIDAYS, max((day.year for day in days), default=0) + 1)
        if counted[year] < MORE_HOLIDAYS.get(year, HOLIDAYS_A_YEAR)
    ]


def _few_holidays(year: int, count: int) -> Fault:
    least = MORE_HOLIDAYS.get(year, HOLIDAYS_A_YEAR)
    return Fault(
        "REFERENCE-INCOMPLETE",
        None,
        "holiday_date",
        f"{count} bank holidays in {year}, without weekends",
        f"at least {least} in that year: the day that stands in for one at a weekend",
        "add the days that are missing",
    )


def _few_neighbours(rows: Collection[Row]) -> list[Fault]:
    """Authorities with fewer than ten neighbours: DfE names ten for each."""
    counted = Counter((row["neighbour_model"], row["geography_code"]) for row in rows)
    few = sum(count < 10 for count in counted.values())
    if not few:
        return []
    what = f"fewer than ten neighbours: {few} councils"
    return [Fault("REFERENCE-INCOMPLETE", None, "neighbour_rank", what, "ten for each council")]
