"""What officers write about the figures: `seeds/narrative.csv`, filled in and checked.

A text takes its figures from the table by placeholders; what numbers may be typed all the same says
`guard`. (A report said "ten late" while its table said 58 of 65.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from orchestration.editions.figures import Edition
from orchestration.packs.guard import FREE_PARTS, faults_of_text, guarded, numbers_beside_hidden
from orchestration.packs.placeholders import PLACEHOLDER, filled
from orchestration.reference.tables import Reference

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

QUESTION = "question"
"""The part of an answer to a question of members."""

EXPLAINED = (
    (("cl_suitable_accommodation_pct",), "care leavers who are not in suitable accommodation"),
    (("permanent_exclusions_count", "permanent_exclusion_rate_pct"), "permanent exclusions"),
)
"""What members asked to have explained in every report (minutes of 21 January 2020, item 45)."""


@dataclass(frozen=True)
class Line:
    """A row of the seed: `text` for a part of the report (`part`) or for an indicator.

    `confirmed_by` is who vouches that its numbers tell nothing that is hidden. `action` and what
    follows are of an area for improvement. `file` is where the row stands, with its `number`.
    `about` is the question that the text answers.

    `fault` says why the row cannot be read.
    """

    number: int
    meeting_id: str
    part: str = ""
    indicator_id: str = ""
    text: str = ""
    waived_reason: str = ""
    confirmed_by: str = ""
    fault: str = ""
    action: str = ""
    lead: str = ""
    by_when: date | None = None
    expected: str = ""
    author: str = ""
    file: str = "narrative.csv"
    about: str = ""


@dataclass(frozen=True)
class Numbered:
    """A text with numbers beside hidden figures, what it is about and where it stands; `by` is who
    has confirmed that it tells nothing that is hidden, empty where nobody has."""

    about: str
    where: str
    text: str
    by: str


@dataclass(frozen=True)
class Action:
    """What is done about an area for improvement: by which role, by when, and which figure is
    expected by then; empty where nobody has said so."""

    what: str = ""
    lead: str = ""
    by_when: date | None = None
    expected: str = ""


@dataclass(frozen=True)
class Narrative:
    """The texts of one meeting, filled in; `missing` and `faults` keep the public pack back.

    `waived` are those that are left out on purpose, each with its reason; `confirmed` those whose
    numbers somebody has confirmed, `to_confirm` those that wait for it. `actions` are by indicator,
    `answers` to members' questions by file and row, `left_out` why there is no text, by indicator.
    """

    parts: Mapping[str, str]
    of_indicator: Mapping[str, str]
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    waived: tuple[str, ...]
    confirmed: tuple[Numbered, ...] = ()
    to_confirm: tuple[Numbered, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=dict)
    answers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def read_narrative(reference: Reference, meeting_id: str) -> list[Line]:
    """The rows for one meeting; a row that cannot be read, and a file that cannot, is a fault."""
    table = reference.table("narrative")
    if not table.is_whole:
        return [Line(0, meeting_id, fault=str(table.faults[0]))]
    lines = [
        Line(row["row"], by_when=row["by_when"], **{name: row[name] or "" for name in _COLUMNS})
        for row in table.rows
        if row["meeting_id"] == meeting_id
    ]
    theirs = {
        record.row for record in table.left_out if record.cells["meeting_id"].lower() == meeting_id
    }
    faults = [Line(f.row, meeting_id, fault=str(f)) for f in table.faults if f.row in theirs]
    return lines + faults


def narrative(
    lines: Iterable[Line],
    edition: Edition,
    printed: Mapping[str, str],
    asked: Iterable[Line] = (),
) -> Narrative:
    """The texts for an edition. `printed` is all that the pack prints of each indicator, by id;
    `asked` are answers to members' questions."""
    rows = {row.indicator_id: row for row in edition.rows}
    parts, texts, waived = dict(PARTS), {}, {}
    actions: dict[str, Action] = {}
    secret = guarded(edition)
    faults: list[str] = []
    numbered: list[Numbered] = []

    def checked(line: Line, text: str, column: str, is_about: bool, is_free: bool = False) -> str:
        where = f"{_where(line)}, column {column}"
        told, wrong = filled(text, line.indicator_id, edition)
        about = {line.indicator_id, *(found[0] for found in PLACEHOLDER.findall(text))} - {""}
        if not wrong and not is_free:
            named = about if is_about else ()
            wrong += faults_of_text(text, named, secret, printed, bool(line.confirmed_by))
            if numbers_beside_hidden(text, named, secret):
                what = rows[line.indicator_id].name if line.indicator_id in rows else line.part
                numbered.append(Numbered(what, where, told, line.confirmed_by))
        faults.extend(f"{where}: {fault}" for fault in wrong)
        # what could tell a hidden figure does not stand in what everybody is to read
        return "" if wrong and edition.is_public else told

    for line in lines:
        if line.fault:
            faults.append(line.fault)
            continue
        is_about = line.part == "indicator"
        if (is_about and line.indicator_id not in rows) or not (is_about or line.part in PARTS):
            column = "indicator_id" if is_about else "part"
            faults.append(f"{_where(line)}, column {column}: not one that this pack has")
            continue
        if line.waived_reason and not is_about:
            only = "only a text about an indicator can be waived"
            faults.append(f"{_where(line)}, column waived_reason: {only}")
            continue
        if line.waived_reason:
            waived[line.indicator_id] = checked(line, line.waived_reason, "waived_reason", True)
            continue
        told = checked(line, line.text, "text", is_about, line.part in FREE_PARTS)
        if is_about and (line.action or line.expected):
            what = checked(line, line.action, "action", True)
            expected = checked(line, line.expected, "expected", True)
            actions[line.indicator_id] = Action(what, line.lead, line.by_when, expected)
        (texts if is_about else parts)[line.indicator_id if is_about else line.part] = told
    answers = {
        (line.file, line.number): checked(
            line, line.text, "text" if line.about else "answer", bool(line.indicator_id)
        )
        for line in asked
    }
    return Narrative(
        parts,
        texts,
        tuple(told for ids, told in to_explain(edition) if not ({*texts, *waived} & set(ids))),
        tuple(faults),
        tuple(f"{rows[each].name}: {reason}" for each, reason in waived.items()),
        tuple(each for each in numbered if each.by),
        tuple(each for each in numbered if not each.by),
        actions,
        answers,
        waived,
    )


def _where(line: Line) -> str:
    return f"{line.file}, row {line.number}"


def to_explain(edition: Edition) -> list[tuple[tuple[str, ...], str]]:
    """Indicators of which one has to have a text, and what it is about."""
    areas: dict[str, list[str]] = {}
    for told in edition.improvements:
        areas.setdefault(told.area, []).append(told.indicator_id)
    shown = {row.indicator_id for row in edition.rows if row.headline is not None}
    return [(tuple(ids), f"area for improvement: {area}") for area, ids in areas.items()] + [
        (ids, told) for ids, told in EXPLAINED if shown & set(ids)
    ]


_COLUMNS = (
    *("meeting_id", "part", "indicator_id", "text", "waived_reason", "confirmed_by"),
    *("action", "lead", "expected", "author"),
)
