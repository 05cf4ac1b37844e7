"""A window cut out of a council's rows prints nothing but what the whole of them would print."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.sample_council import fill
from tests.figures.compiled import Compiled
from tests.figures.councils import LAST_MONTH, check_in
from tests.figures.small_warehouse import SmallWarehouse
from tests.figures.windows import OWN, SCRIPTS, Windows, build, differences
from tests.oracle.small_tables import delivery, figure, persons

EVER = date(1900, 1, 1)
FEBRUARY = date(2026, 2, 28)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accepted rows of six years of a small council."""
    return accepted(tmp_path_factory.mktemp("windows"), size=400, seed=5)


def accepted(home: Path, size: int, seed: int) -> Path:
    paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
    fill(paths.incoming, last_month=LAST_MONTH, size=size, seed=seed, months=15)
    check_in(paths)
    return paths.raw


def two_years_before(day: date, drawn_after: int) -> date:
    """Where a script's window begins that is run some days after the last day covered."""
    return (day + timedelta(days=drawn_after)).replace(year=day.year - 2)


def test_a_window_prints_the_figures_of_the_whole_month_after_month(
    compiled: Compiled, raw: Path, tmp_path: Path
) -> None:
    whole = Windows(compiled, raw)
    moving = Windows(compiled, raw, tmp_path / "figures")
    earlier: pd.DataFrame | None = None
    for as_at in (FEBRUARY, LAST_MONTH):
        truth = whole.figures(as_at, "systemc", EVER)
        printed = moving.printed(as_at, "systemc", two_years_before(as_at, 3))
        printed = printed[printed["origin"].isin(["rows", "remembered"])]
        assert len(printed) > 3_000
        found = differences(printed, truth)
        assert found.empty, found.groupby(["indicator_id", "breakdown"]).size().to_string()
        restated = moving.restated()
        if earlier is None:
            assert restated.empty
            first = set(printed.index)
        else:
            # what changed is what the whole shows as changed too
            both = restated.join(truth[["value"]].add_suffix("_now"))
            both = both.join(earlier[["value"]].add_suffix("_then"))
            assert both["value"].equals(both["value_now"])
            assert both["published_value"].equals(both["value_then"])
            # March of two years ago has left the rows, and is remembered
            assert (printed["origin"] == "remembered").sum() > 20
            assert first <= set(printed.index)
        earlier = truth
    indicators = set(printed.index.get_level_values("indicator_id"))
    assert len(indicators) >= 55, indicators
    gone = truth.index.get_level_values("period_end") < pd.Timestamp("2024-02-01")
    assert not set(printed.index) & set(truth.index[gone])


def test_where_nobody_says_it_the_day_is_found_out(compiled: Compiled, raw: Path) -> None:
    windows = Windows(compiled, raw)
    truth = windows.figures(LAST_MONTH, "mosaic", EVER)
    printed = windows.figures(LAST_MONTH, "mosaic", date(2023, 4, 1), said=False)
    found = differences(printed, truth)
    assert len(printed) > 5_000
    assert found.empty, found.groupby(["indicator_id", "breakdown"]).size().to_string()


@pytest.mark.parametrize("since", [date(2024, 4, 3), date(2021, 4, 3)])
@pytest.mark.parametrize("rule", OWN)
def test_rows_chosen_by_their_start_print_the_figures_of_the_whole(
    compiled: Compiled, raw: Path, since: date, rule: str
) -> None:
    windows = Windows(compiled, raw)
    truth = windows.figures(LAST_MONTH, rule, EVER)
    printed = windows.figures(LAST_MONTH, rule, since, said=False)
    assert len(printed) > 5_000
    found = differences(printed, truth)
    assert found.empty, found.groupby(["indicator_id", "breakdown"]).size().to_string()


def cuts(seed: int, number: int) -> Iterator[tuple[date, str, date, bool]]:
    """Months, scripts, first days of windows of one to six years, and whether these are said."""
    chosen = random.Random(seed)
    for _ in range(number):
        as_at = date(2025, chosen.randrange(2, 13), 1) - timedelta(days=1)
        since = as_at - timedelta(days=chosen.randrange(365, 6 * 365))
        yield as_at, chosen.choice(list(SCRIPTS)), since, chosen.random() < 0.5


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "size"), [(1, 400), (2, 400), (3, 1_000), (4, 2_500)])
def test_a_cut_at_any_day_prints_the_figures_of_the_whole(
    compiled: Compiled, tmp_path: Path, seed: int, size: int
) -> None:
    windows = Windows(compiled, accepted(tmp_path, size, seed))
    truths: dict[tuple[date, str], pd.DataFrame] = {}
    for as_at, script, since, said in cuts(seed, 60):
        if (as_at, script) not in truths:
            truths[as_at, script] = windows.figures(as_at, script, EVER)
        printed = windows.figures(as_at, script, since, said)
        found = differences(printed, truths[as_at, script])
        told = found.groupby(["indicator_id", "breakdown"]).size().to_string()
        assert found.empty, f"{as_at} {script} {since} {said}: {told}"


def in_care(**extracts: list[dict[str, str]]) -> dict[str, pd.DataFrame]:
    """A child in care since 2021, with some rows of other extracts."""
    episode = {
        "clae_cla_episode_id": "1",
        "clae_person_id": "A",
        "clae_cla_id": "L",
        "clae_cla_episode_start_date": "2021-01-01",
    }
    every = {name: [] for name in ("ssd_legal_status", "ssd_cla_health", "ssd_cla_visits")}
    every |= {"ssd_cla_placement": [], "ssd_person": persons("A"), "ssd_cla_episodes": [episode]}
    return delivery(**{**every, **extracts})


def on_a_plan(start: str, **extracts: list[dict[str, str]]) -> dict[str, pd.DataFrame]:
    """A child on a plan, with some rows of other extracts."""
    plan = {
        "cppl_cp_plan_id": "P",
        "cppl_person_id": "A",
        "cppl_icpc_id": "C",
        "cppl_cp_plan_start_date": start,
    }
    held = {"icpc_icpc_id": "C", "icpc_person_id": "A", "icpc_icpc_date": start}
    every = {"ssd_cp_visits": [], "ssd_cp_reviews": [], "ssd_person": persons("A")}
    every |= {"ssd_cp_plans": [plan], "ssd_initial_cp_conference": [held]}
    return delivery(**{**every, **extracts})


def dental(day: str) -> dict[str, str]:
    return {
        "clah_health_check_id": day,
        "clah_person_id": "A",
        "clah_health_check_type": "dental",
        "clah_health_check_date": day,
        "clah_health_check_status": "Completed",
    }


def cp_visit(day: str) -> dict[str, str]:
    return {
        "cppv_cp_visit_id": day,
        "cppv_person_id": "A",
        "cppv_cp_visit_date": day,
        "cppv_cp_visit_seen": "Y",
    }


def cla_visit(day: str) -> dict[str, str]:
    return {
        "clav_cla_visit_id": day,
        "clav_cla_id": "L",
        "clav_person_id": "A",
        "clav_cla_visit_date": day,
        "clav_cla_visit_seen": "Y",
    }


def enquiry(start: str) -> dict[str, str]:
    return {"s47e_s47_enquiry_id": start, "s47e_person_id": "A", "s47e_s47_start_date": start}


# Two years before 31 March 2026: complete from 31 March 2024, the first whole month is April.
@pytest.mark.parametrize(
    ("indicator", "tables", "last_without", "first_with"),
    [
        # a dental check of the twelve months before
        (
            "cic_dental_check_in_timescale_pct",
            in_care(ssd_cla_health=[dental("2024-04-10"), dental("2025-03-10")]),
            "2025-03",
            "2025-04",
        ),
        # a visit due 15 working days after one that is not there, at the latest in April
        (
            "cp_visits_within_10wd_pct",
            on_a_plan("2024-04-02", ssd_cp_visits=[cp_visit("2024-05-28")]),
            "2024-04",
            "2024-05",
        ),
        # the chain of a plan that began before is known from its first visit since
        (
            "cp_visits_within_10wd_pct",
            on_a_plan("2023-11-01", ssd_cp_visits=[cp_visit("2024-06-11")]),
            "2024-06",
            "2024-07",
        ),
        # nobody saw this child for years: each due date until the next visit follows from the last
        (
            "cic_statutory_visits_in_timescale_pct",
            in_care(ssd_cla_visits=[cla_visit("2022-01-10"), cla_visit("2025-09-15")]),
            "2025-09",
            "2025-10",
        ),
        # reviews since the plan began: this one's are all there
        ("cp_reviews_in_timescale_pct", on_a_plan("2024-05-01"), "2024-03", "2024-07"),
        # a conference of 2025 with the latest enquiry, which began before the window
        (
            "icpc_within_15wd_pct",
            on_a_plan("2025-06-02", ssd_s47_enquiry=[enquiry("2024-02-01")]),
            "2025-06",
            "2025-07",
        ),
    ],
)
def test_the_first_month_is_the_first_that_sees_all_it_looks_back_at(
    small_warehouse: SmallWarehouse,
    indicator: str,
    tables: dict[str, pd.DataFrame],
    last_without: str,
    first_with: str,
) -> None:
    for shown in (small_warehouse.figure, figure):
        asked = {"as_at": LAST_MONTH, "timeframe": 2}
        assert shown(tables, indicator, last_without, **asked) is None
        assert shown(tables, indicator, first_with, **asked) is not None


def test_a_plan_that_began_before_the_window_keeps_reviews_from_starting(
    small_warehouse: SmallWarehouse,
) -> None:
    tables = on_a_plan("2019-05-01")
    for shown in (small_warehouse.figure, figure):
        whole = shown(tables, "cp_reviews_in_timescale_pct", "2026-03")
        assert whole == (0, 1, 0)
        for month in ("2024-04", "2026-03"):
            asked = {"as_at": LAST_MONTH, "timeframe": 2}
            assert shown(tables, "cp_reviews_in_timescale_pct", month, **asked) is None


PLAN = {"cppl_cp_plan_id": "old", "cppl_person_id": "A", "cppl_cp_plan_start_date": "2019-05-01"}
ENDED = {
    "cppl_cp_plan_id": "ended",
    "cppl_person_id": "B",
    "cppl_cp_plan_start_date": "2020-01-01",
    "cppl_cp_plan_end_date": "2021-01-01",
}


def put(paths: Paths, month: str, **extracts: list[dict[str, str]]) -> None:
    """Files of a month as a database gives them, without a manifest, all checked in."""
    for extract, rows in extracts.items():
        file = paths.incoming / month / f"{extract}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        columns = EXTRACTS[extract].column_names
        pd.DataFrame(rows, columns=list(columns)).to_csv(file, index=False)
    check_in(paths)


@pytest.mark.parametrize("had_more_before", [False, True])
def test_of_two_plans_one_has_left_the_rows(
    compiled: Compiled, tmp_path: Path, had_more_before: bool
) -> None:
    """December 2020 had both: it is remembered, or has not started; it is never 1."""
    paths = Paths(*(tmp_path / part for part in ("incoming", "raw", "quarantine", "ledger")))
    people = [{"pers_person_id": "A"}, {"pers_person_id": "B"}]
    ledger = tmp_path / "figures"
    if had_more_before:
        long_over = {
            **ENDED,
            "cppl_cp_plan_id": "before",
            "cppl_cp_plan_start_date": "2019-05-01",
            "cppl_cp_plan_end_date": "2019-11-30",
        }
        put(paths, "2026-02", ssd_person=people, ssd_cp_plans=[PLAN, ENDED, long_over])
        shown = build(compiled.over(paths.raw), ledger, FEBRUARY)
        assert shown["2020-12"] == (2, "ok")
        assert shown["2026-02"] == (1, "ok")
        assert shown["2019-11"] == (None, "not_started")
    put(paths, "2026-03", ssd_person=people, ssd_cp_plans=[PLAN])
    shown = build(compiled.over(paths.raw), ledger, LAST_MONTH)
    assert shown["2026-03"] == (1, "ok")
    if had_more_before:
        assert shown["2020-12"] == (2, "ok")
        assert shown["2026-02"] == (1, "ok")
        assert shown["2019-11"] == (None, "not_started")
    else:
        assert shown.get("2020-12", (None, "not_started")) == (None, "not_started")
    assert shown["restated"] == (0, "")
