"""What may be made public: the one table that every public renderer reads.

Each indicator has a disclosure class that says which small numbers about people are hidden as
`[c]` (the shorthand of the Government Statistical Service); where one number of a figure is
hidden, all of them and everything derived from it are. Zeros are shown.

Figures from which a reader could work a hidden one out are hidden with it (`secondary`). What was
published before is not looked at here: nothing has been, until there are packs for meetings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from orchestration.disclosure.protect import CannotBeMadeSafe
from orchestration.publishing import words
from orchestration.publishing.figures import Earlier, Edition, Figure, Indicator
from orchestration.publishing.secondary import Place, figures_of, hidden_places, place_of

HIDDEN: Literal["[c]"] = "[c]"
SMALLEST_SHOWN = 6
"""Numbers above 0 and below this are small."""

Cell = Decimal | None | Literal["[c]"]
"""A number, nothing where there is none, or HIDDEN."""


@dataclass(frozen=True)
class PublishableRow:
    """One indicator's latest figure as it may be shown to anybody; units as in the edition."""

    dashboard_no: int
    indicator_id: str
    indicator_name: str
    period: str
    unit: str
    decimals: int
    numerator: Cell
    complement: Cell
    denominator: Cell
    numbers: str
    value: Cell
    status: str
    target: Decimal | None
    rag: str
    cases_to_target: Cell
    previous_value: Cell
    previous_change: Cell
    year_ago_value: Cell
    year_ago_change: Cell
    england_value: Decimal | None
    england_gap: Cell
    neighbours_value: Decimal | None
    neighbours_gap: Cell
    region_value: Decimal | None
    region_gap: Cell


def publishable(edition: Edition) -> tuple[PublishableRow, ...]:
    """The public table of an edition, one row per indicator, in the edition's order."""
    return tuple(_row(indicator, hidden_figures(indicator)) for indicator in edition.rows)


def hidden_figures(indicator: Indicator) -> frozenset[Place]:
    """Which of an indicator's figures are hidden: the small ones and what gives them away.

    All of them, where that cannot be told apart.
    """
    figures = figures_of(indicator)
    small = [
        place
        for place, figure in figures.items()
        if is_hidden(figure, indicator.unit, indicator.disclosure_class)
    ]
    try:
        return hidden_places(indicator, small)
    except CannotBeMadeSafe:
        return frozenset(figures)


def is_hidden(figure: Figure | None, unit: str, disclosure_class: str) -> bool:
    """Whether the disclosure class hides a figure: its numbers, its value and what derives from it.

    `child_attribute` hides when numerator, complement (denominator minus numerator) or denominator
    is small, `child_count` when the count is, `process` and `workforce` when the denominator is;
    a count that has no denominator stands for it. An average or median hides when it is taken over
    few. `open` hides nothing. A part that was not returned is worked out from the percentage where
    the other is known; where neither is, the percentage is shown.
    Raises ValueError for a class that is none of these.
    """
    if disclosure_class not in _CLASSES:
        raise ValueError(f"{disclosure_class} is not a disclosure class: {', '.join(_CLASSES)}")
    if figure is None or disclosure_class == "open":
        return False
    top, bottom = _parts(figure, unit)
    if unit == "count" and bottom is None:
        return _small(top)
    if unit in _AVERAGES or disclosure_class in ("process", "workforce"):
        return _small(bottom)
    if disclosure_class == "child_count":
        return _small(top)
    return any(_small(part) for part in (top, _complement(top, bottom), bottom))


def preview(rows: Iterable[PublishableRow]) -> str:
    """The public table as Markdown: figure, number, target and verdict of each indicator."""
    lines = [
        "| Indicator | Period | Figure | Number | Target | Against target |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        cells = (
            row.indicator_name,
            row.period,
            _said(row.value, row),
            "" if row.value is None else row.numbers,
            "" if row.target is None else words.trimmed(row.target, row.unit),
            row.rag,
        )
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


_CLASSES = ("child_attribute", "process", "child_count", "workforce", "open")
_AVERAGES = ("days", "hours", "cases")
_PER = {"percent": 100, "rate_per_10k": 10_000}


def _row(indicator: Indicator, hidden_ones: frozenset[Place]) -> PublishableRow:
    figure = indicator.headline
    hidden = figure is not None and place_of(figure) in hidden_ones
    top, bottom = (figure.numerator, figure.denominator) if figure else (None, None)
    has_complement = indicator.unit == "percent"

    def shown(cell: Decimal | None) -> Cell:
        return HIDDEN if hidden and cell is not None else cell

    return PublishableRow(
        dashboard_no=indicator.dashboard_no,
        indicator_id=indicator.indicator_id,
        indicator_name=indicator.name,
        period=words.period(figure) if figure else "",
        unit=indicator.unit,
        decimals=indicator.decimals,
        numerator=shown(top),
        complement=shown(_complement(top, bottom)) if has_complement else None,
        denominator=shown(bottom),
        numbers=HIDDEN if hidden else words.counts(figure, indicator.unit),
        value=shown(indicator.value),
        status=words.status(indicator),
        target=indicator.target,
        rag=HIDDEN if hidden and indicator.rag else words.rag(indicator),
        cases_to_target=shown(_number(indicator.cases_to_target)),
        previous_value=_then(indicator.previous, indicator, hidden_ones),
        previous_change=_change(indicator.previous, indicator, hidden_ones, hidden),
        year_ago_value=_then(indicator.year_ago, indicator, hidden_ones),
        year_ago_change=_change(indicator.year_ago, indicator, hidden_ones, hidden),
        england_value=indicator.england.value,
        england_gap=shown(indicator.england.gap),
        neighbours_value=indicator.neighbours.value,
        neighbours_gap=shown(indicator.neighbours.gap),
        region_value=indicator.region.value,
        region_gap=shown(indicator.region.gap),
    )


def _number(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _then(earlier: Earlier, indicator: Indicator, hidden_ones: frozenset[Place]) -> Cell:
    return HIDDEN if _was_hidden(earlier, indicator, hidden_ones) else earlier.value


def _change(
    earlier: Earlier, indicator: Indicator, hidden_ones: frozenset[Place], hidden_now: bool
) -> Cell:
    if earlier.change is None:
        return None
    hidden = hidden_now or _was_hidden(earlier, indicator, hidden_ones)
    return HIDDEN if hidden else earlier.change


def _was_hidden(earlier: Earlier, indicator: Indicator, hidden_ones: frozenset[Place]) -> bool:
    """Whether the earlier value is hidden; one whose numbers cannot be looked up is."""
    if earlier.value is None or indicator.disclosure_class == "open":
        return False
    return earlier.figure is None or place_of(earlier.figure) in hidden_ones


def _parts(figure: Figure, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator; a missing one is worked out where the value gives it away."""
    top, bottom, value = figure.numerator, figure.denominator, figure.value
    if value is None:
        return top, bottom
    if unit == "count":
        return (value if top is None else top), bottom
    per = _PER.get(unit)
    if per and top is None and bottom is not None:
        return words.rounded(value * bottom / per, 0), bottom
    if per and bottom is None and top is not None and value:
        return top, words.rounded(top * per / value, 0)
    return top, bottom


def _complement(top: Decimal | None, bottom: Decimal | None) -> Decimal | None:
    return None if top is None or bottom is None else bottom - top


def _small(number: Decimal | None) -> bool:
    return number is not None and 0 < number < SMALLEST_SHOWN


def _said(cell: Cell, row: PublishableRow) -> str:
    if isinstance(cell, Decimal):
        return words.amount(cell, row.unit, row.decimals)
    return cell or row.status
