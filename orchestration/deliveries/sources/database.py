"""Extracts out of a SQL database, into the drop folder: from there they are checked in as any file.

A table or view that bears an extract's name is read as it is; `seeds/source_queries/<extract>.sql`
takes its place where there is one. Only columns of the contract are asked for.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.contract.case_systems import ALIASES, STAND_INS
from orchestration.contract.extracts import EXTRACTS, MANIFEST, Extract
from orchestration.deliveries.messages import finding
from orchestration.files import make_private
from orchestration.reference.calendar import month_end

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
    data_from: str,
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
    folder of queries; `data_from` says from which day extracts are complete, as `days_complete`
    reads it; `progress` is told names and numbers of rows. Raises `SourceError`, `OSError`.
    """
    complete = days_complete(data_from, now.date())
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
        _write_manifest(waiting, engine.dialect.name, month, pulled, now, complete)
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
    others = (*ALIASES.get(extract.name, ()), *STAND_INS.get(extract.name, ()))
    return {*extract.column_names, *others}


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


def days_complete(setting: str, today: date) -> dict[str, date]:
    """Extract -> day from which it is complete; under "" that of all which are not named.

    `setting` is a day (2020-04-01) or a number of years back from `today`, as the sources' own
    scripts count (6y), for every extract, or with extract= before it for one; commas between. An
    empty one says nothing. Raises `SourceError`.
    """
    found = {}
    for part in filter(None, (each.strip() for each in setting.split(","))):
        extract, _, said = part.rpartition("=")
        years, unit = said.strip()[:-1], said.strip()[-1:]
        try:
            is_years = unit == "y" and years.isdecimal()
            day = _years_before(today, int(years)) if is_years else date.fromisoformat(said.strip())
        except ValueError:
            day = None
        if day is None or extract.strip() not in {"", *EXTRACTS}:
            meanwhile = "nothing is pulled; what is published stays"
            raise SourceError(str(finding("SOURCE-WINDOW").placed("(the settings)", meanwhile)))
        found[extract.strip()] = day
    return found


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February; a day too late does no harm
        return date(day.year - years, 3, 1)


def _write_manifest(
    folder: Path,
    system: str,
    month: str,
    pulled: Iterable[Pulled],
    now: datetime,
    complete: Mapping[str, date],
) -> None:
    rows = []
    for each in pulled:
        with (folder / f"{each.extract}.csv").open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        covers = month_end(month).isoformat()
        day = complete.get(each.extract, complete.get(""))
        data_from = day.isoformat() if day else ""
        said = (each.extract, now.isoformat(), covers, system, "", "", data_from)
        rows.append((*said, str(each.rows), digest))
    _write(folder / MANIFEST.file_name, MANIFEST.column_names, rows)


@contextmanager
def _private(file: Path) -> Iterator[Any]:
    """A new text file for its owner alone."""
    file.touch(mode=0o600)
    with file.open("w", encoding="utf-8", newline="") as opened:
        yield opened
