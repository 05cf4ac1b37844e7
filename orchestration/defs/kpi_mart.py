"""The mart: every dbt model, seed and test as Dagster assets and checks, built whole each run."""

import json
from collections.abc import Iterator

import dagster as dg
from dagster_dbt.asset_utils import build_dbt_specs

from orchestration import dbt as kpi_dbt
from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.ledger import newest_accepted_month
from orchestration.figures_ledger import make_figures_ledger
from orchestration.generation import building
from orchestration.settings import settings

specs, check_specs = build_dbt_specs(
    manifest=json.loads(kpi_dbt.prepared_manifest().read_bytes()),
    translator=kpi_dbt.Translator(),
    project=kpi_dbt.project,
    select="fqn:*",
    exclude="",
    selector="",
    io_manager_key=None,
)


# dbt_assets would let a part be built alone; a backfill then splits the build into several runs.
@dg.multi_asset(
    name="kpi_mart",
    specs=specs,
    check_specs=check_specs,
    can_subset=False,
    allow_arbitrary_check_specs=True,
)
def kpi_mart(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Children's records are corrected late, so every period is worked out anew in each run."""
    make_figures_ledger(settings.figures_ledger)
    with building(settings.build_warehouse.parent) as generation:
        context.log.info("building generation %d", generation)
        facts = {"as_at": newest_accepted_month(PATHS), "generation": generation}
        yield from kpi_dbt.build_events(context, facts)


@dg.definitions
def kpi_mart_definitions() -> dg.Definitions:
    return dg.Definitions(assets=[kpi_mart])
