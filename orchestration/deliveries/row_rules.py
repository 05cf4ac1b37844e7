"""Typing and row rules of an extract as DuckDB SQL, made from its contract.

The queries read the table `delivered` (line_no and the contract's columns as text) and one table
`ref_<reference>` (code and attributes) for each reference. No cast in them can fail, so no error
of DuckDB can quote a cell.
"""

from dataclasses import dataclass
from datetime import date

from orchestration.deliveries.contract import Column, Extract

COLUMN_TYPES = {
    "text": "varchar",
    "code": "varchar",
    "date": "date",
    "decimal": "decimal(18, 6)",
}

# Ways in which councils write "no figure"; only in dates and numbers, as NA may be a real code.
_NULL_TOKENS = "('NULL', 'N/A', 'NA', 'NAN', 'NONE', '-', '--', '#N/A', '#DIV/0!')"
_SPACES = "' \t\r\n\xa0\u2007\u200b\u202f\ufeff'"

_TIME = "([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}" + _TIME
_BRITISH = "([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})" + _TIME
_NUMBER = "-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})([.][0-9]+)?"
_TOO_LATE = "date '2100-01-01'"


@dataclass(frozen=True)
class Rule:
    """A rule of check-in: a row breaks it where `broken_when` (SQL) is true."""

    code: str
    column: str | None
    broken_when: str
    expected: str | None = None


def rules(extract: Extract, month_end: date) -> list[Rule]:
    """Every rule that sets a row aside. Its place in this list is its number in the query.

    `month_end` is the last day of the delivery's month.
    """
    key = ", ".join(extract.key)
    return [*_cell_rules(extract, month_end), *_row_rules(extract), Rule("KEY-CONFLICT", key, "")]


def remarks(extract: Extract) -> list[Rule]:
    """What is put right and only counted; the conditions are over `delivered`."""
    found = []
    for column in extract.columns:
        bare = f"trim({column.name}, {_SPACES})"
        if column.type != "text":
            trimmed = f"{bare} <> '' and {bare} <> {column.name}"
            found.append(Rule("TEXT-TRIM", column.name, trimmed))
        if column.type in ("date", "decimal"):
            found.append(Rule("NULL-TOKEN", column.name, f"upper({bare}) in {_NULL_TOKENS}"))
    return found


def check_query(extract: Extract, month_end: date) -> str:
    """`delivered` -> line_no, the typed columns, faults, copy_no.

    `faults` holds the numbers of the broken rules, separated by spaces, and is empty for a good
    row; `copy_no` above 1 marks a good row that repeats an earlier one.
    """
    names = ", ".join(extract.column_names)
    key = ", ".join(extract.key)
    texts = ", ".join(f"{_text(column)} as {column.name}_text" for column in extract.columns)
    typed = ", ".join(f"{_typed(column)} as {column.name}" for column in extract.columns)
    places = "".join(
        f", least(6, length(regexp_extract({column.name}_text, '[.]([0-9]+)$', 1)))"
        f" as {column.name}_places"
        for column in extract.columns
        if column.type == "decimal"
    )
    known = " ".join(
        f"left join ref_{column.reference} as {column.reference}"
        f" on {column.reference}.code = {column.name}_text"
        for column in extract.columns
        if column.reference
    )
    compared = ", ".join(column.name for column in extract.columns if column.compared)
    cell_rules, row_rules = _cell_rules(extract, month_end), _row_rules(extract)
    conflict = len(cell_rules) + len(row_rules)
    return f"""
        with texts as (select line_no, {texts} from delivered),
        cells as (select *, {typed}{places} from texts),
        -- Materialized to be planned once: inlining doubles the time a small file takes.
        alone as materialized (
            select cells.*, {_broken(cell_rules, 0)} as cell_faults from cells {known}
        ),
        together as materialized (
            select
                line_no, {names},
                case
                    when cell_faults <> '' then cell_faults
                    else {_broken(row_rules, len(cell_rules))}
                end as row_faults
            from alone {known}
        ),
        conflicts as (
            select {key}, true as in_conflict from together where row_faults = ''
            group by {key} having count(distinct row({compared})) > 1
        ),
        verdicts as (
            select
                together.* exclude (row_faults),
                case
                    when row_faults = '' and in_conflict then '{conflict}' else row_faults
                end as faults
            from together left join conflicts using ({key})
        )
        select *, row_number() over (partition by faults = '', {key} order by line_no) as copy_no
        from verdicts
    """


def _text(column: Column) -> str:
    bare = f"nullif(trim({column.name}, {_SPACES}), '')"
    if column.allowed:
        return f"lower({bare})"
    if column.type in ("date", "decimal"):
        return f"case when upper({bare}) not in {_NULL_TOKENS} then {bare} end"
    return bare


def _typed(column: Column) -> str:
    text = f"{column.name}_text"
    if column.type == "decimal":
        number = f"try_cast(replace({text}, ',', '') as {COLUMN_TYPES['decimal']})"
        return f"case when regexp_full_match({text}, '{_NUMBER}') then {number} end"
    if column.type == "date":
        year, month, day = (f"regexp_extract({text}, '{_BRITISH}', {part})" for part in (3, 2, 1))
        british = f"{year} || '-' || lpad({month}, 2, '0') || '-' || lpad({day}, 2, '0')"
        return f"""case
            when regexp_full_match({text}, '{_ISO}') then try_cast(left({text}, 10) as date)
            when regexp_full_match({text}, '{_BRITISH}') then try_cast({british} as date)
        end"""
    return text


def _cell_rules(extract: Extract, month_end: date) -> list[Rule]:
    blank = " and ".join(f"{column.name}_text is null" for column in extract.columns)
    found = [Rule("ROW-BLANK", None, blank)]
    for column in extract.columns:
        name, text = column.name, f"{column.name}_text"
        if column.required:
            # A blank row has one fault, not one for each of its columns.
            missing = f"{text} is null and not ({blank})"
            found.append(Rule("FIELD-MISSING", name, missing))
        if column.allowed:
            listed = ", ".join(f"'{code}'" for code in column.allowed)
            expected = "one of " + ", ".join(column.allowed)
            found.append(Rule("CODE-UNKNOWN", name, f"{text} not in ({listed})", expected))
        if column.reference:
            unknown = f"{text} is not null and {column.reference}.code is null"
            found.append(Rule(f"{column.reference.upper()}-UNKNOWN", name, unknown))
        if column.type == "decimal":
            found.append(Rule("NUMBER-FORMAT", name, f"{text} is not null and {name} is null"))
        if column.type == "date":
            found += _date_rules(column, month_end)
    return found


def _date_rules(column: Column, month_end: date) -> list[Rule]:
    name, text = column.name, f"{column.name}_text"
    well_formed = f"regexp_full_match({text}, '{_ISO}|{_BRITISH}')"
    earliest = column.earliest.isoformat()
    found = [
        Rule("DATE-FORMAT", name, f"not {well_formed}"),
        Rule("DATE-IMPOSSIBLE", name, f"{well_formed} and {name} is null"),
        Rule(
            "DATE-RANGE",
            name,
            f"{name} < date '{earliest}' or {name} >= {_TOO_LATE}",
            f"a date from {earliest} on",
        ),
    ]
    if not column.may_be_future:
        future = f"{name} > date '{month_end.isoformat()}' and {name} < {_TOO_LATE}"
        found.append(Rule("DATE-FUTURE", name, future))
    return found


def _row_rules(extract: Extract) -> list[Rule]:
    return [
        Rule(rule.code, ", ".join(rule.columns), rule.broken_when, rule.expected)
        for rule in extract.rules
    ]


def _broken(some: list[Rule], first: int) -> str:
    """SQL for the numbers, from `first` on, of the rules that a row breaks."""
    cases = (
        f"case when {rule.broken_when} then '{number}' end"
        for number, rule in enumerate(some, first)
    )
    return f"concat_ws(' ', {', '.join(cases) or 'null'})"
