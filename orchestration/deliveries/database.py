"""Extracts out of a SQL database, into the drop folder: from there they are checked in as any file.

A table or view that bears an extract's name is read as it is; `seeds/source_queries/<extract>.sql`
takes its place where there is one. Only columns of the contract are asked for.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.deliveries.case_systems import ALIASES
from orchestration.deliveries.contract import MANIFEST, Extract
from orchestration.deliveries.layout import make_private
from orchestration.deliveries.loading import month_end
from orchestration.deliveries.messages import finding

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROWS_AT_A_TIME = 10_000


class SourceError(RuntimeError):
    """The database cannot be read; the message has the usual form and names no address."""


@dataclass(frozen=True)
class Pulled:
    """An extract and the number of its rows."""

    extract: str
    rows: int


def pull(
    url: str,
    schema: str | None,
    queries: Path,
    month: str,
    incoming: Path,
    extracts: Iterable[Extract],
    now: datetime,
    progress: Callable[[str], None],
) -> list[Pulled]:
    """Write `incoming/<month>/<extract>.csv` of every extract that the database has, and the
    manifest of them all; files of the month that are there already are replaced.

    All of them or none: what is half pulled is not delivered. `url` is SQLAlchemy's, `queries` the
    folder of queries; `progress` is told names and numbers of rows. Raises `SourceError`,
    `OSError`.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    place = [f"{month}/(the database)"]
    waiting = incoming / f".{month}.pulling"
    shutil.rmtree(waiting, ignore_errors=True)
    try:
        make_private(waiting)
        engine = create_engine(url, hide_parameters=True)
        with engine.connect() as connection:
            pulled = list(
                _pull_each(connection, schema, queries, month, waiting, extracts, place, progress)
            )
        _write_manifest(waiting, engine.dialect.name, month, pulled, now)
        engine.dispose()
        (incoming / month).mkdir(parents=True, exist_ok=True)
        for each in (*(f"{one.extract}.csv" for one in pulled), MANIFEST.file_name):
            (waiting / each).replace(incoming / month / each)
        return pulled
    # A driver that is not installed is an ImportError; a malformed address a ValueError.
    except (SQLAlchemyError, ImportError, ValueError) as error:
        kind = type(error).__name__
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    # Raised outside the handler: a driver's own error can quote rows, address and password.
    what = f"{finding('SOURCE-UNREADABLE').what}: {kind}"
    meanwhile = "nothing of this pull is delivered; what is published stays"
    raise SourceError(
        str(finding("SOURCE-UNREADABLE", what=what).placed("".join(place), meanwhile))
    )


def _pull_each(
    connection: "Connection",
    schema: str | None,
    queries: Path,
    month: str,
    folder: Path,
    extracts: Iterable[Extract],
    place: list[str],
    progress: Callable[[str], None],
) -> Iterator[Pulled]:
    from sqlalchemy import column, inspect, select, table, text

    inspector = inspect(connection)
    there = {
        name.casefold(): name
        for name in (*inspector.get_table_names(schema), *inspector.get_view_names(schema))
    }
    for extract in extracts:
        place[:] = [f"{month}/{extract.file_name}"]
        query = queries / f"{extract.name}.sql"
        if extract == MANIFEST or (extract.name not in there and not query.exists()):
            continue
        if query.exists():
            statement: Any = text(query.read_text(encoding="utf-8"))
        else:
            name = there[extract.name]
            known = [each["name"] for each in inspector.get_columns(name, schema)]
            wanted = [each for each in known if each.casefold() in _asked_for(extract)]
            statement = select(*map(column, wanted)).select_from(table(name, schema=schema))
        options = {"stream_results": True, "max_row_buffer": ROWS_AT_A_TIME}
        with connection.execution_options(**options).execute(statement) as result:
            columns = [name.casefold() for name in result.keys()]  # noqa: SIM118
            # a query may give more: what is outside the contract is not written anywhere
            places = [n for n, name in enumerate(columns) if name in _asked_for(extract)]
            rows = _write(
                folder / extract.file_name,
                [columns[n] for n in places],
                ([cell(row[n]) for n in places] for part in result.partitions() for row in part),
            )
        progress(f"{month} {extract.name}: {rows} rows pulled")
        yield Pulled(extract.name, rows)


def _asked_for(extract: Extract) -> set[str]:
    return {*extract.column_names, *ALIASES.get(extract.name, ())}


def cell(value: Any) -> str:
    """A value of the database as check-in reads it: ISO dates, Y or N, plain digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _write(file: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with _private(file) as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_manifest(
    folder: Path, system: str, month: str, pulled: Iterable[Pulled], now: datetime
) -> None:
    rows = []
    for each in pulled:
        with (folder / f"{each.extract}.csv").open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        covers = month_end(month).isoformat()
        said = (each.extract, now.isoformat(), covers, system, "", "", str(each.rows), digest)
        rows.append(said)
    _write(folder / MANIFEST.file_name, MANIFEST.column_names, rows)


@contextmanager
def _private(file: Path) -> Iterator[Any]:
    """A new text file for its owner alone."""
    file.touch(mode=0o600)
    with file.open("w", encoding="utf-8", newline="") as opened:
        yield opened
