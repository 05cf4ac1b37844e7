"""The figures as a workbook, by the Analysis Function's guidance: one table a sheet.

Numbers are numbers and days are days, each period with its name beside it. What a sheet is marked
with stands above its table; no cell of a table is empty, and a sign says why a number is missing.
"""

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.editions import words
from orchestration.editions.figures import (
    HIDDEN,
    Comparison,
    Edition,
    Figure,
    Indicator,
    figures_of,
)
from orchestration.editions.said import said_of
from orchestration.packs.pack import SHORTHAND, Pack
from orchestration.publication.markings import OFFICIAL_FIGURES

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
IN_CELLS = (
    (NOT_AVAILABLE, "not available: there is no figure, or none that could be compared"),
    (NOT_APPLICABLE, "not applicable, as where no target has been agreed"),
)
UNITS = {
    "count": "number",
    "percent": "per cent",
    "rate_per_10k": "per 10,000 children",
    "days": "days",
    "hours": "hours",
    "weeks": "weeks",
    "cases": "cases",
}
SERIES = {
    "Months": ("Figures by month", ("month",)),
    "Quarters": ("Figures by quarter", ("quarter",)),
    "Twelve months": ("Figures of twelve months", ("rolling_12m",)),
    "Years": ("Figures of whole years", ("financial_year", "academic_year", "calendar_year")),
    "Years to date": ("Figures of a year so far", ("year_to_date",)),
}
"""A sheet for each length of period, with its title."""

Cell = str | int | Decimal | date
Row = dict[str, Cell]


def workbook(pack: Pack, edition: Edition) -> bytes:
    """Latest figures, months, quarters, years and parts as XLSX; the same pack gives the same
    bytes."""
    from xlsxwriter.workbook import Workbook

    written = io.BytesIO()
    book = Workbook(written, {"in_memory": True})
    book.set_properties(
        {"title": pack.title, "created": datetime(2020, 1, 1), "author": pack.council}
    )
    formats = _Formats(book)
    scope = f"{pack.council}, as at {pack.as_at}"
    tables: dict[str, tuple[str, list[Row]]] = {
        "Notes": ("Signs used in this workbook", _signs()),
        "Latest": ("Latest figures", _latest(edition, pack)),
        **{sheet: (title, _series(edition, kinds)) for sheet, (title, kinds) in SERIES.items()},
        "Parts": ("Parts of figures", _parts(edition)),
    }
    tables = {name: table for name, table in tables.items() if table[1]}
    _cover(book, formats, pack)
    contents: list[Row] = [
        {"Sheet": name, "What it holds": title} for name, (title, _) in tables.items()
    ]
    above = [". ".join(pack.markings) or "For publication"]
    for name, (title, rows) in {"Contents": ("Contents", contents), **tables}.items():
        _sheet(book, formats, name, [f"{title}: {scope}", *above, *_guide(name)], rows)
    book.close()
    return written.getvalue()


def _guide(sheet: str) -> list[str]:
    if sheet in ("Contents", "Notes"):
        return ["This sheet holds one table."]
    return [
        "This sheet holds one table. Signs in square brackets are explained in the sheet Notes. "
        "Figures stand in the unit that is named beside them.",
        f"Source: the council's case systems and returns. {OFFICIAL_FIGURES}",
    ]


class _Formats:
    """The formats of a workbook, each made once: decimals of a number, days, headings."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_name": "Arial"})
        self.text = book.add_format({"font_name": "Arial", "font_size": 12})
        self.header = book.add_format(
            {"font_name": "Arial", "font_size": 12, "bold": True, "text_wrap": True, "bottom": 1}
        )
        self.day = book.add_format(
            {"font_name": "Arial", "font_size": 12, "num_format": "d mmm yyyy", "align": "left"}
        )

    def number(self, value: Decimal | int) -> "Format":
        """With as many decimals as the value is given with, and a comma at the thousands."""
        places = max(0, -int(Decimal(value).as_tuple().exponent))
        shape = "#,##0" + (f".{'0' * places}" if places else "")
        if shape not in self._made:
            self._made[shape] = self._book.add_format(
                {"font_name": "Arial", "font_size": 12, "num_format": shape}
            )
        return self._made[shape]


def _cover(book: "Workbook", formats: _Formats, pack: Pack) -> None:
    sheet = book.add_worksheet("Cover")
    issue = f"Issue {pack.issue}" + (f", a correction: {pack.reason}" if pack.reason else "")
    lines = [*pack.markings, f"For the {pack.committee}, {pack.meeting_date}", issue]
    sheet.write_string(0, 0, pack.title, formats.title)
    for number, line in enumerate([*lines, f"Ask: {pack.contact}"], start=1):
        sheet.write_string(number, 0, line, formats.text)
    sheet.set_column(0, 0, 90)


def _sheet(
    book: "Workbook", formats: _Formats, name: str, above: list[str], rows: list[Row]
) -> None:
    """One table from column A, with its title and what is to be known above it."""
    sheet = book.add_worksheet(name)
    for number, line in enumerate(above):
        sheet.write_string(number, 0, line, formats.text if number else formats.title)
    first, columns = len(above), list(rows[0])
    sheet.add_table(
        first,
        0,
        first + len(rows),
        len(columns) - 1,
        {
            "name": f"{name.lower().replace(' ', '_')}_figures",
            "columns": [{"header": each, "header_format": formats.header} for each in columns],
            "autofilter": False,
            "style": None,
        },
    )
    for number, row in enumerate(rows, start=first + 1):
        for column, cell in enumerate(row.values()):
            _write(sheet, formats, number, column, cell)
    for column, title in enumerate(columns):
        longest = max(len(title), *(_width(row[title]) for row in rows))
        sheet.set_column(column, column, min(longest, 60) * 1.25 + 2)


def _write(sheet: Any, formats: _Formats, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):  # never as a formula, whatever it begins with
        sheet.write_string(row, column, cell, formats.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats.day)
    else:
        sheet.write_number(row, column, float(cell), formats.number(cell))


def _width(cell: Cell) -> int:
    return 11 if isinstance(cell, date) else len(str(cell))


def _signs() -> list[Row]:
    return [
        {"Sign": sign, "Meaning": words.capital(meaning)}
        for sign, meaning in (*SHORTHAND, *IN_CELLS)
    ]


def _latest(edition: Edition, pack: Pack) -> list[Row]:
    portfolios = {dashboard.number: dashboard.portfolio for dashboard in pack.dashboards}
    told = said_of(edition)
    return [
        {
            "Portfolio": portfolios[row.dashboard_no],
            "Dashboard": row.dashboard_no,
            "Indicator": row.name,
            **_period(row.headline),
            **_figure(row.headline, row),
            "Which way is good": said.polarity or NOT_APPLICABLE,
            "Target": NOT_APPLICABLE if row.target is None else row.target.normalize(),
            "Against target": said.verdict or NOT_APPLICABLE,
            "England": _benchmark(row.england, row),
            "Statistical neighbours": _benchmark(row.neighbours, row),
            "Region": _benchmark(row.region, row),
            "Part that is compared": said.compared_part or "The whole",
            "Direction of travel": "; ".join(said.directions) or NOT_AVAILABLE,
        }
        for row in edition.rows
        for said in [told[row.indicator_id]]
    ]


def _series(edition: Edition, kinds: Iterable[str]) -> list[Row]:
    """Every figure of the whole for periods of one length, oldest first."""
    return [
        {
            "Dashboard": row.dashboard_no,
            "Indicator": row.name,
            **_period(figure),
            **_figure(figure, row),
        }
        for row in edition.rows
        for place, figure in sorted(figures_of(row).items(), key=_by_end)
        if not place[0] and figure.period_type in kinds
    ]


def _by_end(found: tuple[tuple[str, str, str, date], Figure]) -> tuple[date, date]:
    return found[1].period_end, found[1].period_start


def _parts(edition: Edition) -> list[Row]:
    return [
        {
            "Dashboard": row.dashboard_no,
            "Indicator": row.name,
            "Split by": words.split_by(part),
            "Part": words.capital(words.part(part)),
            **_period(part.figure),
            **_figure(part.figure, row),
        }
        for row in edition.rows
        for part in (*row.parts, *row.longer_parts)
    ]


def _period(figure: Figure | None) -> Row:
    if figure is None:
        return dict.fromkeys(("Period", "First day", "Last day"), NOT_AVAILABLE)
    return {
        "Period": words.period(figure),
        "First day": figure.period_start,
        "Last day": figure.period_end,
    }


def _figure(figure: Figure | None, row: Indicator) -> Row:
    whole = NOT_APPLICABLE if row.unit == "count" else NOT_AVAILABLE
    return {
        "Figure": _number(figure, lambda each: _rounded(each.value, row.decimals)),
        "Unit": UNITS[row.unit],
        "Numerator": _number(figure, lambda each: _as_counted(each.numerator)),
        "Denominator": _number(figure, lambda each: _as_counted(each.denominator), whole),
    }


def _number(
    figure: Figure | None, side: Callable[[Figure], Decimal | None], missing: str = NOT_AVAILABLE
) -> Cell:
    if figure is not None and figure.status == HIDDEN:
        return words.NOT_SHOWN
    value = None if figure is None else side(figure)
    return missing if value is None else value


def _as_counted(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()


def _rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    return None if value is None else words.rounded(value, decimals)


def _benchmark(comparison: Comparison, row: Indicator) -> Cell:
    value = _rounded(comparison.value, row.decimals)
    return NOT_AVAILABLE if value is None else value
