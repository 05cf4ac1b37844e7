"""Whose a case is: from the key of an event to the child or worker, through the records that lead
there."""

from collections.abc import Collection, Iterator, Sequence

import duckdb

from orchestration.contract.extracts import EXTRACTS, Column, Extract

_STEPS = 4  # a plan leads to its assessment, that to its request, that to a child


def owners_of(
    mart: duckdb.DuckDBPyConnection, needs: Sequence[str], subjects: Collection[str]
) -> dict[str, str]:
    """Key of an event -> the hash of the child (or else the worker) whose it is, through as many
    records as lead there."""
    leads_to: dict[str, str] = {}
    asked = set(subjects)
    for _ in range(_STEPS):
        found = _direct_owners(mart, needs, asked)
        leads_to |= found
        asked = set(found.values()) - set(leads_to)
    owners = {}
    for subject in set(subjects) & set(leads_to):
        person = subject
        for _ in range(_STEPS):
            person = leads_to.get(person, person)
        owners[subject] = person
    return owners


def _direct_owners(
    mart: duckdb.DuckDBPyConnection, needs: Sequence[str], keys: Collection[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    if not keys:
        return found
    mart.execute("create or replace temp table asked (subject varchar)")
    mart.executemany("insert into asked values (?)", [[each] for each in keys])
    for extract in _related(needs):
        owner = _owner(extract)
        for name in dict.fromkeys((*extract.key, *_referred(extract))):
            if owner is None or name == owner.name:
                continue
            rows = mart.execute(
                f'select distinct cast("{name}" as varchar), cast("{owner.name}" as varchar)'
                f" from staging.stg_{extract.name} join asked"
                f' on subject = cast("{name}" as varchar) where "{owner.name}" is not null'
            ).fetchall()
            for key, leads_to in rows:
                found.setdefault(key, leads_to)
    return found


def _referred(extract: Extract) -> Iterator[str]:
    """Its columns that other records refer to; of a period of care that is no key."""
    referred = {column.refers_to for each in EXTRACTS.values() for column in each.columns}
    for column in extract.columns:
        if f"{extract.name}.{column.name}" in referred:
            yield column.name


def _owner(extract: Extract) -> Column | None:
    """The column that says whose row it is: the child, a person, or a record that leads there."""
    candidates = [
        extract.child,
        *(each for each in extract.columns if each.owns_row),
        *(each for each in extract.columns if each.refers_to and each.required),
        *(each for each in extract.columns if each.refers_to),
    ]
    return next((each for each in candidates if each), None)


def _related(needs: Sequence[str]) -> Iterator[Extract]:
    """The extracts that the indicator needs, then those that they refer to, and so on."""
    named = [name.partition(" for ")[0] for need in needs for name in need.split("|")]
    for name in named:
        named += [parent for parent in EXTRACTS[name].parents if parent not in named]
    for name in dict.fromkeys(named):
        if EXTRACTS[name].class_ in ("ssd", "sen", "local"):
            yield EXTRACTS[name]
