"""`make bench`: where the time of one whole job goes, measured side by side in one run.

Sample Borough at its default size goes through the job as `make run` starts it, in folders of its
own: once from nothing, then where nothing is new, then whole again as any later run. Then the SQL
that dbt compiled is executed directly, in one DuckDB process, over the same rows. Last, councils of
three sizes go through the job, 36 deliveries each: time and memory grow no faster than the rows.
Measure on an idle machine; the seconds of the processor hold on a busy one too.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT
from tests.figures.compiled import read_compiled

MONTH = "2026-03"
SIZES = (10_000, 30_000, 100_000)
JOB = [sys.executable, "-W", "ignore", "-m", "orchestration.commands.whole_job"]
FILL = """
import sys
from orchestration.commands.fresh_clone import fill
from orchestration.settings import settings
fill(settings.incoming, settings.seeds, size=int(sys.argv[1]))
"""


@dataclass(frozen=True)
class Measured:
    """One process: seconds by the clock and of the processor, and its largest memory in MB."""

    seconds: float
    processor: float
    memory: float


def main() -> int:
    """Print the measurements; exit code 0 when all runs of the job succeeded."""
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-bench-") as home:
        data = Path(home) / "data"
        environment = _environment(Path(home))
        filled = _timed([sys.executable, "-m", "orchestration.commands.fresh_clone"], environment)
        first, nothing = (_timed(JOB, environment) for _ in range(2))
        (data / "last_run.json").unlink(missing_ok=True)
        warm = _timed(JOB, environment)
        if filled is None or first is None or nothing is None or warm is None:
            return 1
        run = json.loads((data / "dbt" / "run_results.json").read_text(encoding="utf-8"))
        nodes = run["results"]
        sql = sum(node["execution_time"] for node in nodes)
        compiled = read_compiled(data / "dbt", data / "raw", data / "reference")
        begun = time.perf_counter()
        with compiled.connect() as connection:
            compiled.run(connection)
        direct = time.perf_counter() - begun
        rows = [
            ("making the deliveries of a fresh clone", filled.seconds),
            ("the job, first run", first.seconds),
            ("the job, where nothing is new", nothing.seconds),
            ("the job, warm", warm.seconds),
            (
                f"  of which dbt: {len(nodes)} nodes, from its first to its last",
                run["elapsed_time"],
            ),
            ("  of which its nodes", sql),
            (f"the same {len(compiled.models)} models' SQL, one DuckDB process", direct),
        ]
        for what, seconds in rows:
            print(f"{what:<72}{seconds:7.1f} s")
        print(f"{'peak memory of the job':<72}{max(first.memory, warm.memory):7.0f} MB")
    return max(_of_size(size) for size in SIZES)


def _of_size(children: int) -> int:
    """Print what the first run of a council of this size takes; exit code 0 when it succeeded."""
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-bench-") as home:
        environment = _environment(Path(home))
        filled = _timed([sys.executable, "-c", FILL, str(children)], environment)
        if filled is None or (job := _timed(JOB, environment)) is None:
            return 1
        files = (Path(home) / "data" / "incoming" / MONTH).glob("*.csv")
        rows = sum(file.read_bytes().count(b"\n") - 1 for file in files)
    what = f"{children:,} children, {rows:,} rows in the newest delivery"
    print(
        f"{what:<60}{job.seconds:7.0f} s {job.processor:7.0f} s of the processor"
        f" {job.memory:7.0f} MB"
    )
    return 0


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "KPI_DATA": str(home / "data"),
        "KPI_EXPORTS": str(home / "exports"),
        "DAGSTER_HOME": str(PROJECT),
    }


def _timed(command: list[str], environment: Mapping[str, str]) -> Measured | None:
    """What a command takes; None, and its output on the screen, where it fails."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            print(said.read()[-8000:], file=sys.stderr)
            return None
    seconds = time.perf_counter() - begun
    return Measured(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
