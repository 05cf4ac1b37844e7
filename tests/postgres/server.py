"""A PostgreSQL server in a temporary folder, from the programs of Debian's package."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"  # who runs the server where the tests run as root, which it refuses
DATABASE = "kpi"
# Text is UTF-8 and in the order of its bytes, as in DuckDB.
INITDB = (
    *("--username", OWNER, "--auth", "trust", "--no-sync"),
    *("--encoding", "UTF8", "--locale", "C.UTF-8", "--lc-collate", "C"),
)
OPTIONS = {
    "listen_addresses": "",  # no port: only who may enter the folder can reach the socket
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    # Tables made a moment ago have no statistics, so the planner takes them for tiny. These decide
    # how long a join takes (minutes without them), never what comes out.
    "autovacuum": "off",
    "enable_mergejoin": "off",
    "enable_nestloop": "off",
    "work_mem": "64MB",
}


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """A server with one empty database, until the block ends; its settings for the profile."""
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-postgres-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        data = folder / "data"
        _run(folder, "initdb", "--pgdata", str(data), *INITDB)
        options = OPTIONS | {"unix_socket_directories": name}
        lines = "".join(f"{key} = '{value}'\n" for key, value in options.items())
        with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(lines)
        control = ("pg_ctl", "--pgdata", str(data), "--wait", "--silent")
        _run(folder, *control, "--log", str(folder / "log"), "start")
        try:
            _run(folder, "createdb", "--host", name, "--username", OWNER, DATABASE)
            yield {
                "KPI_POSTGRES_HOST": name,
                "KPI_POSTGRES_PORT": "5432",  # only part of the socket's name
                "KPI_POSTGRES_USER": OWNER,
                "KPI_POSTGRES_PASSWORD": "",
                "KPI_POSTGRES_DBNAME": DATABASE,
            }
        finally:
            _run(folder, *control, "--mode", "immediate", "stop")


def _run(folder: Path, program: str, *arguments: str) -> None:
    command = [program, *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", OWNER, "--", *command]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
