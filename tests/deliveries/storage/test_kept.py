"""What was fetched is checked in, outlives kills, and goes when it is old."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import by_extract
from orchestration.deliveries.sources.landing import look
from orchestration.deliveries.storage.access import Access
from orchestration.deliveries.storage.aging import remove_old_copies
from orchestration.reference.geographies import read_geographies
from orchestration.sample_council import fill
from orchestration.settings import PROJECT, settings
from tests.defs.conftest import install_beside
from tests.deliveries.conftest import CATALOGUE
from tests.deliveries.storage.servers import PASSWORD, SFTP, USER, Server
from tests.deliveries.storage.test_fetch import BIG, codes, fetched, here
from tests.privacy.scanner import scan

NOW = datetime(2026, 4, 3, 5, tzinfo=UTC)


def environment_of(access: Access) -> dict[str, str]:
    return {
        "KPI_INCOMING": access.url,
        "KPI_INCOMING_ENDPOINT": access.endpoint,
        "KPI_INCOMING_KNOWN_HOSTS": access.known_hosts,
        "KPI_INCOMING_PASSWORD": access.password,
        "AWS_ACCESS_KEY_ID": access.key_id,
        "AWS_SECRET_ACCESS_KEY": access.secret,
        "AWS_REGION": access.region,
    }


def test_a_fetch_that_is_killed_leaves_no_half_file_and_is_ended_by_the_next(
    server: Server, tmp_path: Path
) -> None:
    content = {f"2026-03/{number}.csv": BIG * 8 + bytes([number]) for number in range(3)}
    for path, each in content.items():
        server.put(path, each)
    server.failing.how = "slow"
    begun = False
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.deliveries.storage.killed_fetch", str(tmp_path)],
            cwd=PROJECT,
            env=os.environ | environment_of(server.access()),
            stdout=subprocess.PIPE,
        )
        with process:
            assert process.stdout and process.stdout.readline() == b"begun\n"
            until = time.monotonic() + 5
            while time.monotonic() < until and not any(tmp_path.glob("storage/parts/*")):
                time.sleep(0.02)
            time.sleep(random.uniform(0.1, 0.6))
            process.kill()
        begun = begun or any(tmp_path.glob("storage/parts/*"))
        found = here(tmp_path)
        assert {path: content[path] for path in found} == found
    assert begun
    server.failing.how = ""
    assert codes(fetched(server, tmp_path)) == []
    assert here(tmp_path) == content
    assert list((tmp_path / "storage" / "parts").iterdir()) == []


def delivered(server: Server, home: Path) -> Paths:
    """A council's files of a month on the server, as it drops them elsewhere."""
    fill(home / "made", last_month=date(2026, 3, 31), size=60, months=1)
    for each in sorted((home / "made" / "2026-03").iterdir()):
        server.put(f"2026-03/{each.name}", each.read_bytes())
    data = home / "data"
    return Paths(home / "storage" / "files", data / "raw", data / "quarantine", data / "ledger")


def checked_in(paths: Paths) -> dict[str, Any]:
    [receipts] = check_in_deliveries(
        ["2026-03"], ROW_LEVEL, CATALOGUE, read_geographies(settings.reference), paths, NOW
    ).values()
    return {each.extract: (each.outcome, each.loaded) for each in receipts}


def test_old_copies_go_and_are_not_fetched_again_as_new(server: Server, tmp_path: Path) -> None:
    paths = delivered(server, tmp_path)
    server.put("return of several years.xml", b"<nothing/>")
    assert codes(fetched(server, tmp_path)) == []
    first = checked_in(paths)
    count = sum(outcome == "accepted" for outcome, _ in first.values())
    assert count == len(list((tmp_path / "made" / "2026-03").iterdir())) > 40
    receipts, top = by_extract(paths), tmp_path / "storage"
    assert remove_old_copies(top, receipts, 30, NOW + timedelta(days=30)) == 0
    assert remove_old_copies(top, receipts, 30, NOW + timedelta(days=31)) == count + 1
    assert here(tmp_path) == {"2026-03/.removed": b""}
    server.reads.clear()
    assert fetched(server, tmp_path).new == [] and server.reads == []
    again = checked_in(paths)
    assert {name: loaded for name, (_, loaded) in again.items()} == {
        name: loaded for name, (_, loaded) in first.items()
    }
    server.put("2026-03/ssd_department.csv", b"dept_team_id,dept_team_name\n1,a\n", 1_775_000_009)
    fetched(server, tmp_path)
    wanted = {"2026-03/.removed", "2026-03/ssd_department.csv", "return of several years.xml"}
    assert set(here(tmp_path)) == wanted


def test_the_sensor_sees_a_file_once_it_has_stayed_the_same(server: Server, tmp_path: Path) -> None:
    paths, cursor, months = delivered(server, tmp_path), "", []
    for _ in range(3):
        assert fetched(server, tmp_path, seconds=40).is_whole
        seen = look(paths, EXTRACTS.values(), NOW.date(), cursor, NOW)
        cursor = seen.cursor
        months.append(seen.newest_month)
    assert months == ["", "2026-03", ""]


def test_dagster_fetches_before_it_checks_in_and_tells_no_secret(
    sftp: SFTP, tmp_path: Path, main_job: Path
) -> None:
    delivered(sftp, tmp_path)
    installation = install_beside(main_job, "data/dbt")
    installation.environment_more.update(environment_of(sftp.access()))
    said = installation.run(
        *("dagster", "asset", "materialize", "-m", "orchestration.definitions"),
        *("--select", "raw/ssd_department", "--partition", "2026-03"),
    )
    assert "fetched 2026-03/ssd_department.csv" in said
    assert "ssd_department: accepted" in said
    assert PASSWORD not in said and USER not in said
    assert scan([installation.data], [PASSWORD, USER]) == {}


@pytest.mark.soak
def test_a_whole_run_from_storage_ends_in_exports_and_tells_no_secret(
    server: Server, tmp_path: Path, main_job: Path
) -> None:
    delivered(server, tmp_path)
    installation = install_beside(main_job, "data/dbt")
    installation.environment_more.update(environment_of(server.access()))
    said = installation.run("python", "-m", "orchestration.commands.whole_job")
    assert server.written == []
    assert "ssd_department: accepted" in said
    assert not any(installation.data.glob("incoming/*"))
    assert (installation.exports / "index.html").exists()
    [edition] = installation.exports.glob("officers/X06000001/2026-03")
    assert (edition / "dashboard.html").exists()
    [figures] = edition.glob("*_all_indicators.csv")
    assert len(figures.read_text(encoding="utf-8").splitlines()) > 100
    assert PASSWORD not in said and USER not in said
    assert scan([installation.data, installation.exports], [PASSWORD, USER]) == {}


def commanded(server: Server, data: Path, module: str) -> "subprocess.CompletedProcess[str]":
    own = {"KPI_DATA": str(data), "KPI_EXPORTS": str(data.parent / "exports")}
    return subprocess.run(
        [sys.executable, "-m", f"orchestration.commands.{module}"],
        cwd=PROJECT,
        env=os.environ | environment_of(server.access()) | own,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_lies_there_can_be_inspected_before_anything_is_loaded(
    sftp: SFTP, tmp_path: Path
) -> None:
    sftp.put("2026-03/ssd_department.csv", b"dept_team_id,dept_team_name\n1,a\n")
    done = commanded(sftp, tmp_path / "data", "inspect_files")
    assert done.stdout.rstrip().endswith("files/2026-03/ssd_department.csv: an extract")


def test_make_run_fills_in_no_sample_where_nothing_could_be_fetched(
    sftp: SFTP, tmp_path: Path
) -> None:
    sftp.known_hosts.write_text("")
    done = commanded(sftp, tmp_path / "data", "whole_job")
    assert (done.returncode, done.stdout.split(" | ")[0]) == (1, "STORAGE-HOST-KEY")
    assert USER not in done.stdout + done.stderr
    assert not any((tmp_path / "data").rglob("*.csv"))
