"""Official figures by program: fetched when somebody asks for it, and in no other job."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.checks_alone import as_last_found
from orchestration.defs.reference import TOLD, told
from orchestration.reference.owners import ANALYSTS
from orchestration.settings import settings

OFFICIAL_FIGURES = dg.AssetKey(["exports", "official_figures"])


class Fetching(dg.Config):
    """Whether the service is asked: only where somebody wants the job `benchmarks`. A run of
    everything leaves the figures, and what was found the last time, as they are."""

    wanted: bool = False


@dg.multi_asset(
    name="exports__official_figures",
    specs=[
        dg.AssetSpec(
            OFFICIAL_FIGURES,
            # what is fetched is held against the figures that stand
            deps=[dg.AssetKey(["marts", "kpi_benchmarks"])],
            group_name="exports",
            owners=[ANALYSTS],
            kinds={"parquet"},
            description="Pinned data sets of DfE's Explore Education Statistics, into "
            "`seeds/benchmarks/benchmarks.parquet`: what changed is in `data/official_figures/`. "
            "Off by default: `make benchmarks` starts it, no schedule and no other job does.",
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "fetched",
            asset=OFFICIAL_FIGURES,
            description="Every pinned data set was read whole, and all of its figures can be "
            "right. Where not, the figures that were there stay.",
        )
    ],
    # so that a run that fetches nothing need not have a finding where there was none before
    can_subset=True,
)
def official_figures(
    context: dg.AssetExecutionContext, config: Fetching
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Fetch, where that is wanted, and say what changed."""
    from orchestration.official.refresh import refresh
    from orchestration.official.service import URL, Service

    if not config.wanted:
        context.log.info("nothing is fetched: the job benchmarks does, or make benchmarks")
        if OFFICIAL_FIGURES in context.op_execution_context.selected_asset_keys:
            yield dg.MaterializeResult(metadata={"fetched": False})
        yield from as_last_found(context, list(context.selected_asset_check_keys))
        return
    service = Service(settings.official_url or URL, settings.max_bytes)
    found = refresh(settings.reference, settings.official_receipts, service, datetime.now(UTC))
    for line in (*found.said, *found.summary()):
        context.log.info(line)
    for fault in found.faults[:TOLD]:
        (context.log.info if fault.is_remark else context.log.error)(str(fault))
    if len(found.faults) > TOLD:
        context.log.error(f"and {len(found.faults) - TOLD} more, in changes.md")
    written = "benchmarks.parquet is written anew" if found.is_written else "nothing has changed"
    context.log.info(f"{written}; see {found.receipts}")
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": found.rows,
            "changes": dg.MetadataValue.path(found.receipts / "changes.md"),
            "changed": sum(len(each.changes) for each in found.comparisons),
        },
        check_results=[
            dg.AssetCheckResult(
                passed=found.is_right,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"faults": told(found.faults)},
            )
        ],
    )
    if unused := found.unused:
        # a run that is red, so that whoever started it, or operations, hear of it
        raise dg.Failure("\n".join(map(str, unused)))


benchmarks = dg.define_asset_job(
    "benchmarks",
    selection=dg.AssetSelection.assets(OFFICIAL_FIGURES),
    config={"ops": {"exports__official_figures": {"config": {"wanted": True}}}},
    description="Fetch the pinned official figures and say what they change. Nothing else starts "
    "it.",
)
