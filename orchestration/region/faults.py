"""What can go wrong with the figures of a pool's councils, each with its code."""

from orchestration.reference.faults import Fault

CODES = {
    "POOL-FIGURES-MISSING": "there are no figures of a council of the pool",
    "POOL-FIGURES-UNREADABLE": "the file of a council's figures cannot be read, or lacks a column",
    "POOL-FIGURES-FOREIGN": "the figures are another council's than the folder's",
    "POOL-FIGURES-REPEATED": "two rows of one figure",
    "POOL-COUNCIL-UNKNOWN": "figures of a council that is not in the pool",
}
"""What each code is about; a fault says it more closely."""

_EXPECTED = {
    "POOL-FIGURES-MISSING": ("figures.parquet, written by the council's own run", "run its job"),
    "POOL-FIGURES-UNREADABLE": (
        "the Parquet file that the council's own run writes",
        "run the council's job again",
    ),
    "POOL-FIGURES-FOREIGN": (
        "one geography_code throughout, that of the folder",
        "see whose rows were delivered into the council's folder, and run its job again",
    ),
    "POOL-FIGURES-REPEATED": (
        "one row for each indicator, period, breakdown and part",
        "run the council's job again",
    ),
    "POOL-COUNCIL-UNKNOWN": (
        "a row for the council in seeds/reference/pool.csv",
        "add the row, or move the council's folder away",
    ),
}


def fault(code: str, file: str) -> Fault:
    """`CODE | file | - | found | expected | what to do | what happens meanwhile`"""
    expected, do = _EXPECTED[code]
    meanwhile = "the pool is added up without this council, which is named as missing"
    return Fault(code, None, None, CODES[code], expected, do, file=file, meanwhile=meanwhile)
