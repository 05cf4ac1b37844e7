from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from orchestration.sample_council import OLD_LA_CODE
from orchestration.sample_council.calendar import clock_changes

from .reading import Tables, as_at, days_of, mapped, open_at, rows

LONDON = ZoneInfo("Europe/London")


def test_the_log_and_the_case_system_hold_the_same_incidents(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes").set_index("missing_id")
    system = rows(council, "ssd_missing").set_index("miss_table_id")

    assert list(log.index) == list(system.index)
    assert (log["person_id"] == system["miss_person_id"]).all()
    assert (
        days_of(log["missing_from_at"]) == days_of(system["miss_missing_episode_start_date"])
    ).all()
    away = mapped(council, "ssd_missing", "miss_missing_episode_type") == "Away"
    assert ((log["incident_type"] == "away").to_numpy() == away.to_numpy()).all()


def test_there_are_incidents_of_every_kind(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes")

    assert set(log["setting"]) == {"home", "care"}
    assert set(log["time_precision"]) == {"minute", "day"}
    assert (log["incident_type"] == "away").mean() < 0.15
    assert log["responsible_la_code"].isna().any()
    elsewhere = log["responsible_la_code"].dropna() != OLD_LA_CODE
    assert 0 < elsewhere.mean() < 0.1
    from_care = log[log["setting"] == "care"]
    assert {"Y", "N"} <= set(from_care["placed_out_of_borough"].dropna())


def test_an_incident_lasts_over_every_night_the_clocks_change(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes")
    changes = clock_changes(date(2020, 4, 1), as_at(council).date())

    assert len(changes) == 12
    for sunday in changes:
        two = pd.Timestamp(sunday) + pd.Timedelta(hours=1)
        over = (log["missing_from_at"] < two) & (log["returned_at"] > two)
        assert over.any(), sunday


def test_some_times_do_not_exist_and_some_exist_twice(council: Tables) -> None:
    times = pd.concat(
        [rows(council, "ext_missing_episodes")[name] for name in ("missing_from_at", "returned_at")]
    ).dropna()

    london = times.dt.tz_localize(LONDON, ambiguous="NaT", nonexistent="NaT")

    strange = set(times[london.isna()].dt.month)
    assert strange == {3, 10}


def test_some_incidents_last_over_the_end_of_a_month(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes").dropna(subset=["returned_at"])
    began, returned = (log[name].dt.to_period("M") for name in ("missing_from_at", "returned_at"))

    assert (began < returned).sum() > 5


def test_few_children_go_missing_from_care_and_they_do_so_again_and_again(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes")
    again = log.groupby("setting")["person_id"].agg(lambda people: len(people) / people.nunique())

    assert again["care"] > 1.5 * again["home"]


def test_children_missing_from_care_are_in_care_then(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes")
    from_care = log[log["setting"] == "care"]
    episodes = rows(council, "ssd_cla_episodes")

    joined = from_care.merge(episodes, left_on="person_id", right_on="clae_person_id")
    standing = [
        open_at(
            pd.Series([row.clae_cla_episode_start_date]),
            pd.Series([row.clae_cla_episode_ceased_date]),
            row.missing_from_at.normalize(),
        ).item()
        for row in joined.itertuples()
    ]

    # Some were moved to another night, for the clocks.
    assert joined[standing]["missing_id"].nunique() > 0.85 * len(from_care)


def test_summers_are_worse(council: Tables) -> None:
    months = rows(council, "ext_missing_episodes")["missing_from_at"].dt.month
    summer = months.isin([6, 7, 8]).mean()

    assert summer > 0.3


def test_interviews_answer_incidents_and_some_incidents_have_two_or_none(council: Tables) -> None:
    log = rows(council, "ext_missing_episodes").dropna(subset=["returned_at"])
    interviews = rows(council, "ext_return_interviews")
    number = log["missing_id"].map(interviews["missing_id"].value_counts()).fillna(0)

    assert interviews["missing_id"].isin(log["missing_id"]).all()
    assert set(number) == {0, 1, 2}
    assert set(interviews["interview_needed"]) == {"Y", "N"}
    assert {"Y", "N", "no_reply"} <= set(interviews["accepted"].dropna())
    held = interviews.dropna(subset=["interview_completed_date"]).merge(log, on="missing_id")
    assert (held["interview_completed_date"] >= days_of(held["returned_at"])).all()
