"""What people keep: the reference data, checked before each build."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration.reference.contract import reference_files
from orchestration.reference.edition_requests import requested_editions, write_requests
from orchestration.reference.faults import Fault
from orchestration.reference.owners import ANALYSTS, ENGINEERS
from orchestration.reference.table import Table
from orchestration.settings import settings

TOLD = 50
"""Faults of one file that a check lists; it says how many more there are."""


def _key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["reference", name])


def _readable(name: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "readable",
        asset=_key(name),
        description=f"Every row of seeds/{reference_files()[name].path} can be used. One that "
        "cannot is left out and named; it never stops a run.",
    )


def told(faults: Sequence[Fault]) -> dg.MetadataValue:
    """The faults of a file, a line each."""
    lines = [f"- {fault}" for fault in faults[:TOLD]]
    if len(faults) > TOLD:
        lines.append(f"- and {len(faults) - TOLD} more")
    return dg.MetadataValue.md("\n".join(lines) or "none")


def _result(table: Table) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=_key(table.file.name),
        check_name="readable",
        passed=table.is_right,
        # a file that cannot be used as a whole is worse than a row
        severity=dg.AssetCheckSeverity.WARN if table.is_whole else dg.AssetCheckSeverity.ERROR,
        metadata={"faults": told(table.faults), "rows left out": len(table.left_out)},
    )


CHECKED = [name for name in reference_files() if name != "editions"]


@dg.multi_asset(
    name="reference_data",
    specs=[
        dg.AssetSpec(
            _key(name),
            # after check-in, so that a backfill of months needs one run for it and the rebuild
            deps=[["raw", "indicator_returns"]],
            group_name="reference",
            owners=[ANALYSTS],
            kinds={Path(reference_files()[name].path).suffix.strip(".").replace("yml", "yaml")},
            description=reference_files()[name].description,
        )
        for name in CHECKED
    ],
    check_specs=[_readable(name) for name in CHECKED],
    can_subset=False,
)
def reference_data(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Every file under `seeds/` that people keep, checked and written to `data/reference/`."""
    tables = settings.reference.write()
    for name in CHECKED:
        table = tables[name]
        for fault in table.faults[:TOLD]:
            context.log.warning(str(fault))
        yield dg.MaterializeResult(
            asset_key=_key(name),
            metadata={
                "dagster/row_count": len(table.rows),
                "path": dg.MetadataValue.path(settings.seeds / table.file.path),
            },
            check_results=[_result(table)],
        )


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
    check_specs=[_readable("editions")],
)
def editions(config: EditionConfig) -> dg.MaterializeResult:
    """The editions this run is to publish: a council × an as-at month each.

    From the run's configuration, else COUNCIL and AS_AT, else `seeds/editions.csv`.
    """
    reference = settings.reference
    requests = requested_editions(
        config.council or settings.council,
        config.as_at or settings.as_at,
        reference,
    )
    write_requests(requests, settings.editions_file)
    asked = [f"{r.geography_code} as at {r.as_at or 'its newest month'}" for r in requests]
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(requests), "editions": "; ".join(asked)},
        check_results=[_result(reference.table("editions"))],
    )
