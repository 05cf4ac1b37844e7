"""The sample council's tables as a return needs them: its own words turned into standard codes,
rows that stand twice once, and answers as Y or N."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

ISO, BRITISH = "%Y-%m-%d", "%d/%m/%Y"
_ANSWERS = {"yes": "Y", "y": "Y", "1": "Y", "true": "Y", "no": "N", "n": "N", "0": "N"}
_ANSWERS |= {"false": "N"}


def standard(tables: Mapping[str, "pandas.DataFrame"], extract: str) -> "pandas.DataFrame":
    """The rows of an extract with the codes of the contract."""
    rows, maps = tables[extract].drop_duplicates(), tables["ref_code_maps"]
    for name in rows.columns:
        words = maps[maps["column"] == f"{extract}.{name}"]
        if len(words):
            codes = dict(zip(words["source_value"], words["standard_value"], strict=True))
            rows[name] = rows[name].map(lambda word, codes=codes: codes.get(word, word))
    return rows


def answers(column: "pandas.Series[str]") -> "pandas.Series[str]":
    """Y, N or nothing."""
    return column.astype("string").str.lower().map(_ANSWERS)


def as_text(column: "pandas.Series[pandas.Timestamp]", way: str) -> "pandas.Series[str]":
    """Days in this way of writing, nothing as an empty text."""
    import pandas

    return pandas.to_datetime(column).dt.strftime(way).fillna("")


def year_begun(as_at: date) -> date:
    """The 1 April on or before a day."""
    return date(as_at.year - (as_at.month < 4), 4, 1)


def open_in(
    rows: "pandas.DataFrame", starts: str, ends: str, begun: date, as_at: date
) -> "pandas.DataFrame":
    """Rows open on or after the day `begun`, those that end after `as_at` without their end."""
    import pandas

    first, last = pandas.Timestamp(begun), pandas.Timestamp(as_at)
    rows = rows[(rows[starts].dt.normalize() <= last) & ~(rows[ends] < first)]
    return rows.assign(**{ends: rows[ends].where(rows[ends] <= last)})
