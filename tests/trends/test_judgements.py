"""Interval, certainty and verdicts of every figure, against plain Python of its own."""

from collections import Counter
from decimal import Decimal
from functools import cache
from math import ceil, exp, sqrt
from statistics import NormalDist, variance

import pytest
from duckdb import DuckDBPyConnection, connect

from orchestration.settings import settings
from tests.trends.test_directions import wilson

Z = NormalDist().inv_cdf(0.975)
FIGURES = """
    select * exclude (month_end_mean, published_value, year_gap, year_check) from marts.kpi_yearly
    union all by name select * from marts.kpi_monthly
    union all by name select * from marts.kpi_quarterly
"""
Interval = tuple[float, float] | None


def below(count: int, mean: float) -> float:
    """How likely `count` events or fewer are where `mean` are usual."""
    term = total = exp(-mean)
    for n in range(1, count + 1):
        term *= mean / n
        total += term
    return total


def solved(count: int, likelihood: float) -> float:
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(count, middle) > likelihood else (low, middle)
    return low


@cache
def of_events(count: Decimal) -> Interval:
    """Exact below ten, where whole; else what Byar found to be near enough."""
    if count < 10:
        if count % 1:
            return None
        events = int(count)
        return (solved(events - 1, 0.975) if events else 0.0), solved(events, 0.025)
    x = float(count)

    def byar(m: float, z: float) -> float:
        return m * (1 - 1 / (9 * m) + z / (3 * sqrt(m))) ** 3

    return byar(x, -Z), byar(x + 1, Z)


def reckoned(unit: str, numerator: Decimal | None, denominator: Decimal | None, value: Decimal):
    if unit == "percent" and None not in (numerator, denominator):
        if not denominator or not 0 <= numerator <= denominator:
            return None
        return tuple(100 * bound for bound in wilson(float(numerator), float(denominator)))
    if unit == "count":
        return of_events(value)
    if unit == "rate_per_10k" and numerator is not None and denominator:
        found = of_events(numerator)
        return found and tuple(bound / float(denominator) for bound in found)
    return None


def test_every_interval_is_the_one_reckoned_apart(mart: DuckDBPyConnection) -> None:
    seen: Counter[tuple[str, bool]] = Counter()
    for unit, basis, numerator, denominator, value, lower, upper in mart.sql(
        f"select unit, time_basis, numerator, denominator, value, interval_lower, interval_upper"
        f" from ({FIGURES}) inner join marts.dim_indicator using (indicator_id)"
    ).fetchall():
        if basis == "period_mean":
            continue
        expected = None if value is None else reckoned(unit, numerator, denominator, value)
        seen[unit, expected is not None] += 1
        if expected is None:
            assert (lower, upper) == (None, None), (unit, basis)
        else:
            assert [float(lower), float(upper)] == pytest.approx(expected, rel=1e-6, abs=1e-5)
            assert lower <= value + Decimal("0.000001") and value <= upper + Decimal("0.000001")
    assert all(seen[unit, True] > 300 for unit in ("percent", "count", "rate_per_10k")), seen
    assert not seen["hours", True] and not seen["cases", True]


def test_a_mean_has_the_interval_of_its_cases(mart: DuckDBPyConnection) -> None:
    told = mart.sql(
        f"select period_start, period_end, value, interval_lower, interval_upper from ({FIGURES})"
        " where indicator_id = 'eh_assessment_avg_wd' and origin = 'rows' and value is not null"
        " and breakdown = 'total'"
    ).fetchall()
    with connect(str(settings.build_warehouse), read_only=True) as build:
        cases = build.sql(
            "select indicator_date, numerator::double from figures.int_indicator_events"
            " where indicator_id = 'eh_assessment_avg_wd' and breakdown = 'total'"
        ).fetchall()
    shown = 0
    for start, end, value, lower, upper in told:
        measured = [days for day, days in cases if start <= day <= end]
        if len(measured) < 20:
            assert (lower, upper) == (None, None)
            continue
        shown += 1
        half = Z * sqrt(variance(measured) / len(measured))
        assert [float(lower), float(upper)] == pytest.approx(
            [float(value) - half, float(value) + half], abs=1e-5
        )
    assert 0 < shown < len(told)


def test_every_verdict_follows_from_the_interval(mart: DuckDBPyConnection) -> None:
    certainties: Counter[str | None] = Counter()
    verdicts: Counter[str | None] = Counter()
    for row in mart.sql(
        f"select unit, polarity, numerator, denominator, value, interval_lower, interval_upper,"
        f" target, rag, target_certainty, cases_to_target, england_value, england_verdict,"
        f" region_value, region_verdict, neighbours_value, neighbours_verdict"
        f" from ({FIGURES}) inner join marts.dim_indicator using (indicator_id)"
        f" where target is not null or england_value is not null or neighbours_value is not null"
    ).fetchall():
        unit, polarity, numerator, denominator, value, lower, upper, target, rag, *told = row
        certainty, cases, *compared = told
        certainties[certainty] += 1
        assert (certainty is None) == (rag is None)
        if rag and lower is None:
            assert certainty == "unknown"
        elif rag:
            # sure: whichever end were the truth, the verdict would be the same
            sure = len({is_met(bound, target, polarity) for bound in (lower, upper)}) == 1
            assert (certainty == "certain") == sure, row
        assert cases == (
            reckoned_cases(polarity, unit, numerator, denominator, value, target)
            if rag in ("amber", "red")
            else None
        ), row
        for official, verdict in zip(compared[::2], compared[1::2], strict=True):
            verdicts[verdict] += 1
            assert verdict == reckoned_verdict(polarity, value, lower, upper, official), row
    assert min(certainties[each] for each in ("certain", "could_be_chance", "unknown")) > 20
    assert {"better", "worse", "similar", "lower", "unknown"} <= set(verdicts)


def reckoned_cases(polarity, unit, numerator, denominator, value, target) -> int | None:
    """By trying: one case more, or fewer, until the target is met."""
    if unit == "count":
        counted, met = value, lambda n: n
    elif unit in ("percent", "rate_per_10k") and None not in (numerator, denominator):
        per = 100 if unit == "percent" else 1
        counted, met = numerator, lambda n: per * n / denominator
    else:
        return None
    if unit == "rate_per_10k" or counted % 1:
        limit = (
            target * denominator / (100 if unit == "percent" else 1) if unit != "count" else target
        )
        return ceil(limit - counted if polarity == "higher" else counted - limit)
    step = 1 if polarity == "higher" else -1
    for n in range(100_000):
        now = met(counted + step * n)
        if is_met(now, target, polarity):
            return n
    raise AssertionError("never met")


def is_met(value, target, polarity) -> bool:
    return value >= target if polarity == "higher" else value <= target


def reckoned_verdict(polarity, value, lower, upper, official) -> str | None:
    if value is None or official is None:
        return None
    if lower is None:
        return "unknown"
    if lower <= official <= upper:
        return "similar"
    if polarity == "neutral":
        return "higher" if value > official else "lower"
    return "better" if (value > official) == (polarity == "higher") else "worse"
