"""The councils of a pool: a partition each, and the whole job of each in folders of its own.

Where `seeds/reference/pool.csv` names no council, nothing of this is there. A council's month is no
partition here: what a council sends is corrected late, so that its mart is built whole, and which
months it delivered is seen in its own Dagster (`KPI_OF_POOL=<code> make ui`).
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg

from orchestration.councils.pool import months_of_councils, read_pool
from orchestration.councils.runs import run_council, without_an_edition
from orchestration.defs.automation import monthly_kpis
from orchestration.defs.deliveries import PATHS
from orchestration.defs.publishing import OFFICER_EDITIONS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_accepted_month
from orchestration.deliveries.sources.months import today_in_london
from orchestration.mart.generation import reading
from orchestration.publication.last_run import FIGURES
from orchestration.reference.calendar import month_end
from orchestration.reference.owners import ENGINEERS
from orchestration.settings import of_council, settings

COUNCIL_FIGURES = dg.AssetKey(["councils", "figures"])
POOL = [] if settings.of_pool else read_pool(settings.reference)


@dg.multi_asset(
    name="councils__figures",
    specs=[
        dg.AssetSpec(
            COUNCIL_FIGURES,
            group_name="councils",
            owners=[ENGINEERS],
            kinds={"parquet"},
            partitions_def=dg.StaticPartitionsDefinition([each.geography_code for each in POOL]),
            description="The whole job of each council of the pool, in `data/councils/<code>/` and "
            "`exports/councils/<code>/`; it leaves `figures.parquet` for the pool. A council for "
            "which nothing is new is passed over.",
            skippable=True,  # of the councils of a run, those that were built are told of
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_council_built",
            asset=COUNCIL_FIGURES,
            description="The job of every council of the run went through. One that fails stops "
            "no other: its figures stay as they were.",
        )
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def council_figures(context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Run the councils of the run's partitions, one after the other."""
    own, today = without_an_edition(os.environ), date.today()
    failed = []
    for council in context.partition_keys:
        outcome = run_council(settings, council, own, today)
        if outcome.state == "failed":
            failed.append(str(outcome))
            context.log.error(str(outcome))
            continue
        context.log.info(str(outcome))
        if outcome.state == "built":
            context.log_event(
                dg.AssetMaterialization(
                    COUNCIL_FIGURES, partition=council, metadata={"kpi/council": council}
                )
            )
    yield dg.AssetCheckResult(
        asset_key=COUNCIL_FIGURES,
        passed=not failed,
        metadata={"findings": "\n".join(failed), "failed": len(failed)},
    )
    if failed:
        raise dg.Failure("COUNCIL-FAILED: " + "\n".join(failed))


@dg.asset(
    key=["exports", "figures_for_the_pool"],
    deps=[OFFICER_EDITIONS],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"parquet"},
)
def figures_for_the_pool() -> dg.MaterializeResult:
    """`figures.parquet` in the council's data folder: its figures, for the pool that it is in."""
    from orchestration.councils.figures import write_figures

    as_at = month_end(newest_accepted_month(PATHS))
    target = settings.data / FIGURES
    with reading(settings.build_warehouse.parent) as generation:
        count = write_figures(settings.build_warehouse, settings.of_pool, as_at, target)
    return dg.MaterializeResult(metadata={"dagster/row_count": count, "generation": generation})


@dg.sensor(
    job_name="councils",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Watches the councils' parts of the drop folder, each as `landing` does: one run "
    "for each council of which a month has come in whole.",
)
def councils_landed(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    from orchestration.contract.extracts import EXTRACTS
    from orchestration.deliveries.sources.landing import look

    now = datetime.now(UTC)
    before = json.loads(context.cursor) if context.cursor else {}
    cursors, requests = {}, []
    for council in (each.geography_code for each in POOL):
        where = of_council(settings, council, os.environ)
        paths = Paths(where.incoming, where.raw, where.quarantine, where.ledger)
        seen = look(paths, EXTRACTS.values(), today_in_london(now), before.get(council, ""), now)
        cursors[council] = seen.cursor
        if seen.newest_month:
            why = {"kpi/reason": "new files", "kpi/council": council}
            key = f"{council}/{seen.run_key}"
            requests.append(dg.RunRequest(run_key=key, partition_key=council, tags=why))
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps(cursors),
        skip_reason=None if requests else dg.SkipReason("No council's month has come in whole."),
    )


@dg.sensor(
    job=monthly_kpis,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Adds the councils up anew once figures of any of them have come, and no job of "
    "theirs runs or waits.",
)
def councils_built(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    status = dg.DagsterRunStatus
    at_work = [status.QUEUED, status.STARTING, status.STARTED]
    if context.instance.get_runs(dg.RunsFilter(job_name="councils", statuses=at_work), limit=1):
        return dg.SkipReason("Councils are being built.")
    newest = context.instance.get_latest_materialization_event(COUNCIL_FIGURES)
    key = str(newest.timestamp) if newest else ""
    months = months_of_councils(settings, today_in_london())
    if not months or key in ("", context.cursor):
        return dg.SkipReason("No figures of a council are new.")
    why = {"kpi/reason": "councils were built"}
    request = dg.RunRequest(run_key=f"councils/{key}", partition_key=max(months), tags=why)
    return dg.SensorResult([request], cursor=key)


@dg.definitions
def councils_definitions() -> dg.Definitions:
    if settings.of_pool:
        return dg.Definitions(assets=[figures_for_the_pool])
    if not POOL:
        return dg.Definitions()
    job = dg.define_asset_job(
        "councils",
        selection=dg.AssetSelection.assets(COUNCIL_FIGURES),
        description="The whole job of each council of the pool for which something may be new.",
    )
    sensors = [councils_landed, councils_built]
    return dg.Definitions(assets=[council_figures], jobs=[job], sensors=sensors)
