"""Row rules of an extract as one DuckDB query, made from its contract.

The query reads the table `delivered` (line_no and the contract's columns as text) and the tables
that `loading` makes beside it: `ref_indicator`, `ref_geography` and `ref_authority` (key, meant and
attributes), `code_map` (name of the column, source_value in lower case), one table
(sought, found) for each extract to look up in, and `lives` (person, born, died), the children.
"""

from collections.abc import Collection
from datetime import date

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.rows import cells
from orchestration.deliveries.rows.cell_rules import (
    TOO_LATE,
    Rule,
    cell_rules,
    is_id,
    no_row,
    of_data,
)
from orchestration.deliveries.rows.years import out_of_years


def rules(extract: Extract, as_at: date) -> list[Rule]:
    """Every rule that sets a row aside. Its place in this list is its number in the query.

    `as_at` is the last day that the delivery covers.
    """
    key = ", ".join(extract.key)
    return [*_cell_rules(extract, as_at), *_row_rules(extract), Rule("KEY-CONFLICT", key, "")]


def doubts(extract: Extract, as_at: date, mapped: Collection[str]) -> list[Rule]:
    """What is put right or let in, and counted. Its place in this list is its number in the query.

    `mapped` are the columns that the code maps have codes for.
    """
    return [
        *_remarks(extract),
        *_doubts(extract, as_at, mapped),
        Rule("KEY-TWICE", ", ".join(extract.key), ""),
    ]


def check_query(extract: Extract, as_at: date, mapped: Collection[str]) -> str:
    """`delivered` -> line_no, the stored columns, faults, doubts, copy_no.

    `faults` and `doubts` hold the numbers of the rules that fit, separated by spaces; a good row
    has no faults. `copy_no` above 1 marks a good row that repeats an earlier one.
    """
    columns = extract.columns
    same = (*extract.key, *((extract.owner.name,) if extract.owner else ()))
    key = cells.sql_names(same)
    is_same = " and ".join(f'together."{k}" is not distinct from other."{k}"' for k in same)
    bare = ", ".join(
        f'{cells.trimmed(column)} as "{column.name}", "{column.name}" as {column.name}_raw'
        for column in columns
    )
    texts = ", ".join(f"{cells.text(extract, column)} as {column.name}_text" for column in columns)
    read = "".join(
        f", {cells.dated_text(column)} as {column.name}_iso"
        if column.type in ("date", "datetime")
        else f", {cells.known_code(column, is_mapped=column.name in mapped)} as {column.name}_known"
        for column in columns
        if column.type in ("date", "datetime", "code", "flag")
    )
    typed = ", ".join(
        f'coalesce({column.reference}.meant, {sql}) as "{name}"'
        if column.reference
        else f'{sql} as "{name}"'
        for column in columns
        for name, sql in cells.kept(extract, column).items()
    )
    places = "".join(
        f", least(6, length(regexp_extract({column.name}_text, '[.]([0-9]+)$', 1)))"
        f" as {column.name}_places"
        for column in columns
        if column.type == "decimal"
    )
    looked_up = " ".join(
        f"left join {kept.found_in} on {kept.found_in}.sought ="
        f" {cells.lookup_key(column.name + '_text')}"
        for column in columns
        for kept in column.kept_as
        if kept.found_in
    )
    known = " ".join(
        f"left join ref_{column.reference} as {column.reference}"
        f" on {column.reference}.key = {cells.reference_key(column, column.name + '_text')}"
        for column in columns
        if column.reference
    )
    lives = ""
    if _of_a_child(extract) and (child := extract.child):
        lives = f"left join lives on lives.person = alone.{child.name}"
    compared = cells.sql_names(
        column.name for column in extract.stored_columns if column.compared and column.in_figures
    )
    of_cells, row_rules = _cell_rules(extract, as_at), _row_rules(extract)
    conflict = len(of_cells) + len(row_rules)
    remarks, doubtful = _remarks(extract), _doubts(extract, as_at, mapped)
    unfit = _emptied(extract, as_at)
    fit = ", ".join(
        f'case when not ({unfit[name]}) then alone."{name}" end as "{name}"'
        if name in unfit
        else f'alone."{name}"'
        for name in (column.name for column in extract.stored_columns)
    )
    if extract.fuller_stands:
        faults = "row_faults"
        filled = " + ".join(
            f'case when "{column.name}" is null then 0 else 1 end'
            for column in extract.stored_columns
            if column.in_figures
        )
        order = f"{filled} desc, line_no desc"
        twice = str(len(remarks) + len(doubtful))
        told = f"case when in_conflict then trim(doubts || ' {twice}') else doubts end"
    else:
        faults = f"""
            case when row_faults = '' and in_conflict then '{conflict}' else row_faults end"""
        order, told = "line_no", "doubts"
    return f"""
        with bare as (select line_no, {bare} from delivered),
        texts as (select line_no, {texts}, {_numbers(remarks)} as remarks from bare),
        read as (select *{read}, {no_row(extract)} as no_row from texts),
        typed as (select read.*, {typed}{places} from read {looked_up} {known}),
        -- Materialized to be planned once: inlining doubles the time a small file takes.
        alone as materialized (
            select typed.*, {_numbers(of_cells)} as cell_faults,
                trim(concat_ws(' ', remarks, {_numbers(doubtful, len(remarks))})) as doubts
            from typed {known}
        ),
        together as materialized (
            select
                line_no, {fit}, doubts,
                case
                    when cell_faults <> '' then cell_faults
                    else {_numbers(row_rules, len(of_cells))}
                end as row_faults
            from alone {known} {lives}
        ),
        -- Few keys are there twice; only their rows are compared.
        repeated as (
            select {key} from together where row_faults = ''
            group by {key} having count(*) > 1
        ),
        conflicts as (
            select {key}, true as in_conflict from together semi join repeated as other on {is_same}
            where row_faults = ''
            group by {key} having count(distinct row({compared})) > 1
        ),
        verdicts as (
            select
                together.* exclude (row_faults, doubts), {told} as doubts, {faults} as faults
            from together left join conflicts as other on {is_same}
        )
        select *, row_number() over (partition by faults = '', {key} order by {order}) as copy_no
        from verdicts
    """


def _remarks(extract: Extract) -> list[Rule]:
    """What is put right; the conditions are over the trimmed cells and `<name>_raw`."""
    found = []
    for column in extract.columns:
        name = cells.sql_names([column.name])
        if column.type not in ("string", "json") or is_id(extract, column):
            found.append(Rule("TEXT-TRIM", column.name, f"{name} <> {column.name}_raw"))
        if tokens := cells.null_tokens(extract, column):
            found.append(Rule("NULL-TOKEN", column.name, f"regexp_full_match({name}, '{tokens}')"))
    return found


def _doubts(extract: Extract, as_at: date, mapped: Collection[str]) -> list[Rule]:
    """What is let in; the conditions are over the typed columns."""
    found = [
        Rule("UNUSED-EMPTIED", column, unfit) for column, unfit in _emptied(extract, as_at).items()
    ]
    for column in extract.columns:
        text = f"{column.name}_text"
        if column.longest:
            longer = f"{column.name} > {column.not_before} + interval {column.longest} day"
            longer += f" and {column.name} < {TOO_LATE}"
            expected = f"at most {column.longest:,} days after {column.not_before}"
            found.append(Rule("DURATION-LONG", column.name, longer, expected))
        unmeaning = column.by_map_only and column.name not in mapped
        if column.type in ("code", "flag") and not extract.strict_codes and not unmeaning:
            unknown = f"{text} is not null and {column.name}_known is null"
            if column.name in mapped:
                place = f"select source_value from code_map where name = '{column.name}'"
                unknown += f" and lower({text}) not in ({place})"
            if extract.empty_is_unknown(column):
                unknown = f"({unknown}) or {text} is null"
            expected = ", ".join(("Y", "N") * (column.type == "flag") + column.allowed)
            found.append(Rule("CODE-UNKNOWN", column.name, unknown, f"one of {expected}"))
        if column.of_times:
            untimed = f"{column.name}_known = 'minute' and ({cells.without_time(column)})"
            found.append(Rule("TIME-MISSING", ", ".join(column.of_times), untimed))
        if outside := out_of_years(extract, column, as_at):
            found.append(Rule("CODE-OUT-OF-YEAR", column.name, outside))
        if column.type == "json":
            unread = " and ".join(f"{each.name} is null" for each in column.kept_as)
            found.append(Rule("JSON-UNREADABLE", column.name, f"{text} is not null and {unread}"))
        for each in column.kept_as:
            if each.found_in:
                missed = (
                    f"{text} is not null and {each.name} is null"
                    f" and (select count(*) from {each.found_in}) > 0"
                )
                expected = f"a value of {each.found_in}"
                found.append(Rule("LOOK-UP-MISSED", column.name, missed, expected))
    if extract.class_ == "manifest":
        mixed = "data_as_at <> (select max(data_as_at) from typed)"
        found.append(Rule("AS-AT-MIXED", "data_as_at", mixed))
    if extract.name == "ref_code_maps":
        told = "lower(\"column\") || '=' || lower(standard_value)"
        found.append(Rule("MAP-UNUSED", "standard_value", f"{told} not in ({_meanings()})"))
    return of_data(found)


def _meanings() -> str:
    """What code maps can say, as a list in SQL: a column of an extract = one of its codes."""
    return ", ".join(
        cells.quoted(f"{extract.name}.{column.name}={code}".lower())
        for extract in EXTRACTS.values()
        for column in extract.columns
        for code in column.allowed
        if column.type == "code"
    )


def _emptied(extract: Extract, as_at: date) -> dict[str, str]:
    """Column that no figure uses -> SQL for whether its cell cannot be read or cannot be right."""
    broken: dict[str, list[str]] = {}
    for rule in (*cell_rules(extract, as_at), *_every_row_rule(extract)):
        for column in _unused(extract, rule):
            broken.setdefault(column, []).append(f"coalesce({rule.broken_when}, false)")
    return {column: " or ".join(conditions) for column, conditions in broken.items()}


def _unused(extract: Extract, rule: Rule) -> list[str]:
    """The columns of the rule that no figure uses."""
    named = (rule.column or "").split(", ")
    return [each.name for each in extract.columns if not each.in_figures and each.name in named]


def _cell_rules(extract: Extract, as_at: date) -> list[Rule]:
    return [rule for rule in cell_rules(extract, as_at) if not _unused(extract, rule)]


def _row_rules(extract: Extract) -> list[Rule]:
    return [rule for rule in _every_row_rule(extract) if not _unused(extract, rule)]


def _every_row_rule(extract: Extract) -> list[Rule]:
    spans = [
        Rule(
            "END-BEFORE-START",
            f"{column.not_before}, {column.name}",
            f"{column.name} < {column.not_before}",
        )
        for column in extract.columns
        if column.not_before
    ]
    if _of_a_child(extract) and (happened := extract.happened_on):
        day = f"cast({happened.name} as date)"
        spans += [
            # work with a family begins before its child is born
            Rule("BEFORE-BIRTH", happened.name, f"{day} < lives.born - interval 10 month"),
            Rule("AFTER-DEATH", happened.name, f"{day} > lives.died"),
            Rule("AGE-RANGE", happened.name, f"{day} >= lives.born + interval 26 year"),
        ]
    return spans + [
        Rule(rule.code, ", ".join(rule.columns), rule.broken_when, rule.expected)
        for rule in extract.rules
    ]


def _of_a_child(extract: Extract) -> bool:
    return bool(extract.child and extract.happened_on)


def _numbers(some: list[Rule], first: int = 0) -> str:
    """SQL for the numbers, from `first` on, of the rules that fit a row."""
    cases = (
        f"case when {rule.broken_when} then '{number}' end"
        for number, rule in enumerate(some, first)
    )
    return f"concat_ws(' ', {', '.join(cases) or 'null'})"
