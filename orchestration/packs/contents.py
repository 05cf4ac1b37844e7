"""The one context that every format of a pack is made from: texts, ready to be printed.

It is made from an edition: from the public one for everybody, from the officers' for Part 2. What
it does not hold no format can show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Narrative
from orchestration.publishing import words
from orchestration.publishing.chart import sparkline, trend_chart
from orchestration.publishing.figures import HIDDEN, Comparison, Edition, Figure, Indicator

MONTHS_ACROSS = 12
SHORTHAND = (
    ("[c]", "confidential: a number from 1 to 5, or one from which such a number could be found"),
    ("[p]", "provisional: it may still change"),
    ("[r]", "revised since the last pack that printed it"),
)
"""The signs of the Government Statistical Service that a pack uses, and what they mean."""


@dataclass(frozen=True)
class Cell:
    """A period, or a part of a figure: what it is called, the figure and the number behind it."""

    name: str
    figure: str
    numbers: str


@dataclass(frozen=True)
class Compared:
    """England, the neighbours or the region: figure, the period it is of, and the gap in words."""

    name: str
    figure: str
    period: str
    gap: str


@dataclass(frozen=True)
class Block:
    """One indicator as it is printed. `chart` is SVG, empty where there is no trend; `parts`
    are by what they split."""

    indicator_id: str
    name: str
    counts: str
    why: str
    polarity: str
    figure: str
    numbers: str
    period: str
    marks: tuple[str, ...]
    target: str
    rag: str
    verdict: str
    certainty: str
    cases_to_target: str
    compared: tuple[Compared, ...]
    not_compared: str
    directions: tuple[str, ...]
    chart: str
    spark: str
    usual: str
    recent: tuple[Cell, ...]
    years: tuple[Cell, ...]
    parts: tuple[tuple[str, tuple[Cell, ...]], ...]
    narrative: str
    next_due: str


@dataclass(frozen=True)
class Dashboard:
    """One of the eight, with the portfolio that it belongs to at the meeting."""

    number: int
    name: str
    portfolio: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Area:
    """An area for improvement: what speaks for it, by indicator, and what officers say of it."""

    name: str
    reasons: tuple[tuple[str, str, str], ...]
    narratives: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A figure that an earlier pack printed otherwise: indicator and period, then and now."""

    name: str
    period: str
    then: str
    now: str
    since: str


@dataclass(frozen=True)
class Pack:
    """All that a pack says. `age` is set where the figures are older than the newest month that
    had closed when papers were due; `reason` is that of a correction."""

    meeting_id: str
    committee: str
    meeting_date: str
    issue: int
    reason: str
    council: str
    markings: tuple[str, ...]
    as_at: str
    age: str
    is_public: bool
    contact: str
    summary: Mapping[str, int]
    areas: tuple[Area, ...]
    dashboards: tuple[Dashboard, ...]
    changes: tuple[Change, ...]
    report: Mapping[str, str]
    coarser: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """What every format is called."""
        return f"{self.council}: children's services indicators as at {self.as_at}"

    @property
    def has_hidden(self) -> bool:
        """Whether a figure is printed as `[c]`, so that the sign has to be explained."""
        cells = [cell for block in self.blocks for cell in (*block.recent, *block.years)]
        cells += [cell for block in self.blocks for _, parts in block.parts for cell in parts]
        figures = {block.figure for block in self.blocks} | {cell.figure for cell in cells}
        return words.NOT_SHOWN in figures

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every indicator in order."""
        return tuple(block for dashboard in self.dashboards for block in dashboard.blocks)


def blocks_of(edition: Edition, revised: Mapping[str, set[str]]) -> dict[str, Block]:
    """Each indicator by id, without what officers say of it; `revised` are its periods that an
    earlier pack printed otherwise."""
    return {
        row.indicator_id: _block(row, revised.get(row.indicator_id, set()), edition.as_at)
        for row in edition.rows
    }


def printed(block: Block) -> str:
    """All the texts of a block, for checking what is written about it."""
    told = [block.name, block.counts, block.figure, block.numbers, block.target, block.period]
    told += [block.certainty, block.cases_to_target, *block.directions, block.usual]
    told += [text for each in block.compared for text in (each.figure, each.gap, each.period)]
    cells = [*block.recent, *block.years, *(cell for _, cells in block.parts for cell in cells)]
    return "\n".join([*told, *(f"{cell.figure}\n{cell.numbers}" for cell in cells)])


def pack_of(
    edition: Edition,
    meeting: Meeting,
    blocks: Mapping[str, Block],
    told: Narrative,
    portfolios: Mapping[int, str],
    changes: Sequence[Change],
    coarser: Mapping[str, str],
    contact: str,
    newest_closed: date,
    issue: int,
    reason: str,
) -> Pack:
    """The context of one edition, public or not, for a meeting."""
    filled = {
        each: replace(block, narrative=told.of_indicator.get(each, ""))
        for each, block in blocks.items()
    }
    rags = [row.rag for row in edition.rows]
    return Pack(
        meeting_id=meeting.meeting_id,
        committee=meeting.committee,
        meeting_date=words.day(meeting.meeting_date),
        issue=issue,
        reason=reason,
        council=edition.geography_name,
        markings=edition.markings,
        as_at=words.day(edition.as_at),
        age=_age(edition.as_at, newest_closed, meeting.meeting_date),
        is_public=edition.is_public,
        contact=contact,
        summary={
            "total": len(edition.rows),
            "current": sum(
                row.value is not None and not row.is_last_reported for row in edition.rows
            ),
            "hidden": sum(row.status == HIDDEN for row in edition.rows),
            "judged": sum(rag is not None for rag in rags),
            "meeting": rags.count("green"),
            "within": rags.count("amber"),
            "missing_target": rags.count("red"),
        },
        areas=_areas(edition, filled),
        dashboards=tuple(
            Dashboard(
                number,
                rows[0].dashboard,
                portfolios.get(number, "None on record"),
                tuple(filled[row.indicator_id] for row in rows),
            )
            for number, rows in edition.dashboards.items()
        ),
        changes=tuple(changes),
        report=told.parts,
        coarser=tuple((blocks[each].name, how) for each, how in coarser.items() if each in blocks),
    )


def _age(as_at: date, newest_closed: date, meeting_date: date) -> str:
    days = (meeting_date - as_at).days
    if as_at >= newest_closed:
        return ""
    return (
        f"These figures are {days} days old at the meeting: months up to "
        f"{words.month(newest_closed)} had closed when the papers were due."
    )


def _areas(edition: Edition, blocks: Mapping[str, Block]) -> tuple[Area, ...]:
    rows = {row.indicator_id: row for row in edition.rows}
    found: dict[str, list[tuple[str, str, str]]] = {}
    for told in edition.improvements:
        row = rows[told.indicator_id]
        found.setdefault(told.area, []).append(
            (row.indicator_id, row.name, words.improvement(told, row))
        )
    return tuple(
        Area(
            name,
            tuple(reasons),
            tuple(filter(None, (blocks[each].narrative for each, *_ in reasons))),
        )
        for name, reasons in found.items()
    )


def _block(row: Indicator, revised: set[str], as_at: date) -> Block:
    compared = (row.england, row.neighbours, row.region)
    none_known = all(each.value is None for each in compared)
    counted = words.capital(row.numerator_text or "No definition in the catalogue")
    return Block(
        indicator_id=row.indicator_id,
        name=row.name,
        counts=f"{counted}{f'; out of: {row.denominator_text}' if row.denominator_text else ''}.",
        why=row.note or "",
        polarity=words.polarity(row),
        figure=_value(row.headline, row, words.missing(row)),
        numbers=words.numbers(row.headline, row.unit),
        period=words.period(row.headline) if row.headline else "",
        marks=_marks(row),
        target=words.target(row),
        rag=row.rag or "",
        verdict=words.rag(row),
        certainty=words.certainty(row),
        cases_to_target=words.cases_to_target(row),
        compared=() if none_known else tuple(_compared(each, row) for each in compared),
        not_compared=words.no_benchmark(row) if none_known else "",
        directions=words.directions(row),
        chart=trend_chart(row) or "",
        spark=sparkline(row) or "",
        usual=words.usual(row),
        recent=tuple(
            _cell(words.short_period(each), each, row, revised)
            for each in row.trend.points[-MONTHS_ACROSS:]
        ),
        years=tuple(_cell(words.short_period(each), each, row, revised) for each in row.years),
        parts=_parts(row),
        narrative="",
        next_due=_next_due(row, as_at),
    )


def _marks(row: Indicator) -> tuple[str, ...]:
    marks = [] if row.value is None and row.status == HIDDEN else [words.status(row)]
    if row.source_note:
        marks.append(f"Source: {row.source_note}")
    return tuple(filter(None, marks))


def _value(figure: Figure | None, row: Indicator, missing: str) -> str:
    if figure is None or figure.value is None:
        return missing
    return words.amount(figure.value, row.unit, row.decimals)


def _cell(name: str, figure: Figure, row: Indicator, revised: set[str]) -> Cell:
    shown = _value(figure, row, words.no_value(figure))
    if figure.value is not None:
        shown += " [p]" if figure.status == "provisional" else ""
        shown += " [r]" if words.period(figure) in revised else ""
    return Cell(name, shown, words.numbers(figure, row.unit))


def _parts(row: Indicator) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    found: dict[str, list[Cell]] = {}
    for part in row.parts:
        cell = _cell(words.capital(words.part(part)), part.figure, row, set())
        found.setdefault(words.breakdown(part.breakdown), []).append(cell)
    return tuple((name, tuple(cells)) for name, cells in found.items())


def _compared(comparison: Comparison, row: Indicator) -> Compared:
    name = words.capital(comparison.name)
    if comparison.value is None:
        return Compared(name, "None", words.no_benchmark(row), "")
    period = words.benchmark_period(comparison, row)
    if comparison is row.neighbours and row.neighbours_present:
        period += f"; mean of {row.neighbours_present} councils"
    figure = words.amount(comparison.value, row.unit, row.decimals)
    return Compared(name, figure, period, words.gap(comparison, row))


def _next_due(row: Indicator, as_at: date) -> str:
    """Of what comes once a year: when the next year closes."""
    if row.frequency != "annual":
        return ""
    start = row.headline.period_start.month if row.headline else 9
    closes = date(as_at.year, start, 1)
    if closes <= as_at:
        closes = date(as_at.year + 1, start, 1)
    return f"Reported once a year; the next year closes before {words.day(closes)}."
