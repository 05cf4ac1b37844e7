"""Delivers what waits in the outbox: at least once, under one id, within a budget."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.alerting import outbox as box
from orchestration.alerting.channel import DeliveryFailed


@dataclass(frozen=True)
class DrainReport:
    """What one drain did; `failed` were tried and wait, `pending` counts all that still wait."""

    sent: int
    failed: int
    filed: int
    pending: int
    has_channel: bool
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"{self.sent} sent", f"{self.failed} failed", f"{self.pending} waiting"]
        if self.reasons:
            parts.append("; ".join(self.reasons))
        if not self.has_channel:
            parts.append("no channel is set: the digest file is the delivery")
        return ", ".join(parts)


def drain(
    outbox: Path,
    send: Callable[[box.Message], None] | None,
    now: datetime,
    budget_seconds: float,
    monotonic: Callable[[], float] = time.monotonic,
) -> DrainReport:
    """Try each message that is due; begin none once the budget is spent.

    May overrun the budget by one send. `send` None means that no channel is set: what is
    addressed to nobody is filed, what has an address waits for the channel to come back.
    """
    give_up = monotonic() + budget_seconds
    outcomes: list[str | None] = []
    with box.opened(outbox) as connection:
        filed = box.file_unaddressed(connection)
        if send is not None:
            for message in box.due(connection, now):
                if monotonic() >= give_up:
                    break
                if box.claim(connection, message, now):
                    outcomes.append(_attempt(connection, send, message))
        pending = box.undelivered(connection)
    reasons = [reason for reason in outcomes if reason is not None]
    return DrainReport(
        sent=outcomes.count(None),
        failed=len(reasons),
        filed=filed,
        pending=pending,
        has_channel=send is not None,
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _attempt(
    connection: sqlite3.Connection, send: Callable[[box.Message], None], message: box.Message
) -> str | None:
    """None once accepted and noted, else the class of failure."""
    try:
        send(message)
    except Exception as error:  # one message's fault must not hold up the others
        reason = str(error) if isinstance(error, DeliveryFailed) else type(error).__name__
        box.mark_failed(connection, message, reason)
        return reason
    box.mark_sent(connection, message)
    return None
