"""A mail server's access token, by OAuth 2.0's client credentials grant (RFC 6749, section 4.4).

The secret goes into the body of one post and nowhere else. No answer's text is ever repeated:
of a refusal the standard's own word is told, and the number that Microsoft puts beside it.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from orchestration.alerting.channel import DeliveryFailed, check_address, settings_error
from orchestration.alerting.posting import OPENER

TIMEOUT_SECONDS = 5.0
_OF_MICROSOFT_365 = "https://outlook.office365.com/.default"
_LONGEST_ANSWER = 65_536
_WORDS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


@dataclass(frozen=True)
class MailApp:
    """An application that is registered where tokens are issued, and the scope it asks for."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str


@dataclass(frozen=True)
class _Token:
    text: str = field(repr=False)
    asked_at: float
    ends_at: float


HELD: dict[MailApp, _Token] = {}
"""In memory alone, for as long as the process lives."""


def mail_app(given: Mapping[str, str]) -> MailApp | None:
    """What `KPI_SMTP_TOKEN_URL` and its companions set; None where none of them is.

    Raises AlertSettingsError naming the variable.
    """
    names = ("KPI_SMTP_TOKEN_URL", "KPI_SMTP_CLIENT_ID", "KPI_SMTP_CLIENT_SECRET")
    if not any(name in given for name in names):
        return None
    for name in names:
        if name not in given:
            raise settings_error(name, "not set", "all three of " + ", ".join(names))
    if "KPI_SMTP_PASSWORD" in given:
        raise settings_error(
            "KPI_SMTP_PASSWORD, KPI_SMTP_TOKEN_URL", "both are set", "a password or a token"
        )
    check_address("KPI_SMTP_TOKEN_URL", given["KPI_SMTP_TOKEN_URL"])
    scope = given.get("KPI_SMTP_SCOPE", _OF_MICROSOFT_365)
    return MailApp(*(given[name] for name in names), scope)


def access_token(app: MailApp) -> str:
    """The token that is held, or a new one when it has ended.

    Raises DeliveryFailed: MAIL-TOKEN-REFUSED where the application is not given one,
    MAIL-TOKEN-MISSING where no usable answer came.
    """
    held = HELD.get(app)
    if held is None or time.monotonic() >= held.ends_at:
        held = HELD[app] = _new(app)
    return held.text


def doubt(app: MailApp) -> None:
    """A mail server refused the token: it is held for a minute in all, then a new one is got."""
    if held := HELD.get(app):
        HELD[app] = replace(held, ends_at=min(held.ends_at, held.asked_at + 60))


def _new(app: MailApp) -> _Token:
    form = {
        "grant_type": "client_credentials",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "scope": app.scope,
    }
    headers = {"Accept": "application/json", "User-Agent": "childrens-kpis"}
    request = urllib.request.Request(app.token_url, urlencode(form).encode(), headers)
    asked_at = time.monotonic()
    status, answer = _post(request)
    if status in (400, 401, 403):
        raise _refused(status, answer)
    token = answer.get("access_token")
    if status != 200 or not isinstance(token, str):
        raise _missing(f"HTTP {status}" if status != 200 else "no token in the answer")
    # anything else could not be written into the log-in as the standards have it
    if not re.fullmatch(r"[\w.~+/-]+=*", token, re.ASCII):
        raise _missing("no bearer token in the answer")
    seconds = answer.get("expires_in")
    lasts = int(seconds) if re.fullmatch(r"\d{1,9}", str(seconds)) else 0
    return _Token(token, asked_at, asked_at + lasts - 60)


def _post(request: urllib.request.Request) -> tuple[int, Mapping[str, Any]]:
    """The status and the answer's fields, none where it is not a JSON object."""
    give_up = time.monotonic() + 2 * TIMEOUT_SECONDS
    try:
        try:
            answer = OPENER.open(request, timeout=TIMEOUT_SECONDS)
        except HTTPError as error:
            answer = error
        with answer:
            content = b""
            while len(content) < _LONGEST_ANSWER and (part := answer.read1(_LONGEST_ANSWER)):
                content += part
                if time.monotonic() > give_up:
                    raise _missing("TimeoutError")
        fields = json.loads(content)
    except ValueError:
        fields = {}
    except URLError as error:
        raise _missing(type(error.reason).__name__) from None
    except (OSError, http.client.HTTPException) as error:
        raise _missing(type(error).__name__) from None
    return answer.status, fields if isinstance(fields, dict) else {}


def _refused(status: int, answer: Mapping[str, Any]) -> DeliveryFailed:
    told = [f"HTTP {status}"]
    if (word := answer.get("error")) in _WORDS:
        told.append(word)
    numbers = answer.get("error_codes")
    if isinstance(numbers, list) and numbers and type(numbers[0]) is int:
        told.append(f"AADSTS{numbers[0]}")
    return DeliveryFailed(
        f"MAIL-TOKEN-REFUSED: {' '.join(told)}: see that the application is still registered, its"
        " secret has not ended and the scope is the mail server's"
    )


def _missing(what: str) -> DeliveryFailed:
    return DeliveryFailed(
        f"MAIL-TOKEN-MISSING: {what}: see that KPI_SMTP_TOKEN_URL can be reached from here and is"
        " an address that issues tokens"
    )
