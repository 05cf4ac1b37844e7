"""Several readings of the same table as one: what the newest says, and before it the older."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from orchestration.contract.extracts import Extract
from orchestration.deliveries.readers.reading import Span

PERSONS = "ssd_person"
"""Whom other tables are about: every return's people are in it."""


@dataclass(frozen=True)
class Part:
    """What one return has of an extract, and the name of its format."""

    rows: pd.DataFrame
    span: Span
    format: str


def joined(extract: Extract, parts: Sequence[Part]) -> Part:
    """The rows of one extract out of `parts`, of which there is at least one.

    The newest wins for all that it covers, of two of one day that which goes further back. Of older
    ones of the same format what was over before its first day is added, as long as no day between
    them is covered by none; of an extract whose rows have no end every key that the newest lacks.
    Rows keep their order, the newest first.
    """
    ordered = sorted(parts, key=lambda each: each.span.data_from or date.max)
    newest, *older = sorted(ordered, key=lambda each: each.span.as_at, reverse=True)
    if not extract.closed_on and extract.history == "own":
        # persons and workers have no time of their own
        timeless = replace(newest.span, data_from=None)
        return Part(_one_of_each(extract, [newest, *older]), timeless, newest.format)
    tables, data_from = [newest.rows], newest.span.data_from
    known = set(_keys(extract, newest.rows))
    for each in (part for part in older if part.format == newest.format):
        if data_from is None or extract.closed_on not in each.rows:
            break
        if each.span.as_at < data_from - timedelta(days=1):
            break
        over = each.rows[extract.closed_on].str[:10]
        older = each.rows[(over != "") & (over < data_from.isoformat())]
        keys = _keys(extract, older)
        tables.append(older[~keys.isin(known)])
        known.update(keys)
        data_from = _earlier(each.span.data_from, data_from)
    rows = pd.concat(tables, ignore_index=True).astype(object).fillna("")
    return Part(rows, replace(newest.span, data_from=data_from), newest.format)


def _one_of_each(extract: Extract, parts: Sequence[Part]) -> pd.DataFrame:
    """One row a key, each cell from the newest return that fills it."""
    rows = pd.concat([each.rows for each in parts], ignore_index=True)
    filled = rows.replace("", pd.NA)
    first = filled.groupby(_keys(extract, rows), sort=False).first()
    return first.astype(object).fillna("")[rows.columns].reset_index(drop=True)


def _keys(extract: Extract, rows: pd.DataFrame) -> "pd.Series[str]":
    """The key of each row as check-in compares it: without case."""
    joined, *others = (rows[name].astype("str") for name in extract.key)
    for part in others:
        joined = joined + "\0" + part
    return joined.str.upper().astype("object")


def _earlier(one: date | None, other: date) -> date | None:
    return None if one is None else min(one, other)
