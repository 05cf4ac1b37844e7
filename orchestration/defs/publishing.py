"""What clerks and analysts collect: the editions and the warehouse that analysts open."""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.catalogue import read_catalogue
from orchestration.code_version import code_version
from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.ledger import (
    newest_accepted_month,
    newest_receipt_time,
    read_receipts,
)
from orchestration.deliveries.quality import delivery_quality, extracts_behind
from orchestration.editions import read_requests
from orchestration.generation import reading
from orchestration.geographies import read_row_level_council
from orchestration.owners import ENGINEERS
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.publishing.figures import Edition

MARTS = [
    dg.AssetKey(["marts", name])
    for name in (
        "dim_geography",
        "dim_indicator",
        "kpi_monthly",
        "kpi_quarterly",
        "kpi_yearly",
        "kpi_dashboard",
        "kpi_trends",
        "kpi_areas_for_improvement",
        "fct_restatement",
    )
]
OFFICER_EDITIONS = dg.AssetKey(["exports", "officer_editions"])


@dg.asset(
    key=["exports", "published_warehouse"],
    deps=[*MARTS, ["marts", "kpi_benchmarks"]],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"duckdb"},
)
def published_warehouse() -> dg.MaterializeResult:
    """`data/warehouse/published.duckdb`: the marts of the last green build, for analysts."""
    from orchestration.publishing.warehouse import publish_warehouse

    with reading(settings.build_warehouse.parent) as generation:
        publish_warehouse(settings.build_warehouse, settings.published_warehouse)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(settings.published_warehouse),
            "bytes": settings.published_warehouse.stat().st_size,
            "generation": generation,
        }
    )


def manifest_facts(edition: "Edition", generation: int, run_id: str) -> dict[str, object]:
    """What every manifest says of the edition in its folder and of the run that put it there."""
    return {
        "as_at": edition.as_at.isoformat(),
        "built_at": newest_receipt_time(PATHS),
        "code_version": code_version(),
        "generation": generation,
        "geography_code": edition.geography_code,
        "geography_name": edition.geography_name,
        "run_id": run_id,
        "synthetic": edition.synthetic,
    }


@dg.asset(
    key=OFFICER_EDITIONS,
    deps=[*MARTS, ["reference", "editions"]],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"csv", "html"},
    check_specs=[
        dg.AssetCheckSpec(
            "whole",
            asset=OFFICER_EDITIONS,
            description="Every file of every edition of this run is on disk as its manifest says.",
        )
    ],
)
def officer_editions(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """`exports/officers/<council>/<month>/`: eight dashboards as CSV and as one accessible page.

    Officers only, not for publication. Put in place whole, or not at all; `exports/index.html`
    lists what is there.
    """
    import duckdb

    from orchestration.publishing.edition import load_edition
    from orchestration.publishing.edition_files import edition_files
    from orchestration.publishing.page import refresh_index
    from orchestration.publishing.publication import publish, verify
    from orchestration.publishing.publishable import hidden_figures, preview, publishable

    receipts, catalogue = read_receipts(PATHS), read_catalogue(settings.dbt_project)
    own = read_row_level_council(settings.seeds)
    metadata: dict[str, dg.MetadataValue] = {}
    faults: list[str] = []
    rows = 0
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        for request in read_requests(settings.editions_file):
            edition = load_edition(mart, request.geography_code, request.as_at)
            as_at = edition.as_at
            folder = settings.edition_folder(edition.geography_code, as_at)
            behind = extracts_behind(
                has_rows=edition.geography_code == own,
                has_returns=any(row.origin == "returned" for row in edition.rows),
            )
            quality = delivery_quality(receipts, catalogue, f"{as_at:%Y-%m}", behind)
            manifest = publish(
                folder,
                edition_files(edition, quality, settings.contact),
                manifest_facts(edition, generation, context.run.run_id),
            )
            rows += manifest.files["all_indicators.csv"].rows or 0
            faults += verify(folder)
            name = f"{edition.geography_name} {as_at:%Y-%m}"
            public = preview(publishable(edition, hidden_figures(edition.rows).places))
            metadata[name] = dg.MetadataValue.path(folder)
            metadata[f"{name}: as at"] = dg.MetadataValue.text(as_at.isoformat())
            metadata[f"{name}: public figures"] = dg.MetadataValue.md(public)
    refresh_index(settings.exports)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "generation": generation, **metadata},
        check_results=[
            dg.AssetCheckResult(
                check_name="whole", passed=not faults, metadata={"faults": "\n".join(faults)}
            )
        ],
    )


@dg.asset(
    key=["exports", "recorded_figures"],
    deps=[OFFICER_EDITIONS, ["marts", "fct_restatement"]],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"parquet"},
)
def recorded_figures() -> dg.MaterializeResult:
    """What this build gives otherwise than the builds before it, added to the figures ledger."""
    from orchestration.figures_ledger import record_figures

    with reading(settings.build_warehouse.parent) as generation:
        recorded = record_figures(
            settings.build_warehouse,
            settings.figures_ledger,
            newest_receipt_time(PATHS),
            newest_accepted_month(PATHS),
            code_version(),
        )
    return dg.MaterializeResult(
        metadata={"dagster/row_count": recorded.figures, "generation": generation}
    )
