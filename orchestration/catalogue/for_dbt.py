"""The catalogue as dbt gets it: tables, which SQL joins, and what it must know before it reads one.

The latter, which SQL there is and which columns are named, is the macro `catalogue`, and the limits
the macro `limit`: made before every build and by
`python -m orchestration.commands.reference_sources`.
"""

import hashlib
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.catalogue.breakdowns import Breakdown
from orchestration.catalogue.indicators import CatalogueError, Entry, read_entries
from orchestration.catalogue.limits import filled, unknown
from orchestration.contract.extracts import EXTRACTS
from orchestration.files import put_in_place

MACRO = "macros/catalogue.sql"
BLOCKS = "models/indicators/indicators.md"
_FACTS = ("unit", "time_basis", "year", "needs", "starts", "history_months", "months", "filled")
"""What changes figures, beside the SQL."""
_Row = dict[str, Any]


def relations(
    entries: Sequence[Entry], limits: Mapping[str, str], breakdowns: Sequence[Breakdown]
) -> dict[str, list[_Row]]:
    """The entries as the tables of `reference.yml` whose path is in the catalogue, by name; `row`
    is the line of the entry."""
    found: dict[str, list[_Row]] = {
        "indicators": [_facts(order, entry, limits) for order, entry in enumerate(entries, 1)],
        "breakdown_labels": [row for each in breakdowns for row in _labels(each)],
    }
    for name, rows in (
        ("indicator_needs", _needs),
        ("indicator_starts", _starts),
        ("indicator_columns_filled", _filled),
        ("indicator_breakdowns", _breakdowns),
        ("indicator_choices", _choices),
    ):
        found[name] = [
            {"row": entry.line, "indicator_id": entry.id, **row}
            for entry in entries
            for row in rows(entry.told)
        ]
    return found


def _facts(order: int, entry: Entry, limits: Mapping[str, str]) -> _Row:
    told = entry.told
    facts = "|".join(f"{key}={told.get(key)}" for key in _FACTS)
    return {
        "row": entry.line,
        "indicator_id": entry.id,
        "catalogue_order": order,
        "indicator_name": told["name"],
        "dashboard_no": entry.dashboard_no,
        "dashboard": entry.dashboard,
        "decimals": told.get("decimals"),
        "year_basis": told.get("year"),
        "has_calendar_years": told.get("calendar_years", False),
        "months_rule": told.get("months"),
        "repeats": told.get("repeats", False),
        "maturity_wd": _maturity(told.get("maturity_wd"), limits),
        "definition_facts": hashlib.md5(facts.encode(), usedforsecurity=False).hexdigest(),
        **{
            key: told.get(key)
            for key in (
                *("tier", "unit", "time_basis", "polarity", "basis", "disclosure_class", "source"),
                *("history_months", "adds", "area", "counts", "out_of", "why"),
            )
        },
        **{
            key: Decimal(str(told[key])) if key in told else None
            for key in ("may_move", "change_tolerance")
        },
    }


def _maturity(told: int | str | None, limits: Mapping[str, str]) -> int | None:
    """A number, or that of a limit."""
    return int(limits.get(told, 0)) if isinstance(told, str) else told


def _needs(told: Mapping[str, Any]) -> Iterator[_Row]:
    for number, need in enumerate(told.get("needs", ()), 1):
        for choice, extract in enumerate(need.split("|"), 1):
            yield {"need_no": number, "choice": choice, "extract_name": extract}


def _starts(told: Mapping[str, Any]) -> Iterator[_Row]:
    for choice, place in enumerate(told.get("starts", "").split("|"), 1):
        if place:
            yield {"choice": choice, "starts_column": place}


def _filled(told: Mapping[str, Any]) -> Iterator[_Row]:
    for place in told.get("filled", ()):
        yield {"column_name": place}


def _is_coded(place: str) -> bool:
    """Whether staging translates the codes of the column `extract.column` and may not know one."""
    extract, _, name = place.partition(".")
    columns = {each.name: each for each in EXTRACTS[extract].stored_columns}
    return name in columns and columns[name].type == "code"


def _breakdowns(told: Mapping[str, Any]) -> Iterator[_Row]:
    rest = told.get("shares_of_rest", {})
    for number, (breakdown, share_of) in enumerate(_parts(told), 1):
        yield {
            "breakdown": breakdown,
            "part_no": number,
            "share_of": share_of,
            "makes_whole": breakdown in told.get("whole", ()),
            "rest_text": rest[breakdown] if share_of == "rest" else None,
            "compared_value": told.get("compared_part", {}).get(breakdown),
        }


def _labels(of: Breakdown) -> Iterator[_Row]:
    """The breakdown's own label, without a part, and those of its parts."""
    row = {"row": of.line, "breakdown": of.name}
    yield {**row, "part": None, "place": None, "label": of.label}
    for part in dict.fromkeys((*of.order, *of.parts)):
        place = of.order.index(part) + 1 if part in of.order else None
        yield {**row, "part": part, "place": place, "label": of.parts.get(part, part)}


def used_breakdowns(entries: Sequence[Entry]) -> frozenset[str]:
    """What the indicators are split by."""
    return frozenset(name for entry in entries for name, _ in _parts(entry.told))


def _choices(told: Mapping[str, Any]) -> Iterator[_Row]:
    for number, variable in enumerate(told.get("variants", ()), 1):
        yield {"choice_no": number, "variable": variable}


def _parts(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The columns of an indicator's SQL that split it, each with what its parts are shares of."""
    return [
        (breakdown, share_of)
        for key, share_of in (
            ("breakdowns", "split"),
            ("shares", "whole"),
            ("shares_of_rest", "rest"),
        )
        for breakdown in told.get(key, ())
    ]


def write_for_dbt(seeds: Path, dbt_project: Path, limits: Mapping[str, str]) -> None:
    """Make macros and descriptions anew where they are old. Raises `CatalogueError`."""
    entries = read_entries(seeds)
    faults = [
        entry.fault((key, "a limit that is not known", "a name of seeds/catalogue/limits.csv"))
        for entry in entries
        for key, text in entry.told.items()
        if isinstance(text, str)
        if unknown(f"{{{text}}}" if key == "maturity_wd" else text, limits)
    ]
    if faults:
        raise CatalogueError("\n".join(faults))
    for name, text in ((MACRO, macro(entries, limits)), (BLOCKS, blocks(entries, limits))):
        target = dbt_project / name
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            with put_in_place(target) as temporary:
                temporary.write_text(text, encoding="utf-8")


def blocks(entries: Sequence[Entry], limits: Mapping[str, str]) -> str:
    """What dbt's pages say of each indicator that has SQL: a block under the name of its model."""
    lines = [
        "{# Made from seeds/catalogue by `python -m orchestration.commands.reference_sources`:",
        "   do not edit. #}",
    ]
    for entry in entries:
        if entry.told["source"] != "rows":
            continue
        told = {key: filled(str(text), limits) for key, text in entry.told.items()}
        out_of = f" Out of: {told['out_of']}." if "out_of" in told else ""
        better = told["polarity"].replace("neutral", "neither way")
        said = (
            f"**{told['name']}** ({entry.dashboard}). Counts: {told['counts']}.{out_of} Why:"
            f" {told['why']} Better: {better}. Its target is the council's own, in `stg_targets`."
        )
        lines += ["", f"{{% docs ind_{entry.id} %}}", textwrap.fill(said, 110), "{% enddocs %}"]
    return "\n".join(lines) + "\n"


def macro(entries: Sequence[Entry], limits: Mapping[str, str]) -> str:
    """The macros that tell dbt what SQL there is, which columns it names, what the limits are."""
    of_rows = [entry for entry in entries if entry.told["source"] == "rows"]
    starts = {each.id: [row["starts_column"] for row in _starts(each.told)] for each in of_rows}
    filled_of = {each.id: [row["column_name"] for row in _filled(each.told)] for each in of_rows}
    needed = dict.fromkeys(column for columns in filled_of.values() for column in columns)
    choices = [row["variable"] for entry in of_rows for row in _choices(entry.told)]
    told: dict[str, Mapping[str, Any] | Sequence[str]] = {
        "parts": {each.id: [name for name, _ in _parts(each.told)] for each in of_rows},
        "starts": {each: columns for each, columns in starts.items() if columns},
        "filled": {each: columns for each, columns in filled_of.items() if columns},
        "coded": [each for each in needed if _is_coded(each)],
        "choices": list(dict.fromkeys(choices)),
        "chains": {each.id: each.told["chain"] for each in of_rows if "chain" in each.told},
    }
    lines = [
        "{# Made from seeds/catalogue by `python -m orchestration.commands.reference_sources`:",
        "   do not edit. What dbt has to know before it can read a table. #}",
        "{% macro catalogue(what) -%}",
        "    {{ return({",
    ]
    for name, facts in told.items():
        pairs = isinstance(facts, Mapping)
        lines.append(f"        '{name}': {'{' if pairs else '['}")
        lines += (
            [f"            '{key}': {value}," for key, value in facts.items()]
            if isinstance(facts, Mapping)
            else [f"            '{each}'," for each in facts]
        )
        lines.append(f"        {'}' if pairs else ']'},")
    lines += [
        "    }[what]) }}",
        "{%- endmacro %}",
        "",
        "{% macro limit(name) -%}",
        "    {{ return({",
    ]
    lines += [f"        '{name}': {_value(value)}," for name, value in limits.items()]
    return "\n".join([*lines, "    }[name]) }}", "{%- endmacro %}"]) + "\n"


def _value(limit: str) -> str:
    """A limit as SQL takes it: a number, a code, or a list of codes."""
    codes = [each.strip() for each in limit.split(";")]
    return limit if limit.isdigit() else repr(codes if len(codes) > 1 else limit)
