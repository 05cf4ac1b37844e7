"""Taking a person out of all that is stored: UK GDPR, article 17.

A row is the person's where a required column, or the column of the child, holds the person's hash,
and where a required key leads to such a row (the reasons for a child's late assessment, say), or
the key does that names the child where the row itself does not. In rows of other people the mention
is emptied: a child's history with a forgotten worker stays.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.contract.extracts import CHILD, EXTRACTS, Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.accepted_rows import sha256_of
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cells import sql_names
from orchestration.deliveries.rows.pseudonym import pseudonym, pseudonym_as_written
from orchestration.files import put_in_place

_HASHES = (pseudonym, pseudonym_as_written)
_Keys = dict[str, set[str]]  # "extract.column" -> values of rows that went


@dataclass(frozen=True)
class Forgotten:
    """How many rows went, from how many files, and how many files as delivered were purged."""

    rows: int
    files: int
    purged: int


def forget(paths: Paths, key: bytes, identifiers: Iterable[str], now: datetime) -> Forgotten:
    """Remove these people from accepted rows, quarantine, originals and the drop folder, and every
    list of cases.

    Accepted files are written anew, with a tombstone in the ledger that says which file became
    which; the hashes go to a restricted list, so that check-in drops later rows. Nothing says who
    it was. Raises `OSError` and `duckdb.Error`, whose text must not be shown.
    """
    identifiers = [each.strip() for each in identifiers if each.strip()]
    hashes = {hashed(key, each) for each in identifiers for hashed in _HASHES}
    _remember(paths, hashes)
    _clear_leftovers(paths)
    written: list[dict[str, object]] = []
    with duckdb.connect(":memory:") as connection:
        gone: _Keys = {f"{extract}.{column}": hashes for extract, column in _subjects()}
        # a row that goes may take others with it, until none is left that leads to one
        while True:
            found = sum(len(each) for each in gone.values())
            for extract, file in _stored(paths.raw):
                _collect(connection, extract, file, gone)
            if sum(len(each) for each in gone.values()) == found:
                break
        for layer in (paths.raw, paths.quarantine):
            for extract, file in _stored(layer):
                written += _rewrite(connection, extract, file, gone, paths)
    purged = [
        file
        for folder in (paths.originals, paths.incoming)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and _holds(file, identifiers)
    ]
    # first what the ledger says, so that forgetting again mends what a kill has left half done
    write_tombstone(paths, written, [sha256_of(file) for file in purged], now)
    for each in written:
        file = paths.raw.parent / str(each["file"])
        _aside(file).replace(file)
    # lists of cases can be made again, without them
    for file in (*purged, *paths.cases.glob("*.csv")):
        file.unlink()
    rows = sum(int(str(each["rows"])) for each in written)
    return Forgotten(rows, len(written), len(purged))


def _subjects() -> Iterator[tuple[str, str]]:
    for extract in EXTRACTS.values():
        for column in extract.columns:
            if column.owns_row:
                yield extract.name, column.name


def _stored(layer: Path) -> Iterator[tuple[Extract, Path]]:
    for extract in EXTRACTS.values():
        for file in sorted((layer / extract.name).glob("[0-9]*.parquet")):
            yield extract, file


def _goes(extract: Extract, names: set[str], gone: Mapping[str, set[str]]) -> str:
    """SQL for whether a row is of somebody forgotten."""
    conditions = []
    leads_to = {each.name: each.refers_to for each in extract.columns}
    for column in extract.columns:
        if column.name in names and not column.kept_as and (column.required or column.owns_row):
            places = (f"{extract.name}.{column.name}", column.refers_to)
            values = set().union(*(gone.get(place, set()) for place in places))
            if values:
                conditions.append(_within(column.name, values))
        if {column.name, column.or_by} <= names and (values := gone.get(leads_to[column.or_by])):
            conditions.append(f'"{column.name}" is null and {_within(column.or_by, values)}')
    return " or ".join(conditions) or "false"


def _within(name: str, values: set[str]) -> str:
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
    return f'coalesce("{name}" in ({listed}), false)'


def _collect(
    connection: duckdb.DuckDBPyConnection, extract: Extract, file: Path, gone: _Keys
) -> None:
    """Add the keys of the rows that go, as far as other extracts refer to them."""
    columns = _columns(connection, file)
    condition = _goes(extract, columns, gone)
    for name in _referred(extract, columns):
        if condition == "false":
            return
        rows = connection.execute(
            f'select distinct "{name}" from read_parquet($file) where ({condition}) and '
            f'"{name}" is not null',
            {"file": archive.readable(file)},
        ).fetchall()
        gone.setdefault(f"{extract.name}.{name}", set()).update(value for (value,) in rows)


def _referred(extract: Extract, columns: set[str]) -> list[str]:
    named = {
        column.refers_to
        for each in EXTRACTS.values()
        for column in each.columns
        if column.refers_to
    }
    return [name for name in columns if f"{extract.name}.{name}" in named]


def _rewrite(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    file: Path,
    gone: Mapping[str, set[str]],
    paths: Paths,
) -> list[dict[str, object]]:
    """Lay a file without those rows and mentions aside; what to say of it, if it had any."""
    columns = _columns(connection, file)
    condition = _goes(extract, columns, gone)
    mentions = {
        column.name: _within(column.name, values)
        for column in extract.columns
        if column.name in columns
        and column.person
        and not column.owns_row
        and (values := gone.get(column.refers_to, set()) | gone.get(CHILD, set()))
    }
    touched = " or ".join([condition, *mentions.values()])
    source = {"file": archive.readable(file)}
    found = connection.execute(
        f"select count(*) filter (where {condition}), count(*) filter (where {touched})"
        " from read_parquet($file)",
        source,
    ).fetchone()
    assert found is not None
    rows, any_row = found
    if not any_row:
        return []
    before, stamp = sha256_of(file), archive.delivered_sha256(connection, file)
    connection.execute(
        f"create or replace table kept as from read_parquet($file) where not ({condition})", source
    )
    for name, mention in mentions.items():
        connection.execute(f'update kept set "{name}" = null where {mention}')
    order = sql_names(extract.key) if file.is_relative_to(paths.raw) else "line_no"
    archive.write_parquet(connection, f"from kept order by {order}", _aside(file), stamp or "")
    connection.execute("drop table kept")
    place = file.relative_to(paths.raw.parent).as_posix()
    return [{"file": place, "was": before, "is": sha256_of(_aside(file)), "rows": rows}]


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.forgetting")


def _clear_leftovers(paths: Paths) -> None:
    """Remove what killed steps have left beside the rows: nobody reads it, anybody may be in it."""
    for layer in (paths.raw, paths.quarantine, paths.originals):
        for left in [*layer.glob(".*"), *layer.glob("*/.*")]:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    told = connection.execute(
        "select name from parquet_schema($file)", {"file": archive.readable(file)}
    ).fetchall()
    return {name for (name,) in told}


def _holds(file: Path, identifiers: Iterable[str]) -> bool:
    """Whether one of them stands in the file as a word; what cannot be read may hold anybody."""
    content = file.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return True
    words = (rf"(?<!\w){re.escape(each)}(?!\w)" for each in identifiers)
    return any(re.search(word, text, re.IGNORECASE) for word in words)


def _remember(paths: Paths, hashes: set[str]) -> None:
    file = paths.forgotten
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = set(file.read_text(encoding="ascii").split()) if file.exists() else set()
    with put_in_place(file, forbidden=0o077) as temporary:
        temporary.touch(mode=0o600)
        temporary.write_text("\n".join(sorted(known | hashes)) + "\n", encoding="ascii")


def write_tombstone(
    paths: Paths, written: list[dict[str, object]], purged: list[str], now: datetime
) -> None:
    paths.tombstones.mkdir(parents=True, exist_ok=True)
    moment = now.astimezone(UTC)
    content = {"recorded_at": moment.isoformat(), "files": written, "purged_sha256": purged}
    target = paths.tombstones / f"{moment:%Y%m%dT%H%M%S%fZ}.json"
    with put_in_place(target, forbidden=0o222) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
