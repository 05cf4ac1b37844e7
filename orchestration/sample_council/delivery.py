"""The sample council's files as a council would send them, put into the drop folder."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.files import PROJECT, put_in_place
from orchestration.reference.calendar import is_month
from orchestration.sample_council.columns import contract_columns
from orchestration.sample_council.council import (
    MANIFEST,
    leaver_snapshots_of,
    newest_delivery_of,
    tell_world,
)
from orchestration.sample_council.stories import Stories

if TYPE_CHECKING:
    import pandas


def fill(
    incoming: Path,
    *,
    last_month: date,
    size: int = 10_000,
    seed: int = 1,
    years: int = 6,
    stories: Stories | None = None,
    months: int = 36,
    seeds: Path = PROJECT / "seeds",
) -> list[Path]:
    """Write `incoming/<YYYY-MM>/<extract>.csv` and give the paths, oldest month first.

    The newest month gets every extract, the `months` - 1 before it the dateless care leavers with
    the code maps that they are read by.
    Does nothing and gives an empty list where `incoming` holds a row-level extract already: the
    synthetic council is never mixed with another one. Raises `ValueError` as `make_council`.
    """
    if _holds_rows(incoming):
        return []
    world = tell_world(size, seed, last_month, years, stories, seeds)
    newest = newest_delivery_of(world)
    written: list[Path] = []
    for day, tables in leaver_snapshots_of(world, months):
        whole = newest if day == world.scene.as_at else tables
        written += write_delivery(whole, incoming / f"{day:%Y-%m}")
    return written


def write_delivery(tables: Mapping[str, "pandas.DataFrame"], folder: Path) -> list[Path]:
    """Write one CSV file for each table, and the manifest with their row counts and checksums.

    UTF-8, comma, one header row, ISO dates (with the time where a column has times), an empty
    cell for nothing. Tables without a row in the manifest are written, and not named in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, sums = [], {}
    for extract, frame in tables.items():
        if extract != MANIFEST:
            written.append(_write(frame, folder / f"{extract}.csv"))
            sums[extract] = hashlib.sha256(written[-1].read_bytes()).hexdigest()
    manifest = tables[MANIFEST]
    manifest = manifest[manifest["extract"].isin(list(sums))].assign(
        row_count=lambda rows: [len(tables[extract]) for extract in rows["extract"]],
        sha256=lambda rows: [sums[extract] for extract in rows["extract"]],
    )
    return [*written, _write(manifest, folder / f"{MANIFEST}.csv")]


def _holds_rows(incoming: Path) -> bool:
    names = {f"{extract}.csv" for extract in contract_columns()}
    months = incoming.iterdir() if incoming.is_dir() else ()
    return any(
        file.name.lower() in names
        for month in months
        if is_month(month.name) and month.is_dir()
        for file in month.iterdir()
    )


def _write(frame: "pandas.DataFrame", target: Path) -> Path:
    columns = [_cells(frame[name]) for name in frame.columns]
    with put_in_place(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as to:
        writer = csv.writer(to, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))
    return target


def _cells(column: "pandas.Series[Any]") -> Iterator[Any]:
    """The cells of a column as text or None."""
    import numpy

    missing = column.isna().to_numpy()
    if column.dtype.kind == "M":
        moments = column.to_numpy().astype("datetime64[s]")
        there = moments[~missing]
        whole_days = (there == there.astype("datetime64[D]")).all()
        cells = numpy.datetime_as_string(moments, unit="D" if whole_days else "s").astype(object)
    else:
        cells = column.to_numpy(dtype=object, copy=True)
    cells[missing] = None
    return iter(cells.tolist())
