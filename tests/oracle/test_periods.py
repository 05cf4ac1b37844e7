"""Which periods are published, and what an extract that is missing or empty leads to."""

from datetime import date

import pandas as pd
import pytest

from . import INDICATORS, breakdown_figures, figures
from .small_tables import GSS, OWN_AUTHORITY, delivery, figure

REFERRALS, OPEN_EPISODES = "referrals_count", "eh_open_episodes_count"


def referred(*days: str) -> dict[str, pd.DataFrame]:
    rows = [{"cine_referral_id": on, "cine_referral_date": on} for on in days]
    return {"ssd_cin_episodes": pd.DataFrame(rows)}


def periods(tables: dict[str, pd.DataFrame], as_at: str, kind: str) -> list[tuple[str, str]]:
    found = figures(tables, date.fromisoformat(as_at), GSS, OWN_AUTHORITY)
    rows = found[(found["indicator_id"] == REFERRALS) & (found["period_type"] == kind)]
    return [(f"{row.period_start}", f"{row.period_end}") for row in rows.itertuples()]


def test_there_are_sixty_one_indicators_each_with_its_own_name() -> None:
    assert len({indicator.name for indicator in INDICATORS}) == len(INDICATORS) == 66


def test_a_series_begins_with_the_first_whole_month() -> None:
    assert periods(referred("2025-04-01"), "2025-05-31", "month")[0] == ("2025-04-01", "2025-04-30")
    assert periods(referred("2025-04-02"), "2025-05-31", "month") == [("2025-05-01", "2025-05-31")]


def test_only_closed_periods_are_published() -> None:
    tables = referred("2025-04-01")
    assert periods(tables, "2025-04-29", "month") == []
    assert periods(tables, "2025-06-29", "quarter") == []
    assert periods(tables, "2025-06-30", "quarter") == [("2025-04-01", "2025-06-30")]
    assert periods(tables, "2026-03-31", "financial_year") == [("2025-04-01", "2026-03-31")]


def test_a_flow_period_with_a_month_before_the_start_is_left_out() -> None:
    tables = referred("2025-05-01", "2025-06-30")
    assert periods(tables, "2025-06-30", "quarter") == []
    assert periods(tables, "2026-03-31", "year_to_date") == []
    assert periods(tables, "2026-03-31", "financial_year") == []
    assert periods(tables, "2026-04-30", "rolling_12m") == [("2025-05-01", "2026-04-30")]


def test_a_flow_sums_its_year_to_date_and_its_last_twelve_months() -> None:
    tables = referred("2025-04-01", "2025-06-15", "2026-03-31", "2026-04-01")
    assert figure(tables, REFERRALS, "2025-06", "year_to_date") == (2, None, 2)
    assert figure(tables, REFERRALS, "2026-03", "financial_year") == (3, None, 3)
    assert figure(tables, REFERRALS, "2026-04", "rolling_12m") == (3, None, 3)


def test_a_snapshot_has_no_rolling_sum_and_a_mean_only_of_twelve_month_ends() -> None:
    episode = {
        "earl_episode_id": "1",
        "earl_person_id": "A",
        "earl_episode_start_date": "2024-07-01",
    }
    later = {**episode, "earl_episode_id": "2", "earl_person_id": "B"}
    ended = {**episode, "earl_episode_id": "3", "earl_episode_end_date": "2024-07-02"}
    episodes = [episode, {**later, "earl_episode_start_date": "2026-02-28"}, ended]
    tables = {"ssd_early_help_episodes": pd.DataFrame(episodes)}
    found = figures(tables, date(2026, 3, 31), GSS, OWN_AUTHORITY)
    assert set(found["period_type"]) == {"month", "quarter", "year_to_date", "financial_year"}
    years = found[found["period_type"] == "financial_year"].set_index("period_end")
    assert years.loc[date(2025, 3, 31), "value"] == 1
    assert pd.isna(years.loc[date(2025, 3, 31), "month_end_mean"])
    assert years.loc[date(2026, 3, 31), "month_end_mean"] == pytest.approx(14 / 12)
    assert found[found["period_type"] == "month"]["month_end_mean"].isna().all()


def test_the_year_of_a_ratio_pools_its_month_ends() -> None:
    post = {"fte": 1, "agency_flag": "N", "org_role": "5", "role_start_date": "2025-04-01"}
    agency = {**post, "agency_flag": "Y", "role_start_date": "2026-03-31"}
    tables = {
        "ext_workforce_workers": pd.DataFrame(
            [{**post, "worker_id": "1"}, {**agency, "worker_id": "2"}]
        )
    }
    found = figures(tables, date(2026, 3, 31), GSS, OWN_AUTHORITY)
    year = found[
        (found["indicator_id"] == "sw_agency_pct") & (found["period_type"] == "financial_year")
    ].iloc[0]
    assert year["value"] == 50
    assert year["month_end_mean"] == pytest.approx(100 * 1 / 13)


def test_the_timeframe_of_the_delivery_cuts_the_series() -> None:
    tables = referred("2010-01-01", "2024-04-15")
    assert figure(tables, REFERRALS, "2024-03", timeframe=2, as_at=date(2026, 3, 31)) is None
    assert figure(tables, REFERRALS, "2024-04", timeframe=2, as_at=date(2026, 3, 31)) == (
        1,
        None,
        1,
    )
    as_at = date(2026, 3, 31)
    for timeframe, expected in (
        ({"ssd_contacts": 2}, (0, None, 0)),
        ({"ssd_cin_episodes": 2}, None),
    ):
        found = figure(tables, REFERRALS, "2024-03", timeframe=timeframe, as_at=as_at)
        assert found == expected


def test_an_extract_that_is_missing_or_holds_no_date_gives_no_figure() -> None:
    assert figures({}, date(2026, 3, 31), GSS, OWN_AUTHORITY).empty
    empty = {"ssd_cin_episodes": pd.DataFrame({"cine_referral_id": []})}
    assert figures(empty, date(2026, 3, 31), GSS, OWN_AUTHORITY).empty


def test_without_bank_holidays_no_working_day_is_counted() -> None:
    without_holidays = delivery(ssd_cin_assessments=[])
    del without_holidays["ref_bank_holidays"]
    assert figure(without_holidays, "assessments_within_45wd_pct", "2026-03") is None


def test_the_frames_have_the_agreed_columns_and_types() -> None:
    exclusion = {
        "exclusion_id": "1",
        "exclusion_type": "PERM",
        "exclusion_start_date": pd.Timestamp("2025-09-01"),
        "school_phase": "primary",
    }
    tables = {"ext_exclusions": pd.DataFrame([exclusion])}
    total = figures(tables, date(2025, 9, 30), GSS, OWN_AUTHORITY)
    split = breakdown_figures(tables, date(2025, 9, 30), GSS, OWN_AUTHORITY)
    assert list(total.columns) == [
        "indicator_id",
        "period_type",
        "period_start",
        "period_end",
        "numerator",
        "denominator",
        "value",
        "month_end_mean",
    ]
    assert list(split.columns) == [*total.columns, "breakdown", "breakdown_value"]
    assert {str(total[name].dtype) for name in ("numerator", "denominator", "value")} == {"float64"}
    assert set(total["period_end"]) == {date(2025, 9, 30)}
    assert set(split["breakdown_value"]) == {"primary"}
    assert set(total["value"]) == {1}


def test_a_row_delivered_twice_counts_once() -> None:
    tables = referred("2025-04-01", "2025-04-01")
    assert figure(tables, REFERRALS, "2025-04") == (1, None, 1)
