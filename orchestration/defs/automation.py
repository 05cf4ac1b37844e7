"""When things run. Nothing here starts by itself until it is switched on in the Dagster UI."""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.contract.extracts import EXTRACTS
from orchestration.defs.deliveries import PATHS
from orchestration.defs.packs import COMMITTEE_PACK, PUBLISHED_PACK
from orchestration.deliveries.ledger.ledger import newest_accepted_month
from orchestration.deliveries.sources.landing import DUE_DAY
from orchestration.deliveries.sources.months import today_in_london
from orchestration.settings import settings

monthly_kpis = dg.define_asset_job(
    "monthly_kpis",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(COMMITTEE_PACK, PUBLISHED_PACK),
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
    return dg.RunRequest(run_key=f"schedule-{month}", partition_key=month)


@dg.sensor(
    job=monthly_kpis,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Watches the drop folder. A file must be unchanged for one tick; then one run for "
    "the newest changed month checks in the older ones too.",
)
def landing(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    from orchestration.deliveries.sources.landing import look

    seen = look(PATHS, EXTRACTS.values(), today_in_london(), context.cursor or "")
    requests = []
    if seen.newest_month:
        requests = [dg.RunRequest(run_key=seen.run_key, partition_key=seen.newest_month)]
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
    description="Tells of a failed run at once: job, steps, run, what to do.",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.digest import failure_notice

    run = context.dagster_run
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    text = failure_notice(run.job_name, steps, run.run_id)
    tell(settings.outbox, ["run-failure", run.run_id], text, os.environ, datetime.now(UTC))


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Tells once when the delivery of the month before is due and none was accepted.",
)
def delivery_late(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    from orchestration.alerting.delivery import tell
    from orchestration.alerting.digest import late_notice
    from orchestration.deliveries.sources.landing import late_delivery

    now = datetime.now(UTC)
    late = late_delivery(PATHS, today_in_london(now))
    if late is None:
        return dg.SkipReason("No delivery is late.")
    about = ["delivery-late", late.month]
    if context.cursor == late.month:
        return dg.SkipReason(f"The delivery of {late.month} is late; that was told.")
    report = tell(settings.outbox, about, late_notice(late.month, late.due), os.environ, now)
    context.update_cursor(late.month)
    return dg.SkipReason(f"The delivery of {late.month} is late: {report}")


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

    meeting = next_meeting(read_meetings(settings.reference))
    if meeting is None:
        return dg.SkipReason("No meeting is planned in seeds/reference/meetings.csv.")
    told = papers_of(meeting, settings, datetime.now(UTC).date(), newest_accepted_month(PATHS))
    if not told.is_time:
        return dg.SkipReason(told.text)
    context.log.info(told.text)
    key = meeting.meeting_id
    return dg.SensorResult([dg.RunRequest(run_key=f"{key}/{told.as_at}", partition_key=key)])


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
