"""What a council sends to the body that pools: taken in as it is, and added up as its rows are."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.councils.figures import write_figures
from orchestration.councils.pool import Council
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.disclosure.publishable import is_hidden
from orchestration.editions.figures import figures_of
from orchestration.publication.last_run import FIGURES
from orchestration.region.sending import Sent, figures_to_send, files_to_send
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.figures.conftest import compiled
from tests.figures.councils import check_in
from tests.region.pool import SOUTH_EAST, built

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

__all__ = ["compiled"]
SAMPLE, MONTH = "X06000001", "2026-03"
ONE, OTHER = SOUTH_EAST[:2]
NOW = datetime(2026, 4, 3, 5, tzinfo=UTC)
# of children counted once and of medians nobody but the council can tell twelve months to any month
ROLLED = ("rolling_12m", "calendar_year", "year_to_date")


@pytest.fixture(scope="module")
def sent(whole_job: "ExecuteInProcessResult") -> Sent:
    assert whole_job.success
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as mart:
        told = figures_to_send(mart, SAMPLE, small_are_sent=True)
    assert told is not None
    return told


@pytest.fixture(scope="module")
def pooled(
    sent: Sent, compiled: Compiled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """Two councils pooled by their rows, and by what they send."""
    home = tmp_path_factory.mktemp("pool")
    pool = [Council(code, None, None, "sent") for code in (ONE, OTHER)]
    for code in (ONE, OTHER):
        folder = home / "rows" / "councils" / code
        folder.mkdir(parents=True)
        write_figures(settings.build_warehouse, SAMPLE, sent.as_at, folder / FIGURES)
        _called(folder / FIGURES, code)
        receive(replace(sent, geography_code=code), compiled, home / "sent" / "councils" / code)
    with (
        built(compiled, home / "rows", pool) as rows,
        built(compiled, home / "sent", pool) as returns,
    ):
        yield rows, returns


def _called(file: Path, code: str) -> None:
    """Figures under the code of another council."""
    told = duckdb.read_parquet(str(file)).project(f"* replace ('{code}' as geography_code)")
    told = told.to_arrow_table()
    assert told.num_rows > 10_000
    duckdb.from_arrow(told).write_parquet(str(file))


def receive(sent: Sent, compiled: Compiled, folder: Path) -> None:
    """What the receiving installation makes of a council's files: checked in and built."""
    paths = Paths(*(folder / part for part in ("incoming", "raw", "quarantine", "ledger")))
    month = paths.incoming / MONTH
    month.mkdir(parents=True)
    for name, content in files_to_send(sent, NOW).items():
        (month / name).write_bytes(content)
        os.utime(month / name, (NOW.timestamp(), NOW.timestamp()))
    check_in(paths)
    told = [each for each in read_receipts(paths) if each.outcome != "missing"]
    assert {each.extract: (each.outcome, each.codes) for each in told} == {
        "extract_manifest": ("accepted", ""),
        "indicator_returns": ("accepted", ""),
    }
    build = folder / "build.duckdb"
    with compiled.connect(str(build)) as connection:
        compiled.over(paths.raw).run(connection, ["int_figures", "int_definitions"])
    write_figures(build, sent.geography_code, sent.as_at, folder / FIGURES)


def test_two_councils_are_the_same_together_by_their_rows_and_by_what_they_send(
    pooled: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    by_rows, by_returns = pooled
    told = [
        {
            tuple(key): sides
            for *key, time_basis, sides in connection.execute(
                """
                select area_code, regions.pooled_id, period_type, indicators.time_basis,
                    [numerator, denominator, value]
                from marts.kpi_region as regions
                inner join staging.stg_indicators as indicators using (indicator_id)
                where breakdown = 'total' and status in ('ok', 'no_cases')
                """
            ).fetchall()
            if time_basis not in ("period_distinct_count",) or key[2] not in ROLLED
        }
        for connection in (by_rows, by_returns)
    ]
    both = told[0].keys() & told[1].keys()
    assert len(both) > 4_000
    differing = [key for key in both if told[0][key] != told[1][key]]
    assert differing == []
    # those that only rows give: years to date of positions' years and calendar years, which no
    # return has, and spans that begin before the first month that was sent
    only = [key for key in told[0].keys() - both if key[2] in ("month", "quarter")]
    assert only == []
    assert told[1].keys() <= told[0].keys()


def test_numbers_are_sent_with_their_denominators_and_medians_by_their_value(sent: Sent) -> None:
    files = files_to_send(sent, NOW)
    assert list(files) == ["indicator_returns.csv", "extract_manifest.csv"]
    rows = list(csv.DictReader(io.StringIO(files["indicator_returns.csv"].decode())))
    assert len(rows) == sent.count > 5_000
    units = {row.indicator_id: (row.unit, row.time_basis) for row in sent.rows}
    for row in rows:
        unit, basis = units[row["indicator_id"]]
        if basis == "period_median":
            assert row["value"] or row["denominator"] == "0"
        elif unit == "count":
            assert row["numerator"] and not row["denominator"]
        else:
            assert row["numerator"] and row["denominator"] and not row["value"]
    assert {row["source_note"] for row in rows} == {"", "may still change"}


def test_withheld_small_numbers_and_what_gives_them_away_are_not_in_the_file(
    sent: Sent, whole_job: "ExecuteInProcessResult"
) -> None:
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as mart:
        told = figures_to_send(mart, SAMPLE, small_are_sent=False)
    assert told is not None
    small = {
        (row.indicator_id, place)
        for row in sent.rows
        for place, figure in figures_of(row).items()
        if is_hidden(figure, row.unit, row.disclosure_class)
    }
    kept = {(each, place) for each, places in told.hidden.items() for place in places}
    assert small < kept
    assert 0 < len(kept) < 0.6 * sent.count
    lines = files_to_send(told, NOW)["indicator_returns.csv"].decode().splitlines()
    assert len(lines) - 1 == told.count == sent.count - len(kept)
    by_key = {tuple(line.split(",")[:5]) for line in lines}
    for indicator, place in small:
        if place[2] in ("month", "quarter"):
            assert not any(
                key[0] == indicator and key[2] == place[2] and key[4] == place[3].isoformat()
                for key in by_key
            )


def test_a_council_without_figures_sends_nothing(whole_job: "ExecuteInProcessResult") -> None:
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as mart:
        assert figures_to_send(mart, "E99999999", small_are_sent=True) is None
