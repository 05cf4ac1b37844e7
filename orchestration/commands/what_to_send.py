"""What is made from the contract: the page for councils, the dbt sources and the staging models.

`python -m orchestration.commands.what_to_send` writes them anew; a test says when they are old.
"""

from collections.abc import Mapping
from pathlib import Path

from orchestration.commands.staging_models import (
    MADE,
    NOT_STAGED,
    PARTS,
    TYPES,
    meaning,
    sources,
    sources_beside,
    staging_model,
    staging_models,
)
from orchestration.contract.case_systems import ALIASES, STAND_INS
from orchestration.contract.extracts import EXTRACTS, Column, Extract
from orchestration.files import put_in_place

_STAGING = Path("dbt_project/models/staging")
_FOLDERS = {"ssd": ("ssd", "sen"), "local": ("local", "reference", "manifest")}

_INTRODUCTION = f"""\
<!-- {MADE} -->

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
- A file that goes back to a certain day only says which one: `data_from` in the manifest. Every row
  that happened, ended or was still open on that day or later must be in it. No figure is worked out
  from before that day, nor for so long after it as its own rule looks back (twelve months for a
  dental check); earlier figures stay as they were first worked out. Where the manifest does not
  say it, the day is taken to be the first after which rows that are over stand in the file without
  a break, which may be later than it need be.
- Write `extract_manifest.csv` last. It tells us the day that the data cover and lets us notice a
  file that was cut short on the way.

## How to write a cell

- Dates: `2026-03-31` or `31/03/2026`, with or without a time. Times are London clock time unless
  they end in a zone (`Z`, `+01:00`).
- Y or N: `Y`, `Yes`, `1`, `true`, `t` and `N`, `No`, `0`, `false`, `f` are read in any case, and -1
  as Y where a column holds only -1 and 0.
- Nothing: leave the cell empty. `NULL`, `1900-01-01`, `SSD_PH` and `-1` are read as empty too.
  An identifier that says `Unknown`, `TBC`, `Unallocated` or the like is none.
- Codes: as listed, in any case. If your system has its own codes or words, send them as they are,
  together with `ref_code_maps.csv`, which says what each of them stands for; the words of the
  common case systems are known already. Where more than 1 % of the rows hold a code that neither
  this page nor the code maps know (and more than 5 do), the figures that need the column are left
  out until the map says what they mean; everything else of the file is used.
- Numbers of people, cases and teams: capitals and small letters are one.
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
    for class_, heading in PARTS.items():
        parts.append(f"## {heading}\n")
        parts += [_section(each) for each in extracts.values() if each.class_ == class_]
    return "\n".join(parts)


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
            if extract.class_ in classes and extract.name not in NOT_STAGED
        ]
        found[folder / f"_{name}__sources.yml"] = sources(classes)
        found[folder / f"_{name}__models.yml"] = staging_models(staged)
        found |= {folder / f"stg_{each.name}.sql": staging_model(each) for each in staged}
    return found


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


def _row(extract: Extract, column: Column) -> str:
    name = f"`{column.name}`" + (" (key)" if column.name in extract.key else "")
    kind = TYPES[column.type] + (", **person**" if column.person else "")
    filled = "always" if column.required else "when known"
    if column.or_by:
        filled += f", or else `{column.or_by}`"
    if not column.in_figures:
        filled = "not needed"
    if column.may_be_absent:
        filled += "; older scripts may lack it"
    aliases = [
        f"`{name}`"
        for others in (ALIASES, STAND_INS)
        for name, known in others.get(extract.name, {}).items()
        if known == column.name
    ]
    also = f" Also read as {' or '.join(aliases)}." if aliases else ""
    return f"| {name} | {kind} | {filled} | {meaning(column)}{also} |"


def main() -> None:
    """Write every generated file anew."""
    from orchestration.files import PROJECT

    for file, content in files(PROJECT).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        with put_in_place(file) as temporary:
            temporary.write_text(content, encoding="utf-8")
        print(f"wrote {file.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
