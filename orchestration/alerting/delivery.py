"""The channels that the environment sets, and one attempt to deliver what waits with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.alerting.channel import (
    DeliveryFailed,
    addresses,
    check_address,
    settings_error,
)
from orchestration.alerting.drain import DrainReport, drain
from orchestration.alerting.outbox import Message, record_notice
from orchestration.alerting.smtp import smtp_channel, smtp_settings
from orchestration.alerting.webhook import (
    NOTIFY,
    NotifySettings,
    notify_channel,
    slack_channel,
    teams_channel,
)

BUDGET_SECONDS = 35.0
"""Dagster ends a sensor's tick after 60 seconds; one send, with a new token, may take 20."""

_WEBHOOKS = {"teams": teams_channel, "slack": slack_channel}
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Channels:
    """`default` are the addresses of whom no route names, `operations` those of whoever runs this
    installation; `by_address` holds webhooks."""

    email: Callable[[Message], None] | None
    by_address: Mapping[str, Callable[[Message], None]]
    default: tuple[str, ...]
    operations: tuple[str, ...]

    @property
    def are_set(self) -> bool:
        return self.email is not None or bool(self.by_address)

    def send(self, message: Message) -> None:
        """By the channel of the message's address. Raises DeliveryFailed if there is none."""
        channel = self.email if "@" in message.recipient else None
        channel = self.by_address.get(message.recipient, channel)
        if channel is None:
            raise DeliveryFailed("no channel is set for its address")
        channel(message)


def channels(env: Mapping[str, str]) -> Channels:
    """What `KPI_SMTP_…`, `KPI_NOTIFY_…`, `KPI_TEAMS_WEBHOOK…` and `KPI_SLACK_WEBHOOK…` set.

    Raises AlertSettingsError naming the variable, never its value.
    """
    smtp, notify = smtp_settings(env), _notify_settings(env)
    if smtp and notify:
        raise settings_error("KPI_SMTP_HOST, KPI_NOTIFY_API_KEY", "both are set", "one of them")
    email = smtp_channel(smtp) if smtp else notify_channel(notify) if notify else None
    people = smtp.recipients if smtp else addresses("KPI_ALERT_TO", env) if notify else ()
    by_address = {}
    for variable, url in sorted(env.items()):
        found = re.fullmatch(r"KPI_(TEAMS|SLACK)_WEBHOOK(?:_(\w+))?", variable)
        if found and url.strip():
            kind, name = found[1].lower(), found[2]
            check_address(variable, url.strip())
            by_address[f"{kind}:{name}" if name else kind] = _WEBHOOKS[kind](url.strip())
    unnamed = tuple(address for address in by_address if ":" not in address)
    default = (*people, *unnamed)
    return Channels(email, by_address, default, _operations(env, by_address) or default)


def _operations(env: Mapping[str, str], by_address: Collection[str]) -> tuple[str, ...]:
    """Addresses of e-mail and of webhooks, as `teams:OPERATIONS`."""
    named = [part.strip() for part in env.get("KPI_OPERATIONS_TO", "").split(",") if part.strip()]
    webhooks = [each for each in named if "@" not in each]
    if unknown := [each for each in webhooks if each not in by_address]:
        expected = "an e-mail address, or a webhook that is set, as teams:OPERATIONS"
        raise settings_error("KPI_OPERATIONS_TO", f"{len(unknown)} unknown addresses", expected)
    people = ",".join(each for each in named if "@" in each)
    mail = addresses("KPI_OPERATIONS_TO", {"KPI_OPERATIONS_TO": people}) if people else ()
    return (*mail, *webhooks)


def deliver_what_waits(outbox: Path, env: Mapping[str, str], now: datetime) -> DrainReport:
    """Drain the outbox once. Raises AlertSettingsError when a channel's variable is wrong."""
    found = channels(env)
    return drain(outbox, found.send if found.are_set else None, now, BUDGET_SECONDS)


def tell(
    outbox: Path, about: Sequence[str], text: str, env: Mapping[str, str], now: datetime
) -> DrainReport:
    """Queue a notice for operations, once for what it is about, and try to deliver it.

    Raises AlertSettingsError when a channel's variable is wrong.
    """
    record_notice(outbox, about, text, channels(env).operations, now)
    return deliver_what_waits(outbox, env, now)


def _notify_settings(env: Mapping[str, str]) -> NotifySettings | None:
    key = env.get("KPI_NOTIFY_API_KEY", "").strip()
    if not key:
        return None
    # <name of the key>-<service id>-<secret>
    found = re.search(rf"-({_UUID})-({_UUID})$", key)
    if not found:
        raise settings_error("KPI_NOTIFY_API_KEY", "not a key of Notify's", "the whole key")
    template = env.get("KPI_NOTIFY_TEMPLATE", "").strip()
    if not re.fullmatch(_UUID, template):
        raise settings_error("KPI_NOTIFY_TEMPLATE", "not a template's id", "as Notify shows it")
    base_url = env.get("KPI_NOTIFY_URL", "").strip() or NOTIFY
    check_address("KPI_NOTIFY_URL", base_url)
    return NotifySettings(found[1], found[2], template, base_url.rstrip("/"))
