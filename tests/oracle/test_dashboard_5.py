"""Boundaries of the children in care indicators."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from .small_tables import OWN_AUTHORITY, Rows, delivery, figure, parts, persons

VISITS = "cic_statutory_visits_in_timescale_pct"
MORE_THAN_ONE, THREE_PLUS = "cic_more_than_one_sw_12m_pct", "cic_three_plus_sw_12m_pct"
HEALTH, DENTAL = "cic_health_assessment_in_timescale_pct", "cic_dental_check_in_timescale_pct"
OUT_OF_BOROUGH, PLACEMENTS = "cic_placed_out_of_borough_pct", "cic_three_plus_placements_12m_pct"


def episode(start: str, end: str | None = None, number: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "clae_cla_episode_id": number,
        "clae_person_id": "A",
        "clae_cla_id": "L",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": end,
        **more,
    }


def status(code: str, start: str, end: str | None = None) -> dict[str, Any]:
    return {
        "lega_legal_status_id": code + start,
        "lega_person_id": "A",
        "lega_legal_status": code,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


def placement(
    start: str, end: str | None = None, kind: str = "U2", number: str = "1", **more: Any
) -> dict[str, Any]:
    return {
        "clap_cla_placement_id": number,
        "clap_cla_id": "L",
        "clap_cla_placement_type": kind,
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_end_date": end,
        **more,
    }


def in_care(episodes: Rows, **extracts: Rows) -> dict[str, pd.DataFrame]:
    return delivery(
        **{
            "ssd_person": persons("A"),
            "ssd_cla_episodes": episodes,
            "ssd_legal_status": [],
            **extracts,
        }
    )


@pytest.mark.parametrize(
    ("episodes", "statuses", "counted"),
    [
        pytest.param([episode("2026-03-31")], [], 1, id="no legal status"),
        pytest.param([episode("2026-01-05", "2026-03-31")], [], 0, id="ceased that day"),
        pytest.param(
            [episode("2026-01-05", "2026-03-31"), episode("2026-03-31", None, "2")],
            [],
            1,
            id="ceased that day and another began",
        ),
        pytest.param(
            [episode("2026-01-05")], [status("V4", "2026-01-05")], 0, id="short breaks only"
        ),
        pytest.param(
            [episode("2026-01-05")],
            [status("V4", "2026-01-05"), status("C2", "2026-02-01")],
            1,
            id="short breaks and a care order",
        ),
        pytest.param(
            [episode("2026-01-05")],
            [status("V3", "2026-01-05", "2026-03-31")],
            1,
            id="short breaks ended that day",
        ),
    ],
)
def test_children_in_care_at_the_month_end(episodes: Rows, statuses: Rows, counted: int) -> None:
    population = {
        "la_code": OWN_AUTHORITY,
        "mid_year": 2024,
        "population_0_17": 20_000,
        "in_force_from": "2025-06-01",
    }
    tables = in_care(episodes, ssd_legal_status=statuses, ref_population=[population])
    assert figure(tables, "cic_count", "2026-03") == (counted, None, counted)
    assert figure(tables, "cic_rate_per_10k", "2026-03") == (counted, 2, counted / 2)


@pytest.mark.parametrize(
    ("person", "start", "end", "counted"),
    [
        pytest.param("A", "2026-03-31", None, 1, id="from that day"),
        pytest.param("A", "2026-03-01", "2026-04-01", 1, id="ends the day after"),
        pytest.param("A", "2026-03-01", "2026-03-31", 0, id="ended that day"),
        pytest.param("A", "2026-04-01", None, 0, id="the day after"),
        pytest.param("B", "2026-03-01", None, 0, id="not in care"),
    ],
)
def test_orders_of_children_in_care_at_the_month_end(
    person: str, start: str, end: str | None, counted: int
) -> None:
    order = {"person_id": person, "dolo_start_date": start, "dolo_end_date": end}
    tables = in_care([episode("2026-01-05")], ext_dolo=[order, {**order, "dolo_start_date": start}])
    assert figure(tables, "cic_dolo_count", "2026-03") == (counted, None, counted)


def test_a_child_who_died_is_no_longer_in_care() -> None:
    tables = in_care([episode("2026-01-05")], ssd_person=persons("A", pers_death_date="2026-03-31"))
    assert figure(tables, "cic_count", "2026-03") == (0, None, 0)
    assert figure(tables, "cic_count", "2026-02") == (1, None, 1)


def involved(*posts: tuple[str, str, str | None], **more: Any) -> dict[str, Rows]:
    return {
        "ssd_involvements": [
            {
                "invo_involvements_id": str(number),
                "invo_person_id": "A",
                "invo_professional_id": worker,
                "invo_professional_role_id": "R1",
                "invo_involvement_start_date": start,
                "invo_involvement_end_date": end,
                **more,
            }
            for number, (worker, start, end) in enumerate(posts)
        ],
        "ssd_professionals": [
            {"prof_professional_id": worker, "prof_social_worker_registration_no": "SW1"}
            for worker in "WXYZ"
        ],
        "ref_code_maps": [
            {
                "cms": "mosaic",
                "column": "ssd_involvements.invo_professional_role_id",
                "source_value": "R1",
                "standard_value": "allocated_social_worker",
            }
        ],
    }


@pytest.mark.parametrize(
    ("posts", "two", "three"),
    [
        pytest.param(
            [
                ("W", "2025-05-01", "2025-07-01"),
                ("X", "2025-07-01", "2025-09-01"),
                ("W", "2025-09-01", None),
            ],
            1,
            0,
            id="A, B, A",
        ),
        pytest.param(
            [
                ("W", "2025-05-01", "2025-07-01"),
                ("X", "2025-07-01", "2025-09-01"),
                ("Y", "2025-09-01", None),
            ],
            1,
            1,
            id="A, B, C",
        ),
        pytest.param(
            [("W", "2025-01-01", "2025-04-01"), ("X", "2025-04-01", None)], 0, 0, id="out"
        ),
        pytest.param(
            [("W", "2025-01-01", "2025-04-02"), ("X", "2025-04-02", None)], 1, 0, id="a day in"
        ),
        pytest.param(
            [("W", "2024-01-01", "2024-02-01"), ("X", "2025-05-01", None)], 0, 0, id="before care"
        ),
        pytest.param(
            [("W", "2025-05-01", "2025-05-01"), ("X", "2025-05-01", None)], 1, 0, id="one day"
        ),
        pytest.param(
            [("W", "2026-04-01", "2026-04-01"), ("X", "2025-05-01", None)], 0, 0, id="day after"
        ),
    ],
)
def test_workers_of_the_last_twelve_months_in_care(
    posts: list[tuple[str, str, str | None]], two: int, three: int
) -> None:
    tables = in_care([episode("2024-06-01")], **involved(*posts))
    as_at = date(2026, 4, 30)
    assert figure(tables, MORE_THAN_ONE, "2026-03", as_at=as_at) == (two, 1, 100 * two)
    assert figure(tables, THREE_PLUS, "2026-03", as_at=as_at) == (three, 1, 100 * three)


def test_worker_changes_split_the_counted_children_by_reason() -> None:
    posts = [("W", "2025-05-01", "2025-07-01"), ("X", "2025-07-01", None)]
    tables = in_care(
        [episode("2024-06-01")], **involved(*posts, invo_worker_change_reason="LEFTRL")
    )
    found = parts(tables, MORE_THAN_ONE, "2026-03", "worker_change_reason")
    assert found == {"LEFTRL": (1, 1, 100)}
    tables = in_care([episode("2024-06-01")], **involved(*posts))
    found = parts(tables, MORE_THAN_ONE, "2026-03", "worker_change_reason")
    assert found == {"not recorded": (1, 1, 100)}


def test_a_rolling_indicator_waits_for_twelve_months_of_history() -> None:
    tables = in_care([], **involved())  # the oldest episode is of 1 June 2017
    assert figure(tables, MORE_THAN_ONE, "2018-05") is None
    assert figure(tables, MORE_THAN_ONE, "2018-06") == (0, 0, None)


@pytest.mark.parametrize(("end", "allocated"), [(None, 1), ("2026-03-31", 0)])
def test_a_child_in_care_has_an_allocated_social_worker(end: str | None, allocated: int) -> None:
    tables = in_care([episode("2026-01-05")], **involved(("W", "2026-01-05", end)))
    expected = (allocated, 1, 100 * allocated)
    assert figure(tables, "cic_allocated_social_worker_pct", "2026-03") == expected


def seen(*days: str, seen: str = "Y") -> Rows:
    return [
        {
            "clav_cla_visit_id": on,
            "clav_person_id": "A",
            "clav_cla_visit_date": on,
            "clav_cla_visit_seen": seen,
        }
        for on in days
    ]


@pytest.mark.parametrize(
    ("placements", "visits", "by_month"),
    [
        pytest.param(
            [placement("2026-01-05")],
            seen("2026-01-12", "2026-02-23"),
            {"2026-01": (1, 1), "2026-02": (1, 1), "2026-04": (0, 1)},
            id="in time",
        ),
        pytest.param(
            [placement("2026-01-05")],
            seen("2026-01-13", "2026-02-25"),
            {"2026-01": (0, 1), "2026-02": (0, 1), "2026-03": (0, 0), "2026-04": (0, 1)},
            id="a day late",
        ),
        pytest.param(
            [placement("2026-01-05")],
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 1), "2026-03": (0, 0), "2026-04": (0, 1)},
            id="missed again and again",
        ),
        pytest.param(
            [placement("2026-01-05")],
            seen("2026-01-12", seen="N"),
            {"2026-01": (0, 1), "2026-02": (0, 1), "2026-03": (0, 0), "2026-04": (0, 1)},
            id="not seen",
        ),
        pytest.param(
            [placement("2025-01-05", kind="U4")],
            seen("2026-01-10"),
            {"2026-02": (0, 0), "2026-04": (0, 1)},
            id="lasting placement after a year",
        ),
        pytest.param(
            [placement("2025-01-11", kind="U4")],
            seen("2026-01-10"),
            {"2026-02": (0, 1), "2026-04": (0, 0)},
            id="lasting placement within a year at the visit, over it when missed",
        ),
        pytest.param(
            [placement("2026-01-05", kind="A3")],
            seen("2026-01-12"),
            {"2026-01": (0, 0), "2026-02": (0, 0)},
            id="placed for adoption",
        ),
        pytest.param(
            [placement("2026-01-05", kind="T0")],
            seen("2026-01-12"),
            {"2026-01": (0, 0), "2026-02": (0, 1)},
            id="temporary: only the visit is an anchor",
        ),
        pytest.param(
            [placement("2026-01-05")],
            seen("2024-05-31", "2026-01-12"),
            {"2024-07": (0, 0), "2026-01": (1, 1)},
            id="seen before care",
        ),
        pytest.param(
            [placement("2026-01-05")],
            [],
            {"2026-01": (0, 1), "2026-02": (0, 1), "2026-03": (0, 0), "2026-04": (0, 1)},
            id="never visited",
        ),
        pytest.param(
            [placement("2025-01-05", kind="U4")],
            [],
            {
                "2025-01": (0, 1),
                "2025-02": (0, 1),
                "2025-12": (0, 1),
                "2026-01": (0, 1),
                "2026-02": (0, 0),
                "2026-04": (0, 1),
            },
            id="never visited in a lasting placement: six weeks for a year, then three months",
        ),
        pytest.param(
            [placement("2026-01-05", "2026-02-01"), placement("2026-02-01", number="2")],
            seen("2026-01-12", "2026-02-08"),
            {"2026-01": (1, 1), "2026-02": (1, 1), "2026-03": (0, 1)},
            id="moved: the date of the week stands in for the one set before",
        ),
        pytest.param(
            [placement("2026-01-05", "2026-01-20"), placement("2026-01-20", kind="A3", number="2")],
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 0)},
            id="placed for adoption after a visit",
        ),
        pytest.param(
            [placement("2026-01-05", "2026-01-12")],
            [],
            {"2026-01": (0, 1)},
            id="placement ends when due",
        ),
        pytest.param(
            [placement("2026-01-05", "2026-01-11")],
            [],
            {"2026-01": (0, 0)},
            id="placement ends before",
        ),
    ],
)
def test_visits_fall_due_after_each_placement_and_each_visit(
    placements: Rows, visits: Rows, by_month: dict[str, tuple[int, int]]
) -> None:
    tables = in_care([episode("2024-06-01")], ssd_cla_placement=placements, ssd_cla_visits=visits)
    for month, expected in by_month.items():
        found = figure(tables, VISITS, month, as_at=date(2026, 4, 30))
        assert found is not None
        assert (month, found[:2]) == (month, expected)


def review(held: str | None, cancelled: str = "N") -> dict[str, Any]:
    return {
        "clar_cla_review_id": f"{held}{cancelled}",
        "clar_cla_id": "L",
        "clar_cla_review_due_date": "2026-02-02",
        "clar_cla_review_date": held,
        "clar_cla_review_cancelled": cancelled,
    }


@pytest.mark.parametrize(
    ("kind", "statuses", "reviews", "visits", "by_month"),
    [
        pytest.param(
            "P1",
            [status("C1", "2026-01-05")],
            [review(None)],
            [],
            {"2026-01": (0, 3), "2026-02": (0, 4)},
            id="with parents under an interim order: weekly until the first review",
        ),
        pytest.param(
            "P1",
            [status("C1", "2026-01-05")],
            [review("2026-01-30"), review("2026-01-10", "Y")],
            seen("2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"),
            {"2026-01": (3, 3), "2026-02": (1, 1), "2026-03": (0, 2), "2026-04": (0, 1)},
            id="then every four weeks",
        ),
        pytest.param(
            "P1",
            [status("C1", "2026-01-05")],
            None,
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 1), "2026-03": (0, 1)},
            id="no reviews on file: every four weeks",
        ),
        pytest.param(
            "P1",
            [status("C2", "2026-01-26")],
            [review("2026-01-10")],
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 1), "2026-03": (0, 1)},
            id="within a week of a full order, then every six weeks",
        ),
        pytest.param(
            "P1",
            [status("C1", "2026-01-26")],
            [review(None)],
            seen("2026-01-12", "2026-02-02"),
            {"2026-01": (1, 1), "2026-02": (1, 4)},
            id="an interim order made later: weekly from then",
        ),
        pytest.param(
            "U2",
            [status("C1", "2026-01-05")],
            [review(None)],
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 1)},
            id="not with parents: six weeks",
        ),
        pytest.param(
            "P1",
            [],
            [review(None)],
            seen("2026-01-12"),
            {"2026-01": (1, 1), "2026-02": (0, 1)},
            id="no legal status known: six weeks",
        ),
    ],
)
def test_regulation_28_asks_for_more_visits_to_children_living_with_parents(
    kind: str,
    statuses: Rows,
    reviews: Rows | None,
    visits: Rows,
    by_month: dict[str, tuple[int, int]],
) -> None:
    tables = in_care(
        [episode("2026-01-05")],
        ssd_legal_status=statuses,
        ssd_cla_placement=[placement("2026-01-05", kind=kind)],
        ssd_cla_visits=visits,
        **({} if reviews is None else {"ssd_cla_reviews": reviews}),
    )
    for month, expected in by_month.items():
        found = figure(tables, VISITS, month, as_at=date(2026, 4, 30))
        assert found is not None
        assert (month, found[:2]) == (month, expected)


@pytest.mark.parametrize(
    ("ceased", "statuses", "due_in_february"),
    [
        ("2026-02-23", [], 1),
        ("2026-02-22", [], 0),
        (None, [status("V4", "2026-02-01")], 0),
    ],
)
def test_no_visit_is_due_after_care_or_on_a_short_break(
    ceased: str | None, statuses: Rows, due_in_february: int
) -> None:
    tables = in_care(
        [episode("2026-01-05", ceased)],
        ssd_legal_status=statuses,
        ssd_cla_placement=[placement("2026-01-05")],
        ssd_cla_visits=seen("2026-01-12"),
    )
    found = figure(tables, VISITS, "2026-02")
    assert found is not None
    assert found[:2] == (0, due_in_february)


@pytest.mark.parametrize(("shared", "in_time"), [("2026-06-09", 1), ("2026-06-10", 0)])
def test_a_report_for_a_care_review_is_shared_three_working_days_before(
    shared: str, in_time: int
) -> None:
    report = {"meeting_type": "CIC_REVIEW", "meeting_date": "2026-06-12", "shared_date": shared}
    tables = delivery(ext_sw_reports=[{"report_id": "1", **report}])
    expected = (in_time, 1, 100 * in_time)
    assert figure(tables, "cic_reports_shared_on_time_pct", "2026-06") == expected


@pytest.mark.parametrize(
    ("held", "cancelled", "ceased", "expected"),
    [
        ("2026-05-10", "N", None, (1, 1)),
        ("2026-05-11", "N", None, (0, 1)),
        (None, "N", None, (0, 1)),
        ("2026-05-10", "Y", None, (0, 0)),
        (None, "N", "2026-05-09", (0, 0)),
        (None, "N", "2026-05-10", (0, 1)),
    ],
)
def test_a_review_is_held_by_its_due_date(
    held: str | None, cancelled: str, ceased: str | None, expected: tuple[int, int]
) -> None:
    review = {
        "clar_cla_review_id": "1",
        "clar_cla_id": "L",
        "clar_cla_review_due_date": "2026-05-10",
        "clar_cla_review_date": held,
        "clar_cla_review_cancelled": cancelled,
    }
    tables = in_care([episode("2026-01-05", ceased)], ssd_cla_reviews=[review])
    found = figure(tables, "cic_reviews_in_timescale_pct", "2026-05")
    assert found is not None
    assert found[:2] == expected


def checked(
    on: str, kind: str, outcome: str | None, entered: str, born: str | None
) -> dict[str, pd.DataFrame]:
    check = {
        "clah_health_check_id": "1",
        "clah_person_id": "A",
        "clah_health_check_type": kind,
        "clah_health_check_date": on,
        "clah_health_check_status": outcome,
    }
    return in_care(
        [episode("2025-12-01", clae_entered_care_date=entered)],
        ssd_person=persons("A", pers_dob=born),
        ssd_cla_health=[check],
    )


@pytest.mark.parametrize(
    ("on", "kind", "outcome", "entered", "born", "expected"),
    [
        pytest.param(
            "2025-04-01", "review_health", "Completed", "2025-03-31", "2012-05-01", (1, 1)
        ),
        pytest.param(
            "2025-03-31", "review_health", "Completed", "2025-03-31", "2012-05-01", (0, 1)
        ),
        pytest.param(
            "2025-04-01", "initial_health", "Completed", "2025-04-01", "2012-05-01", (0, 0)
        ),
        pytest.param("2025-04-01", "initial_health", "Refused", "2025-03-31", "2012-05-01", (0, 1)),
        pytest.param(
            "2025-10-01", "initial_health", "Completed", "2025-09-30", "2021-04-01", (1, 1)
        ),
        pytest.param(
            "2025-09-30", "initial_health", "Completed", "2025-09-30", "2021-04-01", (0, 1)
        ),
        pytest.param(
            "2025-10-01", "initial_health", "Completed", "2025-10-01", "2021-04-01", (0, 0)
        ),
        pytest.param("2025-10-01", "initial_health", "Completed", "2025-09-30", None, (0, 0)),
        pytest.param("2025-10-01", "dental", "Completed", "2025-03-31", "2012-05-01", (0, 1)),
    ],
)
def test_a_health_assessment_is_done_in_the_window_before_the_month_end(
    on: str, kind: str, outcome: str, entered: str, born: str | None, expected: tuple[int, int]
) -> None:
    found = figure(checked(on, kind, outcome, entered, born), HEALTH, "2026-03")
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(
    ("on", "entered", "born", "expected"),
    [
        ("2025-04-01", "2025-03-31", "2012-05-01", (1, 1)),
        ("2025-03-31", "2025-03-31", "2012-05-01", (0, 1)),
        ("2025-10-01", "2025-09-30", "2021-04-01", (0, 0)),
    ],
)
def test_a_dental_check_is_asked_of_every_age_after_a_year(
    on: str, entered: str, born: str, expected: tuple[int, int]
) -> None:
    found = figure(checked(on, "dental", "Completed", entered, born), DENTAL, "2026-03")
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(
    ("born", "health", "band"),
    [
        ("2021-04-01", (1, 1), "0-4"),
        ("2021-03-31", (0, 0), "5-9"),
        ("2016-04-01", (0, 0), "5-9"),
        ("2016-03-31", (0, 0), "10-15"),
    ],
)
def test_six_months_are_for_those_under_five(born: str, health: tuple[int, int], band: str) -> None:
    recent = checked("2025-10-01", "initial_health", "Completed", "2025-09-30", born)
    found = figure(recent, HEALTH, "2026-03")
    assert found is not None
    assert found[:2] == health
    settled = checked("2025-10-01", "initial_health", "Completed", "2025-03-31", born)
    assert list(parts(settled, HEALTH, "2026-03", "age_band")) == [band]


def test_checks_split_by_age_at_the_month_end() -> None:
    tables = checked("2025-10-01", "review_health", "Completed", "2025-03-31", "2010-03-31")
    sibling = episode("2025-03-31", None, "2", clae_person_id="B", clae_cla_id="M")
    tables["ssd_cla_episodes"] = pd.concat([tables["ssd_cla_episodes"], pd.DataFrame([sibling])])
    older = pd.DataFrame(persons("B", pers_dob="2009-01-01"))
    tables["ssd_person"] = pd.concat([tables["ssd_person"], older])
    assert parts(tables, HEALTH, "2026-03", "age_band") == {"16+": (1, 2, 50)}
    assert parts(tables, DENTAL, "2026-03", "age_band") == {"16+": (0, 2, 0)}


@pytest.mark.parametrize(
    ("placements", "expected"),
    [
        pytest.param([placement("2026-01-05", clap_cla_placement_postcode="ab1 2cd")], (1, 1)),
        pytest.param([placement("2026-01-05", clap_cla_placement_postcode="RG40 1BN")], (0, 1)),
        pytest.param([placement("2026-01-05")], (0, 0)),
        pytest.param([placement("2026-01-05", clap_cla_placement_postcode="ZZ1 1ZZ")], (0, 0)),
        pytest.param(
            [placement("2026-01-05", None, "P1", clap_cla_placement_postcode="AB12CD")], (0, 0)
        ),
        pytest.param(
            [
                placement("2026-01-05", clap_cla_placement_postcode="RG401BN"),
                placement("2026-02-05", number="2", clap_cla_placement_postcode="AB12CD"),
            ],
            (1, 1),
        ),
    ],
    ids=["elsewhere", "own", "no postcode", "not listed", "own parents", "the latest one"],
)
def test_a_child_is_placed_where_the_postcode_is(
    placements: Rows, expected: tuple[int, int]
) -> None:
    postcodes = [
        {"postcode": "AB12CD", "la_code": "841"},
        {"postcode": "RG401BN", "la_code": OWN_AUTHORITY},
    ]
    tables = in_care(
        [episode("2026-01-05")], ssd_cla_placement=placements, ref_postcode_la=postcodes
    )
    found = figure(tables, OUT_OF_BOROUGH, "2026-03")
    assert found is not None
    assert found[:2] == expected


@pytest.mark.parametrize(
    ("first_end", "kind", "reason", "many"),
    [
        pytest.param("2025-04-02", "U2", "P", 1, id="first ended a day into the window"),
        pytest.param("2025-04-01", "U2", "P", 0, id="first ended on its first day"),
        pytest.param("2025-04-02", "U2", "T", 0, id="third with the same carer"),
        pytest.param("2025-04-02", "T1", "P", 0, id="third temporary"),
    ],
)
def test_three_spells_of_placement_in_twelve_months(
    first_end: str, kind: str, reason: str, many: int
) -> None:
    placements = [
        placement("2025-01-05", first_end),
        placement(first_end, "2025-09-01", number="2"),
        placement("2025-09-01", None, kind, number="3"),
    ]
    episodes = [
        episode("2025-01-05", "2025-09-01"),
        episode(
            "2025-09-01",
            None,
            "2",
            clae_cla_placement_id="3",
            clae_cla_episode_start_reason=reason,
        ),
    ]
    tables = in_care(episodes, ssd_cla_placement=placements)
    assert figure(tables, PLACEMENTS, "2026-03") == (many, 1, 100 * many)


@pytest.mark.parametrize(("third", "many"), [("2026-03-31", 1), ("2026-04-01", 0)])
def test_a_placement_begun_on_the_day_counts(third: str, many: int) -> None:
    placements = [
        placement("2025-05-01", "2025-06-01"),
        placement("2025-06-01", third, number="2"),
        placement(third, number="3"),
    ]
    tables = in_care([episode("2025-05-01")], ssd_cla_placement=placements)
    found = figure(tables, PLACEMENTS, "2026-03", as_at=date(2026, 6, 30))
    assert found == (many, 1, 100 * many)
