"""What councils may deliver: `extracts.yml` read into dataclasses, each entry checked.

A row rule is a SQL condition over the typed columns (and over the reference a column points to),
so typing, rules and documentation all come from that one file.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

ColumnType = Literal["string", "date", "datetime", "integer", "decimal", "flag", "code", "json"]
ExtractClass = Literal["manifest", "ssd", "sen", "local", "reference", "figures"]

CHILD = "ssd_person.pers_person_id"
CARE = "ssd_cla_episodes.clae_cla_id"
EXTRACTS_FILE = Path(__file__).with_name("extracts.yml")


class ContractError(ValueError):
    """An entry of `extracts.yml` is not as its head describes; the message says which one."""


@dataclass(frozen=True)
class Kept:
    """What is stored in place of a column that is dropped. Exactly one source is given:

    `json_key` (a Y or N of the JSON), `filled` (Y or N: whether there was a value) or `found_in`
    (a two-column extract that gives the value for its key).
    """

    name: str
    description: str
    json_key: str = ""
    filled: bool = False
    found_in: str = ""


@dataclass(frozen=True)
class Column:
    """One column; `extracts.yml` explains each field."""

    name: str
    description: str
    type: ColumnType = "string"
    required: bool = False
    or_by: str = ""
    may_be_absent: bool = False
    in_figures: bool = True
    person: bool = False
    allowed: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    code_first: bool = False
    by_map_only: bool = False
    refers_to: str = ""
    may_be_unknown: bool = False
    own_date: bool = False
    not_before: str = ""
    longest: int | None = None
    earliest: date = date(1990, 1, 1)
    to_the_minute: bool = False
    minimum: int | None = None
    maximum: int | None = None
    kept_as: tuple[Kept, ...] = ()
    reference: Literal["", "indicator", "geography", "authority"] = ""
    year: Literal["", "academic", "financial"] = ""
    of_times: tuple[str, ...] = ()
    compared: bool = True

    @property
    def owns_row(self) -> bool:
        """Whether the row is that of the person the column names, and goes when they do."""
        return self.person and (self.required or self.refers_to == CHILD)

    @property
    def stored(self) -> tuple["Column", ...]:
        """What the raw rows hold of this column: itself, or what is kept in its place."""
        if not self.kept_as:
            return (self,)
        return tuple(
            Column(kept.name, kept.description, "string" if kept.found_in else "flag")
            for kept in self.kept_as
        )


@dataclass(frozen=True)
class RowRule:
    """A rule over several cells of one row that are each well formed.

    `broken_when` is SQL over the extract's typed columns, `<decimal column>_places` (decimals as
    written) and the row's `indicator` (unit, time_basis, year_basis); null means not broken.
    """

    code: str
    columns: tuple[str, ...]
    broken_when: str
    expected: str


@dataclass(frozen=True)
class Extract:
    """A table that a council delivers as one CSV file a month; see `extracts.yml`.

    `last_rows_stand_in`: when rows of a redelivered month are quarantined, the rows accepted
    before for that month stay where the new file gives none (right for figures, which are keyed
    by period; wrong for rows about children, which may have been deleted on purpose).
    """

    name: str
    title: str
    class_: ExtractClass
    supplied_by: str
    grain: str
    history: Literal["own", "snapshot"]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...] = ()
    closed_on: str = ""
    counted_by_start: bool = False
    may_be_empty: bool = False
    strict_codes: bool = False
    last_rows_stand_in: bool = False
    one_at_a_time: bool = False
    each_number_counts: bool = False
    fuller_stands: bool = False

    @property
    def file_name(self) -> str:
        """The only file name that is accepted for this extract (in any case)."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns to deliver."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns of the raw rows, in order (without delivery_month and line_no)."""
        return tuple(stored for column in self.columns for stored in column.stored)

    @cached_property
    def child(self) -> Column | None:
        """The column that says which child of ssd_person a row is about."""
        return next((each for each in self.columns if each.refers_to == CHILD), None)

    @cached_property
    def owner(self) -> Column | None:
        """What tells rows apart whose number siblings share: the child, else the period of care."""
        of_care = (each for each in self.columns if each.refers_to == CARE and each.required)
        found = self.child or next(of_care, None)
        shares = len(self.key) == 1 and not self.fuller_stands
        return found if found and shares and found.name not in self.key else None

    @cached_property
    def happened_on(self) -> Column | None:
        """The column that says when the row happened or began."""
        return next((each for each in self.columns if each.own_date), None)

    @cached_property
    def ended_on(self) -> Column | None:
        """The column that says when what then began has ended."""
        start = self.happened_on
        return next((c for c in self.columns if start and c.not_before == start.name), None)

    def empty_is_unknown(self, column: Column) -> bool:
        """Whether an empty cell counts as a code that nobody knows: scripts leave out what their
        own lists do not hold, and the row is told all the same."""
        needed = column.type == "code" and column.required and not column.by_map_only
        return needed and self.class_ in ("ssd", "sen")

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The extracts that rows of this one are checked against."""
        named = {column.refers_to.split(".")[0] for column in self.columns if column.refers_to}
        named |= {kept.found_in for column in self.columns for kept in column.kept_as}
        if any(column.type == "code" for column in self.columns) and not self.strict_codes:
            named.add("ref_code_maps")
        return tuple(sorted(named - {"", self.name}))


def read_contract(file: Path = EXTRACTS_FILE) -> Mapping[str, Extract]:
    """Name -> extract, in the file's order. Raises `ContractError` for the first faulty entry."""
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    extracts: dict[str, Extract] = {}
    for entry in content["extracts"]:
        extract = _extract(entry)
        _raise(extract.name, {"stands there twice": extract.name in extracts})
        extracts[extract.name] = extract
    for extract in extracts.values():
        for column in extract.columns:
            _check_references(extract, column, extracts)
    return MappingProxyType(extracts)


def read_version(file: Path = EXTRACTS_FILE) -> int:
    """The version of the contract, which grows when a column or an extract goes."""
    found = re.search(r"^version: (\d+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ContractError(f"{file.name}: without version")
    return int(found[1])


def _extract(entry: Mapping[str, Any]) -> Extract:
    where = str(entry.get("name", "an extract without name"))
    entry = {("class_" if key == "class" else key): value for key, value in entry.items()}
    columns = tuple(_column(each, where) for each in entry.get("columns", ()))
    rules = tuple(_build(RowRule, each, f"{where}: a rule") for each in entry.get("rules", ()))
    extract: Extract = _build(Extract, {**entry, "columns": columns, "rules": rules}, where)
    names = [column.name for column in extract.stored_columns]
    named = {column.name: column for column in extract.columns}
    faults = {
        "two columns of one name": len(set(names)) < len(names) or len(named) < len(columns),
        "a key of columns that are not required": not extract.key
        or not all(name in named and named[name].required for name in extract.key),
        "a key column that is dropped or may be absent": any(
            named[name].kept_as or named[name].may_be_absent or not named[name].in_figures
            for name in extract.key
            if name in named
        ),
        "one at a time without child, start and end": extract.one_at_a_time
        and not (extract.child and extract.happened_on and extract.ended_on),
        "closed on a column that holds no date": bool(extract.closed_on)
        and not (
            extract.closed_on in named and named[extract.closed_on].type in ("date", "datetime")
        ),
        "a rule about a column that is not there": any(
            name not in named for rule in rules for name in rule.columns
        ),
    }
    _raise(where, faults)
    return extract


def _column(entry: Mapping[str, Any], extract: str) -> Column:
    where = f"{extract}.{entry.get('name', 'a column without name')}"
    kept = tuple(_build(Kept, each, where) for each in entry.get("kept_as", ()))
    column: Column = _build(Column, {**entry, "kept_as": kept}, where)
    dated = column.type in ("date", "datetime")
    numeric = column.type in ("integer", "decimal")
    _raise(
        where,
        {
            "codes for a column that is no code or flag": bool(column.allowed)
            and column.type not in ("code", "flag"),
            "a word for nothing that is a code": bool(set(column.nothing) & set(column.allowed)),
            "in no figure, but required, a person or kept as something else": not column.in_figures
            and (column.required or column.person or bool(column.kept_as)),
            "a code without its codes": column.type == "code" and not column.allowed,
            "a date's field for another type": not dated
            and bool(column.own_date or column.not_before or column.to_the_minute),
            "a number's field for another type": not numeric
            and (column.minimum, column.maximum) != (None, None),
            "a number without a minimum and a maximum": numeric
            and None in (column.minimum, column.maximum),
            "only one of not_before and longest": bool(column.not_before) != bool(column.longest),
            "a person, a key or a reference that is no string": column.type != "string"
            and bool(column.person or column.refers_to or column.reference),
            "json that nothing is kept of": column.type == "json" and not column.kept_as,
            "a description that does not end with a full stop": not all(
                each.description.endswith(".") for each in (column, *kept)
            ),
            "kept as neither or more than one of json_key, filled and found_in": any(
                bool(each.json_key) + each.filled + bool(each.found_in) != 1 for each in kept
            ),
        },
    )
    return column


def _check_references(extract: Extract, column: Column, extracts: Mapping[str, Extract]) -> None:
    where = f"{extract.name}.{column.name}"
    parent, _, name = column.refers_to.partition(".")
    same = {each.name: each for each in extracts[parent].columns} if parent in extracts else {}
    types = {each.name: each.type for each in extract.columns}
    found_in = [extracts.get(kept.found_in) for kept in column.kept_as if kept.found_in]
    _raise(
        where,
        {
            f"refers to {column.refers_to}, which is not there": bool(parent) and name not in same,
            "says who somebody is, unlike the column it refers to": name in same
            and same[name].person != column.person,
            f"not before {column.not_before}, which is not there or of another type": bool(
                column.not_before
            )
            and types.get(column.not_before) != column.type,
            f"or by {column.or_by}, which is not there": column.or_by not in ("", *types),
            "found in an extract that is not there or has not two columns": any(
                each is None or len(each.columns) != 2 or len(each.key) != 1 for each in found_in
            ),
        },
    )


def _build(cls: type, entry: Mapping[str, Any], where: str) -> Any:
    """An instance of the dataclass `cls` from a mapping whose keys and types fit its fields."""
    fields = {field.name: field for field in dataclasses.fields(cls)}
    needed = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    _raise(
        where,
        {
            f"unknown {', '.join(sorted(set(entry) - set(fields)))}": bool(
                set(entry) - set(fields)
            ),
            f"without {', '.join(sorted(needed - set(entry)))}": bool(needed - set(entry)),
        },
    )
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}
    for name, value in values.items():
        kind = fields[name].type
        allowed = get_args(kind)
        if allowed and all(isinstance(each, str) for each in allowed):
            fits = value in allowed
        elif kind == tuple[str, ...]:
            fits = isinstance(value, tuple) and all(isinstance(each, str) for each in value)
        else:
            fits = not isinstance(kind, type) or type(value) is kind
        _raise(where, {f"{name} of a kind that does not fit": not fits})
    return cls(**values)


def _raise(where: str, faults: Mapping[str, bool]) -> None:
    for fault, found in faults.items():
        if found:
            raise ContractError(f"extracts.yml: {where}: {fault}")


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

EXTRACTS = read_contract()
VERSION = read_version()
INDICATOR_RETURNS = EXTRACTS["indicator_returns"]
MANIFEST = EXTRACTS["extract_manifest"]
# "extract.column": texts that only name a row or team, in any letters (as hashes name persons)
IDENTIFIERS = frozenset(
    f"{extract.name}.{column.name}"
    for extract in EXTRACTS.values()
    if extract.class_ in ("ssd", "sen", "local")
    for column in extract.columns
    if column.type == "string" and (column.refers_to or column.name in extract.key)
) | {column.refers_to for extract in EXTRACTS.values() for column in extract.columns} - {""}
ROW_LEVEL = tuple(extract for extract in EXTRACTS.values() if extract is not INDICATOR_RETURNS)
