"""A check-in whose system calls fail, whose disk is full or whose memory runs out: each file is in
the ledger and in the archive whole, or not at all, and the next check-in succeeds."""

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from orchestration.deliveries.check_in import CheckInError
from orchestration.mart.figures_ledger import make_figures_ledger, record_figures
from orchestration.settings import PROJECT
from tests.deliveries.killed_check_in import EXTRACTS, council_in, deliver
from tests.deliveries.test_killed import assert_whole

CHANGING_CALLS = ("open", "fsync", "mkdir", "rename", "replace", "chmod", "unlink", "link")


@contextmanager
def failing(at: int) -> Iterator[Callable[[], bool]]:
    """The Nth call that changes the disk fails; yields whether there was an Nth."""
    made = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def calling(*arguments: Any, **options: Any) -> Any:
            nonlocal made
            made += 1
            if made == at:
                raise OSError(errno.EIO, "planted")
            return call(*arguments, **options)

        return calling

    with ExitStack() as stack:
        for name in CHANGING_CALLS:
            stack.enter_context(patch.object(os, name, counted(getattr(os, name))))
        yield lambda: made >= at


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.soak)])
def test_a_failure_of_any_system_call_leaves_files_whole(step: int, tmp_path: Path) -> None:
    failures = 0
    for at in count(1, step):
        data = tmp_path / str(at)
        deliver(first := council_in(data, 1), 1)
        first.check_in()
        deliver(council := council_in(data, 2), 2)
        with failing(at) as was_failing:
            try:
                council.check_in()
            except CheckInError as error:
                assert "CHECK-IN-FAILED" in str(error)
                failures += 1
            if not was_failing():
                break
        assert_whole(council.paths)
        receipts = council_in(data, 3).check_in()
        assert {receipts[name].outcome for name in EXTRACTS} <= {"accepted", "unchanged"}
        assert len(council.rows("ssd_person")) == 302
        assert not [path for path in data.rglob(".*.tmp")]
    assert failures > 90 // step


def test_a_full_disk_leaves_what_was_accepted(tmp_path: Path) -> None:
    deliver(first := council_in(tmp_path, 1), 1)
    first.check_in()
    before = first.rows("ssd_person")
    deliver(council := council_in(tmp_path, 2), 2)
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    failed = 0
    try:
        for size in (0, 100, 1_000, 3_000, 5_000, 8_000, 12_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
            try:
                receipts = council.check_in()
            except CheckInError as error:
                assert "CHECK-IN-FAILED" in str(error)
                failed += 1
            else:
                failed += any(receipts[name].outcome != "accepted" for name in EXTRACTS)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limits[0], limits[1]))
            assert_whole(council.paths)
            assert council.rows("ssd_person") == before or len(council.rows("ssd_person")) == 302
    finally:
        signal.signal(signal.SIGXFSZ, handler)
    assert failed > 2
    receipts = council.check_in()
    assert {receipts[name].outcome for name in EXTRACTS} <= {"accepted", "unchanged"}
    assert len(council.rows("ssd_person")) == 302


@pytest.mark.parametrize("megabytes", [200, 350, 500])
def test_too_little_memory_fails_cleanly(megabytes: int, tmp_path: Path) -> None:
    limit = megabytes * 2**20
    done = subprocess.run(
        [sys.executable, "-m", "tests.deliveries.killed_check_in", str(tmp_path), "1"],
        cwd=PROJECT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    if (tmp_path / "incoming").exists():
        assert_whole(council_in(tmp_path, 1).paths)
    deliver(council := council_in(tmp_path, 2), 2)
    receipts = council.check_in()
    assert {receipts[name].outcome for name in EXTRACTS} == {"accepted"}


def test_a_failure_of_any_system_call_leaves_the_figures_ledger_whole(tmp_path: Path) -> None:
    import duckdb

    build = tmp_path / "build.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute(
            """
            create schema figures;
            create schema staging;
            create table staging.stg_area_codes (any_code varchar, geography_code varchar);
            create table figures.int_current_figures as
            select 'referrals_count' as indicator_id, 'X06000001' as geography_code,
                'month' as period_type, date '2026-03-01' as period_start,
                date '2026-03-31' as period_end, 'total' as breakdown, 'total' as breakdown_value,
                12 as numerator, null as denominator, 12 as value, null as month_end_mean,
                'rows' as origin, false as is_provisional, 'a' as definition,
                null as numerator_squares, timestamp '2026-04-03 06:00:00' as received_at
            """
        )
    said = ("2026-04-03T06:00:00+00:00", "2026-03", "0123456789ab")
    failures = 0
    for at in count(1):
        ledger = tmp_path / str(at)
        with failing(at) as was_failing:
            try:
                make_figures_ledger(ledger)
                record_figures(build, ledger, *said)
            except OSError:
                failures += 1
            if not was_failing():
                break
        make_figures_ledger(ledger)
        assert record_figures(build, ledger, *said).figures in (0, 1)
        assert record_figures(build, ledger, *said).figures == 0
        names = ["0.parquet", "1.parquet", "inputs"]
        assert sorted(path.name for path in ledger.iterdir()) == names
        assert [path.name for path in (ledger / "inputs").iterdir()] == ["0.parquet"]
        with duckdb.connect() as connection:
            told = connection.sql(
                f"select numerator, recorded_at::varchar from '{ledger}/*.parquet'"
            )
            assert told.fetchall() == [(12, "2026-04-03 06:00:00")]
    assert failures > 5
