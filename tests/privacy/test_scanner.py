"""The scanner finds what is planted, in every form and place."""

import base64
import gzip
import html
import json
import sqlite3
import urllib.parse
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.privacy.scanner import scan, scan_texts

SECRET = 'Zebedee "Q" O\'Quill'
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "capitals": lambda text: text.upper().encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "address": lambda text: urllib.parse.quote(text).encode(),
    "html": lambda text: html.escape(text).encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    **{
        f"base64, {before} before": lambda text, before=before: base64.b64encode(
            b"x" * before + text.encode() + b"y" * 7
        )
        for before in range(4)
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_it_finds_a_text_in_this_form(form: str, tmp_path: Path) -> None:
    content = FORMS[form](f"before {SECRET} after" if "base64" not in form else SECRET)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)
    assert scan([tmp_path], [SECRET, "nobody at all"]) == {f"{tmp_path.name}/deep/file": {SECRET}}
    assert scan_texts({"answer": content}, [SECRET]) == {"answer": {SECRET}}


def test_it_finds_a_name_of_a_file_or_folder(tmp_path: Path) -> None:
    (tmp_path / "of Quillfeather").mkdir()
    (tmp_path / "of Quillfeather" / "file").touch()
    assert len(scan([tmp_path], ["Quillfeather"])) == 2


def test_it_finds_a_long_value_of_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("create table events (body blob)")
        body = zlib.compress(("x" * 9_000 + SECRET).encode())
        connection.execute("insert into events values (?)", [body])
    assert set(scan([tmp_path], [SECRET])) == {f"{tmp_path.name}/history.db"}


def test_it_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Zebedee, O'Quill and others", encoding="utf-8")
    assert scan([tmp_path], [SECRET]) == {}
