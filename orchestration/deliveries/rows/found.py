"""What was found in the rows of a file: how many, by which rule, first in which line; and whether
that holds the file back."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.contract.extracts import Extract
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cell_rules import Rule
from orchestration.deliveries.rows.cells import trimmed
from orchestration.deliveries.rows.workshop import Delivery, Rows

# Of fewer rows than these no share says anything.
_FEW = 100


class RowsUnaccountedError(RuntimeError):
    """Rows loaded, quarantined and repeated do not add up to the rows of the file."""


def judge(
    connection: duckdb.DuckDBPyConnection,
    set_aside: Sequence[Rule],
    let_in: Sequence[Rule],
    in_file: int,
) -> Rows:
    """Count the rows by what becomes of them, and say what was found in them."""
    loaded, quarantined, duplicates, doubted = archive.one_row(
        connection,
        """
        select
            count(*) filter (where faults = '' and copy_no = 1),
            count(*) filter (where faults <> ''),
            count(*) filter (where faults = '' and copy_no > 1),
            count(*) filter (where doubts <> '')
        from checked
        """,
    )
    if in_file != loaded + quarantined + duplicates:
        raise RowsUnaccountedError
    doubtful = "select line_no, doubts as numbers from checked where doubts <> ''"
    faulty = """
        select line_no, faults as numbers from checked where faults <> ''
        union all
        select line_no, '-1' from checked where faults = '' and copy_no > 1
    """
    findings = _numbered(connection, doubtful, let_in) if doubted else []
    if quarantined or duplicates:
        # The repeated rows' -1 is the last of the list.
        listed = [*set_aside, Rule("ROW-DUPLICATE", None, "")]
        findings += _numbered(connection, faulty, listed)
    return Rows(in_file, loaded, quarantined, duplicates, findings=tuple(findings))


def why_held(contract: Extract, rows: Rows) -> Finding | None:
    """Why the file is held back whole, if it is."""
    faulty = rows.quarantined - rows.of_no_data
    is_void = rows.loaded == 0 < rows.in_file - contract.may_be_empty * rows.of_no_data
    if faulty > _allowance(rows) or is_void:
        return finding("TOO-MANY-BAD-ROWS", count=rows.quarantined)
    return None


def month_first(connection: duckdb.DuckDBPyConnection, contract: Extract) -> Finding | None:
    """The reason to hold a file of which a column shows that its days are written month first,
    and others of its days would pass for days of another month."""
    for column in contract.columns:
        if column.type not in ("date", "datetime") or not column.in_figures:
            continue
        cell = trimmed(column)
        one_to_twelve, more = "(0?[1-9]|1[0-2])", "(1[3-9]|2[0-9]|3[01])"
        kinds = {
            "month_first": f"{one_to_twelve}[/.-]{more}",
            "day_first": f"{more}[/.-]{one_to_twelve}",
            "either": f"{one_to_twelve}[/.-]{one_to_twelve}",
        }
        counted = ", ".join(
            f"count(*) filter (where regexp_matches(cell, '^{kind}[/.-][0-9]{{4}}'))"
            for kind in kinds.values()
        )
        is_proof = f"regexp_matches(cell, '^{kinds['month_first']}[/.-][0-9]{{4}}')"
        proofs, against, either, line = archive.one_row(
            connection,
            f"""
            select {counted}, min(line_no) filter (where {is_proof})
            from (select {cell} as cell, line_no from delivered)
            """,
        )
        if proofs and either and not against:
            return finding("DATE-MONTH-FIRST", line=line, column=column.name, count=proofs)
    return None


def too_many_unknown(contract: Extract, rows: Rows) -> list[Finding]:
    """The columns in which so many codes are unknown that no figure is made of them."""
    # of a column that only the council's own map explains, what it leaves out means nothing
    used = {
        each.name
        for each in contract.columns
        if each.in_figures and not each.by_map_only and each.type != "flag"
    }
    return [
        finding("CODES-UNMAPPED", line=found.line, column=found.column, count=found.count)
        for found in rows.findings
        if found.code == "CODE-UNKNOWN" and found.column in used and found.count > _allowance(rows)
    ]


def unknown_flags(contract: Extract, rows: Rows) -> Finding | None:
    """The reason to hold a file in which many answers of yes or no are neither: rows are told by
    such an answer, and an empty one would stand for one of them."""
    flags = {each.name for each in contract.columns if each.in_figures and each.type == "flag"}
    for found in rows.findings:
        unknown = found.code == "CODE-UNKNOWN" and found.column in flags
        if unknown and found.count > _allowance(rows):
            line, column = found.line, found.column
            return finding("FLAGS-UNKNOWN", line=line, column=column, count=found.count)
    return None


def _allowance(rows: Rows) -> float:
    return max(5, (rows.in_file - rows.of_no_data) / 100)


def other_volume(delivery: Delivery, rows: Rows) -> Finding | None:
    """Whether the file has 30 % fewer or 50 % more rows than the one accepted last."""
    before = delivery.before
    if before is None or before.released or before.rows_in_file < _FEW:
        return None
    of_data = rows.in_file - rows.of_no_data
    if 0.7 * before.rows_in_file <= of_data <= 1.5 * before.rows_in_file:
        return None
    return finding("VOLUME-DROP")


def overlaps(connection: duckdb.DuckDBPyConnection, contract: Extract, good: Path) -> list[Finding]:
    """Rows of a child that overlap where one should follow the other."""
    child, start, end = contract.child, contract.happened_on, contract.ended_on
    if not (contract.one_at_a_time and child and start and end):
        return []
    beside = f"""(
        select line_no, {end.name} as ended, {start.name} as started,
            max(coalesce({end.name}, date '9999-12-31')) over earlier as covered_until,
            count(*) filter (where {end.name} is null) over earlier as open_before
        from ({archive.rows_of(good)})
        window earlier as (
            partition by {child.name} order by {start.name}, line_no
            rows between unbounded preceding and 1 preceding
        )
    )"""
    is_open_twice = "ended is null and open_before > 0"
    return counted_findings(
        connection,
        beside,
        [
            Rule("OPEN-TWICE", f"{child.name}, {end.name}", is_open_twice),
            Rule("OVERLAP", start.name, f"started < covered_until and not ({is_open_twice})"),
        ],
    )


def lost_people(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, good: Path
) -> list[Finding]:
    """People of the last delivery that this one does not know, where they are many."""
    key = {column.name: column for column in delivery.contract.columns}[delivery.contract.key[0]]
    if not (key.person and len(delivery.contract.key) == 1 and delivery.before):
        return []
    earlier = archive.rows_of(
        delivery.paths.empty_file(delivery.contract.name), delivery.before.raw_file
    )
    known, gone = archive.one_row(
        connection,
        f"""
        select count(*), count(*) filter (where {key.name} not in (
            select {key.name} from ({archive.rows_of(good)})
        ))
        from ({earlier})
        """,
    )
    if known < _FEW or gone <= 0.2 * known:
        return []
    return [finding("ID-CHURN", column=key.name, count=gone)]


def _numbered(
    connection: duckdb.DuckDBPyConnection, rows: str, listed: Sequence[Rule]
) -> list[Finding]:
    """A finding for each rule whose place in `listed` stands in `rows` (line_no, numbers)."""
    broken = connection.execute(
        f"""
        select number, min(line_no), count(*)
        from (
            select line_no, cast(unnest(string_split(numbers, ' ')) as integer) as number
            from ({rows})
        )
        group by number order by min(line_no), number
        """
    ).fetchall()
    return [
        finding(
            listed[number].code,
            line=line,
            column=listed[number].column,
            expected=listed[number].expected,
            count=count,
        )
        for number, line, count in broken
    ]


def counted_findings(
    connection: duckdb.DuckDBPyConnection, table: str, listed: Sequence[Rule]
) -> list[Finding]:
    """A finding for each rule of `listed` that a row of `table` breaks."""
    if not listed:
        return []
    lines = ", ".join(
        f"case when {rule.broken_when} then line_no end as broken_{place}"
        for place, rule in enumerate(listed)
    )
    counted = ", ".join(
        f"min(broken_{place}), count(broken_{place})" for place in range(len(listed))
    )
    found = archive.one_row(connection, f"select {counted} from (select {lines} from {table})")
    return [
        finding(rule.code, line=line, column=rule.column, count=count)
        for rule, line, count in zip(listed, found[::2], found[1::2], strict=True)
        if count
    ]
