"""The lists that Ofsted and the Care Quality Commission ask for at an inspection of services for
children with special educational needs (Annex A, SEND): List 1, children with an EHC plan.

A plan that has ended is on no list, so that they speak for their last day only. List 2, children
with SEN support, holds nothing that a figure could be worked out from.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.columns import keys
from orchestration.deliveries.readers.last_day import last_day, month_end_of
from orchestration.deliveries.readers.reading import Format, Look, Reading, Span, UnreadableError
from orchestration.deliveries.readers.workbooks.cells import day_from, text
from orchestration.deliveries.readers.workbooks.opening import Workbook, open_workbook
from orchestration.deliveries.readers.workbooks.tables import (
    Column,
    Table,
    list_number,
    table_of,
)


def part_of(look: Look) -> str:
    """A workbook of one or two lists, the first of which has the day of a first plan."""
    numbers = sorted(filter(None, map(list_number, look.sheets)))
    if numbers not in ([1], [1, 2]):
        return ""
    try:
        with open_workbook(look.file) as workbook:
            return "" if _plans(workbook).missing else "workbook"
    except UnreadableError:
        return ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The plans of one workbook. Raises `UnreadableError`."""
    [file] = files["workbook"]
    with open_workbook(file) as workbook:
        table = _plans(workbook)
        saved_on = workbook.saved_on or date.today()
    if table.missing:
        what = "List 1 lacks a column that figures need"
        raise UnreadableError(finding("RETURN-LAYOUT", column=table.missing[0], what=what))
    rows = table.rows
    as_at = last_day(
        (rows[name] for name in ("issued", "updated", "reviewed") if name in rows), saved_on
    )
    if as_at is None:
        raise UnreadableError(finding("RETURN-YEAR", what="no day on which anything happened"))
    plans = rows[["issued"]].set_axis(["ehcn_named_plan_start_date"], axis=1)
    plans = plans.assign(ehcn_named_plan_id=keys(rows["child"], rows["issued"]))
    since = as_at.replace(day=1) if as_at == month_end_of(as_at) else as_at
    covers = {"ssd_ehcp_named_plan": Span(since, as_at)}
    return Reading({"ssd_ehcp_named_plan": plans}, covers, remarks=tuple(table.remarks))


def _plans(workbook: Workbook) -> Table:
    day = day_from(workbook.first_day)
    [sheet] = [name for name in workbook.sheets if list_number(name) == 1]
    columns = {
        "child": Column("Unique ID", text, "(child)?uniqueid", needed=True),
        "issued": Column("Date initial EHC plan issued", day, needed=True),
        "updated": Column("Date updated EHC plan issued", day, may_be_absent=True),
        "reviewed": Column("Date EHC plan last reviewed", day, may_be_absent=True),
    }
    return table_of(workbook.sheet(sheet), "List 1", columns)


FORMAT = Format(name="sen_lists", part_of=part_of, read=read)
