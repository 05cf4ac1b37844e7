"""The tables of the SSDA903, 2019/20 to 2026/27, by their columns.

Names as in the Department for Education's guide to the return and in the validator that councils
share. Social workers came in 2023/24, deprivation of liberty in 2026/27.
"""

from collections.abc import Iterable, Mapping

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "episodes": (
        *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
        *("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
    ),
    "reviews": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "uasc": ("CHILD", "SEX", "DOB", "DUC"),
    "oc2": (
        *("CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK"),
        *("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE"),
        *("INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
    ),
    "oc3": ("CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"),
    "ad1": (
        *("CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR"),
        "LS_ADOPTR",
    ),
    "placed_for_adoption": (
        *("CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
    ),
    "previous_permanence": ("CHILD", "DOB", "PREV_PERM", "LA_PERM", "DATE_PERM"),
    "missing": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
    "sw_episodes": ("CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
    "dolo": ("CHILD", "DOB", "DOLO_START", "DOLO_END"),
}
# what the figures need, and the return was never without
NEEDED = {
    "header": ("CHILD", "SEX", "DOB"),
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"),
    "sw_episodes": ("CHILD", "SW_ID", "SW_DECOM", "SW_DEC"),
}
# days on which something happened, by which the year is told
HAPPENED = {
    "episodes": ("DECOM", "DEC"),
    "reviews": ("REVIEW",),
    "placed_for_adoption": ("DATE_PLACED", "DATE_PLACED_CEASED"),
    "missing": ("MIS_START", "MIS_END"),
    "sw_episodes": ("SW_DECOM", "SW_DEC"),
    "dolo": ("DOLO_START", "DOLO_END"),
}
_OF_ALL = {"CHILD", "SEX", "DOB"}
OWN = {table: frozenset(names) - _OF_ALL for table, names in COLUMNS.items()}
"""The columns by which a table is known from the others."""


def table_of(names: Iterable[str]) -> str:
    """The table that has these columns, or most of those that are its own; "" for none."""
    there = {name.strip().upper() for name in names}
    if "CHILD" not in there:
        return ""
    shares = {table: len(own & there) / len(own) for table, own in OWN.items()}
    best = max(shares, key=lambda table: shares[table])
    return best if shares[best] >= 0.5 else ""
