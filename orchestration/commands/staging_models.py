"""What dbt reads of the deliveries: sources and staging models, made from the contract."""

import json
import textwrap
from collections.abc import Iterable, Mapping

import yaml

from orchestration.contract.extracts import EXTRACTS, Column, Extract
from orchestration.deliveries.in_use import ACCEPTED_DELIVERIES, RETURNS_IN_USE, STANDARD_CODES

MADE = (
    "Made from orchestration/contract/extracts.yml by "
    "`python -m orchestration.commands.what_to_send`: do not edit."
)
_MADE_SQL = "-- " + MADE.replace("by `", "by\n-- `") + "\n"
# Read at check-in: what dbt needs of them stands in other tables.
NOT_STAGED = ("extract_manifest", "ref_code_maps", "ref_postcode_la")
# By name: deliveries accepted before the contract had a column stay readable.
LOCATION = (
    "read_parquet('{{ env_var('KPI_DATA', '../data') | replace(\"'\", \"''\") }}"
    "/raw/{name}/*.parquet', "
    "union_by_name = true)"
)
PARTS = {
    "manifest": "With every delivery",
    "ssd": "From the case management system (Standard Safeguarding Dataset)",
    "sen": "From the SEN case system, in the shape of the Standard Safeguarding Dataset",
    "local": "From the council's other systems",
    "reference": "Reference data",
    "figures": "Figures without rows behind them",
}
TYPES = {
    "string": "text",
    "date": "date",
    "datetime": "date and time",
    "integer": "whole number",
    "decimal": "number",
    "flag": "Y or N",
    "code": "code",
    "json": "JSON",
}


def sources(classes: Iterable[str], extracts: Mapping[str, Extract] = EXTRACTS) -> str:
    """The dbt sources of the extracts of some classes, in YAML."""
    return _sources(
        "Accepted deliveries, typed and checked at check-in; one Parquet file per delivery month.",
        [_table(each) for each in extracts.values() if each.class_ in classes],
    )


def sources_beside() -> str:
    """The dbt sources that check-in writes beside the rows, in YAML."""
    told = {
        "accepted_deliveries": "One row per extract and accepted delivery, or one per extract that "
        "has none: from the delivery ledger.",
        "standard_codes": "One row per column and code of the council's own: what the newest code "
        "maps say it stands for.",
        "returns_in_use": "One row per extract that was made of a return and indicator that the "
        "return gives or must not be used for, and one for all others.",
    }
    tables = [
        {
            "name": name,
            "description": told[name],
            "columns": [{"name": key, "description": text} for key, (_, text) in columns.items()],
        }
        for name, columns in (
            ("accepted_deliveries", ACCEPTED_DELIVERIES),
            ("standard_codes", STANDARD_CODES),
            ("returns_in_use", RETURNS_IN_USE),
        )
    ]
    return _sources("What check-in says of the deliveries.", tables)


def staging_model(extract: Extract) -> str:
    """The view of one extract: the rows in use, codes translated, `as_at` beside them, in SQL."""
    coded = [column for column in extract.stored_columns if column.type == "code"]
    newest = " and is_newest" if extract.history == "own" else ""
    ctes = [
        f"select * from {{{{ source('deliveries', '{extract.name}') }}}}",
        "select\n        delivery_month,\n        as_at\n"
        "    from {{ source('deliveries', 'accepted_deliveries') }}\n"
        f"    where extract_name = '{extract.name}'{newest}",
    ]
    names = ["delivered", "in_use"]
    if coded:
        names.append("codes")
        ctes.append(
            "select * from {{ source('deliveries', 'standard_codes') }}\n"
            f"    where extract_name = '{extract.name}'"
        )
    with_ = ",\n\n".join(f"{n} as (\n    {c}\n)" for n, c in zip(names, ctes, strict=True))
    cells = [
        _standard(extract, each) if each in coded else f"    delivered.{each.name}"
        for each in extract.stored_columns
    ]
    joins = "".join(
        f"""
left join codes as of_{each.name}
    on
        lower(delivered.{each.name}) = of_{each.name}.source_value
        and of_{each.name}.column_name = '{each.name}'"""
        for each in coded
    )
    return (
        f"{_MADE_SQL}with {with_}\n\nselect\n"
        + ",\n".join([*cells, "    in_use.as_at"])
        + "\nfrom delivered\ninner join in_use on delivered.delivery_month = in_use.delivery_month"
        + f"{joins}\n"
    )


def staging_models(extracts: Iterable[Extract]) -> str:
    """The descriptions of the staging models of some extracts, in YAML."""
    lines = [f"# {MADE}", "models:"]
    for extract in extracts:
        read = f"{_READ[extract.history]} The council's own codes are translated."
        lines.append(f"  - name: stg_{extract.name}")
        lines += _wrapped(f"    description: {json.dumps(f'{_grain(extract)} {read}')}")
        lines.append("    columns:")
        for column in extract.columns:
            for stored in column.stored:
                lines += _column(stored.name, _stored_meaning(column, stored))
        lines += _column("as_at", "Last day that the delivery covers.")
    return "\n".join(lines) + "\n"


_READ = {
    "own": "Each delivery holds the whole history: the newest is read.",
    "snapshot": "Each delivery speaks for its own month end: all are read.",
}


def _column(name: str, description: str) -> list[str]:
    """A column of a model, in YAML."""
    told = json.dumps(description, ensure_ascii=False)
    return _wrapped(f"      - {{name: {name}, description: {told}}}")


def _wrapped(line: str) -> list[str]:
    margin = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(
        line,
        110,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _grain(extract: Extract) -> str:
    """The grain as a sentence, first in every description."""
    return f"{extract.grain[0].upper()}{extract.grain[1:]}."


def _sources(description: str, tables: list[dict[str, object]]) -> str:
    source = {
        "name": "deliveries",
        "description": description,
        "config": {"meta": {"external_location": LOCATION}},
        "tables": tables,
    }
    return _yaml({"sources": [source]})


def _yaml(content: Mapping[str, object]) -> str:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return f"# {MADE}\n{text}"


def _standard(extract: Extract, column: Column) -> str:
    """SQL for a code as the contract spells it; what nobody knows is `unmapped`, never its text,
    which might be anything."""
    lines = [""]
    for code in column.allowed:
        if len(lines[-1]) + len(code) > 70:
            lines.append("")
        lines[-1] += f"'{code}', "
    codes = "\n".join(" " * 16 + line.rstrip() for line in lines)[:-1]
    name = f"delivered.{column.name}"
    # a cell that should not be empty is a code that nobody knows
    otherwise = "else" if extract.empty_is_unknown(column) else f"when {name} is not null then"
    return f"""\
    coalesce(
        of_{column.name}.standard_value,
        case
            when {name} in (
{codes}
            ) then {name}
            {otherwise} 'unmapped'
        end
    ) as {column.name}"""


def meaning(column: Column) -> str:
    """What a column holds, with what its type and its name do not say."""
    told = [column.description]
    if column.allowed:
        also = "Also: " if column.type == "flag" else "Codes: "
        told.append(also + ", ".join(f"`{code}`" for code in column.allowed) + ".")
    if column.refers_to:
        extract, _, name = column.refers_to.partition(".")
        told.append(f"As `{name}` in `{extract}`.")
    if column.not_before:
        told.append(
            f"Not before `{column.not_before}`; more than {column.longest:,} days after it are"
            " remarked on."
        )
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f" from {column.minimum}"
        high = "" if column.maximum is None else f" up to {column.maximum}"
        told.append(f"A number{low}{high}.")
    return " ".join(told)


def _table(extract: Extract) -> dict[str, object]:
    """The columns are described where dbt first selects them, in the staging model."""
    return {"name": extract.name, "description": f"{extract.title}, {extract.grain}."}


def _stored_meaning(column: Column, stored: Column) -> str:
    if stored is not column:
        return stored.description
    hashed = " Stored as a keyed hash." if column.person else ""
    return meaning(column).replace("`", "") + hashed
