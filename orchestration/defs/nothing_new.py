"""What `make run` does where nothing is new: a run of its own, so that the run history shows it."""

import os
from datetime import UTC, date, datetime

import dagster as dg

from orchestration.settings import settings


@dg.op(out=dg.Out(dg.Nothing))
def look(context: dg.OpExecutionContext) -> None:
    """Say whether anything is new since the whole job last went through; deliver what waits."""
    from orchestration.alerting.delivery import deliver_what_waits
    from orchestration.publication.last_run import nothing_new as told

    now = datetime.now(UTC)
    context.log.info(
        told(settings, os.environ, date.today())
        or "something may be new since the whole job last went through: start monthly_kpis"
    )
    context.log.info(str(deliver_what_waits(settings.outbox, os.environ, now)))


@dg.job(
    description="Builds nothing: says whether anything is new since the whole job last went "
    "through, and delivers what waits in the outbox. `make run` starts it in place of the whole "
    "job where nothing is.",
)
def nothing_new() -> None:
    look()


if __name__ == "__main__":
    from orchestration.commands.whole_job import OF_THIS_PROJECT

    # `dagster job execute` would look for definitions for longer than this takes
    with dg.DagsterInstance.get() as instance:
        news_only = {"loggers": {"console": {"config": {"log_level": "INFO"}}}}
        nothing_new.execute_in_process(news_only, instance, tags=OF_THIS_PROJECT)
