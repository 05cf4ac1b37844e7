from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from orchestration.sample_council import care_leaver_snapshots

from .conftest import LAST_MONTH
from .reading import Tables, mapped, rows

Snapshots = dict[date, pd.DataFrame]


@pytest.fixture(scope="module")
def snapshots() -> Snapshots:
    return dict(care_leaver_snapshots(2_500, seed=2, last_month=LAST_MONTH))


def test_there_is_a_delivery_for_each_of_36_month_ends(snapshots: Snapshots) -> None:
    days = list(snapshots)

    assert days == list(pd.date_range("2023-04-30", "2026-03-31", freq="ME").date)


def test_the_newest_is_that_of_the_council(snapshots: Snapshots, council: Tables) -> None:
    pd.testing.assert_frame_equal(snapshots[date(2026, 3, 31)], council["ssd_care_leavers"])


def test_no_delivery_says_when_and_none_repeats_a_row_number(snapshots: Snapshots) -> None:
    numbers = pd.concat([frame["clea_table_id"] for frame in snapshots.values()])

    assert numbers.is_unique
    for day, frame in snapshots.items():
        contacts = frame["clea_care_leaver_latest_contact"].dropna()
        assert (contacts <= pd.Timestamp(day)).all()


def test_everyone_ever_on_the_list_is_a_known_person(snapshots: Snapshots, council: Tables) -> None:
    people = set(council["ssd_person"]["pers_person_id"])

    assert all(frame["clea_person_id"].isin(people).all() for frame in snapshots.values())


def test_the_list_changes_little_from_month_to_month(snapshots: Snapshots) -> None:
    frames = [
        frame.drop_duplicates("clea_person_id").set_index("clea_person_id")
        for frame in snapshots.values()
    ]
    for before, after in pairwise(frames):
        stayed = before.index.intersection(after.index)
        assert len(stayed) > 0.85 * len(before)
        column = "clea_care_leaver_activity"
        same = before.loc[stayed, column].fillna("") == after.loc[stayed, column].fillna("")
        assert same.mean() > 0.6


def test_the_cohort_is_as_large_as_a_council_of_this_size_has(council: Tables) -> None:
    leavers = rows(council, "ssd_care_leavers")
    cohort = leavers[
        leavers["clea_care_leaver_eligibility"].isin(["Relevant", "Former Relevant"])
    ].merge(rows(council, "ssd_person"), left_on="clea_person_id", right_on="pers_person_id")
    birth = cohort["pers_dob"].fillna(cohort["pers_expected_dob"])
    young = birth > pd.Timestamp("2004-03-31")

    # Wokingham told members of 80 and of 100; this council is a quarter of its size.
    assert 12 < cohort[young]["clea_person_id"].nunique() < 40
    suitable = mapped(council, "ssd_care_leavers", "clea_care_leaver_accom_suitable")
    assert 0.8 < (suitable.dropna() == "1").mean() < 1


def test_those_still_in_care_are_eligible_and_have_no_answers_yet(council: Tables) -> None:
    leavers = rows(council, "ssd_care_leavers")
    eligible = leavers[leavers["clea_care_leaver_eligibility"] == "Eligible"]

    assert len(eligible) > 0
    assert eligible["clea_care_leaver_activity"].isna().all()
