"""A check-in that is killed leaves each file whole in ledger and archive, or not at all."""

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.rows import archive
from orchestration.settings import PROJECT
from tests.deliveries.conftest import read_rows
from tests.deliveries.killed_check_in import EXTRACTS, council_in, deliver


def begin(data: Path, number: int) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.deliveries.killed_check_in", str(data), str(number)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "begun\n"
    return process


def assert_whole(paths: Paths) -> None:
    """Receipts can be read; what the newest accepted one names is what lies in the archive, or
    newer rows do whose receipt was not written any more."""
    receipts = ledger.read_receipts(paths)
    with duckdb.connect(":memory:") as connection:
        for extract in EXTRACTS:
            file = paths.raw_file(extract, "2026-03")
            known = {r.sha256 for r in receipts if r.extract == extract}
            if not file.exists():
                assert not known
                continue
            stamp = archive.delivered_sha256(connection, file)
            delivered = paths.incoming / "2026-03" / f"{extract}.csv"
            newest = hashlib.sha256(delivered.read_bytes()).hexdigest()
            assert stamp in known | {newest}
            [(rows,)] = read_rows(file, "count(*)")
            assert rows >= 300


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.soak)])
def test_killed_check_ins_leave_nothing_torn_and_the_next_one_succeeds(
    kills: int, tmp_path: Path
) -> None:
    chance, killed = random.Random(kills), 0
    for number in range(kills):
        process = begin(tmp_path, number)
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        killed += process.wait() != 0
        assert process.stdout
        process.stdout.close()
        assert_whole(council_in(tmp_path, number).paths)
        if number % 3 == 2:
            # progress: what was interrupted is checked in by the next one
            council = council_in(tmp_path, number)
            receipts = council.check_in()
            assert {receipts[name].outcome for name in EXTRACTS} <= {"accepted", "unchanged"}
            assert len(council.rows("ssd_person")) == receipts["ssd_person"].loaded
    assert killed >= kills // 3, "many of them were still at work"


def test_the_next_check_in_takes_what_was_interrupted(tmp_path: Path) -> None:
    council = council_in(tmp_path, 1)
    deliver(council, 1)
    first = council.check_in()
    assert {first[name].outcome for name in EXTRACTS} == {"accepted"}
    process = begin(tmp_path, 2)
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()
    second = council_in(tmp_path, 2).check_in()
    assert {second[name].outcome for name in EXTRACTS} <= {"accepted", "unchanged"}
    assert second["ssd_person"].rows_in_file == 302
