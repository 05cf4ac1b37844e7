from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from threading import Barrier

import pytest

from orchestration.alerting.outbox import (
    OutboxUnreadable,
    Recorded,
    claim,
    due,
    opened,
    record,
    record_failure,
)
from tests.alerting.cases import CLERK, DIRECTOR, MINUTE, NOW, a_state

DIGEST = "Officers only\n\n# Against target: Darlington\n\nOne indicator is worse.\n"


def messages(outbox):
    with opened(outbox) as connection:
        return due(connection, NOW)


def test_the_same_states_twice_make_one_message(outbox):
    assert record(outbox, [a_state()], DIGEST, [CLERK], NOW) == Recorded(1, 1)
    assert record(outbox, [a_state()], DIGEST, [CLERK], NOW + MINUTE) == Recorded(0, 0)
    (message,) = messages(outbox)
    assert (message.recipient, message.subject) == (CLERK, "Against target: Darlington")
    assert message.body == DIGEST
    assert message.created_at == NOW


def test_a_new_period_makes_a_new_message(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    later = a_state(period_end=date(2019, 12, 31))
    assert record(outbox, [a_state(), later], DIGEST, [CLERK], NOW) == Recorded(1, 1)
    assert len(messages(outbox)) == 2


def test_good_news_is_remembered_and_not_sent(outbox):
    states = [
        a_state(indicator_id="met", state="ok"),
        a_state(indicator_id="none", state="no_data", value=None, reason="no return"),
    ]
    assert record(outbox, states, DIGEST, [CLERK], NOW) == Recorded(2, 0)
    assert messages(outbox) == []


def test_each_recipient_has_a_message_of_its_own_that_knows_its_events(outbox):
    record(
        outbox,
        [a_state(), a_state(indicator_id="b", state="watch")],
        DIGEST,
        [CLERK, DIRECTOR],
        NOW,
    )
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
        record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    with opened(outbox) as connection:
        connection.execute("drop trigger full_disk")
    assert record(outbox, [a_state()], DIGEST, [CLERK], NOW) == Recorded(1, 1)


def test_a_lost_outbox_is_made_again_and_says_the_same_under_the_same_id(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    before = messages(outbox)
    for file in outbox.parent.iterdir():
        file.unlink()
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    assert messages(outbox) == before


def test_four_runs_that_make_the_outbox_at_once_queue_one_message(outbox):
    start = Barrier(4)

    def run(_):
        start.wait()
        return record(outbox, [a_state()], DIGEST, [CLERK], NOW).messages

    with ThreadPoolExecutor(4) as runs:
        assert sorted(runs.map(run, range(4))) == [0, 0, 0, 1]
    assert len(messages(outbox)) == 1


def test_a_failed_run_is_told_once_and_its_exception_never(outbox):
    for _ in range(2):
        record_failure(outbox, "monthly", ["kpi_mart", "exports"], "run-1", [CLERK], NOW)
    (notice,) = messages(outbox)
    assert notice.subject == "Run failed: monthly"
    assert "Failed steps: kpi_mart, exports\n- Run: run-1" in notice.body
    assert "docs/engineer.md" in notice.body
    record_failure(outbox, "monthly", [], "run-2", [CLERK], NOW)
    assert len(messages(outbox)) == 2


def test_only_one_of_two_drains_gets_a_message(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    with opened(outbox) as first, opened(outbox) as second:
        (message,) = due(first, NOW)
        assert due(second, NOW) == [message]
        assert [claim(first, message, NOW), claim(second, message, NOW)] == [True, False]


def test_the_wait_doubles_from_a_minute_to_an_hour(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
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
    record(outbox, [a_state()], DIGEST, [CLERK], NOW + 60 * 24 * MINUTE)
    assert len(messages(outbox)) == 1


def test_a_time_without_its_zone_is_refused(outbox):
    with pytest.raises(ValueError, match="zone"):
        record(outbox, [a_state()], DIGEST, [CLERK], NOW.replace(tzinfo=None))


def test_a_file_that_is_no_database_says_what_to_do(outbox):
    outbox.parent.mkdir()
    outbox.write_bytes(b"not a database " * 500)
    with pytest.raises(OutboxUnreadable, match=r"OUTBOX-UNREADABLE .* move the file aside"):
        record(outbox, [a_state()], DIGEST, [CLERK], NOW)


def test_only_its_owner_can_read_the_outbox(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    assert {file.stat().st_mode & 0o077 for file in outbox.parent.iterdir()} == {0}


def test_a_link_to_an_event_that_does_not_exist_is_refused(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    with opened(outbox) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "insert into message_events select message_id, 'no such event' from messages"
        )


def test_a_reader_does_not_hold_up_the_writer(outbox):
    record(outbox, [a_state()], DIGEST, [CLERK], NOW)
    with closing(sqlite3.connect(outbox)) as reader:
        reader.execute("begin")
        reader.execute("select * from messages").fetchall()
        later = a_state(period_end=date(2019, 12, 31))
        assert record(outbox, [later], DIGEST, [CLERK], NOW) == Recorded(1, 1)
