"""Take back what was accepted for a month: `make withdraw MONTH=2026-05 [EXTRACT=ssd_person]`.

Its files are moved out of the drop folder first: the next run would take them in again.
"""

import sys
from collections.abc import Collection
from datetime import UTC, datetime

from orchestration.deliveries.keeping.withdrawing import withdraw
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import LedgerError
from orchestration.deliveries.sources.months import today_in_london
from orchestration.reference.calendar import is_month
from orchestration.settings import Settings, settings


def main(month: str, extracts: Collection[str], where: Settings) -> int:
    """Say what was taken back; exit code 1 where nothing was."""
    if not is_month(month):
        print("say which month: make withdraw MONTH=2026-05")
        return 1
    paths = Paths(where.incoming, where.raw, where.quarantine, where.ledger)
    now = datetime.now(UTC)
    try:
        done = withdraw(paths, month, extracts, today_in_london(now), now)
    except LedgerError as error:
        print(error)
        return 1
    except OSError as error:
        print(f"the data folder cannot be written to ({error.strerror}): mend that, and again")
        return 1
    if done.still_there:
        print(f"move these files of {month} out of {where.incoming} first, or the next run takes")
        print(f"them in again: {', '.join(done.still_there)}")
        return 1
    if not done.extracts:
        print(f"nothing of {month} is accepted")
        return 1
    print(f"taken back for {month}: {', '.join(done.extracts)}. Now run the whole job: make run")
    for edition in sorted((where.exports / "officers").glob(f"*/{month}")):
        print(f"{edition} was published from it: move it away too")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2].split(), settings))
