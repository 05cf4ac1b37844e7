"""Rules of single cells, made from the contract: what sets a row aside whatever else it holds."""

from dataclasses import dataclass
from datetime import date

from orchestration.contract.extracts import Column, Extract

TOO_LATE = "date '2100-01-01'"
# What of other countries stands where authorities do: codes of their areas and islands, and the
# numbers that the Department for Education has for them.
_ABROAD = "(?i)[WSNLM][0-9]{8}|[67][0-9]{2}"
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


def cell_rules(extract: Extract, as_at: date) -> list[Rule]:
    """Every rule of a single cell, and that a row holds anything at all."""
    is_blank = blank(extract)
    found = [Rule("ROW-BLANK", None, is_blank)]
    for column in extract.columns:
        name, text = column.name, f"{column.name}_text"
        if column.required and not extract.empty_is_unknown(column):
            # A blank row has one fault, not one for each of its columns.
            missing = f"{name if column.type == 'flag' else text} is null and not ({is_blank})"
            found.append(Rule("FIELD-MISSING", name, missing))
        if column.type == "code" and extract.strict_codes:
            expected = "one of " + ", ".join(column.allowed)
            unknown = f"{text} is not null and {name}_known is null"
            found.append(Rule("CODE-NOT-ALLOWED", name, unknown, expected))
        if column.reference:
            unknown = f"{text} is not null and {column.reference}.key is null"
            if column.reference == "authority":
                unknown += f" and not regexp_full_match({text}, '{_ABROAD}')"
            found.append(Rule(_UNKNOWN[column.reference], name, unknown))
        elif is_id(extract, column):
            rounded = f"regexp_full_match({text}, '[0-9]+[.]0+')"
            found.append(Rule("ID-NUMERIC", name, rounded))
            shortened = rf"regexp_full_match({text}, '[0-9]([.][0-9]+)?[Ee]\+[0-9]+')"
            found.append(Rule("ID-SCIENTIFIC", name, shortened))
        if column.type in ("integer", "decimal"):
            found += _number_rules(column)
        if column.type in ("date", "datetime"):
            found += _date_rules(column, as_at)
    return found


def blank(extract: Extract) -> str:
    """SQL for whether a row holds nothing."""
    return " and ".join(f"{column.name}_text is null" for column in extract.columns)


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
        column.person or column.refers_to or column.reference or (column.name,) == extract.key
    )
