"""A log-in by OAuth 2.0, against a token endpoint and a mail server that demands a token."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.alerting import mail_token
from orchestration.alerting.channel import AlertSettingsError, DeliveryFailed
from orchestration.alerting.delivery import channels, deliver_what_waits
from orchestration.alerting.smtp import smtp_settings
from tests.alerting.cases import CLERK, NOW, a_state, say
from tests.alerting.test_smtp import MESSAGE, certificate  # noqa: F401
from tests.alerting.tokens import (
    CLIENT,
    MAILBOX,
    Issuer,
    TokenMailbox,
    TokenMailServer,
    token_endpoint,
    told,
)
from tests.ports import free_port

pytestmark = pytest.mark.needs("openssl")
SECRET = CLIENT["client_secret"]
SET = {
    "KPI_SMTP_HOST": "smtp.council.example",
    "KPI_SMTP_TOKEN_URL": "https://login.council.example/token",
    "KPI_SMTP_CLIENT_ID": CLIENT["client_id"],
    "KPI_SMTP_CLIENT_SECRET": SECRET,
    "KPI_ALERT_FROM": MAILBOX,
    "KPI_ALERT_TO": CLERK,
}


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def box(issuer: Issuer) -> TokenMailbox:
    return TokenMailbox(issuer=issuer)


@pytest.fixture
def env(
    issuer: Issuer,
    box: TokenMailbox,
    certificate: tuple[Path, Path],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dict[str, str]]:
    """The settings that reach both servers, over STARTTLS."""
    monkeypatch.setattr(mail_token, "HELD", {})
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    port = free_port()
    server = TokenMailServer(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        auth_exclude_mechanism=("LOGIN", "PLAIN"),
    )
    server.start()
    with token_endpoint(issuer) as url:
        yield SET | {
            "KPI_SMTP_HOST": "127.0.0.1",
            "KPI_SMTP_PORT": str(port),
            "KPI_SMTP_TOKEN_URL": url,
        }
    server.stop()


def test_a_mail_arrives_with_a_token_that_is_longer_than_a_command_may_be(env, issuer, box):
    channels(env).send(MESSAGE)
    assert issuer.forms == [CLIENT]
    assert box.logins == [MAILBOX]
    assert [str(mail["Subject"]) for mail in box.mails] == [MESSAGE.subject]


def test_the_mailbox_may_be_another_than_the_sender(env, box):
    channels(env | {"KPI_SMTP_USER": MAILBOX, "KPI_ALERT_FROM": "lead@council.example"}).send(
        MESSAGE
    )
    assert box.logins == [MAILBOX]
    assert str(box.mails[0]["From"]) == "lead@council.example"


def test_a_token_is_held_until_it_ends(env, issuer, box):
    for _ in range(3):
        channels(env).send(MESSAGE)
    assert (len(box.mails), len(issuer.forms)) == (3, 1)


@pytest.mark.parametrize("lasts", [59, "30", None, "soon"])
def test_one_that_ends_within_a_minute_or_says_no_time_is_used_once(env, issuer, box, lasts):
    issuer.lasts = lasts
    for _ in range(2):
        channels(env).send(MESSAGE)
        issuer.valid.clear()
    assert (len(box.mails), len(issuer.forms)) == (2, 2)


def test_one_that_the_mail_server_refuses_is_not_held_for_long(env, issuer, box, monkeypatch):
    box.bars = True
    with pytest.raises(DeliveryFailed, match="MAIL-LOGIN-REFUSED"):
        channels(env).send(MESSAGE)
    # somebody mends the mailbox's permission, which is in new tokens alone
    issuer.valid.clear()
    box.bars = False
    (held,) = mail_token.HELD.values()
    monkeypatch.setattr(mail_token.time, "monotonic", lambda: held.asked_at + 61)
    channels(env).send(MESSAGE)
    assert (len(box.mails), len(issuer.forms)) == (1, 2)


@pytest.mark.parametrize("asks", [False, True])
def test_a_refused_log_in_has_a_code_and_none_of_the_servers_words(env, box, asks):
    box.bars, box.asks = True, asks
    assert reason(env).startswith("MAIL-LOGIN-REFUSED: SMTPAuthenticationError 535: see that")


@pytest.mark.parametrize(
    ("change", "answer", "expected"),
    [
        (
            {"KPI_SMTP_CLIENT_SECRET": "an old one"},
            None,
            "MAIL-TOKEN-REFUSED: HTTP 401 invalid_client AADSTS7000222: see that",
        ),
        (
            {"KPI_SMTP_SCOPE": "https://graph.example/.default"},
            None,
            "MAIL-TOKEN-REFUSED: HTTP 400 invalid_scope AADSTS70011: see that",
        ),
        ({}, (400, told("Jo Bloggs", 90002)), "MAIL-TOKEN-REFUSED: HTTP 400 AADSTS90002: see"),
        ({}, (403, b"<p>Jo Bloggs"), "MAIL-TOKEN-REFUSED: HTTP 403: see that"),
        ({}, (404, b"Jo Bloggs"), "MAIL-TOKEN-MISSING: HTTP 404: see that"),
        ({}, (302, b""), "MAIL-TOKEN-MISSING: HTTP 302: see that"),
        ({}, (503, b'["Jo Bloggs"]'), "MAIL-TOKEN-MISSING: HTTP 503: see that"),
        ({}, (200, b"<p>Jo Bloggs"), "MAIL-TOKEN-MISSING: no token in the answer: see"),
        ({}, (200, b"\xff"), "MAIL-TOKEN-MISSING: no token in the answer: see"),
        (
            {},
            (200, b'{"access_token": "Jo\\u0001Bloggs"}'),
            "MAIL-TOKEN-MISSING: no bearer token in the answer: see",
        ),
        ({}, (200, b"drip" * 8), "MAIL-TOKEN-MISSING: TimeoutError: see that"),
    ],
    ids=lambda case: case[:40] if isinstance(case, str) else None,
)
def test_no_token_is_told_by_a_code_and_nothing_that_was_answered(
    env, issuer, box, change, answer, expected, monkeypatch
):
    monkeypatch.setattr(mail_token, "TIMEOUT_SECONDS", 0.5)
    issuer.answers += [answer] if answer else []
    assert reason(env | change).startswith(expected)
    assert box.logins == []


def test_an_endpoint_that_is_gone_is_told_by_its_code(env, box):
    gone = env | {"KPI_SMTP_TOKEN_URL": f"http://127.0.0.1:{free_port()}/token"}
    assert reason(gone).startswith("MAIL-TOKEN-MISSING: ConnectionRefusedError: see that")


def reason(env: dict[str, str]) -> str:
    with pytest.raises(DeliveryFailed) as refusal:
        channels(env).send(MESSAGE)
    assert "Bloggs" not in str(refusal.value)
    return str(refusal.value)


def test_what_waits_goes_when_the_secret_is_renewed_and_no_secret_is_left_behind(
    env, issuer, box, outbox, caplog
):
    caplog.set_level(logging.DEBUG, logger="orchestration")
    old = "an old secret"
    say(outbox, a_state())
    report = deliver_what_waits(outbox, env | {"KPI_SMTP_CLIENT_SECRET": old}, NOW)
    assert (report.sent, report.pending) == (0, 1)
    again = deliver_what_waits(outbox, env, NOW + timedelta(minutes=10))
    assert (again.sent, again.pending) == (1, 0)
    left = b"".join(file.read_bytes() for file in outbox.parent.iterdir())
    said = " ".join((str(report), str(again), caplog.text, repr(mail_token.HELD)))
    for secret in (old, SECRET, *issuer.valid):
        assert secret.encode() not in left
        assert secret not in said


def test_nothing_of_it_is_in_a_representation():
    assert SECRET not in repr(smtp_settings(SET))


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"KPI_SMTP_TOKEN_URL": ""}, "KPI_SMTP_TOKEN_URL"),
        ({"KPI_SMTP_CLIENT_ID": ""}, "KPI_SMTP_CLIENT_ID"),
        ({"KPI_SMTP_CLIENT_SECRET": ""}, "KPI_SMTP_CLIENT_SECRET"),
        ({"KPI_SMTP_TOKEN_URL": "http://login.council.example"}, "KPI_SMTP_TOKEN_URL"),
        ({"KPI_SMTP_USER": MAILBOX, "KPI_SMTP_PASSWORD": "hunter2"}, "KPI_SMTP_PASSWORD"),
        ({"KPI_SMTP_SECURITY": "none"}, "KPI_SMTP_SECURITY"),
    ],
)
def test_settings_that_do_not_go_together_are_named_without_a_value(change, variable):
    with pytest.raises(AlertSettingsError, match=variable) as refusal:
        smtp_settings(SET | change)
    for value in (SECRET, "hunter2", "login.council"):
        assert value not in str(refusal.value)


def test_the_scope_is_microsofts_unless_told_otherwise():
    assert smtp_settings(SET).app.scope == "https://outlook.office365.com/.default"
    assert smtp_settings(SET | {"KPI_SMTP_SCOPE": "mail.send"}).app.scope == "mail.send"
