"""Intervals against published tables: OHID's PHEindicatormethods and Newcombe's own examples."""

import csv
import math
from statistics import NormalDist

import duckdb
import pytest

from orchestration.settings import settings
from tests.trends.macros import macros

Z = {"95": NormalDist().inv_cdf(0.975), "99.8": NormalDist().inv_cdf(0.999)}


def evaluated(expression: str) -> float:
    [(value,)] = duckdb.sql(f"select {expression}").fetchall()
    return value


def number(value: float) -> str:
    return f"cast({value!r} as double precision)"


@pytest.mark.parametrize(
    ("x", "n", "level", "lower", "upper", "digits"),
    [
        (65, 100, "95", 0.5525444330, 0.7363575176, 10),
        (65, 100, "99.8", 0.4954946574, 0.7783540614, 10),
        (1045, 5000, "95", 0.1979554988, 0.2204913037, 10),
        (1045, 5000, "99.8", 0.1917938180, 0.2273156290, 10),
        (0.445, 1, "95", 0.0438174477, 0.9334621277, 10),
        (0.445, 1, "99.8", 0.0193470061, 0.9702259947, 10),
        (1, 100, "95", 0.001767, 0.054486, 6),
        (1, 100, "99.8", 0.000873, 0.104554, 6),
        (5, 100, "95", 0.021544, 0.111750, 6),
        (5, 100, "99.8", 0.013865, 0.164589, 6),
        (20, 100, "95", 0.133367, 0.288829, 6),
        (20, 100, "99.8", 0.105192, 0.347111, 6),
    ],
)
def test_wilson(x: float, n: float, level: str, lower: float, upper: float, digits: int) -> None:
    found = [
        evaluated(macros("intervals").wilson(side, number(x), number(n), Z[level]))
        for side in ("lower", "upper")
    ]
    assert [round(bound, digits) for bound in found] == [lower, upper]


@pytest.mark.parametrize("n", ["cast(0 as double precision)", "cast(null as double precision)"])
def test_nothing_out_of_nothing_has_no_interval(n: str) -> None:
    assert evaluated(macros("intervals").wilson("lower", number(0), n)) is None


@pytest.mark.parametrize(
    ("x", "level", "lower", "upper", "digits"),
    [
        (65, "95", 50.1631877105, 82.8491385459, 10),
        (65, "99.8", 42.8802614715, 94.0002908443, 10),
        (1045, "95", 982.5932018073, 1110.3312129856, 10),
        (1045, "99.8", 947.9407035610, 1148.8061609880, 10),
        (10, "99.8", 2.9163183747, 24.1937249279, 10),
        (20, "95", 12.211429, 30.889880, 6),
        (20, "99.8", 8.922802, 38.085036, 6),
    ],
)
def test_byar(x: float, level: str, lower: float, upper: float, digits: int) -> None:
    found = [
        evaluated(macros("intervals").byar(side, number(x), Z[level]))
        for side in ("lower", "upper")
    ]
    assert [round(bound, digits) for bound in found] == [lower, upper]


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1),
        ((10, 10), (0, 10), 0.6075, 1),
    ],
)
def test_newcombe(
    first: tuple[int, int], second: tuple[int, int], lower: float, upper: float
) -> None:
    sides = []
    for x, n in (first, second):
        bounds = [
            macros("intervals").wilson(side, number(x), number(n)) for side in ("lower", "upper")
        ]
        sides += [number(x / n), *(f"({bound})" for bound in bounds)]
    found = [evaluated(macros("intervals").newcombe(side, *sides)) for side in ("lower", "upper")]
    assert [round(bound, 4) for bound in found] == [lower, upper]


def poisson_below(events: int, mean: float) -> float:
    """The probability of `events` or fewer."""
    return sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(events + 1))


def test_the_limits_of_small_counts_are_exact() -> None:
    with (settings.seeds / "reference/poisson_limits.csv").open(encoding="utf-8") as lines:
        limits = {int(row["events"]): row for row in csv.DictReader(lines)}
    assert list(limits) == list(range(10))
    for events, row in limits.items():
        for column, tail in (("95", 0.025), ("998", 0.001)):
            lower, upper = float(row[f"lower_{column}"]), float(row[f"upper_{column}"])
            assert math.isclose(poisson_below(events, upper), tail, rel_tol=1e-9)
            if events:
                assert math.isclose(1 - poisson_below(events - 1, lower), tail, rel_tol=1e-9)
            else:
                assert lower == 0
    told = limits[5]
    assert [round(float(told[name]), 6) for name in list(told)[1:]] == [
        1.623486,
        11.668332,
        0.739372,
        16.454745,
    ]
