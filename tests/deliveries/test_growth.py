"""The contract grows on a living installation, and two deliveries may say the same last day."""

import dataclasses
import hashlib
import json

import duckdb
import jinja2
import pytest

from orchestration.commands.staging_models import LOCATION
from orchestration.contract.extracts import EXTRACTS, VERSION
from orchestration.deliveries.in_use import write_in_use
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import LedgerError, read_receipts
from orchestration.deliveries.rows.archive import archive_columns, ensure_empty, readable
from tests.deliveries.conftest import Council

LEAVERS, PEOPLE = "ssd_care_leavers", "ssd_person"
CHILD = {"pers_person_id": "c1", "pers_dob": "2007-01-01"}


def leaver(name: str) -> dict[str, str]:
    return {
        "clea_table_id": name,
        "clea_person_id": "c1",
        "clea_care_leaver_eligibility": "Relevant",
    }


def manifest(council: Council, month: str, as_at: str, extract: str, **more: str) -> None:
    row = {"source_system": "x", "row_count": "1", "sha256": "0" * 64, "extracted_at": "2026-05-02"}
    said = {**row, "extract": extract, "data_as_at": as_at, **more}
    council.put("extract_manifest", said, month=month)


def in_use(council: Council, extract: str) -> list[tuple[str, str, bool]]:
    """Month, last day and whether it is the newest, of the deliveries that stand."""
    file = write_in_use(council.paths).accepted_deliveries
    with duckdb.connect(":memory:") as connection:
        return connection.execute(
            """
            select strftime(delivery_month, '%Y-%m'), as_at::text, is_newest
            from read_parquet($file) where extract_name = $extract order by 1
            """,
            {"file": readable(file), "extract": extract},
        ).fetchall()


def test_a_manifest_of_other_files_does_not_take_the_last_day_from_the_delivery_before(council):
    council.put(LEAVERS, leaver("a"), month="2026-03")
    council.check_in("2026-03")
    council.put(LEAVERS, leaver("b"), month="2026-04")
    manifest(council, "2026-04", "2026-03-31", LEAVERS)
    receipt = council.check_in("2026-04")[LEAVERS]
    [told] = [each for each in receipt.findings if each.startswith("AS-AT-NOT-LATER")]
    assert "the delivery for 2026-03 covers the same last day; that one stands" in told
    assert in_use(council, LEAVERS) == [("2026-03", "2026-03-31", True)]


def test_a_correction_sent_a_month_later_stands_in_place_of_the_first(council):
    council.put(LEAVERS, leaver("a"), month="2026-03")
    council.check_in("2026-03")
    file = council.put(LEAVERS, leaver("b"), month="2026-04")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest(council, "2026-04", "2026-03-31", LEAVERS, sha256=digest)
    receipt = council.check_in("2026-04")[LEAVERS]
    assert "this one stands" in "".join(receipt.findings)
    assert in_use(council, LEAVERS) == [("2026-04", "2026-03-31", True)]
    # and the next one speaks for its own last day
    council.put(LEAVERS, leaver("c"), month="2026-05")
    council.check_in("2026-05")
    assert in_use(council, LEAVERS) == [
        ("2026-04", "2026-03-31", False),
        ("2026-05", "2026-05-31", True),
    ]


def test_a_stale_date_does_not_take_the_figures_back(council):
    council.put(PEOPLE, CHILD, month="2026-03")
    council.check_in("2026-03")
    file = council.put(PEOPLE, CHILD, CHILD | {"pers_person_id": "c2"}, month="2026-04")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest(council, "2026-04", "2026-01-31", PEOPLE, row_count="2", sha256=digest)
    receipt = council.check_in("2026-04")[PEOPLE]
    assert "covers a later last day; that one stands" in "".join(receipt.findings)
    assert in_use(council, PEOPLE) == [
        ("2026-03", "2026-03-31", True),
        ("2026-04", "2026-01-31", False),
    ]


def test_rows_accepted_before_a_column_was_in_the_contract_stay_readable(council):
    ensure_empty(EXTRACTS.values(), council.paths)
    data = str(council.paths.raw.parent)
    with duckdb.connect(":memory:") as connection:
        for extract in EXTRACTS.values():
            keys = tuple(column for column in extract.columns if column.name in extract.key)
            columns = archive_columns(dataclasses.replace(extract, columns=keys))
            cells = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns.items())
            file = council.paths.raw_file(extract.name, "2020-01")
            connection.execute(f"copy (select {cells}) to '{file}' (format parquet)")
            source = jinja2.Template(LOCATION).render(env_var=lambda *_: data)
            wanted = ", ".join(f'"{name}"' for name in archive_columns(extract))
            query = f"select {wanted} from {source.replace('{name}', extract.name)}"
            assert len(connection.execute(query).fetchall()) == 1


def test_data_written_by_a_contract_that_has_grown_are_refused_by_the_one_before(council):
    council.put(PEOPLE, CHILD)
    council.check_in()
    note = council.paths.contract_known
    known = json.loads(note.read_text(encoding="utf-8"))
    known["columns"][PEOPLE].append("pers_nhs_number")
    note.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"^DATA-NEWER \| contract.json \| ") as stopped:
        read_receipts(council.paths)
    assert len(str(stopped.value).split(" | ")) == 8
    with pytest.raises(LedgerError, match=r"^DATA-NEWER"):
        council.check_in()
    assert json.loads(note.read_text(encoding="utf-8")) == known
    # an extract that is not known here, or a version that is still to come
    for newer in ({"version": VERSION, "columns": {"ssd_dolo": ["x"]}}, {**known, "version": 99}):
        note.write_text(json.dumps(newer), encoding="utf-8")
        with pytest.raises(LedgerError, match=r"^DATA-NEWER"):
            read_receipts(council.paths)


def test_data_of_an_older_contract_are_taken_on(council):
    council.put(PEOPLE, CHILD)
    council.check_in()
    note = council.paths.contract_known
    # what an older version knew and this one let go, and what was written before there was a note
    note.write_text(json.dumps({"version": VERSION - 1, "columns": {"gone": ["x"]}}))
    assert council.check_in()[PEOPLE].outcome == "unchanged"
    now = json.loads(note.read_text(encoding="utf-8"))
    assert now["version"] == VERSION and "gone" not in now["columns"]
    note.unlink()
    assert council.check_in()[PEOPLE].outcome == "unchanged"
    note.write_text("{", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"^LEDGER-UNREADABLE"):
        ledger.read_receipts(council.paths)
