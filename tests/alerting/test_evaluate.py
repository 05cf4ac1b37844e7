from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orchestration.alerting.evaluate import EditionMissing, evaluate, is_backfill
from tests.alerting.cases import AS_AT, DARLINGTON

DARLINGTON_CODE = "E06000005"


def judged(mart, *rows):
    return evaluate(mart(*rows), DARLINGTON_CODE, AS_AT)


def test_darlingtons_second_quarter_is_below_twice_within_the_tolerance_or_beyond(mart):
    states = judged(mart, *DARLINGTON)
    assert {state.indicator_id: (state.value, state.rag, state.state) for state in states} == {
        "assessments_within_45wd_pct": (Decimal("92.7"), "green", "ok"),
        "cp_visits_within_10wd_pct": (Decimal("73.8"), "red", "below"),
        "cic_statutory_visits_in_timescale_pct": (Decimal("86.3"), "amber", "below"),
        "cl_suitable_accommodation_pct": (Decimal("88.1"), "amber", "watch"),
    }


@pytest.mark.parametrize(
    ("rag", "certainty", "previous", "expected"),
    [
        ("green", None, "red", "ok"),
        ("amber", "certain", "green", "below"),
        ("amber", "could_be_chance", "green", "watch"),
        ("amber", "unknown", "amber", "below"),
        ("amber", "unknown", None, "watch"),
        ("red", "could_be_chance", "green", "watch"),
        ("red", "unknown", "green", "watch"),
        ("red", "could_be_chance", "amber", "below"),
        ("red", "certain", None, "below"),
    ],
)
def test_below_is_certain_or_the_second_time_and_a_single_miss_is_watched(
    mart, rag, certainty, previous, expected
):
    (state,) = judged(mart, {"rag": rag, "target_certainty": certainty, "previous_rag": previous})
    assert state.state == expected
    assert state.is_certain == (certainty == "certain")
    assert state.could_be_chance == (certainty == "could_be_chance")
    assert state.is_second == (expected != "ok" and previous in ("amber", "red"))


def test_a_provisional_figure_is_passed_over_for_the_newest_final_one(mart):
    connection = mart({"status": "provisional", "value": Decimal(20), "rag": "red"})
    connection.execute(
        """
        insert into marts.kpi_quarterly by name
        select * replace (
            'ok' as status, 89 as value, 'amber' as rag, date '2019-04-01' as period_start,
            date '2019-06-30' as period_end, 'amber' as previous_rag
        )
        from marts.kpi_quarterly
        """
    )
    (state,) = evaluate(connection, DARLINGTON_CODE, AS_AT)
    assert (state.value, state.state) == (Decimal(89), "below")
    assert (state.period_start, state.period_end) == (date(2019, 4, 1), date(2019, 6, 30))


def test_a_part_is_never_judged(mart):
    connection = mart({})
    connection.execute("update marts.kpi_quarterly set breakdown = 'age_band'")
    (state,) = evaluate(connection, DARLINGTON_CODE, AS_AT)
    assert state.value is None


def test_the_direction_is_that_of_the_same_period(mart):
    (state,) = judged(
        mart,
        {"year_on_year": "improving", "year_on_year_value": 90, "year_on_year_before": 80},
    )
    assert (state.year_on_year, state.year_on_year_value) == ("improving", Decimal(90))


def test_an_indicator_without_an_agreed_target_is_not_judged(mart):
    assert judged(mart, {"target": None, "rag": None}) == []


def test_only_the_edition_asked_for_is_judged(mart):
    states = judged(
        mart,
        {},
        {"geography_code": "E06000041", "rag": "red"},
        {"as_at": date(2019, 8, 31), "period_end": date(2019, 6, 30), "rag": "red"},
    )
    assert [state.state for state in states] == ["ok"]


def test_an_edition_that_the_mart_lacks_is_an_error_and_not_silence(mart):
    with pytest.raises(EditionMissing, match=r"ALERTS-NO-EDITION .* E06000005 as at 2019-09-30"):
        judged(mart, {"geography_code": "E06000041"})


def test_an_edition_is_a_backfill_once_a_later_period_has_a_figure(mart):
    connection = mart({}, {"geography_code": "E06000041", "period_end": date(2019, 12, 31)})
    assert not is_backfill(connection, DARLINGTON_CODE, AS_AT)
    assert is_backfill(connection, DARLINGTON_CODE, date(2019, 8, 31))
    assert not is_backfill(connection, "E06000041", date(2019, 12, 31))


@pytest.mark.parametrize(
    ("row", "reason", "late"),
    [
        ({"status": "no_data", "status_reason": "no return", "rag": None}, "no return", True),
        ({"status": "no_cases", "rag": None}, "no cases", False),
        ({"status": "provisional", "rag": "red"}, "provisional", False),
        (
            {"is_last_reported": True, "rag": "red"},
            "the last reported figure is too old to judge",
            True,
        ),
        ({"rag": None, "rag_reason": "neutral: not judged"}, "neutral: not judged", False),
    ],
)
def test_a_figure_that_cannot_be_judged_says_why_and_never_counts_as_ok(mart, row, reason, late):
    (state,) = judged(mart, row)
    assert (state.state, state.reason, state.is_late) == ("no_data", reason, late)
