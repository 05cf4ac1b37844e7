"""Parquet files of accepted and of quarantined rows, each replaced whole or not at all."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract.extracts import Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.rows.cells import COLUMN_TYPES
from orchestration.files import put_in_place

DEFAULT_MEMORY = "1000MB"
_SHA256 = "delivery_sha256"


def connect(scratch: Path, memory: str = DEFAULT_MEMORY) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB: one thread (so rows keep their order), no downloads, spills to
    `scratch` what is more than `memory` (as 400MB)."""
    return duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": memory,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def archive_columns(extract: Extract) -> dict[str, str]:
    """Column name -> DuckDB type of `raw/<extract>/<month>.parquet`.

    `delivery_month` is the last day of the delivery's month; `line_no` the line in its file, null
    for a row that stands in from the delivery accepted before.
    """
    columns = {column.name: COLUMN_TYPES[column.type] for column in extract.stored_columns}
    return {**columns, "delivery_month": "date", "line_no": "bigint"}


def ensure_empty(extracts: Extract | Iterable[Extract], paths: Paths) -> None:
    """Write the typed parquet without rows that lets `<extract>/*.parquet` always be read."""
    wanted = {}
    for extract in [extracts] if isinstance(extracts, Extract) else extracts:
        target = paths.empty_file(extract.name)
        columns = ", ".join(
            f'cast(null as {kind}) as "{name}"' for name, kind in archive_columns(extract).items()
        )
        # Its stamp stands for the columns, so that the file is written anew when they change.
        stamp = hashlib.sha256(columns.encode()).hexdigest()
        if not target.exists() or stamp.encode() not in target.read_bytes():
            wanted[target] = (f"select {columns} limit 0", stamp)
    if wanted:
        with duckdb.connect(":memory:") as connection:
            for target, (query, stamp) in wanted.items():
                target.parent.mkdir(parents=True, exist_ok=True)
                write_parquet(connection, query, target, stamp)


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    sha256: str,
) -> None:
    """Put the rows of `query` at `target`, for its owner alone, with the SHA-256 of the delivery
    that they come from."""
    with put_in_place(target, forbidden=0o077) as temporary:
        literal = str(temporary).replace("'", "''")
        options = f"format parquet, compression zstd, kv_metadata {{{_SHA256}: '{sha256}'}}"
        connection.execute(f"copy ({query}) to '{literal}' ({options})")


def delivered_sha256(connection: duckdb.DuckDBPyConnection, file: Path) -> str | None:
    """The SHA-256 of the delivery whose rows are in `file`; None where no such file can be read."""
    if not file.exists():
        return None
    try:
        row = connection.execute(
            "select decode(value) from parquet_kv_metadata($file) where decode(key) = $key",
            {"file": readable(file), "key": _SHA256},
        ).fetchone()
    except duckdb.Error:
        return None
    return row[0] if row else None


def readable(path: Path) -> str:
    """`path` for DuckDB's readers, which take * ? [ in a name for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def rows_of(*files: Path) -> str:
    """SQL for the rows of Parquet files that may have been written by different contracts."""
    listed = ", ".join("'" + readable(file).replace("'", "''") + "'" for file in files)
    return f"select * from read_parquet([{listed}], union_by_name = true)"


def one_row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> tuple[Any, ...]:
    """The single row that `query` gives; for an insert, the number of rows."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row
