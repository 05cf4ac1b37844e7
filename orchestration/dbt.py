"""dbt inside Dagster: one project, one manifest per data folder, names and counts for the UI."""

import gc
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.owners import ANALYSTS
from orchestration.settings import settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

UNIQUE_ID = "dagster_dbt/unique_id"  # where dagster-dbt notes the dbt node of an asset or a check

# The profile and the sources read these; parsing and running must see the same values, or dbt
# parses everything again.
os.environ.update(
    KPI_DATA=str(settings.data),
    KPI_SEEDS=str(settings.seeds),
    KPI_WAREHOUSE=str(settings.build_warehouse),
    DBT_LOG_PATH=str(settings.dbt_target / "logs"),
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
)


project = DbtProject(
    project_dir=settings.dbt_project,
    profiles_dir=settings.dbt_project,
    target_path=settings.dbt_target,
)


def prepared_manifest() -> Path:
    """The manifest, made anew when it is missing or older than any file it was made from."""
    if _is_stale(project.manifest_path, [settings.dbt_project, settings.seeds / "reference"]):
        settings.dbt_target.mkdir(parents=True, exist_ok=True)
        run_dbt("parse")
    return project.manifest_path


def _is_stale(manifest: Path, folders: Sequence[Path]) -> bool:
    if not manifest.exists():
        return True
    # a folder's own time changes when a file in it is removed
    sources = (path for folder in folders for path in [folder, *folder.rglob("*")])
    return any(
        path.stat().st_mtime > manifest.stat().st_mtime
        for path in sources
        if not {"target", "logs"} & set(path.relative_to(settings.dbt_project.parent).parts)
    )


class Translator(DagsterDbtTranslator):
    """A dbt model as a Dagster asset: its group is its layer, its owner who mends it."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        return str(dbt_resource_props["fqn"][1])

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([self.get_group_name(dbt_resource_props), dbt_resource_props["name"]])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        return [ANALYSTS]


def build_events(
    context: dg.AssetExecutionContext, facts: Mapping[str, Any]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `dbt build` once and give every model and test back, with row counts and `facts`.

    Unit tests are left out: they say nothing about this month's data (`make test` runs them).
    Raises when a model or a test of severity error fails.
    """
    definition = context.assets_def
    assets = {spec.metadata[UNIQUE_ID]: spec.key for spec in definition.specs}
    checks = {spec.metadata[UNIQUE_ID]: spec.key for spec in definition.check_specs}
    # a new file each time: nothing of an older build, torn or corrupt, can get into this one
    for file in settings.build_warehouse.parent.glob(f"{settings.build_warehouse.name}*"):
        file.unlink()
    # without --full-refresh a seed keeps the column types it was first loaded with
    done = run_dbt("build", "--full-refresh", "--exclude-resource-type", "unit_test")
    results = {result.node.unique_id: result for result in done.result.results}
    built = [key for key in assets if key in results and results[key].status == "success"]
    # after a failed build to count could fail as well, with an error that quotes a cell
    counts = _row_counts([results[key].node for key in built]) if done.success else {}
    for unique_id, result in results.items():
        metadata = {"status": str(result.status), "seconds": result.execution_time}
        if unique_id in built:
            counted = {"dagster/row_count": counts[unique_id]} if counts else {}
            metadata |= {**facts, **counted}
            yield dg.MaterializeResult(asset_key=assets[unique_id], metadata=metadata)
        elif unique_id in checks and result.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=checks[unique_id].asset_key,
                check_name=checks[unique_id].name,
                passed=result.status == "pass",
                severity=dg.AssetCheckSeverity.WARN
                if result.status == "warn"
                else dg.AssetCheckSeverity.ERROR,
                metadata=metadata | {"failed_rows": result.failures or 0},
            )
    if not done.success:
        # the names only: a model's own error can quote a cell
        faults = [key for key, r in results.items() if r.status in ("error", "fail")]
        raise dg.Failure(
            f"BUILD-FAILED: {', '.join(faults)}: an error in a model, or a test that found faults"
            "; what is published stays. The page for the data engineer says how to see more"
        )


def run_dbt(command: str, *options: str) -> "dbtRunnerResult":
    """One dbt command in this process: its modules are loaded already, and a run that is killed
    leaves no child behind that goes on writing. Raises what stopped dbt itself."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = ["--log-level", "none", "--log-level-file", "none", command, *options]
    for option, folder in (
        ("--project-dir", project.project_dir),
        ("--profiles-dir", project.profiles_dir),
        ("--target-path", project.target_path),
    ):
        arguments += [option, str(folder)]
    # a manifest's hundreds of thousands of objects are not worth looking through again and again
    threshold = gc.get_threshold()
    # the workshop holds rows about people: it is for its owner alone
    mask = os.umask(0o077)
    gc.set_threshold(100_000, 50, 50)
    try:
        done = dbtRunner().invoke(arguments)
    finally:
        gc.set_threshold(*threshold)
        os.umask(mask)
        # dbt would keep the warehouse open for its next command, and no reader could open it
        DuckDBConnectionManager.close_all_connections()
    _silence(settings.dbt_target / "run_results.json")
    if done.exception:
        raise done.exception
    return done


def _silence(run_results: Path) -> None:
    """Take the errors' texts out of what dbt wrote down: a model's own error can quote a cell."""
    if not run_results.exists():
        return
    told = json.loads(run_results.read_text(encoding="utf-8"))
    failed = [each for each in told["results"] if each["status"] in ("error", "fail", "warn")]
    if any(each["message"] for each in failed):
        for each in failed:
            each["message"] = ""
        run_results.write_text(json.dumps(told), encoding="utf-8")


def _row_counts(nodes: Sequence[Any]) -> dict[str, int]:
    import duckdb

    counts = {}
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as warehouse:
        for node in nodes:
            [(rows,)] = warehouse.sql(f"select count(*) from {node.relation_name}").fetchall()
            counts[node.unique_id] = rows
    return counts
