"""The page and the table of an area of a pool: its councils side by side."""

from dataclasses import dataclass

from orchestration.documents.funnel import funnel_chart
from orchestration.documents.rendering import render
from orchestration.documents.tables import csv_of
from orchestration.editions import words
from orchestration.publication.markings import marked
from orchestration.region.edition import Beside, Region, RegionIndicator
from orchestration.region.said import (
    change_said,
    council_said,
    moved_most,
    moved_said,
    notes_of,
    place_said,
    polarity,
    rank_said,
    value_said,
)


def region_files(region: Region, contact: str) -> dict[str, bytes]:
    """File name to content: `region.html` and `councils.csv`, which has the markings in its name.

    The same region gives the same bytes; `contact` is whom readers may ask.
    """
    return {
        "region.html": render_region(region, contact),
        marked("councils.csv", region.synthetic, region.is_public): csv_of(_cells(region), _HEAD),
    }


@dataclass(frozen=True)
class _Line:
    """A row of a table: place, council, figure, numbers, limits, what moved."""

    rank: str
    name: str
    figure: str
    numbers: str
    place: str
    moved: str


@dataclass(frozen=True)
class _Block:
    """An indicator in the words of the page, all councils together on its first line; `chart` is
    SVG, empty where there is none."""

    indicator: RegionIndicator
    polarity: str
    period: str
    lines: tuple[_Line, ...]
    notes: tuple[str, ...]
    chart: str
    has_ranks: bool
    has_limits: bool


def render_region(region: Region, contact: str) -> bytes:
    """`region.html` as UTF-8."""
    return render(
        "region.html.j2",
        markings=region.markings,
        region=region,
        contact=contact,
        as_at=words.day(region.as_at),
        moved=[
            (row, f"{council_said(council, row)}, {change_said(council, row)}", council.moved)
            for row, council in moved_most(region)
        ],
        dashboards=[
            (number, rows[0].dashboard, [_block(row) for row in rows])
            for number, rows in region.dashboards.items()
        ],
    )


def _block(row: RegionIndicator) -> _Block:
    together = f"All {row.counted} together" if row.counted > 1 else "The one council together"
    numbers = words.numbers(row.figure, row.unit)
    area = _Line("", together, value_said(row.figure, row), numbers, "", "")
    return _Block(
        row,
        polarity(row),
        words.capital(words.period(row.figure)),
        (area, *(_line(each, row) for each in row.councils)),
        notes_of(row),
        funnel_chart(row),
        any(each.rank for each in row.councils),
        any(each.place for each in row.councils),
    )


def _line(council: Beside, row: RegionIndicator) -> _Line:
    return _Line(
        str(council.rank or ""),
        council.name,
        value_said(council.figure, row),
        words.numbers(council.figure, row.unit),
        words.capital(place_said(council)),
        words.capital(moved_said(council, row)),
    )


_HEAD = (
    *("area_code", "area", "as_at", "indicator_id", "indicator", "unit", "period_type"),
    *("period_start", "period_end", "geography_code", "council", "value", "numerator"),
    *("denominator", "status", "rank", "limits", "year_ago_value", "moved"),
)


def _cells(region: Region) -> list[dict[str, str]]:
    """A row for each council and indicator, and before them one for the area."""
    rows = []
    for row in region.rows:
        area = Beside(region.area_code, region.name, row.figure)
        for each in (area, *row.councils):
            figure = each.figure
            cells = (
                *(region.area_code, region.name, region.as_at.isoformat(), row.indicator_id),
                *(row.name, row.unit, figure.period_type, figure.period_start.isoformat()),
                *(figure.period_end.isoformat(), each.geography_code, each.name),
                "" if figure.value is None else str(words.rounded(figure.value, row.decimals)),
                *(
                    "" if side is None else f"{side.normalize():f}"
                    for side in (figure.numerator, figure.denominator)
                ),
                *(figure.status, rank_said(each), place_said(each)),
                ""
                if each.then is None or each.then.value is None
                else str(words.rounded(each.then.value, row.decimals)),
                each.moved or "",
            )
            rows.append(dict(zip(_HEAD, cells, strict=True)))
    return rows
