"""Fixtures: a small mart, an outbox file, a mail server for the length of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import pytest

from orchestration.alerting.smtp import SmtpSettings
from tests.alerting.cases import A_ROW, DASHBOARD, FIGURE, TRENDS
from tests.alerting.mail import Mailbox, mail_server, plain_settings
from tests.ports import free_port

TABLES = {
    "kpi_dashboard": DASHBOARD,
    "kpi_monthly": FIGURE,
    "kpi_quarterly": FIGURE,
    "kpi_yearly": FIGURE,
    "kpi_trends": TRENDS,
}


@pytest.fixture
def mart() -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """Builds the tables of the mart that alerts read; each row a change to one row."""
    with closing(duckdb.connect()) as connection:

        def build(*changes: dict[str, object]) -> duckdb.DuckDBPyConnection:
            connection.execute("create schema if not exists marts")
            for name, table in TABLES.items():
                columns = ", ".join(f"{column} {kind}" for column, kind in table.items())
                connection.execute(f"create or replace table marts.{name} ({columns})")
            for change in changes:
                row = A_ROW | change
                headline = {f"headline_{name}": cell for name, cell in row.items()}
                insert("kpi_dashboard", row | headline)
                if row["status"] in ("ok", "provisional"):
                    insert("kpi_quarterly", row)
                insert("kpi_trends", row)
            return connection

        def insert(name: str, row: dict[str, object]) -> None:
            cells = [row.get(column) for column in TABLES[name]]
            connection.execute(
                f"insert into marts.{name} values ({', '.join('?' * len(cells))})", cells
            )

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
