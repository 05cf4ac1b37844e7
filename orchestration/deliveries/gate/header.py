"""The header of a file: which column of the contract each of its columns is."""

import csv
import difflib
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import permutations

from orchestration.contract.case_systems import ALIASES, STAND_INS
from orchestration.contract.extracts import Column, Extract
from orchestration.deliveries.gate.refused import refuse

_MAX_COLUMNS = 200
_NEARLY = 0.75


def by_contract(names: list[str], extract: Extract, lines: Iterable[str]) -> list[str]:
    """The names with those of other systems and versions put into the contract's.

    A number of rows that is there twice is read once where all of the file's `lines` below the
    header hold the same in both, or nothing in one; the other's name becomes that of no column.
    """
    aliases, stand_ins = ALIASES.get(extract.name, {}), STAND_INS.get(extract.name, {})
    own = [aliases.get(name, name) for name in names]
    found = [stand_ins.get(name, name) for name in own]
    doubled = {
        name: [place for place, each in enumerate(found) if each == name]
        for name in extract.key
        if found.count(name) > 1
    }
    filled, differ = _compared(lines, len(names), doubled.values()) if doubled else (set(), set())
    for name, places in doubled.items():
        # what only stands in comes last
        places.sort(key=lambda place: (place not in filled, own[place] != name))
        stands = places[0]
        for place in places[1:]:
            is_other = place in filled and (stands, place) in differ
            if own[place] != name or not is_other:
                found[place] = f"{name}_again"
    return found


def _compared(
    lines: Iterable[str], width: int, doubled: Collection[list[int]]
) -> tuple[set[int], set[tuple[int, int]]]:
    """Which columns hold anything, and which pairs of columns that are doubled differ somewhere, in
    rows that have as many cells as the header; a row that cannot be read ends them."""
    filled: set[int] = set()
    differ: set[tuple[int, int]] = set()
    places = {place for each in doubled for place in each}
    pairs = {pair for each in doubled for pair in permutations(each, 2)}
    with suppress(csv.Error):
        for row in csv.reader(lines):
            if len(row) == width:
                cells = {place: row[place].strip() for place in places}
                filled.update(place for place in places if cells[place])
                differ.update(pair for pair in pairs if cells[pair[0]] != cells[pair[1]])
    return filled, differ


def match_columns(names: list[str], header: str, extract: Extract) -> tuple[str | None, ...]:
    """The contract's name for each column of the file; refuses a header that does not fit."""
    wanted = extract.column_names
    missing = [
        column.name
        for column in extract.columns
        if column.name not in names
        and (_must_be_there(column, extract) or _is_renamed(column, names, wanted))
    ]
    if not any(names):
        refuse("HEADER-MISSING", line=1)
    if len(names) > _MAX_COLUMNS:
        refuse("HEADER-COLUMNS", line=1, what=f"{len(names)} columns in the first line")
    if len(names) == 1 < len(wanted) and re.search(r"[;\t|]", header):
        refuse("HEADER-COLUMNS", line=1, what="the columns are not separated by commas")
    if not set(names) & set(wanted):
        what = "the first line holds none of the contract's column names"
        refuse("HEADER-COLUMNS", line=1, what=what)
    for place, name in enumerate(names, 1):
        if name and name in names[: place - 1]:
            column = f"columns {names.index(name) + 1} and {place}"
            refuse("HEADER-DUPLICATE", line=1, column=column)
    if missing:
        what = "; ".join(_missing(name, names, wanted) for name in missing)
        refuse("HEADER-COLUMNS", line=1, column=", ".join(missing), what=what)
    if "" in names:
        column = f"column {names.index('') + 1}"
        refuse("HEADER-COLUMNS", line=1, column=column, what="a column without a name")
    return tuple(name if name in wanted else None for name in names)


def _must_be_there(column: Column, extract: Extract) -> bool:
    """Systems differ in their tables: without a column that need not be filled, its figures alone
    are lost. Whoever writes figures, reference data or a manifest by hand has forgotten it."""
    of_a_system = extract.class_ in ("ssd", "sen", "local")
    needed = column.required or not of_a_system
    return needed and column.in_figures and not column.may_be_absent


def _is_renamed(column: Column, names: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether a column that may be left out is there under nearly its name: its figures would be
    lost for a slip of the pen. The prefix that all columns of a table share says nothing."""
    if not column.in_figures:
        return False
    strangers = [_without_prefix(name) for name in names if name and name not in wanted]
    return bool(
        difflib.get_close_matches(_without_prefix(column.name), strangers, n=1, cutoff=_NEARLY)
    )


def _without_prefix(name: str) -> str:
    return re.sub("^[a-z0-9]{4}_", "", name)


def _missing(name: str, names: list[str], wanted: tuple[str, ...]) -> str:
    strangers = [other for other in names if other and other not in wanted]
    nearest = difflib.get_close_matches(name, strangers, n=1)
    if not nearest and len(strangers) == 1 and sum(other not in names for other in wanted) == 1:
        nearest = strangers
    if not nearest:
        return f"`{name}` is missing"
    place = names.index(nearest[0]) + 1
    return f"column {place} is not in the contract; the missing one is `{name}`"


def normal_name(name: str) -> str:
    """A column name without regard to case, spaces, hyphens or a byte-order mark."""
    return "_".join(
        name.strip("\ufeff \t\xa0").casefold().replace("-", " ").replace("_", " ").split()
    )


def split_row(row: str) -> list[str]:
    return next(csv.reader([row]))
