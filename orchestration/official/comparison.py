"""What fetched figures change in the present ones, and whether they may."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from orchestration.official.faults import fault
from orchestration.official.figures import SIDES, Figure, Statistic
from orchestration.reference import benchmarks
from orchestration.reference.faults import Fault
from orchestration.reference.table import Row
from orchestration.reference.tables import BOTH, Reference

ADDED, CHANGED, GONE = "added", "changed", "gone"
MAY_GO = 5
"""A fifth of a period's figures may be withdrawn at once, or 5: more is a file that says less."""

Key = tuple[str, Any, Any]


@dataclass(frozen=True)
class Change:
    """One figure that is added, changed or gone: as it was and as it is."""

    kind: str
    before: Row | None
    now: Row | None

    @property
    def row(self) -> Row:
        row = self.now or self.before
        assert row is not None
        return row


@dataclass
class Comparison:
    """The changes of one statistic, how many figures were read, and how many of the present ones
    the file does not have in its own periods (they stay)."""

    indicator_id: str
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    read: int = 0
    not_in_file: int = 0

    def counted(self) -> dict[tuple[str, str], Counter[str]]:
        """By period, newest first, and label: how many of each kind."""
        found: dict[tuple[str, str], Counter[str]] = {}
        order = sorted(self.changes, key=lambda each: each.row["period_start"], reverse=True)
        for each in order:
            place = self.indicator_id, each.row["period_label"]
            found.setdefault(place, Counter())[each.kind] += 1
        return found


def compared(
    which: Statistic,
    figures: Iterable[Figure],
    present: Sequence[Row],
    reference: Reference,
    about: str,
) -> Comparison:
    """What the figures of one statistic change in the `present` rows of its indicator.

    Rows break no rule of the benchmarks afterwards that they did not break before: a new one that
    would is told and left out, and where present ones would, the statistic is.
    """
    result = Comparison(which.indicator_id)
    todays = reference.area_codes
    now = {_key(row, todays): row for row in present}
    wanted: dict[Key, tuple[int, Row | None]] = {}
    for figure in figures:
        row = None if figure.value is None else _row(which, figure)
        place = figure.geography_code, figure.period.start, figure.period.end
        wanted[place] = figure.row, row
    result.read = sum(row is not None for _, row in wanted.values())
    periods = {place[1:] for place in wanted}
    result.not_in_file = sum(place[1:] in periods and place not in wanted for place in now)
    _leave_out_what_cannot_be(which, wanted, present, reference, result, about)
    if not any(each.code == "OFFICIAL-HELD" for each in result.faults):
        result.changes = list(_changes(wanted, now))
        _hold_what_takes_much(which, now, result, about)
    return result


def applied(present: Sequence[Row], changes: Iterable[Change]) -> list[Row]:
    """The rows of the file with the changes made; every other one as it stands."""
    rows = {id(row): row for row in present}
    added = []
    for each in changes:
        if each.before is None:
            assert each.now is not None
            added.append(each.now)
        elif each.now is None:
            del rows[id(each.before)]
        else:
            rows[id(each.before)] = each.now
    return [*rows.values(), *added]


def _key(row: Row, todays: Mapping[str, str]) -> Key:
    codes = (todays.get(code, code) for code in row["geography_code"].split(BOTH))
    return BOTH.join(codes), row["period_start"], row["period_end"]


def _row(which: Statistic, figure: Figure) -> Row:
    return {
        "indicator_id": which.indicator_id,
        "geography_level": figure.geography_level,
        "geography_code": figure.geography_code,
        "year_basis": which.year_basis,
        "period_label": figure.period.label,
        "period_start": figure.period.start,
        "period_end": figure.period.end,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": figure.value,
        "unit": which.unit,
        "source_id": which.source_id,
        "scope": which.scope,
    }


def _changes(wanted: Mapping[Key, tuple[int, Row | None]], now: Mapping[Key, Row]) -> list[Change]:
    found = []
    for place, (_, row) in wanted.items():
        before = now.get(place)
        if row is None and before is not None:
            found.append(Change(GONE, before, None))
        elif row is not None and before is None:
            found.append(Change(ADDED, None, row))
        elif row is not None and before is not None and not _is_same(before, row):
            # the area keeps the code under which it stands there
            code = before["geography_code"]
            found.append(Change(CHANGED, before, {**row, "geography_code": code}))
    return found


def _is_same(before: Row, row: Row) -> bool:
    """The same figure: a side that the file does not give is no change, nor is another source."""
    return before["scope"] == row["scope"] and all(
        before[side] == row[side] for side in SIDES if row[side] is not None
    )


def _leave_out_what_cannot_be(
    which: Statistic,
    wanted: dict[Key, tuple[int, Row | None]],
    present: Sequence[Row],
    reference: Reference,
    result: Comparison,
    about: str,
) -> None:
    """Takes out of `wanted` the rows that break a rule of the benchmarks."""
    todays = reference.area_codes
    as_today = [{**row, "geography_code": _key(row, todays)[0]} for row in present]
    numbered = [{**row, "row": -number} for row, number in zip(as_today, count(1), strict=False)]
    broken_before = {each.row for each in benchmarks.faults(numbered, reference)}
    while True:
        stays = [row for row in numbered if _key(row, todays) not in wanted]
        new = [{**row, "row": line} for line, row in wanted.values() if row is not None]
        found = benchmarks.faults([*stays, *new], reference)
        lines = {each.row: each for each in found if each.row is not None and each.row > 0}
        if not lines:
            break
        for place in [place for place, (line, _) in wanted.items() if line in lines]:
            line, _ = wanted.pop(place)
            result.faults.append(_cannot_be(which, lines[line], about))
    if broken := {each.row for each in found} - broken_before:
        result.faults.append(_held(which, len(broken), "contradict it", about))


def _hold_what_takes_much(
    which: Statistic, now: Mapping[Key, Row], result: Comparison, about: str
) -> None:
    """No change at all where a file would take away many figures of a period."""
    there = Counter(place[1:] for place in now)
    gone: Counter[Any] = Counter(
        (each.row["period_start"], each.row["period_end"])
        for each in result.changes
        if each.kind == GONE
    )
    many = [period for period, times in gone.items() if times > max(MAY_GO, there[period] // 5)]
    if many:
        number = sum(gone[period] for period in many)
        result.changes = []
        result.faults.append(_held(which, number, "would go", about))


def _cannot_be(which: Statistic, broken: Fault, about: str) -> Fault:
    columns: Collection[str] = which.columns.values()
    return fault(
        "OFFICIAL-ROW",
        about,
        f"{which.indicator_id}: {broken.found}",
        broken.expected,
        "see whether unit, year_basis and columns of its row in official_data_sets.csv are right; "
        "if they are, tell the statistic's team",
        row=broken.row,
        column=which.columns.get(broken.column or "") or ", ".join(columns),
        meanwhile="the figure that is there stays",
    )


def _held(which: Statistic, number: int, how: str, about: str) -> Fault:
    return fault(
        "OFFICIAL-HELD",
        about,
        f"{which.indicator_id}: {number} figures that are there {how}",
        "a file that bears out most of what was published before",
        "see what the statistic says of it; if it is right, take the old figures out by hand "
        "(seeds/benchmarks/README.md) and run it again",
    )
