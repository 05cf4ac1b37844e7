"""What is told when, over days; no database, no post."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestration.alerting.events import judged_again
from tests.alerting.cases import AS_AT, NOW, a_state

DAY = timedelta(days=1)
PLACE = ("E06000005", "cp_visits_within_10wd_pct")


def told(*days: tuple[int, str], acknowledged: int | None = None) -> list[str]:
    """The events of states on days; `acknowledged` is the day on which somebody took it on."""
    standing, kinds = None, []
    for day, state in days:
        is_known = acknowledged is not None and acknowledged <= day
        known = {PLACE: (NOW + acknowledged * DAY).date()} if is_known else {}
        judged = a_state(state=state, is_late=state == "no_data")
        event, standing = judged_again(standing, judged, NOW + day * DAY, known)
        kinds.append(event.kind if event else "-")
    return kinds


def test_the_known_sequence():
    days = (0, "ok"), (30, "below"), (31, "below"), (60, "below"), (90, "below"), (120, "ok")
    assert told(*days, (121, "below")) == [
        *("-", "worse", "-", "still", "still", "recovered", "worse"),
    ]


def test_the_same_day_again_says_nothing():
    assert told((0, "below"), (0, "below"), (0, "below")) == ["worse", "-", "-"]


def test_a_reminder_comes_after_28_days_and_no_sooner():
    assert told((0, "below"), (27, "below"), (28, "below"), (55, "below"), (56, "below")) == [
        *("worse", "-", "still", "-", "still"),
    ]


def test_what_was_acknowledged_is_not_repeated_for_200_days():
    days = [(day, "below") for day in range(0, 201, 10)]
    assert told(*days, acknowledged=5) == ["worse"] + ["-"] * 20


def test_an_acknowledgement_holds_back_neither_recovery_nor_the_next_worsening():
    days = (0, "below"), (30, "below"), (40, "ok"), (50, "below"), (80, "below")
    assert told(*days, acknowledged=1) == ["worse", "-", "recovered", "worse", "still"]


def test_a_single_miss_is_no_event_and_easing_is_not_recovery():
    assert told((0, "watch"), (30, "ok"), (60, "watch"), (90, "below")) == ["-", "-", "-", "worse"]
    assert told((0, "below"), (30, "watch"), (60, "watch"), (90, "ok")) == [
        *("worse", "easing", "-", "recovered"),
    ]
    assert told((0, "below"), (30, "watch"), (60, "below")) == ["worse", "easing", "worse"]


def test_missing_data_are_told_once_and_change_nothing_that_was_told():
    days = (0, "below"), (30, "no_data"), (60, "no_data"), (90, "below"), (100, "ok")
    assert told(*days) == ["worse", "late", "-", "still", "recovered"]


def test_data_that_never_came_are_not_late():
    assert told((0, "no_data"), (30, "no_data"), (60, "ok")) == ["-", "-", "-"]


def test_no_case_in_the_period_is_not_late():
    event, standing = judged_again(None, a_state(), NOW, {})
    assert event is not None
    nothing = a_state(state="no_data", is_late=False)
    assert judged_again(standing, nothing, NOW + 30 * DAY, {}) == (None, standing)


def test_an_older_month_judged_again_says_nothing():
    _, standing = judged_again(None, a_state(), NOW, {})
    older = a_state(state="ok", as_at=AS_AT - 31 * DAY)
    assert judged_again(standing, older, NOW + DAY, {}) == (None, standing)


def test_keys_are_as_before_on_a_re_run_and_differ_between_events():
    keys = []
    for _ in range(2):
        standing, run = None, []
        for day, state in enumerate(("below", "ok", "below", "watch", "ok")):
            event, standing = judged_again(standing, a_state(state=state), NOW + day * DAY, {})
            run.append(event.key)
        keys.append(run)
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 5
    assert keys[0][0] == "E06000005/cp_visits_within_10wd_pct/quarter/2019-09-30/1/worse"


@pytest.mark.parametrize("seed", range(50))
def test_over_any_history_messages_and_states_agree(seed: int):
    """What readers believe after each message is what is so; and nothing is said twice."""
    chance = random.Random(seed)
    standing, believed, last = None, "fine", None
    for day in range(0, 2000, 7):
        state = a_state(state=chance.choice(("ok", "ok", "watch", "below", "no_data")))
        state = replace(state, is_late=state.state == "no_data")
        event, standing = judged_again(standing, state, NOW + day * DAY, {})
        if event and event.kind != "late":
            assert event.kind == "still" or believed != (event.kind, state.state)
            if event.kind == "still":
                assert believed == "below" and day - last >= 28
            believed = {"worse": "below", "still": "below", "easing": "easing"}.get(
                event.kind, "fine"
            )
            last = day
        if state.state == "below":
            assert believed == "below"
        elif state.state == "ok":
            assert believed == "fine"
        elif state.state == "watch":
            assert believed in ("fine", "easing")
