"""dbt inside Dagster: one project, one manifest per data folder, names and counts for the UI."""

import errno
import gc
import hashlib
import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.catalogue.for_dbt import write_for_dbt
from orchestration.catalogue.indicators import CatalogueError, unmatched_models
from orchestration.mart.figure_checks import fault_line, read_faults
from orchestration.mart.generation import remove_builds
from orchestration.reference.owners import ANALYSTS
from orchestration.settings import settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

UNIQUE_ID = "dagster_dbt/unique_id"  # where dagster-dbt notes the dbt node of an asset or a check

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


class Translator(DagsterDbtTranslator):
    """A dbt model as a Dagster asset: its group is its layer, its owner who mends it."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["fqn"][1])

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props.get("source_name") == "deliveries":
            return dg.AssetKey(["raw", dbt_resource_props["name"]])
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([self.get_group_name(dbt_resource_props), dbt_resource_props["name"]])

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=check_description(manifest["nodes"][unique_id]))

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        return [ANALYSTS]


def check_description(test: Mapping[str, Any]) -> str:
    """What a data test promises: as it says of itself, else by its arguments or by what it is."""
    told = (test.get("test_metadata") or {}).get("kwargs", {})
    promised = [f"{column} is filled" for column in told.get("filled", ())]
    promised += [f"{column} is one of its words" for column in told.get("one_of", ())]
    promised += told.get("conditions", ())
    key = "no two rows have the same key"
    is_of_keys = test["name"].endswith("_keys")
    of_all = "No two rows of a table of this group have the same key." if is_of_keys else ""
    of_one = f"In every row {', '.join(promised)}; {key}." if promised else ""
    of_key = f"{key[0].upper()}{key[1:]}." if test.get("test_metadata") else ""
    name = test["name"].replace("_", " ")
    return test.get("description") or of_all or of_one or of_key or f"{name[0].upper()}{name[1:]}."


def build_events(
    context: dg.AssetExecutionContext, facts: Mapping[str, Any]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `dbt build` once and give every model and test back, with row counts and `facts`.

    Unit tests are left out: they say nothing about this month's data (`make test` runs them).
    Raises when a model or a test of severity error fails.
    """
    definition = context.assets_def
    assets = {spec.metadata[UNIQUE_ID]: spec.key for spec in definition.specs}
    checks = {
        spec.metadata[UNIQUE_ID]: spec.key
        for spec in definition.check_specs
        if UNIQUE_ID in spec.metadata
    }
    # a new file each time: nothing of an older build, torn or corrupt, can get into this one
    remove_builds(settings.build_warehouse)
    of_layers = {spec.metadata[UNIQUE_ID]: str(spec.group_name) for spec in definition.specs}
    heard = progress(of_layers, context.log.info, context.log.error)
    done = run_dbt("build", "--exclude-resource-type", "unit_test", heard=heard)
    results = {result.node.unique_id: result for result in done.result.results}
    built = [key for key in assets if key in results and results[key].status == "success"]
    # after a failed build to count could fail as well, with an error that quotes a cell
    counts = _row_counts([results[key].node for key in built]) if done.success else {}
    failed = [r.node for r in results.values() if r.status in ("fail", "warn")]
    faults = [fault_line(*fault) for fault in read_faults(settings.build_warehouse)]
    broken = broken_promises(failed, settings.build_warehouse)
    for test in failed:
        if test.name == "int_figure_faults_holds":
            broken.setdefault(test.unique_id, []).extend(faults)
    for unique_id, result in results.items():
        metadata: dict[str, Any] = {"status": str(result.status), "seconds": result.execution_time}
        if unique_id in built:
            counted = {"dagster/row_count": counts[unique_id]} if counts else {}
            metadata |= {**facts, **counted}
            yield dg.MaterializeResult(asset_key=assets[unique_id], metadata=metadata)
        elif unique_id in checks and result.status != "skipped":
            if unique_id in broken:
                metadata["findings"] = "\n".join(broken[unique_id])
            yield dg.AssetCheckResult(
                asset_key=checks[unique_id].asset_key,
                check_name=checks[unique_id].name,
                passed=result.status == "pass",
                severity=dg.AssetCheckSeverity.WARN
                if result.status == "warn"
                else dg.AssetCheckSeverity.ERROR,
                metadata=metadata | {"failed_rows": result.failures or 0},
            )
    if not done.success:
        # the names only: a model's own error can quote a cell
        stopped = [key for key, r in results.items() if r.status in ("error", "fail")]
        told = " ".join(str(results[key].message) for key in stopped)
        found = [line for key in stopped for line in broken.get(key, ())]
        raise dg.Failure(
            shortage(told)
            or f"BUILD-FAILED: {', '.join(stopped)}: an error in a model, or a test that found "
            "faults; what is published stays. To see more, on your screen alone: "
            + seen_by_hand([key.split(".")[2] for key in stopped])
            + "".join(f"\n{line}" for line in dict.fromkeys([*found, *faults]))
        )


def seen_by_hand(names: Sequence[str]) -> str:
    """The command that builds these models or tests again, with what they stand on, into a file of
    its own, and shows what dbt says of them."""
    folders = {
        "KPI_DATA": settings.data,
        "KPI_WAREHOUSE": settings.build_warehouse.with_name("analyst.duckdb"),
    }
    words = [f"{name}={shlex.quote(str(folder))}" for name, folder in folders.items()]
    words += [shlex.quote(str(Path(sys.executable).with_name("dbt"))), "build"]
    for option in ("--project-dir", "--profiles-dir"):
        words += [option, shlex.quote(str(settings.dbt_project))]
    chosen = [f"+{name}" for name in names]
    # unit tests need tables that are not made yet
    return " ".join([*words, "--exclude-resource-type unit_test", "--select", *chosen])


def broken_promises(tests: Iterable[Any], warehouse: Path) -> dict[str, list[str]]:
    """Of tests that failed, by id: each promise that is broken, its model, and by how many rows.

    Only tests made by the macros of macros/tests are asked again: what they give are names and
    counts, where the rows of any other test can hold cells.
    """
    import duckdb

    asked = [test for test in tests if "failed_rows" in getattr(test.config, "fail_calc", "")]
    broken = {}
    with suppress(duckdb.Error):
        for test in asked:
            with duckdb.connect(str(warehouse), read_only=True) as build:
                rows = build.execute(test.compiled_code).fetchall()
            broken[test.unique_id] = [f"{promise} | {n} rows break it" for promise, n in rows]
    return broken


def shortage(told: str) -> str:
    """The message where an error's text, of which nothing is shown, says that the machine is too
    small for the build; empty otherwise."""
    if "Out of Memory" in told:
        return (
            f"MEMORY-SHORT: the build needs more than the {settings.memory} of memory that it may "
            "take; what is published stays: set KPI_MEMORY higher and run the whole job again"
        )
    if any(os.strerror(each) in told for each in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
        return (
            "DISK-FULL: the data folder has no room left for the build; what is published stays: "
            "make room and run the whole job again"
        )
    return ""


@contextmanager
def told_where_full() -> Iterator[None]:
    """An error of a full disk, wherever a step writes, as the message that says so."""
    import duckdb

    try:
        yield
        return
    except OSError as error:
        lacking = shortage(os.strerror(error.errno or 0))
        if not lacking:
            raise
    except duckdb.IOException as error:
        lacking = shortage(str(error))
        if not lacking:
            raise
    raise dg.Failure(lacking)


def progress(
    of_layers: Mapping[str, str], info: Callable[[str], None], error: Callable[[str], None]
) -> Callable[[Any], None]:
    """What hears dbt's events, and says when a layer's last model is made, how long its models
    took, and what fails: names and seconds only."""
    to_come = Counter(of_layers.values())
    models, seconds = Counter(to_come), Counter[str]()

    def heard(event: Any) -> None:
        if event.info.name != "NodeFinished":
            return
        node, result = event.data.node_info, event.data.run_result
        if result.status in ("error", "fail"):
            error(f"{node.node_name}: {result.status}")
        layer = of_layers.get(node.unique_id)
        if layer and result.status == "success":
            to_come[layer] -= 1
            seconds[layer] += result.execution_time
            if not to_come[layer]:
                info(f"{layer}: {models[layer]} models in {seconds[layer]:.1f} s")

    return heard


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
        if lacking := shortage(str(done.exception)):
            raise dg.Failure(lacking)
        raise done.exception
    return done


def silence(run_results: Path) -> None:
    """Take the errors' texts out of what dbt wrote down: a model's own error can quote a cell."""
    if not run_results.exists():
        return
    try:
        told = json.loads(run_results.read_bytes())
    except ValueError:
        # torn by a kill: nobody reads it, and what there is of it may quote a cell
        run_results.unlink()
        return
    failed = [each for each in told["results"] if each["status"] in ("error", "fail", "warn")]
    if any(each["message"] for each in failed):
        for each in failed:
            each["message"] = ""
        run_results.write_text(json.dumps(told), encoding="utf-8")


def _row_counts(nodes: Sequence[Any]) -> dict[str, int]:
    import duckdb

    counts = {}
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as warehouse:
        for node in nodes:
            [(rows,)] = warehouse.sql(f"select count(*) from {node.relation_name}").fetchall()
            counts[node.unique_id] = rows
    return counts
