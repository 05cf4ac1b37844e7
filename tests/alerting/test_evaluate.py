from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orchestration.alerting.evaluate import EditionMissing, evaluate
from tests.alerting.cases import AS_AT, DARLINGTON

DARLINGTON_CODE = "E06000005"


def judged(mart, *rows):
    return evaluate(mart(*rows), DARLINGTON_CODE, AS_AT)


def test_darlingtons_second_quarter_is_judged_as_its_paper_judged_it(mart):
    states = judged(mart, *DARLINGTON)
    assert {state.indicator_id: (state.value, state.state) for state in states} == {
        "assessments_within_45wd_pct": (Decimal("92.7"), "ok"),
        "cp_visits_within_10wd_pct": (Decimal("73.8"), "below"),
        "cic_statutory_visits_in_timescale_pct": (Decimal("86.3"), "watch"),
    }


def test_an_indicator_without_an_agreed_target_is_not_judged(mart):
    assert judged(mart, {"target": None, "rag": None}) == []


def test_only_the_edition_asked_for_is_judged(mart):
    states = judged(
        mart,
        {},
        {"geography_code": "E06000041", "rag": "red"},
        {"as_at": date(2019, 8, 31), "rag": "red"},
    )
    assert [state.state for state in states] == ["ok"]


def test_an_edition_that_the_mart_lacks_is_an_error_and_not_silence(mart):
    with pytest.raises(EditionMissing, match=r"ALERTS-NO-EDITION .* E06000005 as at 2019-09-30"):
        judged(mart, {"geography_code": "E06000041"})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"headline_status": "no_data", "headline_status_reason": "no return", "rag": None},
            "no return",
        ),
        ({"headline_status": "no_cases", "rag": None}, "no cases"),
        ({"headline_status": "provisional", "rag": "red"}, "provisional"),
        (
            {"is_last_reported": True, "rag": "red"},
            "the last reported figure is too old to judge",
        ),
        ({"rag": None, "rag_reason": "neutral: not judged"}, "neutral: not judged"),
    ],
)
def test_a_figure_that_cannot_be_judged_says_why_and_never_counts_as_ok(mart, row, reason):
    (state,) = judged(mart, row)
    assert (state.state, state.reason) == ("no_data", reason)


def test_the_key_names_place_indicator_period_and_state_and_no_figure(mart):
    (state,) = judged(mart, {"rag": "red", "headline_numerator": 4, "headline_denominator": 61})
    assert state.key == "E06000005/assessments_within_45wd_pct/quarter/2019-09-30/below"


def test_the_key_of_an_indicator_without_a_period_is_that_of_the_edition(mart):
    (state,) = judged(
        mart,
        {
            "headline_period_type": None,
            "headline_period_end": None,
            "headline_value": None,
            "headline_status": "no_data",
            "rag": None,
        },
    )
    assert state.key == "E06000005/assessments_within_45wd_pct/None/2019-09-30/no_data"
