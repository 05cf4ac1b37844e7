"""The dbt project: what its profile reads, one manifest per data folder, and how dbt is started."""

import gc
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DbtProject

from orchestration.catalogue.for_dbt import write_for_dbt
from orchestration.catalogue.indicators import CatalogueError, unmatched_models
from orchestration.mart.build_failures import shortage, silence
from orchestration.mart.figure_checks import fault_line
from orchestration.settings import settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

# The profile and the sources read these; parsing and running must see the same values, or dbt
# parses everything again.
os.environ.update(
    KPI_DATA=str(settings.data),
    KPI_WAREHOUSE=str(settings.build_warehouse),
    KPI_MEMORY=settings.memory,
    DBT_LOG_PATH=str(settings.dbt_target / "logs"),
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    KPI_INDICATOR="",  # the job builds all of them
)

project = DbtProject(
    project_dir=settings.dbt_project,
    profiles_dir=settings.dbt_project,
    target_path=settings.dbt_target,
)


def prepared_manifest() -> Mapping[str, Any]:
    """The manifest, made anew when it is missing, torn (dbt writes it in place, and can be killed
    over it) or made from other files than are there now.

    Raises `CatalogueError` where an entry of the catalogue is wrong or has no SQL.
    """
    _, without_sql = unmatched_models(settings.seeds, settings.dbt_project)
    if without_sql:
        raise CatalogueError(
            "\n".join(fault_line(indicator, "ENTRY-WITHOUT-SQL") for indicator in without_sql)
        )
    write_for_dbt(settings.seeds, settings.dbt_project, settings.reference.limits)
    stamp, made_from = settings.dbt_target / "manifest.sha256", _digest(settings.dbt_project)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_from:
        with suppress(OSError, ValueError):
            return _manifest()
    settings.dbt_target.mkdir(parents=True, exist_ok=True)
    run_dbt("parse")
    stamp.write_text(made_from, encoding="utf-8")
    return _manifest()


def _manifest() -> Mapping[str, Any]:
    return json.loads(project.manifest_path.read_bytes())


def _digest(folder: Path) -> str:
    """What the files of a dbt project hold. Not when they were written: a manifest that came with a
    restored data folder can be younger than the code of an upgrade."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not {"target", "logs"} & set(path.relative_to(folder).parts):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def run_dbt(
    command: str, *options: str, heard: Callable[[Any], None] | None = None
) -> "dbtRunnerResult":
    """One dbt command in this process: its modules are loaded already, and a run that is killed
    leaves no child behind that goes on writing. `heard` is told each of dbt's events, one after
    the other. Raises what stopped dbt itself."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = ["--log-level", "none", "--log-level-file", "none", "--no-print", command, *options]
    for option, folder in (
        ("--project-dir", project.project_dir),
        ("--profiles-dir", project.profiles_dir),
        ("--target-path", project.target_path),
    ):
        arguments += [option, str(folder)]
    # a manifest's hundreds of thousands of objects are not worth looking through again and again
    threshold = gc.get_threshold()
    # the workshop holds rows about people: it is for its owner alone
    mask = os.umask(0o077)
    gc.set_threshold(100_000, 50, 50)
    try:
        done = dbtRunner(callbacks=[heard] if heard else []).invoke(arguments)
    finally:
        gc.set_threshold(*threshold)
        os.umask(mask)
        # dbt would keep the warehouse open for its next command, and no reader could open it
        DuckDBConnectionManager.close_all_connections()
    silence(settings.dbt_target / "run_results.json")
    if done.exception:
        if lacking := shortage(str(done.exception), settings.memory):
            raise dg.Failure(lacking)
        raise done.exception
    return done
