"""What a state means to those who know the one before: worse, easing, recovered, still, late.

A miss that is only watched is no event: it stands in the digest. A second message about the same
miss comes after 28 days, unless somebody has acknowledged it; an acknowledgement never holds back
that it got worse again, or that it recovered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from orchestration.alerting.evaluate import AlertState

Kind = Literal["worse", "still", "easing", "recovered", "late"]

REMINDED_AFTER = timedelta(days=28)
"""The committee meets about monthly; its officers need not hear of the same miss more often."""


@dataclass(frozen=True)
class Standing:
    """What was last told of one indicator of one council.

    `told` is the state that the readers know, `told_at` when they learnt it, `worse_on` the day
    they were told that it had got worse, `worse_as_at` of which month end. `is_late`: they know
    that it has no current figure. `events` counts what they were told, `as_at` is the newest month
    end that was judged.
    """

    told: Literal["ok", "watch", "below"]
    told_at: datetime
    worse_on: date | None
    worse_as_at: date | None
    is_late: bool
    events: int
    as_at: date


@dataclass(frozen=True)
class Event:
    """Something to tell: what happened to `state`, its number among those of the indicator.

    `since` is the month end as at which it was first below, for `still`, `easing`, `recovered`.
    """

    kind: Kind
    state: AlertState
    number: int
    since: date | None

    @property
    def key(self) -> str:
        """The same on every re-run, and after the memory was lost and nothing else happened."""
        state = self.state
        period = f"{state.period_type}/{state.period_end or state.as_at}"
        return f"{state.geography_code}/{state.indicator_id}/{period}/{self.number}/{self.kind}"


Acknowledged = Mapping[tuple[str, str], date]
"""Geography and indicator to the day on which somebody acknowledged its miss."""


def judged_again(
    before: Standing | None, state: AlertState, now: datetime, acknowledged: Acknowledged
) -> tuple[Event | None, Standing | None]:
    """What to tell of `state`, and what the readers know then.

    Nothing and no change where an older month end than the last is judged again, or where the
    figure is missing for a good reason, such as no case in the period.
    """
    if before is not None and state.as_at < before.as_at:
        return None, before
    if state.state == "no_data":
        return _without_figure(before, state, now)
    known = before or Standing("ok", now, None, None, False, 0, state.as_at)
    known = replace(known, is_late=False, as_at=state.as_at)
    kind = _kind(known, state, now, acknowledged)
    if kind is None:
        return None, known
    told = replace(
        known,
        told="below" if state.state == "below" else "watch" if state.state == "watch" else "ok",
        told_at=now,
        events=known.events + 1,
    )
    if kind == "worse":
        told = replace(told, worse_on=now.date(), worse_as_at=state.as_at)
    since = None if kind == "worse" else known.worse_as_at
    return Event(kind, state, told.events, since), told


def _without_figure(
    before: Standing | None, state: AlertState, now: datetime
) -> tuple[Event | None, Standing | None]:
    if before is None or before.is_late or not state.is_late:
        return None, before
    told = replace(before, is_late=True, events=before.events + 1, as_at=state.as_at)
    return Event("late", state, told.events, None), told


def _kind(
    known: Standing, state: AlertState, now: datetime, acknowledged: Acknowledged
) -> Kind | None:
    if state.state == "below" and known.told != "below":
        return "worse"
    if state.state == "below":
        day = acknowledged.get((state.geography_code, state.indicator_id))
        is_acknowledged = day is not None and known.worse_on is not None and day >= known.worse_on
        is_due = now - known.told_at >= REMINDED_AFTER
        return "still" if is_due and not is_acknowledged else None
    if state.state == "watch":
        return "easing" if known.told == "below" else None
    return "recovered" if known.told != "ok" else None
