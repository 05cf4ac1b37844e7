"""Alerts from the mart to a mailbox, through the asset."""

from datetime import date

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.settings import settings
from tests.alerting.mail import Mailbox, free_port, mail_server


def send() -> dg.ExecuteInProcessResult:
    asset = defs().get_assets_def(dg.AssetKey(["alerts", "alert_states"]))
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([asset], instance=instance)


def test_two_runs_send_one_digest_a_council_and_a_dead_server_is_a_warning(
    whole_job: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    for name, value in {
        "KPI_SMTP_HOST": "127.0.0.1",
        "KPI_SMTP_PORT": str(port),
        "KPI_SMTP_SECURITY": "none",
        "KPI_ALERT_FROM": "kpis@council.example",
        "KPI_ALERT_TO": "director@council.example",
    }.items():
        monkeypatch.setenv(name, value)
    for leftover in settings.outbox.parent.glob("outbox.sqlite*"):
        leftover.unlink()

    mailbox = Mailbox()
    with mail_server(mailbox, port):
        assert all(check.passed for check in send().get_asset_check_evaluations())
        send()
    mails = {mail["Subject"].strip(): mail for mail in mailbox.mails}
    assert len(mails) == len(mailbox.mails), "one a council"
    # Wokingham, as at March 2022, has nothing current to judge against a target
    assert not any("Wokingham" in subject for subject in mails)
    for subject, mail in mails.items():
        text = mail.get_body(("plain",)).get_content()
        assert ("Synthetic sample data" in text) == ("Sample Borough" in subject)
    darlington = "Children's services against target: Darlington, as at 30 September 2019"
    text = mails[darlington].get_body(("plain",)).get_content()
    assert "Child protection visits made within 10 working days" in text
    assert "73.8%, below its target of 90%" in text

    for leftover in settings.outbox.parent.glob("outbox.sqlite*"):
        leftover.unlink()
    (check,) = send().get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    waiting = f"{len(mails)} failed, {len(mails)} waiting"
    assert waiting in str(check.metadata["delivery"].value)
    settings.outbox.unlink()


def test_wrong_mail_settings_are_named_and_the_digest_is_there_all_the_same(
    whole_job: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("KPI_SMTP_SECURITY", "a secret word")
    digest = settings.edition_folder("E06000005", date(2019, 9, 30)) / "alerts_digest.md"
    before = digest.stat().st_mtime_ns
    asset = defs().get_assets_def(dg.AssetKey(["alerts", "alert_states"]))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([asset], instance=instance, raise_on_error=False)
    error = str(result.failure_data_for_node("alerts__alert_states").error)
    assert "ALERT-SETTINGS | environment | - | KPI_SMTP_SECURITY" in error
    assert "a secret word" not in error
    assert digest.stat().st_mtime_ns > before
