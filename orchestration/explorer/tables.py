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
# column -> (where the star describes it, its rows)
_ABOUT = {
    "dashboard": ("dim_indicator.dashboard", "dashboard"),
    "indicator": ("dim_indicator.indicator_name", "indicator_name"),
    "area": ("dim_geography.geography_name", "geography_name"),
}
_MEASURED = {
    "target": ("kpi_figures.target", "target::double"),
    "against_target": ("kpi_figures.rag", "rag"),
    "england": ("kpi_figures.england_value", "printed(england_value, decimals)"),
    "region": ("kpi_figures.region_value", "printed(region_value, decimals)"),
    "neighbours": ("kpi_figures.neighbours_value", "printed(neighbours_value, decimals)"),
}
_JOINED = " join temp.main.dim_indicator using (indicator_id)"


@dataclass(frozen=True)
class Shown:
    """A table of the explorer: what people call it, its columns, and where its rows come from."""

    title: str
    columns: Mapping[str, tuple[str, str]]
    rows: str
    facets: tuple[str, ...]


TABLES = {
    "figures": Shown(
        "Every figure, by month, quarter and year",
        {
            **_ABOUT,
            "period_type": ("dim_period.period_type", "replace(period_type, '_', ' ')"),
            "period": ("dim_period.period_label", "period_label"),
            "ends": ("dim_period.period_end", "period_end::varchar"),
            "split_by": ("dim_part.breakdown_label", "breakdown_label"),
            "part": ("dim_part.part_label", "part_label"),
            "value": ("kpi_figures.value", "printed(value, decimals)"),
            "unit": ("dim_indicator.unit", "unit"),
            "number": ("kpi_figures.numerator", "numerator::double"),
            "out_of": ("kpi_figures.denominator", "denominator::double"),
            **_MEASURED,
            "change": ("kpi_figures.previous_change", "previous_change::double"),
            "change_on_year": ("kpi_figures.year_ago_change", "year_ago_change::double"),
            "status": ("kpi_figures.status", "status"),
            "why": ("kpi_figures.status_reason", "status_reason"),
        },
        f"temp.main.kpi_figures{_JOINED} join temp.main.dim_geography using (geography_code)"
        " join temp.main.dim_period using (period_id) join temp.main.dim_part using (part_id)"
        " order by catalogue_order, geography_name, period_type, period_end, part_id",
        ("dashboard", "indicator", "area", "period_type", "split_by", "part", "against_target"),
    ),
    "now": Shown(
        "Where each indicator stands now",
        {
            **_ABOUT,
            "as_at": ("kpi_dashboard.as_at", "as_at::varchar"),
            "period": ("dim_period.period_label", "period_label"),
            "value": ("kpi_dashboard.headline_value", "printed(headline_value, decimals)"),
            "unit": ("dim_indicator.unit", "unit"),
            **_MEASURED,
            "change": (
                "kpi_dashboard.headline_previous_change",
                "headline_previous_change::double",
            ),
            "change_on_year": (
                "kpi_dashboard.headline_year_ago_change",
                "headline_year_ago_change::double",
            ),
            "status": ("kpi_dashboard.headline_status", "headline_status"),
            "why": ("kpi_dashboard.headline_status_reason", "headline_status_reason"),
        },
        "(select * from temp.main.kpi_dashboard where is_newest) left join temp.main.dim_period"
        " on period_type = headline_period_type and period_start = headline_period_start"
        " and period_end = headline_period_end order by geography_name, catalogue_order",
        ("area", "dashboard", "against_target", "status"),
    ),
    "indicators": Shown(
        "What the indicators count",
        {
            "dashboard": _ABOUT["dashboard"],
            "indicator": _ABOUT["indicator"],
            "number": ("dim_indicator.numerator_text", "numerator_text"),
            "out_of": ("dim_indicator.denominator_text", "denominator_text"),
            "better": ("dim_indicator.polarity", "polarity"),
            "why_it_matters": ("dim_indicator.note", "note"),
            "compared_with_nobody": (
                "dim_indicator.benchmark_none_reason",
                "benchmark_none_reason",
            ),
        },
        "temp.main.dim_indicator order by catalogue_order",
        ("dashboard",),
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
            chosen = ", ".join(f"{rows} as {column}" for column, (_, rows) in table.columns.items())
            rows = mart.execute(f"select {chosen} from {table.rows}").fetchall()
            database.execute(f"create table {name} ({', '.join(table.columns)})")
            places = ", ".join("?" * len(table.columns))
            database.executemany(
                f"insert into {name} values ({places})",
                ([_whole(each) for each in row] for row in rows),
            )
            described[name] = {
                "title": table.title,
                "columns": {column: said[place] for column, (place, _) in table.columns.items()},
                "facets": list(table.facets),
            }
        database.execute("create index one_line on figures (indicator, area, period_type, part)")
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


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
