"""What is delivered is kept untouched for its owner alone, and goes when its time is over."""

import hashlib
import os
import shutil
import stat
from datetime import timedelta

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.keeping import originals
from orchestration.deliveries.keeping.retention import Retention
from orchestration.deliveries.ledger.ledger import read_receipts
from tests.deliveries.conftest import CATALOGUE, GEOGRAPHIES, Council
from tests.deliveries.generated import csv_bytes

TEAMS = "ssd_department"
NAMES = EXTRACTS[TEAMS].column_names


def teams(count: int) -> bytes:
    rows = [{NAMES[0]: f"t{n}", NAMES[1]: "Team"} for n in range(count)]
    return csv_bytes(NAMES, [dict.fromkeys(NAMES, "") | row for row in rows])


def kept(council: Council) -> set[str]:
    return {file.name for file in council.paths.originals.iterdir()}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_in(council: Council, month: str, days: int = 0, **retention: int) -> None:
    """Check in the month's files `days` after the last time."""
    council.now += timedelta(days=days, minutes=1)
    known = ([month], ROW_LEVEL, CATALOGUE, GEOGRAPHIES, council.paths, council.now)
    check_in_deliveries(*known, retention=Retention(**retention))


def test_accepted_and_refused_files_are_kept_byte_for_byte(council: Council) -> None:
    utf16 = teams(2).decode().encode("utf-16")
    for content in (utf16, b"not,a,table\n"):
        council.put_bytes(TEAMS, content)
        council.check_in()
        file = council.paths.original(sha256(content))
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(council.paths.originals.stat().st_mode) == 0o700
    assert kept(council) == {sha256(utf16), sha256(b"not,a,table\n")}


def test_what_is_no_file_is_not_copied(council: Council) -> None:
    file = council.put_bytes(TEAMS, b"")
    file.unlink()
    file.symlink_to("/etc/passwd")
    council.check_in()
    assert kept(council) == set()


def test_a_file_that_changed_after_it_was_read_is_not_taken_for_it(council: Council) -> None:
    file = council.put_bytes(TEAMS, teams(3))
    council.check_in()
    assert originals.keep(council.paths, file, sha256(teams(4))) is False
    assert kept(council) == {sha256(teams(3))}


def test_files_go_when_their_time_is_over_and_the_ledger_stays(council: Council) -> None:
    council.put_bytes(TEAMS, teams(2), "2026-02")
    check_in(council, "2026-02")
    council.put_bytes(TEAMS, teams(3))
    check_in(council, "2026-03", days=20)
    check_in(council, "2026-03", days=9)
    assert kept(council) == {sha256(teams(2)), sha256(teams(3))}
    check_in(council, "2026-03", days=2)
    # the newer one was delivered again meanwhile, which counts from then
    assert kept(council) == {sha256(teams(3))}
    assert sha256(teams(2)) in {each.sha256 for each in read_receipts(council.paths)}


def test_a_copy_without_a_receipt_goes_by_its_own_time(council: Council) -> None:
    council.put_bytes(TEAMS, teams(2))
    check_in(council, "2026-03")
    stray = council.paths.original("0" * 64)
    stray.write_bytes(b"of a check-in that was killed")
    os.utime(stray, (1_000, 1_000))
    check_in(council, "2026-03")
    assert not stray.exists()


def test_lists_of_cases_go_as_the_originals_do(council: Council) -> None:
    council.put_bytes(TEAMS, teams(2))
    council.paths.cases.mkdir(mode=0o700)
    older, newer = (council.paths.cases / f"cic_count_{day}.csv" for day in (1, 2))
    for file, days in ((older, 31), (newer, 29)):
        file.write_text("person\n", encoding="utf-8")
        made = (council.now - timedelta(days=days)).timestamp()
        os.utime(file, (made, made))
    check_in(council, "2026-03")
    assert not older.exists() and newer.exists()


def test_rows_set_aside_go_when_their_time_is_over(council: Council) -> None:
    bad = teams(200).replace(b"t7,", b",")
    council.put_bytes(TEAMS, bad)
    check_in(council, "2026-03")
    assert council.quarantined(TEAMS)
    council.put_bytes(TEAMS, teams(200), "2026-04")
    (council.paths.incoming / "2026-03" / f"{TEAMS}.csv").unlink()
    check_in(council, "2026-04", days=181)
    assert not council.quarantined(TEAMS)


def test_older_deliveries_go_but_never_those_that_speak_for_their_month(council: Council) -> None:
    leavers = {
        "clea_table_id": "1",
        "clea_person_id": "p",
        "clea_care_leaver_eligibility": "Relevant child",
    }
    for month in ("2024-01", "2026-01", "2026-02"):
        council.put_bytes(TEAMS, teams(2), month)
        council.put("ssd_care_leavers", leavers, month=month)
        check_in(council, month, archive_months=24)
    check_in(council, "2026-02", archive_months=24)
    months = {
        extract: sorted(file.stem for file in (council.paths.raw / extract).glob("20*.parquet"))
        for extract in (TEAMS, "ssd_care_leavers")
    }
    assert months == {
        TEAMS: ["2026-01", "2026-02"],
        "ssd_care_leavers": ["2024-01", "2026-01", "2026-02"],
    }


def test_only_the_owner_may_read_rows_about_people(council: Council) -> None:
    # the fixture's folders are not check-in's own
    shutil.rmtree(council.paths.raw)
    previous = os.umask(0)
    try:
        council.put_bytes(TEAMS, teams(200).replace(b"t7,", b","))
        council.put("ssd_person", {"pers_person_id": "007"})
        council.check_in()
    finally:
        os.umask(previous)
    data = council.paths.raw.parent
    for layer in ("raw", "quarantine", "originals", "keys"):
        for path in [data / layer, *(data / layer).rglob("*")]:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert not mode & 0o077, (path.relative_to(data), oct(mode))
    for path in council.paths.ledger.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o022
