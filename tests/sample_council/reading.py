"""How the tests read the sample council: by the definitions, with plain pandas and numpy only."""

import csv
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from orchestration.settings import PROJECT

Tables = Mapping[str, pd.DataFrame]
PLACEHOLDER = pd.Timestamp("1900-01-01")
YES = {"y", "yes", "1", "true"}


@cache
def bank_holidays() -> np.ndarray:
    """Bank holidays of England, from the reference seed."""
    file = PROJECT / "seeds" / "reference" / "bank_holidays.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        days = [row["holiday_date"] for row in csv.DictReader(lines)]
    return np.array(days, dtype="datetime64[D]")


def working_days(start: pd.Series, end: pd.Series) -> np.ndarray:
    """Working days d with start < d <= end."""
    first, last = (days.to_numpy().astype("datetime64[D]") + 1 for days in (start, end))
    return np.busday_count(first, last, holidays=bank_holidays())


def rows(tables: Tables, extract: str) -> pd.DataFrame:
    """The rows of an extract, exact duplicates once."""
    return tables[extract].drop_duplicates()


def as_at(tables: Tables) -> pd.Timestamp:
    return tables["extract_manifest"]["data_as_at"].iloc[0]


def days_of(moments: pd.Series) -> pd.Series:
    return moments.dt.normalize()


def is_yes(answers: pd.Series) -> pd.Series:
    return answers.str.lower().isin(YES)


def mapped(tables: Tables, extract: str, column: str) -> pd.Series:
    """A column with the case system's words turned into standard values."""
    maps = tables["ref_code_maps"]
    maps = maps[maps["column"] == f"{extract}.{column}"]
    words = dict(zip(maps["source_value"], maps["standard_value"], strict=True))
    return rows(tables, extract)[column].map(lambda word: words.get(word, word))


def open_at(start: pd.Series, end: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Begun by `day` and not ended by then."""
    return (start <= day) & (end.isna() | (end > day))
