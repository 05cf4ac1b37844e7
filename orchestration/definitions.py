"""The one Definitions: everything in `orchestration/defs/`, run in one process.

One process because a run with a process per step costs three times the CPU for the same work.
"""

from functools import cache
from pathlib import Path

import dagster as dg


# `dagster job execute` asks for the definitions five times
@dg.definitions
@cache
def defs() -> dg.Definitions:
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
