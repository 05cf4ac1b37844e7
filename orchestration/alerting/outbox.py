"""What was said and what is still to be said: one SQLite file, outside every warehouse.

An event, and what its readers know from then on, is remembered in the transaction that queues its
message, so none exists alone. A message is `pending` until tried, `failed` after an attempt (and
tried again), `sent` once a channel accepted it, `filed` when nobody is addressed and the digest
file is the delivery.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from orchestration.alerting.evaluate import AlertState
from orchestration.alerting.events import Acknowledged, Event, Standing, judged_again

_BUSY_SECONDS = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)

_SCHEMA = """
create table if not exists standings (
    geography_code text not null,
    indicator_id text not null,
    told text not null check (told in ('ok', 'watch', 'below')),
    told_at text not null,
    worse_on text,
    worse_as_at text,
    is_late integer not null,
    events integer not null,
    as_at text not null,
    primary key (geography_code, indicator_id)
);
create table if not exists events (
    key text primary key,
    geography_code text not null,
    indicator_id text not null,
    as_at text not null,
    kind text not null check (kind in ('worse', 'still', 'easing', 'recovered', 'late')),
    recorded_at text not null
);
create table if not exists messages (
    message_id text primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at text not null,
    state text not null check (state in ('pending', 'sent', 'failed', 'filed')),
    attempts integer not null,
    next_attempt_at text not null,
    last_error text
);
create table if not exists message_events (
    message_id text not null references messages (message_id),
    key text not null references events (key),
    primary key (message_id, key)
);
"""

_VERSION = 2
_OUTDATED = """
drop table if exists message_events;
drop table if exists events;
"""
"""Of version 1, whose events were states; the messages are the same."""

# A time to come that lies beyond the longest wait means that the clock was put back.
_DUE = """
    state in ('pending', 'failed')
    and not (next_attempt_at > :now and next_attempt_at <= :longest_wait)
"""


class OutboxUnreadable(RuntimeError):
    """The outbox file is not a database that SQLite can read."""


@dataclass(frozen=True)
class Message:
    """One message to one recipient; `message_id` is the same on every attempt."""

    message_id: str
    recipient: str
    subject: str
    body: str
    created_at: datetime


@dataclass(frozen=True)
class Recorded:
    """How many events there were, and how many messages they made."""

    events: int
    messages: int


def record(
    outbox: Path,
    states: Sequence[AlertState],
    acknowledged: Acknowledged,
    addresses: Callable[[AlertState], Sequence[str]],
    write: Callable[[Sequence[Event]], str],
    now: datetime,
) -> Recorded:
    """Remember what happened to each state, and queue a digest of it for each address: all or
    nothing.

    `write` makes the digest of an address from its events. What nobody is addressed with is kept
    as well, to be filed by the next drain.
    """
    with opened(outbox) as connection, _transaction(connection):
        events = [
            event for state in states if (event := _judged(connection, state, acknowledged, now))
        ]
        for_address: dict[str, list[Event]] = {}
        for event in events:
            for address in addresses(event.state) or [""]:
                for_address.setdefault(address, []).append(event)
        for address, told in for_address.items():
            keys = sorted(event.key for event in told)
            message_id = _queue(connection, keys, address, write(told), now)
            connection.executemany(
                "insert or ignore into message_events values (?, ?)",
                [(message_id, key) for key in keys],
            )
    return Recorded(len(events), len(for_address))


def rename_areas(outbox: Path, former_codes: Mapping[str, str]) -> None:
    """What was told of a council under a former code (to today's) counts for it: nobody is told of
    the same miss twice because a code changed."""
    with opened(outbox) as connection, _transaction(connection):
        for former, code in former_codes.items():
            for table in ("standings", "events"):
                connection.execute(
                    f"update or ignore {table} set geography_code = ? where geography_code = ?",
                    (code, former),
                )


def record_notice(
    outbox: Path, about: Sequence[str], text: str, recipients: Sequence[str], now: datetime
) -> None:
    """Queue a notice that is not about an indicator; a second one about the same adds nothing."""
    with opened(outbox) as connection, _transaction(connection):
        for recipient in recipients or [""]:
            _queue(connection, about, recipient, text, now)


@contextmanager
def opened(outbox: Path) -> Iterator[sqlite3.Connection]:
    """The outbox, made if missing, readable by its owner only."""
    outbox.parent.mkdir(parents=True, exist_ok=True)
    outbox.touch(mode=0o600)
    connection = sqlite3.connect(outbox, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        _prepare(connection)
        yield connection
    except sqlite3.DatabaseError as error:
        # The low byte of the extended code; Python's own errors have none.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
        raise OutboxUnreadable(
            f"OUTBOX-UNREADABLE | {outbox.name} | - | - | not a readable database"
            " | an SQLite file written by this project"
            " | move the file aside: a new one is made, and current alerts are sent once more"
            " | no alert is sent; the digest in the edition's folder is complete"
        ) from error
    finally:
        connection.close()


def due(connection: sqlite3.Connection, now: datetime) -> list[Message]:
    """Messages to try now, the longest waiting first; those to nobody are filed before."""
    rows = connection.execute(
        f"select message_id, recipient, subject, body, created_at from messages"
        f" where {_DUE} order by next_attempt_at, message_id",
        _times(now),
    )
    return [
        Message(message_id, recipient, subject, body, datetime.fromisoformat(created_at))
        for message_id, recipient, subject, body, created_at in rows
    ]


def claim(connection: sqlite3.Connection, message: Message, now: datetime) -> bool:
    """Count an attempt and set the next one, before trying; False if another drain was first.

    The wait doubles from a minute to an hour. A process that dies mid-way leaves the message
    waiting, and a second drain in the same minute leaves it alone.
    """
    (attempts,) = connection.execute(
        "select attempts from messages where message_id = ?", [message.message_id]
    ).fetchone()
    wait = min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
    claimed = connection.execute(
        "update messages set attempts = attempts + 1, next_attempt_at = :next"
        f" where message_id = :message_id and {_DUE}",
        {"next": _stamp(now + wait), "message_id": message.message_id, **_times(now)},
    )
    return claimed.rowcount == 1


def mark_sent(connection: sqlite3.Connection, message: Message) -> None:
    """Settle a message that a channel accepted."""
    connection.execute(
        "update messages set state = 'sent', last_error = null where message_id = ?",
        [message.message_id],
    )


def mark_failed(connection: sqlite3.Connection, message: Message, error: str) -> None:
    """`error` is a class of failure, never a server's text: that may quote the message."""
    connection.execute(
        "update messages set state = 'failed', last_error = ? where message_id = ?",
        [error, message.message_id],
    )


def file_unaddressed(connection: sqlite3.Connection) -> int:
    """Settle the messages that nobody is addressed by; how many there were."""
    return connection.execute(
        "update messages set state = 'filed' where recipient = '' and state = 'pending'"
    ).rowcount


def undelivered(connection: sqlite3.Connection) -> int:
    """How many messages still wait for a channel to accept them."""
    (count,) = connection.execute(
        "select count(*) from messages where state in ('pending', 'failed')"
    ).fetchone()
    return int(count)


def _judged(
    connection: sqlite3.Connection, state: AlertState, acknowledged: Acknowledged, now: datetime
) -> Event | None:
    place = (state.geography_code, state.indicator_id)
    before = _standing(connection, place)
    event, after = judged_again(before, state, now, acknowledged)
    if after is not None and after != before:
        connection.execute(
            "insert or replace into standings values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *place,
                after.told,
                _stamp(after.told_at),
                after.worse_on and after.worse_on.isoformat(),
                after.worse_as_at and after.worse_as_at.isoformat(),
                after.is_late,
                after.events,
                after.as_at.isoformat(),
            ),
        )
    if event is not None:
        connection.execute(
            "insert or ignore into events values (?, ?, ?, ?, ?, ?)",
            (event.key, *place, state.as_at.isoformat(), event.kind, _stamp(now)),
        )
    return event


def _standing(connection: sqlite3.Connection, place: tuple[str, str]) -> Standing | None:
    row = connection.execute(
        "select told, told_at, worse_on, worse_as_at, is_late, events, as_at from standings"
        " where geography_code = ? and indicator_id = ?",
        place,
    ).fetchone()
    if row is None:
        return None
    told, told_at, worse_on, worse_as_at, is_late, events, as_at = row
    return Standing(
        told,
        datetime.fromisoformat(told_at),
        worse_on and date.fromisoformat(worse_on),
        worse_as_at and date.fromisoformat(worse_as_at),
        bool(is_late),
        events,
        date.fromisoformat(as_at),
    )


def _queue(
    connection: sqlite3.Connection, about: Sequence[str], recipient: str, body: str, now: datetime
) -> str:
    message_id = sha256("\n".join([*about, recipient]).encode()).hexdigest()[:32]
    subject = next(line[2:] for line in body.splitlines() if line.startswith("# "))
    connection.execute(
        "insert or ignore into messages values (?, ?, ?, ?, ?, 'pending', 0, ?, null)",
        (message_id, recipient, subject, body, _stamp(now), _stamp(now)),
    )
    return message_id


def _prepare(connection: sqlite3.Connection) -> None:
    give_up = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            break
        except sqlite3.OperationalError:
            # SQLite itself does not wait here when two processes make the file at once.
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
    if _version(connection) < _VERSION:
        with _transaction(connection):
            # another process may have been first
            if _version(connection) < _VERSION:
                for statement in f"{_OUTDATED}{_SCHEMA}pragma user_version = {_VERSION}".split(";"):
                    connection.execute(statement)
    connection.execute("pragma foreign_keys = on")


def _version(connection: sqlite3.Connection) -> int:
    [(version,)] = connection.execute("pragma user_version").fetchall()
    return int(version)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    with connection:
        yield


def _times(now: datetime) -> dict[str, str]:
    return {"now": _stamp(now), "longest_wait": _stamp(now + _LONGEST_WAIT)}


def _stamp(moment: datetime) -> str:
    """UTC to the second, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds")
