from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator

import pytest

from orchestration.alerting import webhook
from orchestration.alerting.channel import AlertSettingsError, DeliveryFailed
from orchestration.alerting.delivery import channels
from orchestration.alerting.outbox import Message
from orchestration.alerting.webhook import (
    NotifySettings,
    notify_channel,
    slack_channel,
    teams_channel,
)
from tests.alerting.cases import CLERK, NOW
from tests.alerting.hook import Hook, web_server
from tests.ports import free_port

SERVICE, SECRET, TEMPLATE = (
    f"{digit * 8}-{digit * 4}-{digit * 4}-{digit * 4}-{digit * 12}" for digit in "123"
)
MESSAGE = Message(
    "0123456789abcdef",
    CLERK,
    "Sir Ddinbych ŵ: one worse",
    "Officers only\n\n# Sir Ddinbych ŵ: one worse\n\n## Care <b>&\n\n- one\n- two ☂\n",
    NOW,
)


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def url(hook: Hook) -> Iterator[str]:
    with web_server(hook) as address:
        yield address


def test_teams_gets_a_card(hook, url):
    teams_channel(f"{url}/workflow?sig=secret")(MESSAGE)
    [post] = hook.posts
    assert post.path == "/workflow?sig=secret"
    assert post.headers["content-type"] == "application/json"
    [attachment] = post.content["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    blocks = attachment["content"]["body"]
    assert [block["text"] for block in blocks] == [
        "Officers only",
        "Sir Ddinbych ŵ: one worse",
        "Care <b>&",
        "- one\n- two ☂\n",
    ]
    assert [block.get("size") for block in blocks] == [None, "Large", "Medium", None]
    assert all(block["wrap"] for block in blocks)


def test_slack_gets_text_with_its_own_signs_escaped(hook, url):
    slack_channel(url)(MESSAGE)
    assert hook.posts[0].content == {
        "text": "Officers only\n\n*Sir Ddinbych ŵ: one worse*\n\n*Care &lt;b&gt;&amp;*\n\n"
        "\N{BULLET} one\n\N{BULLET} two ☂\n"
    }


def test_what_is_too_long_for_a_card_says_where_the_rest_is(hook, url):
    long = Message("1", "teams", "s", "# s\n\n" + "- ŵŵŵŵŵŵŵŵŵŵ\n" * 4000, NOW)
    teams_channel(url)(long)
    text = hook.posts[0].content["attachments"][0]["content"]["body"][-1]["text"]
    assert text == "The rest is in alerts_digest.md, beside the export.\n"
    assert len(json.dumps(hook.posts[0].content, ensure_ascii=False).encode()) < 28_000


def test_notify_gets_the_template_the_reference_and_a_signed_token(hook, url):
    notify_channel(NotifySettings(SERVICE, SECRET, TEMPLATE, url))(MESSAGE)
    [post] = hook.posts
    assert post.path == "/v2/notifications/email"
    assert post.content == {
        "email_address": CLERK,
        "template_id": TEMPLATE,
        "personalisation": {"subject": MESSAGE.subject, "body": MESSAGE.body},
        "reference": MESSAGE.message_id,
    }
    scheme, token = post.headers["authorization"].split()
    signed, _, seal = token.rpartition(".")
    expected = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    assert (scheme, base64.urlsafe_b64decode(seal + "=")) == ("Bearer", expected)
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split("."))
    assert (head["alg"], claims["iss"]) == ("HS256", SERVICE)
    assert abs(claims["iat"] - time.time()) < 5


@pytest.mark.parametrize("status", ["400", "403", "404", "413", "429", "500", "503", "302"])
def test_a_refusal_is_named_by_its_status_alone(hook, url, status):
    hook.answers.append(status)
    with pytest.raises(DeliveryFailed, match=f"^HTTP {status}$"):
        teams_channel(url)(MESSAGE)
    assert hook.posts == []


def test_nobody_there_and_hanging_up_are_named_by_their_kind(hook, url):
    with pytest.raises(DeliveryFailed, match=r"^ConnectionRefusedError$"):
        teams_channel(f"http://127.0.0.1:{free_port()}")(MESSAGE)
    hook.answers.append("die")
    with pytest.raises(DeliveryFailed, match=r"^RemoteDisconnected$"):
        teams_channel(url)(MESSAGE)


@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_slow_server_is_left_at_the_time_out(hook, url, answer, monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.5)
    hook.answers.append(answer)
    began = time.monotonic()
    with pytest.raises(DeliveryFailed):
        teams_channel(url)(MESSAGE)
    assert 0.4 < time.monotonic() - began < 2


ENVIRONMENT = {
    "KPI_TEAMS_WEBHOOK": "https://teams.example/a",
    "KPI_TEAMS_WEBHOOK_EARLY_HELP": "https://teams.example/b",
    "KPI_SLACK_WEBHOOK": "http://127.0.0.1:1/c",
}


def test_the_environment_sets_the_channels_and_whom_no_route_names():
    found = channels(ENVIRONMENT)
    assert set(found.by_address) == {"teams", "teams:EARLY_HELP", "slack"}
    assert sorted(found.default) == ["slack", "teams"]
    assert found.are_set
    with pytest.raises(DeliveryFailed, match="no channel is set for its address"):
        found.send(MESSAGE)
    assert not channels({"KPI_TEAMS_WEBHOOK": " "}).are_set


def test_notify_takes_the_place_of_smtp_and_not_both():
    key = f"alerts-{SERVICE}-{SECRET}"
    notify = {"KPI_NOTIFY_API_KEY": key, "KPI_NOTIFY_TEMPLATE": TEMPLATE, "KPI_ALERT_TO": CLERK}
    assert channels(notify).default == (CLERK,)
    smtp = {"KPI_SMTP_HOST": "mail", "KPI_ALERT_FROM": CLERK}
    with pytest.raises(AlertSettingsError, match="both are set"):
        channels(notify | smtp)
    assert SECRET not in repr(NotifySettings(SERVICE, SECRET, TEMPLATE))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KPI_TEAMS_WEBHOOK", "http://teams.example/secret-a"),
        ("KPI_SLACK_WEBHOOK", "secret-b"),
        ("KPI_NOTIFY_API_KEY", "secret-c"),
        ("KPI_NOTIFY_TEMPLATE", "secret-d"),
        ("KPI_NOTIFY_URL", "ftp://secret-e"),
        ("KPI_ALERT_TO", ""),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(variable, value):
    good = {
        "KPI_NOTIFY_API_KEY": f"alerts-{SERVICE}-{SECRET}",
        "KPI_NOTIFY_TEMPLATE": TEMPLATE,
        "KPI_ALERT_TO": CLERK,
    }
    with pytest.raises(AlertSettingsError, match=rf"ALERT-SETTINGS \| .* {variable} ") as wrong:
        channels(good | {variable: value})
    assert "secret" not in str(wrong.value)
