"""The star of Parquet files, read as people read it: with pandas, pyarrow and DuckDB."""

import csv
from itertools import pairwise
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from orchestration.publication.manifest import read_manifest, verify
from orchestration.settings import settings

FACTS = ("kpi_benchmarks", "kpi_dashboard", "kpi_figures", "kpi_standings", "kpi_trends")


@pytest.fixture
def folder(whole_job: dg.ExecuteInProcessResult) -> Path:
    assert whole_job.success
    return settings.star


def dictionary(folder: Path) -> list[dict[str, str]]:
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_star_is_whole_and_marked(folder: Path) -> None:
    assert verify(folder) == []
    manifest = read_manifest(folder)
    assert manifest and manifest.synthetic
    assert "Officers only" in (folder / "manifest.json").read_text(encoding="utf-8")


def test_every_column_of_every_file_is_in_the_dictionary(folder: Path) -> None:
    columns = [(file.stem, name) for file in folder.glob("*.parquet") for name in names(file)]
    told = {(each["table"], each["name"]): each["description"] for each in dictionary(folder)}
    assert sorted(told) == sorted(columns)
    assert all(told.values())


def names(file: Path) -> list[str]:
    return pq.read_schema(file).names


def test_every_key_of_a_fact_is_in_its_table_once(folder: Path) -> None:
    joined = [each for each in dictionary(folder) if each["refers_to"]]
    assert {each["table"] for each in joined} == set(FACTS)
    assert {each["refers_to"] for each in joined if each["table"] == "kpi_figures"} == {
        "dim_geography",
        "dim_indicator",
        "dim_part",
        "dim_period",
    }
    for each in joined:
        one, many = (
            pd.read_parquet(folder / f"{name}.parquet", columns=[each["name"]])[each["name"]]
            for name in (each["refers_to"], each["table"])
        )
        assert one.is_unique and one.notna().all(), each
        assert set(many) <= set(one), each


def test_a_figure_of_the_star_is_the_marts_figure(folder: Path) -> None:
    query = """
        select i.indicator_name, p.period_label, t.part_label, f.value
        from '{0}/kpi_figures.parquet' as f
        join '{0}/dim_indicator.parquet' as i using (indicator_id)
        join '{0}/dim_geography.parquet' as g using (geography_code)
        join '{0}/dim_period.parquet' as p using (period_id)
        join '{0}/dim_part.parquet' as t using (part_id)
        where geography_name = 'Darlington' and i.indicator_id = 'cp_visits_within_10wd_pct'
            and p.period_type = 'quarter' and f.value is not null
        order by p.period_end
    """
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as mart:
        rows = mart.sql(query.format(folder)).fetchall()
        marts = mart.sql(
            "select value from marts.kpi_quarterly where geography_code = 'E06000005' and"
            " indicator_id = 'cp_visits_within_10wd_pct' and period_type = 'quarter'"
            " and value is not null order by period_end"
        ).fetchall()
        assert rows and [(value,) for *_, value in rows] == marts
        assert {part for _, _, part, _ in rows} == {"total"}
        sizes = [
            mart.sql(f"select count(*) from {place}").fetchall()
            for place in (
                f"'{folder}/kpi_figures.parquet'",
                "(select 1 from marts.kpi_monthly union all select 1 from marts.kpi_quarterly"
                " union all select 1 from marts.kpi_yearly)",
            )
        ]
    assert all(one == other for one, other in pairwise(sizes))
