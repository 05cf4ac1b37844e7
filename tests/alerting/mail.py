"""A real mail server on the loopback that can be told how to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from orchestration.alerting.smtp import SmtpSettings
from tests.alerting.cases import CLERK


@dataclass
class Mailbox:
    """Keeps what is delivered. Answers given in advance are used up before it accepts."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers_to_recipient: dict[str, str] = field(default_factory=dict)
    answers_to_data: list[str] = field(default_factory=list)
    seconds_before_answer: float = 0
    dies_at_farewell: bool = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(self.seconds_before_answer)
        if answer := self.answers_to_recipient.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.seconds_before_answer)
        answer = self.answers_to_data.pop(0) if self.answers_to_data else "250 OK"
        if answer == "hang":
            await asyncio.sleep(1)
            return "451 too late"
        if answer.startswith(("250", "die")):
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.recipients += envelope.rcpt_tos
        if answer == "die":
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server, session, envelope):
        if self.dies_at_farewell:
            server.transport.abort()
        return "221 Bye"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(mailbox: Mailbox, port: int, **options: object) -> Iterator[None]:
    server = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield
    finally:
        server.stop()


def plain_settings(port: int, **changes: object) -> SmtpSettings:
    values: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "username": None,
        "password": None,
        "sender": "kpis@council.example",
        "recipients": (CLERK,),
        "security": "none",
    }
    return SmtpSettings(**(values | changes))  # type: ignore[arg-type]
