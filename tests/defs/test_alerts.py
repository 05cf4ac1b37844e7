"""Alerts from the mart to a mailbox, through the asset."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from duckdb import DuckDBPyConnection

from orchestration.alerting.evaluate import evaluate
from orchestration.definitions import defs
from orchestration.defs import alerts
from orchestration.settings import settings
from tests.alerting.hook import Hook, web_server
from tests.alerting.mail import Mailbox, mail_server
from tests.ports import free_port


def send() -> dg.ExecuteInProcessResult:
    asset = defs().get_assets_def(dg.AssetKey(["alerts", "alert_states"]))
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([asset], instance=instance)


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {check.check_name: check for check in result.get_asset_check_evaluations()}


@pytest.fixture
def mail_port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    for name, value in {
        "KPI_SMTP_HOST": "127.0.0.1",
        "KPI_SMTP_PORT": str(port),
        "KPI_SMTP_SECURITY": "none",
        "KPI_ALERT_FROM": "kpis@council.example",
        "KPI_ALERT_TO": "director@council.example",
    }.items():
        monkeypatch.setenv(name, value)
    forget()
    return port


def forget() -> None:
    for leftover in settings.outbox.parent.glob("outbox.sqlite*"):
        leftover.unlink()


def test_two_runs_send_one_digest_and_a_dead_server_is_a_warning(
    whole_job: object, mail_port: int
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, mail_port):
        assert checks(send())["delivered"].passed
        send()
    # Darlington's edition of September 2019 is a backfill, as its later quarters are there;
    # Wokingham's, as at March 2022, has nothing current to judge
    [mail] = mailbox.mails
    assert re.match(
        r"Sample Borough \(synthetic sample data\): \w+ worse.*, as at 3[01] \w+ 20\d\d$",
        str(mail["Subject"]).strip(),
    )
    text = mail.get_body(("plain",)).get_content()
    assert "Synthetic sample data" in text
    assert re.search(r"(?m)^- Worse \((statutory|internal)\): .* Year on year: \w+", text)

    forget()
    delivered = checks(send())["delivered"]
    assert (delivered.passed, delivered.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "1 failed, 1 waiting" in str(delivered.metadata["delivery"].value)
    forget()


def test_each_owner_gets_what_the_seed_says(
    whole_job: object, mail_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook, mailbox = Hook(), Mailbox()
    seeds = tmp_path / "seeds"
    shutil.copytree(settings.seeds, seeds)
    with (seeds / "alerts" / "routing.csv").open("a") as file:
        file.write("X06000001,4,Head of safeguarding,teams:SAFEGUARDING\n")
        file.write("X06000001,4,Head of safeguarding,head@council.example\n")
    told_where = "https://kpis.council.example"
    changed = replace(settings, seeds=seeds, exports_url=told_where)
    monkeypatch.setattr(alerts, "settings", changed)
    with mail_server(mailbox, mail_port), web_server(hook) as url:
        monkeypatch.setenv("KPI_TEAMS_WEBHOOK_SAFEGUARDING", url)
        assert checks(send())["delivered"].passed
    told = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in mailbox.mails}
    assert set(told) == {"director@council.example", "head@council.example"}
    assert "## Child Protection" in told["head@council.example"]
    assert told["head@council.example"].count("\n## ") == 1
    assert f"The figures: {told_where}/officers/X06000001/" in told["head@council.example"]
    assert "## Child Protection" not in told["director@council.example"]
    [post] = hook.posts
    assert "Child Protection" in str(post.content)
    forget()


def test_each_dashboard_warns_where_an_indicator_is_below_and_names_no_figure(
    whole_job: object,
) -> None:
    found = {name: check for name, check in checks(send()).items() if name != "delivered"}
    assert len(found) == 8
    warned = [check for check in found.values() if not check.passed]
    assert warned
    assert len(warned) < 8
    for check in found.values():
        assert check.severity == dg.AssetCheckSeverity.WARN
        assert check.passed == ("below" not in check.metadata)
    assert "Darlington: Child protection visits made within 10 working days" in str(
        found["child_protection_on_target"].metadata["below"].value
    )
    texts = [str(cell.value) for check in warned for cell in check.metadata.values()]
    assert not any("%" in text for text in texts)


def test_alerts_agree_with_the_page(whole_job: object, mart: DuckDBPyConnection) -> None:
    """The states again from the mart's own columns, in other words."""
    judged = mart.sql(
        """
        select geography_code, as_at, indicator_id, rag, target_certainty = 'certain',
            previous_rag in ('amber', 'red')
        from marts.kpi_dashboard
        where rag is not null and headline_status = 'ok'
        """
    ).fetchall()
    expected = {
        row[:3]: "ok" if row[3] == "green" else "below" if row[4] or row[5] else "watch"
        for row in judged
    }
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as build:
        states = {
            (council, as_at, state.indicator_id): state.state
            for council, as_at in {row[:2] for row in judged}
            for state in evaluate(build, council, as_at)
        }
    assert len(expected) > 15
    assert expected == {place: states[place] for place in expected}
    assert {"ok", "below", "no_data"} <= set(states.values())


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
