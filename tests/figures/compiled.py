"""The models as dbt compiled them, run without dbt: in one DuckDB process, over any rows.

The SQL is that of the last `dbt build` of a data folder, taken from its `run_results.json`; seeds
are taken from the warehouse that it built.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
    """Every model in build order, the folder its sources were read from, and the warehouse."""

    models: tuple[Model, ...]
    raw: str
    warehouse: Path

    def over(self, raw: Path) -> "Compiled":
        """The same models, reading the accepted rows below another folder."""
        return replace(self, raw=str(raw), models=_replaced(self.models, self.raw, str(raw)))

    def over_tables(self, schema: str) -> "Compiled":
        """The same models, reading `<schema>.<extract>` instead of Parquet files."""
        pattern = re.compile(rf"read_parquet\('{re.escape(self.raw)}/(\w+)/[^']*'\)")
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

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An empty database in memory with the seeds in it."""
        connection = duckdb.connect(":memory:", config={"threads": 2})
        connection.execute(f"attach '{self.warehouse}' as built (read_only)")
        schemas = {model.relation.split(".")[0] for model in self.models} | {'"reference"'}
        for schema in sorted(schemas):
            connection.execute(f"create schema {schema}")
        seeds = connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'built' and schema_name = 'reference'"
        ).fetchall()
        for (seed,) in seeds:
            connection.execute(f"create table reference.{seed} as from built.reference.{seed}")
        connection.execute("detach built")
        return connection

    def run(self, connection: duckdb.DuckDBPyConnection, names: Collection[str] = ()) -> None:
        """Build every model, or those called `names` and what they read."""
        build(connection, self.upstream(names) if names else self.models)


def read_compiled(target: Path, warehouse: Path, raw: Path) -> Compiled:
    """What the last `dbt build` with this target folder compiled.

    `raw` is the folder of accepted rows that it read.
    """
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
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
                result["compiled_code"].replace(f"{database}.", ""),
                node["config"]["materialized"] == "table",
                frozenset(
                    each.rpartition(".")[2]
                    for each in node["depends_on"]["nodes"]
                    if each.startswith("model.")
                ),
            )
        )
    return Compiled(tuple(models), str(raw), warehouse)


def build(connection: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> None:
    """Create or replace these models, in this order."""
    for model in models:
        kind = "table" if model.is_table else "view"
        connection.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def _replaced(models: Sequence[Model], old: str, new: str) -> tuple[Model, ...]:
    return tuple(replace(model, sql=model.sql.replace(f"'{old}/", f"'{new}/")) for model in models)
