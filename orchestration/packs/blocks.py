"""One indicator as a pack prints it: texts, cells and charts, made once for all formats."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from orchestration.documents.chart import trend_chart
from orchestration.documents.periods_drawn import by_period, drawn
from orchestration.documents.strip import strip
from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Edition, Figure, Indicator, Part, place_of
from orchestration.editions.findings import finding
from orchestration.editions.over_the_year import told, told_briefly, told_worse, year_change
from orchestration.editions.said import Said, SaidComparison, SaidFigure, said, said_figure
from orchestration.editions.series import month_end

MONTHS_ACROSS = 12
QUARTERS_ACROSS = 5
NO_CELL = "[x]"
"""A period of which there is no figure."""

NOT_COMPARED = "[z]"
"""No official figure exists."""

_OWN_CELLS = 8
"""Of a dashboard's table, before England and the neighbours."""

_UNITS = {
    "percent": "%",
    "rate_per_10k": "per 10,000",
    "days": "days",
    "hours": "hours",
    "weeks": "weeks",
    "cases": "cases each",
}

_BRIEFLY = {"green": "Met", "amber": "Near", "red": "Missed"}


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
    """One indicator as it is printed. `period_note` is the figure's period where it is not the
    newest month. `across` are the cells of its dashboard's table, without their unit: the newest
    figure, five quarters, this year so far, last year, England, neighbours. `charts` are SVG by
    length of period, `chart` is the one that is drawn on paper, empty where there is no trend;
    `summary` are quarters and years, `averages` those of a position over this year so far and last
    year, `parts` are by what they split."""

    indicator_id: str
    dashboard_no: int
    name: str
    tier: str
    unit: str
    counts: str
    why: str
    polarity: str
    direction: str
    figure: str
    numbers: str
    period: str
    period_short: str
    period_note: str
    marks: tuple[str, ...]
    target: str
    rag: str
    verdict: str
    certainty: str
    cases_to_target: str
    compared: tuple[Compared, ...]
    not_compared: str
    standing: tuple[str, ...]
    strip: str
    change: str
    change_brief: str
    change_for_worse: str
    way: str
    directions: tuple[str, ...]
    finding: str
    chart: str
    chart_kind: str
    charts: Mapping[str, str]
    usual: str
    across: tuple[str, ...]
    summary: tuple[Cell, ...]
    recent: tuple[Cell, ...]
    quarters: tuple[Cell, ...]
    years: tuple[Cell, ...]
    averages: str
    parts: tuple[tuple[str, tuple[Cell, ...]], ...]
    narrative: str
    next_due: str

    @property
    def verdict_brief(self) -> str:
        """The verdict under a heading that says against what."""
        return _BRIEFLY.get(self.rag, "Not judged")

    @property
    def has_figure(self) -> bool:
        """Whether anything of it is known, or is hidden."""
        return bool(self.period) or any(cell != NO_CELL for cell in self.across[:_OWN_CELLS])

    @property
    def texts(self) -> str:
        """All that is said of it, in small letters, for a search."""
        return f"{self.name} {self.counts} {self.why}".lower()


def blocks_of(edition: Edition, revised: Mapping[str, set[str]]) -> dict[str, Block]:
    """Each indicator by id, without what officers say of it; `revised` are its periods that an
    earlier pack printed otherwise."""
    usual = usual_period(edition)
    return {
        row.indicator_id: _block(row, revised.get(row.indicator_id, set()), edition.as_at, usual)
        for row in edition.rows
    }


def usual_period(edition: Edition) -> Figure | None:
    """A figure of the period that most of the headlines are about; None where there is none."""
    headlines = [row.headline for row in edition.rows if row.headline is not None]
    kinds = Counter((each.period_type, each.period_end) for each in headlines)
    return max(headlines, key=lambda each: kinds[each.period_type, each.period_end], default=None)


def printed(block: Block) -> str:
    """All the texts of a block, for checking what is written about it."""
    told = [block.name, block.counts, block.figure, block.numbers, block.target, block.period]
    told += [block.certainty, block.cases_to_target, *block.directions, block.usual]
    told += [block.finding, block.change, *block.standing]
    told += [text for each in block.compared for text in (each.figure, each.gap, each.period)]
    cells = [*block.recent, *block.quarters, *block.years]
    cells += [cell for _, part in block.parts for cell in part]
    return "\n".join([*told, *(f"{cell.figure}\n{cell.numbers}" for cell in cells)])


def quarter_ends(as_at: date) -> list[date]:
    """The last days of the five newest quarters that had ended by a day."""
    newest = month_end(as_at, -(as_at.month % 3))
    return [month_end(newest, -3 * back) for back in reversed(range(QUARTERS_ACROSS))]


def _block(row: Indicator, revised: set[str], as_at: date, usual: Figure | None) -> Block:
    words_of = said(row)
    counted = words.capital(row.numerator_text or "No definition in the catalogue")
    shown, change, title = drawn(row), year_change(row), finding(row)
    kinds = by_period(row)
    parts = _parts_shown(row)
    return Block(
        indicator_id=row.indicator_id,
        dashboard_no=row.dashboard_no,
        name=row.name,
        tier=row.tier,
        unit=_UNITS.get(row.unit, ""),
        counts=f"{counted}{f'; out of: {row.denominator_text}' if row.denominator_text else ''}.",
        why=row.note or "",
        polarity=words_of.polarity,
        direction=row.polarity,
        figure=words_of.figure,
        numbers=words_of.numbers,
        period=words_of.headline.period if words_of.headline else "",
        period_short=words_of.headline.column if words_of.headline else "",
        period_note=_period_note(row, usual),
        marks=_marks(row, words_of),
        target=words_of.target,
        rag=row.rag or "",
        verdict=words_of.verdict,
        certainty=words_of.certainty,
        cases_to_target=words_of.cases_to_target,
        compared=tuple(map(_compared, words_of.comparisons)),
        not_compared=words_of.not_compared,
        standing=words_of.standing,
        strip=strip(row) or "",
        change=told(change, row) if change else "",
        change_brief=told_briefly(change, row) if change else "",
        change_for_worse=told_worse(change, row) if change else "",
        way=change.way if change else "",
        directions=words_of.directions,
        finding=title,
        chart=(trend_chart(shown, title) or "") if shown else "",
        chart_kind=_kind_of(shown) if shown else "",
        charts={kind: trend_chart(each, title, f"-{kind}") or "" for kind, each in kinds.items()},
        usual=words.usual(shown) if shown and shown.trend.period_type == "month" else "",
        across=_across(row, as_at),
        summary=(
            *_cells(row, row.quarters, revised)[-QUARTERS_ACROSS:],
            *_cells(row, [y for y in row.years if y.period_type != "calendar_year"], revised)[-4:],
        ),
        recent=_cells(row, row.trend.points, revised)[-MONTHS_ACROSS:]
        if row.trend.period_type == "month"
        else (),
        quarters=_cells(row, row.quarters, revised),
        years=_cells(row, row.years, revised),
        averages=_averages(row, as_at),
        parts=parts,
        narrative="",
        next_due=_next_due(row, as_at),
    )


def _period_note(row: Indicator, usual: Figure | None) -> str:
    """The period of a figure, where it is not the one that most are of."""
    if row.headline is None or usual is None:
        return ""
    is_usual = place_of(row.headline) == place_of(usual)
    return "" if is_usual else words.short_period(row.headline)


def _kind_of(shown: Indicator) -> str:
    return shown.trend.period_type


def _across(row: Indicator, as_at: date) -> tuple[str, ...]:
    """The cells of a dashboard's table."""
    quarters = {each.period_end: each for each in row.quarters}
    years = {each.period_end: each for each in row.years if each.period_type != "calendar_year"}
    so_far = row.year_to_date
    starts = so_far.period_start if so_far else date(as_at.year - (as_at.month < 4), 4, 1)
    last = max((end for end in years if end < starts), default=None)
    figures = [
        row.headline,
        *(quarters.get(end) for end in quarter_ends(as_at)),
        so_far,
        years[last] if last else None,
    ]
    return (
        *(_bare(each, row) for each in figures),
        *(_official(each.value, each.period, row) for each in (row.england, row.neighbours)),
    )


def _averages(row: Indicator, as_at: date) -> str:
    """What a position was on average at the month ends of this year so far and of last year, where
    all of them are shown; its years stand in the table as of their last day."""
    if row.time_basis != "snapshot_count" or row.trend.period_type != "month":
        return ""
    begun = date(as_at.year - (as_at.month < 4), 4, 1)
    this = [each.value for each in row.trend.points if each.period_start >= begun]
    last = [each.value for each in row.trend.points if each.period_start < begun][-MONTHS_ACROSS:]
    known = [[each for each in year if each is not None] for year in (this, last)]
    if known != [this, last] or not this or len(last) < MONTHS_ACROSS:
        return ""
    this_year, last_year = (words.number(sum(year) / Decimal(len(year)), 1) for year in known)
    return f"{this_year} this year so far, {last_year} last year"


def _bare(figure: Figure | None, row: Indicator) -> str:
    """A figure without its unit, which stands beside the name."""
    if figure is None:
        return NO_CELL
    if figure.status == HIDDEN:
        return words.NOT_SHOWN
    return NO_CELL if figure.value is None else words.number(figure.value, row.decimals)


def _official(value, period: str | None, row: Indicator) -> str:
    if value is None:
        return NOT_COMPARED if row.benchmark_reason else NO_CELL
    return words.number(value, row.decimals)


def _marks(row: Indicator, told: Said) -> tuple[str, ...]:
    marks = [] if row.value is None and row.status == HIDDEN else [told.status]
    if row.source_note:
        marks.append(f"Source: {row.source_note}")
    return tuple(filter(None, marks))


def _cells(row: Indicator, figures: Sequence[Figure], revised: set[str]) -> tuple[Cell, ...]:
    told = [said_figure(each, row) for each in figures]
    return tuple(
        _cell(each.column, figure, each, each.period in revised)
        for figure, each in zip(figures, told, strict=True)
    )


def _cell(name: str, figure: Figure, told: SaidFigure, is_revised: bool = False) -> Cell:
    marks = ""
    if figure.value is not None:
        marks += " [p]" if figure.status == "provisional" else ""
        marks += " [r]" if is_revised else ""
    return Cell(name, told.figure + marks, told.numbers)


def _parts_shown(row: Indicator) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """The parts of the row's own period, or of twelve months where the row is about these or fewer
    of them are hidden."""
    is_of_year = row.headline is not None and row.headline.period_type == "rolling_12m"
    every = (row.longer_parts, row.parts) if is_of_year else (row.parts, row.longer_parts)
    found: dict[str, tuple[Cell, ...]] = {}
    for breakdown in dict.fromkeys(part.breakdown for parts in every for part in parts):
        told = [[part for part in parts if part.breakdown == breakdown] for parts in every]
        choices = [parts for parts in told if parts]
        chosen = choices[0] if is_of_year else min(choices, key=_hidden_share)
        heading = f"{words.split_by(chosen[0])}, {words.short_period(chosen[0].figure)}"
        chosen = sorted(chosen, key=words.part_order)
        found[heading] = tuple(_part_cell(part, row) for part in chosen)
    return tuple(found.items())


def _part_cell(part: Part, row: Indicator) -> Cell:
    if part.figure.status == "no_cases":
        return Cell(words.capital(words.part(part)), "None", "None")
    return _cell(words.capital(words.part(part)), part.figure, said_figure(part.figure, row))


def _hidden_share(parts: Iterable[Part]) -> float:
    told = [part.figure.value is not None or part.figure.status == "no_cases" for part in parts]
    return 1 - sum(told) / len(told)


def _compared(told: SaidComparison) -> Compared:
    name = words.capital(told.name)
    if told.missing:
        return Compared(name, "None", told.missing, "")
    period = f"{told.period}; {told.of}" if told.of else told.period
    return Compared(name, told.figure, period, told.gap)


def _next_due(row: Indicator, as_at: date) -> str:
    """Of what comes once a year: when the next year closes."""
    if row.frequency != "annual":
        return ""
    start = row.headline.period_start.month if row.headline else 9
    closes = date(as_at.year, start, 1)
    known = row.headline.period_end if row.headline else as_at
    while closes <= as_at or closes <= known + timedelta(days=1):
        closes = date(closes.year + 1, start, 1)
    return f"Reported once a year; the next year closes before {words.day(closes)}."
