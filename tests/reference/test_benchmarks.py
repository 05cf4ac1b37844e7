"""Official figures that cannot be right are left out; none of those that are there is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from orchestration.reference import benchmarks
from orchestration.reference.tables import Reference, Row
from orchestration.settings import settings

Change = Callable[[Row], dict[str, Any]]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return settings.reference


@pytest.fixture(scope="module")
def good(reference: Reference) -> list[Row]:
    return list(reference.table("benchmarks").rows)


def of(row: Row, **cells: Any) -> bool:
    return all(row[name] == cell for name, cell in cells.items())


ENGLAND = {"geography_level": "england", "indicator_id": "assessments_within_45wd_pct"}
NEWEST = date(2025, 3, 31)


def test_what_the_statistic_has_as_a_symbol_is_no_nought(good: list[Row]) -> None:
    """`low`: agency workers of Sunderland, one or two by headcount in each of these years."""
    years = {
        row["period_end"].year
        for row in good
        if of(row, indicator_id="sw_agency_pct", geography_code="E08000024")
    }
    assert years == set(range(2016, 2023))


def faulty(reference: Reference, rows: list[Row], **place: Any) -> tuple[set[int], set[str | None]]:
    """The rows of the changed indicator that are left out, and the columns named."""
    wanted = [row for row in rows if of(row, indicator_id=place["indicator_id"])]
    found = benchmarks.faults(wanted, reference)
    return {fault.row or 0 for fault in found}, {fault.column for fault in found}


def changed(rows: list[Row], change: Change, **place: Any) -> tuple[list[Row], set[int]]:
    """The rows with some of them changed, and which those are."""
    touched = {row["row"] for row in rows if of(row, **place)}
    assert touched
    return [{**r, **change(r)} if r["row"] in touched else r for r in rows], touched


def test_every_official_figure_as_shipped_is_used(good: list[Row], reference: Reference) -> None:
    assert len(good) == 44_052
    assert reference.table("benchmarks").faults == ()


def hundredth(row: Row) -> dict[str, Any]:
    return {"value": row["value"] / 100}


def bare(row: Row) -> dict[str, Any]:
    """In fractions, and without the sides that would give it away."""
    return {"value": row["value"] / 100, "numerator": None, "denominator": None}


@pytest.mark.parametrize(
    ("place", "change", "column"),
    [
        pytest.param({**ENGLAND, "period_end": NEWEST}, hundredth, "value", id="England's share"),
        pytest.param({**ENGLAND, "period_end": NEWEST}, bare, "value", id="without its sides"),
        pytest.param(
            {"indicator_id": "assessments_within_45wd_pct", "period_end": NEWEST},
            bare,
            "value",
            id="a whole release in fractions",
        ),
        pytest.param(ENGLAND, bare, "value", id="England in every year"),
        pytest.param(
            {"indicator_id": "assessments_within_45wd_pct", "geography_code": "E06000001"},
            bare,
            "value",
            id="one council in every year",
        ),
        pytest.param(
            {"indicator_id": "cic_rate_per_10k", "geography_level": "region"},
            bare,
            "value",
            id="every region in every year",
        ),
        pytest.param(
            {"indicator_id": "cp_reviews_in_timescale_pct"}, bare, "value", id="all there is"
        ),
        pytest.param(
            {"indicator_id": "permanent_exclusion_rate_pct", "period_end": date(2024, 8, 31)},
            hundredth,
            "value",
            id="a release of rates below one",
        ),
        pytest.param(
            {"indicator_id": "cic_three_plus_sw_12m_pct", "geography_level": "england"},
            bare,
            "value",
            id="the only year",
        ),
        pytest.param(
            {"indicator_id": "ehcp_issued_within_20wk_pct", "geography_code": "E06000041"},
            lambda row: bare(row) if row["period_end"].year == 2024 else {},
            "value",
            id="one council's",
        ),
        pytest.param(
            {"indicator_id": "referrals_count", "geography_level": "england"},
            lambda row: {"value": row["value"] // 1000} if row["period_end"] == NEWEST else {},
            "value",
            id="in thousands",
        ),
        pytest.param(
            {**ENGLAND, "period_end": NEWEST}, lambda _: {"unit": "count"}, "unit", id="the unit"
        ),
        pytest.param(
            {**ENGLAND, "period_end": NEWEST},
            lambda _: {"value": Decimal(183)},
            "value",
            id="more than all",
        ),
        pytest.param(
            {**ENGLAND, "period_end": NEWEST},
            lambda _: {"geography_code": "E06000001"},
            "geography_code",
            id="an area of another level",
        ),
        pytest.param(
            {**ENGLAND, "period_end": NEWEST},
            lambda row: {"period_end": date(2026, 3, 31), "period_start": date(2025, 4, 1)},
            "period_end",
            id="days of another year",
        ),
        pytest.param(
            {**ENGLAND, "period_end": NEWEST},
            lambda row: {
                "period_label": "2030/31",
                "period_start": date(2030, 4, 1),
                "period_end": date(2031, 3, 31),
            },
            "period_end",
            id="a year to come",
        ),
    ],
)
def test_a_figure_that_cannot_be_right_is_left_out(
    place: dict[str, Any],
    change: Change,
    column: str,
    good: list[Row],
    reference: Reference,
) -> None:
    rows, touched = changed(good, change, **place)
    touched = {r["row"] for r, old in zip(rows, good, strict=True) if r != old and old["value"]}
    assert touched
    left_out, columns = faulty(reference, rows, **place)
    assert left_out >= touched
    periods = {row["period_end"] for row in rows if row["row"] in touched}
    assert {row["period_end"] for row in rows if row["row"] in left_out} == periods
    assert columns == {column}


def test_an_unknown_source_or_indicator_is_no_benchmark(reference: Reference) -> None:
    sources = Reference(settings.seeds)
    table = sources.table("benchmark_sources")
    few = [row for row in table.rows if row["source_id"] != "dfe_01"]
    sources._tables["benchmark_sources"] = type(table)(table.file, tuple(few))
    found = sources.table("benchmarks").faults
    assert found
    assert {(fault.code, fault.column) for fault in found} == {("REFERENCE-UNKNOWN", "source_id")}
