"""What is being checked in, and the restricted place where its rows are judged."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.messages import Finding
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.pseudonym import make_macro
from orchestration.reference.geographies import Geographies

_SCRATCH = ".check-in-"
NO_DATA = ("ROW-BLANK", "ROW-CLOSING")


@dataclass(frozen=True)
class Before:
    """The delivery of the extract accepted last: its rows, and how many of data its file had.

    `released` says that another number of rows is known to be right.
    """

    raw_file: Path
    rows_in_file: int
    released: bool = False


@dataclass(frozen=True)
class Delivery:
    """What is being checked in, against which known codes; `as_at` is the last day it covers.

    `before` is the delivery to compare it with, if there is one of the same reach;
    `source_system` where its rows come from, as far as its manifest says; `origin` the format of
    the return that they were made of.
    """

    file: Path
    month: str
    contract: Extract
    catalogue: Mapping[str, Indicator]
    geographies: Geographies
    paths: Paths
    as_at: date
    before: Before | None = None
    source_system: str = ""
    origin: str = ""

    @property
    def raw_file(self) -> Path:
        return self.paths.raw_file(self.contract.name, self.month)

    @property
    def quarantine_file(self) -> Path:
        return self.paths.quarantine_file(self.contract.name, self.month)

    @property
    def codes_to_map(self) -> Path:
        return self.paths.codes_to_map(self.contract.name, self.month)


@dataclass(frozen=True)
class Workshop:
    """A DuckDB connection and a restricted folder for the rows that are being judged."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def good_rows(self, extract: str) -> Path:
        """Typed rows of `extract` that no rule sets aside, each once, with their line_no."""
        return self.folder / f"{extract}.parquet"

    def set_aside(self, extract: str) -> Path:
        """Rows for the quarantine; no file where there are none."""
        return self.folder / f"{extract}.quarantine.parquet"


@dataclass(frozen=True)
class Rows:
    """Counts of the file's rows, and what the row rules found."""

    in_file: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicates: int = 0
    stood_in: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def of_no_data(self) -> int:
        """Lines set aside that are no rows, which hold no file back."""
        return sum(each.count for each in self.findings if each.code in NO_DATA)


@contextmanager
def open_workshop(paths: Paths, key: bytes | None, memory: str) -> Iterator[Workshop]:
    """A workshop for one delivery; `key` is that of the person hashes, if any are made, `memory`
    what DuckDB may take before it spills."""
    _remove_leftovers(paths.quarantine)
    with (
        tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=paths.quarantine) as folder,
        archive.connect(Path(folder), memory) as connection,
    ):
        if key:
            make_macro(connection, key)
        yield Workshop(connection, Path(folder))


def _remove_leftovers(quarantine: Path) -> None:
    """Remove working folders of check-ins that were killed; a living one is minutes old."""
    for folder in quarantine.glob(f"{_SCRATCH}*"):
        if time.time() - folder.stat().st_mtime > 3600:
            shutil.rmtree(folder, ignore_errors=True)
