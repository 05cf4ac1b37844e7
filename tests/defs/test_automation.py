"""What starts runs, and what happens without one."""

import json
import os
import time
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.alerting.outbox import opened, record_notice
from orchestration.contract.extracts import EXTRACTS, INDICATOR_RETURNS
from orchestration.defs import automation
from orchestration.defs.automation import (
    checks_failed,
    deliver_alerts,
    delivery_late,
    landing,
    run_failed,
    run_repaired,
    third_of_the_month,
)
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, make_ledger
from orchestration.deliveries.quality import missed
from orchestration.deliveries.sources import landing as landing_room
from orchestration.deliveries.sources.landing import LateDelivery
from orchestration.settings import settings
from tests.alerting.hook import Hook, web_server

RECEIPT = Receipt(
    extract="an_extract",
    delivery_month="2016-04",
    file="2016-04/an_extract.csv",
    sha256="0" * 64,
    bytes=1,
    mtime_ns=1,
    rules_sha256="0" * 64,
    rows_in_file=100,
    loaded=100,
    quarantined=0,
    duplicates=0,
    stood_in=0,
    outcome="accepted",
    codes="ROW-DUPLICATE",
    findings=(
        "ROW-DUPLICATE | 2016-04/an_extract.csv | line 2 | - | " + "found and expected " * 20,
    ),
    received_at="2016-05-01T05:00:00+00:00",
    stands_in=None,
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    paths = Paths(*(tmp_path / name for name in ("incoming", "raw", "quarantine", "ledger")))
    monkeypatch.setattr(automation, "PATHS", paths)
    monkeypatch.setattr(landing_room, "QUIET", timedelta(0))
    return paths


def drop(paths: Paths, month: str, content: str, age: float = 0) -> None:
    file = paths.incoming / month / INDICATOR_RETURNS.file_name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    os.utime(file, (LONG_AGO + age, LONG_AGO + age))


def look(cursor: str | None) -> dg.SensorResult:
    context = dg.build_sensor_context(cursor=cursor)
    result = landing(context)
    assert isinstance(result, dg.SensorResult)
    return result


def months(result: dg.SensorResult) -> list[str | None]:
    return [request.partition_key for request in result.run_requests or []]


def test_the_schedule_fires_on_the_3rd_at_6_london_time_for_the_month_before() -> None:
    for moment, month in (
        (datetime(2026, 3, 3, 6), "2026-02"),
        (datetime(2026, 7, 3, 5), "2026-06"),
    ):
        context = dg.build_schedule_context(scheduled_execution_time=moment.replace(tzinfo=UTC))
        request = third_of_the_month(context)
        assert isinstance(request, dg.RunRequest)
        assert request.partition_key == month
    assert third_of_the_month.execution_timezone == "Europe/London"
    assert third_of_the_month.cron_schedule == "0 6 3 * *"


def test_a_new_file_waits_one_look_and_then_starts_one_run(paths: Paths) -> None:
    drop(paths, "2026-01", "half")
    first = look(None)
    assert months(first) == []
    drop(paths, "2026-01", "half and the rest", age=60)
    still_growing = look(first.cursor)
    assert months(still_growing) == []
    settled = look(still_growing.cursor)
    assert months(settled) == ["2026-01"]
    assert months(look(settled.cursor)) == [], "the same file starts nothing twice"


def test_a_slow_delivery_is_taken_up_whole(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing_room, "QUIET", timedelta(minutes=5))
    at = datetime(2026, 2, 3, 6, tzinfo=UTC)
    cursor = ""
    taken = []
    for minute in range(12):
        if minute in (0, 3, 5):
            drop(paths, "2026-01", f"file {minute}", age=minute)
            (paths.incoming / "2026-01" / f"ssd_{minute}.csv.part").write_text("half")
        seen = landing_room.look(
            paths, EXTRACTS.values(), at.date(), cursor, at + timedelta(minutes=minute)
        )
        cursor = seen.cursor
        taken += [minute] * bool(seen.newest_month)
    assert taken == [10], "five minutes after its last file"


def test_a_delivery_with_its_manifest_is_taken_up_at_the_next_look(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing_room, "QUIET", timedelta(minutes=5))
    at = datetime(2026, 2, 3, 6, tzinfo=UTC)
    drop(paths, "2026-01", "a return")
    (paths.incoming / "2026-01" / "extract_manifest.csv").write_text("written last")
    cursor, taken = "", []
    for minute in range(3):
        seen = landing_room.look(
            paths, EXTRACTS.values(), at.date(), cursor, at + timedelta(minutes=minute)
        )
        cursor = seen.cursor
        taken += [minute] * bool(seen.newest_month)
    assert taken == [1]


def test_many_months_make_one_request_for_the_newest(paths: Paths) -> None:
    for month in ("2025-11", "2026-01", "2025-12"):
        drop(paths, month, month)
    settled = look(look(None).cursor)
    assert months(settled) == ["2026-01"]
    drop(paths, "2025-12", "corrected", age=120)
    corrected = look(look(settled.cursor).cursor)
    assert months(corrected) == ["2025-12"], "only what changed is asked for again"


def test_only_files_that_changed_are_read(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.deliveries.sources import landing as module

    read: list[str] = []
    original = module.is_new
    monkeypatch.setattr(
        module, "is_new", lambda *args: read.append(args[0].month) or original(*args)
    )
    drop(paths, "2026-01", "one")
    settled = look(look(None).cursor)
    assert read == ["2026-01"]
    look(settled.cursor)
    drop(paths, "2026-02", "two")
    look(look(settled.cursor).cursor)
    assert read == ["2026-01", "2026-02"]


def test_a_look_takes_less_than_two_seconds_after_ten_years_of_runs(paths: Paths) -> None:
    make_ledger(paths)
    moment = datetime(2016, 5, 1, tzinfo=UTC)
    text = json.dumps([asdict(RECEIPT)])
    months = [f"{year}-{month:02}" for year in range(2016, 2026) for month in range(1, 13)]
    for number, month in enumerate(months):
        for extract in EXTRACTS:
            told = text.replace("2016-04", month).replace(RECEIPT.extract, extract)
            name = f"{moment + timedelta(days=30 * number):%Y%m%dT%H%M%S%fZ}-{month}-{extract}"
            (paths.receipts / f"{name}.json").write_text(told)
    for month in months:
        drop(paths, month, month)
    started = time.process_time()
    settled = look(look(None).cursor)
    assert len(settled.run_requests or []) == 1
    assert time.process_time() - started < 2 * 2, "two looks"


def test_an_empty_drop_folder_says_so(paths: Paths) -> None:
    result = look(None)
    assert result.skip_reason == dg.SkipReason("nothing new in the drop folder")


def test_a_failed_run_is_told_at_once_and_once_without_the_errors_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook = Hook()
    where = replace(settings, data=tmp_path, dagster_url="https://kpis.example")
    monkeypatch.setattr(automation, "settings", where)

    @dg.op
    def broken() -> None:
        raise dg.Failure("BUILD-MISSING: Jane Secret, born 2011-02-03")

    @dg.job
    def failing() -> None:
        broken()

    with dg.DagsterInstance.ephemeral() as instance:
        result = failing.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="run_failed",
            dagster_event=next(event for event in result.all_events if event.is_job_failure),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        with web_server(hook) as url:
            monkeypatch.setenv("KPI_TEAMS_WEBHOOK", url)
            run_failed(context)
            run_failed(context)
    with opened(tmp_path / "alerts" / "outbox.sqlite") as outbox:
        notices = outbox.execute("select subject, body from messages").fetchall()
    assert len(notices) == 1, "one notice for one run"
    assert "broken" in notices[0][1]
    assert "Jane" not in notices[0][1]
    [post] = hook.posts
    assert "Run failed: failing (BUILD-MISSING)" in str(post.content)
    assert "run the whole job" in notices[0][1]
    assert f"https://kpis.example/runs/{result.run_id}" in notices[0][1]
    assert "Jane" not in str(post.content)


def test_the_delivery_sensor_reports_what_it_did(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(automation, "settings", replace(settings, data=tmp_path))
    now = datetime.now(UTC) - timedelta(minutes=5)
    record_notice(tmp_path / "alerts" / "outbox.sqlite", ["run"], "# Run failed\n", (), now)
    said = deliver_alerts(dg.build_sensor_context())
    assert isinstance(said, dg.SkipReason)
    assert said.skip_message == (
        "0 sent, 0 failed, 0 waiting, no channel is set: the digest file is the delivery"
    )


def test_a_late_delivery_is_told_once_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook = Hook()
    monkeypatch.setattr(automation, "settings", replace(settings, data=tmp_path))
    late = [LateDelivery("2026-10", date(2026, 11, 3))]
    monkeypatch.setattr("orchestration.deliveries.sources.landing.late_deliveries", lambda *_: late)
    monkeypatch.setattr(automation, "today_in_london", lambda *_: date(2026, 11, 4))
    with web_server(hook) as url, dg.build_sensor_context() as context:
        monkeypatch.setenv("KPI_TEAMS_WEBHOOK", url)
        said = [delivery_late(context), delivery_late(context)]
        monkeypatch.setattr(automation, "today_in_london", lambda *_: date(2026, 11, 10))
        said += [delivery_late(context), delivery_late(context)]
        monkeypatch.setattr(
            "orchestration.deliveries.sources.landing.late_deliveries", lambda *_: []
        )
        said.append(delivery_late(context))
    assert [each.skip_message for each in said] == [
        "The delivery of 2026-10 is late: 1 sent, 0 failed, 0 waiting",
        "The delivery of 2026-10 is late; that was told.",
        "The delivery of 2026-10 is late: 1 sent, 0 failed, 0 waiting",
        "The delivery of 2026-10 is late; that was told.",
        "No delivery is late.",
    ]
    first, reminder = hook.posts
    assert "Data late: the delivery of 2026-10" in str(first.content)
    assert "Data still late: the delivery of 2026-10" in str(reminder.content)


REFUSED = "FILE-CUT-SHORT | 2026-03/ssd_person.csv | - | - | fewer rows | all | again | it stays"


def whole_job(instance: dg.DagsterInstance, *findings: str, fails: bool = False) -> str:
    """A run of a job called like the whole one, with a red check where anything is found."""

    @dg.asset(check_specs=[dg.AssetCheckSpec("accepted", asset="person")])
    def person() -> dg.MaterializeResult:
        if fails:
            raise dg.Failure("BUILD-MISSING: a reason")
        told = {"findings": "\n".join(findings)}
        result = dg.AssetCheckResult(passed=not findings, metadata=told)
        return dg.MaterializeResult(check_results=[result])

    job = dg.define_asset_job("monthly_kpis", executor_def=dg.in_process_executor)
    made = dg.Definitions(assets=[person], jobs=[job]).resolve_job_def("monthly_kpis")
    return made.execute_in_process(instance=instance, raise_on_error=False).run_id


def test_what_red_checks_found_is_told_to_operations_once_and_again_when_it_comes_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    officers, operations = Hook(), Hook()
    monkeypatch.setattr(automation, "settings", replace(settings, data=tmp_path))
    with (
        web_server(officers) as theirs,
        web_server(operations) as ours,
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance) as context,
    ):
        monkeypatch.setenv("KPI_TEAMS_WEBHOOK", theirs)
        monkeypatch.setenv("KPI_TEAMS_WEBHOOK_OPS", ours)
        monkeypatch.setenv("KPI_OPERATIONS_TO", "teams:OPS")
        for findings in ((REFUSED,), (REFUSED,), (), (REFUSED,)):
            whole_job(instance, *findings)
            for _ in range(2):
                checks_failed(context)
    assert officers.posts == []
    assert len(operations.posts) == 2
    assert all(
        "FILE-CUT-SHORT | 2026-03/ssd_person.csv" in str(p.content) for p in operations.posts
    )


def test_a_job_that_went_through_after_it_had_failed_is_told_as_repaired(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook = Hook()
    monkeypatch.setattr(automation, "settings", replace(settings, data=tmp_path))
    with web_server(hook) as url, dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setenv("KPI_TEAMS_WEBHOOK", url)
        for fails in (True, False, False):
            run = instance.get_run_by_id(whole_job(instance, fails=fails))
            assert run
            if fails:
                continue
            [ended] = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_SUCCESS)
            run_repaired(
                dg.build_run_status_sensor_context(
                    sensor_name="run_repaired",
                    dagster_event=ended.get_dagster_event(),
                    dagster_instance=instance,
                    dagster_run=run,
                )
            )
    [post] = hook.posts
    assert "Repaired: monthly_kpis" in str(post.content)


@pytest.mark.parametrize(
    ("came", "asked", "lacking"),
    [
        ({"2026-02": "ab", "2026-03": "a"}, (), {"b"}),
        ({"2026-02": "a", "2026-03": "ab"}, (), set()),
        ({"2026-01": "ab", "2026-03": "a"}, (), set()),
        ({"2026-03": "a"}, ("a", "c"), {"c"}),
        ({"2026-02": "ab"}, (), set()),
    ],
)
def test_what_came_last_month_or_is_named_is_expected(
    came: dict[str, str], asked: tuple[str, ...], lacking: set[str]
) -> None:
    receipts: dict[str, list[Receipt]] = {}
    for month, extracts in came.items():
        for extract in extracts:
            told = replace(RECEIPT, extract=extract, delivery_month=month)
            receipts.setdefault(extract, []).append(told)
    assert missed(receipts, "2026-03", asked) == lacking
