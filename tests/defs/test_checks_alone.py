"""A check that is executed without its asset, as Dagster's pages offer it: no finding goes away."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.definitions import defs
from orchestration.settings import settings

RETURNS = dg.AssetKey(["raw", "indicator_returns"])
OFFICIAL = dg.AssetKey(["exports", "official_figures"])
SECRET = "Zoë-O'Secret-77"


def alone(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> dg.ExecuteInProcessResult:
    """What the button does: a run of this check and of no asset."""
    asset = defs().get_assets_def(key.asset_key)
    selection = dg.AssetSelection.checks(key)
    return dg.materialize([asset], selection=selection, instance=instance)


@pytest.fixture
def refused(whole_job: object) -> Path:
    assert whole_job
    file = settings.incoming / "2022-05" / "indicator_returns.csv"
    file.parent.mkdir(parents=True)
    file.write_text(f"indicator_id\n{SECRET}\n", encoding="utf-8")
    yield file
    file.unlink()
    file.parent.rmdir()


def test_a_refused_file_stays_refused_when_its_check_is_executed_alone(refused: Path) -> None:
    key = dg.AssetCheckKey(RETURNS, "accepted")
    raw = defs().get_assets_def(RETURNS)
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize([raw], selection=[RETURNS], partition_key="2022-05", instance=instance)
        for _ in range(2):
            [found] = alone(instance, key).get_asset_check_evaluations()
            assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
            assert "HEADER-COLUMNS" in str(found.metadata["findings"].value)
            assert "found_in_run" in found.metadata
        # of another extract nothing is known here: nothing is made up
        never = dg.AssetCheckKey(dg.AssetKey(["raw", "ssd_person"]), "accepted")
        assert alone(instance, never).get_asset_check_evaluations() == []


def test_official_figures_that_could_not_be_fetched_stay_red(whole_job: object) -> None:
    key = dg.AssetCheckKey(OFFICIAL, "fetched")
    asset = defs().get_assets_def(OFFICIAL)
    red = dg.AssetCheckEvaluation(
        OFFICIAL, "fetched", passed=False, severity=dg.AssetCheckSeverity.WARN, metadata={}
    )
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(red)
        # with it, as "Materialize all" does, and without
        for done in (dg.materialize([asset], instance=instance), alone(instance, key)):
            [found] = done.get_asset_check_evaluations()
            assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_of_no_other_step_can_a_check_be_executed_alone() -> None:
    graph: AssetGraph = defs().resolve_asset_graph()
    offered = {
        graph.assets_def_for_key(key).op.name
        for key in graph.asset_check_keys
        if len(graph.get_execution_set_asset_and_check_keys(key)) == 1
    }
    assert offered == {"check_in", "exports__official_figures"}
