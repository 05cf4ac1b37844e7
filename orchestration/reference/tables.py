"""The checked tables: what of each reference file may be used, what is wrong, what stands in.

Each file is read from `seeds/` every time. A file that cannot be used as a whole is stood in for by
the last good copy, the Parquet file that the last run wrote of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.catalogue.breakdowns import read_breakdowns
from orchestration.catalogue.for_dbt import relations, used_breakdowns
from orchestration.catalogue.indicators import (
    CatalogueError,
    Indicator,
    read_catalogue,
    read_entries,
)
from orchestration.catalogue.limits import filled
from orchestration.reference import reader, rules
from orchestration.reference.cells import EVERY
from orchestration.reference.contract import File, reference_files, returns_files
from orchestration.reference.faults import Fault
from orchestration.reference.table import (
    Row,
    Table,
    held_council,
    month_first,
    overlapping,
    repeated,
    typed_row,
    write_table,
)

COUNCILS = "councils"
"""What lies below a folder of this name is one council's of the pool."""
_AREAS = ("geography_code", "neighbour_code")
BOTH = " / "
"""Stands between the codes of two authorities that sent one return together."""


def seed(seeds: Path, council: str, path: str) -> Path:
    """A file below `seeds`: the council's own where there is one (`council` is empty outside a
    pool)."""
    own = seeds / COUNCILS / council / path
    return own if council and own.is_file() else seeds / path


@dataclass
class Reference:
    """Every reference file below `seeds`.

    `kept` is where the checked copies lie (None: there are none). `council` is the one of the pool
    that these are for, empty outside a pool: a file of its own, below `seeds/councils/<council>/`,
    stands in place of everybody's, and it is the council that sends rows. `today` is the day on
    which dates to come are seen as such. Of the catalogue nothing is left out: a fault of it is a
    `CatalogueError`.
    """

    seeds: Path
    kept: Path | None = None
    today: date = field(default_factory=date.today)
    council: str = ""
    _tables: dict[str, Table] = field(default_factory=dict, init=False, repr=False)
    _catalogue: Mapping[str, Indicator] | None = field(default=None, init=False, repr=False)

    def table(self, name: str) -> Table:
        """The checked table of a file of the contract, read once."""
        if name in self._tables:
            return self._tables[name]
        file = {**reference_files(), **returns_files()}[name]
        if file.is_catalogue:
            entries = read_entries(self.seeds)
            breakdowns = read_breakdowns(self.seeds, used_breakdowns(entries))
            for each, rows in relations(entries, self._limits(), breakdowns).items():
                self._tables[each] = Table(reference_files()[each], tuple(map(self._told, rows)))
        else:
            table = self._read(file)
            if name == "local_choices":
                table = replace(table, rows=tuple(map(self._told, table.rows)))
            self._tables[name] = table
        return self._tables[name]

    @property
    def area_codes(self) -> Mapping[str, str]:
        """Every code that an area is or was known by -> its code of today."""
        authorities = self.table("authorities").rows
        by_number = {row["old_la_code"]: row["geography_code"] for row in authorities}
        regions = self.table("regions").column("region_code")
        return {
            **{code: code for code in (*by_number.values(), *regions)},
            **{
                row["former_code"]: by_number[row["old_la_code"]]
                for row in self.table("former_codes").rows
                if row["former_code"] not in by_number.values()
            },
        }

    @property
    def limits(self) -> Mapping[str, str]:
        """The limits that definitions name. Raises `CatalogueError` where one of them is damaged:
        no figure is worked out by a limit that is not known."""
        table = self.table("limits")
        if table.left_out or not table.is_usable:
            raise CatalogueError("\n".join(map(str, table.faults)))
        return self._limits()

    def _limits(self) -> dict[str, str]:
        return {row["limit_id"]: row["value"] for row in self.table("limits").rows}

    def _told(self, row: Row) -> Row:
        """A row of the catalogue with the limits put into its texts."""
        limits = self._limits()
        return {
            name: filled(cell, limits) if isinstance(cell, str) else cell
            for name, cell in row.items()
        }

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        """The indicators that a row may be about."""
        if self._catalogue is None:
            self._catalogue = read_catalogue(self.seeds)
        return self._catalogue

    def write(self) -> dict[str, Table]:
        """Put the usable rows of every file into `kept`, for dbt; the tables by name.

        Where neither the file nor a good copy of it can be used, a Parquet file without rows.
        """
        assert self.kept is not None
        self.kept.mkdir(parents=True, exist_ok=True)
        tables = {name: self.table(name) for name in reference_files()}
        if not tables["bank_holidays"].is_usable:
            tables["row_level_council"] = held_council(tables["row_level_council"])
        for table in tables.values():
            if not table.is_usable:  # half a file is no good copy for the next run
                table = replace(table, rows=())
            if table.is_whole or not table.is_usable:
                write_table(table, self._kept_file(table.file))
        return tables

    def _kept_file(self, file: File) -> Path:
        assert self.kept is not None
        return self.kept / f"{file.name}.parquet"

    def _read(self, file: File) -> Table:
        if self.council and file.name == "row_level_council":
            return Table(file, ({"row": 1, "geography_code": self.council},))
        path = seed(self.seeds, self.council, file.path)
        file = replace(file, path=str(path.relative_to(self.seeds)))
        try:
            content = reader.read(
                path,
                [column.name for column in file.columns],
                {column.name for column in file.columns if column.optional},
            )
        except reader.Unreadable as unreadable:
            return self._stand_in(file, [unreadable.fault])
        if american := month_first(file, content.records):
            return self._stand_in(file, american)
        rows: list[Row] = []
        faults: list[Fault] = []
        left_out = []
        seen: dict[tuple[str, Any], Any] = {}
        for record in content.records:
            row, wrong = typed_row(file, record, seen, decimal_comma=content.decimal_comma)
            faults += wrong
            if wrong:
                left_out.append(record)
            else:
                rows.append({"row": record.row, **row})
        self._name_areas(file, rows)
        records = {record.row: record for record in content.records}
        for find in (self._unknown, repeated, overlapping, self._of_its_own):
            emptied, dropped = find(file, rows)
            faults += emptied + dropped
            gone = {fault.row for fault in dropped}
            rows = [row for row in rows if row["row"] not in gone]
            left_out += [records[number] for number in sorted(gone, key=lambda each: each or 0)]
        meanwhile = "its rows are used"
        told = (
            *(fault.placed(file.path, file.without) for fault in faults),
            *(fault.placed(file.path, meanwhile) for fault in content.remarks),
            *(fault.placed(file.path, meanwhile) for fault in rules.of_rows_that_lack(file, rows)),
        )
        table = Table(file, tuple(rows), told, tuple(left_out))
        whole = rules.of_the_whole_file(file, rows)
        if early := rules.of_its_end(file, rows, self.today):
            if len(rules.of_its_end(file, self._copy(file), self.today)) < len(early):
                whole += early
            else:
                placed = [fault.placed(file.path, meanwhile) for fault in early]
                table = replace(table, faults=(*placed, *table.faults))
        return self._stand_in(file, whole, table) if whole else table

    def _stand_in(self, file: File, whole: list[Fault], table: Table | None = None) -> Table:
        """The last good copy in place of a file that cannot be used."""
        table = table or Table(file)
        copy = self._copy(file)
        meanwhile = (
            f"the last good copy stands in: {len(copy)} rows"
            if copy
            else f"no good copy stands in: {file.without}"
        )
        return replace(
            table,
            rows=tuple(copy) or table.rows,
            faults=(*(fault.placed(file.path, meanwhile) for fault in whole), *table.faults),
            is_whole=False,
            is_usable=bool(copy),
        )

    def _copy(self, file: File) -> list[Row]:
        """The rows of the last good copy; none where there is no such copy, or not one of today's
        columns."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self.kept is None:
            return []
        try:
            copied = pq.read_table(self._kept_file(file))
        except (pa.ArrowException, OSError):
            return []
        if copied.schema.names != [column.name for column in file.columns]:
            return []
        return [{"row": row, **cells} for row, cells in enumerate(copied.to_pylist(), 1)]

    def _known(self, name: str, file: File, rows: Iterable[Row]) -> Collection[Any]:
        if name == "indicators":
            return self.catalogue
        other, _, column = name.partition(".")
        return {row[column] for row in (rows if other == file.name else self.table(other).rows)}

    def _name_areas(self, file: File, rows: Iterable[Row]) -> None:
        """Put the code of today in place of one that an area had before: it is the same area."""
        names = [column.name for column in file.columns if column.name in _AREAS]
        if file.name == "authorities" or not names:
            return
        todays = self.area_codes
        for row in rows:
            for name in names:
                if row[name] is not None:
                    codes = row[name].split(BOTH)
                    row[name] = BOTH.join(todays.get(code, code) for code in codes)

    def _unknown(self, file: File, rows: list[Row]) -> tuple[list[Fault], list[Fault]]:
        """What is named and is nowhere to be found."""
        emptied: list[Fault] = []
        dropped: list[Fault] = []
        for column in file.columns:
            if not column.known:
                continue
            known = self._known(column.known, file, rows)
            for row in rows:
                cell = row[column.name]
                if cell is None or cell in known or (column.every and cell == EVERY):
                    continue
                fault = Fault(
                    "REFERENCE-UNKNOWN",
                    row["row"],
                    column.name,
                    "it is not known",
                    "an indicator of the catalogue"
                    if column.known == "indicators"
                    else f"one of column {column.known.replace('.', ' of ')}",
                )
                if column.unknown_is_empty:
                    row[column.name] = None
                    emptied.append(replace(fault, meanwhile="the cell counts as empty"))
                else:
                    dropped.append(fault)
        return emptied, dropped

    def _of_its_own(self, file: File, rows: list[Row]) -> tuple[list[Fault], list[Fault]]:
        return [], rules.of_rows(file, rows, self)
