"""A message as a post to Microsoft Teams, Slack or GOV.UK Notify.

Five seconds bound the making of a connection, and five more all that follows, however slowly a
server answers. A proxy of the environment
(`HTTPS_PROXY`) is used. No answer's text is ever repeated: it may quote the message.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.error import HTTPError, URLError

from orchestration.alerting.channel import DeliveryFailed
from orchestration.alerting.outbox import Message
from orchestration.alerting.posting import OPENER

TIMEOUT_SECONDS = 5.0
NOTIFY = "https://api.notifications.service.gov.uk"
_LARGEST_CARD = 20_000
"""Teams refuses a message of more than 28 KB."""


@dataclass(frozen=True)
class NotifySettings:
    """The service of an API key, its template with ((subject)) and ((body)), and where it is."""

    service_id: str
    secret: str = field(repr=False)
    template_id: str
    base_url: str = NOTIFY


def teams_channel(url: str) -> Callable[[Message], None]:
    """Posts to a Teams workflow ("when a webhook request is received") as an Adaptive Card."""
    return partial(_send, url, _teams)


def slack_channel(url: str) -> Callable[[Message], None]:
    """Posts to an incoming webhook of Slack."""
    return partial(_send, url, _slack)


def notify_channel(settings: NotifySettings) -> Callable[[Message], None]:
    """E-mails through GOV.UK Notify; `reference` is the message's id."""
    return partial(_notify, settings)


def _send(url: str, form: Callable[[Message], Mapping[str, Any]], message: Message) -> None:
    _post(url, form(message), {"Idempotency-Key": message.message_id})


def _notify(settings: NotifySettings, message: Message) -> None:
    content = {
        "email_address": message.recipient,
        "template_id": settings.template_id,
        "personalisation": {"subject": message.subject, "body": message.body},
        "reference": message.message_id,
    }
    token = _signed(settings.service_id, settings.secret, int(time.time()))
    headers = {"Authorization": f"Bearer {token}"}
    _post(f"{settings.base_url}/v2/notifications/email", content, headers)


def _signed(service_id: str, secret: str, at: int) -> str:
    """A JSON web token (RFC 7519, HS256) of one service at a moment, as Notify asks for."""

    def part(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    claims = ({"typ": "JWT", "alg": "HS256"}, {"iss": service_id, "iat": at})
    signed = b".".join(part(json.dumps(each).encode()) for each in claims)
    seal = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return b".".join((signed, part(seal))).decode()


def _teams(message: Message) -> Mapping[str, Any]:
    blocks = [
        {"type": "TextBlock", "text": text, "wrap": True, **style}
        for text, style in _blocks(message.body)
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _blocks(body: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for text in filter(None, _cut(body).split("\n\n")):
        mark = re.match(r"(#{1,2}) ", text)
        style = (
            {"weight": "Bolder", "size": "Medium" if mark[1] == "##" else "Large"} if mark else {}
        )
        found.append((text.removeprefix(mark[0]) if mark else text, style))
    return found


def _slack(message: Message) -> Mapping[str, Any]:
    text = _cut(message.body).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    bold = re.sub(r"(?m)^#{1,2} (.*)$", r"*\1*", text)
    return {"text": re.sub(r"(?m)^- ", "\N{BULLET} ", bold)}


def _cut(body: str) -> str:
    """The body as far as a card can hold it, and where the rest is."""
    if len(body.encode()) <= _LARGEST_CARD:
        return body
    whole = body.encode()[:_LARGEST_CARD].decode(errors="ignore").rpartition("\n")[0]
    return f"{whole}\n\nThe rest is in alerts_digest.md, beside the export.\n"


def _post(url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    request = urllib.request.Request(
        url,
        json.dumps(content).encode(),
        {"Content-Type": "application/json", "User-Agent": "childrens-kpis", **headers},
    )
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            if not 200 <= answer.status < 300:
                raise DeliveryFailed(f"HTTP {answer.status}")
    except HTTPError as error:
        with error:
            raise DeliveryFailed(f"HTTP {error.code}") from None
    except URLError as error:
        raise DeliveryFailed(type(error.reason).__name__) from None
    except (OSError, http.client.HTTPException) as error:
        raise DeliveryFailed(type(error).__name__) from None
