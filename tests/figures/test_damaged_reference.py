"""Every file of reference data damaged at once: the mart is built all the same."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.reference.contract import File, reference_files
from orchestration.reference.tables import Reference
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.figures.small_mart import SmallMart

DARLINGTON = "E06000005"
MONTH = ("2026-02-01", "2026-02-28")
FIGURE = ("referrals_count", DARLINGTON, "month", *MONTH, 90, None, None)


def spoil_the_last_row(path: Path, file: File) -> None:
    if not file.is_parquet:
        lines = path.read_text(encoding="utf-8").splitlines()
        row = lines.pop() if len(lines) > 1 else "x"
        row += ",x" * (len(file.columns) + 1)
        path.write_text("\n".join([*lines, row, ""]), encoding="utf-8")
        return
    rows = pq.read_table(path).to_pylist()
    rows[-1]["value"] = None
    pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(path)), path)


def spoil_the_file(path: Path, _: File) -> None:
    path.write_bytes(b"\xff\xfe\x00\x9d\xff")


@pytest.mark.parametrize(
    ("spoil", "shown"),
    [(spoil_the_last_row, [(90, "ok")]), (spoil_the_file, [])],
    ids=["a row of each", "each as a whole, and no good copy stands in"],
)
def test_the_mart_is_built_over_damaged_reference_data(
    spoil: Callable[[Path, File], None],
    shown: list[tuple[int, str]],
    compiled: Compiled,
    tmp_path: Path,
) -> None:
    seeds = shutil.copytree(settings.seeds, tmp_path / "seeds")
    lines = {}
    for file in (file for file in reference_files().values() if not file.is_catalogue):
        spoil(seeds / file.path, file)
        lines[file.name] = (seeds / file.path).read_bytes().count(b"\n")
    reference = Reference(seeds, tmp_path / "kept")
    tables = reference.write()
    for name, table in ((name, tables[name]) for name in lines):
        named = {fault.row for fault in table.faults if fault.file == table.file.path}
        assert named, name
        if shown:
            assert named & {lines[name], len(table.rows) + len(table.left_out)}, name
        else:
            assert table.rows == (), name

    mart = SmallMart(replace(compiled, reference=tmp_path / "kept"))
    mart.send(FIGURE)
    mart.build()
    told = mart.ask(
        "select value::int, status from marts.kpi_monthly where indicator_id = ?"
        " and geography_code = ? and period_start = ?::date and breakdown = 'total'",
        *FIGURE[:2],
        FIGURE[3],
    )
    assert told == shown
