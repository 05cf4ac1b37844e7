"""No arithmetic overflows on the earliest and latest dates, the longest times and the greatest
numbers that check-in lets through."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.contract.extracts import EXTRACTS, Column, Extract
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.oracle import INDICATORS

AS_AT = date(2026, 3, 31)
LAST_DAY = date(2099, 12, 31)


def extreme(column: Column, latest: bool) -> str | None:
    """SQL for the extreme cell of a column; None where only its form is ruled."""
    kind = {"date": "date", "datetime": "timestamp"}.get(column.type)
    if kind:
        # a time is the longest where what it is measured to is late and its beginning early
        first = AS_AT if column.not_before else column.earliest
        day = (AS_AT if column.own_date else LAST_DAY) if latest else first
        return f"cast('{day}' as {kind})"
    if column.type in ("integer", "decimal"):
        return str(column.maximum if latest or column.name != "denominator" else column.minimum)
    return None


def plant(extract: Extract, raw: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Make a tenth of the rows of each of an extract's files extreme, in two ways."""
    changed = {
        column.name: (extreme(column, latest=False), extreme(column, latest=True))
        for column in extract.stored_columns
        # which period a returned figure is of, and what reaches how far, is no measurement
        if extract.class_ not in ("manifest",) and not column.name.startswith("period_")
    }
    cells = ", ".join(
        f"case line_no % 20 when 3 then {one} when 13 then {other} else {name} end as {name}"
        for name, (one, other) in changed.items()
        if one is not None
    )
    if not cells:
        return
    for file in (raw / extract.name).glob("[0-9]*.parquet"):
        connection.execute(f"create or replace table rows as from read_parquet('{file}')")
        connection.execute(f"copy (select * replace ({cells}) from rows) to '{file}'")


@pytest.fixture(scope="module")
def figures(
    compiled: Compiled, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """Every model, built over the small sample with such rows in it."""
    raw = tmp_path_factory.mktemp("extremes") / "raw"
    shutil.copytree(settings.raw, raw)
    with duckdb.connect() as connection:
        for extract in EXTRACTS.values():
            plant(extract, raw, connection)
    built = compiled.over(raw).connect()
    compiled.over(raw).run(built)
    return built


def test_every_indicator_is_worked_out_from_the_extremes_of_the_contract(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    worked_out = {
        indicator
        for (indicator,) in figures.execute(
            "select indicator_id from figures.int_row_figures where numerator is not null"
            " or value is not null"
            # of what looks back along a chain that is open since 1990 the months are summed
            " union select indicator_id from figures.int_indicator_months"
        ).fetchall()
    }
    assert worked_out == {indicator.name for indicator in INDICATORS}
    [(hours,)] = figures.execute(
        "select max(numerator) from figures.int_indicator_events"
        " where indicator_id = 'missing_duration_median_hours'"
    ).fetchall()
    assert hours > 300_000, "a child missing since 1990"


def test_the_greatest_figures_that_may_be_returned_add_up(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    [(greatest,)] = figures.execute(
        "select max(numerator) from figures.int_current_figures where origin = 'returned'"
    ).fetchall()
    assert greatest >= 100_000_000
