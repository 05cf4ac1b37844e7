"""A person who is forgotten is in no byte that remains, and does not come back."""

import json
import stat
from pathlib import Path

import duckdb
import pytest

from orchestration.deliveries.keeping.forgetting import Forgotten, forget
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.deliveries.rows.pseudonym import pseudonym, read_key
from tests.deliveries.conftest import Council

GONE, STAYS = "ZQ-4815162342", "ZQ-48151623"  # one is the beginning of the other
MONTHS = ("2026-02", "2026-03")


def scan(data: Path, *secrets: str) -> list[str]:
    """The files below `data` that hold one of the secrets, in their bytes or in their cells."""
    found = []
    with duckdb.connect(":memory:") as connection:
        for file in sorted(path for path in data.rglob("*") if path.is_file()):
            told = file.read_bytes()
            if file.suffix == ".parquet":
                rows = connection.sql(f"from read_parquet('{file}')").fetchall()
                told += str(rows).encode()
            forms = [form for s in secrets for form in (s.encode(), s.encode("utf-16-le"))]
            if any(form in told for form in forms):
                found.append(file.relative_to(data).as_posix())
    return found


@pytest.fixture
def family(council: Council) -> Council:
    """Two children, with what hangs on them, over two months; some rows are set aside."""
    for month in MONTHS:
        council.put("ssd_person", {"pers_person_id": GONE}, {"pers_person_id": STAYS}, month=month)
        council.put(
            "ssd_cin_assessments",
            *(
                {
                    "cina_assessment_id": f"a{n}",
                    "cina_person_id": child,
                    "cina_assessment_start_date": "2025-01-06",
                }
                for n, child in enumerate((GONE, STAYS))
            ),
            month=month,
        )
        council.put(
            "ext_assessment_delays",
            {"assessment_id": "a0", "delay_reason": "other", "recorded_at": "2025-02-01"},
            {"assessment_id": "a1", "delay_reason": "other", "recorded_at": "2025-02-01"},
            month=month,
        )
        council.put(
            "ssd_cin_episodes",
            *(
                {"cine_referral_id": f"r{n}", "cine_person_id": child, "cine_referral_date": day}
                for n, (child, day) in enumerate(
                    [(GONE, "2025-01-02"), (STAYS, "2025-01-02"), (GONE, "2/1/25")]
                )
            ),
            month=month,
        )
        council.check_in(month)
    # a file in another encoding, and one that nobody can look into
    content = f"pers_person_id\n{GONE}\n"
    (council.paths.incoming / "2026-03" / "notes.csv").write_bytes(content.encode("utf-16"))
    council.put_bytes("ssd_department", b"\xff\xd8\x00\x81", "2026-03")
    return council


def forgotten(council: Council, *identifiers: str) -> Forgotten:
    return forget(council.paths, read_key(council.paths.keys, {}), identifiers, council.now)


def test_no_byte_is_left_of_the_person_and_the_others_stay(family: Council) -> None:
    data = family.paths.raw.parent
    family.paths.cases.mkdir(mode=0o700)
    (family.paths.cases / "referrals_count_2026-03.csv").write_text(f"person\n{GONE}\n")
    theirs = pseudonym(read_key(family.paths.keys, {}), GONE)
    assert len(scan(data, GONE, theirs)) > 10, "the scanner sees what is there"

    done = forgotten(family, f" {GONE} ")

    # the list of those who are never taken in again is all that knows the hash
    assert scan(data, GONE, theirs) == ["keys/forgotten.txt"]
    assert stat.S_IMODE(family.paths.forgotten.stat().st_mode) == 0o600
    kept = pseudonym(read_key(family.paths.keys, {}), STAYS)
    for month in MONTHS:
        assert family.rows("ssd_person", "pers_person_id", month) == [(kept,)]
        assert family.rows("ssd_cin_episodes", "cine_referral_id", month) == [("R1",)]
        assert family.rows("ext_assessment_delays", "assessment_id", month) == [("A1",)]
    assert done.rows == 2 * (1 + 1 + 1 + 1 + 1)
    assert not family.quarantined("ssd_cin_episodes")
    assert not (family.paths.incoming / "2026-03" / "notes.csv").exists()
    assert not (family.paths.incoming / "2026-03" / "ssd_department.csv").exists()


def test_the_tombstone_says_which_file_became_which_and_not_who(family: Council) -> None:
    before = {receipt.sha256 for receipt in read_receipts(family.paths)}
    done = forgotten(family, GONE)
    [file] = family.paths.tombstones.iterdir()
    told = json.loads(file.read_text(encoding="utf-8"))
    assert stat.S_IMODE(file.stat().st_mode) & 0o222 == 0
    assert {each["file"] for each in told["files"]} >= {
        f"raw/ssd_person/{month}.parquet" for month in MONTHS
    }
    assert len(told["files"]) == done.files
    assert all(each["was"] != each["is"] for each in told["files"])
    assert {receipt.sha256 for receipt in read_receipts(family.paths)} == before


def test_the_same_bytes_are_no_news_and_newer_ones_lose_the_persons_rows(family: Council) -> None:
    forgotten(family, GONE)
    family.put("ssd_person", {"pers_person_id": GONE}, {"pers_person_id": STAYS})
    assert family.check_in()["ssd_person"].outcome == "unchanged"
    assert len(family.rows("ssd_person")) == 1

    rows = [{"pers_person_id": each} for each in (GONE, STAYS, "ZQ-3")]
    family.put("ssd_person", *rows)
    receipt = family.check_in()["ssd_person"]

    assert (receipt.outcome, receipt.rows_in_file, receipt.loaded) == ("accepted", 3, 2)
    assert receipt.quarantined == receipt.counts["PERSON-FORGOTTEN"] == 1
    assert not family.quarantined("ssd_person")
    assert GONE not in " ".join(receipt.findings)


def test_a_worker_who_is_forgotten_leaves_the_childrens_history(council: Council) -> None:
    council.put("ssd_professionals", {"prof_professional_id": "ZQ-W"})
    council.put(
        "ssd_involvements",
        {
            "invo_involvements_id": "i",
            "invo_person_id": STAYS,
            "invo_professional_id": "ZQ-W",
            "invo_professional_role_id": "R1",
            "invo_involvement_start_date": "2025-01-06",
        },
    )
    council.check_in()
    forgotten(council, "ZQ-W")
    assert council.rows("ssd_professionals") == []
    [(child, worker)] = council.rows("ssd_involvements", "invo_person_id, invo_professional_id")
    assert child is not None and worker is None


def test_a_row_whose_child_another_record_names_goes_with_that_record(council: Council) -> None:
    day = "2025-01-06"
    council.put("ssd_person", {"pers_person_id": GONE}, {"pers_person_id": STAYS})
    council.put(
        "ssd_cp_plans",
        *(
            {"cppl_cp_plan_id": f"p{n}", "cppl_person_id": child, "cppl_cp_plan_start_date": day}
            for n, child in enumerate((GONE, STAYS))
        ),
    )
    visit = {"cppv_cp_visit_date": day, "cppv_cp_visit_seen": "Y"}
    council.put(
        "ssd_cp_visits",
        {**visit, "cppv_cp_visit_id": "v0", "cppv_cp_plan_id": "p0"},
        {**visit, "cppv_cp_visit_id": "v1", "cppv_cp_plan_id": "p1"},
        {**visit, "cppv_cp_visit_id": "v2", "cppv_cp_plan_id": "p0", "cppv_person_id": STAYS},
    )
    council.check_in()
    forgotten(council, GONE)
    assert council.rows("ssd_cp_visits", "cppv_cp_visit_id") == [("V1",), ("V2",)]


def test_somebody_who_is_not_there_changes_nothing(family: Council) -> None:
    before = {file: file.read_bytes() for file in family.paths.raw.rglob("*.parquet")}
    done = forgotten(family, "ZQ-9", "")
    assert (done.rows, done.files) == (0, 0)
    assert {file: file.read_bytes() for file in family.paths.raw.rglob("*.parquet")} == before
