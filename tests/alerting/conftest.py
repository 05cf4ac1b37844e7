"""Fixtures: a small mart, an outbox file, a mail server for the length of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import pytest

from orchestration.alerting.channels import SmtpSettings
from tests.alerting.cases import A_ROW, COLUMNS
from tests.alerting.mail import Mailbox, free_port, mail_server, plain_settings


@pytest.fixture
def mart() -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """Builds kpi_dashboard with the columns that alerts read; each row a change to one row."""
    with closing(duckdb.connect()) as connection:

        def build(*changes: dict[str, object]) -> duckdb.DuckDBPyConnection:
            columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
            connection.execute("create schema if not exists marts")
            connection.execute(f"create or replace table marts.kpi_dashboard ({columns})")
            for change in changes:
                row = dict.fromkeys(COLUMNS) | A_ROW | change
                connection.execute(
                    f"insert into marts.kpi_dashboard values ({', '.join('?' * len(row))})",
                    list(row.values()),
                )
            return connection

        yield build


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "alerts" / "outbox.sqlite"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve() -> Iterator[Callable[..., SmtpSettings]]:
    """Starts a mail server for the rest of the test; the settings that reach it."""
    with ExitStack() as stack:

        def start(mailbox: Mailbox, **options: object) -> SmtpSettings:
            port = free_port()
            stack.enter_context(mail_server(mailbox, port, **options))
            return plain_settings(port)

        yield start
