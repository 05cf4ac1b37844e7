"""100 alerts through each fault of a mail server and of a web server: none lost, none made up.

Time is simulated: minutes pass between two attempts. What a server accepted and then did not
confirm comes again under the same id; nothing else comes twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass

import pytest

from orchestration.alerting import webhook
from orchestration.alerting.drain import drain
from orchestration.alerting.outbox import Message
from orchestration.alerting.smtp import smtp_channel
from orchestration.alerting.webhook import teams_channel
from tests.alerting.cases import CLERK, DIRECTOR, MINUTE, NOW, a_state, say
from tests.alerting.hook import Hook, web_server
from tests.alerting.mail import Mailbox, mail_server, plain_settings
from tests.ports import free_port

ALERTS = 100
PATIENT = 10.0


@dataclass
class Mail:
    """The mail server as one thing to break."""

    port: int
    box: Mailbox
    timeout: float = PATIENT

    def up(self) -> AbstractContextManager[object]:
        return mail_server(self.box, self.port)

    def send(self, message: Message) -> None:
        smtp_channel(plain_settings(self.port, timeout_seconds=self.timeout))(message)

    def spoil(self, *answers: str) -> None:
        in_smtp = {"503": "451 later", "403": "554 never", "429": "450 slow down", "ok": "250 OK"}
        self.box.answers_to_data += [in_smtp.get(answer, answer) for answer in answers]

    @property
    def ids(self) -> list[str]:
        return [found.strip("<>").partition("@")[0] for found in self.box.ids]


@dataclass
class Web:
    """The web server as one thing to break."""

    port: int
    hook: Hook

    def up(self) -> AbstractContextManager[object]:
        return web_server(self.hook, self.port)

    def send(self, message: Message) -> None:
        teams_channel(f"http://127.0.0.1:{self.port}")(message)

    def spoil(self, *answers: str) -> None:
        self.hook.answers += ["202" if answer == "ok" else answer for answer in answers]

    @property
    def ids(self) -> list[str]:
        return self.hook.ids


@pytest.fixture(params=["mail", "web"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Mail | Web:
    # only a server that hangs is waited for: an answer that is late on a machine under load
    # would be like one that never came
    timeout = 0.4 if request.node.callspec.params.get("plan") == "hanging" else PATIENT
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", timeout)
    if request.param == "web":
        return Web(free_port(), Hook())
    return Mail(free_port(), Mailbox(), timeout)


PLANS: dict[str, tuple[str, ...]] = {
    "down": (),
    "refused": ("403",) * 40,
    "failing": ("503",) * 40,
    "slow down, then fine": ("429", "ok") * 40,
    "hanging": ("hang",) * 3,
    "accepting and dying": ("die", "ok") * 20,
    "flapping": ("503", "ok", "429", "ok", "die", "403", "ok") * 10,
}


@pytest.mark.parametrize("plan", PLANS)
def test_none_is_lost_and_none_is_made_up(server, plan, outbox):
    states = [
        a_state(indicator_id=f"indicator_{n}", indicator_name=f"Ymweliadau ☂ {n}")
        for n in range(ALERTS)
    ]
    server.spoil(*PLANS[plan])
    now = NOW
    with ExitStack() as stack:
        if plan != "down":
            stack.enter_context(server.up())
        for state in states:
            # each run twice, as Dagster would after a crash
            assert say(outbox, state, now=now).messages == 1
            assert say(outbox, state, now=now).messages == 0
            if now.minute % 5 == 0:
                drain(outbox, server.send, now, 30.0)
            now += MINUTE
        if plan == "down":
            assert server.ids == []
            stack.enter_context(server.up())
        run_down(outbox, server.send, now)
    expected = queued(outbox)
    assert len(expected) == ALERTS
    assert set(server.ids) == expected
    died = PLANS[plan].count("die")
    assert ALERTS <= len(server.ids) <= ALERTS + died
    assert (len(server.ids) > ALERTS) == (died > 0)


def run_down(outbox, send: Callable[[Message], None], now) -> None:
    for _ in range(200):
        if drain(outbox, send, now, 30.0).pending == 0:
            return
        now += 5 * MINUTE
    raise AssertionError("something still waits")


def queued(outbox) -> set[str]:
    with closing(sqlite3.connect(outbox)) as connection:
        return {row[0] for row in connection.execute("select message_id from messages")}


def test_a_lost_outbox_repeats_what_is_so_under_the_same_ids(server, outbox):
    states = [a_state(indicator_id=f"indicator_{n}") for n in range(ALERTS)]
    with server.up():
        for _ in range(2):
            for state in states:
                say(outbox, state)
            run_down(outbox, server.send, NOW)
            for file in outbox.parent.iterdir():
                file.unlink()
    assert len(server.ids) == 2 * ALERTS
    assert len(set(server.ids)) == ALERTS


def test_half_of_the_recipients_refused_costs_the_other_half_nothing(outbox):
    box, port = Mailbox(), free_port()
    box.answers_to_recipient[CLERK] = "450 mailbox full"
    mail = Mail(port, box)
    with mail.up():
        for n in range(ALERTS):
            say(outbox, a_state(indicator_id=f"indicator_{n}"), to=(CLERK, DIRECTOR))
        drain(outbox, mail.send, NOW, 60.0)
        assert box.recipients == [DIRECTOR] * ALERTS
        box.answers_to_recipient.clear()
        run_down(outbox, mail.send, NOW + MINUTE)
    assert sorted(box.recipients) == [CLERK] * ALERTS + [DIRECTOR] * ALERTS
    assert len(set(mail.ids)) == 2 * ALERTS
