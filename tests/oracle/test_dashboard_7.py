"""Boundaries of the missing, return interview and exclusion indicators."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from .small_tables import OWN_AUTHORITY, Rows, delivery, figure, parts, persons

INCIDENTS, CHILDREN = "missing_incidents_count", "missing_children_count"
MEDIAN_HOURS, INTERVIEWS = "missing_duration_median_hours", "rhi_within_3wd_pct"


def missing(
    began: Any, returned: Any = None, number: str = "1", person: str = "A", **more: Any
) -> dict[str, Any]:
    return {
        "missing_id": number,
        "person_id": person,
        "missing_from_at": began,
        "returned_at": returned,
        "time_precision": "minute",
        "setting": "home",
        **more,
    }


def from_ssd(began: str, ended: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "miss_table_id": "1",
        "miss_person_id": "A",
        "miss_missing_episode_start_date": began,
        "miss_missing_episode_end_date": ended,
        **more,
    }


@pytest.mark.parametrize(
    ("row", "april", "may"),
    [
        pytest.param(missing("2026-04-30 22:00", "2026-05-02 03:00"), 1, 0, id="over month end"),
        pytest.param(
            missing(datetime(2026, 4, 30, 23, 30, tzinfo=ZoneInfo("UTC"))), 0, 1, id="London date"
        ),
        pytest.param(missing("2026-04-30 22:00", incident_type="away"), 0, 0, id="away"),
        pytest.param(missing("2026-04-30 22:00", responsible_la_code="841"), 0, 0, id="other"),
        pytest.param(
            missing("2026-04-30 22:00", responsible_la_code=OWN_AUTHORITY), 1, 0, id="own"
        ),
    ],
)
def test_an_incident_counts_on_the_day_it_began(row: dict[str, Any], april: int, may: int) -> None:
    tables = delivery(ext_missing_episodes=[row])
    assert figure(tables, INCIDENTS, "2026-04") == (april, None, april)
    assert figure(tables, INCIDENTS, "2026-05") == (may, None, may)


def test_the_local_log_replaces_the_case_system_even_when_it_is_empty() -> None:
    case_system = [from_ssd("2026-04-30")]
    assert figure(delivery(ssd_missing=case_system), INCIDENTS, "2026-04") == (1, None, 1)
    both = delivery(ssd_missing=case_system, ext_missing_episodes=[])
    assert figure(both, INCIDENTS, "2026-04") == (0, None, 0)


def test_an_incident_of_the_case_system_is_from_care_during_an_episode() -> None:
    rows = [
        from_ssd("2026-04-09"),
        from_ssd("2026-04-10", miss_table_id="2"),
        from_ssd("2026-04-10", miss_table_id="3", miss_missing_episode_type="Away"),
    ]
    episode = {
        "clae_cla_episode_id": "1",
        "clae_person_id": "A",
        "clae_cla_id": "L",
        "clae_cla_episode_start_date": "2026-04-10",
    }
    tables = delivery(ssd_missing=rows, ssd_cla_episodes=[episode])
    assert parts(tables, INCIDENTS, "2026-04", "setting") == {
        "home": (1, None, 1),
        "care": (1, None, 1),
    }


def test_children_of_both_settings_count_once_in_all() -> None:
    rows = [
        missing("2026-05-03 10:00", placed_out_of_borough="Y"),
        missing("2026-05-09 10:00", number="2", setting="care", placed_out_of_borough="N"),
        missing("2026-05-09 10:00", number="3", person="nobody"),
    ]
    tables = delivery(ext_missing_episodes=rows, ssd_person=persons("A"))
    assert figure(tables, INCIDENTS, "2026-05") == (3, None, 3)
    assert figure(tables, CHILDREN, "2026-05") == (1, None, 1)
    assert parts(tables, CHILDREN, "2026-05", "setting") == {
        "home": (1, None, 1),
        "care": (1, None, 1),
    }
    assert parts(tables, CHILDREN, "2026-05", "in_out_borough") == {
        "out": (1, None, 1),
        "in": (1, None, 1),
    }


def test_incidents_split_by_how_long_they_lasted() -> None:
    ended = {
        "2026-05-03 00:00": "under 6h",
        "2026-05-03 05:59": "under 6h",
        "2026-05-03 06:00": "6-24h",
        "2026-05-04 00:00": "1-3 days",
        "2026-05-06 00:00": "1-3 days",
        "2026-05-06 00:01": "over 3 days",
        "2026-06-01 10:00": "still missing",
    }
    rows = [missing("2026-05-03 00:00", end, number=end) for end in ended]
    rows.append(missing("2026-05-03", "2026-05-05", number="day", time_precision="day"))
    found = parts(delivery(ext_missing_episodes=rows), INCIDENTS, "2026-05", "duration_band")
    assert {band: sides[0] for band, sides in found.items()} == {
        "under 6h": 2,
        "6-24h": 1,
        "1-3 days": 2,
        "over 3 days": 1,
        "still missing": 1,
        "not timed": 1,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([missing("2019-03-30 22:00", "2019-03-31 06:00")], (None, 1, 7), id="spring"),
        pytest.param([missing("2019-03-30 22:00:59", "2019-03-31 06:00:01")], (None, 1, 7), id="s"),
        pytest.param(
            [
                missing("2019-03-01 10:00", "2019-03-01 12:00"),
                missing("2019-03-01 10:00", "2019-03-01 15:00", "2"),
            ],
            (None, 2, 3.5),
            id="the middle two",
        ),
        pytest.param([missing("2019-03-01 10:00", "2019-03-01 10:00")], (None, 1, 0), id="none"),
        pytest.param([missing("2019-03-01", "2019-03-02", time_precision="day")], None, id="day"),
        pytest.param([missing("2019-03-02 10:00", "2019-03-01 10:00")], None, id="backwards"),
        pytest.param([missing("2019-03-02 10:00")], None, id="still missing"),
    ],
)
def test_the_median_is_of_incidents_that_ended_and_were_timed(
    rows: Rows, expected: tuple[None, int, float] | None
) -> None:
    tables = delivery(ext_missing_episodes=rows)
    assert figure(tables, MEDIAN_HOURS, "2019-03") == (expected or (None, 0, None))


def test_an_incident_of_two_days_lasts_29_hours_in_the_month_it_ended() -> None:
    tables = delivery(ext_missing_episodes=[missing("2026-04-30 22:00", "2026-05-02 03:00")])
    assert figure(tables, MEDIAN_HOURS, "2026-05") == (None, 1, 29)
    assert figure(tables, MEDIAN_HOURS, "2026-04", as_at=date(2026, 5, 31)) == (None, 0, None)


def interview(
    done: str | None = None, accepted: str | None = "Y", needed: str = "Y", number: str = "1"
) -> dict[str, Any]:
    return {
        "rhi_id": number,
        "missing_id": "1",
        "interview_needed": needed,
        "accepted": accepted,
        "interview_completed_date": done,
    }


def returned(*interviews: dict[str, Any], **incident: Any) -> dict[str, pd.DataFrame]:
    row = missing("2019-08-21 20:00", "2019-08-22 09:00", **incident)
    return delivery(ext_missing_episodes=[row], ext_return_interviews=list(interviews))


@pytest.mark.parametrize(
    ("interviews", "incident", "expected"),
    [
        pytest.param([interview("2019-08-28")], {}, (1, 1), id="3 days"),
        pytest.param([interview("2019-08-29")], {}, (0, 1), id="4 days"),
        pytest.param([interview()], {}, (0, 1), id="not done"),
        pytest.param([interview("2019-08-21")], {}, (0, 1), id="done before the return"),
        pytest.param([interview(None, "N")], {}, (0, 0), id="declined"),
        pytest.param([interview("2019-08-28", "N")], {}, (1, 1), id="declined but done"),
        pytest.param([interview(None, "no_reply")], {}, (0, 1), id="no reply"),
        pytest.param([interview("2019-08-28", needed="N")], {}, (0, 0), id="not needed"),
        pytest.param([], {}, (0, 0), id="no interview row"),
        pytest.param([interview("2019-08-28")], {"incident_type": "away"}, (1, 1), id="away"),
        pytest.param([interview("2019-08-28")], {"responsible_la_code": "841"}, (0, 0), id="other"),
        pytest.param(
            [interview(None, "N", "N"), interview("2019-08-28", "Y", "Y", "2")],
            {},
            (1, 1),
            id="two rows: needed, accepted and done in one of them",
        ),
    ],
)
def test_an_interview_is_in_time_up_to_three_working_days(
    interviews: Rows, incident: dict[str, Any], expected: tuple[int, int]
) -> None:
    found = figure(
        returned(*interviews, **incident), INTERVIEWS, "2019-08", as_at=date(2019, 12, 31)
    )
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(("done", "in_time"), [("2019-08-25", 1), ("2019-08-26", 0), (None, 0)])
def test_beside_it_stand_72_hours_as_three_days_of_the_calendar(
    done: str | None, in_time: int
) -> None:
    """Returned on a Thursday: until Sunday; three working days last until Wednesday."""
    tables = returned(interview(done))
    found = figure(tables, "rhi_within_72h_pct", "2019-08", as_at=date(2019, 12, 31))
    assert found == (in_time, 1, 100 * in_time)


@pytest.mark.parametrize(("back", "expected"), [("2019-08-28", (0, 1)), ("2019-08-29", (0, 0))])
def test_an_interview_is_pending_for_three_days(back: str, expected: tuple[int, int]) -> None:
    row = missing("2019-08-27 20:00", f"{back} 09:00")
    tables = delivery(ext_missing_episodes=[row], ext_return_interviews=[interview()])
    found = figure(tables, "rhi_within_72h_pct", "2019-08")
    assert found is not None
    assert found[:2] == expected


def test_interviews_split_by_setting_and_borough() -> None:
    tables = returned(interview("2019-08-28"), setting="Care", placed_out_of_borough="1")
    assert parts(tables, INTERVIEWS, "2019-08", "setting") == {"care": (1, 1, 100)}
    assert parts(tables, INTERVIEWS, "2019-08", "in_out_borough") == {"out": (1, 1, 100)}


@pytest.mark.parametrize(
    ("born", "age"), [("2003-08-22", "16+"), ("2003-08-23", "10-15"), (None, "unknown")]
)
def test_interviews_split_by_the_age_on_the_day_of_the_return(born: str | None, age: str) -> None:
    tables = delivery(
        ext_missing_episodes=[missing("2019-08-21 20:00", "2019-08-22 09:00")],
        ext_return_interviews=[interview("2019-08-28")],
        ssd_person=persons("A", pers_dob=born),
    )
    assert parts(tables, INTERVIEWS, "2019-08", "age_band") == {age: (1, 1, 100)}


@pytest.mark.parametrize(
    ("kind", "offered", "expected"),
    [
        ("Missing", "Y", (1, 1)),
        ("Missing", "N", (0, 1)),
        ("Missing", None, (0, 1)),
        ("Missing", "NA", (0, 0)),
        ("Away", "Y", (0, 0)),
        (None, "Y", (1, 1)),
    ],
)
def test_an_offer_is_asked_of_every_ended_incident(
    kind: str | None, offered: str | None, expected: tuple[int, int]
) -> None:
    row = from_ssd("2026-04-29", "2026-04-30", miss_missing_episode_type=kind)
    tables = delivery(ssd_missing=[{**row, "miss_missing_rhi_offered": offered}])
    found = figure(tables, "rhi_offered_pct", "2026-04")
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(("offered", "expected"), [((None, None), None), (("N", None), (0, 2, 0))])
def test_offers_that_nobody_recorded_are_no_data_and_not_none_of_two(
    offered: tuple[str | None, ...], expected: tuple[int, int, float] | None
) -> None:
    earlier = {**from_ssd("2025-12-01", "2025-12-01"), "miss_table_id": "earlier"}
    rows = [
        {
            **from_ssd("2026-04-29", "2026-04-30"),
            "miss_table_id": str(number),
            "miss_missing_rhi_offered": on,
        }
        for number, on in enumerate(offered)
    ]
    tables = {**delivery(), "ssd_missing": pd.DataFrame([earlier, *rows])}
    assert figure(tables, "rhi_offered_pct", "2026-04") == expected


def exclusion(start: str, overturned: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "exclusion_id": start,
        "exclusion_type": "PERM",
        "exclusion_start_date": start,
        "overturned_date": overturned,
        **more,
    }


def test_exclusions_follow_the_school_year_but_financial_quarters() -> None:
    rows = [exclusion("2025-08-31"), exclusion("2025-09-01", school_phase="secondary")]
    tables = delivery(ext_exclusions=rows)
    name, as_at = "permanent_exclusions_count", date(2026, 8, 31)
    assert figure(tables, name, "2025-08", "academic_year", as_at) == (1, None, 1)
    assert figure(tables, name, "2026-08", "academic_year", as_at) == (1, None, 1)
    assert figure(tables, name, "2025-09", "year_to_date", as_at) == (1, None, 1)
    assert figure(tables, name, "2025-09", "quarter", as_at) == (2, None, 2)
    assert figure(tables, name, "2026-03", "financial_year", as_at) is None
    assert parts(tables, name, "2025-09", "phase") == {"secondary": (1, None, 1)}


@pytest.mark.parametrize(("overturned", "counted"), [("2026-01-31", 0), ("2026-02-01", 1)])
def test_an_overturned_exclusion_leaves_every_period(overturned: str, counted: int) -> None:
    tables = delivery(ext_exclusions=[exclusion("2025-11-03", overturned)])
    found = figure(tables, "permanent_exclusions_count", "2025-11", as_at=date(2026, 1, 31))
    assert found == (counted, None, counted)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([("primary", 300), ("secondary", 200)], (2, 500, 0.4)),
        ([("primary", 300), ("secondary", 200), ("Total", 400)], (2, 400, 0.5)),
        ([], (2, None, None)),
    ],
)
def test_the_exclusion_rate_divides_by_the_pupils_of_the_school_year(
    heads: list[tuple[str, int]], expected: tuple[int, int | None, float | None]
) -> None:
    rows = [
        {"la_code": la, "academic_year": year, "phase": phase, "headcount": number}
        for phase, number in heads
        for la, year in ((OWN_AUTHORITY, "2024/25"), (OWN_AUTHORITY, "2023/24"), ("841", "2024/25"))
    ]
    exclusions = [exclusion(on) for on in ("2024-08-31", "2024-09-01", "2025-08-31", "2025-09-01")]
    tables = delivery(ext_exclusions=exclusions, ref_pupil_headcount=rows)
    name = "permanent_exclusion_rate_pct"
    assert figure(tables, name, "2025-08", "academic_year") == expected
    assert figure(tables, name, "2025-07", "academic_year") is None
