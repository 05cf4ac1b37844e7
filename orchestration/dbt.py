"""dbt inside Dagster: one project, one manifest per data folder, names and counts for the UI."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject

from orchestration.owners import ANALYSTS
from orchestration.settings import settings

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

# dbt of this environment, also where its bin folder is not on the PATH
dbt_resource = DbtCliResource(
    project_dir=project, dbt_executable=str(Path(sys.executable).parent / "dbt")
)


def prepared_manifest() -> Path:
    """The manifest, made anew when it is missing or older than any file it was made from."""
    if _is_stale(project.manifest_path, [settings.dbt_project, settings.seeds / "reference"]):
        settings.dbt_target.mkdir(parents=True, exist_ok=True)
        dbt_resource.cli(["parse", "--quiet"], target_path=project.target_path).wait()
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
    context: dg.AssetExecutionContext, dbt: DbtCliResource, facts: Mapping[str, Any]
) -> Iterator[dg.Output | dg.AssetMaterialization | dg.AssetCheckResult]:
    """Run `dbt build` once and give its events back with row counts and `facts` as metadata.

    The counts are read after dbt has ended, over one connection: an open reader would block the
    next writer. Raises when a model or a test of severity error fails.
    """
    # without --full-refresh a seed keeps the column types it was first loaded with
    invocation = dbt.cli(
        ["build", "--full-refresh"], context=context, target_path=project.target_path
    )
    events = list(invocation.stream())
    counts = _row_counts(settings.build_warehouse, events)
    for event in events:
        if isinstance(event, dg.Output) and event.output_name in counts:
            yield event.with_metadata(
                {**event.metadata, **facts, "dagster/row_count": counts[event.output_name]}
            )
        else:
            yield event


def _row_counts(warehouse: Path, events: Iterable[object]) -> dict[str, int]:
    import duckdb

    counts: dict[str, int] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        relations = connection.sql(
            "select table_schema || '__' || table_name, table_schema || '.' || table_name"
            " from information_schema.tables"
        ).fetchall()
        names = dict(relations)
        for event in events:
            if isinstance(event, dg.Output) and event.output_name in names:
                row = connection.execute(
                    f"select count(*) from {names[event.output_name]}"
                ).fetchone()
                counts[event.output_name] = row[0] if row else 0
    return counts
