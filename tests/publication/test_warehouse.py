"""The analysts' copy of the mart."""

from pathlib import Path

import duckdb
import pytest

from orchestration.publication.errors import MartEmpty
from orchestration.publication.warehouse import publish_warehouse


def test_the_copy_holds_the_tables_of_the_marts_and_nothing_else(
    build: Path, tmp_path: Path
) -> None:
    workshop, published = tmp_path / "build.duckdb", tmp_path / "out" / "published.duckdb"
    workshop.write_bytes(build.read_bytes())
    with duckdb.connect(str(workshop)) as connection:
        connection.execute("create schema staging; create table staging.stg_x as select 1 as x")
        connection.execute("create view marts.a_view as select 1 as x")
    before = workshop.read_bytes()
    publish_warehouse(workshop, published)
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by 1"
        ).fetchall()
        copied = connection.execute("select * from marts.kpi_dashboard order by all").fetchall()
    with duckdb.connect(str(build), read_only=True) as connection:
        original = connection.execute("select * from marts.kpi_dashboard order by all").fetchall()
    assert [name for (name,) in tables] == [
        "marts.dim_breakdown",
        "marts.dim_geography",
        "marts.dim_indicator",
        "marts.dim_neighbour",
        "marts.dim_part",
        "marts.dim_tie",
        "marts.fct_restatement",
        "marts.kpi_areas_for_improvement",
        "marts.kpi_dashboard",
        "marts.kpi_monthly",
        "marts.kpi_quarterly",
        "marts.kpi_standings",
        "marts.kpi_trends",
        "marts.kpi_yearly",
    ]
    assert copied == original
    assert workshop.read_bytes() == before
    assert sorted(path.name for path in published.parent.iterdir()) == [
        ".publishing.lock",
        "published.duckdb",
    ]


def test_the_copy_carries_what_the_build_says_of_its_tables(build: Path, tmp_path: Path) -> None:
    workshop, published = tmp_path / "build.duckdb", tmp_path / "published.duckdb"
    workshop.write_bytes(build.read_bytes())
    with duckdb.connect(str(workshop)) as connection:
        connection.execute("comment on table marts.kpi_dashboard is 'It''s one row per indicator.'")
        connection.execute("comment on column marts.kpi_dashboard.as_at is 'The council''s month.'")
        connection.execute("create view marts.a_view as select 1 as x")
        connection.execute("comment on column marts.a_view.x is 'left behind'")
    publish_warehouse(workshop, published)
    with duckdb.connect(str(published), read_only=True) as connection:
        told = connection.execute(
            "select comment from duckdb_tables() where table_name = 'kpi_dashboard'"
            " union all select comment from duckdb_columns() where table_name = 'kpi_dashboard'"
            " and column_name = 'as_at'"
        ).fetchall()
    assert told == [("It's one row per indicator.",), ("The council's month.",)]


def test_the_copy_is_in_the_format_that_older_clients_open(build: Path, tmp_path: Path) -> None:
    published = tmp_path / "published.duckdb"
    publish_warehouse(build, published)
    with duckdb.connect(str(published), read_only=True) as connection:
        (tags,) = connection.execute(
            "select tags from duckdb_databases() where database_name = 'published'"
        ).fetchone()
    assert tags["storage_version"].startswith("v1.0.0")


def test_a_build_without_marts_leaves_the_published_file(build: Path, tmp_path: Path) -> None:
    empty, published = tmp_path / "build.duckdb", tmp_path / "published.duckdb"
    duckdb.connect(str(empty)).close()
    publish_warehouse(build, published)
    before = published.read_bytes()
    with pytest.raises(MartEmpty, match="MART-EMPTY"):
        publish_warehouse(empty, published)
    assert published.read_bytes() == before


def test_what_a_killed_run_left_is_not_taken_into_the_new_file(build: Path, tmp_path: Path) -> None:
    published = tmp_path / "published.duckdb"
    (tmp_path / ".published.duckdb.new").write_bytes(b"half a file")
    (tmp_path / ".published.duckdb.new.wal").write_bytes(b"half a log")
    publish_warehouse(build, published)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"published.duckdb", ".publishing.lock"}
