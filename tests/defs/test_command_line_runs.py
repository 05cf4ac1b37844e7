"""Runs that a command line starts: seen at their job, and ended when they were killed."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import dagster as dg

from orchestration.history import is_alive, purge_runs
from orchestration.settings import PROJECT
from tests.defs.conftest import Installation, serve
from tests.main_job import dagster_home

SLEEPING = """
import time, dagster as dg

@dg.op
def sleep():
    time.sleep(600)

@dg.job
def monthly_kpis():
    sleep()

with dg.DagsterInstance.get() as instance:
    monthly_kpis.execute_in_process(instance=instance)
"""
RUNS = """
query { pipelineOrError(params: {pipelineName: "nothing_new",
    repositoryName: "__repository__", repositoryLocationName: "childrens_kpis"}) {
    ... on Pipeline { runs(limit: 5) { runId status } } } }
"""
AGAIN = """
mutation { launchRunReexecution(reexecutionParams: {parentRunId: "%s", strategy: %s}) {
    __typename ... on PythonError { message } } }
"""


def asked(address: str, query: str) -> dict:
    request = urllib.request.Request(
        f"{address}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def status(home: Path) -> list[tuple[str, str]]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return [(each.run_id, each.status.value) for each in instance.get_runs()]


def test_a_run_of_the_command_line_is_seen_at_its_job_and_a_killed_one_frees_the_queue(
    installation: Installation,
) -> None:
    home = installation.home / "dagster"
    killed = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SLEEPING],
        cwd=PROJECT,
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not any(state == "STARTED" for _, state in status(home)):
        assert time.monotonic() < deadline and killed.poll() is None
        time.sleep(0.5)
    time.sleep(2)
    killed.kill()
    killed.wait()
    [(run_id, _)] = status(home)

    installation.run("python", "-W", "ignore", "-m", "orchestration.defs.nothing_new")
    server = serve(installation.environment, installation.home / "dev.log")
    address = next(server)
    try:
        started = time.monotonic()
        while dict(status(home))[run_id] == "STARTED":
            assert time.monotonic() - started < 120, "the queue is blocked"
            time.sleep(2)
        assert dict(status(home))[run_id] == "FAILURE"
        [run] = asked(address, RUNS)["pipelineOrError"]["runs"]
        assert run["status"] == "SUCCESS"
        # and its page can do it again
        told = asked(address, AGAIN % (run["runId"], "ALL_STEPS"))["launchRunReexecution"]
        assert told["__typename"] == "LaunchRunSuccess", told
    finally:
        server.close()


def test_a_process_is_told_from_one_that_got_its_number_later() -> None:
    assert is_alive(os.getpid(), time.time())
    assert not is_alive(os.getpid(), time.time() - 10 * 365 * 24 * 3600)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not is_alive(gone.pid, time.time())


def test_a_process_that_ended_and_was_not_waited_for_is_gone() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    deadline = time.monotonic() + 30
    while is_alive(ended.pid, time.time()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    ended.wait()


def test_old_runs_go_with_their_files_and_what_their_checks_found(tmp_path: Path) -> None:
    @dg.asset(check_specs=[dg.AssetCheckSpec("whole", asset="thing")])
    def thing() -> dg.MaterializeResult:
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])

    dagster_home(tmp_path)
    history = tmp_path / "dagster"
    with dg.DagsterInstance.from_config(str(history)) as instance:
        for _ in range(3):
            assert dg.materialize([thing], instance=instance).success
        kept = instance.get_runs()[0].run_id
        moment = instance.get_run_records()[0].create_timestamp
        assert purge_runs(instance, moment, most=1) == 1
        assert purge_runs(instance, moment) == 1
        assert purge_runs(instance, moment) == 0
        assert [each.run_id for each in instance.get_runs()] == [kept]
        assert instance.get_latest_materialization_event(dg.AssetKey("thing"))
        checks = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("thing"), "whole"), limit=10
        )
        assert [each.run_id for each in checks] == [kept]
    files = [each.name for each in history.rglob("*.db*") if len(each.stem) > 30]
    assert {each[:36] for each in files} == {kept}
