"""The mart: every dbt model, seed and test as Dagster assets and checks, built whole each run."""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from orchestration import dbt as kpi_dbt
from orchestration.generation import building
from orchestration.settings import settings


@dbt_assets(
    manifest=kpi_dbt.prepared_manifest(),
    project=kpi_dbt.project,
    dagster_dbt_translator=kpi_dbt.Translator(),
    name="kpi_mart",
)
def kpi_mart(
    context: dg.AssetExecutionContext, dbt: DbtCliResource
) -> Iterator[dg.Output | dg.AssetMaterialization | dg.AssetCheckResult]:
    """Children's records are corrected late, so every period is worked out anew in each run."""
    with building(settings.build_warehouse.parent) as generation:
        context.log.info("building generation %d", generation)
        yield from kpi_dbt.build_events(context, dbt)


@dg.definitions
def kpi_mart_definitions() -> dg.Definitions:
    return dg.Definitions(assets=[kpi_mart], resources={"dbt": kpi_dbt.dbt_resource})
