"""`make status`: the last run, and where each stage stands."""

import sys
from datetime import UTC, datetime

import dagster as dg

from orchestration.commands.status import Stage, of_councils, screen, stages
from orchestration.defs.red_checks import red_findings
from orchestration.settings import settings


def last_run(instance: dg.DagsterInstance) -> Stage:
    """What Dagster knows of the newest whole job that has ended."""
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    of_job = dg.RunsFilter(job_name="monthly_kpis", statuses=ended)
    record = next(iter(instance.get_run_records(of_job, limit=1)), None)
    if record is None:
        return Stage("last run", "the whole job has not run yet", ("start it: make run",))
    run = record.dagster_run
    findings = red_findings(instance, run.run_id)
    ended_with = "went through" if run.is_success else "failed"
    said = f"{ended_with}, {record.create_timestamp:%Y-%m-%d %H:%M} UTC; red: {len(findings)}"
    failed = () if run.is_success else (f"the last run failed: {run.run_id} in Dagster's pages",)
    return Stage("last run", said, (*failed, *findings))


def main() -> int:
    """Print the screen; exit code 1 where something waits, so that a monitor can ask."""
    now = datetime.now(UTC)
    with dg.DagsterInstance.get() as instance:
        found = [last_run(instance), *stages(settings, now), *of_councils(settings, now)]
    print(screen(found))
    return int(any(each.todo for each in found))


if __name__ == "__main__":
    sys.exit(main())
