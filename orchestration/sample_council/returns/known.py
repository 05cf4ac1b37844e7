"""The council's extracts as they were known on a day."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from orchestration.contract.extracts import EXTRACTS, Column
from orchestration.sample_council.returns.standard_codes import answers, standard

if TYPE_CHECKING:
    import pandas

    Frame = pandas.DataFrame


def known(tables: Mapping[str, "Frame"], as_at: date) -> dict[str, "Frame"]:
    """The rows in the contract's codes, without those that happened after `as_at` and without days
    after it; 1900-01-01, which some systems keep for a day that is not there, is none."""
    made = {}
    for name in EXTRACTS.keys() & tables.keys():
        rows = standard(tables, name)
        for column in EXTRACTS[name].columns:
            if column.name in rows and column.type in ("date", "datetime"):
                rows = _of_days(rows, column, as_at)
            elif column.name in rows and column.type == "flag":
                rows[column.name] = answers(rows[column.name])
        made[name] = rows.reset_index(drop=True)
    return made


def _of_days(rows: "Frame", column: Column, as_at: date) -> "Frame":
    import pandas

    day = rows[column.name]
    later = day >= pandas.Timestamp(as_at) + pandas.Timedelta(days=1)
    if column.own_date:
        return rows[~later]
    none = (day <= pandas.Timestamp("1900-01-01")) | (later & (not column.required))
    return rows.assign(**{column.name: day.mask(none)})
