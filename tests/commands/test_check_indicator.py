"""`make check ID=…` as the analyst uses it."""

import os
import subprocess
import sys

import pytest

from orchestration.commands import check_indicator
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
    assert (settings.data / "check" / "check.duckdb").exists()


def test_an_unknown_id_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_indicator.main(["referals_count"]) == 2
    assert "referrals_count" in capsys.readouterr().out
