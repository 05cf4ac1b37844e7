"""Forget people for good: `make forget`, then the whole job.

The identifiers, as the source system writes them, are read from standard input, a line each; they
are never an argument (which others could see) and never printed.
"""

import getpass
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb

from orchestration.deliveries.forgetting import forget
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.pseudonym import KeyUnusableError, read_key
from orchestration.generation import emptied
from orchestration.settings import settings


def main(identifiers: Iterable[str]) -> int:
    """Take them out of all layers and empty the workshop; exit code 1 where that failed."""
    paths = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)
    warehouse = settings.build_warehouse
    try:
        with emptied(warehouse.parent):
            key = read_key(paths.keys, may_make=False)
            done = forget(paths, key, identifiers, datetime.now(UTC))
            # a database keeps deleted rows in its pages: the next build is a new file
            for file in warehouse.parent.glob(f"{warehouse.name}*"):
                file.unlink()
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
    return 0


if __name__ == "__main__":
    asked = (
        [getpass.getpass("Identifier (not shown): ")]
        if sys.stdin.isatty()
        else sys.stdin.read().splitlines()
    )
    sys.exit(main(asked))
