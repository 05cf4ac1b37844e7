"""A message as an e-mail.

The log-in is a password's, or by OAuth 2.0 with a token (SASL XOAUTH2, as Microsoft 365 and
Google describe it).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from html import escape
from itertools import groupby
from typing import Any

from orchestration.alerting.channel import DeliveryFailed, addresses, settings_error
from orchestration.alerting.mail_token import MailApp, access_token, doubt, mail_app
from orchestration.alerting.outbox import Message

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class SmtpSettings:
    """One server, one sender, its recipients; `security` is starttls, tls or none.

    `username` logs in with `password`, or with a token that `app` gets.
    """

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    security: str
    timeout_seconds: float = 5.0
    app: MailApp | None = None


def smtp_settings(env: Mapping[str, str]) -> SmtpSettings | None:
    """The settings, or None when KPI_SMTP_HOST is not set: then nothing is e-mailed.

    Raises AlertSettingsError naming the variable. No password or token is ever sent unencrypted.
    """
    given = {name: value.strip() for name, value in env.items() if value.strip()}
    host = given.get("KPI_SMTP_HOST")
    if host is None:
        return None
    security = given.get("KPI_SMTP_SECURITY", "starttls")
    if security not in _DEFAULT_PORTS:
        raise settings_error("KPI_SMTP_SECURITY", "not a known way", "starttls, tls or none")
    port = given.get("KPI_SMTP_PORT", str(_DEFAULT_PORTS[security]))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise settings_error("KPI_SMTP_PORT", "not a port", "a whole number from 1 to 65535")
    app = mail_app(given)
    username, password = given.get("KPI_SMTP_USER"), given.get("KPI_SMTP_PASSWORD")
    if app is None and (username is None) != (password is None):
        raise settings_error(
            "KPI_SMTP_USER, KPI_SMTP_PASSWORD", "one without the other", "both or neither"
        )
    if (app or password is not None) and security == "none":
        raise settings_error("KPI_SMTP_SECURITY", "none with a log-in", "starttls or tls")
    sender = addresses("KPI_ALERT_FROM", given)
    if len(sender) != 1:
        raise settings_error("KPI_ALERT_FROM", "more than one address", "one address")
    recipients = addresses("KPI_ALERT_TO", given)
    if app is not None:
        username = username or sender[0]
    return SmtpSettings(
        host, int(port), username, password, sender[0], recipients, security, app=app
    )


def smtp_channel(settings: SmtpSettings) -> Callable[[Message], None]:
    """What `drain` sends with. Each recipient has a message of its own, so none is half sent."""
    return partial(_send, settings)


def compose(message: Message, sender: str) -> EmailMessage:
    """The message as plain text and HTML; every attempt carries the same Message-ID and Date."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="quoted-printable")
    mail.add_alternative(_html(message), subtype="html", cte="quoted-printable")
    return mail


def _send(settings: SmtpSettings, message: Message) -> None:
    token = access_token(settings.app) if settings.app else None
    try:
        session = _connect(settings, token)
        try:
            session.send_message(compose(message, settings.sender))
        finally:
            # A server that fails at the farewell has accepted the message all the same.
            with suppress(OSError):
                session.quit()
            session.close()
    except smtplib.SMTPAuthenticationError as error:
        if settings.app:
            doubt(settings.app)
        raise DeliveryFailed(
            f"MAIL-LOGIN-REFUSED: {_reason(error)}: see that the mailbox may send by SMTP, and with"
            " OAuth that the application has its permission and access to that mailbox"
        ) from None
    except OSError as error:  # smtplib's, ssl's and the network's own
        raise DeliveryFailed(_reason(error)) from None


class _BoundedSmtp(smtplib.SMTP):
    """Bounds the whole conversation, where smtplib's time-out starts again at each reply."""

    def __init__(self, host: str, port: int, name: str, *, timeout: float, **tls: Any) -> None:
        self._deadline = time.monotonic() + timeout
        super().__init__(host, port, name, timeout=timeout, **tls)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(max(self._deadline - time.monotonic(), 0.001))
        return super().getreply()


class _BoundedSmtpTls(_BoundedSmtp, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""


def _connect(settings: SmtpSettings, token: str | None) -> smtplib.SMTP:
    # The default name would be looked up in DNS, which no time-out bounds.
    name, timeout = socket.gethostname(), settings.timeout_seconds
    tls = None if settings.security == "none" else ssl.create_default_context()
    session = (
        _BoundedSmtpTls(settings.host, settings.port, name, timeout=timeout, context=tls)
        if settings.security == "tls"
        else _BoundedSmtp(settings.host, settings.port, name, timeout=timeout)
    )
    try:
        if settings.security == "starttls":
            session.starttls(context=tls)
        if token is not None:
            _log_in(session, f"user={settings.username}\1auth=Bearer {token}\1\1")
        elif settings.username is not None and settings.password is not None:
            session.login(settings.username, settings.password)
    except BaseException:
        session.close()
        raise
    return session


def _log_in(session: smtplib.SMTP, bearer: str) -> None:
    # smtplib's auth() leaves the greeting out; said later, it would undo the log-in
    session.ehlo()
    # A token is longer than a command may be, so it answers the server's first question. A second
    # question holds the reason of a refusal, and has an empty answer.
    answers = iter((bearer,))
    session.auth("XOAUTH2", lambda _=None: next(answers, ""), initial_response_ok=False)


def _reason(error: OSError) -> str:
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _html(message: Message) -> str:
    """The digest's few Markdown forms (headings, bullets, paragraphs) and nothing else."""
    parts = []
    lines = filter(None, message.body.splitlines())
    for bullets, group in groupby(lines, key=lambda line: line.startswith("- ")):
        rendered = "".join(map(_element, group))
        parts.append(f"<ul>{rendered}</ul>" if bullets else rendered)
    title = escape(message.subject)
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body>{''.join(parts)}</body></html>\n"
    )


def _element(line: str) -> str:
    forms = (("# ", "h1"), ("## ", "h2"), ("- ", "li"), ("", "p"))
    mark, tag = next(form for form in forms if line.startswith(form[0]))
    return f"<{tag}>{escape(line.removeprefix(mark))}</{tag}>"
