"""The models as dbt compiled them, run without dbt: in one DuckDB process, over any rows.

The SQL is that of the last `dbt build` of a data folder, taken from its `run_results.json`; the
reference data it read become tables.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class Model:
    """One model: `relation` as "schema"."name", `needs` the names of the models it reads."""

    name: str
    relation: str
    sql: str
    is_table: bool
    needs: frozenset[str]


@dataclass(frozen=True)
class Compiled:
    """Every model in build order, and the folders that deliveries and reference data lie in."""

    models: tuple[Model, ...]
    raw: str
    reference: Path

    def over(self, raw: Path) -> "Compiled":
        """The same models, reading the accepted rows below another folder."""
        return replace(self, raw=str(raw), models=_replaced(self.models, self.raw, str(raw)))

    def over_tables(self, schema: str) -> "Compiled":
        """The same models, reading `<schema>.<extract>` instead of Parquet files."""
        pattern = re.compile(rf"read_parquet\('{re.escape(self.raw)}/(\w+)/[^']*'[^)]*\)")
        models = tuple(
            replace(model, sql=pattern.sub(rf"{schema}.\1", model.sql)) for model in self.models
        )
        return replace(self, models=models)

    def changed(self, name: str, old: str, new: str) -> "Compiled":
        """With `old` replaced by `new` in the SQL of one model, in which it must stand."""
        [model] = [model for model in self.models if model.name == name]
        assert old in model.sql, f"{name} does not hold {old}"
        mutant = replace(model, sql=model.sql.replace(old, new))
        return replace(
            self, models=tuple(mutant if each is model else each for each in self.models)
        )

    def upstream(self, names: Iterable[str]) -> list[Model]:
        """The models called `names` and all that they read, in build order."""
        wanted = set(names)
        for model in reversed(self.models):
            if model.name in wanted:
                wanted |= model.needs
        return [model for model in self.models if model.name in wanted]

    def connect(self, file: str = ":memory:", memory: str = "") -> duckdb.DuckDBPyConnection:
        """An empty database with the reference data in it, in memory or in a new file; it spills to
        the disk above `memory`."""
        limit = {"memory_limit": memory} if memory else {}
        connection = duckdb.connect(file, config={"threads": 2, **limit})
        schemas = {model.relation.split(".")[0] for model in self.models} | {'"reference"'}
        for schema in sorted(schemas):
            connection.execute(f"create schema {schema}")
        for table in self.reference.glob("*.parquet"):
            connection.execute(f"create table reference.{table.stem} as from '{table}'")
        return connection

    def run(self, connection: duckdb.DuckDBPyConnection, names: Collection[str] = ()) -> None:
        """Build every model, or those called `names` and what they read."""
        build(connection, self.upstream(names) if names else self.models)

    def run_from(
        self,
        connection: duckdb.DuckDBPyConnection,
        changed: str,
        names: Collection[str],
        file: Path,
    ) -> None:
        """Build the models called `names` where only the model `changed` is another one than in
        `file`: tables that do not follow from it are taken from there."""
        connection.execute(f"attach '{file}' as made (read_only)")
        follow = {changed}
        for model in self.upstream(names):
            if model.name in follow or follow & model.needs:
                follow.add(model.name)
            elif model.is_table:
                made = f"create view {model.relation} as from made.{model.relation}"
                connection.execute(made)
                continue
            build(connection, [model])


def read_compiled(target: Path, raw: Path, reference: Path) -> Compiled:
    """What the last `dbt build` with this target folder compiled.

    `raw` is the folder of accepted rows that it read, `reference` that of the reference data.
    """
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    tables = re.compile(rf"read_parquet\('{re.escape(str(reference))}/(\w+)\.parquet'\)")
    nodes = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    models = []
    for result in results:
        key = result["unique_id"]
        if not key.startswith("model."):
            continue
        node = manifest["nodes"][key]
        database, relation = result["relation_name"].split(".", 1)
        models.append(
            Model(
                node["name"],
                relation,
                tables.sub(r"reference.\1", result["compiled_code"].replace(f"{database}.", "")),
                node["config"]["materialized"] == "table",
                frozenset(_read(node, nodes)),
            )
        )
    return Compiled(tuple(models), str(raw), reference)


def _read(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The models that a model reads; of one that is written into it, those that it reads."""
    for each in node["depends_on"]["nodes"]:
        name = each.rpartition(".")[2]
        if each.startswith("model.") and nodes[name]["config"]["materialized"] == "ephemeral":
            yield from _read(nodes[name], nodes)
        elif each.startswith("model."):
            yield name


def build(connection: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> None:
    """Create or replace these models, in this order."""
    for model in models:
        kind = "table" if model.is_table else "view"
        connection.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def _replaced(models: Sequence[Model], old: str, new: str) -> tuple[Model, ...]:
    return tuple(replace(model, sql=model.sql.replace(f"'{old}/", f"'{new}/")) for model in models)
