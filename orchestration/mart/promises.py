"""What the tests of models promise, in words, and which promises a build broke.

A promise and its count are told; a row never is.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


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
