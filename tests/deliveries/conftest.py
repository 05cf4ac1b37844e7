"""A council's desk: a data folder of its own, to which files are delivered."""

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import EXTRACTS, INDICATOR_RETURNS, ROW_LEVEL, Extract
from orchestration.deliveries.check_in import check_in, check_in_deliveries
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, read_receipts
from orchestration.deliveries.messages import CODES
from orchestration.deliveries.rows.archive import ensure_empty, readable
from orchestration.reference.geographies import Geographies
from tests.deliveries.generated import csv_bytes

CATALOGUE = {
    "referrals_count": Indicator("count", "period_flow_count", "financial"),
    "permanent_exclusions_count": Indicator("count", "period_flow_count", "academic"),
    "assessments_within_45wd_pct": Indicator("percent", "period_flow_ratio", "financial"),
    "cic_rate_per_10k": Indicator("rate_per_10k", "snapshot_ratio", "financial"),
    "missing_duration_median_hours": Indicator("hours", "period_median", "financial"),
    "asye_applications_count": Indicator("count", "annual", "financial"),
}
FORMER_CODE = "E06000999"
_AREAS = {
    "E06000005": ("841", "Darlington"),
    "E06000041": ("872", "Wokingham"),
    "X06000001": ("999", "Sample Borough"),
}
GEOGRAPHIES = Geographies(
    {FORMER_CODE: "E06000005"}
    | {said: code for code, names in _AREAS.items() for said in (code, *names)},
    {FORMER_CODE: "841"}
    | {said: n for code, (n, name) in _AREAS.items() for said in (code, n, name)},
)
GOOD_ROW = {
    "indicator_id": "referrals_count",
    "geography_code": "E06000005",
    "period_type": "month",
    "period_start": "2019-07-01",
    "period_end": "2019-07-31",
    "numerator": "48151",
    "denominator": "",
    "value": "",
    "source_note": "Told by Zebedee Quillfeather",
}


@dataclass
class Desk:
    """Delivers files into `paths` and reads back what became of them."""

    paths: Paths
    geographies: tuple[str, ...] = tuple(GEOGRAPHIES.todays)
    catalogue: dict[str, Indicator] = field(default_factory=lambda: dict(CATALOGUE))
    now: datetime = datetime(2031, 10, 3, 5, 0, tzinfo=UTC)

    @property
    def areas(self) -> Geographies:
        todays = {code: GEOGRAPHIES.todays.get(code, code) for code in self.geographies}
        return Geographies(todays, GEOGRAPHIES.numbers)

    def put(self, content: bytes, month: str = "2022-03", name: str = "") -> Path:
        file = self.paths.incoming / month / (name or INDICATOR_RETURNS.file_name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def check_in(self, file: Path, month: str = "2022-03", **options: int) -> Receipt:
        self.now += timedelta(minutes=1)
        return check_in(
            file,
            month,
            INDICATOR_RETURNS,
            self.catalogue,
            self.areas,
            self.paths,
            self.now,
            **options,
        )

    def deliver(self, content: bytes, month: str = "2022-03", **options: int) -> Receipt:
        return self.check_in(self.put(content, month), month, **options)

    def accepted(self, month: str = "2022-03", columns: str = "*") -> list[tuple]:
        return read_rows(self.paths.raw_file("indicator_returns", month), columns)

    def quarantined(self, month: str = "2022-03", columns: str = "line_no, codes") -> list[tuple]:
        file = self.paths.quarantine_file("indicator_returns", month)
        return read_rows(file, columns) if file.exists() else []


def read_rows(file: Path, columns: str) -> list[tuple]:
    query = f"select {columns} from read_parquet($file)"
    return _READER.execute(query, {"file": readable(file)}).fetchall()


_READER = duckdb.connect(":memory:")


@pytest.fixture(scope="session")
def without_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files without rows of every extract, which check-in would make first in each folder."""
    paths = make_desk(tmp_path_factory.mktemp("without_rows")).paths
    ensure_empty(EXTRACTS.values(), paths)
    return paths.raw


def link_below(folder: Path, made: Path) -> None:
    """The same files below another folder: whoever replaces one leaves the others as they are."""
    shutil.copytree(made, folder, copy_function=os.link)


@pytest.fixture
def desk(tmp_path: Path, without_rows: Path) -> Desk:
    link_below(tmp_path / "raw", without_rows)
    return make_desk(tmp_path)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One data folder for a table of cases; each case first puts its own good file in place."""
    return make_desk(tmp_path_factory.mktemp("data"))


def make_desk(data: Path) -> Desk:
    return Desk(Paths(data / "incoming", data / "raw", data / "quarantine", data / "ledger"))


@pytest.fixture(scope="session")
def returns():
    """Builds a returns file from rows given as changes to a good row."""

    def build(*changes: dict[str, str], line_end: str = "\n") -> bytes:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, INDICATOR_RETURNS.column_names, lineterminator=line_end)
        writer.writeheader()
        writer.writerows({**GOOD_ROW, **change} for change in changes)
        return text.getvalue().encode()

    return build


@pytest.fixture(scope="session")
def good(returns) -> bytes:
    """Twelve good months of one indicator."""
    return returns(*(month_of(number) for number in range(1, 13)))


def month_of(number: int) -> dict[str, str]:
    last = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[number - 1]
    return {
        "period_start": f"2019-{number:02}-01",
        "period_end": f"2019-{number:02}-{last}",
        "numerator": str(48151 + number),
    }


@pytest.fixture(scope="session")
def assert_promises():
    """What holds after every check-in, whatever was delivered."""

    def check(desk: Desk, receipt: Receipt, content: bytes) -> None:
        counted = receipt.loaded + receipt.quarantined + receipt.duplicates
        assert receipt.rows_in_file == counted
        assert receipt.outcome in ("accepted", "refused", "unchanged", "missing")
        for message in receipt.findings:
            parts = message.split(" | ")
            assert len(parts) == 8 and all(parts), message
            assert parts[0] in receipt.codes.split()
            assert re.fullmatch(r"-|line \d+", parts[2]), message
        assert_says_nothing_of(desk, receipt, content)

    return check


# What a cell (or a piece of one, in a damaged file) may share with a message: the contract's words.
_PERIODS = ("month", "quarter", "year", "year_to_date")
_OURS = ", ".join((*INDICATOR_RETURNS.column_names, *_PERIODS))


def assert_says_nothing_of(desk: Desk, receipt: Receipt, content: bytes) -> None:
    """No cell of `content` stands in the receipt's file (digests and sizes left aside)."""
    newest = max(desk.paths.receipts.glob("2*.json"))
    stored = json.loads(newest.read_text(encoding="utf-8"))
    assert stored["sha256"] == receipt.sha256
    assert set(stored["counts"]) <= set(CODES)
    for number in ("counts", "sha256", "rules_sha256", "rows_sha256", "mtime_ns", "bytes"):
        del stored[number]
    said = json.dumps(stored, ensure_ascii=False).casefold()
    cells = {cell.strip() for cell in re.split(r'[,"\r\n;|\t]', content.decode("latin-1"))}
    told = {cell for cell in cells if len(cell) > 3 and cell.casefold() in said}
    assert not {cell for cell in told if cell.casefold() not in _OURS}


@dataclass
class Council:
    """Delivers row-level extracts of a month together and reads back what became of them."""

    paths: Paths
    month: str = "2026-03"
    now: datetime = datetime(2031, 10, 3, 5, 0, tzinfo=UTC)

    def put(self, extract: str, *rows: dict[str, str], month: str = "", drop: str = "") -> Path:
        """Write a file of rows given as changes to empty cells, without the column `drop`."""
        names = [name for name in EXTRACTS[extract].column_names if name != drop]
        names += sorted({name for row in rows for name in row} - set(names) - {drop})
        empty = dict.fromkeys(names, "")
        return self.put_bytes(extract, csv_bytes(names, [empty | row for row in rows]), month)

    def put_bytes(self, extract: str, content: bytes, month: str = "") -> Path:
        file = self.paths.incoming / (month or self.month) / f"{extract}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def check_in(self, month: str = "", contracts: Iterable[Extract] = ROW_LEVEL) -> dict:
        """Receipts by extract."""
        self.now += timedelta(minutes=1)
        months, known = [month or self.month], (CATALOGUE, GEOGRAPHIES, self.paths, self.now)
        [receipts] = check_in_deliveries(months, contracts, *known).values()
        return {receipt.extract: receipt for receipt in receipts}

    def first_receipt(self, extract: str) -> Receipt:
        return read_receipts(self.paths, extract)[0]

    def rows(self, extract: str, columns: str = "*", month: str = "") -> list[tuple]:
        return read_rows(self.paths.raw_file(extract, month or self.month), columns)

    def quarantined(self, extract: str, columns: str = "line_no, codes") -> list[tuple]:
        file = self.paths.quarantine_file(extract, self.month)
        return read_rows(file, columns) if file.exists() else []


@pytest.fixture
def council(tmp_path: Path, without_rows: Path) -> Council:
    link_below(tmp_path / "raw", without_rows)
    return Council(make_desk(tmp_path).paths)
