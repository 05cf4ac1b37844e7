#!/usr/bin/env bash
# duckdb 2.0.0: the median of decimals is cut off at their own number of places, not interpolated.
#
# Half way between 1 and 2 lies 1.5. For doubles and integers DuckDB says so; for decimals, the type
# that figures are kept in so that they add up, median, quantile_cont and percentile_cont give 1, and
# 0.2 between 0.1 and 0.4. A committee's "median hours missing" is lower than it is by up to one unit
# of its last place, with no error and no warning.
#
# Seen: [(Decimal('1'), 1.5, 1.5)] and [(Decimal('0.2'), 0.25)]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
"$folder/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb

days = duckdb.sql("select * from (values (1), (2)) as waits (days)")
whole = duckdb.sql(
    "select median(days::decimal(18, 0)), median(days), median(days::double) from days"
).fetchall()
hours = duckdb.sql("select * from (values (0.1), (0.4)) as absences (hours)")
tenths = duckdb.sql(
    "select percentile_cont(0.5) within group (order by hours::decimal(4, 1)), "
    "percentile_cont(0.5) within group (order by hours::double) from hours"
).fetchall()
print(whole, tenths)
assert whole == [(Decimal("1"), 1.5, 1.5)]
assert tenths == [(Decimal("0.2"), 0.25)]
PY
