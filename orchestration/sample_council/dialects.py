"""Sample Borough's tables as the public scripts for a case system write them: `dialects.yml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.contract.extracts import EXTRACTS
from orchestration.sample_council.council import CODE_MAPS, MANIFEST

if TYPE_CHECKING:
    import pandas

FILE = Path(__file__).with_name("dialects.yml")
# the number of a step without the child's own: REF-000003-1 and CPP-000024-1-R2
_OWN = re.compile(r"^([A-Z0-9]+-[0-9]+)-[0-9]+(-R[0-9]+)?$")


@dataclass(frozen=True)
class Dialect:
    """One case system's way of writing; `dialects.yml` explains each field."""

    dates: str
    ended: bool = False
    persons: bool = False
    keeps: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    twice: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    doubled: int = 0

    def kept(self, extract: str) -> str:
        """SQL for the rows of an extract that the window from $since on lets through."""
        over = EXTRACTS[extract].closed_on if self.ended else ""
        return self.keeps.get(extract) or (
            f"{over} >= $since or {over} is null" if over else "true"
        )


_CONTENT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {name: Dialect(**told) for name, told in _CONTENT["systems"].items()}
)


def in_dialect(
    system: str, tables: Mapping[str, "pandas.DataFrame"], since: date
) -> Mapping[str, "pandas.DataFrame"]:
    """The tables of a case system as its scripts write them, from the day `since` on.

    `tables` are those of `make_council`. Reference data come along as they are, the code maps and
    what councils keep elsewhere do not. Raises `KeyError` for a system that is not known.
    """
    import duckdb

    dialect = DIALECTS[system]
    written = {
        name: frame.copy() for name, frame in tables.items() if EXTRACTS[name].class_ == "reference"
    }
    standard = _standard_codes(written.pop(CODE_MAPS))
    with duckdb.connect(":memory:") as connection:
        extracts = [name for name in tables if EXTRACTS[name].class_ == "ssd"]
        for name in extracts:
            connection.register(name, _translated(name, tables[name], standard))
        persons = _cut(connection, dialect, "ssd_person", since)
        connection.register("persons_kept", persons)
        for name in extracts:
            if name not in dialect.left_out:
                rows = _cut(connection, dialect, name, since)
                written[name] = _as_written(dialect, name, rows)
    manifest = tables[MANIFEST]
    manifest = manifest[manifest["extract"].isin(list(written))].assign(source_system=system)
    if dialect.ended:
        is_cut = manifest["extract"].isin(extracts)
        manifest = manifest.assign(
            timeframe_years=manifest["timeframe_years"].mask(is_cut),
            data_from=[since.isoformat() if cut else None for cut in is_cut],
        )
    return {**written, MANIFEST: manifest}


def _standard_codes(code_maps: "pandas.DataFrame") -> Mapping[str, Mapping[str, str]]:
    """Column ("extract.column") -> word of the sample's own case system -> code."""
    found: dict[str, dict[str, str]] = {}
    for row in code_maps.itertuples():
        found.setdefault(str(row.column), {})[str(row.source_value)] = str(row.standard_value)
    return found


def _translated(
    name: str, frame: "pandas.DataFrame", standard: Mapping[str, Mapping[str, str]]
) -> "pandas.DataFrame":
    """The rows with the contract's codes, and nothing in place of a day that stands for none."""
    words = {column: standard.get(f"{name}.{column}") for column in frame.columns}
    known = {column: frame[column].replace(told) for column, told in words.items() if told}
    days = frame.select_dtypes("datetime").columns
    return frame.assign(
        **known, **{day: frame[day].where(frame[day].dt.year > 1900) for day in days}
    )


def _cut(connection: Any, dialect: Dialect, name: str, since: date) -> "pandas.DataFrame":
    rows = dialect.queries.get(name, f"select * from {name}")
    kept = f"({dialect.kept(name)})"
    child = EXTRACTS[name].child
    if dialect.persons and child:
        is_kept = f"{child.name} in (select pers_person_id from persons_kept)"
        kept += f" and ({child.name} is null or {is_kept})"
    query = f"select * from ({rows}) where {kept}"
    frame: pandas.DataFrame = connection.execute(
        query, {"since": since} if "$since" in query else None
    ).df()
    return frame


def _as_written(dialect: Dialect, name: str, frame: "pandas.DataFrame") -> "pandas.DataFrame":
    """The rows with the words, the forms and the columns of a script."""
    import pandas

    if name == "ssd_person" and dialect.doubled:
        again = frame.iloc[:: dialect.doubled].assign(pers_ethnicity="OOTH")
        frame = pandas.concat([frame, again], ignore_index=True)
    columns: dict[str, Any] = {}
    for column in EXTRACTS[name].column_names:
        if column in dialect.left_out:
            continue
        cells = frame[column]
        if column in dialect.empty:
            cells = cells.astype(object).mask(cells.notna())
        elif cells.dtype.kind == "M":
            cells = cells.dt.strftime(dialect.dates)
        elif column in dialect.shared:
            cells = cells.map(lambda cell: _OWN.sub(r"\1\2", cell), na_action="ignore")
        elif column in dialect.small:
            cells = cells.str.lower()
        elif column == "cont_contact_outcome_json" and dialect.remarks:
            cells = _with_remarks(cells, dialect.remarks)
        words = dialect.words.get(f"{name}.{column}", {})
        columns[dialect.names.get(column, column)] = cells.map(
            lambda cell, words=words: words.get(cell, cell), na_action="ignore"
        )
        if column in dialect.twice:
            columns[column.upper()] = cells
    for column in _CONTENT["beside"].get(name, ()):
        if column not in dialect.left_out:
            columns[column] = None
    written = pandas.DataFrame(columns)
    if name == "ssd_professionals":
        only = "prof_professional_id" in dialect.empty
        written["prof_staff_id"] = ("" if only else "STAFF-") + frame["prof_professional_id"]
    return written


def _with_remarks(outcomes: "pandas.Series[Any]", remarks: tuple[str, ...]) -> "pandas.Series[Any]":
    """The outcomes with a remark at their end that nobody escaped."""
    told = [
        f'{outcome[:-1]}, "COMMENTS": "{remarks[number % len(remarks)]}"}}'
        if isinstance(outcome, str) and outcome.endswith("}")
        else outcome
        for number, outcome in enumerate(outcomes)
    ]
    return outcomes.astype(object).mask(outcomes.notna(), told)
