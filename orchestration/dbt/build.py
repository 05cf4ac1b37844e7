"""One whole `dbt build` as Dagster's events: every model and test, with row counts."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg

from orchestration.dbt.project import run_dbt
from orchestration.mart.build_failures import seen_by_hand, shortage
from orchestration.mart.build_progress import progress
from orchestration.mart.figure_checks import fault_line, read_faults
from orchestration.mart.generation import remove_builds
from orchestration.mart.promises import broken_promises
from orchestration.settings import settings

UNIQUE_ID = "dagster_dbt/unique_id"  # where dagster-dbt notes the dbt node of an asset or a check

Results = Mapping[str, Any]  # of each node that dbt ran, by its id


def build_events(
    context: dg.AssetExecutionContext, facts: Mapping[str, Any]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `dbt build` once and give every model and test back, with row counts and `facts`.

    Unit tests are left out: they say nothing about this month's data (`make test` runs them).
    Raises when a model or a test of severity error fails.
    """
    definition = context.assets_def
    # a new file each time: nothing of an older build, torn or corrupt, can get into this one
    remove_builds(settings.build_warehouse)
    of_layers = {spec.metadata[UNIQUE_ID]: str(spec.group_name) for spec in definition.specs}
    heard = progress(of_layers, context.log.info, context.log.error)
    done = run_dbt("build", "--exclude-resource-type", "unit_test", heard=heard)
    results = {result.node.unique_id: result for result in done.result.results}
    findings = _findings(results)
    # after a failed build to count could fail as well, with an error that quotes a cell
    counts = _row_counts(results) if done.success else {}
    yield from _events(definition, results, findings, counts, facts)
    if not done.success:
        raise dg.Failure(_why_it_failed(results, findings))


def _findings(results: Results) -> dict[str, list[str]]:
    """What tests that failed have found, by their ids: rules and counts."""
    failed = [each.node for each in results.values() if each.status in ("fail", "warn")]
    broken = broken_promises(failed, settings.build_warehouse)
    for test in failed:
        if test.name == "int_figure_faults_holds":
            broken.setdefault(test.unique_id, []).extend(_faults())
    return broken


def _faults() -> list[str]:
    return [fault_line(*fault) for fault in read_faults(settings.build_warehouse)]


def _events(
    definition: dg.AssetsDefinition,
    results: Results,
    findings: Mapping[str, Sequence[str]],
    counts: Mapping[str, int],
    facts: Mapping[str, Any],
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    assets = {spec.metadata[UNIQUE_ID]: spec.key for spec in definition.specs}
    checks = {
        spec.metadata[UNIQUE_ID]: spec.key
        for spec in definition.check_specs
        if UNIQUE_ID in spec.metadata
    }
    for key, result in results.items():
        metadata: dict[str, Any] = {"status": str(result.status), "seconds": result.execution_time}
        if key in assets and result.status == "success":
            counted = {"dagster/row_count": counts[key]} if counts else {}
            yield dg.MaterializeResult(asset_key=assets[key], metadata=metadata | facts | counted)
        elif key in checks and result.status != "skipped":
            found = {"findings": "\n".join(findings[key])} if key in findings else {}
            is_warning = result.status == "warn"
            yield dg.AssetCheckResult(
                asset_key=checks[key].asset_key,
                check_name=checks[key].name,
                passed=result.status == "pass",
                severity=getattr(dg.AssetCheckSeverity, "WARN" if is_warning else "ERROR"),
                metadata=metadata | found | {"failed_rows": result.failures or 0},
            )


def _why_it_failed(results: Results, findings: Mapping[str, Sequence[str]]) -> str:
    """The names only: a model's own error can quote a cell."""
    stopped = [key for key, each in results.items() if each.status in ("error", "fail")]
    names = [key.split(".")[2] for key in stopped]
    told = " ".join(str(results[key].message) for key in stopped)
    found = [line for key in stopped for line in findings.get(key, ())]
    return shortage(told, settings.memory) or (
        f"BUILD-FAILED: {', '.join(stopped)}: an error in a model, or a test that found faults; "
        "what is published stays. To see more, on your screen alone: "
        + seen_by_hand(names, settings.data, settings.build_warehouse, settings.dbt_project)
        + "".join(f"\n{line}" for line in dict.fromkeys([*found, *_faults()]))
    )


@contextmanager
def told_where_full() -> Iterator[None]:
    """An error of a full disk, wherever a step writes, as the message that says so."""
    import duckdb

    try:
        yield
        return
    except OSError as error:
        lacking = shortage(os.strerror(error.errno or 0), settings.memory)
        if not lacking:
            raise
    except duckdb.IOException as error:
        lacking = shortage(str(error), settings.memory)
        if not lacking:
            raise
    raise dg.Failure(lacking)


def _row_counts(results: Results) -> dict[str, int]:
    """The rows of each model that was built."""
    import duckdb

    built = [
        each.node
        for each in results.values()
        if each.node.resource_type == "model" and each.status == "success"
    ]
    counts = {}
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as warehouse:
        for node in built:
            [(rows,)] = warehouse.sql(f"select count(*) from {node.relation_name}").fetchall()
            counts[node.unique_id] = rows
    return counts
