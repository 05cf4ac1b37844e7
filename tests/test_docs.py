"""What the pages for people say is what the project does: codes, settings, links, commands."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from orchestration.catalogue.indicators import ALLOWED, OF_ROWS, OPTIONAL, REQUIRED
from orchestration.contract.extracts import INDICATOR_RETURNS
from orchestration.deliveries.messages import CODES
from orchestration.editions import words
from orchestration.official.faults import CODES as OFFICIAL_CODES
from orchestration.publication.errors import PublishingError
from orchestration.publication.markings import OFFICERS_ONLY, SYNTHETIC
from orchestration.reference.faults import CODES as REFERENCE_CODES
from orchestration.region.faults import CODES as POOL_CODES
from orchestration.settings import PROJECT, settings

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
README, ENGINEER, ANALYST, CLERK = (
    (PROJECT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/engineer.md", "docs/analyst.md", "docs/clerk.md")
)
EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under `heading`, up to the next heading of its level."""
    level = heading.split()[0]
    return text.split(f"\n{heading}\n")[1].split(f"\n{level} ")[0]


def rows(text: str) -> dict[str, list[str]]:
    """Every table row whose first cell holds names in code style: each name -> the other cells."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("| `"):
            first, *others = [cell.strip() for cell in line.strip("|").split("|")]
            found |= {name: others for name in re.findall("`([^`]+)`", first)}
    return found


STEPS = rows(section(ENGINEER, "## When a run fails").split("### Messages without a code")[0])
SETTINGS = rows(section(ENGINEER, "## Settings"))
KEYS = rows(section(ANALYST, "## The catalogue").split("\n### ")[0])


def source_of(*folders: str) -> dict[Path, str]:
    """The source below `folders`, by path."""
    return {
        path: path.read_text(encoding="utf-8")
        for folder in folders
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".py", ".sql", ".yml"} and "target" not in path.parts
    }


def test_every_failure_code_has_its_recovery_step_and_no_other_code_is_listed() -> None:
    said = {
        code
        for path, source in source_of("orchestration").items()
        for code in re.findall(r"\"([A-Z]+(?:-[A-Z]+)+)(?: \||:)", source)
    }
    assert {"ALERTS-NO-EDITION", "ALERT-SETTINGS", "OUTBOX-UNREADABLE"} <= said
    assert {"BUILD-MISSING", "BUILD-NOT-GREEN"} <= said
    raised = {error.code for error in PublishingError.__subclasses__()}
    listed = {*CODES, *REFERENCE_CODES, *OFFICIAL_CODES, *POOL_CODES}
    assert set(STEPS) == listed | raised | said
    assert [code for code, cells in STEPS.items() if len(cells) != 2 or not all(cells)] == []


def test_the_steps_for_deliveries_are_those_of_the_messages() -> None:
    assert {code: STEPS[code] for code in CODES} == {
        code: [text.what, text.do] for code, text in CODES.items()
    }


def test_every_variable_that_is_read_stands_in_the_table_of_settings() -> None:
    source = "\n".join(source_of("orchestration", "dbt_project").values())
    read = set(re.findall(r"\b(?:KPI|RETAIN)_[A-Z_]*[A-Z]\b", source)) | {"COUNCIL", "AS_AT"}
    assert {"KPI_DATA", "KPI_SMTP_HOST", "KPI_ALERT_TO", "KPI_WAREHOUSE"} <= read
    assert read <= set(SETTINGS)
    elsewhere = MAKEFILE + (PROJECT / "tests" / "conftest.py").read_text(encoding="utf-8")
    assert [name for name in set(SETTINGS) - read if name not in elsewhere] == []


def test_every_key_of_the_catalogue_is_explained_with_what_it_may_say() -> None:
    assert set(KEYS) == REQUIRED | OPTIONAL | OF_ROWS
    for key, allowed in ALLOWED.items():
        told = set(re.findall("`([^`]+)`", KEYS[key][1]))
        assert told == {str(value).lower() for value in allowed}, key


def test_every_column_of_a_return_and_every_status_is_explained() -> None:
    explained = rows(ANALYST)
    assert set(INDICATOR_RETURNS.column_names) <= set(explained)
    models = yaml.safe_load(
        (settings.dbt_project / "models/figures/_figures__models.yml").read_text(encoding="utf-8")
    )["models"]
    (kpi,) = [model for model in models if model["name"] == "int_kpi"]
    (test,) = kpi["data_tests"]
    assert set(test["holds"]["arguments"]["one_of"]["status"]) <= set(explained)


def test_the_clerk_finds_every_word_that_the_files_use() -> None:
    verdicts = ("Meets target", "Within tolerance of target", "Above target", "Below target")
    source = (PROJECT / "orchestration/editions/words/verdicts.py").read_text(encoding="utf-8")
    assert [verdict for verdict in verdicts if f'"{verdict}"' not in source] == []
    said = (
        OFFICERS_ONLY,
        SYNTHETIC,
        words.NOT_SHOWN,
        words.NO_FIGURE,
        words.NOT_SUPPLIED,
        "Provisional",
        *verdicts,
    )
    assert [word for word in (*said, *words.STATUS.values()) if word not in CLERK] == []


@pytest.mark.parametrize("page", [*PAGES, PROJECT / "seeds/README.md"], ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_promise_of_safety_names_tests_that_there_are() -> None:
    table = (PROJECT / "SECURITY.md").read_text(encoding="utf-8").split("## Threats")[0]
    promises = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(promises) > 10
    for named in promises:
        tests = re.findall("`([^`]+)`", named)
        assert tests and [each for each in tests if not (PROJECT / each).exists()] == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_make_target_is_described_and_every_target_described_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", MAKEFILE))
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", EVERYTHING, re.DOTALL))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code)) == targets


def test_every_job_schedule_sensor_and_module_in_the_commands_exists() -> None:
    from orchestration.definitions import defs

    repository = defs().get_repository_def()
    assert set(re.findall(r"-j (\w+)", EVERYTHING)) <= {"monthly_kpis", "committee_pack", "approve"}
    assert repository.has_job("monthly_kpis")
    automation = {thing.name for thing in repository.schedule_defs + repository.sensor_defs}
    assert automation <= set(rows(ENGINEER))
    assert set(re.findall(r"(?:schedule|sensor) start (\w+)", EVERYTHING)) <= automation
    assets = {key.to_user_string() for key in repository.asset_graph.get_all_asset_keys()}
    assert set(re.findall(r"--select (\w+/\w+)", EVERYTHING)) <= assets
    modules = set(re.findall(r"-m (orchestration[\w.]*)", EVERYTHING))
    assert modules
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def measured() -> list[tuple[str, str]]:
    """The table of figures in the README: what was measured, and the command to do it again."""
    table = README.split("| what | measured | command |")[1].split("\n\n")[0]
    lines = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return [(what.strip(), re.findall("`([^`]+)`", command)[0]) for what, _, command in lines]


def test_every_measured_figure_has_a_command_that_exists() -> None:
    assert len(measured()) == 8
    for what, command in measured():
        assert subprocess.run(["bash", "-n", "-c", command], check=False).returncode == 0, what
        programs = set(re.findall(r"(?:^|&& |\$\()([a-z]+)", command)) - {"time"}  # bash's own
        assert [program for program in programs if shutil.which(program) is None] == [], what


def test_the_command_that_counts_rows_counts_those_of_every_mart(whole_job: object) -> None:
    (command,) = [command for what, command in measured() if what == "rows in the marts"]
    python, option, code = re.fullmatch(r'(\S+) (-c) "(.+)"', command).groups()
    assert python == ".venv/bin/python"
    code = code.replace("data/warehouse/published.duckdb", str(settings.published_warehouse))
    done = subprocess.run(
        [sys.executable, option, code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    marts = {path.stem for path in (settings.dbt_project / "models" / "marts").glob("*.sql")}
    assert marts == set(re.findall(r"\b(?:dim|fct|kpi)_\w+", done.stdout))
    assert re.search(r"dim_indicator +│ +66 ", done.stdout)
