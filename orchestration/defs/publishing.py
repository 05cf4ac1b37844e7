"""What clerks and analysts collect: the editions and the warehouse that analysts open."""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.catalogue.indicators import read_catalogue
from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.ledger.ledger import (
    newest_accepted_month,
    newest_receipt_time,
    read_receipts,
)
from orchestration.deliveries.quality import delivery_quality, extracts_behind
from orchestration.mart.code_version import code_version
from orchestration.mart.generation import reading
from orchestration.reference.edition_requests import read_requests
from orchestration.reference.geographies import read_row_level_council
from orchestration.reference.owners import ENGINEERS
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.editions.figures import Edition

MARTS = [
    dg.AssetKey(["marts", name])
    for name in (
        "dim_breakdown",
        "dim_geography",
        "dim_indicator",
        "dim_neighbour",
        "dim_part",
        "dim_tie",
        "kpi_monthly",
        "kpi_quarterly",
        "kpi_yearly",
        "kpi_dashboard",
        "kpi_standings",
        "kpi_trends",
        "kpi_areas_for_improvement",
        "fct_restatement",
    )
]
OF_A_POOL = [dg.AssetKey(["marts", name]) for name in ("kpi_region", "kpi_region_councils")]
OFFICER_EDITIONS = dg.AssetKey(["exports", "officer_editions"])


@dg.asset(
    key=["exports", "published_warehouse"],
    # last: a run that fails at the editions leaves analysts what the standing editions print
    deps=[
        *MARTS,
        *OF_A_POOL,
        ["marts", "dim_period"],
        ["marts", "kpi_benchmarks"],
        OFFICER_EDITIONS,
    ],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"duckdb"},
)
def published_warehouse() -> dg.MaterializeResult:
    """`data/warehouse/published.duckdb`: the marts of the last green build whose editions are all
    published, for analysts."""
    from orchestration.publication.warehouse import publish_warehouse

    with reading(settings.build_warehouse.parent) as generation:
        publish_warehouse(settings.build_warehouse, settings.published_warehouse)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(settings.published_warehouse),
            "bytes": settings.published_warehouse.stat().st_size,
            "generation": generation,
        }
    )


@dg.asset(
    key=["exports", "star"],
    deps=[["exports", "published_warehouse"]],
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"parquet"},
)
def published_star(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """`data/warehouse/star/`: the marts as tables that single columns join, for Power BI and Excel,
    with a dictionary. Officers only."""
    from orchestration.explorer.star import has_synthetic, star_files
    from orchestration.publication.publication import publish

    with reading(settings.build_warehouse.parent) as generation:
        files = star_files(settings.build_warehouse)
        facts = {
            "as_at": newest_accepted_month(PATHS),
            "built_at": newest_receipt_time(PATHS),
            "code_version": code_version(),
            "generation": generation,
            "geography_code": "",
            "geography_name": "every area",
            "run_id": context.run.run_id,
            "synthetic": has_synthetic(settings.build_warehouse),
        }
        publish(settings.star, files, facts)
    return dg.MaterializeResult(
        metadata={"path": dg.MetadataValue.path(settings.star), "generation": generation}
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
        ),
        dg.AssetCheckSpec(
            "all_made",
            asset=OFFICER_EDITIONS,
            description="Every edition asked for has figures. One without them stops no other.",
        ),
    ],
)
def officer_editions(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """`exports/officers/<council>/<month>/`: eight dashboards as CSV and as one accessible page.

    Officers only, not for publication. Put in place whole, or not at all; `exports/index.html`
    lists what is there.
    """
    import duckdb

    from orchestration.documents.edition_files import edition_files
    from orchestration.documents.index import refresh_index
    from orchestration.editions.edition import load_editions
    from orchestration.publication.manifest import verify
    from orchestration.publication.publication import publish

    receipts, catalogue = read_receipts(PATHS), read_catalogue(settings.seeds)
    own = read_row_level_council(settings.reference)
    metadata: dict[str, dg.MetadataValue] = {}
    faults: list[str] = []
    rows = 0
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        editions, missing = load_editions(mart, read_requests(settings.editions_file))
        for edition in editions:
            as_at = edition.as_at
            folder = settings.edition_folder(edition.geography_code, as_at)
            behind = extracts_behind(
                has_rows=edition.geography_code == own,
                has_returns=any(row.origin == "returned" for row in edition.rows),
            )
            quality = delivery_quality(receipts, catalogue, f"{as_at:%Y-%m}", behind)
            publish(
                folder,
                edition_files(edition, quality, settings.contact),
                manifest_facts(edition, generation, context.run.run_id),
            )
            rows += len(edition.rows)
            faults += verify(folder)
            name = f"{edition.geography_name} {as_at:%Y-%m}"
            metadata[name] = dg.MetadataValue.path(folder)
            metadata[f"{name}: as at"] = dg.MetadataValue.text(as_at.isoformat())
    refresh_index(settings.exports)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "generation": generation, **metadata},
        check_results=[
            dg.AssetCheckResult(
                check_name="whole", passed=not faults, metadata={"faults": "\n".join(faults)}
            ),
            dg.AssetCheckResult(
                check_name="all_made",
                passed=not missing,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"left out": dg.MetadataValue.md("\n".join(map(str, missing)) or "none")},
            ),
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
    from orchestration.mart.figures_ledger import record_figures

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
