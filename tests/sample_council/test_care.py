import pandas as pd

from orchestration.sample_council import OLD_LA_CODE

from .reading import Tables, as_at, mapped, open_at, rows

SHORT_BREAKS = {"V3", "V4"}


def test_episodes_of_a_period_of_care_follow_one_another_without_a_gap(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes").sort_values(
        ["clae_cla_id", "clae_cla_episode_start_date"]
    )
    before = episodes.groupby("clae_cla_id")["clae_cla_episode_ceased_date"].shift()
    later = episodes.groupby("clae_cla_id").cumcount() > 0

    assert later.any()
    assert (episodes["clae_cla_episode_start_date"] == before)[later].all()


def test_periods_begin_with_s_and_end_with_something_else_than_x1(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes").assign(
        started=mapped(council, "ssd_cla_episodes", "clae_cla_episode_start_reason"),
        ceased=mapped(council, "ssd_cla_episodes", "clae_cla_episode_ceased_reason"),
    )
    periods = episodes.sort_values("clae_cla_episode_start_date").groupby("clae_cla_id")

    assert set(periods["started"].first()) == {"S"}
    dead = rows(council, "ssd_person").dropna(subset=["pers_death_date"])["pers_person_id"]
    last = periods.tail(1)
    last = last[~last["clae_person_id"].isin(dead)]
    assert not (last["ceased"].dropna() == "X1").any()
    assert (last["ceased"].isna() == last["clae_cla_episode_ceased_date"].isna()).all()
    assert {"P", "L", "T", "B", "U"} <= set(episodes["started"])


def test_placements_and_legal_statuses_cover_the_period(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes")
    end = as_at(council) + pd.Timedelta(days=1)
    periods = episodes.groupby("clae_cla_id").agg(
        start=("clae_cla_episode_start_date", "min"),
        ceased=("clae_cla_episode_ceased_date", lambda days: days.fillna(end).max()),
    )
    placements = rows(council, "ssd_cla_placement")
    placed = placements.groupby("clap_cla_id").agg(
        start=("clap_cla_placement_start_date", "min"),
        ceased=("clap_cla_placement_end_date", lambda days: days.fillna(end).max()),
    )

    pd.testing.assert_frame_equal(placed.loc[periods.index], periods, check_names=False)


def test_children_in_care_are_as_many_as_a_council_of_this_size_has(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes")
    standing = open_at(
        episodes["clae_cla_episode_start_date"],
        episodes["clae_cla_episode_ceased_date"],
        as_at(council),
    )

    # Wokingham had 98 to 149 at 31 March; this council is a quarter of its size.
    assert 20 < episodes[standing]["clae_person_id"].nunique() < 55


def test_short_breaks_are_there_and_care_without_a_legal_status_too(council: Tables) -> None:
    statuses = rows(council, "ssd_legal_status")
    episodes = rows(council, "ssd_cla_episodes")
    only_breaks = statuses.groupby("lega_person_id")["lega_legal_status"].agg(
        lambda codes: set(codes) <= SHORT_BREAKS
    )

    assert set(statuses["lega_legal_status"]) >= SHORT_BREAKS
    assert 0 < only_breaks.sum() < 0.2 * len(only_breaks)
    assert set(episodes["clae_person_id"]) - set(statuses["lega_person_id"])


def test_asylum_seekers_are_cared_for_under_v2_and_have_estimated_birth_dates(
    council: Tables,
) -> None:
    alone = rows(council, "ssd_immigration_status")[
        mapped(council, "ssd_immigration_status", "immi_immigration_status") == "UASC"
    ]["immi_person_id"]
    statuses = rows(council, "ssd_legal_status")
    people = rows(council, "ssd_person").set_index("pers_person_id").loc[alone]

    assert set(statuses[statuses["lega_person_id"].isin(alone)]["lega_legal_status"]) == {"V2"}
    assert 0.3 < people["pers_dob"].isna().mean() < 0.95
    estimated = people[people["pers_dob"].isna()]["pers_expected_dob"].dropna()
    assert (estimated < as_at(council)).all()


def test_placements_lie_in_and_out_of_the_borough_by_known_postcodes(council: Tables) -> None:
    postcodes = rows(council, "ssd_cla_placement")["clap_cla_placement_postcode"]
    tidy = postcodes.str.upper().str.replace(" ", "")
    reference = rows(council, "ref_postcode_la").set_index("postcode")["la_code"]
    authorities = tidy.map(reference)

    assert tidy.str.startswith("ZZ").all()  # no such postcode area
    assert authorities.notna().mean() > 0.98
    assert 0.3 < (authorities == OLD_LA_CODE).mean() < 0.6


def test_visits_reviews_and_checks_are_made_during_care(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes")
    periods = episodes.groupby("clae_cla_id").agg(
        start=("clae_cla_episode_start_date", "min"),
        ceased=("clae_cla_episode_ceased_date", lambda days: days.fillna(as_at(council)).max()),
    )
    for extract, period, day in (
        ("ssd_cla_visits", "clav_cla_id", "clav_cla_visit_date"),
        ("ssd_cla_reviews", "clar_cla_id", "clar_cla_review_date"),
    ):
        joined = rows(council, extract).merge(periods, left_on=period, right_index=True)
        joined = joined[joined[day].notna()]
        assert len(joined) > 100
        assert joined[day].between(joined["start"], joined["ceased"]).all()


def test_some_children_were_never_visited_and_some_live_with_parents_under_an_interim_order(
    council: Tables,
) -> None:
    placements = rows(council, "ssd_cla_placement")
    visits = rows(council, "ssd_cla_visits")
    by_period = visits.groupby("clav_cla_id")["clav_cla_visit_date"].agg(list)
    lasted = placements.dropna(subset=["clap_cla_placement_end_date"])
    lasted = lasted[
        (lasted["clap_cla_placement_end_date"] - lasted["clap_cla_placement_start_date"]).dt.days
        > 14
    ]
    unvisited = [
        placement
        for placement in lasted.itertuples()
        if not any(
            placement.clap_cla_placement_start_date <= day <= placement.clap_cla_placement_end_date
            for day in by_period.get(placement.clap_cla_id, [])
        )
    ]
    assert 0 < len(unvisited) < 0.1 * len(lasted)

    orders = rows(council, "ssd_legal_status")
    interim = orders[orders["lega_legal_status"] == "C1"]
    episodes = rows(council, "ssd_cla_episodes")[["clae_cla_id", "clae_person_id"]]
    with_parents = placements[placements["clap_cla_placement_type"] == "P1"]
    children = with_parents.merge(
        episodes.drop_duplicates(), left_on="clap_cla_id", right_on="clae_cla_id"
    )
    assert set(children["clae_person_id"]) & set(interim["lega_person_id"])


def test_everyone_in_care_has_a_review_arranged(council: Tables) -> None:
    episodes = rows(council, "ssd_cla_episodes")
    standing = open_at(
        episodes["clae_cla_episode_start_date"],
        episodes["clae_cla_episode_ceased_date"],
        as_at(council),
    )
    reviews = rows(council, "ssd_cla_reviews")
    arranged = reviews[reviews["clar_cla_review_date"].isna()]["clar_cla_id"]
    breaks = rows(council, "ssd_legal_status")
    breaks = set(breaks[breaks["lega_legal_status"].isin(SHORT_BREAKS)]["lega_person_id"])
    in_care = episodes[standing & ~episodes["clae_person_id"].isin(breaks)]
    dead = rows(council, "ssd_person").dropna(subset=["pers_death_date"])["pers_person_id"]

    assert set(in_care[~in_care["clae_person_id"].isin(dead)]["clae_cla_id"]) <= set(arranged)
