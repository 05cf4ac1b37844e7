"""Looks for marked values in every file below some folders, in each form they could be written."""

import base64
import gzip
import html
import json
import sqlite3
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path


def forms_of(secret: str) -> set[bytes]:
    """The ways in which a text could stand in a file, in small letters."""
    plain = secret.encode()
    forms = {
        plain,
        secret.encode("utf-16-le"),
        plain.hex().encode(),
        urllib.parse.quote(secret).encode(),
        html.escape(secret).encode(),
        json.dumps(secret)[1:-1].encode(),
    }
    # in base64 a text looks different at each of three places; only its edges depend on what is
    # around it
    for shift, start in enumerate((0, 2, 3)):
        coded = base64.b64encode(b"\0" * shift + plain)
        forms.add(coded[start : (shift + len(plain)) * 8 // 6])
    return {form.lower() for form in forms if len(form) > 5}


def scan(places: Iterable[Path], secrets: Iterable[str]) -> dict[str, set[str]]:
    """File -> the secrets that stand in it or in its name."""
    standing_in = _finder(secrets)
    found: dict[str, set[str]] = {}
    for place in places:
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            told = [str(file.relative_to(place.parent)).encode().lower()]
            if file.is_file() and not file.is_symlink():
                told += _contents(file)
            if hits := standing_in(told):
                found[file.relative_to(place.parent).as_posix()] = hits
    return found


def scan_texts(texts: Mapping[str, bytes], secrets: Iterable[str]) -> dict[str, set[str]]:
    """Name -> the secrets that stand in that text."""
    standing_in = _finder(secrets)
    hits = {name: standing_in(_opened(text)) for name, text in texts.items()}
    return {name: those for name, those in hits.items() if those}


def _finder(secrets: Iterable[str]) -> Callable[[Iterable[bytes]], set[str]]:
    """What tells which secrets stand in some texts.

    Marked values begin alike: a text without a beginning is looked through once for all of them.
    """
    beginnings: dict[bytes, list[tuple[bytes, str]]] = {}
    for secret in secrets:
        for form in forms_of(secret):
            beginnings.setdefault(form[:4], []).append((form, secret))

    def standing_in(told: Iterable[bytes]) -> set[str]:
        return {
            secret
            for text in told
            for beginning, those in beginnings.items()
            if beginning in text
            for form, secret in those
            if form in text
        }

    return standing_in


def _contents(file: Path) -> list[bytes]:
    content = file.read_bytes()
    told = _opened(content)
    if content.startswith(b"SQLite format 3"):
        told += [value.lower() for value in _cells(file)]
    return told


def _opened(content: bytes) -> list[bytes]:
    """The bytes, and what they hold if they are compressed."""
    told = [content.lower()]
    for opener in (gzip.decompress, zlib.decompress):
        try:
            told.append(opener(content).lower())
        except (OSError, EOFError, zlib.error):
            continue
    return told


def _cells(file: Path) -> Iterator[bytes]:
    """Every value of a SQLite database: a long one lies in several pages of the file."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    if isinstance(value, str):
                        yield value.encode()
                    elif isinstance(value, bytes):
                        yield from _opened(value)
