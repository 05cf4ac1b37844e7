"""What the councils of a pool gave, and the pages on which they stand side by side."""

import os

import dagster as dg

from orchestration.councils.pool import newest_receipt
from orchestration.defs.councils import COUNCIL_FIGURES as FIGURES_OF_COUNCILS
from orchestration.defs.councils import POOL
from orchestration.defs.publishing import OF_A_POOL
from orchestration.mart.code_version import code_version
from orchestration.mart.generation import reading
from orchestration.reference.owners import ENGINEERS
from orchestration.reference.tables import COUNCILS
from orchestration.region.council_figures import gather
from orchestration.settings import settings

COUNCIL_FIGURES = dg.AssetKey(["raw", "council_figures"])
REGION_PAGES = dg.AssetKey(["exports", "region_pages"])


@dg.asset(
    key=COUNCIL_FIGURES,
    # after check-in, so that a backfill of months needs one run for it and the rebuild
    deps=[["raw", "indicator_returns"], *([FIGURES_OF_COUNCILS] if POOL else [])],
    group_name="raw",
    owners=[ENGINEERS],
    kinds={"parquet"},
    check_specs=[
        dg.AssetCheckSpec(
            "every_council_read",
            asset=COUNCIL_FIGURES,
            description="There are figures of every council in the pool, and they can be used. A "
            "council without them is left out and named; it stops nobody else.",
        )
    ],
)
def pooled_figures(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """The figures of every council in the pool, as its own run gave them; none without a pool."""
    codes = [each.geography_code for each in POOL]
    gathered = gather(settings.data / COUNCILS, codes, settings.raw)
    for fault in gathered.faults:
        context.log.warning(str(fault))
    return dg.MaterializeResult(
        metadata={"dagster/row_count": gathered.rows, "councils": len(gathered.councils)},
        check_results=[
            dg.AssetCheckResult(
                check_name="every_council_read",
                passed=not gathered.faults,
                metadata={"findings": "\n".join(map(str, gathered.faults))},
            )
        ],
    )


@dg.asset(
    key=REGION_PAGES,
    deps=[*OF_A_POOL, ["marts", "dim_indicator"], ["marts", "dim_geography"]],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"csv", "html"},
)
def region_pages(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """`exports/officers/<region>/<month>/region.html`: the councils of each region of the pool side
    by side, and the same as a table. Officers only, not for publication."""
    import duckdb

    from orchestration.documents.index import refresh_index
    from orchestration.documents.region_page import region_files
    from orchestration.publication.publication import publish
    from orchestration.region.edition import load_regions

    metadata: dict[str, dg.MetadataValue] = {}
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        regions = load_regions(mart)
        for region in regions:
            folder = settings.edition_folder(region.area_code, region.as_at)
            facts = {
                "as_at": region.as_at.isoformat(),
                "built_at": newest_receipt(settings, os.environ),
                "code_version": code_version(),
                "generation": generation,
                "geography_code": region.area_code,
                "geography_name": region.name,
                "run_id": context.run.run_id,
                "synthetic": region.synthetic,
            }
            publish(folder, region_files(region, settings.contact), facts)
            metadata[f"{region.name} {region.as_at:%Y-%m}"] = dg.MetadataValue.path(folder)
    if regions:
        refresh_index(settings.exports)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": sum(len(each.rows) for each in regions), **metadata}
    )
