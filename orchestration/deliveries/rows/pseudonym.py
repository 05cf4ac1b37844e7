"""Keyed hashes in place of person identifiers.

HMAC-SHA-256 (RFC 2104), its first 16 bytes in hexadecimal. The same identifier, in whatever letters
a table writes it, gives the same hash in every extract and delivery; without the key nobody can
find the identifier by trying numbers. The key comes from KPI_PSEUDONYM_KEY, or else from a file
made once beside the deliveries. In a pool each council has a key of its own, so that nobody can be
followed from one council to another.
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.files import put_in_place

VARIABLE = "KPI_PSEUDONYM_KEY"
OF_POOL = "KPI_OF_POOL"
"""Names the council of a pool that a process works for."""
_LENGTH = 32  # hexadecimal digits of a hash
_SHORTEST = 32  # characters of a key
_BLOCK = 64  # bytes that SHA-256 works on at a time


class KeyUnusableError(RuntimeError):
    """There is no key, or none of sufficient length; nothing more is said of it."""


def read_key(
    folder: Path, environment: Mapping[str, str] = os.environ, *, may_make: bool = True
) -> bytes:
    """The key: the variable's (a council of a pool has one made of it), else that of
    `folder`/pseudonym.key, which is made where it is not there (unless `may_make` is false: then
    hashes of a lost key are in use).

    Only its owner may look into the folder or the file. Raises `KeyUnusableError`, `OSError`.
    """
    key = environment.get(VARIABLE, "").strip() or _from_file(folder, may_make)
    if len(key) < _SHORTEST:
        raise KeyUnusableError
    council = environment.get(OF_POOL, "").strip()
    if council and environment.get(VARIABLE, "").strip():
        return hmac.new(key.encode(), council.encode(), hashlib.sha256).hexdigest().encode()
    return key.encode()


def key_mark(key: bytes) -> str:
    """Tells keys apart without telling anything of them."""
    return hmac.new(key, b"which key is this", hashlib.sha256).hexdigest()[:8]


def pseudonym(key: bytes, identifier: str) -> str:
    """The hash that stands for `identifier`; capitals and small letters are one."""
    return pseudonym_as_written(key, identifier.upper())


def pseudonym_as_written(key: bytes, identifier: str) -> str:
    """The hash that stood for `identifier` where small letters were told from capitals: who was
    forgotten then stays forgotten."""
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def make_macro(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make `pseudonym(text)` and `pseudonym_as_written(text)` of this connection: the same hashes,
    of null null."""
    # The two steps of RFC 2104, in SQL because a Python function would be called row by row.
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    for name, mask in (("inner", 0x36), ("outer", 0x5C)):
        padded = bytes(byte ^ mask for byte in block)
        connection.execute(f"set variable pseudonym_{name} = $padded::blob", {"padded": padded})
    connection.execute(
        f"""
        create or replace temp macro pseudonym_as_written(identifier) as left(
            sha256(
                getvariable('pseudonym_outer')
                || unhex(sha256(getvariable('pseudonym_inner') || encode(identifier)))
            ),
            {_LENGTH}
        )
        """
    )
    connection.execute(
        "create or replace temp macro pseudonym(identifier) as"
        " pseudonym_as_written(upper(identifier))"
    )


def _from_file(folder: Path, may_make: bool) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _to_owner_alone(folder, 0o700)
    file = folder / "pseudonym.key"
    if not file.exists():
        if not may_make:
            return ""
        with put_in_place(file, forbidden=0o077) as temporary:
            temporary.touch(mode=0o600)
            temporary.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    _to_owner_alone(file, 0o600)
    return file.read_text(encoding="utf-8").strip()


def _to_owner_alone(path: Path, mode: int) -> None:
    present = stat.S_IMODE(path.stat().st_mode)
    if present & ~mode:
        path.chmod(present & mode)
