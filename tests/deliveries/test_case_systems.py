"""Other names and words of real case systems are read as what they stand for."""

import pytest

from orchestration.contract.case_systems import ALIASES, CODES, read_codes, read_names
from orchestration.contract.code_years import read_code_years
from orchestration.contract.extracts import ContractError
from orchestration.deliveries.in_use import write_in_use
from tests.deliveries.conftest import Council, read_rows

EPISODE = {
    "clae_cla_episode_id": "e",
    "clae_person_id": "p",
    "clae_cla_id": "c",
    "clae_cla_episode_start_date": "2025-01-06",
    "clae_cla_episode_start_reason": "S",
}


def test_the_older_name_of_a_column_is_accepted_and_counted(council: Council) -> None:
    episode = {**EPISODE, "clae_cla_episode_ceased": "2025-02-06"}
    council.put("ssd_cla_episodes", episode, drop="clae_cla_episode_ceased_date")
    receipt = council.check_in()["ssd_cla_episodes"]
    assert (receipt.outcome, receipt.codes) == ("accepted", "COLUMN-ALIAS")
    assert "| clae_cla_episode_ceased_date |" in receipt.findings[0]
    assert council.rows("ssd_cla_episodes", "clae_cla_episode_ceased_date::text") == [
        ("2025-02-06",)
    ]


def test_both_names_in_one_file_are_one_too_many(council: Council) -> None:
    council.put("ssd_cla_episodes", {**EPISODE, "clae_cla_episode_ceased": ""})
    assert council.check_in()["ssd_cla_episodes"].codes == "HEADER-DUPLICATE"


def test_a_number_that_a_script_writes_twice_is_one(council: Council) -> None:
    head = "cppv_cp_visit_id,cppv_person_id,cppv_cp_visit_id,cppv_cp_visit_date,cppv_cp_visit_seen"
    row = "v,p,{},2025-01-06,Y"
    for second, outcome in (("v", "accepted"), ("w", "refused")):
        content = f"{head}\n{row.format(second)}\n"
        council.put_bytes("ssd_cp_visits", content.encode())
        assert council.check_in()["ssd_cp_visits"].outcome == outcome


@pytest.mark.parametrize(("number", "kept"), [("", "S1"), ("N1", "N1")])
def test_another_number_of_a_worker_stands_in_where_there_is_none(
    council: Council, number: str, kept: str
) -> None:
    worker = {"prof_professional_id": number, "prof_staff_id": "S1"}
    council.put("ssd_professionals", worker)
    council.put(
        "ssd_involvements",
        {
            "invo_involvements_id": "i",
            "invo_person_id": "p",
            "invo_professional_id": kept,
            "invo_professional_role_id": "CW",
            "invo_involvement_start_date": "2025-01-06",
        },
    )
    assert council.check_in()["ssd_professionals"].outcome == "accepted"
    [(worker_hash,)] = council.rows("ssd_professionals", "prof_professional_id")
    assert council.rows("ssd_involvements", "invo_professional_id") == [(worker_hash,)]


def test_siblings_may_share_the_number_of_a_step(council: Council) -> None:
    """Each child keeps its row, and what refers to the number leads to the child's own."""
    referral = {"cine_referral_id": "r1", "cine_referral_date": "2025-01-06"}
    council.put(
        "ssd_cin_episodes",
        {**referral, "cine_person_id": "a"},
        {**referral, "cine_person_id": "b"},
        {**referral, "cine_person_id": "b"},
        {**referral, "cine_referral_id": "r2", "cine_person_id": "c"},
    )
    assessment = {"cina_referral_id": "r1", "cina_assessment_start_date": "2025-01-07"}
    council.put(
        "ssd_cin_assessments",
        *({**assessment, "cina_assessment_id": n, "cina_person_id": n} for n in ("a", "b", "c")),
    )
    receipts = council.check_in()
    receipt = receipts["ssd_cin_episodes"]
    assert (receipt.loaded, receipt.duplicates) == (3, 1)
    assert receipt.codes == "KEY-SHARED ROW-DUPLICATE"
    numbers = council.rows("ssd_cin_episodes", "cine_person_id, cine_referral_id")
    shared = {child: number for child, number in numbers if number.endswith(" R1")}
    assert all(number == f"{child} R1" for child, number in shared.items()) and len(shared) == 2
    led_to = council.rows("ssd_cin_assessments", "cina_person_id, cina_referral_id")
    assert {number for child, number in led_to if child in shared} == set(shared.values())
    # of a child who has no such referral it leads nowhere
    assert [number for child, number in led_to if child not in shared] == [None]
    assert "FK-ORPHAN" in receipts["ssd_cin_assessments"].codes


def test_a_code_that_a_script_leaves_empty_is_one_that_nobody_knows(council: Council) -> None:
    placement = {"clap_cla_id": "c", "clap_cla_placement_start_date": "2025-01-06"}
    rows = [{**placement, "clap_cla_placement_id": f"{n}"} for n in range(6)]
    council.put("ssd_cla_placement", {**rows[0], "clap_cla_placement_type": "U1"}, *rows[1:])
    receipt = council.check_in()["ssd_cla_placement"]
    assert (receipt.loaded, receipt.codes) == (6, "CODE-UNKNOWN")
    council.put("ssd_cla_placement", *rows)
    assert council.check_in()["ssd_cla_placement"].codes.startswith("CODES-UNMAPPED CODE-UNKNOWN")


@pytest.mark.parametrize(
    ("code", "start", "codes"),
    [
        ("K3", "2023-10-27", "CODE-OUT-OF-YEAR"),
        ("K3", "2023-10-28", ""),
        ("P2", "2023-10-28", ""),
        ("p2", "2023-10-29", "CODE-OUT-OF-YEAR"),
        ("Z1", "2025-03-31", ""),
        ("Z1", "2025-04-01", "CODE-OUT-OF-YEAR"),
        ("Z14", "2025-04-01", ""),
        ("U1", "2019-01-01", ""),
    ],
)
def test_a_code_is_remarked_on_outside_the_years_of_its_list(
    council: Council, code: str, start: str, codes: str
) -> None:
    placement = {"clap_cla_placement_id": "1", "clap_cla_id": "c"}
    told = {"clap_cla_placement_type": code, "clap_cla_placement_start_date": start}
    council.put("ssd_cla_placement", {**placement, **told})
    receipt = council.check_in()["ssd_cla_placement"]
    assert (receipt.loaded, receipt.codes) == (1, codes)


@pytest.mark.parametrize(
    ("activity", "month", "codes"),
    [
        ("F3", "2021-03", ""),
        ("F3", "2021-04", "CODE-OUT-OF-YEAR"),
        ("p4", "2021-03", "CODE-OUT-OF-YEAR"),
        ("F5", "2021-04", ""),
        ("G4", "2020-03", ""),
    ],
)
def test_of_a_row_without_a_day_the_last_one_that_the_delivery_covers_counts(
    council: Council, activity: str, month: str, codes: str
) -> None:
    leaver = {"clea_table_id": "1", "clea_person_id": "p", "clea_care_leaver_activity": activity}
    council.put(
        "ssd_care_leavers", {**leaver, "clea_care_leaver_eligibility": "Eligible"}, month=month
    )
    assert council.check_in(month)["ssd_care_leavers"].codes == codes


@pytest.mark.parametrize(
    ("written", "kept", "codes"),
    [
        ("U1 - Foster placement with relative or friend", "U1", ""),
        ("(h5a) Zebedee", "H5a", "CODE-OUT-OF-YEAR"),
        ("K2: Children's home", "K2", ""),
        ("U1-foster", "U1-foster", "CODE-UNKNOWN"),
        ("U9 - Foster placement", "U9 - Foster placement", "CODE-UNKNOWN"),
        ("U1 Zebedee's own", "U1 Zebedee's own", ""),
    ],
)
def test_a_code_with_its_meaning_behind_it_is_the_code_unless_the_councils_map_knows_it(
    council: Council, written: str, kept: str, codes: str
) -> None:
    mapped = {"column": "ssd_cla_placement.clap_cla_placement_type", "standard_value": "P1"}
    council.put("ref_code_maps", {"cms": "mosaic", "source_value": "U1 Zebedee's own", **mapped})
    placement = {"clap_cla_placement_id": "1", "clap_cla_id": "c"}
    told = {"clap_cla_placement_type": written, "clap_cla_placement_start_date": "2025-01-06"}
    council.put("ssd_cla_placement", {**placement, **told})
    assert council.check_in()["ssd_cla_placement"].codes == codes
    assert council.rows("ssd_cla_placement", "clap_cla_placement_type") == [(kept,)]


@pytest.mark.parametrize("told", [{"X9": {"since": "2025-04-01"}}, {"K3": {}}, {"K3": {"to": 1}}])
def test_years_of_no_code_or_without_a_day_are_a_fault(told: dict[str, dict[str, str]]) -> None:
    with pytest.raises(ContractError, match=r"code_years\.yml"):
        read_code_years({"ssd_cla_placement.clap_cla_placement_type": told})


def test_rows_that_a_script_gives_no_number_are_numbered(council: Council) -> None:
    leaver = {"clea_care_leaver_eligibility": "b) Former relevant child"}
    council.put(
        "ssd_care_leavers", *({**leaver, "clea_person_id": n} for n in "ab"), drop="clea_table_id"
    )
    assert council.check_in()["ssd_care_leavers"].outcome == "refused"
    council.put("ssd_care_leavers", *({**leaver, "clea_person_id": n} for n in "ab"))
    receipt = council.check_in()["ssd_care_leavers"]
    assert (receipt.loaded, receipt.codes) == (2, "KEY-EMPTY")


def test_a_role_is_explained_where_a_system_is_known_to_write_it(council: Council) -> None:
    row = {
        "invo_involvements_id": "i",
        "invo_person_id": "p",
        "invo_professional_id": "w",
        "invo_involvement_start_date": "2025-01-06",
    }
    for role, is_known in (("SW-1", False), ("cw", True), ("Allocated Case Worker", True)):
        council.put("ssd_involvements", {**row, "invo_professional_role_id": role})
        council.check_in()
        write_in_use(council.paths)
        file = council.paths.raw / "accepted_deliveries" / "accepted_deliveries.parquet"
        found = read_rows(file, "extract_name, delivery_month is not null")
        name = "ref_code_maps for ssd_involvements.invo_professional_role_id"
        assert dict(found)[name] is is_known


def test_another_strange_name_is_still_answered_with_advice(council: Council) -> None:
    episode = {**EPISODE, "clae_episode_ceased": ""}
    council.put("ssd_cla_episodes", episode, drop="clae_cla_episode_ceased_date")
    receipt = council.check_in()["ssd_cla_episodes"]
    assert receipt.codes == "HEADER-COLUMNS"
    assert "the missing one is `clae_cla_episode_ceased_date`" in receipt.findings[0]


def standard_codes(council: Council) -> dict[str, str]:
    write_in_use(council.paths)
    file = council.paths.raw / "standard_codes" / "standard_codes.parquet"
    return dict(read_rows(file, "source_value, standard_value"))


def test_a_systems_words_need_no_map_of_the_council(council: Council) -> None:
    rows = [
        {
            "miss_table_id": f"{n}",
            "miss_person_id": "p",
            "miss_missing_episode_start_date": "2025-01-06",
            "miss_missing_episode_type": word,
        }
        for n, word in enumerate(("M", "a", "Missing"))
    ]
    council.put("ssd_missing", *rows)
    receipt = council.check_in()["ssd_missing"]
    assert (receipt.outcome, receipt.codes) == ("accepted", "")
    assert standard_codes(council)["m"] == "Missing"


def test_an_exception_told_by_yes_or_no_is_one_or_none(council: Council) -> None:
    said = {"y": "1", "yes": "1", "true": "1", "n": "0", "no": "0", "false": "0"}
    rows = [
        {
            "ehca_ehcp_assessment_id": word,
            "ehca_ehcp_request_id": "r",
            "ehca_ehcp_assessment_outcome": "Y",
            "ehca_ehcp_assessment_outcome_date": "2025-05-06",
            "ehca_ehcp_assessment_exceptions": word.upper(),
        }
        for word in said
    ]
    council.put("ssd_ehcp_assessment", *rows)
    assert council.check_in()["ssd_ehcp_assessment"].codes == ""
    assert standard_codes(council).items() >= said.items()


def test_the_councils_own_map_wins(council: Council) -> None:
    row = {"cms": "mosaic", "column": "ssd_missing.miss_missing_episode_type"}
    council.put("ref_code_maps", {**row, "source_value": "M", "standard_value": "Away"})
    council.check_in()
    assert standard_codes(council)["m"] == "Away"
    assert standard_codes(council)["a"] == "Away"


@pytest.mark.parametrize(
    "entry",
    [
        {"extract": "ssd_cla_episodes", "name": "x", "column": "y"},
        {"extract": "ssd_nothing", "name": "x", "column": "clae_cla_id"},
        {"extract": "ssd_cla_episodes", "name": "clae_person_id", "column": "clae_cla_id"},
    ],
)
def test_a_name_that_leads_nowhere_or_is_taken_is_a_fault(entry: dict[str, str]) -> None:
    with pytest.raises(ContractError, match=r"case_systems\.yml"):
        read_names([entry])


@pytest.mark.parametrize(
    "words",
    [{"Nowhere": ["x"]}, {"Missing": ["Away"]}, {"Missing": ["x"], "Away": ["X"]}],
)
def test_a_word_without_a_code_or_with_two_is_a_fault(words: dict[str, list[str]]) -> None:
    entry = {"system": "s", "column": "ssd_missing.miss_missing_episode_type", "words": words}
    with pytest.raises(ContractError, match=r"case_systems\.yml"):
        read_codes({"codes": [entry]})


def test_names_and_words_are_there() -> None:
    assert ALIASES["ssd_cla_episodes"]["clae_cla_episode_ceased"] == "clae_cla_episode_ceased_date"
    assert {system for system in CODES.values()} >= {"Missing", "S", "1"}
