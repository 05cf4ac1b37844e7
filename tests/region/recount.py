"""A second reckoning of what a pool's councils are together, written from the definition alone."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from typing import Any

from orchestration.councils.pool import Council
from tests.region.pool import INDICATORS, LONDON, NORTH_EAST, PARTS, SOUTH_EAST, Row

AREAS = {
    "E12000008": SOUTH_EAST,
    "E12000007": LONDON,
    "E13000001": LONDON[:2],
    "E13000002": LONDON[2:],
    "E12000001": NORTH_EAST,
    "pool": (*SOUTH_EAST, *LONDON, *NORTH_EAST),
}
FEWEST_IN_A_FUNNEL = 5
Key = tuple[str, str, date, date, str, str]
Table = Mapping[tuple[str, Key], Row]


def key_of(row: Row) -> Key:
    names = ("indicator_id", "period_type", "period_start", "period_end")
    names += ("breakdown", "breakdown_value")
    return tuple(row[name] for name in names)  # type: ignore[return-value]


@dataclass
class Pool:
    """The members and their figures."""

    members: Sequence[Council]
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        self.told: dict[str, dict[Key, Row]] = defaultdict(dict)
        for row in self.rows:
            self.told[row["geography_code"]][key_of(row)] = row
        self.by_code = {each.geography_code: each for each in self.members}

    def is_in(self, code: str, key: Key) -> bool:
        member = self.by_code[code]
        last = member.last_month or date(9999, 12, 1)
        is_begun = member.first_month is None or member.first_month <= key[2]
        return is_begun and (key[3].year, key[3].month) <= (last.year, last.month)

    def share(self, code: str, key: Key) -> tuple[str, Any, Any]:
        """Why a council adds nothing, or `counted`, with numerator and denominator."""
        indicator, kind, start, end, breakdown, _ = key
        unit, basis = INDICATORS[indicator]
        told = self.told[code]
        row = told.get(key)
        if not self.is_in(code, key):
            return "outside", None, None
        if row is None and breakdown != "total":
            whole = told.get((indicator, kind, start, end, "total", "total"))
            others = any(each[:5] == key[:5] for each in told)
            nobody = whole is not None and whole["numerator"] == 0
            nobody = nobody and (unit == "count" or whole["denominator"] == 0)
            if nobody or (others and whole is not None and whole["numerator"] is not None):
                return "counted", 0, self._of_nobody(unit, indicator, whole)
        if row is None:
            hushed = self.by_code[code].small_numbers == "withheld"
            known = any(each[0] == indicator for each in told)
            return ("withheld" if hushed and known else "missing"), None, None
        top, bottom = row["numerator"], row["denominator"]
        if basis == "period_median":
            return "counted", None, bottom
        if unit == "count":
            top = row["value"] if top is None else top
            return "counted", top, None
        if top is None and row["value"] is None:
            return "withheld", None, None
        if top is None or bottom is None:
            return "without_numbers", None, None
        return "counted", top, bottom

    @staticmethod
    def _of_nobody(unit: str, indicator: str, whole: Row) -> Any:
        """What a part that nothing falls under is set against."""
        if unit == "count":
            return None
        kind = PARTS[indicator][1]
        if kind == "whole":
            return whole["denominator"]
        return whole["denominator"] - whole["numerator"] if kind == "rest" else 0


def regions(pool: Pool) -> Table:
    """Every area's figures by area and key."""
    found: dict[tuple[str, Key], Row] = {}
    for area, codes in AREAS.items():
        for key in {key for code in codes for key in pool.told[code]}:
            unit, basis = INDICATORS[key[0]]
            by_state: dict[str, list[str]] = defaultdict(list)
            tops, bottoms, definitions, provisional = [], [], set(), False
            for code in sorted(codes):
                state, top, bottom = pool.share(code, key)
                by_state[state].append(code)
                if state == "counted":
                    tops.append(top)
                    bottoms.append(bottom)
                    row = pool.told[code].get(key, {})
                    definitions |= {row["made_of"]} if row else set()
                    provisional |= row.get("is_provisional", False)
            if basis == "period_median":
                status = "not_additive"
            elif by_state["withheld"]:
                status = "withheld"
            elif not tops:
                status = "no_data"
            else:
                status = "ok" if unit == "count" or sum(bottoms) else "no_cases"
            row: Row = {
                "status": status,
                "numerator": sum(tops) if status in ("ok", "no_cases") else None,
                "denominator": None,
                "value": None,
                "is_provisional": provisional,
                "councils_counted": len(tops),
                "definitions_counted": len(definitions),
            }
            for state in ("missing", "withheld", "without_numbers", "outside"):
                row[f"councils_{state}"] = "; ".join(by_state[state]) or None
            if status in ("ok", "no_cases") and unit != "count":
                row["denominator"] = sum(bottoms)
            if status == "ok":
                row["value"] = sum(tops) if unit == "count" else _value(unit, tops, bottoms)
            found[area, key] = row
    return found


def _value(unit: str, tops: Sequence[Any], bottoms: Sequence[Any]) -> float:
    return (100 if unit == "percent" else 1) * float(sum(tops)) / float(sum(bottoms))


def printed(value: Any, unit: str) -> Decimal:
    places = Decimal(1) if unit == "count" else Decimal("0.1")
    return Decimal(value).quantize(places, ROUND_HALF_UP)


def councils(pool: Pool, areas: Table, polarity: Mapping[str, str]) -> Table:
    """Every council's place, limits and change, by area with its code after it, and key."""
    found: dict[tuple[str, Key], Row] = {}
    for (area, key), region in areas.items():
        if key[4] != "total":
            continue
        unit, _ = INDICATORS[key[0]]
        here = {
            code: pool.told[code][key]
            for code in AREAS[area]
            if key in pool.told[code] and pool.is_in(code, key)
            if pool.told[code][key]["value"] is not None
        }
        way = -1 if polarity[key[0]] == "lower" else 1
        order = {code: way * printed(row["value"], unit) for code, row in here.items()}
        funnel = _funnel(unit, here, region)
        for code, row in here.items():
            rank = None if unit == "count" else 1 + sum(x > order[code] for x in order.values())
            found[f"{area} {code}", key] = {
                "numerator": row["numerator"],
                "denominator": row["denominator"],
                "value": row["value"],
                "area_value": region["value"],
                "council_rank": rank,
                "councils_ranked": None if rank is None else len(here),
                "quartile": None
                if rank is None or len(here) < 4
                else 1 + 4 * (rank - 1) // len(here),
                **funnel.get(code, dict.fromkeys(_LIMITS)),
                **_moved(pool, code, key, row, polarity[key[0]]),
            }
    return found


_SIDES = {"lower_998": -0.999, "lower_95": -0.975, "upper_95": 0.975, "upper_998": 0.999}
_Z = {name: math.copysign(NormalDist().inv_cdf(abs(p)), p) for name, p in _SIDES.items()}
_LIMITS = (*(f"funnel_{name}" for name in _Z), "funnel_place", "dispersion")


def _funnel(unit: str, here: Mapping[str, Row], region: Row) -> dict[str, Row]:
    """Limits on the scale on which chance is even, by Spiegelhalter's additive model."""
    if unit == "count" or region["value"] is None:
        return {}
    told = {}
    for code, row in here.items():
        x, n, squares = row["numerator"], row["denominator"], row["numerator_squares"]
        is_mean = unit in ("weeks", "days", "hours", "cases")
        if x is None or not n or (is_mean and (squares is None or n < 20)):
            continue
        told[code] = (float(x), float(n), float(squares or 0))
    if len(told) < FEWEST_IN_A_FUNNEL:
        return {}
    inside = 1.0
    if unit == "weeks":
        spread = sum(squares - x * x / n for x, n, squares in told.values())
        inside = spread / sum(n - 1 for _, n, _ in told.values())
        if inside <= 0:
            return {}

    def even(x: float, n: float, more: float = 3 / 8) -> float:
        if unit == "percent":
            return math.asin(math.sqrt((x + more) / (n + 2 * more)))
        return math.sqrt((x + more) / n) if unit == "rate_per_10k" else x / n

    def back(y: float, n: float) -> float:
        if unit == "percent":
            share = math.sin(min(max(y, 0), math.pi / 2)) ** 2
            return min(max(100 * (share * (n + 3 / 4) - 3 / 8) / n, 0), 100)
        return max(max(y, 0) ** 2 - 3 / 8 / n, 0) if unit == "rate_per_10k" else max(y, 0)

    centre = even(float(region["numerator"]), float(region["denominator"]), more=0)
    of_one = {"percent": lambda n: 1 / (4 * n + 2), "rate_per_10k": lambda n: 1 / (4 * n)}
    of_chance = of_one.get(unit, lambda n: inside / n)
    chance = {code: of_chance(n) for code, (_, n, _) in told.items()}
    z = {code: (even(x, n) - centre) / math.sqrt(chance[code]) for code, (x, n, _) in told.items()}
    low, high = (_centile(z.values(), share) for share in (0.1, 0.9))
    dispersion = sum(min(max(each, low), high) ** 2 for each in z.values()) / len(z)
    weights = [1 / each for each in chance.values()]
    free = sum(weights) - sum(w * w for w in weights) / sum(weights)
    between = max((len(z) * dispersion - (len(z) - 1)) / free, 0)
    found: dict[str, Row] = {}
    for code, (x, n, _) in told.items():
        error = math.sqrt(chance[code] + between)
        away = (even(x, n) - centre) / error
        level = "_998" if abs(away) > _Z["upper_998"] else "_95"
        side = "above" if away > 0 else "below"
        found[code] = {f"funnel_{name}": back(centre + z * error, n) for name, z in _Z.items()}
        found[code]["funnel_place"] = "inside" if abs(away) <= _Z["upper_95"] else side + level
        found[code]["dispersion"] = dispersion
    return found


def _centile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _moved(pool: Pool, code: str, key: Key, row: Row, polarity: str) -> Row:
    """The change on the same period a year before, and whether chance could have made it."""
    start = key[2].replace(year=key[2].year - 1)
    after = key[3] + timedelta(days=1)
    end = after.replace(year=after.year - 1) - timedelta(days=1)
    past_key = (key[0], key[1], start, end, key[4], key[5])
    past = pool.told[code].get(past_key)
    nothing = {"year_ago_value": None, "year_ago_change": None, "moved": None}
    if past is None or past["value"] is None or not pool.is_in(code, past_key):
        return nothing
    unit, _ = INDICATORS[key[0]]
    now, then = _interval(unit, row), _interval(unit, past)
    moved = None
    if now and then:
        (v1, l1, u1), (v2, l2, u2) = now, then
        least = v1 - v2 - math.hypot(v1 - l1, u2 - v2)
        most = v1 - v2 + math.hypot(u1 - v1, v2 - l2)
        if least <= 0 <= most:
            moved = "similar"
        elif polarity == "neutral":
            moved = "higher" if least > 0 else "lower"
        else:
            moved = "better" if (least > 0) == (polarity == "higher") else "worse"
    return {
        "year_ago_value": past["value"],
        "year_ago_change": printed(row["value"], unit) - printed(past["value"], unit),
        "moved": moved,
    }


def _interval(unit: str, row: Row) -> tuple[float, float, float] | None:
    """Value, lower and upper: Wilson, exact Poisson or Byar, or by the spread of the cases."""
    z = _Z["upper_95"]
    value, top, bottom = row["value"], row["numerator"], row["denominator"]
    if unit == "count":
        top, bottom = value, 1
    if top is None or not bottom:
        return None
    v, x, n = float(value), float(top), float(bottom)
    if unit == "percent":
        middle, half = 2 * x + z * z, z * math.sqrt(z * z + 4 * x * (1 - x / n))
        return (
            v,
            100 * (middle - half) / (2 * (n + z * z)),
            100 * (middle + half) / (2 * (n + z * z)),
        )
    if unit in ("count", "rate_per_10k"):
        if x >= 10:
            low = x * (1 - 1 / (9 * x) - z / (3 * math.sqrt(x))) ** 3
            up = x + 1
            return v, low / n, up * (1 - 1 / (9 * up) + z / (3 * math.sqrt(up))) ** 3 / n
        return v, _poisson(x, 0.975, lower=True) / n, _poisson(x, 0.975, lower=False) / n
    squares = row["numerator_squares"]
    if squares is None or n < 20:
        return None
    half = z * math.sqrt(max(float(squares) - x * x / n, 0) / (n - 1) / n)
    return v, v - half, v + half


def _poisson(events: float, level: float, *, lower: bool) -> float:
    """The exact limit, by halving: of the lower one as many or more are as unlikely as that."""
    if lower and events == 0:
        return 0
    low, high = 0.0, 60.0
    for _ in range(200):
        mean = (low + high) / 2
        upto = int(events) - 1 if lower else int(events)
        below = sum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(upto + 1)
        )
        is_too_large = (1 - below > 1 - level) if lower else (below < 1 - level)
        low, high = (low, mean) if is_too_large else (mean, high)
    return low
