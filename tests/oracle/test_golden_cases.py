"""The agreed worked examples, rebuilt as tiny deliveries."""

from datetime import date

import pandas as pd
import pytest

from . import figures
from .small_tables import GSS, OWN_AUTHORITY, Rows, delivery, figure, persons

WITHIN_45WD, CP_VISITS = "assessments_within_45wd_pct", "cp_visits_within_10wd_pct"


def assessments(month: str, in_time: int, total: int) -> Rows:
    return [
        {
            "cina_assessment_id": f"{month}-{number}",
            "cina_assessment_start_date": f"{month}-01" if number < in_time else "2018-01-02",
            "cina_assessment_auth_date": f"{month}-28",
        }
        for number in range(total)
    ]


def test_a_quarter_pools_its_months() -> None:
    rows = (
        assessments("2019-04", 1, 2) + assessments("2019-05", 9, 10) + assessments("2019-06", 4, 8)
    )
    tables = delivery(ssd_cin_assessments=rows)
    assert figure(tables, WITHIN_45WD, "2019-04") == (1, 2, 50)
    assert figure(tables, WITHIN_45WD, "2019-05") == (9, 10, 90)
    assert figure(tables, WITHIN_45WD, "2019-06") == (4, 8, 50)
    assert figure(tables, WITHIN_45WD, "2019-06", "quarter") == (14, 20, 70)


def incidents(*children: tuple[str, str]) -> Rows:
    return [
        {"missing_id": f"{child}{began}", "person_id": child, "missing_from_at": began}
        for child, began in children
    ]


def test_children_missing_in_several_months_count_once_in_the_quarter() -> None:
    tables = delivery(
        ssd_person=persons("A", "B", "C"),
        ext_missing_episodes=incidents(
            ("A", "2019-04-03 10:00"),
            ("B", "2019-04-09 10:00"),
            ("A", "2019-05-03 10:00"),
            ("A", "2019-06-03 10:00"),
            ("C", "2019-06-09 10:00"),
        ),
    )
    by_month = [
        figure(tables, "missing_children_count", month)
        for month in ("2019-04", "2019-05", "2019-06")
    ]
    assert by_month == [(2, None, 2), (1, None, 1), (2, None, 2)]
    assert figure(tables, "missing_children_count", "2019-06", "quarter") == (3, None, 3)


def missing_once(began: str, returned: str) -> dict[str, pd.DataFrame]:
    incident = {"missing_from_at": began, "returned_at": returned, "time_precision": "minute"}
    return delivery(
        ext_missing_episodes=[{"missing_id": "1", "person_id": "A", "setting": "home", **incident}]
    )


def test_an_incident_over_the_month_end_counts_when_it_began_and_lasts_when_it_ended() -> None:
    tables = missing_once("2019-04-30 22:00", "2019-05-02 03:00")
    assert figure(tables, "missing_incidents_count", "2019-04") == (1, None, 1)
    assert figure(tables, "missing_incidents_count", "2019-05") == (0, None, 0)
    assert figure(tables, "missing_duration_median_hours", "2019-04") == (None, 0, None)
    assert figure(tables, "missing_duration_median_hours", "2019-05") == (None, 1, 29)


def test_the_hour_lost_in_spring_is_not_counted() -> None:
    tables = missing_once("2019-03-30 22:00", "2019-03-31 06:00")
    assert figure(tables, "missing_duration_median_hours", "2019-03") == (None, 1, 7)


def test_a_snapshot_period_has_the_value_of_its_last_month_end() -> None:
    month_ends = [270, 275, 278] + [280] * 8 + [300]  # April 2019 to March 2020
    starts = [f"2019-{month:02d}-15" for month in range(4, 13)]
    starts += [f"2020-{month:02d}-15" for month in range(1, 4)]
    entered, so_far = [], 0
    for number, start in zip(month_ends, starts, strict=True):
        entered += [start] * (number - so_far)
        so_far = number
    rows = [
        {
            "clae_cla_episode_id": str(number),
            "clae_person_id": str(number),
            "clae_cla_id": str(number),
            "clae_cla_episode_start_date": start,
        }
        for number, start in enumerate(entered)
    ]
    tables = delivery(ssd_cla_episodes=rows, ssd_legal_status=[])
    assert figure(tables, "cic_count", "2019-06", "quarter") == (278, None, 278)
    found = figures(tables, date(2020, 3, 31), GSS, OWN_AUTHORITY)
    year = found[
        (found["indicator_id"] == "cic_count")
        & (found["period_type"] == "financial_year")
        & (found["period_end"] == date(2020, 3, 31))
    ].iloc[0]
    assert year["value"] == 300
    assert year["month_end_mean"] == pytest.approx(sum(month_ends) / 12)


def referrals(*rows: tuple[str, str]) -> dict[str, pd.DataFrame]:
    return delivery(
        ssd_cin_episodes=[
            {"cine_referral_id": str(n), "cine_person_id": child, "cine_referral_date": on}
            for n, (child, on) in enumerate(rows)
        ]
    )


@pytest.mark.parametrize(("second", "again"), [("2019-05-01", 1), ("2019-05-02", 0)])
def test_twelve_months_to_the_day_is_a_rereferral(second: str, again: int) -> None:
    tables = referrals(("A", "2018-05-01"), ("A", second))
    assert figure(tables, "rereferrals_12m_pct", "2019-05") == (again, 1, 100 * again)


def test_siblings_referred_on_one_day_are_not_rereferrals() -> None:
    tables = referrals(("A", "2019-05-01"), ("B", "2019-05-01"))
    assert figure(tables, "rereferrals_12m_pct", "2019-05") == (0, 2, 0)


@pytest.mark.parametrize(("held", "in_time"), [("2019-07-22", 1), ("2019-07-23", 0)])
def test_a_conference_is_in_time_on_the_fifteenth_working_day(held: str, in_time: int) -> None:
    enquiry = {
        "s47e_s47_enquiry_id": "E",
        "s47e_person_id": "A",
        "s47e_s47_start_date": "2019-07-01",
    }
    conference = {"icpc_icpc_id": "C", "icpc_person_id": "A", "icpc_s47_enquiry_id": "E"}
    tables = delivery(
        ssd_s47_enquiry=[enquiry],
        ssd_initial_cp_conference=[{**conference, "icpc_icpc_date": held}],
    )
    assert figure(tables, "icpc_within_15wd_pct", "2019-07") == (in_time, 1, 100 * in_time)


def plan_and_visits(*visits: tuple[str, str], end: str | None = None) -> dict[str, pd.DataFrame]:
    plan = {
        "cppl_cp_plan_id": "P",
        "cppl_person_id": "A",
        "cppl_cp_plan_start_date": "2019-07-01",
        "cppl_cp_plan_end_date": end,
    }
    rows = [
        {
            "cppv_cp_visit_id": on,
            "cppv_person_id": "A",
            "cppv_cp_visit_date": on,
            "cppv_cp_visit_seen": seen,
        }
        for on, seen in visits
    ]
    return delivery(ssd_person=persons("A"), ssd_cp_plans=[plan], ssd_cp_visits=rows)


def test_due_dates_roll_on_from_every_visit() -> None:
    tables = plan_and_visits(("2019-07-12", "Y"), ("2019-07-30", "Y"))
    assert figure(tables, CP_VISITS, "2019-07") == (1, 2, 50)
    # Next due 13 August, missed, and again ten working days later.
    assert figure(tables, CP_VISITS, "2019-08", as_at=date(2019, 9, 30)) == (0, 2, 0)


def test_a_visit_without_the_child_does_not_count() -> None:
    tables = plan_and_visits(("2019-07-12", "N"))
    assert figure(tables, CP_VISITS, "2019-07") == (0, 2, 0)  # due 15 and 29 July


def test_nothing_falls_due_after_the_plan_has_ended() -> None:
    tables = plan_and_visits(("2019-07-12", "Y"), end="2019-07-20")
    assert figure(tables, CP_VISITS, "2019-07") == (1, 1, 100)


def test_a_plan_issued_late_under_an_exception_is_on_neither_side() -> None:
    request = {
        "ehcr_ehcp_request_id": "R",
        "ehcr_ehcp_req_date": "2019-01-02",
        "ehcr_ehcp_req_outcome": "Y",
    }
    assessment = {
        "ehca_ehcp_assessment_id": "S",
        "ehca_ehcp_request_id": "R",
        "ehca_ehcp_assessment_outcome": "Y",
        "ehca_ehcp_assessment_outcome_date": "2019-07-21",
        "ehca_ehcp_assessment_exceptions": "1",
    }
    tables = delivery(ssd_ehcp_requests=[request], ssd_ehcp_assessment=[assessment])
    assert figure(tables, "ehcp_issued_within_20wk_pct", "2019-07") == (0, 0, None)
    assert figure(tables, "ehcp_new_plans_issued_count", "2019-07") == (1, None, 1)


def test_three_unsuitable_in_a_hundred_is_ninety_seven_per_cent() -> None:
    ids = [str(number) for number in range(100)]
    leavers = [
        {
            "clea_table_id": person,
            "clea_person_id": person,
            "clea_care_leaver_eligibility": "Former Relevant",
            "clea_care_leaver_accom_suitable": "2" if int(person) < 3 else "1",
        }
        for person in ids
    ]
    tables = delivery(ssd_person=persons(*ids, pers_dob="2000-01-01"), ssd_care_leavers=leavers)
    assert figure(tables, "cl_suitable_accommodation_pct", "2019-12") == (97, 100, 97)
    assert figure(tables, "cl_count", "2019-12") == (100, None, 100)


def test_a_placeholder_authorisation_date_leaves_the_assessment_open() -> None:
    row = {
        "cina_assessment_id": "S",
        "cina_assessment_start_date": "2019-10-01",
        "cina_assessment_auth_date": "1900-01-01",
    }
    tables = delivery(ssd_cin_assessments=[row])
    assert figure(tables, WITHIN_45WD, "2019-12") == (0, 0, None)
    assert figure(tables, "assessments_open_over_45wd_count", "2019-12") == (1, None, 1)


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [(date(2019, 4, 30), (0, 0, None)), (date(2019, 5, 2), (0, 1, 0))],
)
def test_an_interview_not_done_is_pending_until_three_working_days_have_passed(
    as_at: date, expected: tuple[int, int, float | None]
) -> None:
    incident = {"missing_id": "1", "missing_from_at": "2019-04-28 20:00"}
    interview = {"rhi_id": "1", "missing_id": "1", "interview_needed": "Y"}
    tables = delivery(
        ext_missing_episodes=[{**incident, "returned_at": "2019-04-29 09:00"}],
        ext_return_interviews=[interview],
    )
    assert figure(tables, "rhi_within_3wd_pct", "2019-04", as_at=as_at) == expected


def test_an_annual_indicator_has_no_month_or_quarter() -> None:
    exclusion = {
        "exclusion_id": "1",
        "exclusion_type": "PERM",
        "exclusion_start_date": "2018-11-05",
    }
    heads = {"la_code": OWN_AUTHORITY, "academic_year": "2018/19", "phase": "total"}
    tables = delivery(ext_exclusions=[exclusion], ref_pupil_headcount=[{**heads, "headcount": 500}])
    found = figures(tables, date(2019, 12, 31), GSS, OWN_AUTHORITY)
    rows = found[found["indicator_id"] == "permanent_exclusion_rate_pct"]
    assert set(rows["period_type"]) == {"academic_year"}
    row = rows[rows["period_end"] == date(2019, 8, 31)].iloc[0]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 500, 0.2)
