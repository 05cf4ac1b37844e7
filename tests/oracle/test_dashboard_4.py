"""Boundaries of the child protection indicators."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from .small_tables import OWN_AUTHORITY, Rows, delivery, figure, parts, persons

WITHIN_10WD, WITHIN_15WD = "cp_visits_within_10wd_pct", "cp_visits_within_15wd_pct"


def plan(start: str, end: str | None = None, number: str = "P", **more: Any) -> dict[str, Any]:
    return {
        "cppl_cp_plan_id": number,
        "cppl_person_id": "A",
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
        **more,
    }


def visit(on: str, seen: str | None = "Y", **more: Any) -> dict[str, Any]:
    return {
        "cppv_cp_visit_id": on,
        "cppv_person_id": "A",
        "cppv_cp_visit_date": on,
        "cppv_cp_visit_seen": seen,
        **more,
    }


def protected(plans: Rows, **extracts: Rows) -> dict[str, pd.DataFrame]:
    return delivery(**{"ssd_person": persons("A"), "ssd_cp_plans": plans, **extracts})


@pytest.mark.parametrize(
    ("plans", "counted"),
    [
        pytest.param([plan("2019-07-31")], 1, id="began that day"),
        pytest.param([plan("2019-07-01", "2019-07-31")], 0, id="ended that day"),
        pytest.param([plan("2019-07-01", cppl_cp_plan_ola="Yes")], 0, id="another authority's"),
        pytest.param([plan("2019-07-01", cppl_cp_plan_ola=None)], 1, id="authority not said"),
        pytest.param([plan("2019-07-01"), plan("2019-07-02", number="Q")], 1, id="two plans"),
        pytest.param([plan("2019-07-01", cppl_person_id="nobody")], 0, id="unknown child"),
        pytest.param([plan("2019-07-31", "2019-07-31")], 0, id="began and ended that day"),
    ],
)
def test_children_on_a_plan_at_the_month_end(plans: Rows, counted: int) -> None:
    tables = protected(plans)
    assert figure(tables, "cp_plans_open_count", "2019-07") == (counted, None, counted)


def test_a_child_who_died_is_no_longer_on_a_plan_and_an_unborn_one_is() -> None:
    dead = persons("A", pers_death_date="2019-07-31")
    tables = protected([plan("2019-07-01")], ssd_person=dead)
    assert figure(tables, "cp_plans_open_count", "2019-07") == (0, None, 0)
    unborn = persons("A", pers_dob=None, pers_expected_dob="2019-11-01")
    tables = protected([plan("2019-07-01")], ssd_person=unborn)
    assert figure(tables, "cp_plans_open_count", "2019-07") == (1, None, 1)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2026-03", (1, 4, 0.25)),
        ("2026-04", (1, 5, 0.2)),
        ("2019-07", (1, None, None)),
    ],
)
def test_the_rate_uses_the_population_in_force_at_the_month_end(
    month: str, expected: tuple[int, float | None, float | None]
) -> None:
    rows = [
        (OWN_AUTHORITY, 2024, 40_000, "2025-06-01"),
        (OWN_AUTHORITY, 2023, 30_000, "2025-06-01"),
        (OWN_AUTHORITY, 2025, 50_000, "2026-04-01"),
        ("841", 2025, 90_000, "2018-04-01"),
    ]
    columns = ("la_code", "mid_year", "population_0_17", "in_force_from")
    population = [dict(zip(columns, row, strict=True)) for row in rows]
    tables = protected([plan("2019-07-01")], ref_population=population)
    assert figure(tables, "cp_plans_rate_per_10k", month) == expected


def enquiry(number: str, start: str, child: str = "A") -> dict[str, Any]:
    return {"s47e_s47_enquiry_id": number, "s47e_person_id": child, "s47e_s47_start_date": start}


@pytest.mark.parametrize(
    ("enquiries", "named", "transfer_in", "held", "expected"),
    [
        pytest.param([enquiry("E", "2019-07-01")], "E", "N", "2019-07-22", (1, 1), id="15 days"),
        pytest.param([enquiry("E", "2019-07-01")], "E", "N", "2019-07-23", (0, 1), id="16 days"),
        pytest.param([enquiry("E", "2019-07-01")], "E", "Y", "2019-07-22", (0, 0), id="transfer"),
        pytest.param([enquiry("E", "2019-07-22")], "E", "N", "2019-07-19", (0, 0), id="before it"),
        pytest.param(
            [enquiry("E", "2019-07-22"), enquiry("F", "2019-07-01")],
            "E",
            "N",
            "2019-07-19",
            (0, 0),
            id="the named one begins later: no other is taken",
        ),
        pytest.param(
            [enquiry("E", "2019-01-07"), enquiry("F", "2019-07-01")],
            "-1",
            "N",
            "2019-07-19",
            (1, 1),
            id="none named: the latest one",
        ),
        pytest.param(
            [enquiry("E", "2019-01-07", "B"), enquiry("F", "2019-07-01")],
            "E",
            "N",
            "2019-07-19",
            (1, 1),
            id="the named one is a sibling's",
        ),
        pytest.param([], "E", "N", "2019-07-19", (0, 0), id="no enquiry"),
    ],
)
def test_a_conference_is_timed_from_the_childs_enquiry(
    enquiries: Rows, named: str, transfer_in: str, held: str, expected: tuple[int, int]
) -> None:
    conference = {
        "icpc_icpc_id": "C",
        "icpc_person_id": "A",
        "icpc_s47_enquiry_id": named,
        "icpc_icpc_transfer_in": transfer_in,
        "icpc_icpc_date": held,
    }
    tables = delivery(
        ssd_person=persons("A", "B"),
        ssd_s47_enquiry=enquiries,
        ssd_initial_cp_conference=[conference],
    )
    found = figure(tables, "icpc_within_15wd_pct", "2019-07")
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(
    ("visits", "end", "by_month"),
    [
        pytest.param(
            [visit("2019-07-12"), visit("2019-07-30")], None, [(1, 2), (0, 2)], id="rolling"
        ),
        pytest.param([visit("2019-07-12", "N")], None, [(0, 2), (0, 2)], id="never seen"),
        pytest.param([visit("2019-07-29")], None, [(1, 2), (0, 2)], id="seen when due again"),
        pytest.param([visit("2019-07-26")], None, [(0, 1), (0, 2)], id="seen before due again"),
        pytest.param([visit("2019-07-01")], None, [(0, 2), (0, 2)], id="on the first day"),
        pytest.param([visit("2019-07-12")], "2019-07-26", [(1, 2), (0, 0)], id="due on the end"),
        pytest.param([visit("2019-07-12")], "2019-07-25", [(1, 1), (0, 0)], id="ended before"),
    ],
)
def test_visits_fall_due_every_ten_working_days(
    visits: Rows, end: str | None, by_month: list[tuple[int, int]]
) -> None:
    tables = protected([plan("2019-07-01", end)], ssd_cp_visits=visits)
    for month, expected in zip(("2019-07", "2019-08"), by_month, strict=True):
        found = figure(tables, WITHIN_10WD, month, as_at=date(2019, 12, 31))
        assert found is not None
        assert found[:2] == expected


def test_a_visit_counts_for_an_unborn_child_and_through_its_plan() -> None:
    unborn = persons("A", pers_dob=None, pers_expected_dob="2019-07-13")
    before = visit("2019-07-12", "N")
    nameless = visit("2019-07-12", cppv_person_id=None, cppv_cp_plan_id="P")
    for people, row in ((unborn, before), (persons("A"), nameless)):
        tables = protected([plan("2019-07-01")], ssd_cp_visits=[row], ssd_person=people)
        assert figure(tables, WITHIN_10WD, "2019-07") == (1, 2, 50)
    born = persons("A", pers_dob="2019-07-12")
    tables = protected([plan("2019-07-01")], ssd_cp_visits=[before], ssd_person=born)
    assert figure(tables, WITHIN_10WD, "2019-07") == (0, 2, 0)


@pytest.mark.parametrize(("on", "met"), [("2019-07-22", 1), ("2019-07-23", 0)])
def test_the_longer_interval_is_fifteen_working_days(on: str, met: int) -> None:
    tables = protected([plan("2019-07-01")], ssd_cp_visits=[visit(on)])
    assert figure(tables, WITHIN_15WD, "2019-07") == (met, 1, 100 * met)


@pytest.mark.parametrize(
    ("start", "visits", "unseen_for"),
    [
        pytest.param("2019-07-01", [visit("2019-07-17")], None, id="10 days ago"),
        pytest.param("2019-07-01", [visit("2019-07-16")], "11 to 15", id="11 days ago"),
        pytest.param("2019-07-01", [visit("2019-07-10")], "11 to 15", id="15 days ago"),
        pytest.param("2019-07-01", [visit("2019-07-09")], "over 15", id="16 days ago"),
        pytest.param("2019-07-22", [], None, id="plan just begun"),
        pytest.param("2019-07-01", [visit("2019-07-17", "N")], "over 15", id="not seen"),
        pytest.param("2019-07-01", [visit("2019-08-01")], "over 15", id="visited after the day"),
    ],
)
def test_the_last_visit_was_long_ago_after_ten_working_days(
    start: str, visits: Rows, unseen_for: str | None
) -> None:
    tables = protected([plan(start)], ssd_cp_visits=visits)
    name, later = "cp_children_last_visit_over_10wd_count", date(2019, 8, 31)
    counted = int(unseen_for is not None)
    assert figure(tables, name, "2019-07", as_at=later) == (counted, None, counted)
    expected = {f"{unseen_for} working days": (1, None, 1)} if unseen_for else {}
    assert parts(tables, name, "2019-07", "unseen_for") == expected


@pytest.mark.parametrize(
    ("meeting", "shared", "in_time"),
    [
        ("RCPC", "2026-06-05", 1),
        ("RCPC", "2026-06-08", 0),
        ("ICPC", "2026-06-10", 1),
        ("ICPC", "2026-06-11", 0),
        ("ICPC", "2026-06-15", 0),
        ("ICPC", None, 0),
    ],
)
def test_a_report_is_shared_some_working_days_before_the_conference(
    meeting: str, shared: str | None, in_time: int
) -> None:
    report = {
        "report_id": "1",
        "meeting_type": meeting,
        "meeting_date": "2026-06-12",
        "shared_date": shared,
    }
    not_needed = {**report, "report_id": "2", "not_required_flag": "Y"}
    care = {**report, "report_id": "3", "meeting_type": "CIC_REVIEW"}
    tables = delivery(ext_sw_reports=[report, not_needed, care])
    expected = (in_time, 1, 100 * in_time)
    assert figure(tables, "cp_reports_shared_on_time_pct", "2026-06") == expected


def test_reports_split_by_dual_plan() -> None:
    report = {"meeting_type": "ICPC", "meeting_date": "2026-06-12"}
    rows = [
        {**report, "report_id": "1", "dual_plan_flag": "1", "shared_date": "2026-06-01"},
        {**report, "report_id": "2", "dual_plan_flag": "N"},
    ]
    found = parts(
        delivery(ext_sw_reports=rows), "cp_reports_shared_on_time_pct", "2026-06", "dual_plan"
    )
    assert found == {"Y": (1, 1, 100), "N": (0, 1, 0)}


ROLE_MAP = {
    "cms": "mosaic",
    "column": "ssd_involvements.invo_professional_role_id",
    "source_value": "R1",
    "standard_value": "allocated_social_worker",
}


@pytest.mark.parametrize(
    ("end", "role", "registration", "allocated"),
    [
        pytest.param(None, "R1", "SW123", 1, id="allocated"),
        pytest.param("2019-07-31", "R1", "SW123", 0, id="ended that day"),
        pytest.param(None, "R2", "SW123", 0, id="another role"),
        pytest.param(None, "R1", None, 0, id="not registered"),
    ],
)
def test_a_child_has_an_allocated_registered_social_worker(
    end: str | None, role: str, registration: str | None, allocated: int
) -> None:
    involvement = {
        "invo_involvements_id": "1",
        "invo_referral_id": "F",
        "invo_professional_id": "W",
        "invo_professional_role_id": role,
        "invo_involvement_start_date": "2019-07-01",
        "invo_involvement_end_date": end,
    }
    extracts: dict[str, Rows] = {
        "ssd_cin_episodes": [{"cine_referral_id": "F", "cine_person_id": "A"}],
        "ssd_involvements": [involvement],
        "ssd_professionals": [
            {"prof_professional_id": "W", "prof_social_worker_registration_no": registration}
        ],
        "ref_code_maps": [ROLE_MAP],
    }
    tables = protected([plan("2019-07-01")], **extracts)
    expected = (allocated, 1, 100 * allocated)
    assert figure(tables, "cp_allocated_social_worker_pct", "2019-07") == expected
    unmapped = protected([plan("2019-07-01")], **{**extracts, "ref_code_maps": []})
    assert figure(unmapped, "cp_allocated_social_worker_pct", "2019-07") is None


@pytest.mark.parametrize(
    ("start", "end", "month", "long"),
    [
        ("2024-05-10", "2026-05-10", "2026-05", 1),
        ("2024-05-10", "2026-05-09", "2026-05", 0),
        ("2024-02-29", "2026-02-28", "2026-02", 1),
    ],
)
def test_a_plan_lasted_two_years_on_the_second_anniversary(
    start: str, end: str, month: str, long: int
) -> None:
    tables = protected([plan(start, end)])
    assert figure(tables, "cp_plans_ended_2yr_plus_pct", month) == (long, 1, 100 * long)


def test_plans_of_another_authority_or_ended_before_they_began_are_not_ended_plans() -> None:
    other = plan("2024-05-10", "2026-05-10", cppl_cp_plan_ola="Y")
    backwards = plan("2026-05-11", "2026-05-10", "Q")
    tables = protected([other, backwards])
    assert figure(tables, "cp_plans_ended_2yr_plus_pct", "2026-05") == (0, 0, None)


def test_two_numbers_for_one_plan_are_one_plan() -> None:
    twice = [plan("2024-01-01", "2026-03-10", number) for number in ("P1", "P2")]
    other = plan("2025-11-01", "2026-03-11", "P3", cppl_person_id="B")
    tables = protected([*twice, other])
    assert figure(tables, "cp_plans_ended_2yr_plus_pct", "2026-03") == (1, 2, 50)


@pytest.mark.parametrize(
    ("reviews", "month", "expected"),
    [
        pytest.param([], "2026-03", (0, 0), id="89 days on a plan: not yet asked"),
        pytest.param([], "2026-04", (0, 1), id="no review"),
        pytest.param(["2026-04-02"], "2026-04", (1, 1), id="91 days"),
        pytest.param(["2026-04-03"], "2026-04", (0, 1), id="92 days"),
        pytest.param(["2026-04-03"], "2026-09", (0, 1), id="92 days, for ever"),
        pytest.param(["2026-04-02", "2026-10-02"], "2026-10", (1, 1), id="91 and 274 days"),
        pytest.param(["2026-04-02", "2026-10-03"], "2026-10", (0, 1), id="91 and 275 days"),
        pytest.param(["2026-04-02"], "2026-09", (1, 1), id="next gap still running"),
        pytest.param(["2026-04-02"], "2026-10", (0, 1), id="next review overdue"),
    ],
)
def test_every_review_of_the_plan_must_be_in_time(
    reviews: list[str], month: str, expected: tuple[int, int]
) -> None:
    rows = [
        {"cppr_cp_review_id": on, "cppr_person_id": "A", "cppr_cp_review_date": on}
        for on in reviews
    ]
    tables = protected([plan("2026-01-01")], ssd_cp_reviews=rows, ssd_initial_cp_conference=[])
    found = figure(tables, "cp_reviews_in_timescale_pct", month)
    assert found is not None
    assert found[:2] == expected


def test_the_first_review_is_timed_from_the_conference_and_must_be_of_the_plan() -> None:
    conference = {"icpc_icpc_id": "C", "icpc_icpc_date": "2025-12-31"}
    review = {
        "cppr_cp_review_id": "1",
        "cppr_person_id": "A",
        "cppr_cp_plan_id": "P",
        "cppr_cp_review_date": "2026-04-02",
    }
    tables = protected(
        [plan("2026-01-01", cppl_icpc_id="C"), plan("2025-01-01", "2025-02-01", "Q")],
        ssd_cp_reviews=[review],
        ssd_initial_cp_conference=[conference],
    )
    assert figure(tables, "cp_reviews_in_timescale_pct", "2026-04") == (0, 1, 0)
    tables["ssd_cp_reviews"] = pd.DataFrame(
        [{**review, "cppr_cp_review_date": "2026-04-01", "cppr_cp_plan_id": "Q"}]
    )
    assert figure(tables, "cp_reviews_in_timescale_pct", "2026-04") == (0, 1, 0)
    tables["ssd_cp_reviews"] = pd.DataFrame([{**review, "cppr_cp_review_date": "2026-04-01"}])
    assert figure(tables, "cp_reviews_in_timescale_pct", "2026-04") == (1, 1, 100)


def test_reviews_whose_days_nobody_recorded_are_no_data_and_not_none_of_one() -> None:
    review = {"cppr_cp_review_id": "1", "cppr_person_id": "A", "cppr_cp_review_date": None}
    tables = protected([plan("2026-01-01")], ssd_cp_reviews=[review], ssd_initial_cp_conference=[])
    assert figure(tables, "cp_reviews_in_timescale_pct", "2026-04") is None


def pre_proceedings(begun: str, letter: str | None, offered: str | None, out: str | None) -> Any:
    return {
        "pre_proceedings_id": begun,
        "pre_proceedings_start_date": begun,
        "letter_sent_date": letter,
        "fgdm_offered": offered,
        "decision_date": out,
    }


def test_a_letter_that_says_nothing_of_a_meeting_offered_none() -> None:
    rows = [
        pre_proceedings("2026-05-01", "2026-05-31", "Yes", None),
        pre_proceedings("2026-05-02", "2026-05-31", None, None),
        pre_proceedings("2026-05-03", "2026-06-01", "Y", None),
        pre_proceedings("2026-05-04", None, "Y", None),
    ]
    tables = delivery(ext_pre_proceedings=rows)
    assert figure(tables, "pre_proceedings_fgdm_offered_pct", "2026-05") == (1, 2, 50)


def test_weeks_in_pre_proceedings_count_when_they_end() -> None:
    rows = [
        pre_proceedings("2026-03-02", None, None, "2026-05-11"),
        pre_proceedings("2026-05-20", None, None, "2026-05-20"),
        pre_proceedings("2026-05-21", None, None, "2026-05-20"),
        pre_proceedings("2026-05-22", None, None, None),
    ]
    tables = delivery(ext_pre_proceedings=rows)
    assert figure(tables, "pre_proceedings_avg_weeks", "2026-05") == (10, 2, 5)
