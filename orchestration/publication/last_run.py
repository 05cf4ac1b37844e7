"""What the last whole job was made from and what it left behind, to know whether anything is new.

Both are noted in `data/last_run.json`, as fingerprints. Where both still hold, a rebuild would give
the same files again, so that none is written.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.deliveries.storage.fetch import last_findings
from orchestration.files import PROJECT, put_in_place
from orchestration.publication.manifest import INDEX
from orchestration.reference.tables import COUNCILS
from orchestration.settings import Settings

FIGURES = "figures.parquet"
"""What a council of a pool gives to it."""
CODE = ("orchestration", "dbt_project", "pyproject.toml", "requirements.lock")
# what the settings hold already, and dbt is told by variables
FOR_DBT = {"KPI_DATA", "KPI_INDICATOR", "KPI_MEMORY", "KPI_WAREHOUSE"}
# run-time state that no edition is made from: history, dbt's own files, mail, lists, checks, the
# explorer's copy, what the service of official figures answered, what was fetched of deliveries; a
# pool's councils look after theirs themselves
OWN = {
    "alerts",
    "cases",
    "check",
    COUNCILS,
    "dagster",
    "dbt",
    "explore",
    "incoming",
    "last_run.json",
    "official_figures",
    "storage",
}


def made_from(where: Settings, environment: Mapping[str, str], today: date) -> str:
    """A fingerprint of all that the job is given: code, seeds, settings, deliveries.

    The day is among them: dates to come, what is kept how long, and reminders go by it. A delivery
    is known by size and times, everything else by its content.
    """
    digest = hashlib.sha256(f"{sys.version}\0{today}\0{where}\0".encode())
    for name in sorted(environment):
        if name == "TZ" or (name.startswith("KPI_") and name not in FOR_DBT):
            digest.update(f"{name}={environment[name]}\0".encode())
    own = where.seeds / COUNCILS / where.of_pool
    for file in (
        *_files([PROJECT / each for each in CODE], {"target", "logs"}),
        *_files([where.seeds], {COUNCILS}),
        *(_files([own], set()) if where.of_pool else ()),
    ):
        digest.update(f"{file}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    # what could not be fetched turns a check red, which only a run does
    if where.storage:
        digest.update("\n".join(last_findings(where.fetched)).encode())
    # as check-in sees them: it follows the link of a month's folder, and no other
    files = {*where.incoming.glob("*/*"), *where.incoming.rglob("*")}
    files |= {*where.data.glob(f"{COUNCILS}/*/{FIGURES}")}
    return _noted(digest, files)


def left_behind(where: Settings) -> str:
    """A fingerprint of what the job has made, by size and times: rows, ledgers, warehouse, exports
    without packs and what was sent to a pool, which are not its own. Of the outbox only whether it
    is there, and of the index, which packs write anew too."""
    there = where.outbox.exists(), (where.exports / INDEX).exists()
    others = OWN | {"packs", "for_region", INDEX}
    return _noted(hashlib.sha256(f"{there}".encode()), _files([where.data, where.exports], others))


def nothing_new(where: Settings, environment: Mapping[str, str], today: date) -> str:
    """Why a run would change nothing, for people; empty where something may be new.

    A database that extracts are pulled from cannot be known to hold nothing new.
    """
    if where.source_url:
        return ""
    try:
        last = json.loads(note_of(where).read_bytes())
        if last["made_from"] != made_from(where, environment, today):
            return ""
        if last["left_behind"] != left_behind(where):
            return ""
        at = last["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    paths = Paths(where.incoming, where.raw, where.quarantine, where.ledger)
    newest = {(each.delivery_month, each.extract): each for each in read_receipts(paths)}
    refused = sum(each.outcome == "refused" for each in newest.values())
    told = f"nothing is new since the whole job of {at} UTC: the same deliveries, reference data, "
    told += "code and settings; what it published stands, and nothing was rebuilt or rewritten"
    if refused:
        told += f". {refused} files were refused then: data/ledger/receipts/ says which, and why"
    return told


def remember(where: Settings, made: str) -> None:
    """Note that a run made from `made` went through."""
    at = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    note = {"at": at[:19], "made_from": made, "left_behind": left_behind(where)}
    with put_in_place(note_of(where)) as temporary:
        temporary.write_text(json.dumps(note), encoding="utf-8")


def note_of(where: Settings) -> Path:
    """The file that says it."""
    return where.data / "last_run.json"


def _files(tops: Iterable[Path], without: set[str]) -> Iterator[Path]:
    """Every file below `tops`, in a fixed order; not below a folder called as one of `without`."""
    for top in tops:
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(set(folders) - without - {"__pycache__"})
            yield from (Path(folder, name) for name in sorted(set(files) - without))


def _noted(digest: "hashlib._Hash", files: Iterable[Path]) -> str:
    """The digest with the names, sizes and times of files; no program can set the last of them."""
    for file in sorted(files):
        with suppress(FileNotFoundError):
            seen = file.stat()
            digest.update(
                f"{file}\0{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns}\n".encode()
            )
    return digest.hexdigest()
