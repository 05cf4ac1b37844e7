"""What a model promises is tested by one node; what is broken is named, and no row is shown."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration.mart.promises import broken_promises
from orchestration.settings import PROJECT

SECRET = "4417 SALLY"
ROW = f"select 1 as id, 'Y' as flag, 5 as days, '{SECRET}' as told"
ROWS = {
    "kept": ROW,
    "twice": f"{ROW} union all {ROW} union all {ROW.replace('1 as id', '2 as id')}",
    "empty": ROW.replace(f"'{SECRET}'", "cast(null as varchar)"),
    "word": ROW.replace("'Y'", f"'{SECRET}'"),
    "negative": ROW.replace("5 as days", "-5 as days"),
    "unknown": ROW.replace("5 as days", "cast(null as integer) as days"),
}
PROMISES = """
  - name: {model}
    config: {{meta: {{primary_key: [id, told]}}}}
    data_tests:
      - holds:
          name: {model}_holds
          arguments:
            filled: [told]
            one_of: {{flag: [Y, N]}}
            conditions: {{"it's after its start": days >= 0}}
"""
BROKEN = {
    "twice": "twice | key: id, told | 2 rows break it",
    "empty": "empty | filled: told | 1 rows break it",
    "word": "word | one_of: flag | 1 rows break it",
    "negative": "negative | it's after its start | 1 rows break it",
    "unknown": "unknown | it's after its start | 1 rows break it",
}
TOLD = ("name", "version", "profile", "on-run-end")
KEYS = "{{ keys_hold({'kept': 'id', 'twice': 'id, told', 'empty': 'id'}) }}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project of a few models, one for each way to break a promise."""
    home = tmp_path_factory.mktemp("promises")
    shutil.copytree(PROJECT / "dbt_project/macros/tests", home / "macros")
    shutil.copy(PROJECT / "dbt_project/profiles.yml", home)
    whole = (PROJECT / "dbt_project/dbt_project.yml").read_text(encoding="utf-8")
    (home / "dbt_project.yml").write_text(
        "".join(line for line in whole.splitlines(True) if line.split(":")[0] in TOLD),
        encoding="utf-8",
    )
    (home / "models").mkdir()
    for model, sql in ROWS.items():
        (home / f"models/{model}.sql").write_text(sql, encoding="utf-8")
    told = "".join(PROMISES.format(model=model) for model in ROWS)
    (home / "models/_models.yml").write_text(f"models:{told}", encoding="utf-8")
    (home / "tests").mkdir()
    (home / "tests/all_keys.sql").write_text(KEYS, encoding="utf-8")
    return home


def build(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "dbt", "--quiet", "build", "--profiles-dir", ".", *options],
        cwd=project,
        env=os.environ
        | {"KPI_WAREHOUSE": str(project / "build.duckdb"), "DBT_TARGET_PATH": str(project / "t")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_kind_of_broken_promise_is_named_with_its_model_and_no_cell(project: Path) -> None:
    done = build(project)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    named = [line for line in said.splitlines() if line.endswith(" rows break it")]
    assert sorted(named) == sorted([*BROKEN.values(), BROKEN["twice"]])
    assert SECRET not in said

    manifest = json.loads((project / "t/manifest.json").read_text(encoding="utf-8"))
    results = json.loads((project / "t/run_results.json").read_text(encoding="utf-8"))["results"]
    failed = [
        SimpleNamespace(
            unique_id=each["unique_id"],
            compiled_code=each["compiled_code"],
            config=SimpleNamespace(**manifest["nodes"][each["unique_id"]]["config"]),
        )
        for each in results
        if each["status"] == "fail"
    ]
    found = {
        key.split(".")[2]: lines
        for key, lines in broken_promises(failed, project / "build.duckdb").items()
    }
    assert found == {
        **{f"{model}_holds": [line] for model, line in BROKEN.items()},
        "all_keys": [BROKEN["twice"]],
    }


def test_keys_are_looked_at_of_the_models_that_are_built(project: Path) -> None:
    eager = ("--indirect-selection", "eager", "--select", "kept", "empty")
    (project / "build.duckdb").unlink(missing_ok=True)
    done = build(project, *eager)
    assert [line for line in done.stdout.splitlines() if "| key:" in line] == []
    assert BROKEN["empty"] in done.stdout
    results = json.loads((project / "t/run_results.json").read_text(encoding="utf-8"))["results"]
    outcome = {each["unique_id"].split(".")[2]: each["status"] for each in results}
    assert outcome["all_keys"] == "pass" and outcome["empty_holds"] == "fail"
