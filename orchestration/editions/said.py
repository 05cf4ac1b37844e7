"""What is said of one indicator, said once: every page, table and paper prints these words.

They follow from the figures that the edition holds: of an edition with hidden figures other words
are said than of the officers'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.editions import words
from orchestration.editions.figures import Comparison, Earlier, Edition, Figure, Indicator


@dataclass(frozen=True)
class SaidFigure:
    """A figure: 92.7%, or why there is none; its numbers: 88 of 95; both together; its period in
    full and for a column; its year where it is a whole one."""

    figure: str
    numbers: str
    together: str
    period: str
    column: str
    year: str


@dataclass(frozen=True)
class SaidPart:
    """A part: what is split, the part's name and its figure."""

    split_by: str
    name: str
    figure: SaidFigure


@dataclass(frozen=True)
class SaidComparison:
    """England, the neighbours or the region: figure (empty where none is known, and `missing` says
    why), the period that it is of, whose mean it is, and the gap."""

    name: str
    figure: str
    missing: str
    period: str
    of: str
    gap: str


@dataclass(frozen=True)
class SaidChange:
    """A change under a heading that says since when, the same with its words for that, and the
    figure of then, where it is told."""

    change: str
    since: str
    then: str


@dataclass(frozen=True)
class Said:
    """The words of one indicator; empty where there is nothing to say.

    `headline` is of its figure, `missing` names the state of a row without one. `comparisons` are
    England, neighbours and region; none where no figure of theirs is known: then `not_compared`
    says why.
    """

    polarity: str
    headline: SaidFigure | None
    figure: str
    numbers: str
    missing: str
    status: str
    target: str
    verdict: str
    certainty: str
    cases_to_target: str
    comparisons: tuple[SaidComparison, ...]
    not_compared: str
    compared_part: str
    previous: SaidChange
    year_ago: SaidChange
    directions: tuple[str, ...]
    year_on_year: str
    latest_quarter: str
    usual: str
    signal: str
    standing: tuple[str, ...]
    points: tuple[SaidFigure, ...]
    years: tuple[SaidFigure, ...]
    parts: tuple[SaidPart, ...]


def said_of(edition: Edition) -> Mapping[str, Said]:
    """Indicator to its words, in the edition's order."""
    return {row.indicator_id: said(row) for row in edition.rows}


def areas_said(edition: Edition) -> Mapping[str, tuple[tuple[Indicator, str], ...]]:
    """The areas for improvement in order: name to its indicators and what speaks for each."""
    rows = {row.indicator_id: row for row in edition.rows}
    found: dict[str, list[tuple[Indicator, str]]] = {}
    for told in edition.improvements:
        row = rows[told.indicator_id]
        found.setdefault(told.area, []).append((row, words.improvement(told, row)))
    return {area: tuple(reasons) for area, reasons in found.items()}


def said(row: Indicator) -> Said:
    """The words of one indicator."""
    official = (row.england, row.neighbours, row.region)
    is_compared = any(each.value is not None for each in official)
    headline = said_figure(row.headline, row) if row.headline else None
    latest = row.trend.signals[max(row.trend.signals)] if row.trend.signals else None
    return Said(
        polarity=words.polarity(row),
        headline=headline,
        figure=words.missing(row) if headline is None or row.value is None else headline.figure,
        numbers=words.numbers(row.headline, row.unit),
        missing=words.missing(row),
        status=words.status(row),
        target=words.target(row),
        verdict=words.rag(row),
        certainty=words.certainty(row),
        cases_to_target=words.cases_to_target(row),
        comparisons=tuple(_comparison(each, row) for each in official if is_compared),
        not_compared="" if is_compared else words.no_benchmark(row),
        compared_part=words.compared_part(row),
        previous=_change(row, row.previous, words.since_previous(row)),
        year_ago=_change(row, row.year_ago, words.since_year_ago(row)),
        directions=words.directions(row),
        year_on_year=words.direction(row.year_on_year, row) if row.year_on_year else "",
        latest_quarter=words.direction(row.latest_quarter, row) if row.latest_quarter else "",
        usual=words.usual(row),
        signal=words.signal(latest) if latest else "",
        standing=words.standing(row),
        points=tuple(said_figure(each, row) for each in row.trend.points),
        years=tuple(said_figure(each, row) for each in row.years),
        parts=tuple(
            SaidPart(words.split_by(each), words.part(each), said_figure(each.figure, row))
            for each in row.parts
        ),
    )


def said_figure(counted: Figure, row: Indicator) -> SaidFigure:
    """The words of one figure of an indicator."""
    known = counted.value
    return SaidFigure(
        words.no_value(counted) if known is None else words.amount(known, row.unit, row.decimals),
        words.numbers(counted, row.unit),
        words.figure(known, row, counted),
        words.period(counted),
        words.short_period(counted),
        words.whole_year(counted),
    )


def _comparison(told: Comparison, row: Indicator) -> SaidComparison:
    if told.value is None:
        return SaidComparison(told.name, "", words.no_benchmark(row), "", "", "")
    is_mean = told is row.neighbours and row.neighbours_present
    return SaidComparison(
        told.name,
        words.amount(told.value, row.unit, row.decimals),
        "",
        words.benchmark_period(told, row),
        words.neighbours_of(row) if is_mean else "",
        words.gap(told, row),
    )


def _change(row: Indicator, earlier: Earlier, since: str) -> SaidChange:
    is_told = earlier.value is not None and not row.is_last_reported
    then = words.amount(earlier.value, row.unit, row.decimals) if is_told else ""
    return SaidChange(words.change(row, earlier), since, then)
