"""The one Definitions: everything in `orchestration/defs/`, run in one process.

One process because a run with a process per step costs three times the CPU for the same work.
"""

import gc
from functools import cache
from pathlib import Path

import dagster as dg


# `dagster job execute` asks for the definitions five times
@dg.definitions
@cache
def defs() -> dg.Definitions:
    loaded = dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
    # all of it stays: looking through it for garbage again and again took a fifth of a pack's time
    gc.set_threshold(50_000, 10, 10)
    return loaded
