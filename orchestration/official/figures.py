"""The figures in the file of one data set, read by the table of what is fetched."""

import csv
import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.official.areas import LEVELS, OF_LEVEL, Areas
from orchestration.official.faults import NotUsed, fault
from orchestration.official.periods import Period, period_of
from orchestration.reference.faults import Fault

SYMBOLS = {"", "c", "x", "z", "k", ":", "~", "u", "low"}
"""What stands where no figure is published: suppressed, not available, not applicable, rounded."""

SIDES = ("value", "numerator", "denominator")
BASE = ("time_period", "time_identifier", "geographic_level", *sum(OF_LEVEL.values(), ()))
_NUMBER = re.compile(r"\d{1,12}(\.\d+)?(e\+?\d{1,2})?", re.IGNORECASE)
_BOUND = Decimal(10) ** 12

Amount = Decimal | None
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Statistic:
    """One row of the table: an indicator of ours and where its official figure stands."""

    indicator_id: str
    filters: Mapping[str, str]
    columns: Mapping[str, str]
    unit: str
    year_basis: str
    scope: str
    source_id: str

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.filters, *self.columns.values())


@dataclass(frozen=True)
class Figure:
    """A figure of one area and period; no `value` where the file says that none is published."""

    row: int
    geography_level: str
    geography_code: str
    period: Period
    value: Amount
    numerator: Amount
    denominator: Amount


@dataclass
class Content:
    """What a file gives of each indicator, what is wrong with it, and how many rows it has.

    `unread` are rows of other areas and periods than ours, by what they are.
    """

    figures: dict[str, list[Figure]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    unread: Counter[str] = field(default_factory=Counter)


def statistic(row: Mapping[str, Any]) -> Statistic:
    """A row of `official_data_sets`."""
    filters = dict(each.strip().split("=", 1) for each in (row["filters"] or "").split(";") if each)
    columns = {side: row[f"{side}_column"] for side in SIDES if row[f"{side}_column"]}
    own = ("indicator_id", "unit", "year_basis", "scope", "source_id")
    return Statistic(filters=filters, columns=columns, **{name: row[name] for name in own})


def read(path: Path, statistics: Sequence[Statistic], areas: Areas, about: str) -> Content:
    """The figures of a CSV. Raises `NotUsed` where the file as a whole is no data set's."""
    content = Content()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = next(lines, [])
            for column in BASE:
                if missing := _missing(column, header, about):
                    raise NotUsed(missing)
            wanted = _with_their_columns(statistics, header, content, about)
            _read_rows(_cells(lines, header, content, about), wanted, areas, content, about)
    except (UnicodeDecodeError, csv.Error) as error:
        do = "run make benchmarks again later"
        raise NotUsed(fault("OFFICIAL-ANSWER", about, "no CSV in UTF-8", "CSV", do)) from error
    return content


def _missing(column: str, header: Sequence[str], about: str) -> Fault | None:
    if header.count(column) == 1:
        return None
    found = f"it stands there {header.count(column)} times" if column in header else "no such one"
    if near := difflib.get_close_matches(column, set(header) - {column, *BASE}, 1, 0.5):
        found += f"; column {header.index(near[0]) + 1} is nearest to it"
    do = "see what the column is called now, and correct the row of official_data_sets.csv"
    return fault("OFFICIAL-COLUMNS", about, found, column, do, row=1, column=column)


def _with_their_columns(
    statistics: Sequence[Statistic], header: Sequence[str], content: Content, about: str
) -> list[Statistic]:
    wanted = []
    for each in statistics:
        missing = [wrong for name in each.reads if (wrong := _missing(name, header, about))]
        content.faults += missing
        if not missing:
            wanted.append(each)
    return wanted


def _cells(
    lines: Iterator[list[str]], header: Sequence[str], content: Content, about: str
) -> Iterator[tuple[int, Cells]]:
    """Every row with its number, the header being row 1."""
    for number, cells in enumerate(lines, 2):
        if not cells:
            continue
        content.rows += 1
        if len(cells) == len(header):
            yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))
        else:
            content.faults.append(_wrong(about, number, None, "another number of cells", "a row"))


def _read_rows(
    rows: Iterator[tuple[int, Cells]],
    wanted: Sequence[Statistic],
    areas: Areas,
    content: Content,
    about: str,
) -> None:
    seen: dict[str, Counter[tuple[str, Period]]] = defaultdict(Counter)
    met: dict[str, set[str]] = defaultdict(set)
    # an area that is wrong in every year is told once
    told: set[tuple[str, str]] = set()
    for number, cells in rows:
        level = cells["geographic_level"]
        if level not in LEVELS:
            content.unread["other levels of areas"] += 1
            continue
        for each in wanted:
            met[each.indicator_id].add("level")
            if any(cells[column] != label for column, label in each.filters.items()):
                continue
            met[each.indicator_id].add("filters")
            try:
                period = period_of(each.year_basis, cells["time_period"], cells["time_identifier"])
            except ValueError:
                content.faults.append(_wrong(about, number, "time_period", "no year", "2025"))
                continue
            if period is None:
                content.unread["other kinds of period"] += 1
                continue
            met[each.indicator_id].add("period")
            try:
                area_level, code = areas.of(level, cells)
            except LookupError:
                place = "|".join(cells[column] for column in OF_LEVEL[level])
                if (level, place) not in told:
                    told.add((level, place))
                    content.faults.append(_unknown_area(about, number, level))
                continue
            seen[each.indicator_id][code, period] += 1
            figure = _figure(number, each, cells, area_level, code, period, about, content)
            if figure:
                content.figures.setdefault(each.indicator_id, []).append(figure)
    for each in wanted:
        _look_at(each, seen[each.indicator_id], met[each.indicator_id], content, about)


def _figure(
    number: int,
    which: Statistic,
    cells: Cells,
    level: str,
    code: str,
    period: Period,
    about: str,
    content: Content,
) -> Figure | None:
    sides: dict[str, Amount] = dict.fromkeys(SIDES)
    for side, column in which.columns.items():
        try:
            sides[side] = _amount(cells[column])
        except ValueError:
            expected = "a number, or a symbol of DfE (c x z k : ~ u low)"
            content.faults.append(_wrong(about, number, column, "no number", expected))
            return None
    return Figure(number, level, code, period, **sides)


def _amount(text: str) -> Amount:
    if text.strip("[]").lower() in SYMBOLS:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError
    number = Decimal(text)
    if number >= _BOUND:
        raise ValueError
    return number.quantize(Decimal("0.000001"))


def _look_at(
    which: Statistic,
    seen: Counter[tuple[str, Period]],
    met: set[str],
    content: Content,
    about: str,
) -> None:
    """A statistic whose labels are nowhere, or whose rows are not one for an area and period."""
    if not met:
        expected, column = ", ".join(LEVELS), "geographic_level"
    elif "filters" not in met:
        expected = "; ".join(f"{column}={label}" for column, label in which.filters.items())
        column = ", ".join(which.filters)
    elif "period" not in met:
        expected, column = f"periods that are a {which.year_basis}", "time_identifier"
    else:
        if repeated := sum(times > 1 for times in seen.values()):
            content.figures.pop(which.indicator_id, None)
            content.faults.append(
                fault(
                    "OFFICIAL-REPEATED",
                    about,
                    f"{repeated} areas and periods of {which.indicator_id} have several rows",
                    "one row for an area and period",
                    "add the filter that tells them apart to the row of official_data_sets.csv",
                )
            )
        return
    do = "see what it is called now, and correct the row of official_data_sets.csv"
    found = f"no row has it, of {content.rows}"
    content.faults.append(fault("OFFICIAL-LABEL", about, found, expected, do, column=column))


def _unknown_area(about: str, number: int, level: str) -> Fault:
    columns = ", ".join(OF_LEVEL[level])
    found = "an area that is not known, or whose number and code are two areas'"
    do = "if the area is new, add it to authorities.csv or former_codes.csv first"
    return fault("OFFICIAL-ROW", about, found, "a known area", do, row=number, column=columns)


def _wrong(about: str, number: int, column: str | None, found: str, expected: str) -> Fault:
    do = "tell the statistic's team, whose address is on its page"
    return fault("OFFICIAL-ROW", about, found, expected, do, row=number, column=column)
