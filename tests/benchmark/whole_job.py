"""`make bench`: where the time of one whole job goes, measured side by side in one run.

Sample Borough at its default size goes through the job as `make run` starts it, in folders of its
own: once from nothing, then again as any later run would. Then the SQL that dbt compiled is
executed directly, in one DuckDB process, over the same rows. Measure on an idle machine.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from orchestration.settings import PROJECT
from tests.figures.compiled import read_compiled

MONTH = "2026-03"


def main() -> int:
    """Print the measurements; exit code 0 when both runs of the job succeeded."""
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-bench-") as home:
        data = Path(home) / "data"
        environment = os.environ | {
            "KPI_DATA": str(data),
            "KPI_EXPORTS": str(Path(home) / "exports"),
            "DAGSTER_HOME": str(PROJECT),
        }
        filled = _timed([sys.executable, "-m", "orchestration.fresh_clone"], environment)
        first, warm = (_timed(_job(), environment) for _ in range(2))
        if filled is None or first is None or warm is None:
            return 1
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        run = json.loads((data / "dbt" / "run_results.json").read_text(encoding="utf-8"))
        nodes = run["results"]
        sql = sum(node["execution_time"] for node in nodes)
        compiled = read_compiled(data / "dbt", data / "warehouse" / "build.duckdb", data / "raw")
        begun = time.perf_counter()
        with compiled.connect() as connection:
            compiled.run(connection)
        direct = time.perf_counter() - begun
        rows = [
            ("making the deliveries of a fresh clone", filled),
            ("the job, first run", first),
            ("the job, warm", warm),
            (
                f"  of which dbt: {len(nodes)} nodes, from its first to its last",
                run["elapsed_time"],
            ),
            ("  of which its nodes", sql),
            (f"the same {len(compiled.models)} models' SQL, one DuckDB process", direct),
        ]
        for what, seconds in rows:
            print(f"{what:<72}{seconds:7.1f} s")
        print(f"{'peak memory of the largest process':<72}{peak:7.0f} MB")
    return 0


def _job() -> list[str]:
    tags = json.dumps({"dagster/partition": MONTH})
    return [
        *(sys.executable, "-W", "ignore", "-m", "dagster", "job", "execute"),
        *("-m", "orchestration.definitions", "-j", "monthly_kpis"),
        *("--tags", tags, "-c", "orchestration/console.yaml"),
    ]


def _timed(command: list[str], environment: Mapping[str, str]) -> float | None:
    """Seconds that a command takes; None, and its output on the screen, where it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-4000:], file=sys.stderr)
        return None
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
