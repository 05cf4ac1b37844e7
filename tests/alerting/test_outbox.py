from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from orchestration.alerting.digest import news
from orchestration.alerting.notices import failure_notice
from orchestration.alerting.outbox import (
    OutboxUnreadable,
    Recorded,
    claim,
    due,
    opened,
    record,
    record_notice,
    rename_areas,
)
from tests.alerting.cases import (
    AS_AT,
    CLERK,
    DARLINGTON_EDITION,
    DIRECTOR,
    MINUTE,
    NOW,
    a_state,
    say,
)

DAY = timedelta(days=1)


def messages(outbox):
    with opened(outbox) as connection:
        return due(connection, NOW)


def test_the_same_states_twice_make_one_message(outbox):
    assert say(outbox, a_state()) == Recorded(1, 1)
    assert say(outbox, a_state(), now=NOW + MINUTE) == Recorded(0, 0)
    (message,) = messages(outbox)
    assert message.recipient == CLERK
    assert message.subject == "Darlington: one worse, as at 30 September 2019"
    assert "- Worse (internal): Child protection visits within 10" in message.body
    assert message.created_at == NOW


def test_the_known_sequence_makes_five_messages(outbox):
    sequence = ((0, "ok"), (30, "below"), (31, "below"), (60, "below"), (90, "below"))
    for day, state in (*sequence, (120, "ok"), (121, "below"), (121, "below")):
        say(outbox, a_state(state=state), now=NOW + day * DAY)
    with opened(outbox) as connection:
        kinds = connection.execute("select kind from events order by rowid").fetchall()
        assert [kind for (kind,) in kinds] == ["worse", "still", "still", "recovered", "worse"]
        assert len(due(connection, NOW + 121 * DAY)) == 5


def test_what_was_acknowledged_is_not_repeated(outbox):
    day = {("E06000005", "cp_visits_within_10wd_pct"): NOW.date()}
    say(outbox, a_state())
    assert say(outbox, a_state(), now=NOW + 40 * DAY, acknowledged=day) == Recorded(0, 0)
    assert say(outbox, a_state(), now=NOW + 40 * DAY) == Recorded(1, 1)


def test_nobody_is_told_again_because_a_council_has_another_code(outbox):
    say(outbox, a_state(geography_code="E08000019"))
    rename_areas(outbox, {"E08000019": "E08000039"})
    assert say(outbox, a_state(geography_code="E08000039"), now=NOW + MINUTE) == Recorded(0, 0)


def test_a_backfill_of_older_months_says_nothing(outbox):
    say(outbox, a_state())
    for months in range(1, 25):
        older = a_state(as_at=AS_AT - months * 31 * DAY, state=("ok", "below")[months % 2])
        assert say(outbox, older) == Recorded(0, 0)
    assert say(outbox, a_state()) == Recorded(0, 0)


def test_meeting_the_target_is_remembered_and_not_sent(outbox):
    states = [
        a_state(indicator_id="met", state="ok"),
        a_state(indicator_id="once", state="watch"),
        a_state(indicator_id="none", state="no_data", value=None, reason="no return"),
    ]
    assert say(outbox, *states) == Recorded(0, 0)
    assert messages(outbox) == []


def test_each_owner_is_told_of_their_own_and_no_more(outbox):
    states = [
        a_state(),
        a_state(indicator_id="in_touch", indicator_name="In touch", dashboard_no=6),
    ]

    def addresses(state):
        return {4: (CLERK, DIRECTOR), 6: (DIRECTOR,)}[state.dashboard_no]

    def write(events):
        return news(events, states, DARLINGTON_EDITION)

    assert record(outbox, states, {}, addresses, write, NOW) == Recorded(2, 2)
    told = {message.recipient: message.body for message in messages(outbox)}
    assert ("In touch" in told[CLERK], "In touch" in told[DIRECTOR]) == (False, True)
    assert all("Child protection visits" in body for body in told.values())


def test_each_recipient_has_a_message_of_its_own_that_knows_its_events(outbox):
    say(outbox, a_state(), a_state(indicator_id="b"), to=(CLERK, DIRECTOR))
    found = messages(outbox)
    assert {message.recipient for message in found} == {CLERK, DIRECTOR}
    assert len({message.message_id for message in found}) == 2
    with opened(outbox) as connection:
        (links,) = connection.execute("select count(*) from message_events").fetchone()
    assert links == 4


def test_an_event_is_not_remembered_unless_its_message_is_queued(outbox):
    with opened(outbox) as connection:
        connection.execute(
            "create trigger full_disk before insert on messages"
            " begin select raise(abort, 'no space'); end"
        )
    with pytest.raises(sqlite3.IntegrityError, match="no space"):
        say(outbox, a_state())
    with opened(outbox) as connection:
        connection.execute("drop trigger full_disk")
    assert say(outbox, a_state()) == Recorded(1, 1)


def test_a_lost_outbox_is_made_again_and_says_the_same_under_the_same_id(outbox):
    say(outbox, a_state())
    before = messages(outbox)
    for file in outbox.parent.iterdir():
        file.unlink()
    say(outbox, a_state())
    assert messages(outbox) == before


def test_four_runs_that_make_the_outbox_at_once_queue_one_message(outbox):
    start = Barrier(4)

    def run(_):
        start.wait()
        return say(outbox, a_state()).messages

    with ThreadPoolExecutor(4) as runs:
        assert sorted(runs.map(run, range(4))) == [0, 0, 0, 1]
    assert len(messages(outbox)) == 1


def test_a_notice_is_queued_once_for_what_it_is_about(outbox):
    text = failure_notice("monthly", ["kpi_mart"], [], "run-1")
    for _ in range(2):
        record_notice(outbox, ["run-failure", "run-1"], text, [CLERK], NOW)
    (notice,) = messages(outbox)
    assert (notice.subject, notice.body) == ("Run failed: monthly", text)
    record_notice(outbox, ["run-failure", "run-2"], text, [CLERK], NOW)
    assert len(messages(outbox)) == 2


def test_an_outbox_of_an_earlier_version_keeps_its_messages(outbox):
    say(outbox, a_state())
    (before,) = messages(outbox)
    with closing(sqlite3.connect(outbox)) as connection:
        connection.executescript(
            """
            drop table standings; drop table events;
            create table events (key text primary key, state text not null);
            insert into events values ('E06000005/visits/below', 'below');
            delete from message_events;
            pragma user_version = 0;
            """
        )
    assert messages(outbox) == [before]
    assert say(outbox, a_state()) == Recorded(1, 1), "what was told is not known any more"
    assert messages(outbox) == [before], "and is told under the same id"


def test_only_one_of_two_drains_gets_a_message(outbox):
    say(outbox, a_state())
    with opened(outbox) as first, opened(outbox) as second:
        (message,) = due(first, NOW)
        assert due(second, NOW) == [message]
        assert [claim(first, message, NOW), claim(second, message, NOW)] == [True, False]


def test_the_wait_doubles_from_a_minute_to_an_hour(outbox):
    say(outbox, a_state())
    now, waits = NOW, []
    with opened(outbox) as connection:
        for _ in range(9):
            (message,) = due(connection, now)
            assert claim(connection, message, now)
            (then,) = connection.execute("select next_attempt_at from messages").fetchone()
            waits.append((datetime.fromisoformat(then) - now) // MINUTE)
            now = datetime.fromisoformat(then)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_clock_put_back_does_not_strand_a_message(outbox):
    say(outbox, a_state(), now=NOW + 60 * 24 * MINUTE)
    assert len(messages(outbox)) == 1


def test_a_time_without_its_zone_is_refused(outbox):
    with pytest.raises(ValueError, match="zone"):
        say(outbox, a_state(), now=NOW.replace(tzinfo=None))


def test_a_file_that_is_no_database_says_what_to_do(outbox):
    outbox.parent.mkdir()
    outbox.write_bytes(b"not a database " * 500)
    with pytest.raises(OutboxUnreadable, match=r"OUTBOX-UNREADABLE .* move the file aside"):
        say(outbox, a_state())


def test_only_its_owner_can_read_the_outbox(outbox):
    say(outbox, a_state())
    assert {file.stat().st_mode & 0o077 for file in outbox.parent.iterdir()} == {0}


def test_a_link_to_an_event_that_does_not_exist_is_refused(outbox):
    say(outbox, a_state())
    with opened(outbox) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "insert into message_events select message_id, 'no such event' from messages"
        )


def test_a_reader_does_not_hold_up_the_writer(outbox):
    say(outbox, a_state())
    with closing(sqlite3.connect(outbox)) as reader:
        reader.execute("begin")
        reader.execute("select * from messages").fetchall()
        later = a_state(state="ok")
        assert say(outbox, later) == Recorded(1, 1)
