"""Annex A: the workbook of eleven lists that Ofsted asks for at an inspection."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sample_council.calendar import ONE_DAY, add_months
from orchestration.sample_council.returns import annex_a_labels as labels
from orchestration.sample_council.returns.annex_a_lists import LISTS, nobody, with_child
from orchestration.sample_council.returns.known import known

if TYPE_CHECKING:
    import pandas

    Frame = pandas.DataFrame
    Tables = Mapping[str, Frame]


def annex_a(tables: "Tables", as_at: date, *, months: int = 6) -> dict[int, "Frame"]:
    """The eleven lists as drawn at the end of `as_at`: what happened, ended or was open in the
    `months` before.

    `tables`: all extracts of the council, the care leavers as at that day. Days are timestamps.
    Who has died is on no list of those open. Lists 10 and 11 are empty: adopters are in no extract.
    """
    then = known(tables, as_at)
    since = add_months(as_at, -months) + ONE_DAY
    made = {}
    for number, headers in labels.HEADERS.items():
        rows = LISTS[number](then, since, as_at) if number in LISTS else nobody()
        made[number] = with_child(rows, then["ssd_person"], as_at).reindex(columns=headers)
    return made


def write_annex_a(
    lists: Mapping[int, "Frame"],
    file: Path,
    saved_on: date,
    *,
    year: int = 2024,
    text_days: bool = False,
) -> Path:
    """Write the lists as a workbook, saved on that day. `year` is that of the layout: List 9 asks
    for more from 2024 on. With `text_days` days are text, DD/MM/YYYY, as the public script writes
    them."""
    import pandas
    import xlsxwriter

    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"created": datetime(saved_on.year, saved_on.month, saved_on.day)})
        for number, frame in lists.items():
            sheet = workbook.add_worksheet(f"List {number}")
            old = [name for name in frame if number == 9 and name in labels.SINCE_2024]
            rows = frame.drop(columns=old if year < 2024 else [])
            sheet.write_row(0, 0, list(rows.columns))
            for place, name in enumerate(rows.columns):
                column = rows[name]
                if column.dtype.kind == "M":
                    days = (
                        column.dt.strftime("%d/%m/%Y") if text_days else column.dt.to_pydatetime()
                    )
                    column = pandas.Series(list(days), dtype=object)
                cells = column.astype(object).where(column.notna().to_numpy(), None)
                sheet.write_column(1, place, cells.tolist())
    return file
