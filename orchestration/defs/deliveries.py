"""What comes in: deliveries, one partition a month."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.catalogue.indicators import read_catalogue
from orchestration.contract.extracts import EXTRACTS
from orchestration.contract.formats import FORMATS
from orchestration.councils.pool import other_councils, owners, read_pool
from orchestration.defs.checks_alone import as_last_found, of_no_chosen_asset
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.in_use import require_something, write_in_use
from orchestration.deliveries.keeping.room import room_for_runs
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.accepted_rows import require_intact
from orchestration.deliveries.ledger.ledger import Receipt, by_extract, read_receipts
from orchestration.deliveries.quality import asks_for_work, missed
from orchestration.deliveries.sources.councils import misplaced
from orchestration.deliveries.sources.database import pull
from orchestration.deliveries.sources.folder import is_new, pending
from orchestration.deliveries.sources.months import (
    FIRST_MONTH,
    months_ahead,
    refused_folders,
    today_in_london,
)
from orchestration.deliveries.sources.returns import changed_returns, refused_returns
from orchestration.deliveries.sources.strangers import list_strangers, strangers
from orchestration.deliveries.storage.aging import remove_old_copies
from orchestration.deliveries.storage.fetch import fetch, last_findings
from orchestration.history import purge_runs
from orchestration.reference.geographies import own_codes, read_geographies
from orchestration.reference.owners import ENGINEERS
from orchestration.reference.released import read_released
from orchestration.settings import settings

delivery_months = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, fmt="%Y-%m", timezone="Europe/London"
)

PATHS = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)

figures_ledger = dg.AssetSpec(
    ["reference", "figures_ledger"],
    group_name="reference",
    owners=[ENGINEERS],
    kinds={"parquet"},
    description="Every figure as it was when a build first gave it, in `data/ledger/figures/`: "
    "`exports/recorded_figures` adds to it after each publication.",
)

build_inputs = dg.AssetSpec(
    ["reference", "build_inputs"],
    group_name="reference",
    owners=[ENGINEERS],
    kinds={"parquet"},
    description="When builds first had the deliveries, code and reference data that they were made "
    "from, in `data/ledger/figures/inputs/`: `kpi_mart` adds to it before it builds.",
)


def raw_key(extract: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", extract])


@dg.multi_asset(
    name="check_in",
    specs=[
        dg.AssetSpec(
            raw_key(extract.name),
            group_name="raw",
            owners=[ENGINEERS],
            kinds={"csv", "parquet"},
            partitions_def=delivery_months,
            description=f"{extract.title}: {extract.grain}. From {extract.supplied_by}.",
            skippable=True,  # needed for a run over some of the extracts only
        )
        for extract in EXTRACTS.values()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "accepted",
            asset=raw_key(name),
            description="What was delivered was taken in whole, or with remarks that ask for "
            "nothing. A refused file never stops a run: the last accepted one stands in, and the "
            "check says what to do.",
        )
        for name in EXTRACTS
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
    can_subset=True,
)
def check_in(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Every extract in the month's drop folder, checked against its contract.

    With KPI_INCOMING set, what is new there is fetched first; with KPI_SOURCE_URL set, the newest
    of its months is pulled from that database.

    A run checks in the months it was started for and every older month that waits. An extract that
    was not delivered is no fault, its indicators carry the reason; a month without any file is.
    """
    now = datetime.now(UTC)
    today = today_in_london(now)
    yield from as_last_found(context, of_no_chosen_asset(context))
    chosen = context.op_execution_context.selected_asset_keys
    extracts = [extract for name, extract in EXTRACTS.items() if raw_key(name) in chosen]
    if not extracts:
        return
    asked = set(context.partition_keys) if context.has_partition_key_range else set()
    if context.has_partition_key:
        asked.add(context.partition_key)
    newest = max(asked, default=None)
    if settings.storage:
        told = (settings.fetched, now, settings.max_bytes)
        dropped, info = settings.dropped, context.log.info
        fetched = fetch(settings.storage, *told, beside=dropped, progress=info)
        context.log.info(str(fetched))
    if settings.source_url and newest:
        pull(
            settings.source_url,
            settings.source_schema,
            settings.source_data_from,
            settings.seeds / "source_queries",
            newest,
            settings.incoming,
            extracts,
            now,
            context.log.info,
        )
    receipts = read_receipts(PATHS)
    waiting = {
        delivery.month
        for delivery in [
            *pending(PATHS, today, *extracts),
            *(e for e in changed_returns(PATHS, receipts, today) if is_new(e, receipts)),
        ]
        if newest is None or delivery.month <= newest
    }
    reference = settings.reference
    geographies = read_geographies(reference)
    by_month = check_in_deliveries(
        asked | waiting,
        extracts,
        read_catalogue(settings.seeds),
        # of a pool's council, what is about another one is set aside
        geographies.of(settings.of_pool) if settings.of_pool else geographies,
        PATHS,
        now,
        released=read_released(reference),
        own_codes=own_codes(reference),
        others=other_councils(settings, os.environ),
        retention=settings.retention,
        memory=settings.memory,
        max_bytes=settings.max_bytes,
    )
    purge_runs(context.instance, now - timedelta(days=settings.retention.history_days))
    receipts = by_extract(PATHS)
    old = remove_old_copies(settings.fetched, receipts, settings.retention.originals_days, now)
    if old:
        context.log.info("%s fetched files kept long enough, removed here", old)
    for receipt in read_receipts(PATHS):
        if receipt.extract in FORMATS and receipt.received_at == now.isoformat():
            context.log.info("%s: %s, %s rows", receipt.file, receipt.outcome, receipt.loaded)
            for told in receipt.findings:
                context.log.warning(told)
    is_of_a_pool = not settings.of_pool and bool(read_pool(reference))
    empty_months = {
        month
        for month, receipts in by_month.items()
        # what a pool lives on comes to its councils
        if not is_of_a_pool and all(receipt.outcome == "missing" for receipt in receipts)
    }
    for month in sorted(by_month):
        delivered = [receipt for receipt in by_month[month] if receipt.outcome != "missing"]
        if month in empty_months:
            context.log.warning("%s: nothing lies in the drop folder", month)
        for receipt in delivered:
            context.log.info("%s %s: %s", month, receipt.extract, _counts(receipt))
            for told in receipt.findings:
                context.log.warning(told)
            if asked and month not in asked:
                context.log_event(
                    dg.AssetMaterialization(
                        raw_key(receipt.extract), partition=month, metadata=_metadata([receipt])
                    )
                )
    lacking = missed(by_extract(PATHS), newest, settings.expected_extracts) if newest else set()
    for position, extract in enumerate(extracts):
        receipts = [by_month[month][position] for month in sorted(by_month)]
        delivered = [receipt for receipt in receipts if receipt.outcome != "missing"]
        # an extract may be absent that never came; a month without any file did not come either
        overdue = [
            receipt
            for receipt in receipts
            if receipt.delivery_month in empty_months
            or (
                (receipt.delivery_month == newest and extract.name in lacking)
                and receipt.outcome == "missing"
            )
        ]
        for receipt in receipts:
            if receipt.delivery_month in asked:
                told = [receipt] if receipt.outcome != "missing" else []
                context.add_asset_metadata(
                    _metadata(told), raw_key(extract.name), receipt.delivery_month
                )
        yield dg.MaterializeResult(
            asset_key=raw_key(extract.name),
            metadata={} if asked else _metadata(delivered),
            check_results=[
                dg.AssetCheckResult(
                    asset_key=raw_key(extract.name),
                    check_name="accepted",
                    passed=not overdue and not any(map(asks_for_work, delivered)),
                    severity=dg.AssetCheckSeverity.ERROR
                    if overdue or any(receipt.outcome == "refused" for receipt in delivered)
                    else dg.AssetCheckSeverity.WARN,
                    metadata={"findings": _findings(delivered + overdue)},
                )
            ],
        )


def _metadata(receipts: list[Receipt]) -> Mapping[str, Any]:
    accepted = [r.delivery_month for r in receipts if r.outcome in ("accepted", "unchanged")]
    return {
        "dagster/row_count": sum(receipt.loaded for receipt in receipts),
        "as_at": max(accepted, default="none new"),
        "rows_in_files": sum(receipt.rows_in_file for receipt in receipts),
        "rows_set_aside": sum(receipt.quarantined for receipt in receipts),
        "exact_duplicates": sum(receipt.duplicates for receipt in receipts),
        "deliveries": dg.MetadataValue.md(
            "\n".join(f"- {receipt.delivery_month}: {_counts(receipt)}" for receipt in receipts)
            or "Nothing was delivered."
        ),
    }


def _counts(receipt: Receipt) -> str:
    reach = receipt.data_from and (
        f", complete from {receipt.data_from} ({receipt.data_from_known_by})"
    )
    return (
        f"{receipt.outcome}, {receipt.rows_in_file} rows in the file, {receipt.loaded} loaded, "
        f"{receipt.quarantined} set aside, {receipt.duplicates} exact duplicates{reach}"
    )


def _findings(receipts: list[Receipt]) -> str:
    return "\n".join(told for receipt in receipts for told in receipt.findings)


@dg.multi_asset(
    name="deliveries_in_use",
    specs=[
        dg.AssetSpec(
            raw_key(name),
            deps=[raw_key(extract) for extract in EXTRACTS],
            group_name="raw",
            owners=[ENGINEERS],
            kinds={"parquet"},
            description=description,
        )
        for name, description in (
            (
                "accepted_deliveries",
                "From the ledger: which delivery of each extract stands, and why none does.",
            ),
            (
                "standard_codes",
                "From the newest code maps: what the council's own codes stand for.",
            ),
            (
                "returns_in_use",
                "Of the extracts that were made of returns: which indicators these give.",
            ),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_file_known",
            asset=raw_key("accepted_deliveries"),
            description="Every file in the drop folder is an extract or a return that can be "
            "read, every month is over that has a folder there or was accepted, and what lies on "
            "a server was fetched.",
        ),
        dg.AssetCheckSpec(
            "room_left",
            asset=raw_key("accepted_deliveries"),
            description="The data folder has room for two more runs of this size.",
        ),
    ],
    can_subset=False,
)
def deliveries_in_use(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What the models have to know of the deliveries beside their rows."""
    require_intact(PATHS)
    today = today_in_london()
    unknown = strangers(PATHS.incoming, today)
    list_strangers(unknown, PATHS.unknown_files)
    months = [*refused_folders(PATHS.incoming, today), *months_ahead(PATHS, today)]
    pool = read_pool(settings.reference)
    months += misplaced(PATHS.incoming, owners(settings.reference))
    findings = [str(each.finding()) for each in (*months, *unknown)]
    findings += refused_returns(PATHS, today)
    not_fetched = last_findings(settings.fetched) if settings.storage else []
    findings += not_fetched
    for found in findings:
        context.log.warning(found)
    if settings.of_pool or not pool:  # a pool lives on what its councils send
        require_something(PATHS)
    written = write_in_use(PATHS)
    counts = {
        "accepted_deliveries": written.deliveries,
        "standard_codes": written.codes,
        "returns_in_use": written.returns,
    }
    for name, count in counts.items():
        yield dg.MaterializeResult(asset_key=raw_key(name), metadata={"dagster/row_count": count})
    yield dg.AssetCheckResult(
        asset_key=raw_key("accepted_deliveries"),
        check_name="every_file_known",
        passed=not findings,
        # a month that is taken for another one changes figures, and what was not fetched is late
        severity=dg.AssetCheckSeverity.ERROR
        if months or not_fetched
        else dg.AssetCheckSeverity.WARN,
        metadata={"findings": "\n".join(findings)},
    )
    room = room_for_runs(PATHS)
    yield dg.AssetCheckResult(
        asset_key=raw_key("accepted_deliveries"),
        check_name="room_left",
        passed=not room.finding,
        metadata={"findings": room.finding, "free_mb": room.free_mb, "needed_mb": room.needed_mb},
    )
