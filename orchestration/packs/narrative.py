"""What officers write about the figures: `seeds/narrative.csv`, filled in and checked.

A text takes its figures from the table by placeholders; a number that is typed all the same has to
be one that the table prints. (A report said "ten late" while its table said 58 of 65.)
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration.publishing import words
from orchestration.publishing.figures import Edition, Indicator

PARTS = {
    "ward": "(All Wards)",
    "lead_officer": "Director of Children's Services",
    "outcome": "Children's services performance indicators show how the council keeps children "
    "safe, helps families early and helps every child to do well.",
    "recommendation": "That the Children's Services performance indicators be noted.",
    "background": "The figures come straight from the council's case systems and are worked out in "
    "the same way every month. What each indicator counts, and why, stands beside it.",
    "financial": "N/A",
    "cross_council": "N/A",
    "part_2": "N/A",
    "background_papers": "None",
    "contact_name": "",
    "contact_service": "Children's services performance",
    "contact_telephone": "",
    "contact_email": "",
}
"""Parts of the covering report, and what stands there when nobody has written anything."""

EXPLAINED = (
    (("cl_suitable_accommodation_pct",), "care leavers who are not in suitable accommodation"),
    (("permanent_exclusions_count", "permanent_exclusion_rate_pct"), "permanent exclusions"),
)
"""What members asked to have explained in every report (minutes of 21 January 2020, item 45)."""


@dataclass(frozen=True)
class Line:
    """A row of the seed: `text` for a part of the report (`part`) or for an indicator."""

    number: int
    meeting_id: str
    part: str
    indicator_id: str
    text: str
    waived_reason: str


@dataclass(frozen=True)
class Narrative:
    """The texts of one meeting, filled in; `missing` and `faults` keep the public pack back.

    `waived` are those that are left out on purpose, each with its reason.
    """

    parts: Mapping[str, str]
    of_indicator: Mapping[str, str]
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    waived: tuple[str, ...]


def read_narrative(path: Path, meeting_id: str) -> list[Line]:
    """The rows for one meeting."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return [
            Line(reader.line_num, **{name: (row[name] or "").strip() for name in _COLUMNS})
            for row in reader
            if row["meeting_id"].strip() == meeting_id
        ]


def narrative(lines: Iterable[Line], edition: Edition, printed: Mapping[str, str]) -> Narrative:
    """The texts for an edition. `printed` is all that the pack prints of each indicator, by id."""
    rows = {row.indicator_id: row for row in edition.rows}
    parts, texts, waived = dict(PARTS), {}, {}
    faults = []
    for line in lines:
        where = f"narrative.csv, line {line.number}"
        is_about = line.part == "indicator"
        if (is_about and line.indicator_id not in rows) or not (is_about or line.part in PARTS):
            faults.append(f"{where}: part or indicator_id is not one that this pack has")
            continue
        if line.waived_reason and not is_about:
            faults.append(f"{where}: only a text about an indicator can be waived")
            continue
        if line.waived_reason:
            waived[line.indicator_id] = line.waived_reason
            continue
        filled, wrong = _filled(line, rows, edition)
        about = {line.indicator_id, *(found[0] for found in _PLACEHOLDER.findall(line.text))}
        known = "\n".join(text for each, text in printed.items() if each in about or not is_about)
        wrong += [] if wrong else _unknown_numbers(line.text, known)
        faults += [f"{where}: {fault}" for fault in wrong]
        (texts if is_about else parts)[line.indicator_id if is_about else line.part] = filled
    return Narrative(
        parts,
        texts,
        tuple(told for ids, told in _to_explain(edition) if not ({*texts, *waived} & set(ids))),
        tuple(faults),
        tuple(f"{rows[each].name}: {reason}" for each, reason in waived.items()),
    )


def _to_explain(edition: Edition) -> list[tuple[tuple[str, ...], str]]:
    """Indicators of which one has to have a text, and what it is about."""
    areas: dict[str, list[str]] = {}
    for told in edition.improvements:
        areas.setdefault(told.area, []).append(told.indicator_id)
    shown = {row.indicator_id for row in edition.rows if row.headline is not None}
    return [(tuple(ids), f"area for improvement: {area}") for area, ids in areas.items()] + [
        (ids, told) for ids, told in EXPLAINED if shown & set(ids)
    ]


_COLUMNS = ("meeting_id", "part", "indicator_id", "text", "waived_reason")
_PLACEHOLDER = re.compile(r"\{(?:([a-z0-9_]+)\.)?([a-z_]+)\}")
_NUMBER = re.compile(r"(?<![\w/])\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(
    r"\b(?:19|20)\d\d(?:/\d\d)?\b"
    r"|\b\d{1,2} (?=January|February|March|April|May|June|July|August|September|October|November"
    r"|December)"
)
_WORDS = dict(
    zip(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
            *("nineteen", "twenty"),
        ),
        range(2, 21),
        strict=True,
    )
)


def _filled(line: Line, rows: Mapping[str, Indicator], edition: Edition) -> tuple[str, list[str]]:
    wrong = []

    def figure(found: re.Match[str]) -> str:
        if found[0] == "{as_at}":
            return words.day(edition.as_at)
        row = rows.get(found[1] or line.indicator_id)
        if row is None or found[2] not in _FIELDS:
            wrong.append(f"{found[0]} is no placeholder: {', '.join(('as_at', *_FIELDS))}")
            return found[0]
        return _FIELDS[found[2]](row)

    return _PLACEHOLDER.sub(figure, line.text), wrong


def _then(value: Decimal | None, figure, row: Indicator) -> str:
    return words.no_value(figure) if value is None else words.amount(value, row.unit, row.decimals)


_FIELDS = {
    "figure": lambda row: _then(row.value, row.headline, row),
    "number": lambda row: words.counts(row.headline, row.unit),
    "period": lambda row: words.period(row.headline) if row.headline else words.NO_FIGURE,
    "target": lambda row: (
        "no target" if row.target is None else words.trimmed(row.target, row.unit)
    ),
    "previous": lambda row: _then(row.previous.value, row.previous.figure, row),
    "year_ago": lambda row: _then(row.year_ago.value, row.year_ago.figure, row),
    "england": lambda row: _then(row.england.value, None, row),
    "neighbours": lambda row: _then(row.neighbours.value, None, row),
    "region": lambda row: _then(row.region.value, None, row),
}
"""Placeholders, as {figure}, or of another indicator, as {cic_count.figure}."""


def _unknown_numbers(text: str, printed: str) -> list[str]:
    """A fault for each number that was typed and that the table does not print."""
    known = {_plain(each) for each in _NUMBER.findall(printed)}
    typed = _YEAR.sub(" ", _PLACEHOLDER.sub(" ", text))
    faults = []
    for place, found in enumerate(_NUMBER.findall(typed), start=1):
        if _plain(found) not in known:
            faults.append(f"its number {place} is not in the table: use a placeholder")
    for word in re.findall(r"[a-z]+", typed.lower()):
        if word in _WORDS and Decimal(_WORDS[word]) not in known:
            faults.append("it says a number in words that is not in the table: use a placeholder")
    return faults


def _plain(number: str) -> Decimal | None:
    try:
        return Decimal(number.replace(",", "")).normalize()
    except InvalidOperation:
        return None
