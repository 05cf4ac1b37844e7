"""A second, independent reckoning of the sixty-one indicators, to check the warehouse against."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from . import (
    dashboard_1,
    dashboard_2,
    dashboard_3,
    dashboard_4,
    dashboard_5,
    dashboard_6,
    dashboard_7,
    dashboard_8,
)
from .cohorts import World
from .periods import TOTAL, Timeframe, figures_of
from .rows import day

__all__ = ["INDICATORS", "breakdown_figures", "figures"]

INDICATORS = (
    *dashboard_1.INDICATORS,
    *dashboard_2.INDICATORS,
    *dashboard_3.INDICATORS,
    *dashboard_4.INDICATORS,
    *dashboard_5.INDICATORS,
    *dashboard_6.INDICATORS,
    *dashboard_7.INDICATORS,
    *dashboard_8.INDICATORS,
)
COLUMNS = (
    "indicator_id",
    "period_type",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "value",
    "month_end_mean",
)
BREAKDOWN_COLUMNS = (*COLUMNS, "breakdown", "breakdown_value")
NUMBERS = ("numerator", "denominator", "value", "month_end_mean")


def figures(
    tables: Mapping[str, pd.DataFrame],
    as_at: date,
    geography_code: str,
    old_la_code: str,
    timeframe_years: Timeframe = None,
    earlier_deliveries: Mapping[date, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """The total of every indicator in every closed period, one row per indicator and period.

    `tables`: extract name to its rows; a missing name was not delivered. `as_at`: last day the
    delivery covers. `geography_code` is the GSS code and only names whose figures these are; the
    extracts' own codes are compared with `old_la_code` [G19]. `timeframe_years`: how far back the
    delivery goes, for all extracts or by extract name [G14]. `earlier_deliveries`: the care-leaver
    extract of earlier deliveries by their as-at day [G20].

    Period types: month, quarter, year_to_date, financial_year, academic_year, rolling_12m. Period
    bounds are dates; percentages run 0 to 100; empty figures are NaN; `month_end_mean` is filled
    for the financial years of month-end indicators.
    """
    world = World(tables, _date(as_at), old_la_code, earlier_deliveries)
    rows = (row for row in _all(world, timeframe_years) if _part(row) == TOTAL)
    return _frame(rows, COLUMNS)


def breakdown_figures(
    tables: Mapping[str, pd.DataFrame],
    as_at: date,
    geography_code: str,
    old_la_code: str,
    timeframe_years: Timeframe = None,
    earlier_deliveries: Mapping[date, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """The same figures by breakdown, one row per indicator, period, breakdown and value.

    A value nothing falls under has no row. Most breakdowns split the rows, so each has its own
    denominator; neet_reason, unsuitable_type and worker_change_reason split the numerator and keep
    the denominator of the whole; the delay reasons of assessments are shares of the late ones.
    `month_end_mean` stays empty.
    """
    world = World(tables, _date(as_at), old_la_code, earlier_deliveries)
    rows = (row for row in _all(world, timeframe_years) if _part(row) != TOTAL)
    return _frame(rows, BREAKDOWN_COLUMNS)


def _all(world: World, timeframe: Timeframe) -> Iterator[dict[str, Any]]:
    for indicator in INDICATORS:
        yield from figures_of(indicator, world, timeframe)


def _part(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["breakdown"], row["breakdown_value"]


def _frame(rows: Iterator[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype(dict.fromkeys(NUMBERS, "float64"))


def _date(as_at: date) -> date:
    cut = day(as_at)
    if cut is None:
        raise ValueError("as_at is empty")
    return cut
