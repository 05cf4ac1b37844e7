import pandas as pd

from .reading import Tables, rows, working_days


def test_there_are_more_assessments_than_referrals_and_many_answer_none(council: Tables) -> None:
    referrals = rows(council, "ext_early_help_referrals")
    assessments = rows(council, "ext_early_help_assessments")

    assert len(assessments) > len(referrals)
    assert 0.3 < assessments["eh_referral_id"].isna().mean() < 0.7
    assert assessments["eh_referral_id"].dropna().isin(referrals["eh_referral_id"]).all()


def test_assessments_follow_the_referral_and_take_about_thirty_working_days(
    council: Tables,
) -> None:
    joined = rows(council, "ext_early_help_assessments").merge(
        rows(council, "ext_early_help_referrals"), on="eh_referral_id", suffixes=("", "_referral")
    )
    done = joined.dropna(subset=["eh_assessment_completed_date"])

    assert (joined["eh_assessment_start_date"] >= joined["eh_referral_date"]).all()
    assert (joined["person_id"] == joined["person_id_referral"]).all()
    taken = working_days(done["eh_referral_date"], done["eh_assessment_completed_date"])
    assert 27 < taken.mean() < 36


def test_a_reason_says_why_no_assessment_followed(council: Tables) -> None:
    referrals = rows(council, "ext_early_help_referrals")
    assessed = referrals["eh_referral_id"].isin(
        rows(council, "ext_early_help_assessments")["eh_referral_id"]
    )
    old = referrals["eh_referral_date"] < pd.Timestamp("2025-10-01")

    assert referrals[old & assessed]["closed_without_assessment_reason"].isna().all()
    assert referrals[old & ~assessed]["closed_without_assessment_reason"].notna().all()


def test_siblings_share_the_family_number(council: Tables) -> None:
    families = rows(council, "ext_early_help_referrals").groupby("family_id")["person_id"].nunique()

    assert (families > 1).any()
