"""What comes in: deliveries, one partition a month, and the reference files beside them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.catalogue import read_catalogue
from orchestration.deliveries.archive import ensure_empty
from orchestration.deliveries.check_in import check_in
from orchestration.deliveries.contract import INDICATOR_RETURNS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import Receipt
from orchestration.deliveries.sources import delivered_file, pending
from orchestration.editions import requested_editions, write_requests
from orchestration.geographies import read_geographies
from orchestration.owners import ANALYSTS, ENGINEERS
from orchestration.settings import settings

delivery_months = dg.MonthlyPartitionsDefinition(
    start_date="2012-04", fmt="%Y-%m", timezone="Europe/London"
)

PATHS = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)

benchmarks = dg.AssetSpec(
    ["reference", "benchmarks"],
    group_name="reference",
    owners=[ANALYSTS],
    kinds={"parquet"},
    description="Official statistics for England, regions and every authority: a file under "
    "`seeds/benchmarks/` that its README says how to refresh.",
)


@dg.asset(
    key=["raw", "indicator_returns"],
    group_name="raw",
    owners=[ENGINEERS],
    kinds={"csv", "parquet"},
    partitions_def=delivery_months,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[
        dg.AssetCheckSpec(
            "accepted",
            asset=["raw", "indicator_returns"],
            description="Every file was taken in whole. A refused file never stops a run: the last "
            "accepted one stands in, and the check says what to do.",
        )
    ],
)
def indicator_returns(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Figures a council holds ready made, checked in from the month's drop folder.

    A run checks in the months it was started for and every older month that waits.
    """
    asked = set(context.partition_keys) if context.has_partition_key_range else set()
    if context.has_partition_key:
        asked.add(context.partition_key)
    newest = max(asked, default=None)
    waiting = {
        delivery.month
        for delivery in pending(PATHS, INDICATOR_RETURNS)
        if newest is None or delivery.month <= newest
    }
    ensure_empty(INDICATOR_RETURNS, PATHS)
    catalogue = read_catalogue(settings.dbt_project)
    geographies = read_geographies(settings.seeds)
    receipts = []
    for month in sorted(asked | waiting):
        receipt = check_in(
            delivered_file(PATHS.incoming, month, INDICATOR_RETURNS),
            month,
            INDICATOR_RETURNS,
            catalogue,
            geographies,
            PATHS,
            datetime.now(UTC),
        )
        receipts.append(receipt)
        context.log.info("%s: %s", month, _counts(receipt))
        for finding in receipt.findings:
            context.log.warning(finding)
        if asked and month not in asked:
            context.log_event(
                dg.AssetMaterialization(
                    context.asset_key, partition=month, metadata=_metadata([receipt])
                )
            )
    yield dg.MaterializeResult(
        metadata=_metadata(receipts),
        check_results=[
            dg.AssetCheckResult(
                check_name="accepted",
                passed=not any(receipt.findings for receipt in receipts),
                severity=dg.AssetCheckSeverity.ERROR
                if any(receipt.outcome in ("refused", "missing") for receipt in receipts)
                else dg.AssetCheckSeverity.WARN,
                metadata={"findings": _findings(receipts)},
            )
        ],
    )


def _metadata(receipts: list[Receipt]) -> dict[str, object]:
    as_at = max((r.delivery_month for r in receipts if r.outcome == "accepted"), default="none new")
    return {
        "dagster/row_count": sum(receipt.loaded for receipt in receipts),
        "as_at": as_at,
        "rows_in_files": sum(receipt.rows_in_file for receipt in receipts),
        "rows_set_aside": sum(receipt.quarantined for receipt in receipts),
        "exact_duplicates": sum(receipt.duplicates for receipt in receipts),
        "deliveries": dg.MetadataValue.md(
            "\n".join(f"- {receipt.delivery_month}: {_counts(receipt)}" for receipt in receipts)
            or "Nothing was waiting."
        ),
    }


def _counts(receipt: Receipt) -> str:
    return (
        f"{receipt.outcome}, {receipt.rows_in_file} rows in the file, {receipt.loaded} loaded, "
        f"{receipt.quarantined} set aside, {receipt.duplicates} exact duplicates"
    )


def _findings(receipts: list[Receipt]) -> str:
    return "\n".join(finding for receipt in receipts for finding in receipt.findings)


class EditionConfig(dg.Config):
    """One edition for one run: a GSS code and YYYY-MM; empty leaves it to the environment."""

    council: str = ""
    as_at: str = ""


@dg.asset(
    key=["reference", "editions"],
    # after check-in, so that a backfill of months needs one run for it and the rebuild together
    deps=[["raw", "indicator_returns"]],
    group_name="reference",
    owners=[ENGINEERS],
    kinds={"parquet"},
)
def editions(config: EditionConfig) -> dg.MaterializeResult:
    """The editions this run is to publish: a council × an as-at month each.

    From the run's configuration, else COUNCIL and AS_AT, else `seeds/editions.csv`.
    """
    requests = requested_editions(
        config.council or settings.council,
        config.as_at or settings.as_at,
        settings.seeds / "editions.csv",
    )
    write_requests(requests, settings.editions_file)
    asked = [f"{r.geography_code} as at {r.as_at or 'its newest month'}" for r in requests]
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(requests), "editions": "; ".join(asked)}
    )
