from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from orchestration.alerting.digest import news
from orchestration.alerting.drain import drain
from orchestration.alerting.evaluate import evaluate
from orchestration.alerting.notices import failure_notice
from orchestration.alerting.outbox import record, record_notice
from orchestration.alerting.smtp import smtp_channel
from tests.alerting.cases import (
    AS_AT,
    CLERK,
    DARLINGTON,
    DARLINGTON_EDITION,
    DIRECTOR,
    MINUTE,
    NOW,
    a_state,
    say,
)
from tests.alerting.mail import mail_server, plain_settings
from tests.ports import free_port

BUDGET = 30.0
HOUR = 60 * MINUTE


def rows(outbox, columns="state, attempts, last_error"):
    with closing(sqlite3.connect(outbox)) as connection:
        return connection.execute(f"select {columns} from messages order by recipient").fetchall()


def test_an_edition_run_twice_is_sent_once(mart, outbox, serve, mailbox):
    send = smtp_channel(serve(mailbox))
    for now in (NOW, NOW + HOUR):
        states = evaluate(mart(*DARLINGTON), "E06000005", AS_AT)
        say(outbox, *states, now=now)
        drain(outbox, send, now, BUDGET)
    (mail,) = mailbox.mails
    assert "73.8%, below its target of 90%" in mail.get_body(["plain"]).get_content()


def test_a_recovery_is_sent_too(outbox, serve, mailbox):
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state())
    drain(outbox, send, NOW, BUDGET)
    say(outbox, a_state(state="ok"))
    assert drain(outbox, send, NOW, BUDGET).sent == 1
    assert len(set(mailbox.ids)) == 2


def test_a_server_that_was_down_gets_the_message_once_it_is_back(outbox, mailbox):
    port = free_port()
    send = smtp_channel(plain_settings(port))
    say(outbox, a_state())
    down = drain(outbox, send, NOW, BUDGET)
    assert (down.failed, down.pending, down.reasons) == (1, 1, ("ConnectionRefusedError",))
    with mail_server(mailbox, port):
        assert drain(outbox, send, NOW, BUDGET).sent == 0, "not before a minute has passed"
        assert drain(outbox, send, NOW + MINUTE, BUDGET).sent == 1
        assert drain(outbox, send, NOW + HOUR, BUDGET).sent == 0
    assert len(mailbox.mails) == 1
    assert rows(outbox) == [("sent", 2, None)]


@pytest.mark.parametrize("answer", ["451 later", "554 never", "421 closing"])
def test_a_refused_message_is_tried_again_and_arrives_once(outbox, serve, mailbox, answer):
    mailbox.answers_to_data += [answer, answer]
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state())
    for minutes in range(10):
        drain(outbox, send, NOW + minutes * MINUTE, BUDGET)
    assert len(mailbox.mails) == 1
    assert rows(outbox) == [("sent", 3, None)]


def test_a_server_that_dies_after_accepting_may_get_it_twice_under_one_id(outbox, serve, mailbox):
    mailbox.answers_to_data.append("die")
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state())
    assert drain(outbox, send, NOW, BUDGET).failed == 1
    assert drain(outbox, send, NOW + MINUTE, BUDGET).sent == 1
    assert len(mailbox.ids) == 2
    assert len(set(mailbox.ids)) == 1


def test_a_server_that_dies_at_the_farewell_gets_the_message_once(outbox, serve, mailbox):
    mailbox.dies_at_farewell = True
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state())
    assert drain(outbox, send, NOW, BUDGET).sent == 1
    assert drain(outbox, send, NOW + MINUTE, BUDGET).sent == 0
    assert len(mailbox.ids) == 1


def test_a_refused_recipient_costs_the_others_nothing(outbox, serve, mailbox):
    mailbox.answers_to_recipient[CLERK] = "450 mailbox busy"
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state(), to=(CLERK, DIRECTOR))
    report = drain(outbox, send, NOW, BUDGET)
    assert (report.sent, report.failed, report.pending) == (1, 1, 1)
    assert rows(outbox) == [("failed", 1, "SMTPRecipientsRefused 450"), ("sent", 1, None)]
    mailbox.answers_to_recipient.clear()
    drain(outbox, send, NOW + MINUTE, BUDGET)
    assert sorted(mailbox.recipients) == [CLERK, DIRECTOR]


def test_a_drain_that_dies_in_the_middle_leaves_the_message_to_the_next(outbox, serve, mailbox):
    def killed(message):
        raise KeyboardInterrupt

    say(outbox, a_state())
    with pytest.raises(KeyboardInterrupt):
        drain(outbox, killed, NOW, BUDGET)
    assert drain(outbox, smtp_channel(serve(mailbox)), NOW + MINUTE, BUDGET).sent == 1


def test_a_message_that_cannot_even_be_composed_does_not_hold_up_the_others(outbox, serve, mailbox):
    say(outbox, a_state(), to=("a\n@council.example", DIRECTOR))
    report = drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET)
    assert (report.sent, report.reasons) == (1, ("ValueError",))
    assert mailbox.recipients == [DIRECTOR]


def test_no_message_is_begun_once_the_budget_is_spent(outbox, serve, mailbox):
    clock = iter(range(0, 100, 10))
    send = smtp_channel(serve(mailbox))
    say(outbox, a_state(), to=[f"officer{number}@council.example" for number in range(9)])
    report = drain(outbox, send, NOW, BUDGET, monotonic=lambda: next(clock))
    assert (report.sent, report.failed, report.pending) == (2, 0, 7)
    assert drain(outbox, send, NOW, BUDGET).sent == 7
    assert len(set(mailbox.recipients)) == 9


def test_without_a_channel_the_digest_file_is_the_delivery_and_the_report_says_so(outbox):
    say(outbox, a_state(), to=())
    report = drain(outbox, None, NOW, BUDGET)
    assert (report.filed, report.pending) == (1, 0)
    assert str(report).endswith("no channel is set: the digest file is the delivery")
    assert rows(outbox) == [("filed", 0, None)]
    assert drain(outbox, None, NOW, BUDGET).filed == 0


def test_what_was_filed_is_not_sent_when_a_channel_is_set_later(outbox, serve, mailbox):
    say(outbox, a_state(), to=())
    drain(outbox, None, NOW, BUDGET)
    say(outbox, a_state())
    assert drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET).sent == 0


def test_a_run_without_the_settings_does_not_throw_away_a_waiting_message(outbox, serve, mailbox):
    say(outbox, a_state())
    assert drain(outbox, None, NOW, BUDGET).pending == 1
    assert drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET).sent == 1


def test_a_deleted_outbox_sends_once_more_under_the_same_id(outbox, serve, mailbox):
    send = smtp_channel(serve(mailbox))
    for _ in range(2):
        say(outbox, a_state())
        drain(outbox, send, NOW, BUDGET)
        drain(outbox, send, NOW + HOUR, BUDGET)
        outbox.unlink()
    assert len(mailbox.ids) == 2
    assert len(set(mailbox.ids)) == 1


def test_an_outbox_that_does_not_exist_yet_has_nothing_to_send(outbox, serve, mailbox):
    report = drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET)
    assert str(report) == "0 sent, 0 failed, 0 waiting"


def test_a_failed_run_reaches_the_recipient(outbox, serve, mailbox):
    text = failure_notice("monthly", ["kpi_mart"], [], "run-1")
    record_notice(outbox, ["run-failure", "run-1"], text, [CLERK], NOW)
    drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET)
    assert mailbox.mails[0]["Subject"] == "Run failed: monthly"


def test_names_in_any_script_arrive(outbox, serve, mailbox):
    state = a_state(indicator_name="Ymweliadau ☂", dashboard="Gofal ŵ")
    facts = replace(DARLINGTON_EDITION, geography_name="Sir Ddinbych ŵ")
    record(outbox, [state], {}, lambda _: [CLERK], lambda told: news(told, [state], facts), NOW)
    drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET)
    (mail,) = mailbox.mails
    assert "Sir Ddinbych ŵ" in mail["Subject"]
    assert "Ymweliadau ☂" in mail.get_body(["plain"]).get_content()
    assert "Gofal ŵ" in mail.get_body(["html"]).get_content()


def test_the_mail_names_no_small_count_in_either_body(outbox, serve, mailbox):
    state = a_state(value=Decimal(97), numerator=Decimal(97), denominator=Decimal(100))
    say(outbox, state)
    drain(outbox, smtp_channel(serve(mailbox)), NOW, BUDGET)
    for part in ("plain", "html"):
        body = mailbox.mails[0].get_body([part]).get_content()
        assert "97.0%" in body
        assert "of 100" not in body
