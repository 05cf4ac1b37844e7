"""docs/definitions.md, made from dbt_project/definitions.yml, the catalogue and its limits.

`python -m orchestration.commands.definitions_page` writes it anew.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.catalogue.indicators import read_entries
from orchestration.catalogue.limits import filled
from orchestration.reference.tables import Reference
from orchestration.settings import settings

PAGE = "docs/definitions.md"
CITED = re.compile(r"\[(G\d+(?:, ?G\d+)*)\]")
"""How code and documents cite rules: [G6], [G3, G5]."""


def definitions_page(dbt_project: Path, seeds: Path) -> str:
    """The page as Markdown. Raises KeyError where an indicator or a variable is not described."""
    reference = Reference(seeds)
    choices, limits = reference.table("local_choices").rows, reference.table("limits").rows
    project = yaml.safe_load((dbt_project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    told = yaml.safe_load((dbt_project / "definitions.yml").read_text(encoding="utf-8"))
    blocks = [
        _HEAD,
        *(
            f"### {rule}. {each['title']}\n\n{_flat(each['text'])}"
            for rule, each in told["rules"].items()
        ),
        "## Numbers and codes that definitions name\n\n"
        "Rows of `seeds/catalogue/limits.csv`: SQL and the texts of the catalogue take them from "
        "there, and hold no limit of their own.",
        _parameters(limits),
        "Constants, which have no row there:",
        "\n".join(f"- {_flat(each)}" for each in told["constants"]),
        "## Local choices\n\nWhich one stands is printed with the figure.",
        _choices(choices, project),
    ]
    dashboard = 0
    chosen = {
        each["variable"]: each["choice_text"] for each in choices if _is_chosen(each, project)
    }
    for entry in read_entries(seeds):
        if entry.dashboard_no != dashboard:
            dashboard = entry.dashboard_no
            blocks.append(f"## Indicators of dashboard {dashboard}")
        blocks.append(
            _indicator(entry.told, told["indicators"][entry.id], reference.limits, chosen)
        )
    return filled("\n\n".join(blocks), reference.limits) + "\n"


_HEAD = """\
# Definitions

What every figure counts, to the day. Made by
`python -m orchestration.commands.definitions_page` from `dbt_project/definitions.yml`,
the catalogue and its limits in `seeds/catalogue/`, and the local choices of
`dbt_project/dbt_project.yml`: do not edit.

## Rules that all indicators share

SQL, tests and documents cite them by their numbers."""


def _indicator(
    entry: Mapping[str, Any],
    told: dict[str, Any],
    limits: Mapping[str, str],
    chosen: Mapping[str, str],
) -> str:
    facts = [("Numerator", told["numerator"])]
    if "denominator" in told:
        facts.append(("Denominator", told["denominator"]))
    facts.append(("Clock", told["clock"]))
    named = [f"`{name}` = {_shown(limits[name])}" for name in told.get("parameters", ())]
    facts.append(("Threshold", ", ".join(named) or "none"))
    facts.append(("Exclusions", told["exclusions"]))
    if filled := entry.get("filled"):
        columns = ", ".join(f"`{column}`" for column in filled)
        facts.append(("No figure where never recorded", f"{columns} [G13]"))
    if variants := entry.get("variants"):
        facts.append(("Local choice", "; ".join(chosen[each] for each in variants)))
    facts.append(("Source of the rule", told["source"]))
    lines = [f"- {name}: {_flat(str(text)).rstrip('.')}." for name, text in facts]
    return "\n".join([f"### {entry['name']} (`{entry['id']}`)\n", *lines])


def _parameters(limits: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        f"| `{each['limit_id']}` | {_shown(each['value'])} | {each['says']} | {each['source']} |"
        for each in limits
    ]
    return "\n".join(["| limit | value | what it is | whose rule |", "|---|---|---|---|", *rows])


def _is_chosen(choice: Mapping[str, Any], project: dict[str, Any]) -> bool:
    return choice["choice"] == str(project[choice["variable"]]).lower()


def _choices(choices: Iterable[Mapping[str, Any]], project: dict[str, Any]) -> str:
    rows = [
        f"| `{each['variable']}` | `{each['choice']}`{stands} | {each['choice_text']} |"
        for each in choices
        for stands in [", as it stands" if _is_chosen(each, project) else ""]
    ]
    return "\n".join(["| variable | value | what is counted |", "|---|---|---|", *rows])


def _shown(limit: str) -> str:
    return ", ".join(each.strip() for each in limit.split(";"))


def _flat(text: str) -> str:
    return " ".join(text.split())


def main() -> int:
    """Write the page."""
    page = settings.dbt_project.parent / PAGE
    page.write_text(definitions_page(settings.dbt_project, settings.seeds), encoding="utf-8")
    print(f"wrote {PAGE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
