"""What has landed in the drop folder since the last look, for a sensor that looks often.

Sizes and times first; a file is read only when those have changed and have then stayed the same
from one look to the next, so that a file still being copied is left alone.
"""

import hashlib
import json
from dataclasses import dataclass

from orchestration.deliveries.contract import Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.sources import Waiting, changed, is_new


@dataclass(frozen=True)
class Landing:
    """One look. `newest_month` (YYYY-MM) is empty when there is nothing to start.

    `cursor` goes into the next look; `run_key` is the same for the same files, so that a look
    repeated after a crash starts nothing twice; `why_not` says in words why nothing is started.
    """

    newest_month: str
    run_key: str
    cursor: str
    why_not: str


def look(paths: Paths, extract: Extract, cursor: str) -> Landing:
    """Compare the drop folder with the last look's `cursor` (empty the first time).

    Raises `LedgerError` where the ledger cannot be read.
    """
    before = json.loads(cursor) if cursor else {"seen": {}, "done": {}}
    found = {delivery.month: delivery for delivery in changed(paths, extract)}
    stats = {month: [delivery.size, delivery.mtime_ns] for month, delivery in found.items()}
    fresh = {month for month in stats if before["done"].get(month) != stats[month]}
    settled = {month for month in fresh if before["seen"].get(month) == stats[month]}
    new = sorted(month for month in settled if is_new(paths, extract, found[month]))
    done = {month: stats[month] for month in stats if month in settled or month not in fresh}
    return Landing(
        newest_month=new[-1] if new else "",
        run_key=_key([found[month] for month in new]) if new else "",
        cursor=json.dumps({"seen": stats, "done": done}, sort_keys=True),
        why_not="a file has just changed: waiting until it stays the same"
        if fresh - settled
        else "nothing new in the drop folder",
    )


def _key(deliveries: list[Waiting]) -> str:
    facts = [(delivery.month, delivery.size, delivery.mtime_ns) for delivery in deliveries]
    return "landing-" + hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
