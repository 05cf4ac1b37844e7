"""Forget people for good: `make forget`, then the whole job.

Figures that were published with them stay, provisional ones until the next delivery: the ledger
keeps what the rows give otherwise without them. That is told apart by a build from what is left of
the same deliveries.

The identifiers, as the source system writes them, are read from standard input, a line each; they
are never an argument (which others could see) and never printed.
"""

import getpass
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.deliveries.keeping.forgetting import forget
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_accepted_month, newest_receipt_time
from orchestration.deliveries.rows.pseudonym import KeyUnusableError, read_key
from orchestration.mart.code_version import code_version
from orchestration.mart.figures_ledger import keep_figures, make_figures_ledger, record_figures
from orchestration.mart.generation import NotGreen, emptied, reading, remove_builds
from orchestration.settings import settings


def main(identifiers: Iterable[str]) -> int:
    """Take them out of all layers and empty the workshop; exit code 1 where that failed."""
    paths = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)
    warehouse = settings.build_warehouse
    try:
        is_recorded = _record(paths)
        with emptied(warehouse.parent, settings.exports):
            key = read_key(paths.keys, may_make=False)
            done = forget(paths, key, identifiers, datetime.now(UTC))
            # a database keeps deleted rows in its pages: the next build is a new file
            # and whatever analysts have built beside it
            remove_builds(*_with_rows(warehouse.parent))
            kept = _keep(warehouse) if is_recorded and done.rows else None
            remove_builds(warehouse)
            shutil.rmtree(settings.data / "check", ignore_errors=True)
    except KeyUnusableError:
        print("KEY-UNUSABLE: without the key of the hashes nobody can be found")
        return 1
    except (OSError, duckdb.Error) as error:
        print(
            f"forgetting failed ({type(error).__name__}): make room or mend the rights, and again"
        )
        return 1
    print(
        f"{done.rows} rows taken out of {done.files} files, {done.purged} files as delivered"
        " purged; what was published stays. Now run the whole job: make run"
    )
    if kept:
        print(f"{kept} figures that the rows give otherwise now are kept as they were")
    if kept is None and done.rows:
        print("no whole build stood: figures that they were counted in may change with the next")
    return 0


def _record(paths: Paths) -> bool:
    """Bring the ledger up to the build that stands; False where none does."""
    try:
        make_figures_ledger(settings.figures_ledger)
        with reading(settings.build_warehouse.parent):
            record_figures(
                settings.build_warehouse,
                settings.figures_ledger,
                newest_receipt_time(paths),
                newest_accepted_month(paths),
                code_version(),
            )
    except (NotGreen, duckdb.Error):
        return False
    return True


def _keep(warehouse: Path) -> int | None:
    """How many figures are kept; None where the rows that are left could not be built from."""
    from orchestration.dbt.project import prepared_manifest, run_dbt

    prepared_manifest()
    models = ("--select", "+int_current_figures", "--exclude-resource-type", "unit_test", "test")
    if not run_dbt("build", "--full-refresh", *models).success:
        return None
    return keep_figures(warehouse, settings.figures_ledger).figures


def _with_rows(folder: Path) -> list[Path]:
    """Every database in the warehouse folder but the published one, which knows no person."""
    return [file for file in folder.glob("*.duckdb*") if file != settings.published_warehouse]


if __name__ == "__main__":
    asked = (
        [getpass.getpass("Identifier (not shown): ")]
        if sys.stdin.isatty()
        else sys.stdin.read().splitlines()
    )
    sys.exit(main(asked))
