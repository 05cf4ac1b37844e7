"""Interval, certainty and verdicts of every figure, against plain Python of its own."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import exp, sqrt
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
    parts: Counter[tuple[str | None, bool]] = Counter()
    for decimals, *row in mart.sql(
        f"with figures as ({FIGURES}), compared as (select indicator_id, breakdown as split,"
        f" compared_value as part from marts.dim_breakdown where compared_value is not null)"
        f" select decimals, unit, polarity, whole.numerator, whole.denominator, whole.value,"
        f" whole.interval_lower, whole.interval_upper, whole.target, whole.rag,"
        f" whole.target_certainty, whole.cases_to_target, part, held.value, held.interval_lower,"
        f" held.interval_upper, whole.england_value, whole.england_verdict, whole.region_value,"
        f" whole.region_verdict, whole.neighbours_value, whole.neighbours_verdict"
        f" from figures as whole inner join marts.dim_indicator using (indicator_id)"
        f" left join compared using (indicator_id) left join figures as held"
        f" on whole.indicator_id = held.indicator_id"
        f" and whole.geography_code = held.geography_code"
        f" and whole.period_type = held.period_type and whole.period_end = held.period_end"
        f" and held.breakdown = split and held.breakdown_value = part"
        f" where whole.target is not null or whole.england_value is not null"
        f" or whole.neighbours_value is not null"
    ).fetchall():
        unit, polarity, numerator, denominator, value, lower, upper, target, rag, *told = row
        certainty, cases, part, *held = told
        *held, compared = *held[:3], held[3:]
        parts[part, held[0] is not None] += 1
        printed = shown(value, decimals)
        lower, upper = (shown(bound, max(decimals, 1)) for bound in (lower, upper))
        certainties[certainty] += 1
        if rag in (None, "green"):
            assert certainty is None, "what meets its target is said to, plainly"
        elif lower is None:
            assert certainty == "unknown"
        else:
            # sure: whichever end were the truth, the target would be missed
            sure = not any(is_met(bound, target, polarity) for bound in (lower, upper))
            assert certainty == ("certain" if sure else "could_be_chance"), row
        assert cases == (
            reckoned_cases(polarity, unit, numerator, denominator, value, target, decimals)
            if rag in ("amber", "red")
            else None
        ), row
        # official figures about one part are held against that part
        if part:
            printed = shown(held[0], decimals)
            lower, upper = (shown(bound, max(decimals, 1)) for bound in held[1:])
        for official, verdict in zip(compared[::2], compared[1::2], strict=True):
            verdicts[verdict] += 1
            printed_official = shown(official, decimals)
            assert verdict == reckoned_verdict(polarity, printed, lower, upper, printed_official), (
                row
            )
    assert min(certainties[each] for each in ("certain", "could_be_chance", "unknown")) > 20
    assert {"better", "worse", "similar", "lower", "unknown"} <= set(verdicts)
    # figures that were returned have no part: nothing is held against them
    assert parts["19-21", True] and parts["19-21", False]


def shown(value: Decimal | None, decimals: int) -> Decimal | None:
    """As it is printed."""
    return value and value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def reckoned_cases(polarity, unit, numerator, denominator, value, target, decimals) -> int | None:
    """By trying: one case more, or fewer, until what is printed meets the target."""
    if unit == "count":
        counted, met = value, lambda n: n
    elif unit in ("percent", "rate_per_10k") and None not in (numerator, denominator):
        per = 100 if unit == "percent" else 1
        counted, met = numerator, lambda n: per * n / denominator
    else:
        return None
    step = 1 if polarity == "higher" else -1
    for n in range(100_000):
        if is_met(shown(met(counted + step * n), decimals), target, polarity):
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
