"""Where things stand: a line for each stage, and what waits for somebody.

`make status` prints it, with the last run (`orchestration.defs.status`).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from orchestration.alerting.outbox import OutboxUnreadable, opened, undelivered
from orchestration.catalogue.indicators import CatalogueError
from orchestration.councils.pool import read_pool
from orchestration.deliveries.keeping.room import room_for_runs
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import (
    LedgerError,
    newest_accepted_month,
    read_receipts,
)
from orchestration.deliveries.sources.landing import late_deliveries
from orchestration.deliveries.sources.months import today_in_london
from orchestration.documents.index import published_editions
from orchestration.documents.index_packs import published_packs
from orchestration.mart.generation import NotGreen, reading
from orchestration.packs.meetings import next_meeting, read_meetings
from orchestration.packs.timetable import papers_of
from orchestration.publication.last_run import nothing_new
from orchestration.reference.contract import reference_files
from orchestration.settings import Settings, of_council

FINDINGS = 8
"""That are listed below the stages; the line that closes them says how many there are."""


@dataclass(frozen=True)
class Stage:
    """A stage of the way from files to papers: `said` on one line; `todo` are messages with what to
    do, empty where nothing waits."""

    name: str
    said: str
    todo: tuple[str, ...] = ()


def stages(where: Settings, now: datetime) -> Iterator[Stage]:
    """Every stage, in the order of the flow. Nothing is changed by looking."""
    today = today_in_london(now)
    paths = Paths(where.incoming, where.raw, where.quarantine, where.ledger)
    try:
        if where.of_pool or not read_pool(where.reference):  # a pool's come to its councils
            yield _deliveries(paths, today)
    except LedgerError as error:
        yield Stage("deliveries", "the ledger cannot be read", (str(error),))
        return
    yield _reference(where)
    yield _build(where)
    yield _editions(where)
    yield _packs(where, today, newest_accepted_month(paths))
    yield _alerts(where)
    if paths.raw.is_dir():
        room = room_for_runs(paths)
        told = f"{room.free_mb:,} MB free, {room.needed_mb:,} MB needed for two runs"
        yield Stage("room", told, (room.finding,) if room.finding else ())


def _deliveries(paths: Paths, today: date) -> Stage:
    receipts = read_receipts(paths)
    month = newest_accepted_month(paths)
    if not month:
        return Stage("deliveries", "none was ever accepted", ("put files into the drop folder",))
    of_month = {each.extract: each for each in receipts if each.delivery_month == month}
    accepted = sum(each.outcome in ("accepted", "unchanged") for each in of_month.values())
    refused = [each for each in of_month.values() if each.outcome == "refused"]
    late = late_deliveries(paths, today)
    said = f"newest month {month}: {accepted} files accepted, {len(refused)} refused"
    said += f", last received {max(each.received_at for each in of_month.values())[:10]}"
    todo = [told for each in refused for told in each.findings[:1]]
    if late:
        months = ", ".join(each.month for each in late)
        todo.append(f"late: {months}; the last was due on {late[-1].due}")
    return Stage("deliveries", said, tuple(todo))


def _reference(where: Settings) -> Stage:
    reference = where.reference
    faults = []
    try:
        for name in reference_files():
            faults += [str(each) for each in reference.table(name).faults if not each.is_remark]
    except CatalogueError as error:
        faults += str(error).splitlines()
    said = f"{len(faults)} faults in seeds/" if faults else "every row of seeds/ can be used"
    return Stage("reference", said, tuple(faults))


def _build(where: Settings) -> Stage:
    folder = where.build_warehouse.parent
    try:
        with reading(folder) as generation:
            built = datetime.fromtimestamp(where.build_warehouse.stat().st_mtime, UTC)
    except (NotGreen, OSError) as error:
        return Stage("build", "no whole build stands", (str(error),))
    said = f"generation {generation} is whole, built {built:%Y-%m-%d %H:%M} UTC"
    told = nothing_new(where, os.environ, date.today())
    return Stage("build", said + ("" if told else "; something may be new since"))


def _editions(where: Settings) -> Stage:
    found = published_editions(where.exports)
    faults = [f"{each.folder}: {each.fault}" for each in found if each.fault]
    whole = [each for each in found if not each.fault]
    named = [f"{each.council} {each.as_at:%Y-%m}" for each in whole[:3]]
    more = f" and {len(whole) - 3} more" if len(whole) > 3 else ""
    return Stage("editions", ", ".join(named) + more if named else "none", tuple(faults))


def _packs(where: Settings, today: date, accepted: str) -> Stage:
    reference = where.reference
    to_come = [each for each in read_meetings(reference) if each.meeting_date >= today]
    meeting = next_meeting(to_come)
    made = len(published_packs(where.exports))
    said = f"{made} meetings have papers in exports/packs/"
    if meeting is None:
        return Stage("packs", f"{said}; no meeting to come is planned")
    papers = papers_of(meeting, where, today, accepted)
    return Stage("packs", f"{said}. {papers.text}", ("make pack",) if papers.is_time else ())


def _alerts(where: Settings) -> Stage:
    if not where.outbox.exists():
        return Stage("alerts", "none were evaluated yet")
    try:
        with opened(where.outbox) as connection:
            waiting = undelivered(connection)
    except OutboxUnreadable as error:
        return Stage("alerts", "the outbox cannot be read", (str(error),))
    todo = ("see that deliver_alerts is switched on, and the settings of the channels",)
    return Stage("alerts", f"{waiting} messages wait to be delivered", todo if waiting else ())


def screen(found: list[Stage]) -> str:
    """A line for each stage; below them what waits, each thing once."""
    width = max(len(each.name) for each in found)
    lines = [f"{'!' if each.todo else ' '} {each.name:{width}}  {each.said}" for each in found]
    todo = list(dict.fromkeys(told for each in found for told in each.todo))
    if todo:
        lines += ["", "What waits for somebody:", *(f"- {told}" for told in todo[:FINDINGS])]
        if len(todo) > FINDINGS:
            lines.append(f"and {len(todo) - FINDINGS} more: see Dagster's pages, make ui")
    return "\n".join(lines)


def of_councils(pool: Settings, now: datetime) -> Iterator[Stage]:
    """A line for each council of the pool."""
    for council in [] if pool.of_pool else read_pool(pool.reference):
        where = of_council(pool, council.geography_code, os.environ)
        found = [*stages(where, now)] if where.data.is_dir() else []
        waits = tuple(told for each in found for told in each.todo)
        said = f"{len(waits)} things wait: KPI_OF_POOL={council.geography_code} make status"
        yield Stage(council.geography_code, said if waits else "nothing waits", waits[:1])
