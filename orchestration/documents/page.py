"""The dashboard of one edition: a self-contained HTML page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.documents.chart import sparkline, trend_chart
from orchestration.documents.strip import strip
from orchestration.editions import words
from orchestration.editions.figures import Edition, Indicator
from orchestration.editions.said import (
    Said,
    SaidChange,
    SaidComparison,
    SaidFigure,
    areas_said,
    said_of,
)

if TYPE_CHECKING:
    pass
from orchestration.documents.rendering import render


def render_dashboard(edition: Edition, contact: str, notes: Mapping[str, str]) -> bytes:
    """`dashboard.html` of an edition as UTF-8; `contact` is whom readers may ask.

    `notes` say, by indicator, why its figure stands on older data than were sent.
    """
    told = said_of(edition)
    return render(
        "dashboard.html.j2",
        markings=edition.markings,
        edition=edition,
        contact=contact,
        as_at=words.day(edition.as_at),
        summary=_summary(edition, told),
        areas=list(areas_said(edition).items()),
        region=words.capital(edition.rows[0].region.name),
        dashboards=[_dashboard(rows, told, notes) for rows in edition.dashboards.values()],
    )


@dataclass(frozen=True)
class _Cell:
    """A table cell: what it says, and lines of explanation below."""

    main: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    """An indicator in the words of the page; `chart` is SVG, empty where there is no trend."""

    indicator: Indicator
    polarity: str
    figure: _Cell
    numbers: str
    target: str
    verdict: str
    verdict_notes: tuple[str, ...]
    comparisons: tuple[_Cell, ...]
    no_comparison: str
    previous: _Cell
    year_ago: _Cell
    chart: str
    spark: str
    directions: tuple[str, ...]
    usual: str
    points: tuple[tuple[str, str, str], ...]
    standing: tuple[str, ...]
    strip: str


@dataclass(frozen=True)
class _Dashboard:
    """One section of the page; `years` are the columns of its table of whole years, `parts` the
    rows of its breakdowns: indicator and period, split by, part, figure, number."""

    number: int
    name: str
    note: str
    rows: tuple[_Row, ...]
    years: tuple[str, ...]
    whole_years: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True)
class _Summary:
    """How many indicators stand where, and which miss their target."""

    total: int
    current: int
    old: int
    missing: int
    judged: int
    meeting: int
    within: tuple[Indicator, ...]
    misses: tuple[tuple[Indicator, str], ...]


def _summary(edition: Edition, told: Mapping[str, Said]) -> _Summary:
    rows = edition.rows
    by_rag = {rag: [row for row in rows if row.rag == rag] for rag in ("green", "amber", "red")}
    old = sum(row.is_last_reported for row in rows)
    missing = sum(row.value is None for row in rows)
    return _Summary(
        total=len(rows),
        current=len(rows) - old - missing,
        old=old,
        missing=missing,
        judged=sum(map(len, by_rag.values())),
        meeting=len(by_rag["green"]),
        within=tuple(by_rag["amber"]),
        misses=tuple((row, _miss(row, told[row.indicator_id])) for row in by_rag["red"]),
    )


def _miss(row: Indicator, told: Said) -> str:
    figure = told.headline.together if told.headline else words.NO_FIGURE
    return f"{figure}, target {told.target}"


def _dashboard(
    rows: Sequence[Indicator], told: Mapping[str, Said], data_notes: Mapping[str, str]
) -> _Dashboard:
    by_year = {
        row.indicator_id: {year.year: year for year in told[row.indicator_id].years} for row in rows
    }
    years = tuple(sorted({label for known in by_year.values() for label in known}))
    return _Dashboard(
        number=rows[0].dashboard_no,
        name=rows[0].dashboard,
        note=rows[0].dashboard_note or "",
        rows=tuple(
            _row(row, told[row.indicator_id], data_notes.get(row.indicator_id, "")) for row in rows
        ),
        years=years,
        whole_years=tuple(
            (
                _yearly_name(row),
                tuple(_yearly(row, by_year[row.indicator_id].get(label), label) for label in years),
            )
            for row in rows
            if row.years
        ),
        parts=tuple(
            (
                f"{row.name}, {part.figure.period}",
                part.split_by,
                part.name,
                part.figure.figure,
                part.figure.numbers,
            )
            for row in rows
            for part in told[row.indicator_id].parts
        ),
    )


def _row(row: Indicator, told: Said, data_note: str) -> _Row:
    return _Row(
        indicator=row,
        polarity=told.polarity,
        figure=_figure(row, told, data_note),
        numbers=told.numbers,
        target=told.target,
        verdict=told.verdict,
        verdict_notes=tuple(filter(None, (told.certainty, told.cases_to_target))),
        comparisons=tuple(map(_compared, told.comparisons)),
        no_comparison=told.not_compared,
        previous=_then(told.previous),
        year_ago=_then(told.year_ago),
        chart=trend_chart(row) or "",
        spark=sparkline(row) or "",
        directions=told.directions,
        usual=told.usual,
        points=tuple((each.period, each.figure, each.numbers) for each in reversed(told.points)),
        standing=told.standing,
        strip=strip(row) or "",
    )


def _figure(row: Indicator, told: Said, data_note: str) -> _Cell:
    period = told.headline.period if told.headline and not row.is_last_reported else ""
    notes = (row.status_reason or "", period) if row.value is None else (period, told.status)
    return _Cell(told.figure, tuple(filter(None, (*notes, words.capital(data_note)))))


def _compared(told: SaidComparison) -> _Cell:
    notes = (told.period, told.of, told.gap)
    return _Cell(told.figure or told.missing, tuple(filter(None, notes)))


def _then(told: SaidChange) -> _Cell:
    return _Cell(told.change, (f"was {told.then}",) if told.then else ())


def _yearly_name(row: Indicator) -> str:
    academic = any(year.period_type == "academic_year" for year in row.years)
    return f"{row.name} (academic years)" if academic and "academic" not in row.name else row.name


def _yearly(row: Indicator, year: SaidFigure | None, label: str) -> str:
    is_of_calendar = "/" not in label
    if is_of_calendar and not any(each.period_type == "calendar_year" for each in row.years):
        return "Not told by calendar year"
    return year.together if year else words.NO_FIGURE
