"""What the release before wrote into a data folder still runs, and none of its history is lost.

`release_0_1_0.tar.xz` are `raw/` and `ledger/` as version 0.1.0 left them: 40 made-up children of
the sample council, four extracts, a delivery of February and one of March 2026.
"""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.deliveries.in_use import write_in_use
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.accepted_rows import require_intact
from orchestration.deliveries.ledger.ledger import newest_accepted_month, newest_receipt_time
from orchestration.mart.figures_ledger import make_figures_ledger, note_inputs, record_figures
from orchestration.settings import PROJECT, settings
from tests.figures.compiled import Compiled

RELEASE = Path(__file__).with_name("release_0_1_0.tar.xz")
FIGURES = """
    select
        indicator_id, geography_code, period_type, period_start, period_end, breakdown,
        breakdown_value, numerator::decimal(18, 6), denominator::decimal(18, 6),
        value::decimal(18, 6)
    from {} order by all
"""
# an outcome that cannot be read counted as no referral then, and leaves the share since
COUNTED_OTHERWISE = "contacts_to_referral_pct"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The data folder of before, as a run of today finds it."""
    shutil.unpack_archive(RELEASE, tmp_path, filter="data")
    return Paths(*(tmp_path / name for name in ("incoming", "raw", "quarantine", "ledger")))


def build(compiled: Compiled, paths: Paths, file: Path) -> None:
    """What the job does before its checks, with the models that this code compiled."""
    write_in_use(paths)
    require_intact(paths)
    ledger = paths.ledger / "figures"
    make_figures_ledger(ledger)
    there, here = str(settings.figures_ledger), str(ledger)
    models = compiled.over(paths.raw)
    for reader in ("stg_figures_ledger", "stg_build_inputs"):
        models = models.changed(reader, there, here)
    file.unlink(missing_ok=True)
    with models.connect(str(file)) as connection:
        models.run(connection, ["int_figures", "fct_restatement", "int_moved_figures"])


def record(paths: Paths, file: Path) -> int:
    said = (newest_receipt_time(paths), newest_accepted_month(paths), "0123456789ab")
    return record_figures(file, paths.ledger / "figures", *said).figures


def ask(file: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as mart:
        return mart.sql(query).fetchall()


def test_rows_receipts_and_figures_of_the_release_before_are_read(
    compiled: Compiled, paths: Paths, tmp_path: Path
) -> None:
    old = paths.ledger / "figures" / "1.parquet"
    of_before = duckdb.sql(FIGURES.format(f"'{old}'")).fetchall()
    assert len(of_before) > 800
    # the contract has grown since: by what the manifest may say, and say by an optional column
    manifest = paths.empty_file("extract_manifest")
    assert "data_from" not in duckdb.read_parquet(str(manifest)).columns
    people = paths.raw_file("ssd_person", "2026-03")
    rows = duckdb.sql(f"select * exclude (pers_expected_dob) from '{people}'").to_arrow_table()
    pq.write_table(rows, people)

    build(compiled, paths, file := tmp_path / "build.duckdb")
    # nothing that was shown is lost or otherwise, whether its rows still tell it or not
    lost = set(of_before) - set(ask(file, FIGURES.format("figures.int_figures")))
    assert {indicator for indicator, *_ in lost} <= {COUNTED_OTHERWISE}
    origins = ask(file, "select distinct origin from figures.int_figures order by all")
    assert origins == [("remembered",), ("rows",)]
    causes = ask(file, "select distinct indicator_id, cause from marts.fct_restatement")
    assert causes == [(COUNTED_OTHERWISE, "definition_change")]
    assert ask(file, "select count(*) from figures.int_moved_figures") == [(0,)]

    # each is recorded once more, with what the ledger did not hold then
    assert record(paths, file) > 0
    build(compiled, paths, file)
    assert record(paths, file) == 0


def test_what_the_release_before_counted_otherwise_is_a_change_of_definition(
    compiled: Compiled, paths: Paths, tmp_path: Path
) -> None:
    ledger, file = paths.ledger / "figures", tmp_path / "build.duckdb"
    old = ledger / "1.parquet"
    # more of a month, which reads as a correction now, and less of another, as a late record
    duckdb.sql(
        f"""
        copy (
            select * exclude (other)
                replace (numerator + other as numerator, value + other as value)
            from (
                select *, case
                    when indicator_id <> 'referrals_count' or period_type <> 'month' then 0
                    when period_end = '2026-03-31' then 1
                    when period_end = '2026-02-28' then -1
                    else 0
                end as other
                from '{old}'
            )
        ) to '{tmp_path / "otherwise.parquet"}' (format parquet)
        """
    )
    (tmp_path / "otherwise.parquet").replace(old)
    upgraded, later = (datetime(2026, 12, day, 9, tzinfo=UTC) for day in (1, 2))
    make_figures_ledger(ledger)
    told = (
        "select indicator_id, period_end::varchar, (value - published_value)::int, cause,"
        f" restated_at::varchar from marts.fct_restatement"
        f" where indicator_id <> '{COUNTED_OTHERWISE}' order by all"
    )
    expected = [
        ("referrals_count", "2026-02-28", 1, "definition_change", "2026-12-01 09:00:00"),
        ("referrals_count", "2026-03-31", -1, "definition_change", "2026-12-01 09:00:00"),
    ]
    for moment in (upgraded, later):
        note_inputs(ledger, "the code of today", moment)
        build(compiled, paths, file)
        assert ask(file, told) == expected
        record(paths, file)


def test_the_engineers_command_leaves_out_what_began_before_the_day(
    paths: Paths, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    paths.ledger.rename(tmp_path / "data" / "ledger")
    page = (PROJECT / "docs" / "engineer.md").read_text(encoding="utf-8")
    [script] = re.findall(r'-c "(.*standing\.parquet.*)"\n', page)
    script = script.replace('\\"', '"')
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    held = f"'{tmp_path}/data/ledger/figures/*.parquet'"
    left = f"'{tmp_path}/data/ledger/standing.parquet'"
    before = f"from {held} where period_start < '2024-04-01' and origin = 'rows' and not kept"
    assert duckdb.sql(f"select count(*) > 100 {before}").fetchall() == [(True,)]
    assert duckdb.sql(f"(from {held} except ({before})) except from {left}").fetchall() == []
    assert duckdb.sql(f"from {left} except (from {held} except ({before}))").fetchall() == []
