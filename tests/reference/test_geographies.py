"""An area is the same one under every code that it has or had."""

import csv
from pathlib import Path

import duckdb
import pytest

from orchestration.alerting.routing import read_routes
from orchestration.mart.figures_ledger import make_figures_ledger, record_figures
from orchestration.packs.meetings import portfolios_in_force, read_meetings
from orchestration.reference.calendar import month_end
from orchestration.reference.edition_requests import (
    EditionError,
    EditionRequest,
    requested_editions,
)
from orchestration.reference.geographies import (
    codes_of,
    former_codes,
    read_geographies,
    read_row_level_council,
)
from orchestration.reference.tables import Reference

SHEFFIELD, UNTIL_2025 = "E08000039", "E08000019"


def add(reference: Reference, file: str, *rows: dict[str, str]) -> None:
    """Add rows to a file of the copy."""
    path = reference.seeds / file
    with path.open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, names, restval="", lineterminator="\n").writerows(rows)


def test_every_code_since_2012_is_known_and_leads_to_that_of_today(reference: Reference) -> None:
    assert former_codes(reference) == {
        "E06000048": "E06000057",  # Northumberland
        "E08000020": "E08000037",  # Gateshead
        "E10000002": "E06000060",  # Buckinghamshire
        "E10000023": "E06000065",  # North Yorkshire
        "E10000027": "E06000066",  # Somerset
        "E08000016": "E08000038",  # Barnsley
        "E08000019": "E08000039",  # Sheffield
    }
    known = read_geographies(reference).todays
    for ended in ("E10000009", "E06000028", "E06000029", "E10000021", "E10000006"):
        assert known[ended] == ended, "others took its place: it is none of them"
    assert codes_of(reference, UNTIL_2025) == {SHEFFIELD, UNTIL_2025}


@pytest.mark.parametrize("code", [SHEFFIELD, UNTIL_2025, " e08000019 "])
def test_an_edition_is_asked_for_by_any_code(reference: Reference, code: str) -> None:
    asked = requested_editions(code, "2025-04", reference)
    assert asked == [EditionRequest(SHEFFIELD, month_end("2025-04"))]


def test_an_unknown_council_is_refused_before_anything_is_built(reference: Reference) -> None:
    with pytest.raises(EditionError, match=r"authorities\.csv"):
        requested_editions("E08009999", "", reference)


def test_every_file_may_name_a_council_by_a_former_code(reference: Reference) -> None:
    old = {"geography_code": UNTIL_2025}
    row_level = reference.seeds / "reference" / "row_level_council.csv"
    row_level.write_text(f"geography_code\n{UNTIL_2025}\n", encoding="utf-8")
    target = {
        "indicator_id": "cic_count", "valid_from": "2024-04-01", "target": "600",
        "tolerance": "10", "target_kind": "internal", "target_status": "agreed",
        "target_source": "made up",
    }  # fmt: skip
    add(reference, "reference/targets.csv", old | target)
    meeting = {
        "meeting_id": "sheffield-next", "committee": "Scrutiny", "meeting_date": "2027-01-12",
        "meeting_status": "planned", "indicator_set": "all", "source": "made up",
    }  # fmt: skip
    add(reference, "reference/meetings.csv", old | meeting)
    portfolio = {
        "dashboard_no": "1", "portfolio": "Education", "valid_from": "2024-05-01",
        "source": "made up",
    }  # fmt: skip
    add(reference, "reference/portfolios.csv", old | portfolio)
    add(reference, "editions.csv", old)
    route = {"dashboard_no": "1", "owner": "the director", "address": "a.person@council.example"}
    add(reference, "alerts/routing.csv", old | route)

    assert read_row_level_council(reference) == SHEFFIELD
    assert SHEFFIELD in reference.table("targets").column("geography_code")
    assert [each.geography_code for each in read_meetings(reference)][-1] == SHEFFIELD
    day = read_meetings(reference)[-1].meeting_date
    assert portfolios_in_force(reference, SHEFFIELD, day) == {1: "Education"}
    assert EditionRequest(SHEFFIELD, None) in requested_editions("", "", reference)
    assert SHEFFIELD in {route.geography_code for route in read_routes(reference)}
    for name in ("row_level_council", "targets", "meetings", "portfolios", "editions", "routing"):
        assert reference.table(name).is_right, reference.table(name).faults


def test_one_benchmark_of_an_unknown_area_is_left_out_and_named(reference: Reference) -> None:
    whole = len(reference.table("benchmarks").rows)
    file = reference.seeds / "benchmarks" / "benchmarks.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table rows as from '{file}'")
        # next year's file: a code of today, one that nobody knows, and one row under both codes
        connection.execute(
            """
            insert into rows select * replace ('E06999999' as geography_code) from rows
            where geography_code = 'E06000001' limit 1
            """
        )
        connection.execute(
            """
            update rows set geography_code = 'E08000039'
            where geography_code = 'E08000019' and period_end >= date '2024-01-01'
            """
        )
        connection.execute(f"copy rows to '{file}' (format parquet)")
    again = Reference(reference.seeds, reference.kept, reference.today)
    benchmarks = again.table("benchmarks")
    assert len(benchmarks.rows) == whole
    assert len(benchmarks.left_out) == 1
    [fault] = benchmarks.faults
    assert "geography_code" in str(fault) and "E06999999" not in str(fault)
    assert UNTIL_2025 not in benchmarks.column("geography_code")


def test_a_figure_recorded_under_a_former_code_is_known_and_not_recorded_again(
    tmp_path: Path,
) -> None:
    build, ledger = tmp_path / "build.duckdb", tmp_path / "ledger"
    with duckdb.connect(str(build)) as connection:
        connection.execute(
            f"""
            create schema figures;
            create schema staging;
            create table staging.stg_area_codes (any_code varchar, geography_code varchar);
            create table figures.int_current_figures as
            select 'cic_count' as indicator_id, '{UNTIL_2025}' as geography_code,
                'month' as period_type, date '2025-03-01' as period_start,
                date '2025-03-31' as period_end, 'total' as breakdown, 'total' as breakdown_value,
                612 as numerator, null as denominator, 612 as value, null as month_end_mean,
                'rows' as origin, false as is_provisional, 'a' as definition,
                null as numerator_squares, timestamp '2025-04-03 06:00:00' as received_at
            """
        )
    make_figures_ledger(ledger)
    said = ("2025-04-03T06:00:00+00:00", "2025-03", "0123456789ab")
    assert record_figures(build, ledger, *said).figures == 1
    with duckdb.connect(str(build)) as connection:
        connection.execute(f"update figures.int_current_figures set geography_code = '{SHEFFIELD}'")
        connection.execute(
            f"insert into staging.stg_area_codes values ('{UNTIL_2025}', '{SHEFFIELD}')"
        )
    assert record_figures(build, ledger, *said).figures == 0
