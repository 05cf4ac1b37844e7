"""docs/definitions.md is current and whole, and nothing cites a rule that is not there."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.catalogue.indicators import read_entries
from orchestration.commands.definitions_page import CITED, PAGE, definitions_page
from orchestration.settings import settings

ROOT = settings.dbt_project.parent
SQL = sorted((settings.dbt_project / "models").rglob("*.sql"))


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return yaml.safe_load((settings.dbt_project / "definitions.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def variables() -> dict[str, Any]:
    text = (settings.dbt_project / "dbt_project.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["vars"]


def test_the_page_is_current() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == definitions_page(
        settings.dbt_project, settings.seeds
    )


@pytest.fixture(scope="module")
def entries() -> list[Mapping[str, Any]]:
    return [entry.told for entry in read_entries(settings.seeds)]


def test_every_indicator_is_described_whole(
    told: dict[str, Any], entries: list[Mapping[str, Any]]
) -> None:
    assert list(told["rules"]) == [f"G{number}" for number in range(1, 21)]
    assert set(told["indicators"]) == {entry["id"] for entry in entries}
    for entry in entries:
        described = told["indicators"][entry["id"]]
        assert {"numerator", "clock", "exclusions", "source"} <= set(described), entry["id"]
        assert ("denominator" in described) == ("out_of" in entry), entry["id"]


def test_every_number_that_sql_reads_is_described(told: dict[str, Any]) -> None:
    read = {
        name
        for file in [*SQL, *(settings.dbt_project / "macros").rglob("*.sql")]
        for name in re.findall(r"""\blimit\(\s*['"](\w+)""", file.read_text(encoding="utf-8"))
    }
    used = {name for each in told["indicators"].values() for name in each.get("parameters", ())}
    assert used == read == set(settings.reference.limits)


def test_a_share_is_provisional_for_as_long_as_its_limit_runs() -> None:
    rows = settings.reference.table("indicators").rows
    maturity = {row["indicator_id"]: row["maturity_wd"] for row in rows}
    limit = settings.reference.limits["eh_start_limit_wd"]
    assert maturity["eh_referral_to_assessment_pct"] == int(limit)


def test_no_indicator_has_a_limit_of_its_own() -> None:
    """Numbers of days and months stand in variables; 0, 1, 2 count sides, rates are per 10,000."""
    found = {
        file.stem: numbers
        for file in SQL
        if file.stem.startswith("ind_")
        if (numbers := _numbers(file.read_text(encoding="utf-8")))
    }
    # three workers and three placements are in the names; April is the month that intakes begin
    allowed = {
        "ind_cic_three_plus_sw_12m_pct": {"3"},
        "ind_cic_three_plus_placements_12m_pct": {"3"},
        "ind_asye_applications_count": {"12", "4"},
    }
    assert found == allowed


def _numbers(sql: str) -> set[str]:
    code = re.sub(r"--[^\n]*|\{\{.*?\}\}|'[^']*'|\w*[a-z_]\w*|\(\d+(, \d+)?\)", "", sql)
    return set(re.findall(r"\d+", code)) - {"0", "1", "2", "10000"}


def test_nothing_cites_a_rule_that_is_not_there(told: dict[str, Any]) -> None:
    places = ("dbt_project", "orchestration", "tests", "docs", "seeds")
    files = [
        file
        for place in places
        for file in (ROOT / place).rglob("*")
        if file.suffix in (".sql", ".py", ".yml", ".md") and "target" not in file.parts
    ]
    cited: dict[str, set[Path]] = {}
    for file in [*files, ROOT / "README.md"]:
        for rules in CITED.findall(file.read_text(encoding="utf-8")):
            for rule in re.findall(r"G\d+", rules):
                cited.setdefault(rule, set()).add(file.relative_to(ROOT))
    assert len(cited) > 15
    assert {rule: where for rule, where in cited.items() if rule not in told["rules"]} == {}


def test_a_local_choice_is_told_by_an_indicator_that_reads_it(
    entries: list[Mapping[str, Any]],
) -> None:
    """Through the models that the indicator stands on."""
    reads = {file.stem: file.read_text(encoding="utf-8") for file in SQL}
    choices = set(settings.reference.table("local_choices").column("variable"))
    told: set[str] = set()
    for entry in entries:
        found, models = set(), [f"ind_{entry['id']}"]
        for model in models:
            parents = re.findall(r"ref\('(int_\w+)'\)", reads[model])
            models += [parent for parent in parents if parent not in models]
            found |= {name for name in choices if name in reads[model]}
        assert set(entry.get("variants", ())) <= found, entry["id"]
        told |= set(entry.get("variants", ()))
    assert told == choices
