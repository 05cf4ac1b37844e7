"""Accepted rows that went, or that another hand changed, are told by file and never built from."""

import json
from pathlib import Path

import pytest

from orchestration.deliveries.keeping import forgetting
from orchestration.deliveries.keeping.forgetting import forget
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.accepted_rows import RowsDamagedError, require_intact
from orchestration.deliveries.rows.pseudonym import read_key
from tests.deliveries.conftest import Council

MONTHS = ("2026-02", "2026-03")
CHILD, OTHER = "ZQ-4815162342", "ZQ-1"


@pytest.fixture
def delivered(council: Council) -> Council:
    """Two months of an extract with its history, and of one that speaks for its month only."""
    for month in MONTHS:
        council.put("ssd_person", {"pers_person_id": CHILD}, {"pers_person_id": OTHER}, month=month)
        council.put(
            "ssd_care_leavers",
            {
                "clea_table_id": "1",
                "clea_person_id": CHILD,
                "clea_care_leaver_eligibility": "Relevant",
            },
            month=month,
        )
        council.check_in(month)
    require_intact(council.paths)
    return council


def told(paths: Paths) -> list[list[str]]:
    """Each message's parts; none where all is as it was written."""
    try:
        require_intact(paths)
    except RowsDamagedError as error:
        return [line.split(" | ") for line in str(error).splitlines()]
    return []


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("extract", "month", "goes"),
    [
        ("ssd_person", "2026-03", True),
        ("ssd_care_leavers", "2026-03", True),
        ("ssd_care_leavers", "2026-02", True),
        # an older delivery of the whole history is kept for a time only: no figure needs it
        ("ssd_person", "2026-02", False),
    ],
)
def test_a_file_that_went_is_named_and_comes_back_with_its_delivery(
    delivered: Council, extract: str, month: str, goes: bool
) -> None:
    file = delivered.paths.raw_file(extract, month)
    before = file.read_bytes()
    file.unlink()
    assert [parts[:2] for parts in told(delivered.paths)] == [
        ["ROWS-GONE", f"raw/{extract}/{month}.parquet"]
    ] * goes
    delivered.check_in(month)
    assert file.read_bytes() == before
    assert not told(delivered.paths)


@pytest.mark.parametrize("month", MONTHS)
def test_a_changed_file_is_named_with_the_way_back_and_written_anew_from_its_delivery(
    delivered: Council, month: str
) -> None:
    file = delivered.paths.raw_file("ssd_person", month)
    before = file.read_bytes()
    damage(file)
    [parts] = told(delivered.paths)
    assert parts[:4] == ["ROWS-CHANGED", f"raw/ssd_person/{month}.parquet", "-", "-"]
    assert len(parts) == 8 and all(parts)
    [kept] = {part for part in parts[5].split() if part.startswith("originals/")}
    assert (delivered.paths.raw.parent / kept).is_file(), "the delivered file to put back"
    assert CHILD not in str(parts)

    assert delivered.check_in(month)["ssd_person"].outcome == "accepted"

    assert file.read_bytes() == before
    assert not told(delivered.paths)


def test_a_changed_file_whose_delivery_is_gone_is_never_taken_for_good(delivered: Council) -> None:
    damage(delivered.paths.raw_file("ssd_person", "2026-03"))
    (delivered.paths.incoming / "2026-03" / "ssd_person.csv").unlink()
    delivered.check_in()
    assert [parts[0] for parts in told(delivered.paths)] == ["ROWS-GONE"]


def test_a_file_that_nobody_accepted_is_named(delivered: Council) -> None:
    known = delivered.paths.raw_file("ssd_person", "2026-03")
    known.with_name("2026-04.parquet").write_bytes(known.read_bytes())
    [parts] = told(delivered.paths)
    assert parts[:2] == ["ROWS-NOT-KNOWN", "raw/ssd_person/2026-04.parquet"]


def test_rows_written_before_the_ledger_told_their_hash_are_taken_as_they_are(
    delivered: Council,
) -> None:
    for file in delivered.paths.receipts.glob("2*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        for each in content if isinstance(content, list) else [content]:
            each.pop("rows_sha256")
        file.chmod(0o600)
        file.write_text(json.dumps(content), encoding="utf-8")
    assert not told(delivered.paths)
    # the next look at the same bytes notes it
    assert delivered.check_in()["ssd_person"].outcome == "unchanged"
    damage(delivered.paths.raw_file("ssd_person", "2026-03"))
    assert [parts[0] for parts in told(delivered.paths)] == ["ROWS-CHANGED"]


def test_forgetting_somebody_is_no_damage_and_a_kill_amid_it_is_mended_by_forgetting_again(
    delivered: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, key = delivered.paths, read_key(delivered.paths.keys, {})
    forget(paths, key, ["ZQ-nobody"], delivered.now)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(forgetting, "write_tombstone", killed)
        forget(paths, key, [CHILD], delivered.now)
    assert not told(paths), "nothing is replaced before the ledger says so"
    write = forgetting.write_tombstone

    def killed_afterwards(*known: object) -> None:
        write(*known)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(forgetting, "write_tombstone", killed_afterwards)
        forget(paths, key, [CHILD], delivered.now)
    assert {parts[0] for parts in told(paths)} == {"ROWS-CHANGED"}

    forget(paths, key, [CHILD], delivered.now.replace(year=2032))

    assert not told(paths)
    assert not [*paths.raw.rglob(".*")]
    assert len(delivered.rows("ssd_person")) == 1


def test_receipts_tell_the_hash_only_where_rows_were_written(delivered: Council) -> None:
    delivered.check_in()
    receipts = ledger.by_extract(delivered.paths)["ssd_person"]
    assert [bool(each.rows_sha256) for each in receipts] == [True, True]
    assert receipts[0].rows_sha256 != receipts[1].rows_sha256
