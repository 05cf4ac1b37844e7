"""The contract is complete in itself, and a faulty entry is named."""

import re
from datetime import date
from itertools import permutations

import pytest

from orchestration.contract.extracts import (
    EXTRACTS,
    EXTRACTS_FILE,
    INDICATOR_RETURNS,
    ROW_LEVEL,
    ContractError,
    read_contract,
)
from orchestration.deliveries.messages import CODES
from orchestration.deliveries.rows.rules import doubts, rules

ALL = EXTRACTS.values()


def test_it_holds_every_extract_that_a_council_may_deliver():
    kinds = [extract.class_ for extract in ALL]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "ssd": 22,
        "sen": 4,
        "local": 15,
        "reference": 4,
        "manifest": 1,
        "figures": 1,
    }
    assert [*ROW_LEVEL, INDICATOR_RETURNS] == list(ALL)
    assert [extract.name for extract in ALL if extract.history == "snapshot"] == [
        "ssd_care_leavers",
        "extract_manifest",
        "indicator_returns",
    ]


def test_a_return_has_the_columns_agreed_with_councils():
    assert INDICATOR_RETURNS.column_names == (
        "indicator_id",
        "geography_code",
        "period_type",
        "period_start",
        "period_end",
        "numerator",
        "denominator",
        "value",
        "source_note",
    )
    assert INDICATOR_RETURNS.file_name == "indicator_returns.csv"


def test_whoever_says_who_a_child_or_a_worker_is_counts_as_a_person():
    named = {
        f"{extract.name}.{column.name}"
        for extract in ALL
        for column in extract.columns
        if re.search("person_id|professional_id|worker_id|pupil_id|family_id", column.name)
    }
    persons = {
        f"{extract.name}.{column.name}"
        for extract in ALL
        for column in extract.columns
        if column.person
    }
    assert persons == named | {"ssd_send.send_table_id", "ssd_ehcp_requests.ehcr_send_table_id"}


def test_no_file_name_can_be_taken_for_that_of_another_extract():
    letters = [re.sub("[^a-z]", "", extract.name) for extract in ALL]
    assert not [pair for pair in permutations(letters, 2) if pair[0].startswith(pair[1])]


@pytest.mark.parametrize("extract", ALL, ids=list(EXTRACTS))
def test_every_rule_has_a_code_with_texts_and_names_columns_of_the_contract(extract):
    for rule in rules(extract, date(2022, 3, 31)):
        assert CODES[rule.code].outcome == "quarantine", rule.code
        assert rule.column is None or set(rule.column.split(", ")) <= set(extract.column_names)
    for rule in doubts(extract, date(2026, 3, 31), set()):
        assert CODES[rule.code].outcome == "warn", rule.code
        assert rule.column and set(rule.column.split(", ")) <= set(extract.column_names)


FAULTS = {
    "a field nobody knows": ("grain: one row per team", "grane: x", "ssd_department: unknown"),
    "a column without description": (
        '{name: miss_table_id, required: true, description: "Number of the incident."}',
        "{name: miss_table_id, required: true}",
        "ssd_missing.miss_table_id: without description",
    ),
    "an extract twice": ("name: ssd_send\n", "name: ssd_missing\n", "ssd_missing: stands there"),
    "a type nobody knows": ("type: json", "type: xml", "ssd_contacts.cont_contact_outcome_json"),
    "a key that may be empty": (
        "{name: dept_team_id, required: true,",
        "{name: dept_team_id,",
        "ssd_department: a key of columns that are not required",
    ),
    "a reference to nothing": (
        "refers_to: ext_missing_episodes.missing_id",
        "refers_to: ext_missing_episodes.incident",
        "ext_return_interviews.missing_id: refers to",
    ),
    "a person known by an open key": (
        "{name: prof_professional_id, required: true, person: true,",
        "{name: prof_professional_id, required: true,",
        "invo_professional_id: says who somebody is",
    ),
    "a code without codes": (
        "type: code, in_figures: false, allowed: [F, M, U],",
        "type: code, in_figures: false,",
        "ssd_person.pers_sex: a code without its codes",
    ),
    "codes that YAML takes for something else": (
        'allowed: ["1", "0"]',
        "allowed: [1, 0]",
        "ehca_ehcp_assessment_exceptions: allowed of a kind",
    ),
    "an end before a text": (
        "not_before: supervision_date",
        "not_before: team_id",
        "ext_supervision.recorded_date: not before team_id",
    ),
    "a rule about another column": (
        "columns: [vacancy_covered_by_agency_fte]",
        "columns: [vacancies]",
        "ext_workforce_vacancies: a rule about a column that is not there",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_entry_is_named(case, tmp_path):
    right, wrong, told = FAULTS[case]
    text = EXTRACTS_FILE.read_text(encoding="utf-8")
    assert text.count(right) == 1
    file = tmp_path / "extracts.yml"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ContractError, match=f"extracts.yml: .*{re.escape(told)}"):
        read_contract(file)
