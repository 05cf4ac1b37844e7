import json

import pandas as pd

from orchestration.sample_council.traps import DUPLICATES

from .reading import PLACEHOLDER, Tables, as_at, rows


def test_some_open_assessments_carry_1900_01_01(council: Tables) -> None:
    assessments = rows(council, "ssd_cin_assessments")
    authorised = assessments["cina_assessment_auth_date"]

    assert (authorised == PLACEHOLDER).any()
    assert authorised.isna().any()
    assert (authorised == PLACEHOLDER).sum() < 0.6 * (
        authorised.isna().sum() + (authorised == PLACEHOLDER).sum()
    )


def test_yes_and_no_are_spelled_in_several_ways(council: Tables) -> None:
    spellings = set(council["ssd_cp_visits"]["cppv_cp_visit_seen_alone"].dropna())

    assert {"Y", "Yes", "1", "true", "N", "No", "0", "false"} <= spellings


def test_a_few_rows_come_twice_and_no_more(council: Tables) -> None:
    for extract in ("ssd_contacts", "ssd_cp_visits", "ssd_cla_visits", "ssd_involvements"):
        frame = council[extract]
        assert frame.duplicated().sum() <= DUPLICATES * len(frame), extract
    assert council["ssd_contacts"].duplicated().any()


def test_a_small_table_has_no_fault_that_would_be_a_large_share_of_it(tiny: Tables) -> None:
    unknown = [
        (name, column)
        for name, frame in tiny.items()
        for column in frame.select_dtypes(["object", "string"])
        if frame[column].astype("string").str.startswith("SAMPLE-UNKNOWN").any()
    ]

    assert unknown == []
    assert not any(frame.duplicated().any() for frame in tiny.values())


def test_young_people_leaving_care_come_twice_with_an_older_or_an_equal_contact(
    council: Tables,
) -> None:
    leavers = rows(council, "ssd_care_leavers")
    twice = leavers[leavers.duplicated("clea_person_id", keep=False)]
    contacts = twice.groupby("clea_person_id")["clea_care_leaver_latest_contact"]

    assert 1 <= twice["clea_person_id"].nunique() < 0.2 * leavers["clea_person_id"].nunique()
    assert contacts.size().max() == 2


def test_deaths_leave_plans_open_and_episodes_too(council: Tables) -> None:
    people = rows(council, "ssd_person").dropna(subset=["pers_death_date"])
    plans = rows(council, "ssd_cp_plans").merge(
        people, left_on="cppl_person_id", right_on="pers_person_id"
    )
    episodes = rows(council, "ssd_cla_episodes").merge(
        people, left_on="clae_person_id", right_on="pers_person_id"
    )
    visits = rows(council, "ssd_cp_visits").merge(
        people, left_on="cppv_person_id", right_on="pers_person_id"
    )

    assert 0 < len(people) < 0.005 * len(council["ssd_person"])
    assert plans["cppl_cp_plan_end_date"].isna().any()
    assert (
        episodes["clae_cla_episode_ceased_date"].isna()
        | (episodes["clae_cla_episode_ceased_date"] > episodes["pers_death_date"])
    ).any()
    assert (visits["cppv_cp_visit_date"] <= visits["pers_death_date"]).all()


def test_comments_in_outcomes_are_there_to_be_dropped_and_some_cannot_be_read(
    council: Tables,
) -> None:
    comments, unreadable = 0, 0
    for outcome in council["ssd_contacts"]["cont_contact_outcome_json"]:
        try:
            comments += "COMMENTS" in json.loads(outcome)
        except json.JSONDecodeError:
            unreadable += 1

    assert comments > 0
    assert 0 < unreadable < 0.01 * len(council["ssd_contacts"])


def test_assessments_and_decisions_that_run_backwards_are_few(council: Tables) -> None:
    assessments, decisions = council["ssd_cin_assessments"], council["ext_referral_decisions"]
    authorised = assessments["cina_assessment_auth_date"]
    early = authorised < assessments["cina_assessment_start_date"]

    assert 1 <= (early & (authorised != PLACEHOLDER)).sum() <= 3
    assert 1 <= (decisions["decision_at"] < decisions["received_at"]).sum() <= 3


def test_the_sen_system_sends_placeholders_and_exceptions(council: Tables) -> None:
    requests = council["ssd_ehcp_requests"]
    exceptions = rows(council, "ssd_ehcp_assessment")["ehca_ehcp_assessment_exceptions"]

    placeholders = requests[requests["ehcr_ehcp_request_id"] == "SSD_PH"]
    assert 1 <= len(placeholders) <= 3
    assert (placeholders["ehcr_ehcp_req_date"] == PLACEHOLDER).all()
    assert 0.01 < (exceptions == "1").mean() < 0.15
    assert exceptions.isna().any()
    assert {"Y", "N", "W", "A", "H"} <= set(requests["ehcr_ehcp_req_outcome"])


def test_early_help_knows_children_that_social_care_does_not(council: Tables) -> None:
    people = set(council["ssd_person"]["pers_person_id"])
    helped = rows(council, "ext_early_help_referrals")["person_id"]

    assert 0.02 < (~helped.isin(people)).mean() < 0.2
    assert rows(council, "ssd_early_help_episodes")["earl_person_id"].isin(people).all()


def test_what_was_not_entered_in_time_is_not_delivered(council: Tables) -> None:
    end = as_at(council) + pd.Timedelta(days=1)
    for extract, column in (
        ("ext_early_help_referrals", "recorded_at"),
        ("ext_early_help_assessments", "recorded_at"),
        ("ext_missing_episodes", "recorded_at"),
        ("ext_supervision", "recorded_date"),
    ):
        assert (council[extract][column].dropna() < end).all(), extract
    supervisions = rows(council, "ext_supervision")
    last = supervisions["due_date"].between(end - pd.Timedelta(days=31), as_at(council))
    missing = supervisions["supervision_date"].isna()
    assert missing[last].mean() > 2 * missing[supervisions["due_date"] < "2026-01-01"].mean()
