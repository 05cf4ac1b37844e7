"""Numbers of rows: shared by siblings, absent, second ones of one thing, and where they lead.

Some case systems number a step of work that was done for several children together, and write a
row for each child under that one number. Such a number is stored with the child before it, so that
each row has its own, and rows of the child that refer to it lead to the child's row.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.contract.extracts import CHILD, EXTRACTS, Extract
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows import archive

_FEW = 5
_REFERRED_TO = {column.refers_to for each in EXTRACTS.values() for column in each.columns}


def number_rows(connection: duckdb.DuckDBPyConnection, extract: Extract) -> list[Finding]:
    """Number the rows of `delivered` by their lines where none has a number and nothing refers to
    it: a column that a script leaves empty costs no figure then."""
    [*others, key] = extract.key
    if others or extract.class_ != "ssd" or f"{extract.name}.{key}" in _REFERRED_TO:
        return []
    rows, numbered = archive.one_row(connection, f'select count(*), count("{key}") from delivered')
    if numbered or not rows:
        return []
    connection.execute(f"update delivered set \"{key}\" = 'line ' || line_no")
    return [finding("KEY-EMPTY", line=1, column=key)]


def share_keys(connection: duckdb.DuckDBPyConnection, extract: Extract) -> list[Finding]:
    """Put the child (or period of care) before a number in `checked` that several of them share."""
    if not extract.owner:
        return []
    key, owner = f'"{extract.key[0]}"', f'"{extract.owner.name}"'
    good = "faults = '' and copy_no = 1"
    is_shared = f"""
        {good} and {owner} is not null and {key} in (
            select {key} from checked where {good}
            group by {key} having min({owner}) <> max({owner})
        )
    """
    count, line = archive.one_row(
        connection, f"select count(*), min(line_no) from checked where {is_shared}"
    )
    if not count:
        return []
    connection.execute(f"update checked set {key} = {owner} || ' ' || {key} where {is_shared}")
    return [finding("KEY-SHARED", line=line, column=extract.key[0], count=count)]


def second_numbers(connection: duckdb.DuckDBPyConnection, extract: Extract) -> list[Finding]:
    """Rows of `checked` that are the same as another in all but their number, as far as it was
    delivered, where each number counts."""
    if not extract.each_number_counts:
        return []
    number, whose = extract.key[0], _whose(extract)
    same = ", ".join(
        f'{"delivered" if column.kept_as else "checked"}."{column.name}"'
        for column in extract.columns
        if column.name != number
    )
    count, line = archive.one_row(
        connection,
        f"""
        select coalesce(sum(rows - 1), 0), min(last_line) from (
            select count(*) as rows, max(line_no) as last_line
            from checked join delivered using (line_no)
            where faults = '' and copy_no = 1 and checked."{whose}" is not null
            group by {same} having count(*) > 1
        )
        """,
    )
    return [finding("KEY-SECOND", line=line, column=number, count=int(count))] if count else []


def _whose(extract: Extract) -> str:
    """What tells whether two rows are about one thing: the child or other person, else the record
    that they refer to."""
    others = [each for each in extract.columns if each.name not in extract.key]
    persons = [each.name for each in others if each.person]
    return next(iter([*persons, *(each.name for each in others if each.refers_to)]))


def keys_led_to(contract: Extract, parents: Mapping[str, Sequence[Path]]) -> dict[str, str]:
    """Column -> SQL for the key in the extract it refers to, null where it is not there; for the
    extracts that have come."""
    found = {}
    for column in contract.columns:
        parent, _, name = column.refers_to.partition(".")
        if parent not in parents:
            continue
        there = archive.rows_of(*parents[parent])
        known = f'(select "{name}" from ({there}) where "{name}" is not null)'
        led_to = f'when "{column.name}" in {known} then "{column.name}"'
        owner = EXTRACTS[parent].owner
        if (
            contract.child
            and owner
            and owner.refers_to == CHILD
            and EXTRACTS[parent].key == (name,)
        ):
            shared = f'"{contract.child.name}" || \' \' || "{column.name}"'
            led_to += f" when {shared} in {known} then {shared}"
        found[column.name] = f"case {led_to} end"
    return found


def is_any_known(
    connection: duckdb.DuckDBPyConnection, good: Path, led_to: Mapping[str, str], name: str
) -> bool:
    """Whether one of the keys in a column leads somewhere, or there are few of them: where many may
    be unknown, not all are but where they are other numbers."""
    known, there = archive.one_row(
        connection,
        f'select count({led_to[name]}), count("{name}") from ({archive.rows_of(good)})',
    )
    return bool(known or there <= _FEW)
