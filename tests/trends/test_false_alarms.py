"""How often a direction is said while nothing changes, and how long a change takes to be told."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from orchestration.settings import settings
from tests.figures.compiled import read_compiled
from tests.trends.simulated import Simulation, by_month, counts, months_until_told, visits

MOST = 0.06
ROUNDS = [
    pytest.param(1_000, 0.02, id="fast"),
    pytest.param(30_000, 0.0015, id="full", marks=pytest.mark.soak),
]
"""Rounds, and what so few of them may be off by."""


@pytest.fixture(scope="module")
def simulation(whole_job) -> Iterator[Simulation]:
    assert whole_job.success
    compiled = read_compiled(settings.dbt_target, settings.build_warehouse, settings.raw)
    yield Simulation(compiled, settings.build_warehouse)


def said(ways) -> dict[str, float]:
    """Span to the share of rounds in which the newest month says a direction."""
    return {span: float(np.mean(way[:, -1] != 0)) for span, way in ways.items()}


@pytest.mark.parametrize(("rounds", "margin"), ROUNDS)
@pytest.mark.parametrize("mean", [10, 40, 150])
@pytest.mark.parametrize("times_poisson", [1, 2, 5])
def test_numbers_of_events_that_do_not_change(
    simulation: Simulation, mean: int, times_poisson: int, rounds: int, margin: float
) -> None:
    chance = np.random.default_rng([mean, times_poisson])
    months = counts(chance, rounds, 24, mean, times_poisson)
    found = said(simulation.directions(months))
    print(f"{mean} a month, variance {times_poisson} x the mean: {found}")
    assert max(found.values()) <= MOST + margin
    if times_poisson == 5:
        before = said(simulation.directions(months, independent=True))
        assert min(before.values()) > 0.25, "as independent events they would be told for nothing"


WORLDS = {
    "independent": {"siblings": 1, "stay": 1, "a_month": 1, "differ": 0},
    "siblings": {"siblings": 2, "stay": 1, "a_month": 1, "differ": 0},
    "repeated visits": {"siblings": 1, "stay": 9, "a_month": 2, "differ": 3},
    "repeated visits to very different children": {
        "siblings": 1,
        "stay": 12,
        "a_month": 2,
        "differ": 1.5,
    },
}


@pytest.mark.parametrize(
    ("rounds", "margin"),
    [
        pytest.param(200, 0.035, id="fast"),
        pytest.param(6_000, 0.0035, id="full", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("children", [30, 60])
def test_shares_of_visits_in_time_that_do_not_change(
    simulation: Simulation, world: str, children: int, rounds: int, margin: float
) -> None:
    chance = np.random.default_rng([len(world), children])
    judged = []
    for some in np.diff(np.arange(0, rounds + 1, 200)):
        cases = visits(chance, some, children, **WORLDS[world])
        judged.append(simulation.directions(*by_month(cases, some), events=cases))
    found = {
        span: float(np.mean([said(each)[span] for each in judged]))
        for span in ("year_on_year", "latest_quarter")
    }
    print(f"{world}, about {children} children: {found}")
    assert max(found.values()) <= MOST + margin


@pytest.mark.parametrize(
    "rounds", [pytest.param(200, id="fast"), pytest.param(4_000, id="full", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("times_poisson", [1, 2, 5])
def test_a_lasting_rise_by_half_is_still_told(
    simulation: Simulation, times_poisson: int, rounds: int
) -> None:
    """From the 25th month on there are half as many again, of 40 a month."""
    chance = np.random.default_rng(times_poisson)
    months = np.concatenate(
        [
            counts(chance, rounds, length, mean, times_poisson)
            for length, mean in ((24, 40), (18, 60))
        ],
        axis=1,
    )
    waited = partial(months_until_told, changed=24, way=1)
    now, before = (
        {span: waited(way) for span, way in simulation.directions(months, **how).items()}
        for how in ({}, {"independent": True})
    )
    print(f"variance {times_poisson} x the mean: told after {now}, as independent {before}")
    assert now["year_on_year"] <= 13
    assert all(now[span] >= before[span] for span in now)
