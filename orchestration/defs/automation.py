"""When things run. Nothing here starts by itself until it is switched on in the Dagster UI."""

import json
import os
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.contract.extracts import EXTRACTS
from orchestration.defs.deliveries import PATHS
from orchestration.defs.official_figures import OFFICIAL_FIGURES
from orchestration.defs.packs import COMMITTEE_PACK, PUBLISHED_PACK
from orchestration.deliveries.ledger.ledger import newest_accepted_month
from orchestration.deliveries.sources.landing import DUE_DAY
from orchestration.deliveries.sources.months import today_in_london
from orchestration.settings import settings

monthly_kpis = dg.define_asset_job(
    "monthly_kpis",
    selection=dg.AssetSelection.all()
    - dg.AssetSelection.groups("councils")
    - dg.AssetSelection.assets(COMMITTEE_PACK, PUBLISHED_PACK, OFFICIAL_FIGURES),
    description="Check in the month's delivery (and older ones that wait), rebuild the mart whole, "
    "write the exports, evaluate the alerts.",
)

committee_pack_job = dg.define_asset_job(
    "committee_pack",
    selection=dg.AssetSelection.assets(COMMITTEE_PACK),
    description="The draft of one meeting's pack, from the last green build: what would be "
    "published, what only officers may see, and the form for the texts that are due. A second run "
    "finds nothing to do; a correction needs a reason.",
)

approve = dg.define_asset_job(
    "approve",
    selection=dg.AssetSelection.assets(PUBLISHED_PACK),
    # stands in the Launchpad, where the clerk puts the name between the quotes
    config={"ops": {"exports__published_pack": {"config": {"by": ""}}}},
    description="Publishes the draft of one meeting's pack, approved by the name that is given. "
    "Nothing is public before.",
)


@dg.schedule(
    job=monthly_kpis,
    cron_schedule=f"0 6 {DUE_DAY} * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="The 3rd of each month at 06:00: the delivery as at the end of the month before.",
)
def third_of_the_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    last_of_month_before = context.scheduled_execution_time.replace(day=1) - timedelta(days=1)
    month = f"{last_of_month_before:%Y-%m}"
    return dg.RunRequest(
        run_key=f"schedule-{month}", partition_key=month, tags={"kpi/reason": "schedule"}
    )


LOOKING_SECONDS = 40
"""Dagster ends a look after a minute: a longer transfer goes on with the next one."""


@dg.sensor(
    job=monthly_kpis,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Watches the drop folder, or fetches what is new where KPI_INCOMING is set. A "
    "month's folder must be unchanged for one tick, and hold a manifest or be quiet for five "
    "minutes; then one run for the newest changed month checks in the older ones too.",
)
def landing(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    from orchestration.deliveries.sources.landing import look

    now = datetime.now(UTC)
    if settings.storage:
        from orchestration.deliveries.storage.fetch import fetch

        limit = settings.max_bytes
        top, dropped, seconds = settings.fetched, settings.dropped, LOOKING_SECONDS
        fetched = fetch(settings.storage, top, now, limit, beside=dropped, seconds=seconds)
        if fetched.findings or not fetched.is_whole:
            context.log.info("\n".join(map(str, (fetched, *fetched.findings))))
        if not fetched.is_whole:
            return dg.SensorResult(skip_reason=dg.SkipReason(str(fetched)), cursor=context.cursor)
    seen = look(PATHS, EXTRACTS.values(), today_in_london(now), context.cursor or "", now)
    requests = []
    if seen.newest_month:
        month, why = seen.newest_month, {"kpi/reason": "new files"}
        requests = [dg.RunRequest(run_key=seen.run_key, partition_key=month, tags=why)]
    return dg.SensorResult(
        run_requests=requests,
        cursor=seen.cursor,
        skip_reason=None if requests else dg.SkipReason(seen.why_not),
    )


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Delivers what waits in the outbox, with growing pauses after failures.",
)
def deliver_alerts() -> dg.SkipReason:
    from orchestration.alerting.delivery import deliver_what_waits

    return dg.SkipReason(str(deliver_what_waits(settings.outbox, os.environ, datetime.now(UTC))))


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.STOPPED,
    minimum_interval_seconds=30,
    # runs of the command line belong to no code location
    monitor_all_code_locations=True,
    description="Tells operations of a failed run at once: job, steps, code, what to do, where.",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.notices import codes_in, failure_notice, run_link

    run, events = context.dagster_run, context.get_step_failure_events()
    steps = [event.step_key for event in events if event.step_key]
    errors = [event.step_failure_data.error for event in events]
    codes = codes_in(error.to_string() for error in errors if error)
    link = run_link(settings.dagster_url, run.run_id)
    text = failure_notice(run.job_name, steps, codes, link)
    tell(settings.outbox, ["run-failure", run.run_id], text, os.environ, datetime.now(UTC))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.STOPPED,
    minimum_interval_seconds=30,
    monitor_all_code_locations=True,
    description="Tells operations that a job went through which had failed the time before.",
)
def run_repaired(context: dg.RunStatusSensorContext) -> None:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.notices import repaired_notice, run_link

    run = context.dagster_run
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    of_job = dg.RunsFilter(job_name=run.job_name, statuses=ended)
    runs = [each.run_id for each in context.instance.get_runs(of_job)]
    earlier = runs[runs.index(run.run_id) + 1 :] if run.run_id in runs else []
    before = context.instance.get_run_by_id(earlier[0]) if earlier else None
    if before and before.status == dg.DagsterRunStatus.FAILURE:
        text = repaired_notice(run.job_name, run_link(settings.dagster_url, run.run_id))
        about = ["run-repaired", run.run_id]
        tell(settings.outbox, about, text, os.environ, datetime.now(UTC))


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Tells operations once of what the red checks of the newest whole job found: files "
    "that were refused, extracts that did not come, months that cannot be.",
)
def checks_failed(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.notices import findings_notice, run_link
    from orchestration.defs.red_checks import red_findings

    known = json.loads(context.cursor) if context.cursor else {"run": "", "told": []}
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    of_job = dg.RunsFilter(job_name=monthly_kpis.name, statuses=ended)
    run = next(iter(context.instance.get_runs(of_job, limit=1)), None)
    if run is None or run.run_id == known["run"]:
        return dg.SkipReason("No whole job has ended since the last look.")
    findings = red_findings(context.instance, run.run_id)
    news = [found for found in findings if found not in known["told"]]
    said = "nothing new is red"
    if news:
        text = findings_notice(news, run_link(settings.dagster_url, run.run_id))
        about = ["checks-failed", run.run_id]
        said = str(tell(settings.outbox, about, text, os.environ, datetime.now(UTC)))
    # what is red no longer is told again when it comes back
    context.update_cursor(json.dumps({"run": run.run_id, "told": findings}))
    return dg.SkipReason(f"{len(findings)} findings of red checks, {len(news)} new: {said}")


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Tells operations when the delivery of the month before is due and none was "
    "accepted, names every earlier month that lacks, and reminds every week.",
)
def delivery_late(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.notices import late_notice
    from orchestration.deliveries.sources.landing import late_deliveries

    now = datetime.now(UTC)
    late = late_deliveries(PATHS, today_in_london(now))
    if not late:
        return dg.SkipReason("No delivery is late.")
    months = ", ".join(each.month for each in late)
    # a week at a time: nobody reads the same mail every minute, and one alone is overlooked
    weeks = (today_in_london(now) - late[-1].due).days // 7
    key = f"{months}/{weeks}"
    if context.cursor == key:
        return dg.SkipReason(f"The delivery of {months} is late; that was told.")
    notice = late_notice([each.month for each in late], late[-1].due, is_again=weeks > 0)
    report = tell(settings.outbox, ["delivery-late", key], notice, os.environ, now)
    context.update_cursor(key)
    return dg.SkipReason(f"The delivery of {months} is late: {report}")


@dg.sensor(
    job=committee_pack_job,
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts the pack of the next meeting in the week before its papers are due, and "
    "says until then when that is and how old the figures will be.",
)
def pack_due(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    from orchestration.packs.meetings import next_meeting, read_meetings
    from orchestration.packs.timetable import papers_of

    today = today_in_london()
    to_come = [each for each in read_meetings(settings.reference) if each.meeting_date >= today]
    meeting = next_meeting(to_come)
    if meeting is None:
        return dg.SkipReason("No meeting to come is planned in seeds/reference/meetings.csv.")
    told = papers_of(meeting, settings, today, newest_accepted_month(PATHS))
    if not told.is_time:
        return dg.SkipReason(told.text)
    context.log.info(told.text)
    key = meeting.meeting_id
    why = {"kpi/reason": "papers are due"}
    request = dg.RunRequest(run_key=f"{key}/{told.as_at}", partition_key=key, tags=why)
    return dg.SensorResult([request])


@dg.sensor(
    job=committee_pack_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Watches the working folders of planned meetings. A form or template that was put "
    "there, and is unchanged for one tick, starts the draft anew.",
)
def texts_returned(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    from orchestration.packs.meetings import read_meetings
    from orchestration.packs.working import look

    meetings = read_meetings(settings.reference)
    planned = [each.meeting_id for each in meetings if each.meeting_status == "planned"]
    changed, cursor = look(settings.exports / "packs", planned, context.cursor or "")
    return dg.SensorResult(
        [
            dg.RunRequest(run_key=f"{meeting}/texts/{seen}", partition_key=meeting)
            for meeting, seen in changed.items()
        ],
        cursor=cursor,
        skip_reason=None if changed else dg.SkipReason("No form was put into a working folder."),
    )
