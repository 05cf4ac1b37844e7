"""Whether the rows of an extract are about children whom ssd_person does not know.

A few are so always. Many of them are another number for the same children, as where a spreadsheet
took the noughts off the front of it: no figure would count these children, and none would say so.
"""

import duckdb

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.cells import sql_names
from orchestration.deliveries.rows.workshop import Delivery, Rows, Workshop

_FEW = 5
_SHARE = 0.1
# A contact may be about a child of whom nothing else is known, and no figure counts it by child.
_NOT_BY_CHILD = ("ssd_contacts",)


def unknown_children(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, rows: str, known: str
) -> Finding | None:
    """The reason to hold back `rows`, if there is one; `known` is SQL for the child as it stands in
    ssd_person. Of what was over more than a year before the last day covered, ssd_person need not
    know the child."""
    contract = delivery.contract
    child = contract.child
    if not child or child.may_be_unknown or contract.name in _NOT_BY_CHILD:
        return None
    is_new = "true"
    if over := contract.closed_on:
        is_new = f"coalesce({over} > date '{delivery.as_at}' - interval 1 year, true)"
    is_unknown = f'"{child.name}" is not null and {known} is null'
    count, line, new = archive.one_row(
        connection,
        f"""
        select count(*) filter (where {is_unknown}), min(line_no) filter (where {is_unknown}),
            count(*)
        from {rows} where {is_new}
        """,
    )
    if count <= max(_FEW, _SHARE * new):
        return None
    return finding("CHILDREN-UNKNOWN", line=line, column=child.name, count=count)


def set_aside_whole(
    workshop: Workshop, delivery: Delivery, rows: Rows, held: Finding, sha256: str
) -> Rows:
    """Put the good rows aside with the faulty ones, for the reason `held`."""
    contract, connection = delivery.contract, workshop.connection
    good, faulty = workshop.good_rows(contract.name), workshop.set_aside(contract.name)
    names = [column.name for column in contract.stored_columns]
    cells = ", ".join(f'cast("{name}" as varchar) as "{name}"' for name in names)
    aside = f"""
        select line_no, ['{held.code}'] as codes, {cells} from ({archive.rows_of(good)})
    """
    if faulty.exists():
        aside += f"""
            union all
            select line_no, codes, {sql_names(names)} from ({archive.rows_of(faulty)})
        """
    archive.write_parquet(connection, aside, delivery.quarantine_file, sha256)
    return Rows(
        in_file=rows.in_file,
        quarantined=rows.quarantined + rows.loaded,
        duplicates=rows.duplicates,
        findings=(held, *rows.findings),
    )
