"""The contract of the reference data, read from `reference.yml` and `returns.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Type = Literal["text", "code", "area", "id", "date", "month", "integer", "decimal", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a reference file.

    `allowed` are the codes of type `code`; `known` names what a cell must be found in: `areas`,
    `indicators`, or `file.column`; `every` lets * stand for all of them; `unknown_is_empty` keeps
    the row and empties the cell where it is not found. `low` and `high` bound a number. A file
    may lack a column that is `optional`: files that people keep were made before it.
    """

    name: str
    type: Type
    description: str
    filled: bool = False
    optional: bool = False
    allowed: tuple[str, ...] = ()
    known: str = ""
    every: bool = False
    unknown_is_empty: bool = False
    pattern: str = ""
    expected: str = ""
    low: float | None = None
    high: float | None = None
    scale: int = 6


@dataclass(frozen=True)
class File:
    """One reference file: `path` below `seeds/`.

    `keys` are sets of columns that no two rows share. `is_needed` where a file without any row is a
    fault. `without` says what happens to a row that is left out. `span` are the columns of a key of
    which the validity (`valid_from`, `valid_to`) must not overlap.
    """

    name: str
    path: str
    description: str
    without: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    span: tuple[str, ...] | None = None
    is_needed: bool = False
    owner: str = "analyst"
    by_name: Mapping[str, Column] = field(default_factory=dict, compare=False)

    @property
    def is_parquet(self) -> bool:
        return self.path.endswith(".parquet")

    @property
    def is_catalogue(self) -> bool:
        """Made of the entries of the catalogue, which `orchestration.catalogue` checks."""
        return self.path.endswith(".yml")


@cache
def reference_files() -> Mapping[str, File]:
    """Name -> file, in the order of the contract."""
    return _files("reference.yml")


@cache
def returns_files() -> Mapping[str, File]:
    """Name -> file of figures that a fresh clone delivers to itself, which dbt does not read."""
    return _files("returns.yml")


def _files(contract: str) -> Mapping[str, File]:
    text = Path(__file__).with_name(contract).read_text(encoding="utf-8")
    return {name: _file(name, told) for name, told in yaml.safe_load(text).items()}


def _file(name: str, told: dict[str, Any]) -> File:
    columns = tuple(
        Column(
            column,
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in facts.items()
            },
        )
        for column, facts in told["columns"].items()
    )
    return File(
        name,
        told["path"],
        told["description"],
        told["without"],
        columns,
        tuple(tuple(key) for key in told.get("keys", ())),
        tuple(told["span"]) if "span" in told else None,
        told.get("is_needed", False),
        told.get("owner", "analyst"),
        {column.name: column for column in columns},
    )
