"""What a council with an installation of its own sends to the body that pools: `indicator_returns`
with numerators and denominators, and the manifest by which check-in knows the file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orchestration.disclosure.history import Hidden, Publication
from orchestration.disclosure.publishable import hidden_figures
from orchestration.editions.beside import ties_of
from orchestration.editions.figures import Figure, Indicator, Place, figures_of
from orchestration.editions.mart_rows import figure_of, select_rows
from orchestration.region.rows import bare_row

if TYPE_CHECKING:
    import duckdb

_LONDON = ZoneInfo("Europe/London")
RETURNS, MANIFEST = "indicator_returns", "extract_manifest"
_YEARS = ("financial_year", "academic_year")
_NEVER_ADDED = ("period_median", "period_distinct_count")
"""Of these nothing but the period itself tells what a longer one is."""


@dataclass(frozen=True)
class Sent:
    """The figures of a council as at a month end, and which of them it keeps to itself."""

    geography_code: str
    as_at: date
    rows: tuple[Indicator, ...]
    hidden: Hidden

    @property
    def figures(self) -> Mapping[str, Mapping[Place, Figure]]:
        """All of them by indicator and place."""
        return {row.indicator_id: figures_of(row) for row in self.rows}

    @property
    def count(self) -> int:
        """How many are told."""
        return sum(map(len, self.figures.values())) - sum(map(len, self.hidden.values()))


def figures_to_send(
    connection: duckdb.DuckDBPyConnection,
    geography_code: str,
    *,
    small_are_sent: bool,
    earlier: Sequence[Publication] = (),
) -> Sent | None:
    """Months, quarters and years of a council from its published marts, of what cannot be added up
    the years to date as well; None where it has none.

    Unless `small_are_sent`, small numbers are left out, and what gives them away: by the other
    figures, by what the council has published, and by what it sent before (`earlier`).
    """
    told = select_rows(
        connection,
        """
        with figures as (
            select * from marts.kpi_monthly
            union all by name
            select * from marts.kpi_quarterly
            union all by name
            select * from marts.kpi_yearly
        )

        select figures.*, indicators.unit, indicators.time_basis, indicators.year_basis
        from figures
        inner join marts.dim_indicator as indicators
            on figures.indicator_id = indicators.indicator_id
        where figures.geography_code = ? and figures.breakdown = 'total'
            and figures.status in ('ok', 'no_cases', 'provisional')
        order by figures.period_end
        """,
        geography_code,
    )
    about = select_rows(connection, "select * from marts.dim_indicator order by catalogue_order")
    figures: dict[str, list[Figure]] = {}
    for row in told:
        is_told = row["value"] is not None or row["time_basis"] != "period_median"
        if is_told and _is_sent(row):
            figures.setdefault(row["indicator_id"], []).append(figure_of(row))
    if not figures:
        return None
    rows = [bare_row(each, figures.get(each["indicator_id"], ())) for each in about]
    hidden: Hidden = {}
    if not small_are_sent:
        hidden = hidden_figures(rows, ties_of(connection), earlier).places
    as_at = max(each.period_end for of_one in figures.values() for each in of_one)
    return Sent(geography_code, as_at, tuple(rows), hidden)


def _is_sent(row: Mapping[str, Any]) -> bool:
    kind = row["period_type"]
    if kind == "year_to_date":
        return row["time_basis"] in _NEVER_ADDED
    if kind in _YEARS:
        return kind.startswith(row["year_basis"])
    return kind in ("month", "quarter")


def files_to_send(sent: Sent, now: datetime) -> dict[str, bytes]:
    """File name to content, the manifest last: `indicator_returns.csv`, `extract_manifest.csv`."""
    lines = [
        _line(sent, row, place, figure)
        for row in sent.rows
        for place, figure in figures_of(row).items()
        if place not in sent.hidden.get(row.indicator_id, ())
    ]
    returns = _csv([_HEAD, *sorted(lines)])
    manifest = _csv(
        [
            ("extract", "extracted_at", "data_as_at", "source_system", "source_version",
             "timeframe_years", "data_from", "row_count", "sha256"),
            (RETURNS, f"{now.astimezone(_LONDON):%Y-%m-%dT%H:%M:%S}", sent.as_at.isoformat(),
             "childrens-kpis", "", "", "", str(len(lines)), hashlib.sha256(returns).hexdigest()),
        ]
    )  # fmt: skip
    return {f"{RETURNS}.csv": returns, f"{MANIFEST}.csv": manifest}


_HEAD = ("indicator_id", "geography_code", "period_type", "period_start", "period_end")
_HEAD += ("numerator", "denominator", "value", "source_note")


def _line(sent: Sent, row: Indicator, place: Place, figure: Figure) -> tuple[str, ...]:
    """A figure by its numbers; by its value where it has none, as a median."""
    kind = "year" if place[2] in _YEARS else place[2]
    days = (figure.period_start.isoformat(), figure.period_end.isoformat())
    top, bottom, value = figure.numerator, figure.denominator, figure.value
    if row.unit == "count":
        top, bottom, value = value if top is None else top, None, None
    elif top is not None and bottom is not None:
        value = None
    elif row.time_basis != "period_median":
        top = bottom = None
    note = "may still change" if figure.status == "provisional" else ""
    sides = tuple(map(_text, (top, bottom, value)))
    return (row.indicator_id, sent.geography_code, kind, *days, *sides, note)


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _csv(rows: Collection[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")
