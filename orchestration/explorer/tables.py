"""The star with names in place of keys, as the SQLite file and the metadata of the explorer."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.explorer.star import dictionary, star

DATABASE = "figures"
STATIC = Path(__file__).with_name("static")
_PAGES = Path(__file__).with_name("pages.yml")
# as they are printed: half up, to the indicator's decimals
_PRINTED = """
    create temp macro printed(number, places) as case places
        when 0 then round(number, 0)::double when 1 then round(number, 1)::double
        when 2 then round(number, 2)::double else round(number, 3)::double end
"""
# heading -> (where the star describes it, its rows)
_ABOUT = {
    "Dashboard": ("dim_indicator.dashboard", "dashboard"),
    "Indicator": ("dim_indicator.indicator_name", "indicator_name"),
    "Area": ("dim_geography.geography_name", "geography_name"),
}
_MEASURED = {
    "Target": ("kpi_figures.target", "target::double"),
    "Against target": ("kpi_figures.rag", "rag"),
    "England": ("kpi_figures.england_value", "printed(england_value, decimals)"),
    "Region": ("kpi_figures.region_value", "printed(region_value, decimals)"),
    "Neighbours": ("kpi_figures.neighbours_value", "printed(neighbours_value, decimals)"),
}
_JOINED = " join temp.main.dim_indicator using (indicator_id)"


@dataclass(frozen=True)
class Shown:
    """A table of the explorer: what people call it, its columns, and where its rows come from. A
    column's name is its heading: lists, filters, charts and saved files show nothing else."""

    title: str
    columns: Mapping[str, tuple[str, str]]
    rows: str
    facets: tuple[str, ...]


TABLES = {
    "figures": Shown(
        "Every figure, by month, quarter and year",
        {
            **_ABOUT,
            "Kind of period": ("dim_period.period_type", "replace(period_type, '_', ' ')"),
            "Period": ("dim_period.period_label", "period_label"),
            "Last day": ("dim_period.period_end", "period_end::varchar"),
            "Split by": ("dim_part.breakdown_label", "breakdown_label"),
            "Part": ("dim_part.part_label", "part_label"),
            "Figure": ("kpi_figures.value", "printed(value, decimals)"),
            "Unit": ("dim_indicator.unit", "replace(replace(unit, '_', ' '), '10k', '10,000')"),
            "Number": ("kpi_figures.numerator", "numerator::double"),
            "Out of": ("kpi_figures.denominator", "denominator::double"),
            **_MEASURED,
            "Change": ("kpi_figures.previous_change", "previous_change::double"),
            "Year on year": ("kpi_figures.year_ago_change", "year_ago_change::double"),
            "Status": ("kpi_figures.status", "replace(status, '_', ' ')"),
            "Reason": ("kpi_figures.status_reason", "status_reason"),
        },
        f"temp.main.kpi_figures{_JOINED} join temp.main.dim_geography using (geography_code)"
        " join temp.main.dim_period using (period_id) join temp.main.dim_part using (part_id)"
        " order by catalogue_order, geography_name, period_type, period_end, part_id",
        ("Dashboard", "Indicator", "Area", "Kind of period", "Split by", "Part", "Against target"),
    ),
    "now": Shown(
        "Where each indicator stands now",
        {
            **_ABOUT,
            "As at": ("kpi_dashboard.as_at", "as_at::varchar"),
            "Period": ("dim_period.period_label", "period_label"),
            "Figure": ("kpi_dashboard.headline_value", "printed(headline_value, decimals)"),
            "Unit": ("dim_indicator.unit", "replace(replace(unit, '_', ' '), '10k', '10,000')"),
            **_MEASURED,
            "Change": (
                "kpi_dashboard.headline_previous_change",
                "headline_previous_change::double",
            ),
            "Year on year": (
                "kpi_dashboard.headline_year_ago_change",
                "headline_year_ago_change::double",
            ),
            "Status": ("kpi_dashboard.headline_status", "replace(headline_status, '_', ' ')"),
            "Reason": ("kpi_dashboard.headline_status_reason", "headline_status_reason"),
        },
        "(select * from temp.main.kpi_dashboard where is_newest) left join temp.main.dim_period"
        " on period_type = headline_period_type and period_start = headline_period_start"
        " and period_end = headline_period_end order by geography_name, catalogue_order",
        ("Area", "Dashboard", "Against target", "Status"),
    ),
    "indicators": Shown(
        "What the indicators count",
        {
            "Dashboard": _ABOUT["Dashboard"],
            "Indicator": _ABOUT["Indicator"],
            "Number": ("dim_indicator.numerator_text", "numerator_text"),
            "Out of": ("dim_indicator.denominator_text", "denominator_text"),
            "Better": ("dim_indicator.polarity", "polarity"),
            "Why it matters": ("dim_indicator.note", "note"),
            "Why nothing is compared": (
                "dim_indicator.benchmark_none_reason",
                "benchmark_none_reason",
            ),
        },
        "temp.main.dim_indicator order by catalogue_order",
        ("Dashboard",),
    ),
}


def write_tables(published: Path, file: Path) -> dict[str, Any]:
    """Write the SQLite file; what Datasette is to say of it."""
    described: dict[str, Any] = {}
    with star(published) as mart, closing(sqlite3.connect(file)) as database, database:
        said = {
            f"{each.table}.{each.name}": each.description.replace("unrounded", "as it is printed")
            for each in dictionary(mart)
        }
        mart.execute(_PRINTED)
        for name, table in TABLES.items():
            chosen = ", ".join(
                f"{rows} as {_quoted(column)}" for column, (_, rows) in table.columns.items()
            )
            rows = mart.execute(f"select {chosen} from {table.rows}").fetchall()
            columns = ", ".join(map(_quoted, table.columns))
            # a key of its own: Datasette would head a column `rowid`
            database.execute(f'create table {name} ("Row" integer primary key, {columns})')
            places = ", ".join("?" * len(table.columns))
            database.executemany(
                f"insert into {name} ({columns}) values ({places})",
                ([_whole(each) for each in row] for row in rows),
            )
            described[name] = {
                "title": table.title,
                "columns": {column: said[place] for column, (place, _) in table.columns.items()},
                "facets": list(table.facets),
            }
        database.execute(
            'create index one_line on figures ("Indicator", "Area", "Kind of period", "Part")'
        )
        [(area,)] = database.execute(
            "select area from figures group by area order by count(*) desc, area limit 1"
        ).fetchall()
        [(indicator,)] = database.execute(
            # one of which there is much to see
            "select indicator from now join figures using (area, indicator) where area = ? group by"
            " indicator order by max(now.target is not null and now.england is not null) desc,"
            " count(*) desc, indicator limit 1",
            [area],
        ).fetchall()
    told = yaml.safe_load(_PAGES.read_text(encoding="utf-8"))
    told["databases"][DATABASE]["tables"] = described
    for page in told["plugins"]["datasette-dashboards"].values():
        for name, default in (("area", area), ("indicator", indicator)):
            if name in page["filters"]:
                page["filters"][name]["default"] = default
    return told


def _quoted(column: str) -> str:
    return f'"{column}"'


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
