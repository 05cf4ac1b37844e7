import pandas as pd

from .reading import Tables, as_at, open_at, rows


def test_requests_assessments_and_plans_follow_one_another(council: Tables) -> None:
    requests, assessments = (
        rows(council, name) for name in ("ssd_ehcp_requests", "ssd_ehcp_assessment")
    )
    plans = rows(council, "ssd_ehcp_named_plan")

    joined = assessments.merge(
        requests, left_on="ehca_ehcp_request_id", right_on="ehcr_ehcp_request_id"
    )
    issued = plans.dropna(subset=["ehcn_ehcp_asmt_id"]).merge(
        assessments, left_on="ehcn_ehcp_asmt_id", right_on="ehca_ehcp_assessment_id"
    )
    decided = joined.dropna(subset=["ehca_ehcp_assessment_outcome_date"])
    assert (decided["ehca_ehcp_assessment_outcome_date"] > decided["ehcr_ehcp_req_date"]).all()
    assert (issued["ehca_ehcp_assessment_outcome"] == "Y").all()
    assert (
        issued["ehcn_named_plan_start_date"] == issued["ehca_ehcp_assessment_outcome_date"]
    ).all()
    assert plans["ehcn_ehcp_asmt_id"].isna().any()  # before the history, or moved in


def test_about_six_plans_in_ten_are_issued_within_twenty_weeks(council: Tables) -> None:
    joined = rows(council, "ssd_ehcp_assessment").merge(
        rows(council, "ssd_ehcp_requests"),
        left_on="ehca_ehcp_request_id",
        right_on="ehcr_ehcp_request_id",
    )
    issued = joined[joined["ehca_ehcp_assessment_outcome"] == "Y"]
    taken = issued["ehca_ehcp_assessment_outcome_date"] - issued["ehcr_ehcp_req_date"]

    assert 0.5 < (taken <= pd.Timedelta(days=140)).mean() < 0.75


def test_plans_and_requests_grow_from_year_to_year(council: Tables) -> None:
    plans, requests = rows(council, "ssd_ehcp_named_plan"), rows(council, "ssd_ehcp_requests")
    standing = [
        open_at(
            plans["ehcn_named_plan_start_date"],
            plans["ehcn_named_plan_ceased_date"],
            as_at(council) - pd.DateOffset(years=back),
        ).sum()
        for back in range(5, -1, -1)
    ]
    by_year = requests.groupby(requests["ehcr_ehcp_req_date"].dt.year).size()

    assert standing == sorted(standing)
    assert 400 < standing[-1] < 700  # a quarter of about 2,200
    assert by_year[2025] > 1.2 * by_year[2021]


def test_exclusions_fall_on_school_days_and_some_are_overturned(council: Tables) -> None:
    exclusions = rows(council, "ext_exclusions")
    overturned = exclusions.dropna(subset=["overturned_date"])

    assert (exclusions["exclusion_start_date"].dt.day_of_week < 5).all()
    assert not exclusions["exclusion_start_date"].dt.month.isin([8]).any()
    assert (overturned["overturned_date"] > overturned["exclusion_start_date"]).all()
    assert {"primary", "secondary"} <= set(exclusions["school_phase"])


def test_headcounts_come_with_and_without_a_total(council: Tables) -> None:
    heads = rows(council, "ref_pupil_headcount").pivot(
        index="academic_year", columns="phase", values="headcount"
    )
    parts = heads.drop(columns="total").sum(axis=1)

    assert heads["total"].isna().any()
    assert (heads["total"].dropna() == parts[heads["total"].notna()]).all()


def test_a_population_is_in_force_at_every_month_end(council: Tables) -> None:
    population = rows(council, "ref_population")

    assert population["in_force_from"].min() <= pd.Timestamp("2020-04-01")
    assert population["in_force_from"].is_monotonic_increasing
    assert population["population_0_17"].between(9_000, 13_000).all()
