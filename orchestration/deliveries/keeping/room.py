"""Whether the data folder has room for the runs to come, told before one fails for want of it."""

import shutil
from dataclasses import dataclass

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_accepted_month

# a run of a council of 100,000 children takes four times its newest delivery
_TIMES = 4
_RUNS = 2
_AT_LEAST_MB = 500


@dataclass(frozen=True)
class Room:
    """`finding` is empty where there is enough."""

    free_mb: int
    needed_mb: int
    finding: str


def room_for_runs(paths: Paths) -> Room:
    """Hold what is free against what two runs take. Raises `LedgerError` and `OSError`."""
    month = newest_accepted_month(paths)
    newest = sum(file.stat().st_size for file in (paths.incoming / month).glob("*") if month)
    needed = max(_AT_LEAST_MB, _RUNS * _TIMES * newest // 1_000_000)
    free = shutil.disk_usage(paths.raw).free // 1_000_000
    told = (
        f"DISK-LOW | data | - | - | {free} MB are free | {needed} MB for two runs | make room:"
        " docs/engineer.md says what may go | runs go on until the disk is full"
    )
    return Room(free, needed, told if free < needed else "")
