"""dbt started by hand, without the project's environment, and what it reads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import jinja2
import pytest
import yaml

from orchestration.settings import PROJECT, from_environment


def test_plain_dbt_builds_into_a_file_that_nothing_is_published_from(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "dbt_project", tmp_path / "dbt_project")
    warehouse = tmp_path / "data" / "warehouse"
    warehouse.mkdir(parents=True)
    (warehouse / "build.duckdb").write_bytes(b"what exports are made from")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KPI_")}
    done = subprocess.run(
        [Path(sys.executable).parent / "dbt", "debug", "--connection"],
        cwd=tmp_path / "dbt_project",
        env=plain | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert (warehouse / "analyst.duckdb").exists(), "dbt connected, and made its own file"
    assert (warehouse / "build.duckdb").read_bytes() == b"what exports are made from"


def test_the_memory_follows_the_setting_or_the_machine() -> None:
    assert from_environment({"KPI_MEMORY": "2GB"}).memory == "2GB"
    unset = from_environment({}).memory
    assert unset.endswith("MB") and 300 <= int(unset.removesuffix("MB")) <= 1000
    with pytest.raises(ValueError, match="KPI_MEMORY is written as"):
        from_environment({"KPI_MEMORY": "much"})


def test_an_apostrophe_in_the_path_of_the_data_folder_ends_no_text(tmp_path: Path) -> None:
    data = tmp_path / "O'Brien's data"
    found = []

    def collect(told: object) -> None:
        if isinstance(told, dict):
            found.extend(told[key] for key in told if key == "external_location")
        for each in told.values() if isinstance(told, dict) else told:
            if isinstance(each, dict | list):
                collect(each)

    for file in (PROJECT / "dbt_project" / "models").rglob("*__sources.yml"):
        collect(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert len(found) >= 8
    for location in found:
        template = jinja2.Template(location).render(env_var=lambda *_: str(data))
        place = template.format(name="one")
        _, below = place.split(str(data).replace("'", "''"), 1)
        below, _ = below.split("'", 1)
        file = Path(f"{data}{below}".replace("*", "1"))
        file.parent.mkdir(parents=True, exist_ok=True)
        duckdb.execute("copy (select 1 as n) to '" + str(file).replace("'", "''") + "'")
        assert duckdb.execute(f"select n from {place}").fetchall() == [(1,)]


@pytest.mark.parametrize("sign", list("*?[]{}\\#"))
def test_a_data_folder_that_would_be_a_pattern_or_cut_off_is_named_at_once(sign: str) -> None:
    with pytest.raises(ValueError, match="KPI_DATA is a folder whose path"):
        from_environment({"KPI_DATA": f"/srv/a{sign}b"})
