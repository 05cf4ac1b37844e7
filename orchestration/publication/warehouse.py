"""The analysts' copy of the mart: a DuckDB file with the tables of schema marts, no more."""

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.publication.errors import MartEmpty
from orchestration.publication.publication import replace_file

if TYPE_CHECKING:
    import duckdb

STORAGE_VERSION = "v1.0.0"
"""The oldest file format that is stable: any DuckDB from 1.0 on opens it."""


def publish_warehouse(build: Path, published: Path) -> None:
    """Copy every table of schema `marts` in `build` into a new file, renamed to `published`.

    `build` is only read. Views, and other schemas, are left behind. Raises MartEmpty where there is
    no such table (the old file stays), and what `replace_file` raises.
    """
    replace_file(published, lambda new: _copy_marts(build, new))


def _copy_marts(build: Path, new: Path) -> None:
    import duckdb

    # Left by a killed run, it would be replayed into the new file.
    new.with_name(new.name + ".wal").unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach {_literal(build)} as build (read_only)")
        connection.execute(
            f"attach {_literal(new)} as published (storage_version '{STORAGE_VERSION}')"
        )
        tables = _mart_tables(connection)
        if not tables:
            raise MartEmpty(
                build,
                "no table in schema marts",
                "the marts of a green build",
                "run the job again and see that the models of the mart are built",
            )
        connection.execute("create schema published.marts")
        for table in tables:
            name = '"' + table.replace('"', '""') + '"'
            connection.execute(
                f"create table published.marts.{name} as select * from build.marts.{name}"
            )
        for place, comment in _comments(connection):
            connection.execute(f"comment on {place} is {_quoted(comment)}")
        connection.execute("detach published")


def _comments(connection: "duckdb.DuckDBPyConnection") -> list[tuple[str, str]]:
    """What the build says of each table and column of the marts, as places in `published`."""
    return connection.execute(
        """
        select format('table published.marts."{}"', table_name), comment
        from duckdb_tables()
        where database_name = 'build' and schema_name = 'marts' and comment is not null
        union all
        select format('column published.marts."{}"."{}"', table_name, column_name), comment
        from duckdb_columns()
        where
            database_name = 'build' and schema_name = 'marts' and comment is not null
            and table_name in (select table_name from duckdb_tables() where schema_name = 'marts')
        """
    ).fetchall()


def _mart_tables(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    rows = connection.execute(
        """
        select table_name
        from duckdb_tables()
        where database_name = 'build' and schema_name = 'marts' and not internal
        order by table_name
        """
    ).fetchall()
    return [table for (table,) in rows]


def _literal(path: Path) -> str:
    return _quoted(str(path))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
