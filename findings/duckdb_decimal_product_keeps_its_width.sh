#!/usr/bin/env bash
# duckdb 2.0.0: the product of two decimals of 18 digits has 18 digits, 12 of them behind the point.
#
# One would expect decimal(36, 12), as PostgreSQL and Spark give. So 1,000 times 1,000 in
# decimal(18, 6), the type of many a figure, stops the query, while 999 times 999 passes: the square
# of an absence of 42 days in hours (1,008) ends a build that has run for years. The error names the
# numbers, but no row and no column.
#
# Seen: DECIMAL(18,12), 998001.000000000000, then "Overflow in multiplication of DECIMAL(18)"
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
"$folder/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb


def square(hours: int) -> list[tuple[str, Decimal]]:
    return duckdb.sql(
        f"with absence as (select cast({hours} as decimal(18, 6)) as hours) "
        "select typeof(hours * hours), hours * hours from absence"
    ).fetchall()


print(square(999))
assert square(999) == [("DECIMAL(18,12)", Decimal("998001.000000000000"))]
try:
    raise SystemExit(f"the square of 1,000 is given now: {square(1000)}")
except duckdb.OutOfRangeException as error:
    print(error)
    assert "Overflow in multiplication of DECIMAL(18)" in str(error)
PY
