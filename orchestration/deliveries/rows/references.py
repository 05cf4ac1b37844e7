"""What rows are held against, as tables beside `delivered`: known codes, places, lives.

`row_rules` says which of them its query reads.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.case_systems import CODES
from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cells import lookup_key, spelled, trimmed
from orchestration.reference.geographies import Geographies


def drop_forgotten(
    connection: duckdb.DuckDBPyConnection, contract: Extract, forgotten: Path
) -> int:
    """Take the rows of the forgotten out before anything is made of them; how many they were.

    `forgotten` lists their hashes. In rows of others their mention is emptied.
    """
    persons = [column for column in contract.columns if column.person]
    if not persons or not forgotten.exists():
        return 0
    hashes = forgotten.read_text(encoding="ascii").split()
    is_theirs = {
        column.name: f"""(
            pseudonym({trimmed(column)}) in (select hash from forgotten)
            or pseudonym_as_written({trimmed(column)}) in (select hash from forgotten)
        )"""
        for column in persons
    }
    theirs = " or ".join(is_theirs[column.name] for column in persons if column.owns_row)
    connection.execute(
        "create or replace table forgotten as select unnest($hashes::varchar[]) as hash",
        {"hashes": hashes},
    )
    (dropped,) = archive.one_row(connection, f"delete from delivered where {theirs or 'false'}")
    for column in persons:
        connection.execute(
            f"""
            update delivered set "{column.name}" = null where {is_theirs[column.name]}
            """
        )
    return int(dropped)


def make_references(
    connection: duckdb.DuckDBPyConnection,
    contract: Extract,
    catalogue: Mapping[str, Indicator],
    geographies: Geographies,
) -> None:
    """The tables `ref_indicator`, `ref_geography` and `ref_authority` of what is known, each by its
    `key`, where the contract names one."""
    if not any(column.reference for column in contract.columns):
        return
    for name, known in (("geography", geographies.todays), ("authority", geographies.numbers)):
        connection.execute(
            f"""
            create or replace table ref_{name} as
            select {spelled("said")} as key, min(meant) as meant
            from (select unnest($said::varchar[]) as said, unnest($meant::varchar[]) as meant)
            group by key having key <> '' and min(meant) = max(meant)
            """,
            {"said": list(known), "meant": list(known.values())},
        )
    indicators = list(catalogue.values())
    connection.execute(
        """
        create or replace table ref_indicator as
        select lower(unnest($code::varchar[])) as key, unnest($code::varchar[]) as meant,
            unnest($unit::varchar[]) as unit,
            unnest($time_basis::varchar[]) as time_basis,
            unnest($year_basis::varchar[]) as year_basis
        """,
        {
            "code": list(catalogue),
            "unit": [indicator.unit for indicator in indicators],
            "time_basis": [indicator.time_basis for indicator in indicators],
            "year_basis": [indicator.year_basis for indicator in indicators],
        },
    )


def make_lookups(
    connection: duckdb.DuckDBPyConnection,
    contract: Extract,
    lookups: Mapping[str, Sequence[Path]],
) -> set[str]:
    """The tables `code_map` and one for each extract that values are looked up in.

    Gives the columns that there are codes for; those that mean nothing without the council's own
    map only where it has come.
    """
    for kept in (kept for column in contract.columns for kept in column.kept_as if kept.found_in):
        sought, found = (each.name for each in EXTRACTS[kept.found_in].columns)
        there = lookups.get(kept.found_in)
        rows = (
            f"({archive.rows_of(*there)})" if there else f"(select null as {sought}, '' as {found})"
        )
        connection.execute(
            f"""
            create or replace table {kept.found_in} as
            select {lookup_key(sought)} as sought,
                case when min({found}) = max({found}) then min({found}) end as found
            from {rows} where {sought} is not null group by all
            """
        )
    meant = {
        (f"{contract.name}.{column.name}", code.lower())
        for column in contract.columns
        for code in column.allowed
    }
    there = lookups.get("ref_code_maps")
    query = f"""
        select lower("column"), lower(source_value), lower(standard_value)
        from ({archive.rows_of(*there or ())})
    """
    maps = connection.execute(query).fetchall() if there else []
    known = [
        (place.partition(".")[2], source) for place, source, code in maps if (place, code) in meant
    ]
    own = {name for name, _ in known}
    known += [(column, word) for extract, column, word in CODES if extract == contract.name]
    connection.execute(
        """
        create or replace table code_map as
        select unnest($names::varchar[]) as name, unnest($sources::varchar[]) as source_value
        """,
        {"names": [name for name, _ in known], "sources": [source for _, source in known]},
    )
    only_by_map = {column.name for column in contract.columns if column.by_map_only}
    return {name for name, _ in known} - (only_by_map - own)


def make_lives(
    connection: duckdb.DuckDBPyConnection,
    contract: Extract,
    lookups: Mapping[str, Sequence[Path]],
) -> None:
    """The table `lives`: from when to when the children lived whom the rows may be about."""
    if not (contract.child and contract.happened_on):
        return
    there = lookups.get("ssd_person")
    rows = (
        f"select pers_person_id, pers_dob, pers_death_date from ({archive.rows_of(*there)})"
        if there
        else "select '', cast(null as date), cast(null as date) limit 0"
    )
    connection.execute(
        f"create or replace table lives as from ({rows}) as lives(person, born, died)"
    )
