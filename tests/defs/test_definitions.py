"""What the data engineer finds in the Dagster UI: everything named, owned, described and whole."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.contract.extracts import EXTRACTS
from orchestration.definitions import defs
from orchestration.settings import PROJECT, settings

GROUPS = {
    "raw",
    "reference",
    "staging",
    "intermediate",
    "indicators",
    "figures",
    "trends",
    "marts",
    "exports",
    "alerts",
}
FLOW = {
    "raw": {"raw", "reference", "staging", "intermediate", "figures"},
    "reference": {"staging", "exports"},
    "staging": {"intermediate", "indicators", "figures", "trends", "marts", "staging"},
    "intermediate": {"intermediate", "indicators", "figures", "trends", "marts"},
    "indicators": {"figures"},
    "figures": {"figures", "trends", "marts"},
    "trends": {"trends", "marts"},
    "marts": {"marts", "exports"},
    "exports": {"exports", "alerts"},
    "alerts": set(),
}


@pytest.fixture(scope="module")
def graph() -> AssetGraph:
    return defs().get_repository_def().asset_graph


def test_every_asset_has_a_group_an_owner_a_description_and_a_kind(graph: AssetGraph) -> None:
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    assert {node.group_name for node in nodes} == GROUPS
    lacking = [
        node.key.to_user_string()
        for node in nodes
        if not (node.owners and node.description and node.kinds)
    ]
    assert lacking == []


def test_every_check_says_what_it_holds_the_data_to(graph: AssetGraph) -> None:
    described = {key: graph.get_check_spec(key).description for key in graph.asset_check_keys}
    assert [str(key) for key, text in described.items() if not text or len(text) < 20] == []
    asked = [text for key, text in described.items() if key.name == "int_figure_faults_holds"]
    assert "the unit fits what is counted" in str(asked)


def test_no_asset_is_a_stub_made_by_a_misspelt_dependency(graph: AssetGraph) -> None:
    external = {key.to_user_string() for key in graph.external_asset_keys}
    assert external == {"reference/build_inputs", "reference/figures_ledger"}


def test_the_graph_flows_from_raw_to_exports_and_alerts(graph: AssetGraph) -> None:
    backwards = [
        f"{parent.to_user_string()} -> {key.to_user_string()}"
        for key in graph.get_all_asset_keys()
        for parent in graph.get(key).parent_keys
        if graph.get(key).group_name not in FLOW[graph.get(parent).group_name]
    ]
    assert backwards == []


def test_raw_assets_are_partitioned_by_month_and_backfilled_in_one_run(
    graph: AssetGraph,
) -> None:
    raw = [graph.get(dg.AssetKey(["raw", extract])) for extract in EXTRACTS]
    for node in raw:
        assert isinstance(node.partitions_def, dg.MonthlyPartitionsDefinition)
        assert node.partitions_def.get_first_partition_key() == "2012-04"
        assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_everything_can_be_materialized_without_saying_anything() -> None:
    everything = defs().resolve_implicit_global_asset_job_def()
    assert dg.validate_run_config(everything, {})


def test_every_mart_is_guarded_by_asset_checks(graph: AssetGraph) -> None:
    checked = {key.asset_key for key in graph.asset_check_keys}
    marts = {key for key in graph.get_all_asset_keys() if graph.get(key).group_name == "marts"}
    assert marts <= checked


def test_jobs_schedules_and_sensors_resolve_and_start_nothing_by_themselves() -> None:
    repository = defs().get_repository_def()
    assert {job.name for job in repository.get_all_jobs()} >= {
        "monthly_kpis",
        "committee_pack",
        "approve",
        "case_list",
    }
    assert [schedule.name for schedule in repository.schedule_defs] == ["third_of_the_month"]
    assert {sensor.name for sensor in repository.sensor_defs} == {
        "deliver_alerts",
        "delivery_late",
        "landing",
        "pack_due",
        "run_failed",
        "run_repaired",
        "checks_failed",
        "texts_returned",
    }
    assert all(
        schedule.default_status == dg.DefaultScheduleStatus.STOPPED
        for schedule in repository.schedule_defs
    )
    assert all(
        sensor.default_status == dg.DefaultSensorStatus.STOPPED for sensor in repository.sensor_defs
    )


def test_the_workspace_is_valid() -> None:
    dagster = Path(sys.executable).parent / "dagster"
    done = subprocess.run(
        [dagster, "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_settings_of_the_tests_point_into_a_folder_of_their_own() -> None:
    assert not settings.data.is_relative_to(PROJECT)
    assert not settings.exports.is_relative_to(PROJECT)
