"""One attempt to deliver what waits, with the channel the environment sets."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from orchestration.alerting.channels import smtp_channel, smtp_settings
from orchestration.alerting.drain import DrainReport, drain

BUDGET_SECONDS = 40.0
"""Dagster ends a sensor's tick after 60 seconds; one send may run 5 seconds over."""


def deliver_what_waits(outbox: Path, environment: Mapping[str, str], now: datetime) -> DrainReport:
    """Drain the outbox once. Raises AlertSettingsError when a KPI_SMTP_* variable is wrong."""
    smtp = smtp_settings(environment)
    return drain(outbox, smtp_channel(smtp) if smtp else None, now, BUDGET_SECONDS)
