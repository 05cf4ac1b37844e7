"""Rules of single cells, made from the contract: what sets a row aside whatever else it holds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from orchestration.contract.extracts import IDENTIFIERS, Column, Extract
from orchestration.deliveries.gate.closing import CLOSING
from orchestration.deliveries.rows.cells import quoted

TOO_LATE = "date '2100-01-01'"
# What of other countries stands where authorities do: codes of their areas and islands, and the
# numbers that the Department for Education has for them.
_ABROAD = "(?i)[WSNLM][0-9]{8}|[67][0-9]{2}"
# What stands beside authorities in a list of all areas: districts, regions and countries.
_OTHER_AREAS = "(?i)[A-DF-Z][0-9]{8}|E(0[0-57]|1[1-9]|[2-9][0-9])[0-9]{6}|[67][0-9]{2}"
_NUMBER, _APART = "[-0-9.,:/ ]*[0-9][-0-9.,:/ ]*%?", r"\x1f"
_UNKNOWN = {
    "indicator": "INDICATOR-UNKNOWN",
    "geography": "GEOGRAPHY-UNKNOWN",
    "authority": "GEOGRAPHY-UNKNOWN",
}


@dataclass(frozen=True)
class Rule:
    """A rule of check-in: a row breaks it where `broken_when` (SQL) is true."""

    code: str
    column: str | None
    broken_when: str
    expected: str | None = None


NO_ROWS = (
    Rule("ROW-BLANK", None, "no_row = 'blank'"),
    Rule("ROW-CLOSING", None, "no_row = 'closing'"),
)


def cell_rules(extract: Extract, as_at: date) -> list[Rule]:
    """Every rule of a single cell, and that a row holds anything at all."""
    found: list[Rule] = []
    for column in extract.columns:
        name, text = column.name, f"{column.name}_text"
        if column.required and not extract.empty_is_unknown(column):
            missing = f"{name if column.type == 'flag' else text} is null"
            nor = f" and {column.or_by}_text is null" if column.or_by else ""
            found.append(Rule("FIELD-MISSING", name, missing + nor))
        if column.type == "code" and extract.strict_codes:
            expected = "one of " + ", ".join(column.allowed)
            unknown = f"{text} is not null and {name}_known is null"
            found.append(Rule("CODE-NOT-ALLOWED", name, unknown, expected))
        if column.reference:
            unknown = f"{text} is not null and {column.reference}.key is null"
            if column.reference == "authority":
                others = _OTHER_AREAS if name in extract.key else _ABROAD
                unknown += f" and not regexp_full_match({text}, '{others}')"
            found.append(Rule(_UNKNOWN[column.reference], name, unknown))
        elif is_id(extract, column):
            amount = "[0-9]+[.]0+|[0-9]{1,3}(,[0-9]{3})+([.]0+)?"
            rounded = f"regexp_full_match({text}, '{amount}')"
            found.append(Rule("ID-NUMERIC", name, rounded))
            shortened = rf"regexp_full_match({text}, '[0-9]([.][0-9]+)?[Ee]\+[0-9]+')"
            found.append(Rule("ID-SCIENTIFIC", name, shortened))
        if column.year:
            alone = ", or its first year alone" if column.year == "financial" else ""
            no_year = f"{text} is not null and {name} is null"
            found.append(Rule("YEAR-FORMAT", name, no_year, f"a year as 2024/25{alone}"))
        if column.type in ("integer", "decimal"):
            found += _number_rules(column)
        if column.type in ("date", "datetime"):
            found += _date_rules(column, as_at)
    return [*NO_ROWS, *of_data(found)]


def of_data(some: Iterable[Rule]) -> list[Rule]:
    """The rules, of which none fits a line that is no row: it has one fault, not one for each of
    its columns."""
    return [replace(each, broken_when=f"no_row is null and ({each.broken_when})") for each in some]


def no_row(extract: Extract) -> str:
    """SQL for what a line is that is no row of data: blank, or closing, the total or note with
    which a report ends. Null for a row."""
    texts = [f"{column.name}_text" for column in extract.columns]
    joined = f"concat_ws('\x1f', {', '.join(texts)})"
    cell = f"(?:{CLOSING}|{_NUMBER})"
    # a row of a whole service is called total too, and has all that a row needs
    needed = [f"{column.name}_text is null" for column in extract.columns if column.required]
    is_first = f"coalesce(regexp_full_match({extract.key[0]}_text, {quoted(CLOSING)}), false)"
    is_closing = f"""
        regexp_full_match({joined}, {quoted(f"{cell}(?:{_APART}{cell})*")})
        and not regexp_full_match({joined}, {quoted(f"(?:{_NUMBER}|{_APART})*")})
    """
    # one in the other, so that few rows are looked at whole
    return f"""
        case
            when coalesce({", ".join(texts)}) is null then 'blank'
            when {" or ".join([is_first, *needed])} then case when {is_closing} then 'closing' end
        end
    """


def _number_rules(column: Column) -> list[Rule]:
    name, low, high = column.name, column.minimum, column.maximum
    malformed = f"{name}_text is not null and {name} is null"
    found = [Rule("NUMBER-FORMAT", name, malformed)]
    if low is not None:
        expected = "a number that is not below zero" if low == 0 else f"a number from {low} on"
        found.append(Rule("NUMBER-RANGE", name, f"{name} < {low}", expected))
    if high is not None:
        found.append(Rule("NUMBER-RANGE", name, f"{name} > {high}", f"a number up to {high}"))
    return found


def _date_rules(column: Column, as_at: date) -> list[Rule]:
    name, text, iso = column.name, f"{column.name}_text", f"{column.name}_iso"
    earliest = column.earliest.isoformat()
    found = [
        Rule("DATE-FORMAT", name, f"{text} is not null and {iso} is null"),
        Rule("DATE-IMPOSSIBLE", name, f"{iso} is not null and {name} is null"),
        Rule(
            "DATE-RANGE",
            name,
            f"{name} < date '{earliest}' or {name} >= {TOO_LATE}",
            f"a date from {earliest} on",
        ),
    ]
    if column.own_date:
        future = f"cast({name} as date) > date '{as_at.isoformat()}' and {name} < {TOO_LATE}"
        found.append(Rule("DATE-FUTURE", name, future))
    return found


def is_id(extract: Extract, column: Column) -> bool:
    """Whether the cell names something: its text must be exact."""
    return bool(
        column.person
        or column.refers_to
        or column.reference
        or (column.name,) == extract.key
        or f"{extract.name}.{column.name}" in IDENTIFIERS
    )
