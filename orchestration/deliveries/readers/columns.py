"""Columns of returns put into the contract's form: days, codes and keys that no return has."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.reading import UnreadableError

ISO, BRITISH = "%Y-%m-%d", "%d/%m/%Y"
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}")


def text(column: "pd.Series[str]") -> "pd.Series[str]":
    """Without blanks around it, and empty where there was nothing."""
    return column.astype("str").fillna("").str.strip()


def codes(column: "pd.Series[str]") -> "pd.Series[str]":
    """In capitals, as the lists of the Department for Education write them."""
    return text(column).str.upper()


def days(column: "pd.Series[str]", *ways: str) -> "pd.Series[pd.Timestamp]":
    """The days of text in any of the `ways` (of `strftime`); nothing where it is none of them."""

    def read(seen: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
        told = seen.str.strip().str.slice(stop=10)
        found = pd.to_datetime(told, format=ways[0], errors="coerce")
        for way in ways[1:]:
            other = pd.to_datetime(told.where(found.isna()), format=way, errors="coerce")
            found = found.fillna(other)
        return found

    return _each_once(column, read)


def refuse_month_first(cells: Iterable[Any], column: str) -> None:
    """Raises `UnreadableError` where a column shows that its days are written month first, and
    others of them would pass for days of another month."""
    told = (_DAY.match(cell.strip()) for cell in set(cells) if isinstance(cell, str))
    days = [(int(found[1]) > 12, int(found[2]) > 12) for found in told if found]
    if (False, True) in days and (False, False) in days and (True, False) not in days:
        raise UnreadableError(finding("DATE-MONTH-FIRST", column=column))


def iso(column: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
    """YYYY-MM-DD, empty for nothing."""
    places, seen = pd.factorize(column, use_na_sentinel=False)
    told = pd.Series(pd.to_datetime(seen)).dt.strftime(ISO).fillna("")
    return _spread(told, places, column.index)


def _each_once(
    column: "pd.Series[str]", change: Callable[["pd.Series[str]"], "pd.Series[Any]"]
) -> "pd.Series[Any]":
    """The column changed, each text that occurs in it once: few days and codes make many rows."""
    places, seen = pd.factorize(column.astype("str").fillna(""))
    return _spread(change(pd.Series(seen, dtype="str")), places, column.index)


def _spread(values: "pd.Series[Any]", places: Any, index: "pd.Index[Any]") -> "pd.Series[Any]":
    return values.take(places).set_axis(index)


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
    joined, *others = map(codes, parts)
    for part in others:
        joined = joined + "\x1f" + part
    hashed = _hashed(joined)
    if (again := hashed.duplicated()).any():
        before = hashed.groupby(hashed).cumcount()[again]
        hashed[again] = _hashed(joined[again] + "\x1f" + before.astype("str"))
    return hashed.astype("str")


def _hashed(told: "pd.Series[str]") -> "pd.Series[Any]":
    return pd.Series(
        pd.util.hash_array(told.to_numpy(dtype=object), categorize=False), index=told.index
    )
