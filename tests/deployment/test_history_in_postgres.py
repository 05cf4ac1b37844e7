"""The services with the history of runs in a real PostgreSQL, each a process of its own: one whole
job from the pages to the published files, and what it tells of on the way."""

import json
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml
from sqlalchemy import create_engine, text

from orchestration.commands.back_up import BackupError, back_up
from orchestration.commands.verify_exports import faults_of
from orchestration.history import purge_runs
from orchestration.settings import PROJECT, from_environment
from tests.defs.conftest import Installation, install_beside
from tests.defs.test_many_months import ask
from tests.deployment.test_proxy import running
from tests.deployment.test_services import UNITS, command
from tests.ports import free_port
from tests.postgres.server import running as server

HOME = PROJECT / "docs" / "deployment" / "postgres" / "dagster.yaml"
PASSWORD = "hush-hush-history"
MONTH = "2026-03"
LAUNCH = """
mutation launch($job: JobOrPipelineSelector!, $month: String!) {
    launchRun(executionParams: {
        selector: $job, runConfigData: {},
        executionMetadata: {tags: [{key: "dagster/partition", value: $month}]}
    }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
STATUS = "query run($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
# notes whom a process asks besides this machine
LISTENER = """
import os, sys
def heard(event, given):
    if event in ("socket.getaddrinfo", "socket.connect", "socket.gethostbyname"):
        place = given[0] if event != "socket.connect" else given[1]
        host = place[0] if isinstance(place, tuple) else place
        if str(host) not in ("127.0.0.1", "::1", "localhost", "None") and "/" not in str(host):
            with open(os.environ["HEARD"], "a") as told:
                told.write(f"{event} {host}\\n")
sys.addaudithook(heard)
"""


def test_it_is_the_projects_own_but_for_where_the_history_is() -> None:
    own = yaml.safe_load((PROJECT / "dagster.yaml").read_text(encoding="utf-8"))
    told = yaml.safe_load(HOME.read_text(encoding="utf-8"))
    for storage in ("run_storage", "event_log_storage", "schedule_storage"):
        del own[storage]
        assert told.pop(storage)["config"] == {"postgres_url": {"env": "KPI_HISTORY_URL"}}
    assert told == own


@dataclass
class Services:
    installation: Installation
    url: str
    pages: str
    heard: Path
    commands: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Note the command line of every process of this machine."""
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.commands.add(process.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue

    def run(self) -> tuple[str, str]:
        """Launch the whole job as the pages do; its id, and how it ended."""
        job = {
            "repositoryLocationName": "childrens_kpis",
            "repositoryName": "__repository__",
            "jobName": "monthly_kpis",
        }
        launched = ask(self.pages, LAUNCH, {"job": job, "month": MONTH})["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        run_id = launched["run"]["runId"]
        deadline = time.monotonic() + 600
        while True:
            self.look()
            status = ask(self.pages, STATUS, {"id": run_id})["runOrError"]["status"]
            if status in ("SUCCESS", "FAILURE", "CANCELED"):
                return run_id, status
            assert time.monotonic() < deadline, status
            time.sleep(1)


@pytest.fixture(scope="module")
def services(main_job: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("served")
    with ExitStack() as stack:
        place = stack.enter_context(server())["KPI_POSTGRES_HOST"]
        url = f"postgresql+psycopg2://postgres:{PASSWORD}@/kpi?host={place}"
        (folder / "sitecustomize.py").write_text(LISTENER)
        heard = folder / "heard"
        more = {"KPI_HISTORY_URL": url, "PYTHONPATH": str(folder), "HEARD": str(heard)}
        made = Installation(install_beside(main_job).home, more)
        stack.callback(shutil.rmtree, made.home)
        home = HOME.read_text(encoding="utf-8").replace("data/dagster", str(made.home / "dagster"))
        (made.home / "dagster" / "dagster.yaml").write_text(home, encoding="utf-8")
        code, pages = free_port(), free_port()
        workspace = folder / "workspace.yaml"
        said = (UNITS / "workspace.yaml").read_text(encoding="utf-8")
        workspace.write_text(said.replace("4266", str(code)))
        environment = made.environment
        # telemetry is off by the project's own file, not by a variable of the tests
        environment.pop("DAGSTER_DISABLE_TELEMETRY", None)
        environment.pop("DBT_SEND_ANONYMOUS_USAGE_STATS", None)
        for name, port in (
            ("childrens-kpis-code.service", {"code": code}),
            ("childrens-kpis-pages@.service", {"pages": pages}),
            ("childrens-kpis-daemon.service", {}),
        ):
            started = command(name, workspace, **port)
            # the daemon listens nowhere: it is there once the pages are
            stack.enter_context(running(started, environment, *port.values() or (pages,)))
        yield Services(made, url, f"http://127.0.0.1:{pages}", heard)


@pytest.fixture(scope="module")
def ran(services: Services) -> str:
    # what is to be published is there only if this run publishes it
    (services.installation.data / "warehouse" / "published.duckdb").unlink()
    run_id, status = services.run()
    assert status == "SUCCESS"
    return run_id


pytestmark = pytest.mark.needs("initdb", "pg_ctl")


def test_a_job_that_the_pages_launch_goes_through_and_its_history_is_in_the_server(
    services: Services, ran: str
) -> None:
    made = services.installation
    assert (made.data / "warehouse" / "published.duckdb").exists()
    assert not faults_of(made.exports, from_environment(made.environment).publications)
    with create_engine(services.url).connect() as history:
        assert history.execute(text("select run_id, status from runs")).all() == [(ran, "SUCCESS")]
        [(events, checks)] = history.execute(
            text(
                "select (select count(*) from event_logs where run_id = :run),"
                " (select count(*) from asset_check_executions where run_id = :run)"
            ),
            {"run": ran},
        ).all()
    assert events > 500 and checks > 100
    # nothing of it lies in the data folder, or beside dagster.yaml
    assert not list(made.home.rglob("runs.db")) + list(made.home.rglob("index.db"))


def test_the_servers_password_is_told_nowhere(services: Services, ran: str) -> None:
    assert any("grpc" in each for each in services.commands)
    assert not [each for each in services.commands if PASSWORD in each]
    about = json.dumps(ask(services.pages, "{ instance { info } }"))
    assert "max_concurrent_runs" in about and PASSWORD not in about
    with create_engine(services.url).connect() as history:
        for table in ("runs", "event_logs", "asset_check_executions", "kvs", "instance_info"):
            rows = history.execute(text(f"select t::text from {table} t")).scalars().all()
            assert not [row for row in rows if PASSWORD in row], table
    for file in services.installation.home.rglob("*"):
        if file.is_file():
            assert PASSWORD.encode() not in file.read_bytes(), file


def test_nobody_but_this_machine_was_asked(services: Services, ran: str) -> None:
    told = services.heard.read_text().splitlines() if services.heard.exists() else []
    own = {socket.gethostname()}
    assert [line for line in told if line.split()[1] not in own] == []


def test_a_backup_waits_for_the_runs_of_the_server_and_says_what_it_has_not(
    services: Services, ran: str, tmp_path: Path
) -> None:
    environment = services.installation.environment
    settings = from_environment(environment)
    now = datetime(2026, 11, 29, 3)
    assert len(back_up(settings, tmp_path, now)) == 2
    said = services.installation.run(
        "python", "-m", "orchestration.commands.back_up", str(tmp_path)
    )
    assert "Not in them: the history of runs" in said and PASSWORD not in said
    with create_engine(services.url).begin() as history:
        history.execute(text("update runs set status = 'STARTED'"))
    with pytest.raises(BackupError, match="BACKUP-BUSY"):
        back_up(settings, tmp_path, now)
    with create_engine(services.url).begin() as history:
        history.execute(text("update runs set status = 'SUCCESS'"))
    gone = services.url.replace("/kpi?", "/nothing?")
    with pytest.raises(BackupError, match="BACKUP-HISTORY") as refusal:
        back_up(from_environment(environment | {"KPI_HISTORY_URL": gone}), tmp_path, now)
    assert PASSWORD not in str(refusal.value)


def test_old_runs_go_from_the_server_too(
    services: Services, ran: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_HISTORY_URL", services.url)
    home = services.installation.environment["DAGSTER_HOME"]
    with dg.DagsterInstance.from_config(home) as instance:
        [record] = instance.get_run_records()
        assert purge_runs(instance, record.create_timestamp - timedelta(days=1)) == 0
        assert purge_runs(instance, record.create_timestamp + timedelta(days=1)) == 1
    with create_engine(services.url).connect() as history:
        for table in ("runs", "event_logs", "asset_check_executions"):
            of_run = text(f"select count(*) from {table} where run_id = :run")
            assert history.execute(of_run, {"run": ran}).scalar() == 0, table
