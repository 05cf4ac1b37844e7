"""Columns of returns put into the contract's form: days, codes and keys that no return has."""

import hashlib
from collections.abc import Sequence

import pandas as pd

from orchestration.deliveries.messages import Finding, finding

ISO, BRITISH = "%Y-%m-%d", "%d/%m/%Y"


def text(column: "pd.Series[str]") -> "pd.Series[str]":
    """Without blanks around it, and empty where there was nothing."""
    return column.astype(object).fillna("").str.strip()


def codes(column: "pd.Series[str]") -> "pd.Series[str]":
    """In capitals, as the lists of the Department for Education write them."""
    return text(column).str.upper()


def days(column: "pd.Series[str]", *ways: str) -> "pd.Series[pd.Timestamp]":
    """The days of text in any of the `ways` (of `strftime`); nothing where it is none of them."""
    told = text(column).str.slice(stop=10)
    found = pd.to_datetime(told, format=ways[0], errors="coerce")
    for way in ways[1:]:
        found = found.fillna(pd.to_datetime(told.where(found.isna()), format=way, errors="coerce"))
    return found


def iso(column: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
    """YYYY-MM-DD, empty for nothing."""
    return column.dt.strftime(ISO).fillna("")


def no_days(
    frame: pd.DataFrame, of: str, names: Sequence[str], read: pd.DataFrame
) -> list[Finding]:
    """A remark for each column of the table `of` that holds text in which no day was `read`; the
    lines are those of the column `line`."""
    found = []
    for name in names:
        bad = (text(frame[name]) != "") & read[name].isna()
        if bad.any():
            line = int(frame.loc[bad, "line"].iloc[0])
            what = f"{of}: a day that cannot be read; it is left empty"
            count = int(bad.sum())
            found.append(finding("RETURN-CELL", line=line, column=name, what=what, count=count))
    return found


def keys(*parts: "pd.Series[str]") -> "pd.Series[str]":
    """A key for each row, the same in every return that holds the row: made of its `parts`, and of
    how many rows before it have the same ones. Nobody can read the parts in it."""
    joined, *others = (part.astype(object).str.upper() for part in parts)
    for part in others:
        joined = joined + "\x1f" + part
    again = joined.groupby(joined).cumcount()
    joined = joined.where(again == 0, joined + "\x1f" + again.astype(str))
    hashed = [hashlib.blake2b(each.encode(), digest_size=16).hexdigest() for each in joined]
    return pd.Series(hashed, index=joined.index, dtype=object)
