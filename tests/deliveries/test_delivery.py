"""A month's files together: what is absent, what refers to what, what the manifest says."""

import csv
import dataclasses
import hashlib
import os
import shutil
from datetime import date, timedelta
from random import Random

import duckdb
import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.deliveries.quality import asks_for_work
from orchestration.deliveries.rows.archive import ensure_empty
from tests.deliveries.conftest import GEOGRAPHIES
from tests.deliveries.generated import csv_bytes, good_rows

CHILD = {"pers_person_id": "c1"}
OTHER = {"pers_person_id": "c2"}
TEAM = {"dept_team_id": "t1", "dept_team_name": "North"}


def referral(number: int, child: str = "c1", **cells: str) -> dict[str, str]:
    return {
        "cine_referral_id": f"r{number}",
        "cine_person_id": child,
        "cine_referral_date": "2019-07-01",
        **cells,
    }


def codes(receipt) -> set[str]:
    return set(receipt.codes.split())


def put_manifest(
    council, *files, as_at: str = "2026-03-31", more: int = 0, system: str = "made up"
) -> None:
    """A manifest that describes `files` (`more` rows more than they have)."""
    rows = []
    for file in files:
        content = file.read_bytes()
        rows.append(
            {
                "extract": file.stem,
                "extracted_at": "2026-04-01 02:00",
                "data_as_at": as_at,
                "source_system": system,
                "row_count": str(content.count(b"\n") - 1 + more),
                "sha256": hashlib.sha256(content).hexdigest().upper(),
            }
        )
    council.put("extract_manifest", *rows)


def test_an_absent_extract_has_a_receipt_and_a_typed_file_without_rows(council):
    # the fixture's files are not check-in's own
    shutil.rmtree(council.paths.raw)
    council.put("ssd_person", CHILD)
    receipts = council.check_in()
    assert list(receipts) == [extract.name for extract in ROW_LEVEL]
    assert receipts.pop("ssd_person").outcome == "accepted"
    assert {(r.outcome, r.codes) for r in receipts.values()} == {("missing", "FILE-MISSING")}
    assert (
        receipts["ssd_send"]
        .findings[0]
        .endswith(" | no delivery was accepted before, so its figures show no data")
    )
    for extract in ROW_LEVEL:
        assert council.paths.empty_file(extract.name).exists()
    # All that is missing is one entry in the ledger, and said once.
    assert len(list(council.paths.receipts.glob("2*.json"))) == 2
    assert council.check_in()["ssd_person"].outcome == "unchanged"
    assert len(list(council.paths.receipts.glob("2*.json"))) == 2
    newest = {each.extract: each for each in read_receipts(council.paths)}
    assert newest["ssd_send"].outcome == "missing"
    assert {each.delivery_month for each in newest.values()} == {council.month}


def test_the_same_files_again_leave_no_receipt_and_keep_what_was_found_in_them(council):
    council.put("ssd_person", CHILD, CHILD)
    council.put_bytes("ssd_send", b"not an extract\n")
    first = council.check_in()
    assert first["ssd_person"].codes == "ROW-DUPLICATE"
    written = sorted(council.paths.receipts.iterdir())
    for _ in range(3):
        again = council.check_in()
        assert again["ssd_person"].codes == "ROW-DUPLICATE DUP-DELIVERY"
        assert again["ssd_person"].findings[:-1] == first["ssd_person"].findings
        assert again["ssd_send"].codes == first["ssd_send"].codes
    assert sorted(council.paths.receipts.iterdir()) == written


def test_a_remark_that_asks_for_nothing_is_no_work_and_a_refusal_is(council):
    council.put("ssd_person", CHILD, CHILD)
    council.put_bytes("ssd_send", b"not an extract\n")
    for _ in range(2):
        receipts = council.check_in()
        assert not asks_for_work(receipts["ssd_person"])
        assert asks_for_work(receipts["ssd_send"])


def test_the_same_bytes_written_again_leave_one_receipt(council):
    file = council.put("ssd_person", CHILD)
    council.check_in()
    os.utime(file, (1, 1))
    for _ in range(2):
        council.check_in()
    told = read_receipts(council.paths, "ssd_person")
    assert [each.outcome for each in told] == ["accepted", "unchanged"]


def test_bytes_accepted_before_a_refused_file_are_told_again(council):
    file = council.put("ssd_person", CHILD)
    content = file.read_bytes()
    council.check_in()
    file.write_bytes(b"not an extract\n")
    council.check_in()
    file.write_bytes(content)
    council.check_in()
    told = read_receipts(council.paths, "ssd_person")
    assert [each.outcome for each in told] == ["accepted", "refused", "unchanged"]


def test_an_accepted_file_that_has_gone_from_the_drop_folder_stays_accepted(council):
    file = council.put("ssd_person", CHILD)
    council.check_in()
    file.unlink()
    assert council.check_in()["ssd_person"].outcome == "accepted"
    assert len(council.rows("ssd_person")) == 1


def test_a_refused_file_that_was_taken_away_is_missing(council):
    file = council.put_bytes("ssd_person", b"")
    assert council.check_in()["ssd_person"].outcome == "refused"
    file.unlink()
    assert council.check_in()["ssd_person"].outcome == "missing"


def test_a_key_that_leads_nowhere_is_emptied_and_counted(council):
    council.put("ssd_person", CHILD)
    council.put("ssd_department", TEAM)
    council.put(
        "ssd_cin_episodes",
        referral(1, cine_referral_team="t1"),
        referral(2, "c9", cine_referral_team="t9"),
        referral(3, "c9"),
    )
    receipt = council.check_in()["ssd_cin_episodes"]
    columns = "cine_referral_id, cine_person_id is not null, cine_referral_team"
    assert council.rows("ssd_cin_episodes", columns) == [
        ("R1", True, "T1"),
        ("R2", False, None),
        ("R3", False, None),
    ]
    assert [message.split(" | ")[:4] for message in receipt.findings] == [
        ["FK-ORPHAN", "2026-03/ssd_cin_episodes.csv", "line 3", "cine_person_id"],
        ["FK-ORPHAN", "2026-03/ssd_cin_episodes.csv", "line 3", "cine_referral_team"],
    ]
    assert "(2 times, first here)" in receipt.findings[0]


def test_keys_stay_where_the_extract_they_refer_to_never_came(council):
    council.put("ssd_cin_episodes", referral(1, cine_referral_team="t9"))
    assert council.check_in()["ssd_cin_episodes"].codes == ""
    assert council.rows("ssd_cin_episodes", "cine_referral_team") == [("T9",)]


def test_a_column_of_the_rows_own_key_is_never_emptied(council):
    council.put("ssd_cin_episodes", referral(1))
    council.put("ext_referral_decisions", {"referral_id": "r9", "received_at": "2019-07-01"})
    assert council.check_in()["ext_referral_decisions"].codes == "FK-ORPHAN"
    assert council.rows("ext_referral_decisions", "referral_id") == [("R9",)]


def test_a_child_who_may_be_unknown_to_social_care_is_no_remark(council):
    council.put("ssd_person", CHILD)
    council.put("ssd_send", {"send_table_id": "s1", "send_person_id": "c9"})
    assert council.check_in()["ssd_send"].codes == ""
    assert council.rows("ssd_send", "send_person_id") == [(None,)]


def test_extracts_may_refer_to_each_other_and_to_themselves(council):
    council.put(
        "ssd_cla_episodes",
        *(
            {
                "clae_cla_episode_id": f"e{n}",
                "clae_person_id": "c1",
                "clae_cla_id": "care1",
                "clae_cla_placement_id": f"p{n}",
                "clae_cla_episode_start_date": "2019-07-01",
            }
            for n in (1, 2)
        ),
    )
    council.put(
        "ssd_cla_placement",
        *(
            {
                "clap_cla_placement_id": f"p{n}",
                "clap_cla_id": f"care{n}",
                "clap_cla_placement_start_date": "2019-07-01",
                "clap_cla_placement_type": "U1",
            }
            for n in (1, 3)
        ),
    )
    council.put("ssd_department", TEAM, {**TEAM, "dept_team_id": "t2", "dept_team_parent_id": "t1"})
    receipts = council.check_in()
    assert council.rows("ssd_cla_episodes", "clae_cla_placement_id") == [("P1",), (None,)]
    assert council.rows("ssd_cla_placement", "clap_cla_id") == [("CARE1",), (None,)]
    assert receipts["ssd_department"].codes == ""
    assert council.rows("ssd_department", "dept_team_parent_id") == [(None,), ("T1",)]


def test_the_same_bytes_are_checked_anew_when_what_they_refer_to_has_changed(council):
    council.put("ssd_person", CHILD)
    council.put("ssd_cin_episodes", referral(1), referral(2, "c2"))
    council.check_in()
    council.put("ssd_person", CHILD, OTHER)
    receipts = council.check_in()
    assert receipts["ssd_cin_episodes"].outcome == "accepted"
    assert receipts["ssd_cin_episodes"].codes == ""
    known = "count(distinct cine_person_id)"
    assert council.rows("ssd_cin_episodes", known) == [(2,)]
    assert council.check_in()["ssd_cin_episodes"].outcome == "unchanged"


def test_the_last_accepted_delivery_stands_in_for_a_refused_one(council):
    council.put("ssd_person", CHILD, month="2026-02")
    council.check_in("2026-02")
    council.put_bytes("ssd_person", b"")
    council.put("ssd_cin_episodes", referral(1), referral(2, "c2"))
    receipts = council.check_in()
    assert (receipts["ssd_person"].outcome, receipts["ssd_person"].stands_in) == (
        "refused",
        "2026-02",
    )
    assert receipts["ssd_cin_episodes"].codes == "FK-ORPHAN"
    assert receipts["ssd_cin_episodes"].checked_against.startswith("ssd_person/2026-02/")


def people(count: int, unknown: int) -> list[dict[str, str]]:
    return [
        {"pers_person_id": f"c{n}", "pers_sex": "Woman" if n < unknown else "F"}
        for n in range(count)
    ]


@pytest.mark.parametrize(("rows", "unknown"), [(1_000, 10), (20, 5)])
def test_unknown_codes_in_up_to_one_per_cent_of_the_rows_are_kept_and_counted(
    rows, unknown, council
):
    council.put("ssd_person", *people(rows, unknown))
    receipt = council.check_in()["ssd_person"]
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "CODE-UNKNOWN", rows)
    assert f"({unknown} times, first here) | one of F, M, U | " in receipt.findings[0]


@pytest.mark.parametrize(("rows", "unknown"), [(1_000, 11), (20, 6)])
def test_more_unknown_codes_cost_what_needs_the_column_and_are_listed_to_be_mapped(
    rows, unknown, council
):
    checks = [
        {
            "clah_health_check_id": f"h{n}",
            "clah_person_id": "c1",
            "clah_health_check_type": "Tooth, look" if n < unknown else "dental",
            "clah_health_check_date": "2025-07-01",
        }
        for n in range(rows)
    ]
    put_manifest(council, council.put("ssd_cla_health", *checks), system="Mosaic 24.1")
    receipt = council.check_in()["ssd_cla_health"]
    assert (receipt.outcome, receipt.loaded) == ("accepted", rows)
    assert receipt.codes.split()[:2] == ["CODES-UNMAPPED", "CODE-UNKNOWN"]
    assert "Tooth" not in str(receipt.findings)
    listed = council.paths.codes_to_map("ssd_cla_health", "2026-03")
    assert listed.stat().st_mode & 0o777 == 0o600
    column = "ssd_cla_health.clah_health_check_type"
    with listed.open(encoding="utf-8", newline="") as opened:
        [to_map] = csv.DictReader(opened)
    words = {"cms": "mosaic", "column": column, "source_value": "Tooth, look"}
    assert to_map == {**words, "standard_value": ""}
    # pasted into the map with its last cell filled, it is all that was wanting
    council.put("ref_code_maps", {**to_map, "standard_value": "dental"})
    receipt = council.check_in()["ssd_cla_health"]
    assert "CODE" not in receipt.codes
    assert not listed.exists()


def test_codes_that_no_figure_reads_are_counted_and_cost_nothing(council):
    council.put("ssd_person", *people(20, 20))
    receipt = council.check_in()["ssd_person"]
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "CODE-UNKNOWN", 20)
    assert not council.paths.codes_to_map("ssd_person", "2026-03").exists()


def test_roles_are_counted_only_where_a_map_has_come_for_them(council):
    roles = [
        {
            "invo_involvements_id": f"i{n}",
            "invo_person_id": "c1",
            "invo_professional_role_id": f"ROLE{n}",
            "invo_involvement_start_date": "2019-07-01",
        }
        for n in range(4)
    ]
    council.put("ssd_involvements", *roles)
    assert council.check_in()["ssd_involvements"].codes == ""
    council.put(
        "ref_code_maps",
        {
            "cms": "mosaic",
            "column": "ssd_involvements.invo_professional_role_id",
            "source_value": "role2",
            "standard_value": "allocated_social_worker",
        },
    )
    [message] = council.check_in()["ssd_involvements"].findings
    assert message.startswith("CODE-UNKNOWN") and "(3 times, first here)" in message


def test_code_maps_hold_for_earlier_months_that_came_without(council):
    for month in ("2026-02", "2026-03"):
        council.put("ssd_person", *people(20, 20), month=month)
    council.put(
        "ref_code_maps",
        {
            "cms": "mosaic",
            "column": "ssd_person.pers_sex",
            "source_value": "Woman",
            "standard_value": "F",
        },
    )
    found = check_in_deliveries(
        ["2026-02", "2026-03"], ROW_LEVEL, {}, GEOGRAPHIES, council.paths, council.now
    )
    assert list(found) == ["2026-02", "2026-03"]
    for month in found:
        assert {r.extract: r.outcome for r in found[month]}["ssd_person"] == "accepted"


def test_a_delivery_of_the_month_before_stands_in_where_both_come_at_once(council):
    council.put("ssd_person", CHILD, month="2026-02")
    council.put("ssd_cin_episodes", referral(1), referral(2, "c2"))
    months = ["2026-03", "2026-02"]
    found = check_in_deliveries(months, ROW_LEVEL, {}, GEOGRAPHIES, council.paths, council.now)
    [receipt] = [each for each in found["2026-03"] if each.extract == "ssd_cin_episodes"]
    assert receipt.checked_against.startswith("ssd_person/2026-02/")
    assert receipt.codes == "FK-ORPHAN"


def test_no_row_is_younger_than_the_day_that_the_manifest_names(council):
    people = council.put("ssd_person", CHILD)
    dates = ("2026-03-28", "2026-03-29", "2026-03-31")
    rows = [
        referral(n, cine_referral_date=day, cine_close_date="2026-05-01")
        for n, day in enumerate(dates)
    ]
    referrals = council.put("ssd_cin_episodes", *rows)
    put_manifest(council, people, referrals, as_at="2026-03-28")
    receipt = council.check_in()["ssd_cin_episodes"]
    assert (receipt.codes, receipt.loaded) == ("DATE-FUTURE", 1)
    assert council.quarantined("ssd_cin_episodes") == [(3, ["DATE-FUTURE"]), (4, ["DATE-FUTURE"])]
    # Another as-at in the manifest checks the same bytes anew.
    put_manifest(council, people, referrals, as_at="2026-03-31")
    receipt = council.check_in()["ssd_cin_episodes"]
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "", 3)


@pytest.mark.parametrize(
    ("as_at", "is_told"),
    [
        *(("2026-02-28", True), ("2026-03-01", False), ("2026-03-31", False)),
        *(("2026-04-14", False), ("2026-04-15", True), ("2026-04-30", True)),
    ],
)
def test_a_manifest_of_another_month_than_its_folder_is_remarked_on(council, as_at, is_told):
    put_manifest(council, council.put("ssd_cin_episodes", referral(1)), as_at=as_at)
    receipt = council.check_in()["ssd_cin_episodes"]
    assert (receipt.outcome, receipt.as_at) == ("accepted", as_at)
    assert codes(receipt) == ({"AS-AT-OTHER-MONTH"} if is_told else set())
    assert asks_for_work(receipt) == is_told


@pytest.mark.parametrize(
    ("last", "every", "as_at", "is_told"),
    [
        ("2026-03-31", 1, "", False),
        ("2026-03-11", 1, "", True),  # drawn before the month was over
        ("2025-12-10", 2, "", True),  # in the folder of another month
        ("2020-12-10", 30, "", False),  # a dozen rows a year are no pace
        ("2026-03-11", 2, "", False),  # a small council: ten days without a referral
        ("2026-03-18", 1, "", False),  # two weeks are no age
        ("2026-03-31", 1, "2026-04-14", False),  # drawn in the days after its month
        ("2026-03-11", 1, "2026-03-11", False),
    ],
)
def test_rows_that_end_long_before_the_month_are_remarked_on(council, last, every, as_at, is_told):
    newest = date.fromisoformat(last)
    days = [newest - timedelta(days=number) for number in range(0, 400, every)]
    rows = [referral(n, cine_referral_date=f"{day}") for n, day in enumerate(days)]
    files = council.put("ssd_person", CHILD), council.put("ssd_cin_episodes", *rows)
    if as_at:
        put_manifest(council, *files, as_at=as_at)
    receipt = council.check_in()["ssd_cin_episodes"]
    assert receipt.outcome == "accepted"
    assert codes(receipt) - {"AS-AT-MIXED"} == ({"ROWS-END-EARLY"} if is_told else set())
    assert asks_for_work(receipt) == is_told
    assert last not in "".join(receipt.findings)


@pytest.mark.parametrize(
    ("rows", "ended", "is_told"), [(25, 0, True), (25, 1, False), (9, 0, False)]
)
def test_an_extract_in_which_nothing_ever_ends_is_remarked_on(council, rows, ended, is_told):
    plans = [
        {
            "cppl_cp_plan_id": f"p{n}",
            "cppl_person_id": "c1",
            "cppl_cp_plan_start_date": "2026-03-01",
            "cppl_cp_plan_end_date": "2026-03-20" if n < ended else "",
        }
        for n in range(rows)
    ]
    council.put("ssd_person", CHILD)
    council.put("ssd_cp_plans", *plans)
    receipt = council.check_in()["ssd_cp_plans"]
    assert receipt.outcome == "accepted"
    assert ("ROWS-NEVER-END" in codes(receipt)) == is_told


def test_without_a_manifest_the_month_end_is_the_last_day(council):
    council.put("ssd_cin_episodes", referral(1), referral(2, cine_referral_date="2026-04-01"))
    assert council.check_in()["ssd_cin_episodes"].codes == "DATE-FUTURE"


def test_a_file_with_fewer_rows_than_the_manifest_says_is_refused(council):
    file = council.put("ssd_person", CHILD, OTHER)
    put_manifest(council, file, more=1)
    assert codes(council.check_in()["ssd_person"]) == {"FILE-CUT-SHORT"}


def test_a_file_changed_after_the_manifest_is_taken_with_a_remark(council):
    file = council.put("ssd_person", CHILD)
    put_manifest(council, file)
    assert council.check_in()["ssd_person"].codes == ""
    council.put("ssd_person", CHILD, OTHER)
    assert codes(council.check_in()["ssd_person"]) == {"MANIFEST-DIFFERS", "SUPERSEDED"}


def test_extracts_of_different_days_are_a_remark_on_the_manifest(council):
    base = {"extracted_at": "2026-04-01", "source_system": "x", "row_count": "1", "sha256": "0"}
    days = {"ssd_person": "2026-03-31", "ssd_send": "2026-03-30"}
    council.put(
        "extract_manifest",
        *({**base, "extract": name, "data_as_at": day} for name, day in days.items()),
    )
    assert council.check_in()["extract_manifest"].codes == "AS-AT-MIXED"


def test_a_column_that_older_scripts_lack_is_read_as_empty(council):
    visits = [{"cppv_cp_visit_id": f"v{n}", "cppv_cp_visit_date": "2019-07-01"} for n in (1, 2)]
    council.put("ssd_cp_visits", *visits, drop="cppv_person_id")
    receipt = council.check_in()["ssd_cp_visits"]
    assert (receipt.codes, receipt.loaded) == ("COLUMN-ABSENT", 2)
    assert council.rows("ssd_cp_visits", "cppv_person_id") == [(None,), (None,)]
    council.put("ssd_cp_visits", *visits)
    assert "FIELD-MISSING" in codes(council.check_in()["ssd_cp_visits"])


@pytest.mark.parametrize(
    ("extract", "row", "child", "leads_there"),
    [
        (
            "ssd_cp_visits",
            {"cppv_cp_visit_id": "1", "cppv_cp_visit_date": "2019-07-01"},
            "cppv_person_id",
            "cppv_cp_plan_id",
        ),
        ("ssd_cp_reviews", {"cppr_cp_review_id": "1"}, "cppr_person_id", "cppr_cp_plan_id"),
        (
            "ssd_involvements",
            {
                "invo_involvements_id": "1",
                "invo_professional_role_id": "CW",
                "invo_involvement_start_date": "2019-07-01",
            },
            "invo_person_id",
            "invo_referral_id",
        ),
    ],
)
def test_a_row_names_its_child_or_what_leads_there(council, extract, row, child, leads_there):
    key = EXTRACTS[extract].key[0]
    council.put(
        extract,
        {**row, key: "1", leads_there: "a"},
        {**row, key: "2", child: "c"},
        {**row, key: "3"},
    )
    assert "FIELD-MISSING" in codes(council.check_in()[extract])
    assert council.rows(extract, key) == [("1",), ("2",)]
    assert council.quarantined(extract) == [(4, ["FIELD-MISSING"])]


@pytest.mark.parametrize(
    ("extract", "row", "absent"),
    [
        ("ssd_person", CHILD, "pers_sex"),
        ("ssd_cin_episodes", referral(1), "cine_close_date"),
    ],
)
def test_a_column_that_need_not_be_filled_may_be_absent(council, extract, row, absent):
    council.put(extract, row, drop=absent)
    receipt = council.check_in()[extract]
    assert (receipt.outcome, receipt.codes) == ("accepted", "COLUMN-ABSENT")


def test_a_column_of_nearly_the_name_of_an_absent_one_refuses_the_file(council):
    council.put("ssd_cin_episodes", {**referral(1), "cine_close_dat": ""}, drop="cine_close_date")
    receipt = council.check_in()["ssd_cin_episodes"]
    assert receipt.codes == "HEADER-COLUMNS"
    assert "the missing one is `cine_close_date`" in receipt.findings[0]


@pytest.mark.parametrize("absent", ["pers_person_id", "cine_referral_date"])
def test_a_column_filled_in_every_row_may_not_be_absent(council, absent):
    extract = "ssd_person" if absent.startswith("pers") else "ssd_cin_episodes"
    row = {**(CHILD if extract == "ssd_person" else referral(1))}
    row.pop(absent)
    council.put(extract, row, drop=absent)
    assert council.check_in()[extract].codes == "HEADER-COLUMNS"


def test_what_no_figure_reads_sets_no_row_aside(council):
    enquiry = {"s47e_person_id": "c1", "s47e_s47_start_date": "2019-07-01"}
    council.put(
        "ssd_s47_enquiry",
        {**enquiry, "s47e_s47_enquiry_id": "q1", "s47e_s47_end_date": "31.12.19"},
        {**enquiry, "s47e_s47_enquiry_id": "q2", "s47e_s47_end_date": "2019-06-01"},
        {**enquiry, "s47e_s47_enquiry_id": "q3", "s47e_s47_end_date": "2019-08-01"},
    )
    receipt = council.check_in()["ssd_s47_enquiry"]
    assert (receipt.codes, receipt.loaded) == ("UNUSED-EMPTIED", 3)
    ends = council.rows("ssd_s47_enquiry", "s47e_s47_end_date")
    assert ends == [(None,), (None,), (date(2019, 8, 1),)]


def test_of_two_records_of_one_person_the_fuller_stands(council):
    born = {"pers_dob": "2012-07-05"}
    council.put(
        "ssd_person",
        {"pers_person_id": "c1", **born},
        {"pers_person_id": "c1"},
        {"pers_person_id": "c2", "pers_dob": "2012-07-06"},
        {"pers_person_id": "c2", **born},
        {"pers_person_id": "c3", **born, "pers_ethnicity": "WBRI"},
        {"pers_person_id": "c3", **born, "pers_ethnicity": "WIRI"},
    )
    receipt = council.check_in()["ssd_person"]
    assert set(receipt.codes.split()) == {"KEY-TWICE", "ROW-DUPLICATE"}
    assert (receipt.loaded, receipt.quarantined, receipt.duplicates) == (3, 0, 3)
    assert council.rows("ssd_person", "pers_dob") == [(date(2012, 7, 5),)] * 3


def test_an_end_before_its_start_sets_the_row_aside(council):
    council.put(
        "ssd_cin_episodes",
        referral(1, cine_close_date="2019-07-01"),
        referral(2, cine_close_date="2019-06-30"),
        referral(3, cine_close_date="1900-01-01"),
    )
    receipt = council.check_in()["ssd_cin_episodes"]
    assert receipt.findings[0].split(" | ")[:4] == [
        "END-BEFORE-START",
        "2026-03/ssd_cin_episodes.csv",
        "line 3",
        "cine_referral_date, cine_close_date",
    ]
    assert council.quarantined("ssd_cin_episodes") == [(3, ["END-BEFORE-START"])]
    assert len(council.rows("ssd_cin_episodes")) == 2


def test_siblings_may_share_an_enquiry_but_one_child_has_it_once(council):
    enquiry = {"s47e_s47_enquiry_id": "q1", "s47e_s47_start_date": "2019-07-01"}
    council.put(
        "ssd_s47_enquiry",
        {**enquiry, "s47e_person_id": "c1"},
        {**enquiry, "s47e_person_id": "c2"},
        {**enquiry, "s47e_person_id": "c3"},
        {**enquiry, "s47e_person_id": "c3", "s47e_s47_start_date": "2019-07-02"},
    )
    assert council.check_in()["ssd_s47_enquiry"].codes == "KEY-CONFLICT"
    assert len(council.rows("ssd_s47_enquiry")) == 2


def test_rows_of_the_same_words_but_other_notes_in_the_json_are_one(council):
    contact = {"cont_contact_id": "k", "cont_person_id": "c", "cont_contact_date": "2019-07-01"}
    council.put(
        "ssd_contacts",
        *({**contact, "cont_contact_outcome_json": f'{{"NOTE": "{n}"}}'} for n in range(2)),
    )
    receipt = council.check_in()["ssd_contacts"]
    assert (receipt.codes, receipt.loaded, receipt.duplicates) == ("ROW-DUPLICATE", 1, 1)


def test_the_same_delivery_gives_the_same_bytes(council):
    random = Random(7)
    some = [EXTRACTS[name] for name in ("ssd_person", "ssd_cin_episodes", "ssd_department")]
    for extract in some:
        rows = good_rows(extract, random, 200)
        council.put_bytes(extract.name, csv_bytes(extract.column_names, rows))
    council.check_in(contracts=some)
    files = [council.paths.raw_file(extract.name, council.month) for extract in some]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    council.check_in(contracts=some)
    assert [file.read_bytes() for file in files] == before


def test_what_the_ledger_said_before_is_never_changed(council):
    council.put("ssd_person", CHILD)
    council.check_in()
    before = read_receipts(council.paths)
    council.put("ssd_person", CHILD, OTHER)
    council.check_in()
    after = read_receipts(council.paths)
    assert after[: len(before)] == before
    assert [dataclasses.astuple(each)[0] for each in after[len(before) :]] == ["ssd_person"]


def test_the_latest_word_of_the_manifest_counts(council):
    council.put("ssd_cin_episodes", referral(1), referral(2, cine_referral_date="2026-03-30"))
    base = {
        "extract": "ssd_cin_episodes",
        "source_system": "x",
        "row_count": "2",
        "sha256": "0",
    }
    council.put(
        "extract_manifest",
        {**base, "extracted_at": "2026-04-02 01:00", "data_as_at": "2026-03-31"},
        {**base, "extracted_at": "2026-04-01 01:00", "data_as_at": "2026-03-01"},
    )
    assert council.check_in()["ssd_cin_episodes"].loaded == 2


def test_a_file_without_rows_is_written_anew_when_the_contract_has_other_columns(council):
    extract = EXTRACTS["ssd_department"]
    fewer = dataclasses.replace(extract, columns=extract.columns[:2])
    file = council.paths.empty_file(extract.name)
    ensure_empty(fewer, council.paths)
    before = file.read_bytes()
    ensure_empty(fewer, council.paths)
    assert file.read_bytes() == before
    ensure_empty(extract, council.paths)
    with duckdb.connect(":memory:") as connection:
        names = connection.execute(f"select * from '{file}'").description
    assert "dept_team_parent_id" in [name for name, *_ in names]
