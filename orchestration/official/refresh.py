"""The way in: fetch what is pinned, compare it with what is there, write what may be written."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestration.files import put_in_place
from orchestration.official import figures, versions
from orchestration.official.areas import Areas, known_areas
from orchestration.official.comparison import Change, Comparison, applied, compared
from orchestration.official.faults import NotUsed, fault
from orchestration.official.service import Service, unpacked
from orchestration.reference.contract import reference_files
from orchestration.reference.faults import Fault
from orchestration.reference.table import Row
from orchestration.reference.tables import Reference

DOWNLOADS = Path("benchmarks") / "downloads"
"""Below `seeds`: files that are read in place of those of the service, named as it names them."""


@dataclass
class Refreshed:
    """What a refresh found. `is_written` where benchmarks.parquet has changed; `receipts` is the
    folder with what the service answered and what changed."""

    receipts: Path
    comparisons: list[Comparison] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    rows: int = 0
    is_written: bool = False

    @property
    def is_right(self) -> bool:
        return all(each.is_remark for each in self.faults)

    @property
    def unused(self) -> list[Fault]:
        """Why a data set or a statistic, and not only a row of it, was not used."""
        return [each for each in self.faults if not each.is_remark and each.code != "OFFICIAL-ROW"]

    def summary(self) -> Iterator[str]:
        """What was read and what has changed, a line each, by indicator and period."""
        for each in self.comparisons:
            told = f"{each.indicator_id}: {each.read} figures read, {len(each.changes)} changes"
            if each.not_in_file:
                told += f"; {each.not_in_file} that are there are not in the file, and stay"
            yield told
            for (_, period), kinds in each.counted().items():
                yield f"{each.indicator_id}, {period}: " + ", ".join(
                    f"{number} {kind}" for kind, number in sorted(kinds.items())
                )


@dataclass(frozen=True)
class DataSet:
    """One data set in one version, with all that is read of it."""

    id: str
    version: str
    name: str
    statistics: tuple[figures.Statistic, ...]

    @property
    def about(self) -> str:
        return f"{self.id} {self.version}"

    @property
    def file_name(self) -> str:
        return f"{self.id}_v{self.version}.csv"


def data_sets(rows: Iterable[Row]) -> list[DataSet]:
    """The data sets of the table, in its order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        version = row["version"] if "." in row["version"] else f"{row['version']}.0"
        found.setdefault((row["data_set_id"], version), []).append(row)
    return [
        DataSet(*key, each[0]["data_set"], tuple(map(figures.statistic, each)))
        for key, each in found.items()
    ]


def refresh(reference: Reference, receipts: Path, service: Service, now: datetime) -> Refreshed:
    """Fetch every pinned data set and write what it changes to benchmarks.parquet.

    A data set that cannot be used leaves its figures as they are; the others go on.
    """
    table, present_table = reference.table("official_data_sets"), reference.table("benchmarks")
    folder = receipts / f"{now:%Y-%m-%dT%H%M%SZ}"
    folder.mkdir(parents=True, exist_ok=True)
    result = Refreshed(folder, faults=[*table.faults])
    if not present_table.is_whole:
        result.faults += present_table.faults
        return result
    target = reference.seeds / reference_files()["benchmarks"].path
    present = _read(target)
    usable = {row["row"] for row in present_table.rows}
    rows = [row for number, row in enumerate(present, 1) if number in usable]
    downloads = reference.seeds / DOWNLOADS
    wanted = data_sets(table.rows)
    result.faults += _unused(downloads, wanted)
    areas = known_areas(reference)
    for each in wanted:
        try:
            content = _content(each, downloads, service, areas, result, now)
        except NotUsed as error:
            result.faults.append(error.fault)
            continue
        result.faults += content.faults
        for which in each.statistics:
            if which.indicator_id not in content.figures:
                continue
            of_it = [row for row in rows if row["indicator_id"] == which.indicator_id]
            found = compared(
                which, content.figures[which.indicator_id], of_it, reference, each.about
            )
            result.comparisons.append(found)
            result.faults += found.faults
            present, rows = applied(present, found.changes), applied(rows, found.changes)
    changes = [change for each in result.comparisons for change in each.changes]
    result.rows = len(present)
    if changes:
        _write_changes(folder / "changes.csv", changes)
        result.is_written = _is_written(present, target, result)
    _write_list(folder / "changes.md", result, now)
    return result


def _is_written(rows: Sequence[Row], target: Path, result: Refreshed) -> bool:
    import duckdb

    try:
        write(rows, target)
    except (OSError, duckdb.Error) as error:
        file = reference_files()["benchmarks"].path
        found, expected = type(error).__name__, "a folder with room that may be written to"
        do = "start it as the user who keeps seeds/, and see whether the disk has room"
        result.faults.append(fault("OFFICIAL-NOT-WRITTEN", file, found, expected, do))
        return False
    return True


def _content(
    each: DataSet, downloads: Path, service: Service, areas: Areas, result: Refreshed, now: datetime
) -> figures.Content:
    """What the file of a data set says: the one put beside it, or that of the service."""
    beside = _beside(downloads, each)
    expected_rows = None
    if beside:
        result.said.append(f"{each.name}: read from {DOWNLOADS / beside.name}, nothing was fetched")
        told = _last_told(result.receipts, each)
        known = versions.read(told, each.id) if told else []
    else:
        told = service.versions(each.id)
        _keep(result.receipts / f"{each.id}.versions.json", told)
        known = versions.read(told, each.id)
    result.said.append(versions.due(known, each.name, now.date()))
    for version in versions.newer(known, each.version) if not beside else ():
        changes = service.changes(each.id, version.number)
        _keep(result.receipts / f"{each.id}_v{version.number}.changes.json", changes)
        result.faults.append(versions.told_newer(version.number, each.version, changes, each.about))
    with TemporaryDirectory() as temporary:
        source, plain = beside, Path(temporary) / each.file_name
        if not source:
            expected_rows = versions.pinned(known, each.version, each.about).rows
            changes = service.changes(each.id, each.version)
            _keep(result.receipts / f"{each.id}_v{each.version}.changes.json", changes)
            source = result.receipts / f"{each.file_name}.gz"
            service.download(each.id, each.version, source)
        unpacked(source, plain, service.max_bytes, each.about)
        content = figures.read(plain, each.statistics, areas, each.about)
    if expected_rows is not None and content.rows != expected_rows:
        found = f"{content.rows} rows"
        do = "run make benchmarks again later"
        raise NotUsed(
            fault("OFFICIAL-ANSWER", each.about, found, f"the version's {expected_rows} rows", do)
        )
    return content


def _beside(downloads: Path, each: DataSet) -> Path | None:
    names = (each.file_name, f"{each.file_name}.gz")
    return next((file for name in names if (file := downloads / name).is_file()), None)


def _unused(downloads: Path, wanted: Sequence[DataSet]) -> list[Fault]:
    names = {name for each in wanted for name in (each.file_name, f"{each.file_name}.gz")}
    others = sorted(downloads.iterdir()) if downloads.is_dir() else []
    return [
        fault(
            "OFFICIAL-UNUSED",
            str(DOWNLOADS / file.name),
            "no data set of the table, or another version than the pinned one",
            "data set and version in its name, as 342f9a01-..._v1.0.csv",
            "name the file so, or move the pin in official_data_sets.csv",
            meanwhile="the file is not read",
            is_remark=True,
        )
        for file in others
        if file.name not in names and not file.name.startswith(".")
    ]


def _last_told(folder: Path, each: DataSet) -> list[dict[str, Any]]:
    """What the service last said of the versions of a data set, in an earlier run."""
    told = sorted(folder.parent.glob(f"*/{each.id}.versions.json"))
    return json.loads(told[-1].read_bytes()) if told else []


def _keep(target: Path, told: object) -> None:
    with put_in_place(target) as temporary:
        temporary.write_text(json.dumps(told, indent=2), encoding="utf-8")


def _read(path: Path) -> list[Row]:
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def write(rows: Sequence[Row], target: Path) -> None:
    """The rows as benchmarks.parquet: the same rows are the same bytes, in whatever order."""
    import duckdb
    import pyarrow as pa

    amount = pa.decimal128(18, 6)
    types = {"period_start": pa.date32(), "period_end": pa.date32()} | dict.fromkeys(
        figures.SIDES, amount
    )
    columns = [column.name for column in reference_files()["benchmarks"].columns]
    schema = pa.schema([(name, types.get(name, pa.string())) for name in columns])
    told = pa.Table.from_pylist(list(rows), schema=schema)
    with put_in_place(target) as temporary, duckdb.connect() as connection:
        connection.register("told", told)
        connection.execute(
            "copy (from told order by indicator_id, period_start, geography_code) to "
            f"'{str(temporary).replace(chr(39), chr(39) * 2)}' (format parquet, compression zstd, "
            "compression_level 22, row_group_size 1000000)"
        )


def _write_changes(target: Path, changes: Sequence[Change]) -> None:
    """Every figure that is added, changed or gone, one a row, as it was and as it is."""
    with (
        put_in_place(target) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as out,
    ):
        lines = csv.writer(out)
        places = ("indicator_id", "geography_code", "period_label", "source_id")
        sides = [f"{side}_{when}" for side in figures.SIDES for when in ("before", "now")]
        lines.writerow(["change", *places, *sides])
        for each in changes:
            lines.writerow([each.kind, *(each.row[name] for name in places), *_sides(each)])


def _sides(change: Change) -> Iterator[str]:
    for side in figures.SIDES:
        for row in (change.before, change.now):
            cell = row[side] if row else None
            yield "" if cell is None else f"{cell:f}".rstrip("0").rstrip(".")


def _write_list(target: Path, result: Refreshed, now: datetime) -> None:
    lines = [
        f"# Official figures, {now.day} {now:%B %Y}",
        "",
        f"{result.rows} rows are there; "
        + ("every change is in changes.csv." if result.is_written else "nothing was written."),
        "",
        *(f"- {line}" for line in (*result.summary(), *result.said)),
    ]
    if result.faults:
        lines += ["", "## What was found", "", *(f"- {each}" for each in result.faults)]
    with put_in_place(target) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
