import pandas as pd

from orchestration.sample_council.code_maps import ROLES

from .reading import Tables, as_at, open_at, rows

ALLOCATED = "allocated_social_worker"


def posts(council: Tables, day: pd.Timestamp) -> pd.DataFrame:
    frame = rows(council, "ext_workforce_workers")
    return frame[open_at(frame["role_start_date"], frame["role_end_date"], day)]


def allocations(council: Tables) -> pd.DataFrame:
    frame = rows(council, "ssd_involvements")
    maps = rows(council, "ref_code_maps")
    own = maps[(maps["column"] == ROLES) & (maps["standard_value"] == ALLOCATED)]
    return frame[frame["invo_professional_role_id"].isin(own["source_value"])]


def test_allocated_workers_are_registered_and_hold_a_post(council: Tables) -> None:
    allocated = allocations(council)
    workers = rows(council, "ssd_professionals").set_index("prof_professional_id")
    held = allocated.merge(
        rows(council, "ext_workforce_workers"),
        left_on="invo_professional_id",
        right_on="professional_id",
    )
    inside = (held["invo_involvement_start_date"] >= held["role_start_date"]) & (
        held["role_end_date"].isna()
        | (held["invo_involvement_start_date"] <= held["role_end_date"])
    )

    registration = workers.loc[
        allocated["invo_professional_id"], "prof_social_worker_registration_no"
    ]
    assert registration.notna().all()
    assert set(held[inside]["invo_involvements_id"]) == set(allocated["invo_involvements_id"])


def test_nearly_every_child_in_care_or_on_a_plan_has_a_worker(council: Tables) -> None:
    day = as_at(council)
    allocated = allocations(council)
    now = open_at(
        allocated["invo_involvement_start_date"], allocated["invo_involvement_end_date"], day
    )
    plans = rows(council, "ssd_cp_plans").dropna(subset=["cppl_referral_id"])
    on_plan = plans[open_at(plans["cppl_cp_plan_start_date"], plans["cppl_cp_plan_end_date"], day)]

    with_worker = on_plan["cppl_person_id"].isin(allocated[now]["invo_person_id"])
    assert with_worker.mean() > 0.93


def test_workers_change_for_stated_reasons(council: Tables) -> None:
    changes = allocations(council)["invo_worker_change_reason"].dropna()

    assert {"LEFTRL", "TSPROC", "MANAGE", "ABSENC"} <= set(changes)


def test_reviewing_officers_are_registered_and_not_allocated(council: Tables) -> None:
    frame = rows(council, "ssd_involvements")
    officers = frame[frame["invo_professional_role_id"] == "Independent reviewing officer"]
    workers = rows(council, "ssd_professionals").set_index("prof_professional_id")

    registered = workers.loc[officers["invo_professional_id"], "prof_social_worker_registration_no"]
    assert len(officers) > 0
    assert registered.notna().all()


def test_agency_vacancies_and_newly_qualified_workers_are_plausible(council: Tables) -> None:
    now = posts(council, as_at(council))
    vacancies = rows(council, "ext_workforce_vacancies")
    last = vacancies[vacancies["snapshot_date"] == as_at(council)].set_index("team_id")

    assert 0.02 < now[now["agency_flag"] == "Y"]["fte"].sum() / now["fte"].sum() < 0.35
    teams = last.drop(index="ALL")["vacancy_fte"].sum()
    assert abs(last.loc["ALL", "vacancy_fte"] - teams) < 1e-9
    assert rows(council, "ext_workforce_workers")["asye_start_date"].notna().any()
    assert (last["vacancy_covered_by_agency_fte"] <= last["vacancy_fte"]).all()


def test_a_move_inside_the_service_is_two_posts_a_day_apart(council: Tables) -> None:
    frame = rows(council, "ext_workforce_workers").sort_values(["worker_id", "role_start_date"])
    ended = frame.groupby("worker_id")["role_end_date"].shift()
    moved = ended.notna()

    assert moved.any()
    assert (frame["role_start_date"] - ended)[moved].eq(pd.Timedelta(days=1)).all()


def test_roles_come_as_words_and_as_digits(council: Tables) -> None:
    roles = set(rows(council, "ext_workforce_workers")["org_role"])

    assert "5 case holder" in roles
    assert "5" in roles


def test_supervision_falls_due_about_every_twenty_working_days(council: Tables) -> None:
    due = rows(council, "ext_supervision").sort_values(["person_id", "due_date"])
    gaps = due.groupby("person_id")["due_date"].diff().dropna().dt.days

    assert 24 <= gaps.median() <= 30
    assert (due["due_date"] > as_at(council)).any()
