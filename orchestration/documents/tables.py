"""The CSV files of an edition: one row per indicator, with or without a figure, or per part.

Files are for people with a spreadsheet: UTF-8 with the mark by which it is known as such, one
header row of snake_case names, ISO dates, a fixed number of decimals, and no cell that could be
taken for a formula. A change or gap is written as its size and, in the next column, its direction
(up, down or none). What a file is marked with stands in its name: see `publication.markings`.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from orchestration.editions import words
from orchestration.editions.figures import (
    HIDDEN,
    Comparison,
    Direction,
    Earlier,
    Edition,
    Figure,
    Improvement,
    Indicator,
    Part,
    Restatement,
)
from orchestration.editions.said import Said, SaidPart, said_of
from orchestration.publication.markings import OFFICIAL_FIGURES

DASHBOARDS = range(1, 9)


def csv_files(
    edition: Edition, excluded: Mapping[str, int], notes: Mapping[str, str]
) -> dict[str, bytes]:
    """`all_indicators.csv` and `dashboard_1.csv` … `dashboard_8.csv`, by name without its marks.

    And `breakdowns.csv`, where a figure has parts, `areas_for_improvement.csv`, where there are
    any, and `restatements.csv`, where figures that had been shown have changed. `excluded` are the
    rows that were set aside from the files behind an indicator, by its id; `notes` say where a
    newer file was refused.
    """
    files = {"all_indicators.csv": edition.rows}
    files |= {f"dashboard_{n}.csv": edition.dashboards.get(n, ()) for n in DASHBOARDS}
    told = said_of(edition)
    cells = {
        row.indicator_id: _cells(edition, row, told[row.indicator_id], excluded, notes)
        for row in edition.rows
    }
    head = cells[edition.rows[0].indicator_id]
    written = {
        name: csv_of([cells[row.indicator_id] for row in rows], head)
        for name, rows in files.items()
    }
    parts = [
        _part(edition, row, part, said)
        for row in edition.rows
        for part, said in zip(row.parts, told[row.indicator_id].parts, strict=True)
    ]
    rows = {row.indicator_id: row for row in edition.rows}
    restated = [_restated(edition, rows[each.indicator_id], each) for each in edition.restatements]
    written |= {"breakdowns.csv": csv_of(parts)} if parts else {}
    areas = [_area(edition, rows[each.indicator_id], each) for each in edition.improvements]
    written |= {"areas_for_improvement.csv": csv_of(areas)} if areas else {}
    written |= {"restatements.csv": csv_of(restated)} if restated else {}
    return written


def safe_cell(text: str) -> str:
    """`text` on one line, with an apostrophe before what a spreadsheet would take for a formula."""
    flat = " ".join(text.split())
    return "'" + flat if flat.startswith(_FORMULA_STARTS) else flat


_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The four signs and their full-width forms, which some spreadsheets treat alike."""


def csv_of(rows: Sequence[Mapping[str, str]], head: Iterable[str] = ()) -> bytes:
    """Rows as a CSV file for people; `head` names the columns where there may be no row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head or rows[0])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row.values()])
    return text.getvalue().encode("utf-8-sig")


def about(edition: Edition, row: Indicator) -> dict[str, str]:
    """Whose and which indicator a row is about, and as at when."""
    return {
        "geography_code": edition.geography_code,
        "geography_name": edition.geography_name,
        "as_at": edition.as_at.isoformat(),
        "dashboard_no": str(row.dashboard_no),
        "dashboard": row.dashboard,
        "indicator_id": row.indicator_id,
        "indicator_name": row.name,
    }


def _part(edition: Edition, row: Indicator, part: Part, told: SaidPart) -> dict[str, str]:
    return {
        **about(edition, row),
        "unit": row.unit,
        "breakdown": part.breakdown,
        "breakdown_in_words": told.split_by,
        "part": part.name,
        "part_in_words": told.name,
        **figure_cells("", part.figure, row),
    }


def _area(edition: Edition, row: Indicator, told: Improvement) -> dict[str, str]:
    def yes_or_no(fact: bool) -> str:
        return "yes" if fact else "no"

    return {
        **about(edition, row),
        "area_rank": str(told.rank),
        "area": told.area,
        "unit": row.unit,
        **figure_cells("", row.headline, row),
        "target": _plain(row.target),
        "is_below_target": yes_or_no(told.is_below_target),
        "is_worse_than_last_year": yes_or_no(told.is_worse_than_last_year),
        "last_year_start": _date(told.last_year_start),
        "last_year_value": _rounded(told.last_year, row),
        "is_worse_than_benchmarks": yes_or_no(told.is_worse_than_benchmarks),
        "is_recalled": yes_or_no(told.is_recalled),
        "is_added": yes_or_no(told.is_added),
        "decision_reason": told.reason or "",
        "in_words": words.improvement(told, row),
        "official_figures": OFFICIAL_FIGURES if _is_compared(row) else "",
    }


def _restated(edition: Edition, row: Indicator, restated: Restatement) -> dict[str, str]:
    then, now = restated.published, restated.current
    return {
        **about(edition, row),
        "unit": row.unit,
        "period_type": now.period_type,
        "period_start": _date(now.period_start),
        "period_end": _date(now.period_end),
        "period_in_words": words.period(now),
        "published_numerator": _plain(then.numerator),
        "published_denominator": _plain(then.denominator),
        "published_value": _rounded(then.value, row),
        "current_numerator": _plain(now.numerator),
        "current_denominator": _plain(now.denominator),
        "current_value": _rounded(now.value, row),
        **_sized("difference", restated.difference, row),
        "cause": restated.cause,
        "cause_in_words": words.cause(restated),
    }


def _cells(
    edition: Edition,
    row: Indicator,
    told: Said,
    excluded: Mapping[str, int],
    notes: Mapping[str, str],
) -> dict[str, str]:
    return {
        **about(edition, row),
        "tier": row.tier,
        "unit": row.unit,
        "polarity": row.polarity,
        "frequency": row.frequency,
        **figure_cells("", row.headline, row),
        "status": row.status,
        "period_in_words": told.headline.period if told.headline else "",
        "status_in_words": told.status,
        "is_last_reported": "yes" if row.is_last_reported else "no",
        "origin": row.origin or "",
        "source_note": row.source_note or "",
        "rows_excluded": str(excluded.get(row.indicator_id, "")),
        "data_note": notes.get(row.indicator_id, ""),
        "target": _plain(row.target),
        "target_kind": row.target_kind or "",
        "tolerance": _plain(row.tolerance),
        "rag": row.rag or "",
        "rag_in_words": told.verdict,
        "interval_lower": _to_two_places(row.interval_lower),
        "interval_upper": _to_two_places(row.interval_upper),
        "target_certainty": row.target_certainty or "",
        "certainty_in_words": told.certainty,
        "cases_to_target": "" if row.cases_to_target is None else str(row.cases_to_target),
        **_comparison("england", row.england, row),
        **_comparison("neighbours", row.neighbours, row),
        "neighbours_present": "" if row.neighbours_present is None else str(row.neighbours_present),
        "neighbours_left_out": row.neighbours_left_out or "",
        "region_name": row.region.name,
        **_comparison("region", row.region, row),
        "benchmark_reason": row.benchmark_reason or "",
        "official_figures": OFFICIAL_FIGURES if _is_compared(row) else "",
        "compared_part_in_words": told.compared_part,
        **_earlier("previous", row.previous, row),
        "previous_in_words": told.previous.since,
        **_earlier("year_ago", row.year_ago, row),
        "year_ago_in_words": told.year_ago.since,
        **_direction("year_on_year", row.year_on_year, told.year_on_year),
        **_direction("latest_quarter", row.latest_quarter, told.latest_quarter),
        **_latest_signal(row, told.signal),
        **figure_cells("month_", row.month, row),
        **figure_cells("quarter_", row.quarter, row),
        **figure_cells("year_to_date_", row.year_to_date, row),
        **figure_cells("year_", row.year, row),
    }


def figure_cells(prefix: str, figure: Figure | None, row: Indicator) -> dict[str, str]:
    """Period, numbers, value and status of a figure; `[c]` for what is hidden."""
    if figure is not None and figure.status == HIDDEN:
        sides = dict.fromkeys(("numerator", "denominator", "value"), words.NOT_SHOWN)
        known = figure_cells(prefix, replace(figure, status="ok"), row)
        return (
            known
            | {f"{prefix}{side}": text for side, text in sides.items()}
            | {f"{prefix}status": HIDDEN}
        )
    return {
        f"{prefix}period_type": figure.period_type if figure else "",
        f"{prefix}period_start": _date(figure.period_start if figure else None),
        f"{prefix}period_end": _date(figure.period_end if figure else None),
        f"{prefix}numerator": _plain(figure.numerator if figure else None),
        f"{prefix}denominator": _plain(figure.denominator if figure else None),
        f"{prefix}value": _rounded(figure.value if figure else None, row),
        f"{prefix}status": figure.status if figure else "",
    }


def _is_compared(row: Indicator) -> bool:
    return any(each.value is not None for each in (row.england, row.neighbours, row.region))


def _comparison(prefix: str, comparison: Comparison, row: Indicator) -> dict[str, str]:
    return {
        f"{prefix}_value": _rounded(comparison.value, row),
        f"{prefix}_period": comparison.period or "",
        **_sized(f"{prefix}_gap", comparison.gap, row),
        f"{prefix}_verdict": comparison.verdict or "",
    }


def _earlier(prefix: str, earlier: Earlier, row: Indicator) -> dict[str, str]:
    change = None if row.is_last_reported else earlier.change
    was_hidden = earlier.figure is not None and earlier.figure.status == HIDDEN
    return {
        f"{prefix}_value": words.NOT_SHOWN if was_hidden else _rounded(earlier.value, row),
        **_sized(f"{prefix}_change", change, row),
    }


def _direction(prefix: str, told: Direction | None, said: str) -> dict[str, str]:
    return {
        prefix: told.verdict if told else "",
        f"{prefix}_value": _to_one_place(told.value if told else None),
        f"{prefix}_before": _to_one_place(told.before if told else None),
        f"{prefix}_through": _date(told.through if told else None),
        f"{prefix}_in_words": said,
    }


def _latest_signal(row: Indicator, said: str) -> dict[str, str]:
    latest = max(row.trend.signals, default=None)
    told = row.trend.signals[latest] if latest else None
    lower, upper = words.bounds(told, row) if told else (None, None)
    return {
        "usual_from": _rounded(lower, row),
        "usual_to": _rounded(upper, row),
        "signal": told.point_type if told else "",
        "signal_month_end": _date(latest),
        "signal_in_words": said,
        "no_limits_reason": row.trend.limits_reason or "",
    }


def _sized(name: str, difference: Decimal | None, row: Indicator) -> dict[str, str]:
    """The size and the direction of a difference, so that no cell begins with a minus sign."""
    if difference is None:
        return {name: "", f"{name}_direction": ""}
    direction = "none" if not difference else "up" if difference > 0 else "down"
    return {name: _rounded(abs(difference), row), f"{name}_direction": direction}


def _rounded(value: Decimal | None, row: Indicator) -> str:
    return "" if value is None else f"{words.rounded(value, row.decimals):f}"


def _to_one_place(value: Decimal | None) -> str:
    return "" if value is None else f"{words.rounded(value, 1):f}"


def _to_two_places(value: Decimal | None) -> str:
    return "" if value is None else f"{words.rounded(value, 2):f}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _date(day: date | None) -> str:
    return "" if day is None else day.isoformat()
