"""Columns are described, and each once."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.catalogue.indicators import read_entries
from orchestration.catalogue.limits import filled
from orchestration.reference.owners import ANALYSTS, ENGINEERS
from orchestration.settings import PROJECT, settings

MODELS = PROJECT / "dbt_project" / "models"
DOC = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")


def columns(layer: str) -> Iterator[tuple[str, str, str]]:
    """(model, column, description as it is written) of a folder of models."""
    for file in sorted((MODELS / layer).rglob("*models.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            for column in model.get("columns", ()):
                yield model["name"], column["name"], column.get("description", "")


def blocks() -> dict[str, str]:
    """What columns.md says of each column that several models have."""
    text = (MODELS / "columns.md").read_text(encoding="utf-8")
    found = re.findall(r"\{% docs (\w+) %\}\n(.+?)\n\{% enddocs %\}", text, re.DOTALL)
    return {name: " ".join(told.split()) for name, told in found}


@pytest.fixture(scope="module")
def docs(
    whole_job: object, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest and the catalogue of `dbt docs generate` over the session's build."""
    assert whole_job
    home = tmp_path_factory.mktemp("docs")
    shutil.copy(settings.build_warehouse, home / "build.duckdb")
    places = {"KPI_WAREHOUSE": "build.duckdb", "DBT_TARGET_PATH": "t", "DBT_LOG_PATH": "logs"}
    done = subprocess.run(
        [Path(sys.executable).parent / "dbt", "docs", "generate"],
        cwd=settings.dbt_project,
        env=os.environ
        | {"KPI_DATA": str(settings.data)}
        | {name: str(home / place) for name, place in places.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    manifest, catalog = (
        json.loads((home / "t" / name).read_bytes()) for name in ("manifest.json", "catalog.json")
    )
    return manifest, catalog


def test_every_column_that_users_read_is_described() -> None:
    public = list(columns("marts"))
    assert len(public) > 250
    assert [place for place in public if not place[2]] == []


def test_a_column_is_described_once() -> None:
    told = blocks()
    once = Counter((name, text) for _, name, text in columns("marts") if not DOC.fullmatch(text))
    assert [place for place, times in once.items() if times > 1] == []
    again = [
        (model, name)
        for layer in ("marts", "intermediate", "figures", "trends", "indicators")
        for model, name, text in columns(layer)
        if " ".join(text.split()) == told.get(name)
    ]
    assert again == [], "a private model passes the column on, a public one refers to its block"


def test_every_block_is_used_and_by_its_own_column() -> None:
    used = [(name, DOC.fullmatch(text)) for _, name, text in columns("marts")]
    assert {block[1] for _, block in used if block} == set(blocks())
    assert all(block[1] == name for name, block in used if block)


def test_the_marts_alone_are_public_and_every_model_has_a_group_with_an_owner(
    docs: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    manifest, _ = docs
    models = [each for each in manifest["nodes"].values() if each["resource_type"] == "model"]
    for model in models:
        access = {"marts": "public", "staging": "protected"}.get(model["fqn"][1], "private")
        assert model["access"] == access, model["name"]
    owners = {each["name"]: each["owner"]["name"] for each in manifest["groups"].values()}
    assert {model["group"] for model in models} == set(owners)
    assert set(owners.values()) == {ANALYSTS, ENGINEERS}


def test_what_is_made_of_the_marts_is_an_exposure_of_public_models(
    docs: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    manifest, _ = docs
    read = {each["name"]: each["depends_on"]["nodes"] for each in manifest["exposures"].values()}
    assert set(read) == {"alerts", "committee_packs", "editions"}
    for nodes in read.values():
        assert {manifest["nodes"][node]["access"] for node in nodes} == {"public"}


def test_dbts_pages_tell_of_the_whole_of_every_indicator_and_of_every_table(
    docs: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    manifest, catalog = docs
    told = {each["name"]: each["description"] for each in manifest["nodes"].values()}
    entries = [each for each in read_entries(settings.seeds) if each.told["source"] == "rows"]
    assert len(entries) > 50
    for entry in entries:
        said = " ".join(told[f"ind_{entry.id}"].split())
        assert said.startswith("One row per ")
        assert f"**{filled(entry.told['name'], settings.reference.limits)}**" in said
        assert " Counts: " in said and (" Out of: " in said) == ("out_of" in entry.told)
        assert " Why: " in said and " Better: " in said and "target" in said
    assert "kpi_dashboard" in manifest["docs"]["doc.childrens_kpis.__overview__"]["block_contents"]
    public = [key for key, each in manifest["nodes"].items() if each.get("access") == "public"]
    assert len(public) > 10
    for key in public:
        built = catalog["nodes"][key]
        assert set(built["columns"]) == set(manifest["nodes"][key]["columns"])
        assert built["metadata"]["comment"].startswith("One row per ")
        assert " Key: " in built["metadata"]["comment"]
        assert all(column["comment"] for column in built["columns"].values())
