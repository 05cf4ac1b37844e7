"""Direction of travel over every month of the mart, against plain Python of its own."""

from collections import defaultdict
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

from duckdb import DuckDBPyConnection, connect

from orchestration.settings import settings

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


def wilson(x: float, n: float, z: float = Z) -> tuple[float, float]:
    p, zz = x / n, z * z
    middle, half = p + zz / (2 * n), z * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return (middle - half) / (1 + zz / n), (middle + half) / (1 + zz / n)


def of_ratio(
    now: tuple[float, float], before: tuple[float, float], spread: float, z: float | None
) -> int | None:
    if min(now[1], before[1]) < 20 or z is None:
        return None
    p, q = now[0] / now[1], before[0] / before[1]
    (low, high), (other_low, other_high) = (
        wilson(x / spread, n / spread, z) for x, n in (now, before)
    )
    if p - q - sqrt((p - low) ** 2 + (other_high - q) ** 2) > 0:
        return 1
    return -1 if p - q + sqrt((high - p) ** 2 + (q - other_low) ** 2) < 0 else 0


def of_events(
    now: tuple[float, float], before: tuple[float, float], spread: float, critical: float | None
) -> int | None:
    if critical is None:
        return None
    share = now[1] / (now[1] + before[1])
    total = now[0] + before[0]
    way = -1 if now[0] < total * share else 1
    fewer, chance = (now[0], share) if way < 0 else (before[0], 1 - share)
    if round(fewer) < 10:
        n = round(total)
        tail = sum(
            comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(round(fewer) + 1)
        )
        if 2 * tail >= 0.05:
            return 0
    z = (abs(now[0] - total * share) - 0.5) / sqrt(spread * total * share * (1 - share))
    return way if z > critical else 0


STUDENT = (4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010)
"""From the printed tables: 2 to 11 degrees of freedom, 5 % in both tails."""


def dispersion(
    months: dict[int, Month], last: int, length: int, unit: str
) -> tuple[float, float | None]:
    """How much more the pairs of same months differ than independent cases would, and Student's
    point for the pairs that there are."""
    groups = [range(last - 11, last + 1)]
    if length == 3:
        groups = [range(last - 2, last + 1), range(last - 11, last - 2)]
    known = [
        (months[index], months[index - 12])
        for index in range(last - 11, last + 1)
        if index in months and index - 12 in months
    ]
    residual, pairs, degrees, weights = 0.0, 0, 0, 0.0
    for group in groups:
        told = []
        for now, before in known:
            if now.index not in group or None in (now.numerator, before.numerator):
                continue
            if unit == "count":
                weight = now.numerator + before.numerator
                told += [(weight, now.numerator / weight)] if weight else []
            elif now.denominator and before.denominator:
                weight = 1 / (1 / now.denominator + 1 / before.denominator)
                share = now.numerator / now.denominator - before.numerator / before.denominator
                told.append((weight, share))
        if told:
            total = sum(weight for weight, _ in told)
            mean = sum(weight * each for weight, each in told) / total
            residual += sum((weight * (each - mean)) ** 2 for weight, each in told)
            weights += total
            pairs += len(told)
            degrees += len(told) - 1
    critical = STUDENT[degrees - 2] if degrees >= 2 else None
    both = [
        month
        for pair in known
        for month in pair
        if None not in (pair[0].numerator, pair[1].numerator)
    ]
    if unit == "count":
        mine = sum(now.numerator for now, before in known if before.numerator is not None)
        whole = sum(month.numerator for month in both)
    else:
        mine = sum(month.numerator for month in both)
        whole = sum(month.denominator or 0 for month in both)
    share = mine / whole if whole else 0
    one = share * (1 - share) * weights
    if not degrees or one <= 1e-12:
        return 1, critical
    return max(1, residual * pairs / degrees / one), critical


def subject_effects(build: DuckDBPyConnection) -> dict[tuple[str, int, int], float]:
    """(indicator, financial year, months taken together) -> variance between subjects over that of
    cases that know nothing of each other, over three years."""
    cases: dict[tuple[str, int], list[tuple[str, int, float, float]]] = defaultdict(list)
    units = {}
    for indicator, unit, day, subject, numerator, denominator in build.execute(
        "select indicator_id, unit, indicator_date, subject_id, numerator::double,"
        " coalesce(denominator, 0)::double"
        " from figures.int_indicator_events inner join staging.stg_indicators using (indicator_id)"
        " where breakdown = 'total' and subject_id is not null and unit in ('count', 'percent')"
    ).fetchall():
        since_april = day.year * 12 + day.month - 4
        units[indicator] = unit
        told = (subject, since_april, numerator, denominator)
        cases[indicator, since_april // 12].append(told)
    between: dict[tuple[str, int, int], float] = {}
    alone: dict[tuple[str, int], float] = {}
    for (indicator, year), rows in cases.items():
        counted, out_of = sum(row[2] for row in rows), sum(row[3] for row in rows)
        is_count = units[indicator] == "count"
        mean = 0 if is_count or not out_of else counted / out_of
        alone[indicator, year] = counted if is_count else counted * (1 - mean)
        for length in (1, 3, 12):
            sums: dict[tuple[str, int], float] = defaultdict(float)
            for subject, month, numerator, denominator in rows:
                sums[subject, month // length] += numerator - mean * denominator
            between[indicator, year, length] = sum(each * each for each in sums.values())
    found = {}
    for indicator, year, length in between:
        years = [each for each in range(year - 2, year + 1) if (indicator, each) in alone]
        expected = sum(alone[indicator, each] for each in years)
        variance = sum(between[indicator, each, length] for each in years)
        found[indicator, year, length] = max(1, variance / expected) if expected > 0 else 1
    return found


def reckoned(
    months: dict[int, Month],
    last: int,
    length: int,
    back: int,
    unit: str,
    is_position: bool,
    effects: tuple[float, float],
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
    spread, critical = (1, Z) if is_position else dispersion(months, last, length, unit)
    in_month, in_span = effects
    spread = max(1, spread / in_month) * in_span
    if unit == "percent":
        return of_ratio(*sides, spread, critical)
    return of_events(*sides, spread, critical) if all(side[1] for side in sides) else None


def test_every_direction_is_the_one_reckoned_apart(mart: DuckDBPyConnection) -> None:
    months = months_of(mart)
    with connect(str(settings.build_warehouse), read_only=True) as build:
        effects = subject_effects(build)
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
        is_position = basis.startswith("snapshot")
        for (length, back), verdict in zip(((12, 12), (3, 12)), verdicts, strict=True):
            known = council == "X06000001" and not is_position
            of_persons = [
                effects.get((indicator, (last - 4) // 12, each), 1) if known else 1
                for each in (1, length)
            ]
            way = reckoned(
                months[indicator, council], last, length, back, unit, is_position, of_persons
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
