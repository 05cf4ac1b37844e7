"""The mart: every dbt model, seed and test as Dagster assets and checks, built whole each run."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
from dagster_dbt.asset_utils import build_dbt_specs

from orchestration.dbt.build import build_events, told_where_full
from orchestration.dbt.project import prepared_manifest, project
from orchestration.dbt.translator import Translator
from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.ledger.accepted_rows import require_intact
from orchestration.deliveries.ledger.ledger import accepted_sha256, newest_accepted_month
from orchestration.mart.code_version import code_version
from orchestration.mart.figure_checks import held, read_moved, read_released
from orchestration.mart.figures_ledger import make_figures_ledger, note_inputs
from orchestration.mart.generation import building
from orchestration.settings import settings

specs, check_specs = build_dbt_specs(
    manifest=prepared_manifest(),
    translator=Translator(),
    project=project,
    select="fqn:*",
    exclude="",
    selector="",
    io_manager_key=None,
)


moved = dg.AssetCheckSpec(
    "moved_no_further_than_its_bound",
    asset=["figures", "int_moved_figures"],
    blocking=True,
    description="Since the last publication no figure moved further than its indicator's "
    "`may_move`, unless it was released in seeds/released_figures.csv.",
)


# dbt_assets would let a part be built alone; a backfill then splits the build into several runs.
@dg.multi_asset(
    name="kpi_mart",
    specs=specs,
    check_specs=[*check_specs, moved],
    can_subset=False,
    allow_arbitrary_check_specs=True,
)
def kpi_mart(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Children's records are corrected late, so every period is worked out anew in each run."""
    require_intact(PATHS)
    with told_where_full():
        yield from _built(context)


def _built(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    make_figures_ledger(settings.figures_ledger)
    inputs = f"{code_version()}:{accepted_sha256(PATHS)}"
    note_inputs(settings.figures_ledger, inputs, datetime.now(UTC))
    with building(settings.build_warehouse.parent, settings.exports) as generation:
        context.log.info("building generation %d", generation)
        facts = {"as_at": newest_accepted_month(PATHS), "generation": generation}
        yield from build_events(context, facts)
        as_at = newest_accepted_month(PATHS)
        released = read_released(settings.reference)
        kept_back = held(read_moved(settings.build_warehouse), released, as_at)
        findings = "\n".join(each.line(as_at) for each in kept_back)
        yield dg.AssetCheckResult(
            asset_key=moved.asset_key,
            check_name=moved.name,
            passed=not kept_back,
            metadata={"findings": findings},
        )
        if kept_back:
            raise dg.Failure(f"FIGURES-HELD: what is published stays\n{findings}")


@dg.definitions
def kpi_mart_definitions() -> dg.Definitions:
    return dg.Definitions(assets=[kpi_mart])
