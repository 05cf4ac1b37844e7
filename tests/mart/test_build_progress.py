"""What is said of a build while dbt works, by real events of a project in small."""

from pathlib import Path

import pytest

from orchestration.mart.build_progress import progress

PROJECT_IN_SMALL = {
    "dbt_project.yml": "name: small\nversion: 1.0.0\nprofile: small\n"
    "models: {+materialized: table}\n",
    "profiles.yml": "small:\n  target: dev\n  outputs:\n"
    "    dev: {type: duckdb, path: small.duckdb, threads: 1}\n",
    "models/a.sql": "select 1 as one",
    "models/b.sql": "select * from {{ ref('a') }}",
    "models/c.sql": "select 'Zoë-77'::int as one from {{ ref('a') }}",
    "models/d.sql": "select * from {{ ref('c') }}",
}


def test_a_layer_is_told_once_it_is_whole_and_a_failure_by_its_name_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.cli.main import dbtRunner

    for name, text in PROJECT_IN_SMALL.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    of_layers = {"a": "first", "b": "first", "c": "second", "d": "second"}
    said: list[str] = []
    heard = progress(
        {f"model.small.{name}": layer for name, layer in of_layers.items()},
        said.append,
        lambda text: said.append(f"! {text}"),
    )
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
    done = dbtRunner(callbacks=[heard]).invoke([*quiet, "--no-version-check", "build"])
    assert done.exception is None and not done.success
    whole, failed = sorted(said, key=lambda each: each.startswith("!"))
    assert whole.startswith("first: 2 models in ") and whole.endswith(" s")
    assert failed == "! c: error"
