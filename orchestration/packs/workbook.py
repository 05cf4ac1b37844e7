"""The figures as a workbook, by the Analysis Function's guidance: one table a sheet."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

from orchestration.packs.contents import SHORTHAND, Pack
from orchestration.publishing import words
from orchestration.publishing.figures import HIDDEN, Comparison, Edition, Figure, Indicator

if TYPE_CHECKING:
    import pandas as pd

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
    "cases": "cases",
}


def workbook(pack: Pack, edition: Edition) -> bytes:
    """Latest figures, periods, years and parts as XLSX; the same pack gives the same bytes."""
    from gptables import Cover, GPTable, produce_workbook

    tables = {
        "Notes": ("Signs used in this workbook", _signs()),
        "Latest": ("Latest figures", _latest(edition, pack)),
        "Periods": ("Months and quarters", _series(edition, whole_years=False)),
        "Years": ("Whole years", _series(edition, whole_years=True)),
        "Parts": ("Parts of the latest figures", _parts(edition)),
    }
    scope = f"{pack.council}, as at {pack.as_at}"
    sheets = {
        label: GPTable(
            table=table,
            table_name=label.lower() + "_figures",
            title=f"{title}: {scope}",
            subtitles=[". ".join(pack.markings) or "For publication"],
            instructions="This sheet holds one table. Signs in square brackets are explained in "
            "the sheet Notes. Figures stand in the unit that is named beside them.",
            scope=scope,
            source="the council's case systems and returns; official statistics for other areas",
        )
        for label, (title, table) in tables.items()
        if len(table)
    }
    written = io.BytesIO()
    with catch_warnings():
        # the signs have a sheet of their own: gptables' is for numbered notes
        filterwarnings("ignore", "No note text provided")
        filterwarnings("ignore", category=DeprecationWarning)  # gptables' own use of pandas
        book = produce_workbook(
            written,
            sheets,
            cover=Cover(
                title=pack.title,
                intro=["Information", *pack.markings, f"For the {pack.committee}"],
                about=["Meeting", pack.meeting_date, f"Issue {pack.issue} {pack.reason}".strip()],
                contact=["Contact", pack.contact],
            ),
        )
    book.set_properties(
        {"title": pack.title, "created": datetime(2020, 1, 1), "author": pack.council}
    )
    book.close()
    return written.getvalue()


def _signs() -> "pd.DataFrame":
    return _table(
        {"Sign": sign, "Meaning": words.capital(meaning)}
        for sign, meaning in (*SHORTHAND, *IN_CELLS)
    )


def _latest(edition: Edition, pack: Pack) -> "pd.DataFrame":
    portfolios = {dashboard.number: dashboard.portfolio for dashboard in pack.dashboards}
    return _table(
        {
            "Portfolio": portfolios[row.dashboard_no],
            "Dashboard": row.dashboard_no,
            "Indicator": row.name,
            "Period": words.period(row.headline) if row.headline else NOT_AVAILABLE,
            "Figure": _value(row.headline, row),
            "Unit": UNITS[row.unit],
            "Number": _counts(row.headline, row),
            "Which way is good": words.polarity(row),
            "Target": NOT_APPLICABLE if row.target is None else float(row.target),
            "Against target": words.rag(row),
            "England": _benchmark(row.england, row),
            "Statistical neighbours": _benchmark(row.neighbours, row),
            "Region": _benchmark(row.region, row),
            "Direction of travel": "; ".join(words.directions(row)),
        }
        for row in edition.rows
    )


def _series(edition: Edition, whole_years: bool) -> "pd.DataFrame":
    return _table(
        {
            "Dashboard": row.dashboard_no,
            "Indicator": row.name,
            "Period": words.period(figure),
            "Figure": _value(figure, row),
            "Unit": UNITS[row.unit],
            "Number": _counts(figure, row),
        }
        for row in edition.rows
        for figure in (row.years if whole_years else row.trend.points)
    )


def _parts(edition: Edition) -> "pd.DataFrame":
    return _table(
        {
            "Indicator": row.name,
            "Period": words.period(part.figure),
            "Split by": words.breakdown(part.breakdown),
            "Part": words.capital(words.part(part)),
            "Figure": _value(part.figure, row),
            "Unit": UNITS[row.unit],
            "Number": _counts(part.figure, row),
        }
        for row in edition.rows
        for part in row.parts
    )


def _table(rows: Any) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(list(rows), dtype=object)


def _value(figure: Figure | None, row: Indicator) -> float | str:
    if figure is not None and figure.status == HIDDEN:
        return words.NOT_SHOWN
    if figure is None or figure.value is None:
        return NOT_AVAILABLE
    return float(words.rounded(figure.value, row.decimals))


def _counts(figure: Figure | None, row: Indicator) -> str:
    if figure is None or (figure.value is None and figure.status != HIDDEN):
        return NOT_AVAILABLE
    return words.counts(figure, row.unit)


def _benchmark(comparison: Comparison, row: Indicator) -> float | str:
    if comparison.value is None:
        return NOT_AVAILABLE
    return float(words.rounded(comparison.value, row.decimals))
