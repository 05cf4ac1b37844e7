"""`make benchmarks` as a job: it goes by nothing but itself, and is red where nothing was used."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration.definitions import defs
from orchestration.defs import official_figures as asset
from orchestration.settings import PROJECT, settings
from tests.official.api import Api, problem
from tests.official.conftest import REFERRALS, Council
from tests.official.conftest import api as api
from tests.official.conftest import as_published as as_published
from tests.official.conftest import council as council
from tests.official.conftest import of_referrals as of_referrals


@pytest.fixture
def at_home(council: Council, monkeypatch: pytest.MonkeyPatch) -> Council:
    """The asset with the council's seeds and service for its settings."""
    own = replace(settings, seeds=council.seeds, data=council.data, official_url=council.api.url)
    monkeypatch.setattr(asset, "settings", own)
    return council


WANTED = {"ops": {"exports__official_figures": {"config": {"wanted": True}}}}


def run(config: dict[str, object] | None = WANTED) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset.official_figures], raise_on_error=False, instance=instance, run_config=config
        )


def test_a_run_of_everything_asks_nobody_and_leaves_what_was_found(at_home: Council) -> None:
    at_home.publish()
    result = run(None)
    assert result.success and not at_home.api.asked
    [made] = result.asset_materializations_for_node("exports__official_figures")
    assert made.metadata["fetched"].value is False
    assert not result.get_asset_check_evaluations()
    job = defs().get_repository_def().get_job("benchmarks")
    by_make = yaml.safe_load((PROJECT / "orchestration" / "benchmarks.yaml").read_text())
    assert by_make == job.run_config == WANTED
    assert "-c orchestration/benchmarks.yaml" in (PROJECT / "Makefile").read_text()


def test_no_other_job_fetches_anything() -> None:
    repository = defs().get_repository_def()
    fetching = {
        job.name
        for job in repository.get_all_jobs()
        if asset.OFFICIAL_FIGURES in job.asset_layer.executable_asset_keys
        and not job.name.startswith("__")
    }
    assert fetching == {"benchmarks"}
    started = {each.job_name for each in repository.schedule_defs}
    started |= {each.job_name for each in repository.sensor_defs if each.targets}
    assert "benchmarks" not in started


def test_a_run_tells_what_changed_and_writes_it(at_home: Council) -> None:
    at_home.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    at_home.publish()
    result = run()
    assert result.success
    [check] = result.get_asset_check_evaluations()
    assert check.passed
    [made] = result.asset_materializations_for_node("exports__official_figures")
    assert made.metadata["changed"].value == 2
    assert Path(str(made.metadata["changes"].value)).is_file()


def test_a_data_set_that_was_not_used_makes_the_run_red_with_its_code(at_home: Council) -> None:
    at_home.publish()
    at_home.api.first["/csv"] = [problem(404)]
    result = run()
    assert not result.success
    [failed] = result.get_step_failure_events()
    error = failed.step_failure_data.error
    assert error and f"OFFICIAL-VERSION | {REFERRALS} 1.0 | " in error.to_string()
    [check] = result.get_asset_check_evaluations()
    assert not check.passed


def test_the_pure_part_needs_neither_dagster_nor_a_setting() -> None:
    code = "import sys, orchestration.official.refresh; "
    code += "sys.exit(bool({'dagster', 'orchestration.settings'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False)
    assert done.returncode == 0


def test_the_address_of_the_service_is_a_setting(api: Api) -> None:
    from orchestration.settings import from_environment

    own = from_environment({"KPI_OFFICIAL_URL": f"{api.url}/"})
    assert own.official_url == api.url
    assert from_environment({}).official_url == ""
