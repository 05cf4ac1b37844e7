"""When things run. Nothing here starts by itself until it is switched on in the Dagster UI."""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.contract import INDICATOR_RETURNS
from orchestration.settings import settings

monthly_kpis = dg.define_asset_job(
    "monthly_kpis",
    selection=dg.AssetSelection.all(),
    description="Check in the month's delivery (and older ones that wait), rebuild the mart whole, "
    "write the exports, evaluate the alerts.",
)


@dg.schedule(
    job=monthly_kpis,
    cron_schedule="0 6 3 * *",
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
    from orchestration.deliveries.landing import look

    seen = look(PATHS, INDICATOR_RETURNS, context.cursor or "")
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
    description="Puts a notice of a failed run into the outbox: job, steps, run, what to do.",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    from orchestration.alerting.channels import smtp_settings
    from orchestration.alerting.outbox import record_failure

    smtp = smtp_settings(os.environ)
    record_failure(
        settings.outbox,
        context.dagster_run.job_name,
        [event.step_key for event in context.get_step_failure_events() if event.step_key],
        context.dagster_run.run_id,
        smtp.recipients if smtp else (),
        datetime.now(UTC),
    )
