"""A pool of councils installed in a folder, with a copy of the project that names them."""

import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT
from tests.defs.conftest import Installation, install
from tests.main_job import put_what_dbt_read_below

OWN = ("orchestration", "dbt_project", "seeds", "docs", "dagster.yaml", "pyproject.toml")


@dataclass(frozen=True)
class InstalledPool:
    """`project` is the copy that its commands are run in."""

    installation: Installation
    project: Path

    @property
    def data(self) -> Path:
        return self.installation.data

    @property
    def exports(self) -> Path:
        return self.installation.exports

    def run(
        self, command: str = "whole_job", *arguments: str, council: str = "", told: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """A command of `orchestration.commands` that reads `told`, for one council or for all."""
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", f"orchestration.commands.{command}", *arguments],
            cwd=self.project,
            env=self.installation.environment | {"KPI_OF_POOL": council},
            input=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )

    def incoming(self, council: str) -> Path:
        return self.data / "incoming" / council

    def figures(self, council: str) -> Path:
        return self.data / "councils" / council / "figures.parquet"


def install_pool(home: Path, councils: Collection[str], job: Path) -> InstalledPool:
    """A pool of these councils, to which nothing has been delivered; dbt has read its project, as
    the main job run in `job` had it read, for the pool and for each council."""
    project = home / "project"
    project.mkdir()
    for name in OWN:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, project / name)
    with (project / "seeds" / "reference" / "pool.csv").open("a", encoding="utf-8") as listed:
        listed.writelines(f"{code},,,sent\n" for code in councils)
    pool = InstalledPool(install(home), project)
    for data in (pool.data, *(pool.data / "councils" / each for each in councils)):
        put_what_dbt_read_below(data, job)
    return pool
