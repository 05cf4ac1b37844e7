"""`make check ID=…` as the analyst uses it."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.commands import check_indicator
from orchestration.reference.tables import Reference
from orchestration.settings import PROJECT, settings

CHECK = "orchestration.commands.check_indicator"


def test_one_indicator_is_built_tested_and_its_last_periods_printed(whole_job: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", CHECK, "cl_neet_pct", "E06000005"],
        cwd=PROJECT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cl_neet_pct, E06000005" in done.stdout
    months, quarters = done.stdout.split("last 13 quarters")
    assert months.count("no_data") == 13
    assert "23.1" in quarters and "29.6" in quarters
    with duckdb.connect(str(settings.data / "check" / "check.duckdb"), read_only=True) as built:
        views = built.execute("select view_name from duckdb_views()").fetchall()
    extracts = {name for (name,) in views if name.startswith(("stg_ssd_", "stg_ext_"))}
    assert "stg_ssd_care_leavers" in extracts
    assert len(extracts) < 15, "what only other indicators are made of is not read"


def test_an_unknown_id_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_indicator.main(["referals_count"]) == 2
    assert "referrals_count" in capsys.readouterr().out


def test_reference_data_is_written_again_only_where_something_changed(
    reference: Reference, tmp_path: Path
) -> None:
    note = tmp_path / "reference.json"

    def written() -> dict[str, int]:
        assert reference.kept is not None
        return {file.name: file.stat().st_mtime_ns for file in reference.kept.glob("*.parquet")}

    def faults(day: date = reference.today) -> list[str]:
        return check_indicator.reference_faults(replace(reference, today=day), note)

    assert faults() == []
    before = written()
    assert len(before) > 20
    assert faults() == [] and written() == before
    # rows that somebody else wrote, another day, and another file are looked at again
    (reference.kept / "targets.parquet").unlink()
    assert faults() == [] and set(written()) == set(before)
    before = written()
    assert faults(reference.today + timedelta(days=1)) == [] and written() != before
    targets = reference.seeds / "reference" / "targets.csv"
    targets.write_text(targets.read_text(encoding="utf-8") + "no_such\n", encoding="utf-8")
    told = faults()
    assert any("targets.csv" in fault for fault in told)
    # what is wrong is told each time
    assert faults() == told
