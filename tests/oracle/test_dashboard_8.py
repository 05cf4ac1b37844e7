"""Boundaries of the workforce and practice indicators."""

from datetime import date
from typing import Any

import pytest

from .small_tables import Rows, delivery, figure, parts, persons

TURNOVER, VACANCY = "sw_turnover_12m_pct", "sw_vacancy_pct"


def post(
    start: str = "2024-01-01",
    end: str | None = None,
    worker: str = "W",
    fte: float = 1,
    agency: str = "N",
    **more: Any,
) -> dict[str, Any]:
    return {
        "worker_id": worker,
        "role_start_date": start,
        "role_end_date": end,
        "fte": fte,
        "agency_flag": agency,
        "org_role": "5 case holder",
        **more,
    }


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        pytest.param([post(end="2026-03-31")], (1, 4), id="left that day"),
        pytest.param([post(end="2025-04-01")], (1, 4), id="left on the first day"),
        pytest.param([post(end="2025-03-31")], (0, 4), id="left before the window"),
        pytest.param([post(end="2026-04-01")], (0, 5), id="still in post"),
        pytest.param([post(end="2026-03-31", agency="Y")], (0, 4), id="agency"),
        pytest.param(
            [post(end="2025-12-31"), post("2026-01-01", fte=0.5)], (0, 4.5), id="moved next day"
        ),
        pytest.param(
            [post(end="2025-12-31"), post("2026-01-02", fte=0.5)], (1, 4.5), id="came back later"
        ),
        pytest.param(
            [post(end="2025-12-31"), post("2026-01-01", agency="Y")], (1, 4), id="to agency"
        ),
        pytest.param(
            [post(end="2025-12-31", fte=0.5), post("2024-01-02", "2025-12-31", fte=0.5)],
            (1, 4),
            id="left two posts at once",
        ),
    ],
)
def test_turnover_counts_those_who_left_in_twelve_months(
    posts: Rows, expected: tuple[float, float]
) -> None:
    staying = [post(worker=worker) for worker in "ABCD"]
    found = figure(
        delivery(ext_workforce_workers=staying + posts),
        TURNOVER,
        "2026-03",
        as_at=date(2026, 6, 30),
    )
    assert found is not None
    assert found[:2] == expected


def vacant(team: str, fte: float, on: str = "2026-03-31") -> dict[str, Any]:
    return {"snapshot_date": on, "team_id": team, "vacancy_fte": fte}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([vacant("1", 4), vacant("2", 6), vacant("ALL", 10)], (10, 40, 25), id="ALL"),
        pytest.param(
            [vacant("1", 4), vacant("2", 6), vacant("Total", 10)], (10, 40, 25), id="Total"
        ),
        pytest.param([vacant("1", 4), vacant("2", 6)], (10, 40, 25), id="teams"),
        pytest.param([vacant("ALL", 10, "2026-02-28")], None, id="another day"),
    ],
)
def test_vacancies_are_of_the_day_and_never_counted_twice(
    rows: Rows, expected: tuple[float, float, float] | None
) -> None:
    posts = [post(fte=30), post(worker="X", agency="Y")]
    tables = delivery(ext_workforce_workers=posts, ext_workforce_vacancies=rows)
    assert figure(tables, VACANCY, "2026-03") == expected


@pytest.mark.parametrize(("end", "expected"), [("2026-03-31", (0, 3)), ("2026-04-01", (1, 4))])
def test_agency_workers_are_a_share_of_all_in_post(end: str, expected: tuple[float, float]) -> None:
    posts = [post(fte=3), post(worker="X", agency="Y", end=end)]
    found = figure(delivery(ext_workforce_workers=posts), "sw_agency_pct", "2026-03")
    assert found is not None
    assert found[:2] == expected


def holding(*pairs: tuple[str, str]) -> dict[str, Rows]:
    return {
        "ssd_person": [*persons(*"abcdefghi"), *persons("gone", pers_death_date="2026-01-01")],
        "ssd_involvements": [
            {
                "invo_involvements_id": f"{child}{worker}{number}",
                "invo_person_id": child,
                "invo_professional_id": worker,
                "invo_professional_role_id": "R1",
                "invo_involvement_start_date": "2025-01-01",
            }
            for number, (child, worker) in enumerate(pairs)
        ],
        "ssd_professionals": [
            {"prof_professional_id": worker, "prof_social_worker_registration_no": "SW1"}
            for worker in ("p", "q", "unlinked")
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
    ("pairs", "expected"),
    [
        pytest.param([(child, "p") for child in "abcdefghi"], (9, 0.5, 18), id="half time"),
        pytest.param(
            [("a", "p"), ("a", "q")],
            (2, 1.5, pytest.approx(4 / 3, abs=1e-6)),
            id="two workers of one child",
        ),
        pytest.param([("a", "p"), ("a", "p")], (1, 0.5, 2), id="one pair twice"),
        pytest.param([("a", "unlinked")], (0, 0, None), id="worker without a post"),
        pytest.param([("gone", "p")], (0, 0, None), id="child who died"),
    ],
)
def test_caseload_is_pairs_over_the_time_of_those_who_hold_them(
    pairs: list[tuple[str, str]], expected: tuple[float, float, float | None]
) -> None:
    posts = [
        post(fte=0.5, professional_id="p"),
        post(worker="X", agency="Y", professional_id="q"),
        post(worker="Z", end="2026-03-31", professional_id="unlinked"),
    ]
    tables = delivery(ext_workforce_workers=posts, **holding(*pairs))
    assert figure(tables, "sw_caseload_avg", "2026-03") == expected


@pytest.mark.parametrize(
    ("begun", "ended", "agency", "counted"),
    [
        ("2025-09-01", None, "N", 1),
        ("2025-09-01", "2026-03-31", "N", 0),
        ("2025-09-01", "2026-04-01", "Y", 1),
        ("2026-04-01", None, "N", 0),
        (None, None, "N", 0),
    ],
)
def test_workers_in_their_assessed_year(
    begun: str | None, ended: str | None, agency: str, counted: int
) -> None:
    year: dict[str, Any] = {"asye_start_date": begun, "asye_end_date": ended}
    posts = [post(agency=agency, **year), post("2024-01-02", agency=agency, **year)]
    tables = delivery(ext_workforce_workers=posts)
    assert figure(tables, "sw_asye_count", "2026-03") == (counted, None, counted)


def test_applications_belong_to_the_financial_year_that_begins_in_the_intake_year() -> None:
    intakes = [{"intake_year": 2024, "applications": 40}, {"intake_year": 2025, "applications": 55}]
    tables = delivery(ext_asye_intakes=intakes)
    name, year = "asye_applications_count", "financial_year"
    assert figure(tables, name, "2026-03", year) == (55, None, 55)
    assert figure(tables, name, "2025-03", year) == (40, None, 40)
    assert figure(tables, name, "2026-03", year, as_at=date(2026, 3, 30)) is None
    assert figure(tables, name, "2027-03", year) is None


@pytest.mark.parametrize(
    ("held", "late"),
    [
        ("2026-05-01", None),
        ("2026-05-10", None),
        ("2026-05-11", "up to a week late"),
        ("2026-05-17", "up to a week late"),
        ("2026-05-18", "over a week late"),
        (None, "not held"),
    ],
)
def test_supervision_is_held_by_the_day_it_is_due(held: str | None, late: str | None) -> None:
    row = {"supervision_id": "1", "due_date": "2026-05-10", "supervision_date": held}
    tables = delivery(ext_supervision=[{**row, "recorded_date": "2026-07-01"}])
    in_time, name = int(late is None), "supervision_in_timescale_pct"
    assert figure(tables, name, "2026-05") == (in_time, 1, 100 * in_time)
    expected = {late: (1, 1, 100)} if late else {}
    assert parts(tables, name, "2026-05", "lateness") == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (["2026-05-08"], (None, 1, 0)),
        (["2026-05-11"], (None, 1, 1)),
        (["2026-05-08", "2026-05-12"], (None, 2, 1)),
        (["2026-05-07"], (None, 0, None)),
        (["2026-06-01"], (None, 0, None)),
        ([None], (None, 0, None)),
    ],
)
def test_the_lag_is_counted_from_supervision_to_its_recording(
    recorded: list[str | None], expected: tuple[None, int, float | None]
) -> None:
    rows = [
        {"supervision_id": str(n), "supervision_date": "2026-05-08", "recorded_date": on}
        for n, on in enumerate(recorded)
    ]
    tables = delivery(ext_supervision=rows)
    assert figure(tables, "supervision_recording_lag_median_wd", "2026-05") == expected


@pytest.mark.parametrize(
    ("grade", "moderated", "expected"),
    [
        ("Good", "Y", (1, 1)),
        ("outstanding", "Yes", (1, 1)),
        ("requires improvement", "Y", (0, 1)),
        ("good", "N", (0, 0)),
    ],
)
def test_only_moderated_audits_are_graded(
    grade: str, moderated: str, expected: tuple[int, int]
) -> None:
    row = {"audit_id": "1", "grade": grade, "moderated_flag": moderated}
    tables = delivery(ext_practice_audits=[{**row, "audit_completed_date": "2026-05-08"}])
    found = figure(tables, "practice_audits_good_pct", "2026-05")
    assert found is not None
    assert found[:2] == expected
