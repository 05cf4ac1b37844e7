"""The indicator catalogue, a file per dashboard in `seeds/catalogue/`, read and checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.catalogue.yaml_file import UnreadableYaml, read_keys
from orchestration.contract.extracts import EXTRACTS

FOLDER = "catalogue"
REQUIRED = {
    "id",
    "name",
    "tier",
    "unit",
    "time_basis",
    "polarity",
    "basis",
    "disclosure_class",
    "counts",
    "why",
    "source",
}
OPTIONAL = {"decimals", "year", "out_of", "area", "change_tolerance", "may_move"}
# Only where `source` is `rows`; `needs` is required there.
OF_ROWS = {
    "needs",
    "starts",
    "history_months",
    "chain",
    "months",
    "maturity_wd",
    "breakdowns",
    "shares",
    "shares_of_rest",
    "compared_part",
    "filled",
    "calendar_years",
    "variants",
    "whole",
    "adds",
    "repeats",
}
OF_A_FILE = {"dashboard", "title", "indicators"}
CHAIN = {"model", "from", "until"}
COLUMNS = {"indicator_date", "subject_id", "numerator", "denominator", "total"}
DASHBOARDS = range(1, 9)
ALLOWED: dict[str, set[Any]] = {
    "tier": {"headline", "core", "supporting"},
    "unit": {"count", "percent", "rate_per_10k", "days", "hours", "weeks", "cases"},
    "time_basis": {
        "period_flow_count",
        "period_flow_ratio",
        "period_mean",
        "period_median",
        "period_distinct_count",
        "snapshot_count",
        "snapshot_ratio",
        "rolling_12m_ratio",
        "annual",
    },
    "polarity": {"higher", "lower", "neutral"},
    "basis": {"statutory", "statutory_guidance", "national_definition", "local", "context"},
    "disclosure_class": {"child_attribute", "process", "child_count", "workforce", "open"},
    "decimals": {0, 1, 2, 3},
    "year": {"financial", "academic"},
    "months": {"delivered", "with_rows"},
    "adds": {"cases", "amounts", "amounts_apart"},
    "source": {"rows", "returns"},
    "repeats": {True},
    "calendar_years": {True},
}
_LISTS = {"needs", "breakdowns", "shares", "filled", "variants", "whole"}
_MAPPINGS = {"shares_of_rest", "compared_part", "chain"}
_PARTS = ("breakdowns", "shares", "shares_of_rest")
_TEXTS = (REQUIRED | {"out_of", "area", "starts"}) - _LISTS
_NUMBERS = {"history_months", "maturity_wd", "change_tolerance", "may_move"}
_WHOLE = {"history_months", "maturity_wd"}
_NUMBERS_BELOW = 10_000
_Found = tuple[str, str, str]
"""Key, what was found, what was expected."""


class CatalogueError(ValueError):
    """Entries of `seeds/catalogue/` are not as docs/analyst.md describes; the message lists them, a
    line each, with file and line."""


@dataclass(frozen=True)
class Indicator:
    """What Python needs to know of an indicator; the rest is dbt's business.

    `needs` are the extracts that its figures stand on, alternatives with | between.
    """

    unit: str
    time_basis: str
    year_basis: str
    needs: tuple[str, ...] = ()
    polarity: str = "neutral"
    decimals: int = 1


def catalogue_fault(file: str, where: str, found: str, expected: str) -> str:
    """CODE | file | where | found | expected | what to do | what happens meanwhile."""
    return (
        f"CATALOGUE-ENTRY | seeds/{file} | {where} | {found} | {expected} | "
        "correct the entry and run again | nothing is built, and what is published stays"
    )


@dataclass(frozen=True)
class Entry:
    """One indicator as it stands in its file: the keys and the line of each."""

    file: str
    line: int
    dashboard_no: int
    dashboard: str
    told: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.told.get("id", "an entry without id"))

    def fault(self, found: _Found) -> str:
        """The message about a key of the entry."""
        key, what, expected = found
        return catalogue_fault(
            self.file, f"line {self.lines.get(key, self.line)}, {self.id}, {key}", what, expected
        )


def read_catalogue(seeds: Path) -> dict[str, Indicator]:
    """Indicator id -> entry, in catalogue order. Raises `CatalogueError`, naming all faults."""
    return {
        entry.id: Indicator(
            unit=entry.told["unit"],
            polarity=entry.told["polarity"],
            time_basis=entry.told["time_basis"],
            year_basis=entry.told.get("year", "financial"),
            needs=tuple(entry.told.get("needs", ())),
            decimals=entry.told.get("decimals", 0 if entry.told["unit"] == "count" else 1),
        )
        for entry in read_entries(seeds)
    }


def read_entries(seeds: Path) -> list[Entry]:
    """Every entry, by dashboard and as they stand there. Raises `CatalogueError`."""
    faults: list[str] = []
    entries: list[Entry] = []
    for path in sorted((seeds / FOLDER).glob("*.yml")):
        entries += _read_file(path, faults)
    entries.sort(key=lambda entry: entry.dashboard_no)
    seen: dict[str, Entry] = {}
    for entry in entries:
        faults += [entry.fault(found) for found in _faults(entry.told)]
        first = seen.setdefault(entry.id, entry)
        if first is not entry:
            what = f"it stands in line {first.line} of {first.file} as well"
            faults.append(entry.fault(("id", what, "each once")))
    if not entries and not faults:
        raise CatalogueError(
            catalogue_fault(FOLDER, "-", "there is no entry", "a file per dashboard")
        )
    if faults:
        raise CatalogueError("\n".join(faults))
    return entries


def _read_file(path: Path, faults: list[str]) -> list[Entry]:
    """The entries of one file; what is wrong with its form goes to `faults`."""
    file = f"{FOLDER}/{path.name}"

    def wrong(line: int, found: str, expected: str) -> None:
        faults.append(catalogue_fault(file, f"line {line}", found, expected))

    try:
        keys, told = read_keys(path)
    except UnreadableYaml as error:
        found = "a key that stands there twice" if error.twice else error.found
        wrong(error.line, found, error.expected)
        return []
    if set(told) != OF_A_FILE or not isinstance(told["indicators"], list):
        wrong(1, f"the keys are not {', '.join(sorted(OF_A_FILE))}", "those three")
        return []
    if type(told["dashboard"]) is not int or told["dashboard"] not in DASHBOARDS:
        wrong(keys["dashboard"][0], "no such dashboard", "1 to 8")
        return []
    if not is_text(told["title"]):
        wrong(keys["title"][0], "no title", "a text")
        return []
    entries = []
    for each, facts in zip(keys["indicators"][1].value, told["indicators"], strict=True):
        line = each.start_mark.line + 1
        if not isinstance(facts, dict):
            wrong(line, "no entry", "keys and values")
            continue
        lines = [key.start_mark.line + 1 for key, _ in each.value]
        if len(each.value) != len(facts):
            wrong(line, "a key that stands there twice", "each key once")
        places = dict(zip((key.value for key, _ in each.value), lines, strict=True))
        title = str(told["title"])
        entries.append(Entry(file, line, told["dashboard"], title, facts, places))
    return entries


def _faults(told: Mapping[str, Any]) -> Iterator[_Found]:
    """What is wrong with one entry."""
    of_rows = OF_ROWS if told.get("source") == "rows" else set()
    required = REQUIRED | ({"needs"} if of_rows else set())
    for key in sorted(required - set(told)):
        yield key, "it is missing", "a value"
    for key in sorted(set(told) - REQUIRED - OPTIONAL - of_rows):
        yield key, "the key is not known", "the keys of docs/analyst.md"
    for key, value in told.items():
        if key in ALLOWED and not _is_one_of(value, ALLOWED[key]):
            listed = ", ".join(sorted(str(each).lower() for each in ALLOWED[key]))
            yield key, "not such a value", f"one of {listed}"
        elif key in _LISTS and not (isinstance(value, list) and _are_texts(value)):
            yield key, "no list of words", "words in square brackets, or one a line after a dash"
        elif key in _MAPPINGS and not (isinstance(value, dict) and _are_texts(value.values())):
            yield key, "no pairs", "a name, a colon and its text"
        elif key == "maturity_wd" and isinstance(value, str):
            continue  # the name of a limit
        elif key in _NUMBERS and not (
            type(value) in ({int} if key in _WHOLE else {int, float})
            and 0 <= value < _NUMBERS_BELOW
        ):
            whole = "whole " if key in _WHOLE else ""
            yield key, f"no {whole}number of at least 0", f"a {whole}number"
        elif key in _TEXTS and not is_text(value):
            yield key, "no text", "a text"
        else:
            continue
        return
    if told.get("may_move") == 0:
        yield "may_move", "0", "a number above 0"
    yield from _named(told)


def _is_one_of(value: Any, allowed: set[Any]) -> bool:
    """Of the same kind too: yes is no number, and 1.0 not a whole one."""
    return any(type(value) is type(each) and value == each for each in allowed)


def _are_texts(values: Any) -> bool:
    return all(isinstance(each, str) for each in values)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _named(told: Mapping[str, Any]) -> Iterator[_Found]:
    """An id that is none, and extracts, columns and parts that an entry names and are nowhere."""
    if not re.fullmatch("[a-z][a-z0-9_]*", told["id"]):
        yield "id", "no id", "small letters, digits and _"
    parts = [each for key in _PARTS for each in told.get(key, ())]
    if len(set(parts)) < len(parts) or set(parts) & COLUMNS:
        yield next(key for key in _PARTS if key in told), "a part twice", "columns of its own, once"
    if not told.get("needs", ("returns",)):
        yield "needs", "no extract", "those that its rows come from"
    for key in ("whole", "compared_part"):
        if set(told.get(key, ())) - set(told.get("breakdowns", ())):
            yield key, "not among its breakdowns", "one of its breakdowns"
    if set(told.get("chain", CHAIN)) != CHAIN:
        yield "chain", "other keys", ", ".join(sorted(CHAIN))
    for need in told.get("needs", ()):
        # alternatives stand with | between; the column after "for" is one that code maps explain
        if any(each.partition(" for ")[0] not in EXTRACTS for each in need.split("|")):
            yield "needs", "no such extract", "extracts of docs/what-to-send-us.md"
    columns = {
        (extract.name, column.name)
        for extract in EXTRACTS.values()
        for column in extract.stored_columns
    }
    for key, places in (
        # a value may follow: the one that has to occur
        ("filled", [each.partition("=")[0] for each in told.get("filled", ())]),
        ("starts", [each for each in str(told.get("starts", "")).split("|") if each]),
    ):
        if any(tuple(place.split(".", 1)) not in columns for place in places):
            yield key, "no such column", "extract.column of docs/what-to-send-us.md"


def unmatched_models(seeds: Path, dbt_project: Path) -> tuple[list[str], list[str]]:
    """Ids of `ind_` files that no entry with `source: rows` names, and of such entries that have no
    file."""
    entries = {entry.id for entry in read_entries(seeds) if entry.told["source"] == "rows"}
    files = {file.stem.removeprefix("ind_") for file in (dbt_project / "models").rglob("ind_*.sql")}
    return sorted(files - entries), sorted(entries - files)
