"""Direction of travel over every month of the mart, against plain Python of its own."""

from collections import defaultdict
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

from duckdb import DuckDBPyConnection

Z = NormalDist().inv_cdf(0.975)
Span = list["Month"]


@dataclass(frozen=True)
class Month:
    """One month of kpi_monthly that counts: its number since year 0, numerator and denominator."""

    index: int
    numerator: float | None
    denominator: float | None


def months_of(mart: DuckDBPyConnection) -> dict[tuple[str, str], dict[int, Month]]:
    found: dict[tuple[str, str], dict[int, Month]] = defaultdict(dict)
    for indicator, council, end, numerator, denominator in mart.execute(
        "select indicator_id, geography_code, period_end, numerator::double, denominator::double"
        " from marts.kpi_monthly where breakdown = 'total' and status in ('ok', 'no_cases')"
    ).fetchall():
        index = end.year * 12 + end.month
        found[indicator, council][index] = Month(index, numerator, denominator)
    return found


def span(months: dict[int, Month], last: int, length: int) -> Span | None:
    wanted = [months.get(index) for index in range(last - length + 1, last + 1)]
    return None if any(month is None for month in wanted) else wanted


def wilson(x: float, n: float) -> tuple[float, float]:
    p, zz = x / n, Z * Z
    middle, half = p + zz / (2 * n), Z * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return (middle - half) / (1 + zz / n), (middle + half) / (1 + zz / n)


def of_ratio(now: tuple[float, float], before: tuple[float, float]) -> int | None:
    if min(now[1], before[1]) < 20:
        return None
    p, q = now[0] / now[1], before[0] / before[1]
    (low, high), (other_low, other_high) = wilson(*now), wilson(*before)
    if p - q - sqrt((p - low) ** 2 + (other_high - q) ** 2) > 0:
        return 1
    return -1 if p - q + sqrt((high - p) ** 2 + (q - other_low) ** 2) < 0 else 0


def of_events(now: tuple[float, float], before: tuple[float, float]) -> int:
    share = now[1] / (now[1] + before[1])
    total = now[0] + before[0]
    way = -1 if now[0] < total * share else 1
    fewer, chance = (now[0], share) if way < 0 else (before[0], 1 - share)
    if round(fewer) < 10:
        n = round(total)
        tail = sum(
            comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(round(fewer) + 1)
        )
        return way if 2 * tail < 0.05 else 0
    z = (now[0] - total * share) / sqrt(total * share * (1 - share))
    return way if abs(z) > Z else 0


def reckoned(
    months: dict[int, Month], last: int, length: int, back: int, unit: str, is_position: bool
) -> int | None:
    """1 higher, -1 lower, 0 no clear change, None too few to say."""
    spans = span(months, last, length), span(months, last - back, length)
    sides = []
    for each in spans:
        if each is None or any(month.numerator is None for month in each):
            return None
        looks = len(each) if is_position else 1
        numerator = sum(month.numerator for month in each) / looks
        if unit == "count":
            sides.append((numerator, 1.0))
        elif any(month.denominator is None for month in each):
            return None
        else:
            sides.append((numerator, sum(month.denominator for month in each) / looks))
    if unit == "percent":
        return of_ratio(*sides)
    return of_events(*sides) if all(side[1] for side in sides) else None


def test_every_direction_is_the_one_reckoned_apart(mart: DuckDBPyConnection) -> None:
    months = months_of(mart)
    about = {
        row[0]: row[1:]
        for row in mart.execute(
            "select indicator_id, unit, polarity, time_basis from marts.dim_indicator"
        ).fetchall()
    }
    told = mart.execute(
        "select indicator_id, geography_code, period_end, year_on_year, latest_quarter"
        " from marts.kpi_trends"
    ).fetchall()
    seen: dict[str, int] = defaultdict(int)
    for indicator, council, end, *verdicts in told:
        unit, polarity, basis = about[indicator]
        if basis not in (
            "period_flow_count",
            "period_flow_ratio",
            "snapshot_count",
            "snapshot_ratio",
        ) or unit not in ("percent", "count", "rate_per_10k"):
            continue
        last = end.year * 12 + end.month
        for (length, back), verdict in zip(((12, 12), (3, 12)), verdicts, strict=True):
            way = reckoned(
                months[indicator, council], last, length, back, unit, basis.startswith("snapshot")
            )
            seen[verdict] += 1
            assert verdict == in_words(way, polarity), (indicator, council, end, length)
    assert sum(seen.values()) > 30_000
    assert min(seen.values()) > 5, seen
    assert set(seen) == {
        "improving",
        "worsening",
        "higher",
        "lower",
        "no_clear_change",
        "too_few_to_say",
    }


def in_words(way: int | None, polarity: str) -> str:
    if way is None:
        return "too_few_to_say"
    if way == 0:
        return "no_clear_change"
    if polarity == "neutral":
        return "higher" if way > 0 else "lower"
    return "improving" if (way > 0) == (polarity == "higher") else "worsening"


def test_medians_say_nothing_and_a_mean_is_told_by_its_spread(mart: DuckDBPyConnection) -> None:
    medians = mart.sql(
        "select count(*), count(year_on_year), count(latest_quarter) from marts.kpi_trends"
        " inner join marts.dim_indicator using (indicator_id) where time_basis = 'period_median'"
    ).fetchall()
    assert medians[0][0] > 50
    assert medians[0][1:] == (0, 0)
    verdicts = mart.sql(
        "select distinct year_on_year from marts.kpi_trends"
        " where indicator_id = 'eh_assessment_avg_wd' and geography_code = 'X06000001'"
    ).fetchall()
    assert ("no_clear_change",) in verdicts


def test_limits_stand_only_where_the_figures_bear_them(mart: DuckDBPyConnection) -> None:
    wrong = mart.sql(
        """
        select count(*) from marts.kpi_trends
        where (limits_reason is null) <> (lower_limit is not null) and value is not null
            or (lower_limit is null) <> (point_type is null)
        """
    ).fetchall()
    assert wrong == [(0,)]
    reasons = {
        reason.split(":")[1].split()[0]
        for (reason,) in mart.sql(
            "select distinct limits_reason from marts.kpi_trends where limits_reason is not null"
        ).fetchall()
    }
    assert {"each", "too", "fewer"} <= reasons
    baselines = mart.sql(
        "select count(distinct (mean, baseline_end)) from marts.kpi_trends"
        " where geography_code = 'X06000001' and lower_limit is not null"
        " group by indicator_id, rebased_from"
    ).fetchall()
    assert set(baselines) == {(1,)}, "a baseline stays as it is until somebody begins a new one"
    rebased = mart.sql(
        "select min(period_start)::varchar, min(rebase_reason) from marts.kpi_trends"
        " where indicator_id = 'ehcp_active_plans_count' and rebased_from is not null"
    ).fetchall()
    assert rebased == [("2024-04-01", "More plans begin than end each year")]
