"""Placeholders of a text, as {figure}, or of another indicator, as {cic_count.figure}."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Edition, Figure, Indicator

PLACEHOLDER = re.compile(r"\{(?:(?!part\.)([a-z0-9_]+)\.)?(part\.[^{}.]+|[a-z_]+)\}")
_PART = "part."


def filled(text: str, about: str, edition: Edition) -> tuple[str, list[str]]:
    """`text` with the figures of an edition, and what is wrong with its placeholders. `about` is
    the indicator that those without a name are of."""
    rows = {row.indicator_id: row for row in edition.rows}
    wrong = []

    def told(found: re.Match[str]) -> str:
        if found[0] == "{as_at}":
            return words.day(edition.as_at)
        row = rows.get(found[1] or about)
        said = None if row is None else _said(row, found[2])
        if said is None:
            wrong.append(f"{found[0]} is no placeholder: {', '.join(NAMES)}")
        return found[0] if said is None else said

    return PLACEHOLDER.sub(told, text), wrong


def _said(row: Indicator, field: str) -> str | None:
    """None where there is no such field, or no such part of the indicator."""
    if field.startswith(_PART):
        wanted = field.removeprefix(_PART).strip().casefold()
        for part in row.parts:
            if wanted in (part.name.casefold(), words.part(part).casefold()):
                return _figure(part.figure, row)
        return None
    return _FIELDS[field](row) if field in _FIELDS else None


def _then(value: Decimal | None, figure: Figure | None, row: Indicator) -> str:
    return words.no_value(figure) if value is None else words.amount(value, row.unit, row.decimals)


def _figure(figure: Figure | None, row: Indicator) -> str:
    return _then(figure.value if figure else None, figure, row)


def _is_hidden(row: Indicator) -> bool:
    return row.headline is not None and row.headline.status == HIDDEN


def _late(row: Indicator) -> str:
    """How many of the denominator do not count: of visits on time those that were late."""
    figure = row.headline
    if figure is None or row.unit != "percent":
        return words.NO_FIGURE
    if _is_hidden(row):
        return words.NOT_SHOWN
    if figure.numerator is None or figure.denominator is None:
        return words.NOT_SUPPLIED
    return words.plain(figure.denominator - figure.numerator)


def _gap(row: Indicator) -> str:
    """How far the figure as printed is from its target, without the direction."""
    if row.target is None:
        return "no target"
    if row.value is None:
        return words.no_value(row.headline)
    target = row.target.normalize()
    gap = words.rounded(row.value, row.decimals) - target
    return words.difference(gap, row.unit, max(row.decimals, -int(target.as_tuple().exponent)))


def _cases_to_target(row: Indicator) -> str:
    if _is_hidden(row):
        return words.NOT_SHOWN
    return words.NOT_SUPPLIED if row.cases_to_target is None else f"{row.cases_to_target:,}"


def _last_year(row: Indicator) -> str:
    """The whole year before the one that the figure lies in."""
    if row.headline is None:
        return words.NO_FIGURE
    end = row.headline.period_end
    before = [year for year in row.years if year.period_end < end <= _a_year_on(year.period_end)]
    return _figure(before[-1], row) if before else words.NO_FIGURE


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


_FIELDS: Mapping[str, Callable[[Indicator], str]] = {
    "figure": lambda row: _figure(row.headline, row),
    "number": lambda row: words.counts(row.headline, row.unit),
    "period": lambda row: words.period(row.headline) if row.headline else words.NO_FIGURE,
    "target": lambda row: (
        "no target" if row.target is None else words.trimmed(row.target, row.unit)
    ),
    "late": _late,
    "gap": _gap,
    "cases_to_target": _cases_to_target,
    "previous": lambda row: _then(row.previous.value, row.previous.figure, row),
    "year_ago": lambda row: _then(row.year_ago.value, row.year_ago.figure, row),
    "quarter": lambda row: _figure(row.quarter, row),
    "year": lambda row: _figure(row.year, row),
    "year_to_date": lambda row: _figure(row.year_to_date, row),
    "last_year": _last_year,
    "england": lambda row: _then(row.england.value, None, row),
    "neighbours": lambda row: _then(row.neighbours.value, None, row),
    "region": lambda row: _then(row.region.value, None, row),
}
NAMES = ("as_at", *_FIELDS, f"{_PART}<name>")
"""What may stand in braces; `<name>` is a part of the figure, as care."""
