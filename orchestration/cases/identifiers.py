"""From a hash back to the identifier that the source wrote, by the files that are still held."""

import shutil
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

import duckdb

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.gate.gate import pass_gate
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, last_of_each_month
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cells import text, trimmed
from orchestration.deliveries.rows.pseudonym import make_macro


def forgotten_hashes(paths: Paths) -> set[str]:
    return set(paths.forgotten.read_text("ascii").split()) if paths.forgotten.exists() else set()


def identifiers_of(
    paths: Paths, key: bytes, receipts: Iterable[Receipt], wanted: Collection[str]
) -> dict[str, str]:
    """Hash -> identifier as the source writes it, from the newest originals that are held."""
    by_extract: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_extract.setdefault(receipt.extract, []).append(receipt)
    # the register of children first: it names nearly all of them
    ordered = sorted(by_extract, key=lambda name: name != "ssd_person")
    found: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix=".looking-up-", dir=paths.cases) as folder,
        archive.connect(Path(folder)) as connection,
    ):
        make_macro(connection, key)
        for name in ordered:
            extract = EXTRACTS.get(name)
            if extract is None or not any(column.person for column in extract.columns):
                continue
            for receipt in reversed(last_of_each_month(by_extract[name])):
                missing = set(wanted) - set(found)
                original = paths.original(receipt.sha256)
                if missing and original.exists():
                    found |= _named_in(connection, Path(folder), original, extract, missing)
    return found


def _named_in(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    original: Path,
    extract: Extract,
    wanted: Collection[str],
) -> dict[str, str]:
    from orchestration.deliveries.rows.reader import read_strictly

    # the gate wants the name that the file was delivered under
    copy = folder / extract.file_name
    shutil.copyfile(original, copy)
    gate = pass_gate(copy, extract)
    copy.unlink()
    if not gate.accepted or not read_strictly(connection, gate, folder):
        return {}
    connection.execute("create or replace temp table wanted (hash varchar)")
    connection.executemany("insert into wanted values (?)", [[each] for each in wanted])
    found: dict[str, str] = {}
    for column in extract.columns:
        if column.person and column.name in gate.columns:
            cells = f'select distinct {trimmed(column)} as "{column.name}" from delivered'
            meant = f"select {text(extract, column)} as identifier from ({cells})"
            rows = connection.execute(
                "select hash, identifier from wanted"
                f" join ({meant}) on hash = pseudonym(identifier)"
            ).fetchall()
            found |= dict(rows)
    return found
