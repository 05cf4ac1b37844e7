"""Sample councils that went through the real check-in, with the oracle's figures of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.catalogue.indicators import read_catalogue
from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.in_use import write_in_use
from orchestration.deliveries.layout import Paths
from orchestration.reference.calendar import is_month
from orchestration.reference.edition_requests import EditionRequest, write_requests
from orchestration.reference.geographies import read_geographies
from orchestration.region.council_figures import gather
from orchestration.sample_council import (
    GEOGRAPHY_CODE,
    OLD_LA_CODE,
    care_leaver_snapshots,
    fill,
    make_council,
)
from orchestration.settings import settings
from tests.oracle import breakdown_figures, figures

LAST_MONTH = date(2026, 3, 31)
KEY = [
    "indicator_id",
    "period_type",
    "period_start",
    "period_end",
    "breakdown",
    "breakdown_value",
]
NUMBERS = ["numerator", "denominator", "value", "month_end_mean"]


@dataclass(frozen=True)
class Council:
    """One council: its accepted rows, and what the oracle makes of what was delivered."""

    name: str
    raw: Path
    expected: pd.DataFrame


def make(
    home: Path, name: str, size: int, seed: int, months: int, only: tuple[str, ...] = ()
) -> Council:
    """A council of `size` children; `only` are the beginnings of the extracts that it delivers."""
    raw = accepted_rows(home, size, seed, months, only)
    tables = {
        extract: frame
        for extract, frame in make_council(size, seed, last_month=LAST_MONTH).items()
        if not only or extract.startswith(only)
    }
    snapshots = care_leaver_snapshots(size, seed, last_month=LAST_MONTH, months=months)
    earlier = {day: frame for day, frame in snapshots.items() if day < LAST_MONTH}
    return Council(name, raw, oracle(tables, LAST_MONTH, earlier))


def accepted_rows(
    home: Path, size: int, seed: int, months: int, only: tuple[str, ...] = ()
) -> Path:
    """Where the rows of such a council lie, once they are checked in."""
    paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
    fill(paths.incoming, last_month=LAST_MONTH, size=size, seed=seed, months=months)
    for file in paths.incoming.rglob("*.csv"):
        if only and not file.name.startswith(only):
            file.unlink()
    check_in(paths)
    return paths.raw


def check_in(paths: Paths) -> None:
    """Check in all that lies in the drop folder, and write what dbt needs beside it."""
    check_in_deliveries(
        sorted(folder.name for folder in paths.incoming.iterdir() if is_month(folder.name)),
        EXTRACTS.values(),
        read_catalogue(settings.seeds),
        read_geographies(settings.reference),
        paths,
        datetime(2026, 4, 3, 5, tzinfo=UTC),
    )
    write_in_use(paths)
    gather(paths.raw.parent / "councils", (), paths.raw)
    write_requests([EditionRequest(GEOGRAPHY_CODE, None)], paths.raw / "editions/editions.parquet")


def oracle(
    tables: Mapping[str, pd.DataFrame],
    as_at: date,
    earlier: Mapping[date, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """The oracle's figures, totals and parts, one row per KEY."""
    manifest = tables["extract_manifest"]
    timeframes = {
        row.extract: int(row.timeframe_years)
        for row in manifest.itertuples()
        if pd.notna(row.timeframe_years)
    }
    holidays = pd.read_csv(settings.seeds / "reference" / "bank_holidays.csv")
    delivered = {**tables, "ref_bank_holidays": holidays}
    known = (delivered, as_at, GEOGRAPHY_CODE, OLD_LA_CODE, timeframes, earlier)
    whole = figures(*known).assign(breakdown="total", breakdown_value="total")
    return pd.concat([whole, breakdown_figures(*known)], ignore_index=True)[KEY + NUMBERS]


def warehouse_figures(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The warehouse's figures from rows, in the oracle's shape."""
    numbers = ", ".join(f"cast({name} as double) as {name}" for name in NUMBERS)
    frame = connection.sql(f"select {', '.join(KEY)}, {numbers} from figures.int_row_figures").df()
    for column in ("period_start", "period_end"):
        frame[column] = frame[column].dt.date
    return frame


def differences(ours: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Rows whose figures are not those expected, both sides side by side.

    A part of an indicator that nothing falls under in a period is a 0 in the warehouse and has no
    row in the oracle.
    """
    both = ours.merge(expected, on=KEY, how="outer", suffixes=("", "_expected"), indicator=True)
    is_part = both["breakdown"] != "total"
    empty_part = is_part & (both["_merge"] == "left_only") & (both["numerator"].fillna(0) == 0)
    differs = both["_merge"] != "both"
    for name in NUMBERS:
        # the oracle gives the mean of month ends for totals only
        compared = ~is_part | (name != "month_end_mean")
        mine, theirs = both[name], both[f"{name}_expected"]
        same = (mine.isna() & theirs.isna()) | ((mine - theirs).abs() <= 1e-6)
        differs |= compared & ~same
    return both[differs & ~empty_part]
