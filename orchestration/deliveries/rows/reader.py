"""The strict read of a file that passed the gate: DuckDB, an explicit dialect, text only."""

from pathlib import Path

import duckdb
import numpy as np

from orchestration.contract.extracts import Extract
from orchestration.deliveries.gate.gate import Gate
from orchestration.deliveries.rows.archive import readable
from orchestration.deliveries.rows.cells import sql_names, trimmed


def read_strictly(connection: duckdb.DuckDBPyConnection, gate: Gate, folder: Path) -> bool:
    """Make the table `delivered`: line_no and the contract's columns as text, empty as null.

    False where DuckDB does not find the rows that the gate found. `folder` takes a working copy.
    Raises `duckdb.Error` for what is no fault of the file; its text must not be shown.
    """
    # A name of our own: DuckDB takes * ? [ in a file's name for a pattern.
    copy = folder / "delivered.csv"
    copy.write_bytes(gate.content)
    columns = {name or f"dropped_{place}": "VARCHAR" for place, name in enumerate(gate.columns)}
    names = sql_names(name for name in gate.columns if name)
    try:
        connection.execute(
            f"""
            create or replace table rows_read as
            select row_number() over () as row_no, {names}
            from read_csv(
                $file, columns = {columns}, header = true, auto_detect = false,
                delim = ',', quote = '"', escape = '"', nullstr = '', strict_mode = true,
                null_padding = false, ignore_errors = false, parallel = false
            )
            """,
            {"file": readable(copy)},
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    # results are fetched to their ends: one that is not lets nothing be registered
    if connection.execute("select count(*) from rows_read").fetchall() != [(len(gate.lines),)]:
        return False
    # not as a parameter, which would be an object for each line
    connection.register("starts", {"line_no": np.asarray(gate.lines, dtype=np.uint32)})
    connection.execute(
        f"""
        create or replace table delivered as
        with lines as (
            select cast(line_no as bigint) as line_no, row_number() over () as row_no from starts
        )
        select line_no, {names} from rows_read join lines using (row_no)
        """
    ).fetchall()
    connection.unregister("starts")
    return True


def read_minus_one_as_yes(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Write Y for -1 in columns of `delivered` that hold nothing but -1 and 0: so some databases
    write yes and no. Elsewhere -1 stands for nothing."""
    for column in extract.columns:
        if column.type != "flag":
            continue
        cell = trimmed(column)
        [(is_so,)] = connection.execute(
            f"""
            select coalesce(bool_and({cell} in ('-1', '0')) and count(distinct {cell}) = 2, false)
            from delivered where {cell} is not null
            """
        ).fetchall()
        if is_so:
            connection.execute(f"update delivered set \"{column.name}\" = 'Y' where {cell} = '-1'")
