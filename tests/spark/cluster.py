"""A Spark cluster on this machine, master and two workers: PyPI's pyspark and Debian's Java."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.ports import free_port

HOST = "127.0.0.1"
WORKERS = 2
OPTIONS = {
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.driver.memory": "4g",
    "spark.executor.cores": "1",
    "spark.executor.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # as in SQL, a timestamp has no zone
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
    # The planner would follow every condition through every column that is made of another: with
    # columns of columns of columns it needs more memory than there is.
    "spark.sql.constraintPropagation.enabled": "false",
    # A table has a few thousand rows: how many tasks a step has decides how long it takes, and
    # planning it anew after each of them takes longest.
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
}
LOGS = """\
rootLogger.level = error
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
"""


@dataclass(frozen=True)
class Cluster:
    """Where its tables lie, and what a process needs to know to be its driver."""

    warehouse: Path
    environment: dict[str, str]
    page: str

    def state(self) -> dict[str, Any]:
        """What the master tells of its workers and applications."""
        with urlopen(f"{self.page}/json/", timeout=10) as answer:
            return json.load(answer)


def lies_in() -> Path:
    """Where Spark is installed; nothing is imported, as that warns of other packages."""
    found = find_spec("pyspark")
    assert found and found.origin
    return Path(found.origin).parent


@contextmanager
def running() -> Iterator[Cluster]:
    """A master and its workers, until the block ends."""
    program = lies_in() / "bin" / "spark-class"
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-spark-") as name:
        folder = Path(name)
        port, page = free_port(), free_port()
        address = f"spark://{HOST}:{port}"
        metastore = f"jdbc:derby:;databaseName={folder}/metastore;create=true"
        options = OPTIONS | {
            "spark.master": address,
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.hadoop.javax.jdo.option.ConnectionURL": metastore,
            "spark.driver.extraJavaOptions": f"-Dderby.stream.error.file={folder}/derby.log",
            "spark.local.dir": str(folder / "local"),
        }
        (folder / "spark-defaults.conf").write_text(
            "".join(f"{key} {value}\n" for key, value in options.items()), encoding="utf-8"
        )
        (folder / "log4j2.properties").write_text(LOGS, encoding="utf-8")
        environment = {"SPARK_CONF_DIR": name, "SPARK_LOCAL_IP": HOST}
        started = []
        master = ("Master", "--host", HOST, "--port", str(port), "--webui-port", str(page))
        worker = ("Worker", "--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "1g")
        worker += ("--work-dir", str(folder / "work"), address)
        try:
            for role, *arguments in (master, *(worker for _ in range(WORKERS))):
                command = [str(program), f"org.apache.spark.deploy.{role.lower()}.{role}"]
                started.append(
                    subprocess.Popen(
                        [*command, *arguments],
                        cwd=folder,
                        env=os.environ | environment,
                        stdout=subprocess.DEVNULL,
                    )
                )
            cluster = Cluster(folder / "warehouse", environment, f"http://{HOST}:{page}")
            _wait_for(cluster)
            yield cluster
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def _wait_for(cluster: Cluster) -> None:
    for _ in range(120):
        with suppress(OSError):
            if cluster.state()["aliveworkers"] == WORKERS:
                return
        time.sleep(0.5)
    raise AssertionError("the workers have not come")
