"""A table that another engine made, held against DuckDB's."""

import json
import re
from typing import Any

import duckdb

from orchestration.settings import settings


def differing(
    both: duckdb.DuckDBPyConnection, ours: str, theirs: str, key: list[str]
) -> tuple[int, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """How many rows were compared, and those that are not the same, as a pair each.

    Text, dates and nulls must be the same; numbers to 1e-6, because engines cut off or round
    what a median or a division of decimals leaves beyond that.
    """
    table = both.table(ours)
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    joined = " and ".join(f"ours.{name} is not distinct from theirs.{name}" for name in key)
    both.execute(
        "create or replace temp table pairs as"
        f" select ours, theirs from {ours} as ours full join {theirs} as theirs on {joined}"
    )
    differs = [f"ours.{key[0]} is null", f"theirs.{key[0]} is null"]
    differs += [
        f"coalesce(abs(ours.{name} - theirs.{name}) > 0.000001,"
        f" (ours.{name} is null) <> (theirs.{name} is null))"
        if kind.startswith(("DECIMAL", "DOUBLE", "BIGINT", "INTEGER"))
        else f"ours.{name} is distinct from theirs.{name}"
        for name, kind in kinds.items()
    ]
    [(rows,)] = both.execute("select count(*) from pairs").fetchall()
    return rows, both.execute(f"select * from pairs where {' or '.join(differs)}").fetchall()


def key_of(table: str) -> list[str]:
    """The columns that make a row of the table unique, as its dbt test says."""
    manifest = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    model = table.rpartition(".")[2]
    [node] = [node for node in manifest["nodes"].values() if node["name"] == model]
    if key := node["config"]["meta"].get("primary_key"):
        return key
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    [key] = [key for test in tests for key in re.findall(rf"'{model}': '(.+)'", test["raw_code"])]
    return key.split(", ")
