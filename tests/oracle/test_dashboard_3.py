"""Boundaries of the front door indicators."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .small_tables import delivery, figure, parts, persons

WITHIN_45WD, OPEN_45WD = "assessments_within_45wd_pct", "assessments_open_over_45wd_count"


@pytest.mark.parametrize(
    ("outcome", "progressed"),
    [
        ('{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N"}', 1),
        ('{"NEW_REFERRAL_FLAG": "Yes"}', 1),
        ('{"NEW_REFERRAL_FLAG": "", "EXISTING_REFERRAL_FLAG": "Y"}', 0),
        ('{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N", "COMMENTS": "said "no" twice"}', 1),
        ('{"COMMENTS": "said "no"", "NEW_REFERRAL_FLAG": "N"}', 0),
        ("{not json", None),
        (None, None),
    ],
)
def test_only_a_new_referral_is_progression(outcome: str | None, progressed: int | None) -> None:
    contact = {
        "cont_contact_id": "1",
        "cont_contact_date": "2019-04-30 23:50",
        "cont_contact_outcome_json": outcome,
    }
    tables = delivery(ssd_contacts=[contact])
    expected = (0, 0, None) if progressed is None else (progressed, 1, 100 * progressed)
    assert figure(tables, "contacts_to_referral_pct", "2019-04") == expected


def referral(number: str, child: str | None, on: str) -> dict[str, Any]:
    return {"cine_referral_id": number, "cine_person_id": child, "cine_referral_date": on}


def test_a_referral_counts_on_its_date_also_without_further_action() -> None:
    row = {**referral("1", "A", "2019-06-30"), "cine_referral_nfa": "Y"}
    tables = delivery(ssd_cin_episodes=[row])
    assert figure(tables, "referrals_count", "2019-06") == (1, None, 1)
    assert figure(tables, "referrals_count", "2019-07") == (0, None, 0)


@pytest.mark.parametrize(
    ("first", "second", "month", "again"),
    [
        ("2018-05-01", "2019-05-01", "2019-05", 1),
        ("2018-05-01", "2019-05-02", "2019-05", 0),
        ("2019-02-28", "2020-02-29", "2020-02", 1),
    ],
)
def test_a_rereferral_looks_back_twelve_months(
    first: str, second: str, month: str, again: int
) -> None:
    tables = delivery(ssd_cin_episodes=[referral("1", "A", first), referral("2", "A", second)])
    assert figure(tables, "rereferrals_12m_pct", month) == (again, 1, 100 * again)


def test_two_referrals_on_one_day_or_without_a_child_are_not_rereferrals() -> None:
    same_day = [referral("1", "A", "2019-05-01"), referral("2", "A", "2019-05-01")]
    nobody = [referral("3", None, "2019-05-01"), referral("4", None, "2019-05-02")]
    tables = delivery(ssd_cin_episodes=same_day + nobody)
    assert figure(tables, "rereferrals_12m_pct", "2019-05") == (0, 4, 0)


def test_rereferrals_are_not_published_in_the_first_year_of_the_extract() -> None:
    tables = delivery(ssd_cin_episodes=[])  # the oldest referral is of 1 June 2017
    assert figure(tables, "rereferrals_12m_pct", "2018-05") is None
    assert figure(tables, "rereferrals_12m_pct", "2018-06") == (0, 0, None)


@pytest.mark.parametrize(
    ("received", "decided", "expected"),
    [
        pytest.param("2019-06-07 23:00", "2019-06-10 09:00", (1, 1, 100), id="Friday to Monday"),
        pytest.param("2019-06-08 10:00", "2019-06-10 09:00", (1, 1, 100), id="Saturday to Monday"),
        pytest.param("2019-06-08 10:00", "2019-06-11 09:00", (0, 1, 0), id="Saturday to Tuesday"),
        pytest.param("2019-06-10 10:00", "2019-06-10 09:00", (0, 0, None), id="decided before"),
        pytest.param("2019-06-10 10:00", None, (0, 0, None), id="undecided"),
    ],
)
def test_a_decision_is_due_by_the_next_working_day(
    received: str, decided: str | None, expected: tuple[int, int, float | None]
) -> None:
    row = {"referral_id": "1", "received_at": received, "decision_at": decided}
    tables = delivery(ext_referral_decisions=[row])
    assert figure(tables, "referral_decision_1wd_pct", "2019-06") == expected


def test_a_moment_with_another_clock_is_read_in_london() -> None:
    utc = ZoneInfo("UTC")
    row = {
        "referral_id": "1",
        "received_at": datetime(2019, 4, 30, 22, tzinfo=utc),
        "decision_at": datetime(2019, 4, 30, 23, 30, tzinfo=utc),  # half past midnight on 1 May
    }
    tables = delivery(ext_referral_decisions=[row])
    assert figure(tables, "referral_decision_1wd_pct", "2019-05") == (1, 1, 100)


def assessment(start: str, authorised: str | None, child: str = "A") -> dict[str, Any]:
    return {
        "cina_assessment_id": child + start,
        "cina_person_id": child,
        "cina_assessment_start_date": start,
        "cina_assessment_auth_date": authorised,
    }


@pytest.mark.parametrize(
    ("authorised", "expected"),
    [
        ("2019-10-01", (1, 1, 100)),
        ("2019-12-03", (1, 1, 100)),
        ("2019-12-04", (0, 1, 0)),
        (None, (0, 0, None)),
        ("2019-09-30", None),
    ],
)
def test_an_assessment_is_in_time_up_to_45_working_days(
    authorised: str | None, expected: tuple[int, int, float | None] | None
) -> None:
    tables = delivery(ssd_cin_assessments=[assessment("2019-10-01", authorised)])
    if expected is None:  # authorised before its start: in neither side of its month
        assert figure(tables, WITHIN_45WD, "2019-09") == (0, 0, None)
    else:
        assert figure(tables, WITHIN_45WD, (authorised or "2019-12")[:7]) == expected


@pytest.mark.parametrize(
    ("start", "authorised", "death", "month", "counted"),
    [
        pytest.param("2019-10-01", None, None, "2019-11", 0, id="43 days"),
        pytest.param("2019-10-25", None, None, "2019-12", 0, id="45 days"),
        pytest.param("2019-10-24", None, None, "2019-12", 1, id="46 days"),
        pytest.param("2019-10-01", "2019-12-31", None, "2019-12", 0, id="authorised that day"),
        pytest.param("2019-10-01", "2020-01-01", None, "2019-12", 1, id="authorised next day"),
        pytest.param("2019-10-01", "2019-09-30", None, "2019-12", 0, id="before its start"),
        pytest.param("2019-10-01", None, "2019-12-31", "2019-12", 0, id="died that day"),
    ],
)
def test_an_assessment_is_overdue_while_not_authorised(
    start: str, authorised: str | None, death: str | None, month: str, counted: int
) -> None:
    tables = delivery(
        ssd_cin_assessments=[assessment(start, authorised)],
        ssd_person=persons("A", pers_death_date=death),
    )
    assert figure(tables, OPEN_45WD, month) == (counted, None, counted)


def test_delay_reasons_are_shares_of_the_late_ones() -> None:
    reasons = ["staffing"] * 10 + ["family engagement"] * 7 + ["court proceedings"] * 4
    late = [assessment("2019-10-01", "2019-12-04", f"L{number}") for number in range(24)]
    in_time = [assessment("2019-10-01", "2019-12-03", f"T{number}") for number in range(40)]
    tables = delivery(
        ssd_person=persons(*(row["cina_person_id"] for row in [*late, *in_time])),
        ssd_cin_assessments=[*late, *in_time],
        # one in time has a reason too: it was not late for it
        ext_assessment_delays=[
            {"assessment_id": row["cina_assessment_id"], "delay_reason": reason}
            for row, reason in zip([in_time[0], *late], ["staffing", *reasons], strict=False)
        ],
    )
    whole = figure(tables, WITHIN_45WD, "2019-12")
    assert whole is not None
    assert whole[:2] == (40, 64)
    found = parts(tables, WITHIN_45WD, "2019-12", "delay_reason")
    assert {reason: sides[:2] for reason, sides in found.items()} == {
        "staffing": (10, 24),
        "family engagement": (7, 24),
        "court proceedings": (4, 24),
        "not recorded": (3, 24),
    }


def test_assessments_split_by_delay_reason_and_asylum_seeking() -> None:
    tables = delivery(
        ssd_person=persons("A", "B", "C", "D"),
        ssd_cin_assessments=[
            assessment("2019-10-01", "2019-12-04", "A"),
            assessment("2019-10-01", "2019-12-03", "B"),
            assessment("2019-10-01", None, "C"),
            assessment("2019-10-02", None, "D"),
        ],
        ext_assessment_delays=[
            {"assessment_id": "A2019-10-01", "delay_reason": "court proceedings"},
            {"assessment_id": "C2019-10-01", "delay_reason": "staffing"},
        ],
        ssd_immigration_status=[
            {
                "immi_immigration_status_id": "1",
                "immi_person_id": "A",
                "immi_immigration_status": "UASC",
                "immi_immigration_status_start_date": "2019-12-04",
            },
            {
                "immi_immigration_status_id": "2",
                "immi_person_id": "C",
                "immi_immigration_status": "UASC",
                "immi_immigration_status_end_date": "2019-12-31",
            },
        ],
    )
    assert parts(tables, WITHIN_45WD, "2019-12", "delay_reason") == {
        "court proceedings": (1, 1, 100)
    }
    assert parts(tables, WITHIN_45WD, "2019-12", "uasc") == {"Y": (0, 1, 0), "N": (1, 1, 100)}
    assert parts(tables, OPEN_45WD, "2019-12", "delay_reason") == {
        "staffing": (1, None, 1),
        "not recorded": (1, None, 1),
    }
    assert parts(tables, OPEN_45WD, "2019-12", "uasc") == {"N": (2, None, 2)}
