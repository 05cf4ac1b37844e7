"""What has landed in the drop folder since the last look, for a sensor that looks often; and what
should have landed by now.

Sizes and times first; a file is read only when those have changed and have then stayed the same,
with all that lies beside them, so that a delivery still being copied is left alone.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orchestration.contract.extracts import MANIFEST, Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_accepted_month, read_receipts
from orchestration.deliveries.sources.folder import Waiting, changed, is_new
from orchestration.deliveries.sources.months import last_month
from orchestration.deliveries.sources.returns import changed_returns

QUIET = timedelta(minutes=5)
"""For so long nothing of a month changes before it is taken to be complete; a manifest, which is
written last, says so at once."""

DUE_DAY = 3
"""Of each month: the delivery as at the end of the month before is there."""


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


def look(
    paths: Paths, extracts: Iterable[Extract], today: date, cursor: str, now: datetime
) -> Landing:
    """Compare the drop folder with the last look's `cursor` (empty the first time) at `now`.

    A month is taken up whole: once nothing in its folder has changed from one look to the next and
    its manifest is there, or for QUIET without one. Raises `LedgerError` where the ledger cannot
    be read.
    """
    before = {"seen": {}, "done": {}, "since": {}} | (json.loads(cursor) if cursor else {})
    receipts = read_receipts(paths)
    waiting = [
        *changed(paths, receipts, today, *extracts),
        *changed_returns(paths, receipts, today),
    ]
    found = {f"{each.month}/{each.extract}/{_nameless(each)}": each for each in waiting}
    stats = {name: [each.size, each.mtime_ns] for name, each in found.items()}
    fresh = {name for name in stats if before["done"].get(name) != stats[name]}
    since = {}
    for month in {each.month for each in waiting}:
        state = _state(paths, month)
        known = before["since"].get(month)
        since[month] = known if known and known[0] == state else [state, now.isoformat()]
    ready = {
        month
        for month, (state, moment) in since.items()
        if before["since"].get(month, [""])[0] == state
        and (
            now - datetime.fromisoformat(moment) >= QUIET
            or (paths.incoming / month / MANIFEST.file_name).exists()
        )
    }
    settled = {
        name
        for name in fresh
        if before["seen"].get(name) == stats[name] and found[name].month in ready
    }
    new = sorted(name for name in settled if is_new(found[name], receipts))
    done = {name: stats[name] for name in stats if name in settled or name not in fresh}
    return Landing(
        newest_month=found[new[-1]].month if new else "",
        run_key=_key([found[name] for name in new]) if new else "",
        cursor=json.dumps({"seen": stats, "done": done, "since": since}, sort_keys=True),
        why_not="a file has just changed: waiting until the folder of its month stays the same"
        if fresh - settled
        else "nothing new in the drop folder",
    )


@dataclass(frozen=True)
class LateDelivery:
    """The delivery of `month` (YYYY-MM), of which nothing was accepted by the end of `due`."""

    month: str
    due: date


def late_deliveries(paths: Paths, today: date) -> list[LateDelivery]:
    """The deliveries of every month since the newest accepted one whose day has passed, oldest
    first; none before the first delivery of all. Raises `LedgerError` where the ledger cannot be
    read.
    """
    newest = newest_accepted_month(paths)
    found: list[LateDelivery] = []
    due = today.replace(day=DUE_DAY)
    while newest and newest < (expected := last_month(due)):
        if today > due:
            found.append(LateDelivery(expected, due))
        due = (due.replace(day=1) - timedelta(days=1)).replace(day=DUE_DAY)
    return found[::-1]


def _state(paths: Paths, month: str) -> str:
    """What lies in the folder of a month, half-written files too, without their names."""
    found = []
    for file in sorted((paths.incoming / month).rglob("*")):
        with suppress(OSError):
            status = file.lstat()
            found.append((str(file), status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _nameless(waiting: Waiting) -> str:
    """Which file it is, without its name, which could be a child's."""
    return hashlib.sha256(str(waiting.file).encode()).hexdigest()[:12]


def _key(deliveries: list[Waiting]) -> str:
    facts = [(each.month, each.extract, each.size, each.mtime_ns) for each in deliveries]
    return "landing-" + hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
