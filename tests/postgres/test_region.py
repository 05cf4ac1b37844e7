"""What a pool's councils are together, on PostgreSQL as on DuckDB."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.region.council_figures import gather
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.figures.conftest import compiled
from tests.postgres.loader import connect, load
from tests.postgres.server import running
from tests.region.pool import built, figures, members, write

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

pytestmark = pytest.mark.needs("initdb", "pg_ctl")
__all__ = ["compiled"]

TABLES = ("kpi_region", "kpi_region_councils")


def test_every_area_and_council_has_the_same_figures_on_both(
    whole_job: "ExecuteInProcessResult", compiled: Compiled, tmp_path: Path
) -> None:
    assert whole_job.success
    told = members()
    for each in told:
        rows = figures(each.geography_code, seed=9)
        write(tmp_path / "councils" / each.geography_code, rows)
    raw = tmp_path / "raw"
    gather(tmp_path / "councils", [each.geography_code for each in told], raw)
    for folder in settings.raw.iterdir():
        if not (raw / folder.name).exists():
            (raw / folder.name).symlink_to(folder)
    with built(compiled, tmp_path, told) as ours, running() as server:
        kept = settings.figures_ledger, settings.checked_reference
        load(server, raw, *kept, tmp_path)
        with closing(connect(server)) as opened, opened, opened.cursor() as cursor:
            for each in told:
                values = [*vars(each).values()]
                cursor.execute("insert into reference.pool values (%s, %s, %s, %s)", values)
        folders = {name: str(tmp_path / name) for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH")}
        wanted = [f"+{table}" for table in TABLES]
        options = ("--exclude-resource-type", "unit_test", "--indirect-selection", "buildable")
        done = subprocess.run(
            [
                *(Path(sys.executable).parent / "dbt", "--quiet", "build", "--target", "postgres"),
                *(*options, "--select", *wanted),
            ],
            cwd=settings.dbt_project,
            env=os.environ | server | folders,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        with closing(connect(server)) as opened, opened.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"select * from marts.{table} order by area_code, pooled_id, 3, 4")
                theirs = _rows([each[0] for each in cursor.description], cursor.fetchall())
                found = ours.execute(
                    f"select * from marts.{table} order by area_code, pooled_id, 3, 4"
                )
                names = [column[0] for column in found.description or ()]
                rows = _rows(names, found.fetchall())
                assert len(rows) > 400
                assert _differing(rows, theirs) == []


def _rows(names: list[str], rows: list[tuple[Any, ...]]) -> dict[tuple, dict[str, Any]]:
    told = [dict(zip(names, row, strict=True)) for row in rows]
    return {(row["area_code"], row["pooled_id"], row.get("geography_code")): row for row in told}


def _differing(ours: dict[tuple, dict[str, Any]], theirs: dict[tuple, dict[str, Any]]) -> list[Any]:
    """Rows that only one has, and cells that are not the same: numbers to a millionth."""
    found: list[Any] = [*(ours.keys() ^ theirs.keys())]
    for key in ours.keys() & theirs.keys():
        for name, mine in ours[key].items():
            other = theirs[key][name]
            is_number = mine is not None and other is not None and not isinstance(mine, str | bool)
            if is_number and hasattr(mine, "is_nan"):
                if abs(mine - other) > 2e-6:
                    found.append((key, name, mine, other))
            elif mine != other:
                found.append((key, name, mine, other))
    return found
