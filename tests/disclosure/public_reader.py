"""A second reader, apart from the product's: the public CSV files of packs, and the definitions.

It knows what anybody can know: what adds up over months, which numbers are of the same children by
their definitions, that noughts are printed, and what earlier packs printed of the same periods. It
narrows every number down by the ends of what is possible, and by trying them.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FEWEST = 5
SUMS = ("period_flow_count", "period_flow_ratio", "period_mean", "period_median")
POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")

# by what the definitions say: the first is the same as the second
SAME = (
    ("rereferrals_12m_pct", "d", "referrals_count", "n"),
    ("eh_referral_to_assessment_pct", "d", "eh_referrals_count", "n"),
    ("eh_assessment_avg_wd", "d", "eh_assessments_within_30wd_pct", "d"),
    ("permanent_exclusion_rate_pct", "n", "permanent_exclusions_count", "n"),
    ("cp_plans_rate_per_10k", "n", "cp_plans_open_count", "n"),
    ("cp_allocated_social_worker_pct", "d", "cp_plans_open_count", "n"),
    ("cic_rate_per_10k", "n", "cic_count", "n"),
    ("cic_allocated_social_worker_pct", "d", "cic_count", "n"),
    ("cic_three_plus_placements_12m_pct", "d", "cic_count", "n"),
    ("cic_more_than_one_sw_12m_pct", "d", "cic_count", "n"),
    ("cic_three_plus_sw_12m_pct", "d", "cic_more_than_one_sw_12m_pct", "d"),
    ("cl_in_touch_pct", "d", "cl_count", "n"),
    ("cl_neet_pct", "d", "cl_count", "n"),
    ("cl_suitable_accommodation_pct", "d", "cl_count", "n"),
    ("rhi_within_72h_pct", "d", "rhi_within_3wd_pct", "d"),
)
# and here it is no more
FEWER = (
    ("missing_children_count", "n", "missing_incidents_count", "n"),
    ("cic_three_plus_sw_12m_pct", "n", "cic_more_than_one_sw_12m_pct", "n"),
    ("eh_assessments_within_30wd_pct", "d", "eh_assessments_completed_count", "n"),
    ("ehcp_issued_within_20wk_pct", "d", "ehcp_new_plans_issued_count", "n"),
    ("cl_bed_and_breakfast_count", "n", "cl_count", "n"),
    ("cic_placed_out_of_borough_pct", "d", "cic_count", "n"),
    ("cic_health_assessment_in_timescale_pct", "d", "cic_count", "n"),
    ("cic_dental_check_in_timescale_pct", "d", "cic_health_assessment_in_timescale_pct", "d"),
    ("cp_reviews_in_timescale_pct", "d", "cp_plans_open_count", "n"),
    ("cp_children_last_visit_over_10wd_count", "n", "cp_plans_open_count", "n"),
)
# reasons: which side of the whole they are reasons for, and which they are printed as shares of
REASONS = {
    ("cl_suitable_accommodation_pct", "unsuitable_type"): ("m", "d"),
    ("cl_neet_pct", "neet_reason"): ("n", "d"),
    ("cic_more_than_one_sw_12m_pct", "worker_change_reason"): ("n", "d"),
    ("assessments_within_45wd_pct", "delay_reason"): ("m", "m"),
    ("supervision_in_timescale_pct", "lateness"): ("m", "m"),
}
# a child counts under each that was given: no fewer than the whole together, and maybe more
OVERLAPPING = {"worker_change_reason"}

Name = tuple[str, ...]
Limit = tuple[tuple[tuple[Name, int], ...], float, float]
"""Least and greatest of a sum of weight x number."""


class CannotBe(Exception):
    """No numbers agree with what is printed and what the reader takes for granted."""


@dataclass(frozen=True)
class Deduced:
    """A hidden number that can have fewer values than FEWEST."""

    name: Name
    low: int
    high: int


@dataclass
class _Known:
    limits: list[Limit] = field(default_factory=list)
    ends: dict[Name, tuple[float, float]] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    printed: set[Name] = field(default_factory=set)

    def print_of(self, name: Name, value: int) -> None:
        self.printed.add(name)
        low, high = self.ends.get(name, (0, math.inf))
        if not low <= value <= high:
            raise CannotBe
        self.ends[name] = (value, value)

    def hide(self, name: Name, least: int) -> None:
        self.hidden.add(name)
        low, high = self.ends.get(name, (0, math.inf))
        self.ends[name] = (max(low, least), high)

    def add(self, weights: Mapping[Name, int], low: float, high: float) -> None:
        for name in weights:
            self.ends.setdefault(name, (0, math.inf))
        self.limits.append((tuple(weights.items()), low, high))

    def same(self, one: Name, other: Name) -> None:
        self.add({one: 1, other: -1}, 0, 0)

    def fewer(self, one: Name, other: Name) -> None:
        self.add({other: 1, one: -1}, 0, math.inf)


def deduce(packs: Sequence[Path], bases: Mapping[str, str]) -> list[Deduced]:
    """What can be worked out from the `figures.csv` of packs, oldest first; `bases` are the time
    bases of indicators, as the catalogue prints them.

    A number that two packs hide of one period is taken to be the same, parts to make up the whole.
    Where that cannot be, parts are taken to be some of it, then of all packs only what stands last
    is held together, and fewer packs are read.
    """
    rows = [_rows(pack) for pack in packs]
    found: dict[Name, Deduced] = {}
    for group in _groups({row["indicator_id"] for each in rows for row in each}):
        theirs = [[row for row in each if row["indicator_id"] in group] for each in rows]
        for each in _read(theirs, bases):
            found.setdefault(each.name, each)
    return sorted(found.values(), key=lambda each: each.name)


def _rows(pack: Path) -> list[dict[str, str]]:
    """The figures of a pack. Where its page says that something is not shown at all, as months, a
    hidden number of that kind may be a nought (`less_detail.json`: indicator and kinds)."""
    told = pack / "less_detail.json"
    left_out = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    rows = list(csv.DictReader((pack / "figures.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows:
        kind = "part" if row["breakdown"] else row["period_type"]
        row["may_be_nought"] = "yes" if kind in left_out.get(row["indicator_id"], ()) else ""
    return rows


def _read(packs: list[list[dict[str, str]]], bases: Mapping[str, str]) -> Iterable[Deduced]:
    runs = {(0, len(packs))}
    while runs:
        shorter = set()
        for first, end in sorted(runs):
            for is_last_only, parts_are_all in ((False, True), (False, False), (True, False)):
                with suppress(CannotBe):
                    yield from _deduced(packs[first:end], bases, is_last_only, parts_are_all)
                    if not is_last_only:
                        break
            else:
                shorter |= {(first, end - 1), (first + 1, end)}
        runs = {(first, end) for first, end in shorter if first < end}


def _groups(indicators: set[str]) -> list[set[str]]:
    group = {each: {each} for each in indicators}
    for one, _, other, _ in (*SAME, *FEWER):
        if one in group and other in group and group[one] is not group[other]:
            together = group[one] | group[other]
            group |= dict.fromkeys(together, together)
    return list({id(each): each for each in group.values()}.values())


def _deduced(
    packs: Sequence[list[dict[str, str]]],
    bases: Mapping[str, str],
    is_last_only: bool,
    parts_are_all: bool,
) -> list[Deduced]:
    known = _Known()
    versions: dict[Name, list[int]] = {}
    wholes: dict[Name, tuple[date, date]] = {}
    newest: dict[Name, Name] = {}
    for pack in packs:
        for row in pack:
            basis = bases[row["indicator_id"]]
            kind = "position" if basis in POSITIONS else row["period_type"]
            place = (row["indicator_id"], row["breakdown"], row["part"], kind, row["period_end"])
            ends = (date.fromisoformat(row[f"period_{end}"]) for end in ("start", "end"))
            wholes[place] = tuple(ends)
            for side, value in _sides(row).items():
                name = (*place, side)
                if value is None:
                    is_some = side == "d" or row["unit"] != "percent"
                    is_some = is_some and not row["may_be_nought"]
                    known.hide(newest.get(name, name), is_some)
                    newest.setdefault(name, name)
                    continue
                seen = versions.setdefault(name, [])
                if value not in seen:
                    seen.append(value)
                number = seen.index(value)
                newest[name] = (*name, str(number)) if number else name
                known.print_of(newest[name], value)
        if pack is packs[-1] or not is_last_only:
            _tie(known, newest, wholes, bases)
            _tie_parts(known, newest, bases, parts_are_all)
    known.limits = list(dict.fromkeys(known.limits))
    _narrow(known)
    return [
        Deduced(name, int(low), int(high))
        for name in sorted(known.hidden - known.printed)
        for low, high in [_tried(known, name)]
        if high - low + 1 < FEWEST and low <= FEWEST and high > 0
    ]


def _sides(row: Mapping[str, str]) -> dict[str, int | None]:
    """n, m and d as printed, None where hidden; nothing where none is printed."""
    unit, top, bottom = row["unit"], row["numerator"], row["denominator"]
    wanted = {"percent": "nmd", "count": "n", "rate_per_10k": "n"}.get(unit, "d")
    if row["status"] == "hidden":
        return dict.fromkeys(wanted)
    if unit == "count":
        top = top or row["value"]
    said = {"n": top, "d": bottom}
    numbers = {side: float(said[side]) for side in wanted if said.get(side)}
    if any(number % 1 for number in numbers.values()) or len(numbers) < len(set(wanted) - {"m"}):
        return {}
    whole = {side: int(number) for side, number in numbers.items()}
    return whole | ({"m": whole["d"] - whole["n"]} if unit == "percent" else {})


def _tie(
    known: _Known,
    newest: Mapping[Name, Name],
    wholes: Mapping[Name, tuple[date, date]],
    bases: Mapping[str, str],
) -> None:
    def at(place: Name, side: str) -> Name | None:
        return newest.get((*place, side))

    for place, (first, last) in wholes.items():
        n, m, d = (at(place, side) for side in "nmd")
        if n and m and d:
            known.add({n: 1, m: 1, d: -1}, 0, 0)
        for one, side, other, other_side in (*SAME, *FEWER):
            ours, theirs = at(place, side), at((other, *place[1:]), other_side)
            if place[0] == one and ours and theirs:
                is_same = (one, side, other, other_side) in SAME
                (known.same if is_same else known.fewer)(ours, theirs)
        if place[3] in ("month", "position"):
            continue
        months = [(*place[:3], "month", end.isoformat()) for end in _month_ends(first, last)]
        if bases[place[0]] == "period_distinct_count":
            _tie_distinct(known, newest, wholes, place, len(months))
        elif bases[place[0]] in SUMS:
            for side in "nmd":
                if whole := at(place, side):
                    names = [at(month, side) or (*month, side) for month in months]
                    known.add({**dict.fromkeys(names, 1), whole: -1}, 0, 0)
            if n and m and d:
                for month in months:
                    if month not in wholes:
                        known.add({(*month, "n"): 1, (*month, "m"): 1, (*month, "d"): -1}, 0, 0)


def _tie_distinct(
    known: _Known,
    newest: Mapping[Name, Name],
    wholes: Mapping[Name, tuple[date, date]],
    place: Name,
    months: int,
) -> None:
    """Children counted once are no fewer than in any period inside, no more than in all."""
    whole, (first, last) = newest.get((*place, "n")), wholes[place]
    inside: dict[str, list[Name]] = defaultdict(list)
    for other, (start, end) in wholes.items():
        name = newest.get((*other, "n"))
        if other != place and other[:3] == place[:3] and first <= start and end <= last and name:
            inside[other[3]].append(name)
    for kind, names in inside.items() if whole else ():
        for name in names:
            known.fewer(name, whole)
        if len(names) * {"month": 1, "quarter": 3}.get(kind, 0) == months:
            known.add({**dict.fromkeys(names, 1), whole: -1}, 0, math.inf)


def _tie_parts(
    known: _Known, newest: Mapping[Name, Name], bases: Mapping[str, str], parts_are_all: bool
) -> None:
    parts: dict[tuple[Name, Name], list[Name]] = defaultdict(list)
    for (indicator, breakdown, _, *period, side), name in newest.items():
        if breakdown:
            about, of = REASONS.get((indicator, breakdown), (side, None))
            if of and side == "d":
                if whole := newest.get((indicator, "", "", *period, of)):
                    known.same(name, whole)
            elif not of or side == "n":
                parts[(indicator, "", "", *period, about), (breakdown,)].append(name)
    for (whole, (breakdown,)), names in parts.items():
        if total := newest.get(whole):
            weights = {**dict.fromkeys(names, -1), total: 1}
            if bases[whole[0]] != "period_distinct_count" and breakdown not in OVERLAPPING:
                known.add(weights, 0, 0 if parts_are_all else math.inf)
                continue
            for name in names:
                known.fewer(name, total)
            if parts_are_all:
                known.add(weights, -math.inf, 0)


def _month_ends(first: date, last: date) -> Iterable[date]:
    while first <= last:
        first = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first - timedelta(days=1)


def _narrow(known: _Known, only: set[int] | None = None) -> None:
    """Move the ends of every number inwards until no sum moves one any more."""
    about: dict[Name, list[int]] = defaultdict(list)
    for number, (weights, *_) in enumerate(known.limits):
        for name, _ in weights:
            about[name].append(number)
    waiting = set(range(len(known.limits))) if only is None else set(only)
    while waiting:
        weights, low, high = known.limits[waiting.pop()]
        spans = [sorted((w * known.ends[name][0], w * known.ends[name][1])) for name, w in weights]
        least, most = sum(a for a, _ in spans), sum(b for _, b in spans)
        if least > high or most < low:
            raise CannotBe
        for place, (name, weight) in enumerate(weights):
            old = known.ends[name]
            others = spans[:place] + spans[place + 1 :]
            bottom, top = low - sum(y for _, y in others), high - sum(x for x, _ in others)
            ends = sorted((bottom / weight, top / weight))
            new = (max(old[0], _up(ends[0])), min(old[1], _down(ends[1])))
            if new[0] > new[1]:
                raise CannotBe
            if new != old:
                known.ends[name] = new
                waiting |= set(about[name])


def _up(number: float) -> float:
    return math.ceil(number - 1e-9) if math.isfinite(number) else number


def _down(number: float) -> float:
    return math.floor(number + 1e-9) if math.isfinite(number) else number


def _tried(known: _Known, name: Name) -> tuple[float, float]:
    """The ends of a number without those that lead to a contradiction."""
    low, high = known.ends[name]
    if high - low > 12:
        return low, high
    able = [value for value in range(int(low), int(high) + 1) if _can_be(known, name, value)]
    return (min(able), max(able)) if able else (low, high)


def _can_be(known: _Known, name: Name, value: int) -> bool:
    guess = _Known(known.limits, {**known.ends, name: (value, value)}, known.hidden)
    about = {n for n, (each, *_) in enumerate(known.limits) if name in dict(each)}
    try:
        _narrow(guess, about)
    except CannotBe:
        return False
    return True
