"""What holds a build back: figures that cannot be, and figures that moved too far.

Both are found by models of the build (`int_figure_faults`, `int_moved_figures`). What is said of
them names the indicator, the rule and the period, and never a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.reference.tables import Reference

MEANWHILE = "nothing is published: the last good figures stay"
_SQL = "mend the indicator's SQL or what it reads, then make check"
_ENTRY = "mend its entry in seeds/catalogue/ or its SQL, then make check"

# rule -> what was found, what was expected, what to do
RULES = {
    "ROW-DATE-EMPTY": ("rows without indicator_date", "the day or month end of every row", _SQL),
    "ROW-SUBJECT-EMPTY": ("rows without subject_id", "what each row counts", _SQL),
    "ROW-NUMERATOR-EMPTY": ("rows without numerator", "0 where a case does not count", _SQL),
    "ROW-DENOMINATOR-EMPTY": ("rows without denominator", "a denominator in every row", _SQL),
    "ROW-NEGATIVE": ("rows with a negative numerator or denominator", "0 for a miss", _SQL),
    "ROW-COUNTS-MORE": (
        "rows that do not count one case",
        "0 or 1 on either side, 1 in the denominator of a measure; or `adds: amounts`",
        _ENTRY,
    ),
    "ROW-ABOVE-WHOLE": (
        "rows whose numerator is above their denominator",
        "a share of the denominator; or `adds: amounts_apart`",
        _ENTRY,
    ),
    "ROW-COUNTS-NOTHING": (
        "cases of a share that are in neither side",
        "1 in the denominator of every case, and 0 in the numerator for a miss",
        _SQL,
    ),
    "ROW-NOT-MONTH-END": ("rows of a position on other days", "month ends only", _SQL),
    "SUBJECT-IS-PERSON": (
        "subject_id is a person, in an indicator of events",
        "the event's own key, so that two events of one person count twice",
        _SQL,
    ),
    "SUBJECT-NO-PERSON": (
        "no subject_id is a person, in an indicator of different people",
        "the person's id",
        _SQL,
    ),
    "SUBJECT-REPEATS": (
        "a subject counts more than once",
        "an event once, a position once a month end; or `repeats: true` where that is right",
        _ENTRY,
    ),
    "UNIT-BASIS": (
        "a unit that does not go with its time_basis",
        "counts for counts, days or hours for means and medians, percent or rates for shares",
        _ENTRY,
    ),
    "UNIT-COUNT-OUT-OF": ("a count that has denominators", "an empty denominator", _ENTRY),
    "UNIT-NOT-MEASURED": (
        "days or hours that are all 0 or 1, as in a share",
        "what each case took; or `adds: amounts` where that is right",
        _ENTRY,
    ),
    "UNIT-TOO-LARGE": (
        "days or hours that make years on average",
        "measures in the unit of the entry",
        _ENTRY,
    ),
    "UNIT-POPULATION": (
        "a rate with several denominators on a day, or one of more people than there are",
        "one population a day, in ten-thousands",
        _SQL,
    ),
    "EVENTS-LOST": (
        "rows that are in no month, or months that are in no figure",
        "every row inside the series in its month's figure",
        "mend the roll-up, then make check",
    ),
    "PARTS-NOT-WHOLE": (
        "parts that do not add up to the total",
        "a part for every row of a breakdown under `whole`",
        _ENTRY,
    ),
    "PARTS-ABOVE-WHOLE": ("parts that are more than the total", "each row in one part", _SQL),
    "FIGURE-NEGATIVE": ("a negative figure", "0 or more", _SQL),
    "FIGURE-ABOVE-WHOLE": (
        "a percentage whose numerator is above its denominator",
        "0 to 100 per cent",
        _SQL,
    ),
    "FIGURE-NOT-WHOLE": ("a count that is not whole", "whole numbers", _SQL),
    "FIGURE-EMPTY": ("a count without a number", "0 where nothing was counted", _SQL),
    "SQL-WITHOUT-ENTRY": (
        "an SQL file without an entry in the catalogue",
        "an entry with `source: rows` and this id in a file of seeds/catalogue/",
        "add the entry, or take the file away",
    ),
    "ENTRY-WITHOUT-SQL": (
        "an entry of the catalogue without its SQL file",
        "a file of this name under dbt_project/models/indicators/",
        "add the file, or take the entry away",
    ),
}


@dataclass(frozen=True)
class Moved:
    """A figure that moved further than its bound against what was published before."""

    indicator: str
    geography_code: str
    period_type: str
    period_end: date
    same_period: bool

    def line(self, as_at: str) -> str:
        """The message; `as_at` (YYYY-MM) is what a release has to name."""
        before = "what was published for it" if self.same_period else "the period before it"
        kind = self.period_type.replace("_", " ")
        return (
            f"FIGURE-MOVED | {self.indicator} | {self.geography_code}, {kind} to"
            f" {self.period_end.isoformat()} | further from {before} than the indicator's bound |"
            " at most `may_move` of the catalogue (half of it for a period that was published) |"
            " look at it with make check; if it is right, release it by a row with"
            f" {self.indicator},{self.geography_code},{as_at} and a reason in"
            f" seeds/released_figures.csv, and run again | {MEANWHILE}"
        )


@dataclass(frozen=True)
class Release:
    """Somebody answers for what moved with the delivery of `as_at`; no area means every area."""

    indicator: str
    geography_code: str
    as_at: str


def fault_line(indicator: str, rule: str) -> str:
    """CODE | file | found | expected | what to do | what happens meanwhile."""
    found, expected, to_do = RULES[rule]
    return f"{rule} | ind_{indicator}.sql | {found} | {expected} | {to_do} | {MEANWHILE}"


def read_faults(warehouse: Path) -> list[tuple[str, str]]:
    """(indicator, rule) of every fault of a build; none where the build did not come that far."""
    return [
        (str(indicator), str(rule))
        for indicator, rule in _rows(
            warehouse, "select indicator_id, rule from figures.int_figure_faults order by all"
        )
    ]


def read_moved(warehouse: Path) -> list[Moved]:
    """Every figure of a build that moved too far, released or not."""
    return [
        Moved(*each)  # type: ignore[arg-type]
        for each in _rows(
            warehouse,
            "select indicator_id, geography_code, period_type, period_end,"
            " held_against = 'same_period' from figures.int_moved_figures"
            " order by indicator_id, geography_code, period_end desc, period_type",
        )
    ]


def read_released(reference: Reference) -> frozenset[Release]:
    """The releases of `seeds/released_figures.csv`."""
    return frozenset(
        Release(str(row["indicator_id"]), str(row["geography_code"] or ""), f"{row['as_at']:%Y-%m}")
        for row in reference.table("released_figures").rows
    )


def held(moved: Iterable[Moved], released: frozenset[Release], as_at: str) -> list[Moved]:
    """What moved too far and nobody has released for the delivery of `as_at` (YYYY-MM)."""
    return [
        each
        for each in moved
        if not {Release(each.indicator, area, as_at) for area in (each.geography_code, "")}
        & released
    ]


def _rows(warehouse: Path, query: str) -> list[tuple[object, ...]]:
    import duckdb

    try:
        with duckdb.connect(str(warehouse), read_only=True) as build:
            return build.execute(query).fetchall()
    except (duckdb.CatalogException, duckdb.IOException):
        return []
