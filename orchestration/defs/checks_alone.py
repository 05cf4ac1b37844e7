"""Checks of steps that can be run in part: what they say where nothing was judged anew."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES as JUDGED,
)


def of_no_chosen_asset(context: dg.AssetExecutionContext) -> list[dg.AssetCheckKey]:
    """The checks that Dagster's pages were told to execute without the assets that they judge."""
    assets = context.op_execution_context.selected_asset_keys
    return [each for each in context.selected_asset_check_keys if each.asset_key not in assets]


def as_last_found(
    context: dg.AssetExecutionContext, keys: list[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    """What each check found last, once more: one that gives nothing turns grey, and what it had
    found is seen nowhere."""
    log = context.instance.event_log_storage
    for key in sorted(keys):
        for record in log.get_asset_check_execution_history(key, limit=1, status=JUDGED):
            if event := record.event and record.event.dagster_event:
                found = event.asset_check_evaluation_data
                yield dg.AssetCheckResult(
                    asset_key=key.asset_key,
                    check_name=key.name,
                    passed=found.passed,
                    severity=found.severity,
                    metadata={**found.metadata, "found_in_run": record.run_id},
                )
