"""`make run`: the whole job, or word that nothing is new since it last went through.

For a pool, the jobs of the councils first for which something may be new.
"""

import json
import os
import runpy
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime

from orchestration.commands import fresh_clone
from orchestration.councils.pool import months_of_councils, move_renamed, read_pool
from orchestration.councils.runs import may_be_new, without_an_edition
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.sources.months import (
    month_folders,
    refused_folders,
    today_in_london,
)
from orchestration.deliveries.sources.returns import month_of, returns
from orchestration.deliveries.sources.strangers import strangers
from orchestration.deliveries.storage.fetch import fetch
from orchestration.publication.last_run import made_from, note_of, nothing_new, remember
from orchestration.settings import settings

# without it Dagster's pages show a run of the command line nowhere but in the list of all
OF_THIS_PROJECT = {".dagster/repository": "__repository__@childrens_kpis", "kpi/reason": "make run"}
RANGE = "dagster/asset_partition_range"


def main() -> int:
    """Exit code 0 when the job went through or had nothing to do."""
    if settings.storage:
        told = (settings.fetched, datetime.now(UTC), settings.max_bytes)
        for each in fetch(settings.storage, *told, beside=settings.dropped).findings:
            print(each)
    pool = [] if settings.of_pool else read_pool(settings.reference)
    for told in move_renamed(settings) if pool else ():
        print(told)
    # a council that failed is told of, and the pool goes on without its news
    failed_before = 0
    if pool and may_be_new(settings, without_an_edition(os.environ), date.today()):
        codes = [each.geography_code for each in pool]
        ends = {f"{RANGE}_start": codes[0], f"{RANGE}_end": codes[-1]}
        failed_before = _job("councils", ends)
    if nothing_new(settings, os.environ, date.today()):
        # says so, delivers what waits, and is seen in Dagster as a run of its own
        runpy.run_module("orchestration.defs.nothing_new", run_name="__main__")
        return failed_before
    # whatever stops this run, the one before no longer says what lies there
    note_of(settings).unlink(missing_ok=True)
    if failed := fresh_clone.main():
        return failed
    # what a fresh clone is filled with was not there before; what comes in from here on is new
    before = made_from(settings, os.environ, date.today())
    paths = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)
    today = today_in_london()
    months = {each.name for each in month_folders(settings.incoming, today)}
    months |= {month_of(paths, each, today) for each in returns(settings.incoming, today)}
    months |= months_of_councils(settings, today) if pool else set()
    if not months:
        refused = refused_folders(settings.incoming, today)
        for each in (*refused, *strangers(settings.incoming, today)):
            print(each.finding())
        print(
            "no folder of a month to check in: put your files into"
            f" {fresh_clone.drop_folder(settings)}/<YYYY-MM>/"
        )
        return 1
    month = max(months)
    failed = _job("monthly_kpis", {"dagster/partition": month})
    if not failed and before == made_from(settings, os.environ, date.today()):
        remember(settings, before)
    return failed or failed_before


def _job(name: str, partition: Mapping[str, str]) -> int:
    return _dagster(
        *("job", "execute", "-m", "orchestration.definitions", "-j", name),
        *("--tags", json.dumps({**partition, **OF_THIS_PROJECT})),
        *("-c", "orchestration/console.yaml"),
    )


def _dagster(*arguments: str) -> int:
    """A command of Dagster in this process, which has loaded what it needs; its exit code."""
    sys.argv = ["dagster", *arguments]
    try:
        runpy.run_module("dagster", run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
