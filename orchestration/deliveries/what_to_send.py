"""What is made from the contract: the page for councils, the dbt sources and the staging models.

`python -m orchestration.deliveries.what_to_send` writes them anew; a test says when they are old.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from orchestration.deliveries.case_systems import ALIASES
from orchestration.deliveries.contract import EXTRACTS, Column, Extract
from orchestration.deliveries.in_use import ACCEPTED_DELIVERIES, STANDARD_CODES
from orchestration.deliveries.layout import put_in_place

_MADE = (
    "Made from orchestration/deliveries/extracts.yml by "
    "`python -m orchestration.deliveries.what_to_send`: do not edit."
)
_MADE_SQL = "-- " + _MADE.replace("by `", "by\n-- `") + "\n"
_STAGING = Path("dbt_project/models/staging")
_FOLDERS = {"ssd": ("ssd", "sen"), "local": ("local", "reference", "manifest")}
# Read at check-in: what dbt needs of them stands in other tables.
_NOT_STAGED = ("extract_manifest", "ref_code_maps", "ref_postcode_la")
_LOCATION = "read_parquet('{{ env_var('KPI_DATA', '../data') }}/raw/{name}/*.parquet')"
_PARTS = {
    "manifest": "With every delivery",
    "ssd": "From the case management system (Standard Safeguarding Dataset)",
    "sen": "From the SEN case system, in the shape of the Standard Safeguarding Dataset",
    "local": "From the council's other systems",
    "reference": "Reference data",
    "figures": "Figures without rows behind them",
}
_TYPES = {
    "string": "text",
    "date": "date",
    "datetime": "date and time",
    "integer": "whole number",
    "decimal": "number",
    "flag": "Y or N",
    "code": "code",
    "json": "JSON",
}

_INTRODUCTION = f"""\
<!-- {_MADE} -->

# What to send us

This page is for a council's data team. It lists every file that we can read, one section each.
Send what you have: a file that you cannot make leaves its figures out (they are then shown as
"no data", with the reason), and everything else still runs.

## How to send it

- One folder a month, named after the month (`2026-03`), with the position as at the month's end.
- One CSV file for each extract, named exactly as in its section (`ssd_person.csv`).
- UTF-8, commas between columns, one header line, column names as below in any order. Quote a cell
  that contains a comma, a quote or a line break, and write a quote inside it twice.
- Whole tables each time, as far back as the system goes (six years or more where you can): late
  corrections of old records matter. Only where a section says so is a file the position of its
  month alone.
- Write `extract_manifest.csv` last. It tells us the day that the data cover and lets us notice a
  file that was cut short on the way.

## How to write a cell

- Dates: `2026-03-31` or `31/03/2026`, with or without a time. Times are London clock time unless
  they end in a zone (`Z`, `+01:00`).
- Y or N: `Y`, `Yes`, `1`, `true` and `N`, `No`, `0`, `false` are read in any case.
- Nothing: leave the cell empty. `NULL`, `1900-01-01`, `SSD_PH` and `-1` are read as empty too.
- Codes: as listed, in any case. If your system has its own codes or words, send them as they are,
  together with `ref_code_maps.csv`, which says what each of them stands for. Where more than 1 %
  of the rows hold a code that neither this page nor the code maps know (and more than 5 do), the
  file is held back and the last good one stays in use.
- Numbers of people, cases and events: as text, exactly as in the source system. A spreadsheet
  turns long numbers into `1.23E+11`; such rows are set aside.

## What becomes of it

- Columns marked **person** are replaced by a keyed hash as soon as the file is read; the number
  itself is stored nowhere. The hash is the same in all files, so that they can be joined.
- Columns that are not on this page are dropped unread. Please leave names, addresses and notes out.
- A faulty row is set aside with its reason and the rest of the file is used; a file with many
  faulty rows is held back. You are told the line and the column, never the content.
"""


def page(extracts: Mapping[str, Extract] = EXTRACTS) -> str:
    """The page for councils, in Markdown."""
    parts = [_INTRODUCTION]
    for class_, heading in _PARTS.items():
        parts.append(f"## {heading}\n")
        parts += [_section(each) for each in extracts.values() if each.class_ == class_]
    return "\n".join(parts)


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
    }
    tables = [
        {
            "name": name,
            "description": told[name],
            "config": {"meta": {"dagster": {"asset_key": ["raw", name]}}},
            "columns": [{"name": key, "description": text} for key, (_, text) in columns.items()],
        }
        for name, columns in (
            ("accepted_deliveries", ACCEPTED_DELIVERIES),
            ("standard_codes", STANDARD_CODES),
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
        _standard(each) if each in coded else f"    delivered.{each.name}"
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
    models = [
        {
            "name": f"stg_{extract.name}",
            "description": f"{_grain(extract)} {_READ[extract.history]} The council's own codes "
            "are translated.",
            "columns": [
                {"name": stored.name, "description": _stored_meaning(column, stored)}
                for column in extract.columns
                for stored in column.stored
            ]
            + [{"name": "as_at", "description": "Last day that the delivery covers."}],
        }
        for extract in extracts
    ]
    return _yaml({"models": models})


def files(project: Path) -> dict[Path, str]:
    """Every generated file of `project` and what it should hold."""
    found = {project / "docs" / "what-to-send-us.md": page()}
    staging = project / _STAGING
    found[staging / "_deliveries__sources.yml"] = sources_beside()
    for name, classes in _FOLDERS.items():
        folder = staging / name
        staged = [
            extract
            for extract in EXTRACTS.values()
            if extract.class_ in classes and extract.name not in _NOT_STAGED
        ]
        found[folder / f"_{name}__sources.yml"] = sources(classes)
        found[folder / f"_{name}__models.yml"] = staging_models(staged)
        found |= {folder / f"stg_{each.name}.sql": staging_model(each) for each in staged}
    return found


_READ = {
    "own": "Each delivery holds the whole history: the newest is read.",
    "snapshot": "Each delivery speaks for its own month end: all are read.",
}


def _grain(extract: Extract) -> str:
    """The grain as a sentence, first in every description."""
    return f"{extract.grain[0].upper()}{extract.grain[1:]}."


def _sources(description: str, tables: list[dict[str, object]]) -> str:
    source = {
        "name": "deliveries",
        "description": description,
        "config": {"meta": {"external_location": _LOCATION}},
        "tables": tables,
    }
    return _yaml({"sources": [source]})


def _yaml(content: Mapping[str, object]) -> str:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return f"# {_MADE}\n{text}"


def _section(extract: Extract) -> str:
    facts = [f"`{extract.file_name}` – {extract.grain}. Supplied by: {extract.supplied_by}."]
    if extract.history == "snapshot" and extract.class_ not in ("manifest", "figures"):
        facts.append("The position of its month alone: it holds no dates, so send it every month.")
    if extract.may_be_empty:
        facts.append("A header without rows is fine when there is nothing to report.")
    rows = [_row(extract, column) for column in extract.columns]
    return "\n".join(
        (
            f"### {extract.title}\n",
            *facts,
            "\n| Column | Kind | Filled | What it holds |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        )
    )


def _standard(column: Column) -> str:
    """SQL for a code as the contract spells it; what nobody knows is `unmapped`, never its text,
    which might be anything."""
    lines = [""]
    for code in column.allowed:
        if len(lines[-1]) + len(code) > 70:
            lines.append("")
        lines[-1] += f"'{code}', "
    codes = "\n".join(" " * 16 + line.rstrip() for line in lines)[:-1]
    name = f"delivered.{column.name}"
    return f"""\
    coalesce(
        of_{column.name}.standard_value,
        case
            when {name} in (
{codes}
            ) then {name}
            when {name} is not null then 'unmapped'
        end
    ) as {column.name}"""


def _row(extract: Extract, column: Column) -> str:
    name = f"`{column.name}`" + (" (key)" if column.name in extract.key else "")
    kind = _TYPES[column.type] + (", **person**" if column.person else "")
    filled = "always" if column.required else "when known"
    if column.may_be_absent:
        filled += "; older scripts may lack it"
    aliases = [
        f"`{name}`" for name, known in ALIASES.get(extract.name, {}).items() if known == column.name
    ]
    also = f" Also read as {' or '.join(aliases)}." if aliases else ""
    return f"| {name} | {kind} | {filled} | {_meaning(column)}{also} |"


def _meaning(column: Column) -> str:
    """What a column holds, with what its type and its name do not say."""
    told = [column.description]
    if column.allowed:
        also = "Also: " if column.type == "flag" else "Codes: "
        told.append(also + ", ".join(f"`{code}`" for code in column.allowed) + ".")
    if column.refers_to:
        extract, _, name = column.refers_to.partition(".")
        told.append(f"As `{name}` in `{extract}`.")
    if column.not_before:
        told.append(f"Not before `{column.not_before}`.")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f" from {column.minimum}"
        high = "" if column.maximum is None else f" up to {column.maximum}"
        told.append(f"A number{low}{high}.")
    return " ".join(told)


def _table(extract: Extract) -> dict[str, object]:
    columns = [
        {"name": stored.name, "description": _stored_meaning(column, stored)}
        for column in extract.columns
        for stored in column.stored
    ]
    columns += [
        {"name": "delivery_month", "description": "Last day of the month of the delivery."},
        {"name": "line_no", "description": "Line of the row in the delivered file."},
    ]
    return {
        "name": extract.name,
        "description": f"{extract.title}, {extract.grain}.",
        "config": {"meta": {"dagster": {"asset_key": ["raw", extract.name]}}},
        "columns": columns,
    }


def _stored_meaning(column: Column, stored: Column) -> str:
    if stored is not column:
        return stored.description
    hashed = " Stored as a keyed hash." if column.person else ""
    return _meaning(column).replace("`", "") + hashed


def main() -> None:
    """Write every generated file anew."""
    from orchestration.settings import PROJECT

    for file, content in files(PROJECT).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        with put_in_place(file) as temporary:
            temporary.write_text(content, encoding="utf-8")
        print(f"wrote {file.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
