"""The public figures in the shape of the Department for Education's open data, and their metadata.

One row for each period and part, a column for each indicator: the department's open data standards,
as its screener holds files against them. A number that is missing is `c` (confidential), `x` (not
available) or `z` (not applicable).
"""

from collections.abc import Iterable, Iterator

from orchestration.documents.open_data import plain_csv
from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Edition, Figure, Indicator, figures_of
from orchestration.reference.geographies import Area

CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "c", "x", "z"
META = ".meta.csv"
"""Ends the name of the metadata of a file that ends in `.csv`."""

_META_HEAD = (
    *("col_name", "col_type", "label", "indicator_grouping", "indicator_unit", "indicator_dp"),
    *("filter_hint", "filter_grouping_column"),
)
_Key = tuple[str, str, str, str]
"""A row: time period and identifier, what is split, the part."""


def dfe_csv(edition: Edition, area: Area) -> bytes:
    """The figures, newest period last. Figures of a year to date and of twelve months are left out:
    the standards have no identifier for them."""
    cells: dict[_Key, dict[str, str]] = {}
    order: dict[_Key, tuple[str, str]] = {}
    for row in edition.rows:
        names = {
            (part.breakdown, part.name): (words.split_by(part), words.capital(words.part(part)))
            for part in (*row.parts, *row.longer_parts)
        }
        for (breakdown, part, *_), figure in figures_of(row).items():
            when = time_of(figure)
            if when is None:
                continue
            key = (*when, *names.get((breakdown, part), ("Total", "Total")))
            order[key] = (figure.period_end.isoformat(), figure.period_start.isoformat())
            cells.setdefault(key, {}).update(_columns(row, figure))
    place = {
        "geographic_level": "Local authority",
        "country_code": "E92000001",
        "country_name": "England",
        "region_code": area.region_code,
        "region_name": area.region_name,
        "old_la_code": area.old_la_code,
        "new_la_code": area.new_la_code,
        "la_name": area.la_name,
    }
    indicators = [name for row in edition.rows for name, *_ in _described(row)]
    head = ["time_period", "time_identifier", *place, "breakdown_topic", "breakdown", *indicators]
    return plain_csv(
        head,
        (
            {
                "time_period": key[0],
                "time_identifier": key[1],
                **place,
                "breakdown_topic": key[2],
                "breakdown": key[3],
                **dict.fromkeys(indicators, NOT_APPLICABLE),
                **cells[key],
            }
            for key in sorted(cells, key=lambda each: (order[each], each))
        ),
    )


def dfe_meta_csv(edition: Edition) -> bytes:
    """What the filter and the indicators of `dfe_csv` are called, their units and decimals."""

    def described() -> Iterator[tuple[str, ...]]:
        yield "breakdown", "Filter", "Part", "", "", "", "What is split", "breakdown_topic"
        for row in edition.rows:
            for name, label, unit, decimals in _described(row):
                yield name, "Indicator", label, row.dashboard, unit, decimals, "", ""

    return plain_csv(_META_HEAD, (dict(zip(_META_HEAD, each, strict=True)) for each in described()))


def time_of(figure: Figure) -> tuple[str, str] | None:
    """`time_period` and `time_identifier`: 2025 and March, 202526 and Financial year Q1."""
    start, end = figure.period_start, figure.period_end
    if figure.period_type == "month":
        return f"{end:%Y}", f"{end:%B}"
    if figure.period_type == "calendar_year":
        return f"{end:%Y}", "Calendar year"
    first = start.year if start.month >= 4 else start.year - 1
    year = f"{first}{(first + 1) % 100:02d}"
    if figure.period_type == "quarter":
        return year, f"Financial year Q{(end.month - 4) % 12 // 3 + 1}"
    if figure.period_type in ("financial_year", "academic_year"):
        return year, f"{words.capital(figure.period_type.removesuffix('_year'))} year"
    return None


def _described(row: Indicator) -> Iterable[tuple[str, str, str, str]]:
    """The columns of an indicator: name, label, unit and decimals."""
    unit = "%" if row.unit == "percent" else ""
    yield row.indicator_id, row.name, unit, str(row.decimals)
    if row.unit != "count":
        yield f"{row.indicator_id}_numerator", f"{row.name}: numerator", "", "0"
        yield f"{row.indicator_id}_denominator", f"{row.name}: denominator", "", "0"


def _columns(row: Indicator, figure: Figure) -> dict[str, str]:
    if figure.status == HIDDEN:
        return {name: CONFIDENTIAL for name, *_ in _described(row)}
    value = None if figure.value is None else words.rounded(figure.value, row.decimals)
    sides = [
        None if side is None else side.normalize()
        for side in (figure.numerator, figure.denominator)
    ]
    return {
        name: NOT_AVAILABLE if number is None else f"{number:f}"
        for (name, *_), number in zip(_described(row), (value, *sides), strict=False)
    }
