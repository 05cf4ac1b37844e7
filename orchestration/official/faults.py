"""What can go wrong with official figures, each with its code; told as faults of reference data."""

from orchestration.reference.faults import Fault

CODES = {
    "OFFICIAL-UNREACHABLE": "no answer: no network, a time-out, or an error of the service",
    "OFFICIAL-BUSY": "the service asks for fewer requests, after several waits",
    "OFFICIAL-VERSION": "the data set, or its pinned version, is not there any more",
    "OFFICIAL-NEWER": "a newer version than the pinned one is out",
    "OFFICIAL-ANSWER": "an answer that is cut off, not whole, or no CSV or JSON",
    "OFFICIAL-COLUMNS": "a column that is read is not in the file",
    "OFFICIAL-LABEL": "no row has the label that is read: of a filter, an area or a period",
    "OFFICIAL-REPEATED": "several rows for one area and period: a filter is missing",
    "OFFICIAL-ROW": "a row that cannot be right: its area, number, cells, or beside other years",
    "OFFICIAL-HELD": "a statistic that would take away or contradict figures that are there",
    "OFFICIAL-NOT-WRITTEN": "benchmarks.parquet cannot be written: no right to it, or a full disk",
    "OFFICIAL-UNUSED": "a file in the folder of downloads that no pinned version goes by",
}
"""What each code is about; a fault says it more closely."""

STAYS = "the figures that are there stay"


class NotUsed(Exception):
    """A data set that cannot be used as a whole; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def fault(
    code: str,
    file: str,
    found: str,
    expected: str,
    do: str,
    *,
    row: int | None = None,
    column: str | None = None,
    meanwhile: str = STAYS,
    is_remark: bool = False,
) -> Fault:
    """`CODE | data set and version | where | found | expected | what to do | meanwhile`"""
    return Fault(code, row, column, found, expected, do, is_remark, file, meanwhile)
