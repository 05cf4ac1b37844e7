"""Boundaries of the Early Help indicators."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from .small_tables import delivery, figure, persons


def referral(on: str, number: str = "R") -> dict[str, Any]:
    return {"eh_referral_id": number, "eh_referral_date": on}


def assessment(
    completed: str | None, start: str | None = None, of: str | None = "R", number: str = "S"
) -> dict[str, Any]:
    return {
        "eh_assessment_id": number,
        "eh_referral_id": of,
        "eh_assessment_start_date": start or completed,
        "eh_assessment_completed_date": completed,
    }


def answered(on: str, *assessments: dict[str, Any]) -> dict[str, pd.DataFrame]:
    return delivery(
        ext_early_help_referrals=[referral(on)], ext_early_help_assessments=list(assessments)
    )


def test_three_siblings_referred_are_three_referrals() -> None:
    rows = [referral("2019-04-30", number) for number in "123"]
    tables = delivery(ext_early_help_referrals=rows, ssd_person=persons("somebody else"))
    assert figure(tables, "eh_referrals_count", "2019-04") == (3, None, 3)
    assert figure(tables, "eh_referrals_count", "2019-05") == (0, None, 0)


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        pytest.param(assessment("2019-04-30"), 1, id="linked"),
        pytest.param(assessment("2019-04-30", of=None), 1, id="not linked"),
        pytest.param(assessment("2019-04-30", "2019-05-01"), 0, id="completed before its start"),
        pytest.param(assessment(None, "2019-04-01"), 0, id="not completed"),
    ],
)
def test_assessments_count_when_completed(row: dict[str, Any], counted: int) -> None:
    tables = delivery(ext_early_help_assessments=[row])
    assert figure(tables, "eh_assessments_completed_count", "2019-04") == (counted, None, counted)


@pytest.mark.parametrize(
    ("referred", "completed", "expected"),
    [
        ("2019-03-01", "2019-04-12", (30, 1, 30)),
        ("2019-04-12", "2019-04-12", (0, 1, 0)),
        ("2019-04-12", "2019-04-29", (9, 1, 9)),
        ("2019-04-13", "2019-04-12", (0, 0, None)),
    ],
)
def test_an_assessment_is_timed_from_its_referral(
    referred: str, completed: str, expected: tuple[int, int, float | None]
) -> None:
    tables = answered(referred, assessment(completed))
    assert figure(tables, "eh_assessment_avg_wd", "2019-04") == expected


def test_an_assessment_without_a_known_referral_is_not_timed() -> None:
    rows = [assessment("2019-04-12"), assessment("2019-04-15"), assessment("2019-04-29")]
    for row, number, of in zip(rows, "123", ["R", "unknown", "R"], strict=True):
        row.update(eh_assessment_id=number, eh_referral_id=of)
    tables = answered("2019-04-12", *rows)
    assert figure(tables, "eh_assessment_avg_wd", "2019-04") == (9, 2, 4.5)


@pytest.mark.parametrize(("completed", "in_time"), [("2019-04-12", 1), ("2019-04-15", 0)])
def test_thirty_working_days_is_in_time(completed: str, in_time: int) -> None:
    tables = answered("2019-03-01", assessment(completed))
    expected = (in_time, 1, 100 * in_time)
    assert figure(tables, "eh_assessments_within_30wd_pct", "2019-04") == expected


@pytest.mark.parametrize(
    ("rows", "as_at", "led"),
    [
        pytest.param([assessment(None, "2019-05-30")], date(2019, 9, 30), 1, id="60th day"),
        pytest.param([assessment(None, "2019-05-31")], date(2019, 9, 30), 0, id="61st day"),
        pytest.param([assessment(None, "2019-02-28")], date(2019, 9, 30), 0, id="before"),
        pytest.param([assessment(None, "2019-04-02")], date(2019, 4, 1), 0, id="after as-at"),
        pytest.param([assessment(None, "2019-04-02")], date(2019, 4, 2), 1, id="on as-at"),
        pytest.param([assessment(None, "2019-03-04", "X")], date(2019, 9, 30), 0, id="other"),
        pytest.param([], date(2019, 9, 30), 0, id="none"),
    ],
)
def test_a_referral_leads_to_an_assessment_begun_within_sixty_working_days(
    rows: list[dict[str, Any]], as_at: date, led: int
) -> None:
    tables = answered("2019-03-01", *rows)
    found = figure(tables, "eh_referral_to_assessment_pct", "2019-03", as_at=as_at)
    assert found == (led, 1, 100 * led)


@pytest.mark.parametrize(
    ("end", "death", "counted"),
    [(None, None, 1), ("2019-04-30", None, 0), ("2019-05-01", None, 1), (None, "2019-04-30", 0)],
)
def test_two_open_episodes_are_one_child(end: str | None, death: str | None, counted: int) -> None:
    rows = [
        {
            "earl_episode_id": number,
            "earl_person_id": "A",
            "earl_episode_start_date": "2019-04-01",
            "earl_episode_end_date": end,
        }
        for number in "12"
    ]
    people = persons("A", pers_death_date=death)
    tables = delivery(ssd_early_help_episodes=rows, ssd_person=people)
    assert figure(tables, "eh_open_episodes_count", "2019-04") == (counted, None, counted)


def test_an_episode_of_an_unknown_child_counts_no_child() -> None:
    episode = {
        "earl_episode_id": "1",
        "earl_person_id": "nobody",
        "earl_episode_start_date": "2019-04-01",
    }
    tables = delivery(ssd_early_help_episodes=[episode], ssd_person=persons("A"))
    assert figure(tables, "eh_open_episodes_count", "2019-04") == (0, None, 0)
