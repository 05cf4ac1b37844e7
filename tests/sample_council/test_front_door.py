import json

import pandas as pd

from .reading import PLACEHOLDER, Tables, rows, working_days


def test_about_three_contacts_in_ten_become_a_referral_in_every_year(council: Tables) -> None:
    contacts = rows(council, "ssd_contacts")
    new = contacts["cont_contact_outcome_json"].str.contains(
        r'"NEW_REFERRAL_FLAG": "(?:Y|Yes|1|y|true)"'
    )

    share = new.groupby(contacts["cont_contact_date"].dt.year).mean()
    assert share.between(0.2, 0.45).all()


def test_every_referral_of_the_history_began_as_a_contact(council: Tables) -> None:
    contacts = rows(council, "ssd_contacts")
    referrals = rows(council, "ssd_cin_episodes")
    recent = referrals[referrals["cine_referral_date"] >= "2020-01-01"]
    joined = recent.merge(
        contacts,
        left_on=["cine_person_id", "cine_referral_date"],
        right_on=["cont_person_id", "cont_contact_date"],
    )

    # A few keys of either are orphans.
    assert joined["cine_referral_id"].nunique() > 0.99 * len(recent)
    flags = joined["cont_contact_outcome_json"].map(json.loads)
    assert flags.map(lambda each: each["NEW_REFERRAL_FLAG"] != "N").all()


def test_there_are_as_many_referrals_as_a_council_of_this_size_has(council: Tables) -> None:
    referrals = rows(council, "ssd_cin_episodes")
    years = referrals[referrals["cine_referral_date"] >= "2020-04-01"].groupby(
        (referrals["cine_referral_date"] - pd.DateOffset(months=3)).dt.year
    )

    # Wokingham had 1,348 to 1,778 a year; this council is a quarter of its size.
    assert years.size().between(270, 500).all()


def test_august_and_easter_are_quiet_and_november_and_march_busy(council: Tables) -> None:
    days = rows(council, "ssd_contacts")["cont_contact_date"].dt.normalize()
    months = days.groupby(days.dt.month).size()
    easter = days.isin(pd.date_range("2024-03-25", "2024-04-05")).sum()
    later = days.isin(pd.date_range("2024-04-15", "2024-04-26")).sum()

    assert months[8] < 0.8 * months[11]
    assert months[8] < 0.8 * months[3]
    assert easter < later
    assert (days.dt.day_of_week >= 5).mean() < 0.06


def test_children_come_back_within_a_year_as_often_as_elsewhere(council: Tables) -> None:
    referrals = rows(council, "ssd_cin_episodes").sort_values("cine_referral_date")
    days = referrals["cine_referral_date"].dt.normalize()
    before = days.groupby(referrals["cine_person_id"]).shift()
    again = before.notna() & (before >= days - pd.DateOffset(years=1)) & (before < days)

    # Wokingham: 16.3 to 24.6 % in recent years.
    assert 0.13 < again[days >= "2021-04-01"].mean() < 0.25


def test_siblings_are_referred_together(council: Tables) -> None:
    referrals = rows(council, "ssd_cin_episodes")
    together = referrals.groupby(referrals["cine_referral_id"].str.rsplit("-", n=1).str[0]).size()

    assert 0.2 < (together > 1).mean() < 0.6


def test_most_assessments_are_authorised_within_45_working_days(council: Tables) -> None:
    assessments = rows(council, "ssd_cin_assessments")
    done = assessments[
        assessments["cina_assessment_auth_date"] >= assessments["cina_assessment_start_date"]
    ]
    taken = working_days(done["cina_assessment_start_date"], done["cina_assessment_auth_date"])

    assert 0.8 < (taken <= 45).mean() < 0.92
    late = done[taken > 45]["cina_assessment_id"]
    reasons = rows(council, "ext_assessment_delays").set_index("assessment_id")["delay_reason"]
    assert 0.7 < late.isin(reasons.index).mean() < 1
    assert {"court proceedings", "uasc age or identity", "staffing"} <= set(reasons)
    assert (assessments["cina_assessment_auth_date"] == PLACEHOLDER).any()
