from __future__ import annotations

import socket
import ssl
import subprocess
import time
from contextlib import closing
from dataclasses import replace

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from orchestration.alerting.channel import AlertSettingsError, DeliveryFailed
from orchestration.alerting.outbox import Message
from orchestration.alerting.smtp import SmtpSettings, compose, smtp_channel, smtp_settings
from tests.alerting.cases import CLERK, DIRECTOR, NOW
from tests.alerting.mail import plain_settings

ENVIRONMENT = {
    "KPI_SMTP_HOST": "mail.council.example",
    "KPI_SMTP_USER": "kpis",
    "KPI_SMTP_PASSWORD": "hunter2",
    "KPI_ALERT_FROM": "kpis@council.example",
    "KPI_ALERT_TO": f"{CLERK}, {DIRECTOR},{CLERK}",
}
MESSAGE = Message(
    "0123456789abcdef",
    CLERK,
    "Against target: Sir Ddinbych ŵ",
    "Officers only\n\n# Against target: Sir Ddinbych ŵ\n\nTwo.\n\n## Care <b>&\n\n- one\n- two ☂\n",
    NOW,
)


def test_without_a_host_there_is_no_channel():
    assert smtp_settings({"KPI_ALERT_TO": CLERK, "KPI_SMTP_HOST": " "}) is None


def test_the_settings_come_from_the_environment_encrypted_unless_told_otherwise():
    assert smtp_settings(ENVIRONMENT) == SmtpSettings(
        host="mail.council.example",
        port=587,
        username="kpis",
        password="hunter2",
        sender="kpis@council.example",
        recipients=(CLERK, DIRECTOR),
        security="starttls",
    )


def test_the_port_follows_the_security_unless_given():
    assert smtp_settings(ENVIRONMENT | {"KPI_SMTP_SECURITY": "tls"}).port == 465
    assert smtp_settings(ENVIRONMENT | {"KPI_SMTP_PORT": "2525"}).port == 2525


def test_the_password_is_never_shown():
    assert "hunter2" not in repr(smtp_settings(ENVIRONMENT))


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"KPI_ALERT_TO": ""}, "KPI_ALERT_TO"),
        ({"KPI_ALERT_TO": "clerk"}, "KPI_ALERT_TO"),
        ({"KPI_ALERT_TO": "a@b.example\r\nBcc:c@d.example"}, "KPI_ALERT_TO"),
        ({"KPI_ALERT_FROM": ""}, "KPI_ALERT_FROM"),
        ({"KPI_ALERT_FROM": f"{CLERK},{DIRECTOR}"}, "KPI_ALERT_FROM"),
        ({"KPI_SMTP_PORT": "hunter2"}, "KPI_SMTP_PORT"),
        ({"KPI_SMTP_PORT": "70000"}, "KPI_SMTP_PORT"),
        ({"KPI_SMTP_SECURITY": "hunter2"}, "KPI_SMTP_SECURITY"),
        ({"KPI_SMTP_SECURITY": "none"}, "KPI_SMTP_SECURITY"),
        ({"KPI_SMTP_USER": ""}, "KPI_SMTP_USER"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(change, variable):
    with pytest.raises(AlertSettingsError, match=variable) as refusal:
        smtp_settings(ENVIRONMENT | change)
    assert "hunter2" not in str(refusal.value)


def test_a_message_is_the_same_on_every_attempt_in_plain_text_and_escaped_html():
    mail = compose(MESSAGE, "kpis@council.example")
    assert mail["Message-ID"] == "<0123456789abcdef@council.example>"
    assert mail["Date"] == "Thu, 03 Oct 2019 06:00:00 +0000"
    assert mail["Subject"] == MESSAGE.subject
    assert mail.get_body(["plain"]).get_content() == MESSAGE.body
    assert mail.get_body(["html"]).get_content() == (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        "<title>Against target: Sir Ddinbych ŵ</title></head><body>"
        "<p>Officers only</p><h1>Against target: Sir Ddinbych ŵ</h1><p>Two.</p>"
        "<h2>Care &lt;b&gt;&amp;</h2><ul><li>one</li><li>two ☂</li></ul></body></html>\n"
    )


def test_a_mail_arrives_whole(serve, mailbox):
    smtp_channel(serve(mailbox))(MESSAGE)
    (mail,) = mailbox.mails
    assert mailbox.recipients == [CLERK]
    assert (mail["To"], mail["Subject"]) == (CLERK, MESSAGE.subject)
    lines = mail.get_body(["plain"]).get_content().splitlines()
    assert lines == MESSAGE.body.splitlines()


@pytest.mark.parametrize("answer", ["451 try later: Jo Bloggs", "554 refused: Jo Bloggs"])
def test_a_refusal_is_told_by_its_code_and_not_by_the_servers_words(serve, mailbox, answer):
    mailbox.answers_to_data.append(answer)
    with pytest.raises(DeliveryFailed) as refusal:
        smtp_channel(serve(mailbox))(MESSAGE)
    assert str(refusal.value) == f"SMTPDataError {answer[:3]}"


def test_a_refused_recipient_is_told_by_its_code(serve, mailbox):
    mailbox.answers_to_recipient[CLERK] = "550 no such user"
    with pytest.raises(DeliveryFailed, match=r"^SMTPRecipientsRefused 550$"):
        smtp_channel(serve(mailbox))(MESSAGE)


def test_a_server_that_hangs_is_given_up_within_the_allowance():
    with closing(socket.create_server(("127.0.0.1", 0))) as never_answers:
        settings = plain_settings(never_answers.getsockname()[1], timeout_seconds=0.2)
        began = time.monotonic()
        with pytest.raises(DeliveryFailed, match="SMTPServerDisconnected"):
            smtp_channel(settings)(MESSAGE)
    assert time.monotonic() - began < 1


def test_a_slow_server_gets_one_allowance_and_not_one_a_reply(serve, mailbox):
    mailbox.seconds_before_answer = 0.15
    settings = replace(serve(mailbox), timeout_seconds=0.2)
    with pytest.raises(DeliveryFailed, match="SMTPServerDisconnected"):
        smtp_channel(settings)(MESSAGE)


def test_a_server_without_tls_gets_no_mail_in_the_clear(serve, mailbox):
    with pytest.raises(DeliveryFailed, match="SMTPNotSupportedError"):
        smtp_channel(replace(serve(mailbox), security="starttls"))(MESSAGE)
    assert mailbox.mails == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    named = "-subj /CN=loopback -addext subjectAltName=IP:127.0.0.1"
    written = ["-out", paths[0], "-keyout", paths[1]]
    subprocess.run([*command.split(), *named.split(), *written], check=True, capture_output=True)
    return paths


@pytest.fixture
def encrypted(serve, mailbox, certificate):
    def knows(server, session, envelope, mechanism, login):
        known = LoginPassword(login=b"kpis", password=b"hunter2")
        return AuthResult(success=login == known, handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    settings = serve(
        mailbox, tls_context=context, require_starttls=True, auth_required=True, authenticator=knows
    )
    return replace(settings, security="starttls", username="kpis", password="hunter2")


@pytest.mark.needs("openssl")
def test_a_mail_goes_over_tls_with_a_login(encrypted, mailbox, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    smtp_channel(encrypted)(MESSAGE)
    assert len(mailbox.mails) == 1
    with pytest.raises(DeliveryFailed, match=r"^MAIL-LOGIN-REFUSED: SMTPAuthenticationError 535:"):
        smtp_channel(replace(encrypted, password="wrong"))(MESSAGE)


@pytest.mark.needs("openssl")
def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted, mailbox):
    with pytest.raises(DeliveryFailed, match="SSLCertVerificationError"):
        smtp_channel(encrypted)(MESSAGE)
    assert mailbox.mails == []


@pytest.mark.needs("openssl")
def test_a_mail_goes_over_tls_from_the_first_byte(serve, mailbox, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    settings = serve(mailbox, ssl_context=context)
    smtp_channel(replace(settings, security="tls"))(MESSAGE)
    assert len(mailbox.mails) == 1
