from datetime import date

import numpy as np
import pandas as pd
import pytest

from orchestration.sample_council import OLD_LA_CODE, Stories, make_council
from orchestration.sample_council.stories import newest_quarter

from .reading import (
    PLACEHOLDER,
    Tables,
    as_at,
    bank_holidays,
    days_of,
    is_yes,
    mapped,
    open_at,
    rows,
    working_days,
)


def early_help_average(tables: Tables, first: str, last: str) -> float:
    joined = rows(tables, "ext_early_help_assessments").merge(
        rows(tables, "ext_early_help_referrals"), on="eh_referral_id"
    )
    done = joined[joined["eh_assessment_completed_date"].between(first, last)]
    return working_days(done["eh_referral_date"], done["eh_assessment_completed_date"]).mean()


def own_incidents(tables: Tables, first: str, last: str) -> pd.DataFrame:
    log = rows(tables, "ext_missing_episodes")
    own = log["responsible_la_code"].isna() | (log["responsible_la_code"] == OLD_LA_CODE)
    began = days_of(log["missing_from_at"])
    return log[own & (log["incident_type"] != "away") & began.between(first, last)]


def on_time(tables: Tables, kinds: dict[str, int], first: str, last: str) -> float:
    """Share of social workers' reports shared the working days before the meeting."""
    reports = rows(tables, "ext_sw_reports")
    reports = reports[reports["meeting_type"].isin(kinds) & ~is_yes(reports["not_required_flag"])]
    reports = reports[reports["meeting_date"].between(first, last)]
    shared = reports["shared_date"].notna() & (reports["shared_date"] <= reports["meeting_date"])
    lead = working_days(
        reports["shared_date"].fillna(reports["meeting_date"]), reports["meeting_date"]
    )
    return (shared & (lead >= reports["meeting_type"].map(kinds))).mean()


def interviewed(tables: Tables, first: str, last: str) -> tuple[int, int]:
    """Return interviews held in three working days, and those needed and not declined."""
    log = rows(tables, "ext_missing_episodes").dropna(subset=["returned_at"])
    log = log[log["responsible_la_code"].isna() | (log["responsible_la_code"] == OLD_LA_CODE)]
    back = days_of(log["returned_at"])
    log = log.assign(back=back)[back.between(first, last)]
    records = rows(tables, "ext_return_interviews").merge(log, on="missing_id")
    needed = records.groupby("missing_id").filter(
        lambda group: (group["interview_needed"] == "Y").any()
    )
    best = needed.groupby("missing_id").agg(
        held=("interview_completed_date", "min"),
        back=("back", "first"),
        answers=("accepted", set),
    )
    declined = best["held"].isna() & best["answers"].map(
        lambda all_: "N" in all_ and "Y" not in all_
    )
    passed = working_days(best["back"], pd.Series(as_at(tables), index=best.index))
    counted = best[~declined & ~(best["held"].isna() & (passed < 3))]
    taken = working_days(counted["back"], counted["held"].fillna(as_at(tables)))
    return int((counted["held"].notna() & (taken <= 3)).sum()), len(counted)


def visits_in_time(tables: Tables, limit: int, first: str, last: str) -> float:
    """Share of protection visits due by a limit of working days that were made by then."""
    plans = rows(tables, "ssd_cp_plans")
    plans = plans[~is_yes(plans["cppl_cp_plan_ola"])]
    visits = rows(tables, "ssd_cp_visits")
    visits = visits[is_yes(visits["cppv_cp_visit_seen"])]
    seen = visits.groupby("cppv_person_id")["cppv_cp_visit_date"].agg(list)
    met = due_in_period = 0
    for plan in plans.itertuples():
        end = min(plan.cppl_cp_plan_end_date or as_at(tables), as_at(tables))
        end = as_at(tables) if pd.isna(end) else end
        start = plan.cppl_cp_plan_start_date
        made = sorted(on for on in set(seen.get(plan.cppl_person_id, [])) if start <= on <= end)
        for anchor, following in zip([start, *made], [*made, None], strict=True):
            due, begun = anchor, True
            while begun or following is None or following >= due:
                due = _add(due, limit)
                if due > end or (not begun and following is not None and following < due):
                    break
                begun = False
                inside = pd.Timestamp(first) <= due <= pd.Timestamp(last)
                in_time = following is not None and following <= due
                due_in_period += inside
                met += inside and in_time
                if in_time:
                    break
    return met / due_in_period


def _add(day: pd.Timestamp, number: int) -> pd.Timestamp:
    start = day.to_datetime64().astype("datetime64[D]")
    rolled = np.busday_offset(start, 0, roll="backward", holidays=bank_holidays())
    return pd.Timestamp(np.busday_offset(rolled, number, holidays=bank_holidays()))


@pytest.mark.parametrize("delivered", ["april_2019", "september_2019"])
def test_early_help_took_40_days_in_2018_19_under_30_in_march_and_43_in_april(
    delivered: str, request: pytest.FixtureRequest
) -> None:
    tables: Tables = request.getfixturevalue(delivered)

    assert early_help_average(tables, "2018-04-01", "2019-03-31") == 40
    assert early_help_average(tables, "2019-03-01", "2019-03-31") == 29
    assert early_help_average(tables, "2019-04-01", "2019-04-30") == 43


def test_53_missing_incidents_in_a_quarter_are_those_of_31_children(
    september_2019: Tables,
) -> None:
    quarter = own_incidents(september_2019, "2019-07-01", "2019-09-30")

    assert quarter["missing_id"].nunique() == 53
    assert quarter["person_id"].nunique() == 31
    assert quarter["person_id"].isin(september_2019["ssd_person"]["pers_person_id"]).all()


def test_the_incidents_of_the_story_are_those_of_the_newest_closed_quarter(
    april_2019: Tables,
) -> None:
    assert len(own_incidents(april_2019, "2019-01-01", "2019-03-31")) == 53
    assert newest_quarter(date(2019, 4, 30)) == (date(2019, 1, 1), date(2019, 3, 31))
    assert newest_quarter(date(2019, 6, 30)) == (date(2019, 4, 1), date(2019, 6, 30))


def test_of_100_care_leavers_three_are_not_suitably_housed(september_2019: Tables) -> None:
    leavers = rows(september_2019, "ssd_care_leavers").assign(
        suitable=mapped(september_2019, "ssd_care_leavers", "clea_care_leaver_accom_suitable"),
        home=mapped(september_2019, "ssd_care_leavers", "clea_care_leaver_accommodation"),
    )
    order = ["Former Relevant", "Relevant", "Qualifying", "Eligible", "No Current Eligibility"]
    leavers["rank"] = leavers["clea_care_leaver_eligibility"].map(order.index)
    latest = leavers.sort_values(
        ["clea_care_leaver_latest_contact", "rank"], ascending=[False, True]
    ).drop_duplicates("clea_person_id")
    people = rows(september_2019, "ssd_person").set_index("pers_person_id")
    birth = people["pers_dob"].fillna(people["pers_expected_dob"])
    birth = latest["clea_person_id"].map(birth)
    died = latest["clea_person_id"].map(people["pers_death_date"])
    day = as_at(september_2019)
    cohort = latest[
        (latest["rank"] < 2)
        & (birth <= day - pd.DateOffset(years=17))
        & (birth > day - pd.DateOffset(years=22))
        & ~latest["clea_care_leaver_in_touch"].isin(["DIED", "RHOM"])
        & (died.isna() | (died > day))
    ]

    assert len(cohort) == 100
    assert (cohort["suitable"] == "1").sum() == 97
    assert sorted(cohort[cohort["suitable"] != "1"]["home"]) == ["S", "X", "Y"]


@pytest.mark.parametrize("delivered", ["april_2019", "september_2019"])
def test_25_assessments_are_open_beyond_45_working_days(
    delivered: str, request: pytest.FixtureRequest
) -> None:
    tables: Tables = request.getfixturevalue(delivered)
    assessments = rows(tables, "ssd_cin_assessments")
    start = assessments["cina_assessment_start_date"]
    authorised = assessments["cina_assessment_auth_date"].where(
        assessments["cina_assessment_auth_date"] != PLACEHOLDER
    )
    people = rows(tables, "ssd_person").set_index("pers_person_id")
    died = assessments["cina_person_id"].map(people["pers_death_date"])
    alive = died.isna() | (died > as_at(tables))

    late = working_days(start, pd.Series(as_at(tables), index=start.index)) > 45

    assert (open_at(start, authorised, as_at(tables)) & alive & late).sum() == 25


def test_area_1_early_help_deteriorated_in_april(april_2019: Tables) -> None:
    assert early_help_average(april_2019, "2019-04-01", "2019-04-30") > 30


def test_area_2_reports_were_late_around_easter(april_2019: Tables) -> None:
    for kinds in ({"ICPC": 2, "RCPC": 5}, {"CIC_REVIEW": 3}):
        year = on_time(april_2019, kinds, "2018-04-01", "2019-03-31")
        april = on_time(april_2019, kinds, "2019-04-01", "2019-04-30")
        assert april < year - 0.1


def test_area_3_return_interviews_deteriorated_against_the_year(april_2019: Tables) -> None:
    in_time, needed = interviewed(april_2019, "2018-04-01", "2019-03-31")
    in_april, needed_in_april = interviewed(april_2019, "2019-04-01", "2019-04-30")

    assert needed_in_april > 0
    assert in_april / needed_in_april < in_time / needed - 0.1


def test_area_4_supervision_was_held_and_recorded_late(
    april_2019: Tables, september_2019: Tables
) -> None:
    def held(tables: Tables) -> float:
        due = rows(tables, "ext_supervision")
        due = due[due["due_date"].between("2019-04-01", "2019-04-30")]
        return (due["supervision_date"] <= due["due_date"]).mean()

    def lag(tables: Tables, first: str, last: str) -> float:
        done = rows(tables, "ext_supervision").dropna(subset=["supervision_date"])
        done = done[done["supervision_date"].between(first, last)]
        return np.median(working_days(done["supervision_date"], done["recorded_date"]))

    assert held(april_2019) < 0.5  # as it looked then
    assert held(september_2019) > 0.8  # once it was recorded
    before = lag(september_2019, "2018-04-01", "2019-02-28")
    assert lag(september_2019, "2019-04-01", "2019-04-30") > before + 5


def test_area_5_visits_improved_within_15_days_and_not_within_10(april_2019: Tables) -> None:
    year = visits_in_time(april_2019, 15, "2018-04-01", "2019-03-31")
    april = visits_in_time(april_2019, 15, "2019-04-01", "2019-04-30")

    assert april > year + 0.05
    assert visits_in_time(april_2019, 10, "2019-04-01", "2019-04-30") < 0.8


@pytest.mark.parametrize(
    ("size", "month", "message"),
    [
        (1_999, date(2019, 9, 1), "2000 children"),
        (2_000, date(2019, 3, 1), "April 2018 to April 2019"),
        (2_000, date(2024, 4, 1), "April 2018 to April 2019"),
    ],
)
def test_a_story_that_does_not_fit_is_refused(size: int, month: date, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_council(size, last_month=month, stories=Stories(june_2019=True))


def test_without_a_story_nothing_is_moved(council: Tables) -> None:
    average = early_help_average(council, "2024-04-01", "2025-03-31")

    assert average != round(average)
    assert len(own_incidents(council, "2026-01-01", "2026-03-31")) < 30
