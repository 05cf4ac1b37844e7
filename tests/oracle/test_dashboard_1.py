"""Boundaries of the Education, Health and Care Plan indicators."""

from typing import Any

import pandas as pd
import pytest

from .small_tables import delivery, figure


def request(on: str | None, outcome: str = "Y", told: str | None = None) -> dict[str, Any]:
    return {
        "ehcr_ehcp_request_id": "R",
        "ehcr_ehcp_req_date": on,
        "ehcr_ehcp_req_outcome": outcome,
        "ehcr_ehcp_req_outcome_date": told,
    }


def answer(outcome: str, on: str | None, exception: str | None = None) -> dict[str, Any]:
    return {
        "ehca_ehcp_assessment_id": "S",
        "ehca_ehcp_request_id": "R",
        "ehca_ehcp_assessment_outcome": outcome,
        "ehca_ehcp_assessment_outcome_date": on,
        "ehca_ehcp_assessment_exceptions": exception,
    }


def answered(of: dict[str, Any], *answers: dict[str, Any]) -> dict[str, pd.DataFrame]:
    return delivery(ssd_ehcp_requests=[of], ssd_ehcp_assessment=list(answers))


@pytest.mark.parametrize(
    ("of", "counted"),
    [
        pytest.param(request("2026-04-30"), 1, id="received on the last day"),
        pytest.param(request("2026-04-30", "W"), 1, id="withdrawn"),
        pytest.param(request("2026-04-30", "H"), 0, id="historical"),
        pytest.param(request("1900-01-01"), 0, id="placeholder date"),
        pytest.param({**request("2026-04-30"), "ehcr_ehcp_request_id": "SSD_PH"}, 0, id="no id"),
    ],
)
def test_requests_count_when_received_unless_historical(of: dict[str, Any], counted: int) -> None:
    tables = delivery(ssd_ehcp_requests=[of])
    assert figure(tables, "ehcp_requests_count", "2026-04") == (counted, None, counted)
    assert figure(tables, "ehcp_requests_count", "2026-05") == (0, None, 0)


@pytest.mark.parametrize(
    ("of", "answer", "counted"),
    [
        pytest.param(request("2026-01-05"), answer("Y", "2026-05-31"), 1, id="issued"),
        pytest.param(request("2026-01-05"), answer("Y", None), 0, id="no date"),
        pytest.param(request("2026-01-05"), answer("N", "2026-05-31"), 0, id="refused"),
        pytest.param(request("2026-01-05", "H"), answer("Y", "2026-05-31"), 0, id="historical"),
        pytest.param(
            {**request("2026-01-05"), "ehcr_ehcp_request_id": "other"},
            answer("Y", "2026-05-31"),
            1,
            id="unknown request",
        ),
    ],
)
def test_new_plans_count_when_issued(
    of: dict[str, Any], answer: dict[str, Any], counted: int
) -> None:
    tables = answered(of, answer)
    assert figure(tables, "ehcp_new_plans_issued_count", "2026-05") == (counted, None, counted)


@pytest.mark.parametrize(
    ("requested", "issued", "expected"),
    [
        pytest.param("2019-01-02", "2019-05-22", (1, 1, 100), id="140 days"),
        pytest.param("2019-01-02", "2019-05-23", (0, 1, 0), id="141 days"),
        pytest.param("2019-05-22", "2019-05-22", (1, 1, 100), id="the same day"),
        pytest.param("2019-05-23", "2019-05-22", (0, 0, None), id="issued before the request"),
        pytest.param("1900-01-01", "2019-05-22", (0, 0, None), id="request without a date"),
    ],
)
def test_a_plan_is_in_time_up_to_140_days(
    requested: str, issued: str, expected: tuple[int, int, float | None]
) -> None:
    tables = answered(request(requested), answer("Y", issued, "0"))
    assert figure(tables, "ehcp_issued_within_20wk_pct", "2019-05") == expected


@pytest.mark.parametrize(
    ("of", "answers", "counted"),
    [
        pytest.param(request("2026-01-01", "A"), [], 1, id="150 days"),
        pytest.param(request("2026-01-11", "A"), [], 0, id="140 days"),
        pytest.param(request("2026-01-01"), [answer("Y", "2026-05-31")], 0, id="issued that day"),
        pytest.param(request("2026-01-01"), [answer("Y", "2026-06-01")], 1, id="issued next day"),
        pytest.param(request("2026-01-01"), [answer("Y", None)], 1, id="issued without a date"),
        pytest.param(request("2026-01-01"), [answer("A", "2026-02-01")], 1, id="awaited"),
        pytest.param(request("2026-01-01"), [answer("W", None)], 0, id="assessment withdrawn"),
        pytest.param(request("2026-01-01", "N", "2026-05-31"), [], 0, id="refused that day"),
        pytest.param(request("2026-01-01", "N", "2026-06-01"), [], 1, id="refused next day"),
        pytest.param(request("2026-01-01", "W"), [], 0, id="withdrawn without a date"),
        pytest.param(request("2026-01-01", "H"), [], 0, id="historical"),
        pytest.param(request("2026-01-01"), [answer("A", None, "1")], 1, id="exception"),
    ],
)
def test_a_request_is_overdue_while_it_has_no_final_decision(
    of: dict[str, Any], answers: list[dict[str, Any]], counted: int
) -> None:
    tables = answered(of, *answers)
    assert figure(tables, "ehcp_open_over_20wk_count", "2026-05") == (counted, None, counted)


@pytest.mark.parametrize(
    ("start", "ceased", "counted"),
    [
        ("2026-03-31", None, 1),
        ("2025-03-31", "2026-03-31", 0),
        ("2025-03-31", "2026-04-01", 1),
        ("2026-04-01", None, 0),
    ],
)
def test_a_plan_is_active_from_its_start_to_the_day_before_it_ceased(
    start: str, ceased: str | None, counted: int
) -> None:
    plan = {
        "ehcn_named_plan_id": "1",
        "ehcn_named_plan_start_date": start,
        "ehcn_named_plan_ceased_date": ceased,
    }
    tables = delivery(ssd_ehcp_named_plan=[plan])
    assert figure(tables, "ehcp_active_plans_count", "2026-03") == (counted, None, counted)


@pytest.mark.parametrize(
    ("issued", "exception", "weeks", "long"),
    [
        pytest.param("2026-05-04", None, 1, 0, id="seven days"),
        pytest.param("2027-04-27", None, 52.142857, 0, id="a year to the day"),
        pytest.param("2027-04-28", None, 52.285714, 100, id="a day more"),
        pytest.param("2026-05-04", "1", 1, 0, id="with an exception"),
    ],
)
def test_a_wait_is_told_in_weeks_whatever_the_exception(
    issued: str, exception: str | None, weeks: float, long: int
) -> None:
    tables = answered(request("2026-04-27"), answer("Y", issued, exception))
    month, as_at = issued[:7], pd.Timestamp("2027-05-31").date()
    assert figure(tables, "ehcp_issued_avg_weeks", month, as_at=as_at) == (weeks, 1, weeks)
    assert figure(tables, "ehcp_issued_over_1yr_pct", month, as_at=as_at) == (long / 100, 1, long)


@pytest.mark.parametrize("requested", [None, "2026-05-05"])
def test_a_plan_before_its_request_or_without_one_waits_for_nothing(requested: str | None) -> None:
    tables = answered(request(requested), answer("Y", "2026-05-04"))
    for name in ("ehcp_issued_avg_weeks", "ehcp_issued_over_1yr_pct"):
        assert figure(tables, name, "2026-05") == (0, 0, None)
