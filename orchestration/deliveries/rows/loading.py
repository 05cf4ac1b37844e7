"""Read, type and judge the rows of files that passed the gate, and store them.

Two steps, because a row may refer to a row of any other file of its delivery: `prepare` judges a
file alone and lays its good rows aside in the workshop, `store` empties the keys that lead nowhere
and puts rows in place.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.gate.gate import Gate
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cell_rules import Rule
from orchestration.deliveries.rows.cells import quoted, reference_key, sql_names
from orchestration.deliveries.rows.found import (
    counted_findings,
    judge,
    lost_people,
    month_first,
    other_volume,
    overlaps,
    too_many_unknown,
    unknown_flags,
    why_held,
)
from orchestration.deliveries.rows.keys import (
    is_any_known,
    keys_led_to,
    number_rows,
    second_numbers,
    share_keys,
)
from orchestration.deliveries.rows.reader import read_minus_one_as_yes, read_strictly
from orchestration.deliveries.rows.references import (
    drop_forgotten,
    make_lives,
    make_lookups,
    make_references,
)
from orchestration.deliveries.rows.rules import check_query, doubts, rules
from orchestration.deliveries.rows.unknown_children import set_aside_whole, unknown_children
from orchestration.deliveries.rows.workshop import Delivery, Rows, Workshop
from orchestration.files import put_in_place
from orchestration.reference.calendar import month_end

_GOOD = "faults = '' and copy_no = 1"


def prepare(
    workshop: Workshop, delivery: Delivery, gate: Gate, lookups: Mapping[str, Sequence[Path]]
) -> Rows:
    """Judge every row of the file and lay the good and the faulty ones aside in the workshop.

    `lookups` are the accepted rows of the extracts that cells are looked up in, by name. Where
    too many rows are faulty, too many codes unknown or the readers disagree, the findings refuse
    the file and no good rows are laid aside. Raises `RowsUnaccountedError`, and `duckdb.Error`,
    whose text must not be shown.
    """
    connection, contract = workshop.connection, _as_delivered(delivery.contract, gate)
    for left in (workshop.good_rows(contract.name), workshop.set_aside(contract.name)):
        left.unlink(missing_ok=True)
    if not read_strictly(connection, gate, workshop.folder):
        return Rows(findings=(finding("READER-DISAGREES"),))
    for name in contract.column_names:
        if name not in gate.columns:
            connection.execute(f'alter table delivered add column "{name}" varchar')
    read_minus_one_as_yes(connection, contract)
    dropped = drop_forgotten(connection, contract, delivery.paths.forgotten)
    numbered = number_rows(connection, contract)
    make_references(connection, contract, delivery.catalogue, delivery.geographies)
    mapped = make_lookups(connection, contract, lookups)
    make_lives(connection, contract, lookups)
    query = check_query(contract, delivery.as_at, mapped)
    connection.execute(f"create or replace table checked as {query}")
    set_aside = rules(contract, delivery.as_at)
    in_file = len(gate.lines) - dropped
    rows = judge(connection, set_aside, doubts(contract, delivery.as_at, mapped), in_file)
    shared = share_keys(connection, contract)
    second = second_numbers(connection, contract)
    found = (*too_many_unknown(contract, rows), *numbered, *shared, *second, *rows.findings)
    rows = replace(rows, findings=found)
    _list_codes_to_map(connection, delivery)
    held = (
        month_first(connection, contract)
        or why_held(contract, rows)
        or unknown_flags(contract, rows)
        or other_volume(delivery, rows)
    )
    if rows.quarantined or held:
        _lay_aside(workshop, contract, [rule.code for rule in set_aside], held, gate.sha256)
    if dropped:
        forgotten = finding("PERSON-FORGOTTEN", count=dropped)
        rows = replace(
            rows,
            in_file=rows.in_file + dropped,
            quarantined=rows.quarantined + dropped,
            findings=(*rows.findings, forgotten),
        )
    if held:
        # A held file loads nothing: its good rows are set aside with the faulty ones.
        return replace(
            rows,
            loaded=0,
            quarantined=rows.quarantined + rows.loaded,
            findings=(held, *rows.findings),
        )
    names = sql_names(column.name for column in contract.stored_columns)
    query = f"select {names}, line_no from checked where {_GOOD}"
    archive.write_parquet(connection, query, workshop.good_rows(contract.name), gate.sha256)
    return rows


def store(
    workshop: Workshop,
    delivery: Delivery,
    rows: Rows,
    sha256: str,
    parents: Mapping[str, Sequence[Path]],
    *,
    released: bool = False,
) -> Rows:
    """Put the prepared rows in place: good ones in raw, faulty ones in the quarantine.

    `parents` are the accepted rows of the extracts that rows refer to, by name; a key that is not
    there is emptied, unless it is the row's own [G9]. A held file leaves raw as it was, as does one
    about children whom nobody knows, unless that is `released` as right.
    """
    contract, connection = delivery.contract, workshop.connection
    good, faulty = workshop.good_rows(contract.name), workshop.set_aside(contract.name)
    if faulty.exists():
        target = delivery.quarantine_file
        archive.write_parquet(connection, archive.rows_of(faulty), target, sha256)
    else:
        delivery.quarantine_file.unlink(missing_ok=True)
    if not good.exists():
        return rows
    led_to = keys_led_to(contract, {**parents, contract.name: [good]})
    if contract.child and contract.child.name in led_to and not released:
        known = led_to[contract.child.name]
        held = unknown_children(connection, delivery, f"({archive.rows_of(good)})", known)
        if held:
            return set_aside_whole(workshop, delivery, rows, held, sha256)
    told = [
        Rule(
            "FK-ORPHAN",
            column.name,
            f'"{column.name}" is not null and {led_to[column.name]} is null',
        )
        for column in contract.columns
        if column.name in led_to
        and not (column.may_be_unknown and is_any_known(connection, good, led_to, column.name))
    ]
    findings = [
        *counted_findings(connection, f"({archive.rows_of(good)})", told),
        *overlaps(connection, contract, good),
        *lost_people(connection, delivery, good),
    ]
    cells = ", ".join(
        f'{led_to[name]} as "{name}"'
        if name in led_to and name not in contract.key
        else f'"{name}"'
        for name in (column.name for column in contract.stored_columns)
    )
    connection.execute(
        f"""
        create or replace table accepted as
        select {cells}, date '{month_end(delivery.month)}' as delivery_month, line_no
        from ({archive.rows_of(good)})
        """
    )
    stood_in = 0
    if rows.quarantined and contract.last_rows_stand_in and delivery.raw_file.exists():
        stood_in = _let_stand_in(connection, delivery)
    columns = sql_names(archive.archive_columns(contract))
    ordered = f"select {columns} from accepted order by {sql_names(contract.key)}"
    archive.write_parquet(connection, ordered, delivery.raw_file, sha256)
    return replace(rows, stood_in=stood_in, findings=(*rows.findings, *findings))


def _as_delivered(contract: Extract, gate: Gate) -> Extract:
    """The contract without the demand to fill a column that the file lacks altogether."""
    return replace(
        contract,
        columns=tuple(
            column if column.name in gate.columns else replace(column, required=False)
            for column in contract.columns
        ),
    )


def _lay_aside(
    workshop: Workshop,
    contract: Extract,
    codes: Sequence[str],
    held: Finding | None,
    sha256: str,
) -> None:
    """Faulty rows as delivered, with their codes; where the file is held, the good ones too.

    A person is a hash here as well, and what is dropped is dropped.
    """
    which = f"faults <> '' or {_GOOD}" if held else "faults <> ''"
    cells = ", ".join(
        f'{"checked" if column.person or column.kept_as else "delivered"}."{stored.name}"'
        for column in contract.columns
        for stored in column.stored
    )
    named = f"lambda number: ({list(codes)})[cast(number as integer) + 1]"
    query = f"""
        select
            checked.line_no,
            case when faults = '' then ['{held.code if held else ""}'] else
                list_transform(string_split(faults, ' '), {named})
            end as codes,
            {cells}
        from checked join delivered using (line_no) where {which} order by line_no
    """
    target = workshop.set_aside(contract.name)
    archive.write_parquet(workshop.connection, query, target, sha256)


def _list_codes_to_map(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """The words of this file that stand for no known code, as rows for ref_code_maps.csv that only
    want their last cell; for the owner of the data alone."""
    contract, target = delivery.contract, delivery.codes_to_map
    columns = [each for each in contract.columns if each.type == "code" and each.in_figures]
    listed = [
        f"""
        select '{contract.name}.{column.name}' as place, "{column.name}" as word from checked
        where "{column.name}" not in ({", ".join(quoted(code) for code in column.allowed)})
            and lower("{column.name}") not in (
                select source_value from code_map where name = '{column.name}'
            )
        """
        for column in columns
        if not contract.strict_codes
    ]
    query = f"select distinct place, word from ({' union all '.join(listed)}) order by all"
    words = connection.execute(query).fetchall() if listed else []
    if not words:
        target.unlink(missing_ok=True)
        return
    systems = EXTRACTS["ref_code_maps"].columns[0].allowed
    system = next((each for each in systems if each in delivery.source_system.lower()), "")
    with (
        put_in_place(target, forbidden=0o077) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as opened,
    ):
        writer = csv.writer(opened)
        writer.writerow(EXTRACTS["ref_code_maps"].column_names)
        writer.writerows((system, place, word, "") for place, word in words)


def _let_stand_in(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int:
    """Add to `accepted` the rows accepted before that the new file has no good row for."""
    contract = delivery.contract
    names, key = sql_names(contract.column_names), sql_names(contract.key)
    known = "".join(
        f" and {reference_key(column, column.name)} in (select key from ref_{column.reference})"
        for column in contract.columns
        if column.reference
    )
    earlier = archive.rows_of(delivery.paths.empty_file(contract.name), delivery.raw_file)
    (count,) = archive.one_row(
        connection,
        f"""
        insert into accepted by name
        select {names}, delivery_month from ({earlier})
        where ({key}) not in (select ({key}) from accepted){known}
        """,
    )
    return int(count)
