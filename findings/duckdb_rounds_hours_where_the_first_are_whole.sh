#!/usr/bin/env bash
# duckdb 2.0.0: 7.5 hours are read as 8 where the first file, or the first 20,480 rows, hold whole hours.
#
# Months kept as Parquet and read together have the types of the month that comes first by name. Others
# are cast to them, and decimals are rounded to whole numbers on the way, while a column that is missing
# stops the query. A CSV file's types are those of its first rows: a word behind them stops the reading,
# a decimal is rounded. Half an hour is nothing, and 7.5 are 8, with no error and no warning.
# union_by_name = true for the one and sample_size = -1 for the other read what is written.
#
# Seen: 8 and 0 for April's 7.5 and 0.5 behind March's 7 and 14; 8 for 7.5 in row 20,481 of a CSV file
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
from pathlib import Path

import duckdb


def hours(source: str) -> list[tuple[str, float]]:
    return duckdb.sql(f"select typeof(hours), hours::double from {source} order by row").fetchall()


def csv(name: str, *absences: str) -> None:
    lines = [f"{row},{hours}" for row, hours in enumerate(absences)]
    Path(f"{name}.csv").write_text("\n".join(["row,hours", *lines, ""]))


months = {"2026-03": ("7", "14"), "2026-04": ("7.5", "0.5")}
for month, absences in months.items():
    csv(month, *absences)
    duckdb.sql(f"copy (from read_csv('{month}.csv')) to '{month}.parquet'")
april = hours("read_parquet('2026-04.parquet')")
both = hours("read_parquet('2026-*.parquet')")
by_name = hours("read_parquet('2026-*.parquet', union_by_name = true)")
print(april, both, by_name)
assert april == [("DOUBLE", 7.5), ("DOUBLE", 0.5)]
assert sorted(both) == [("BIGINT", 0.0), ("BIGINT", 7.0), ("BIGINT", 8.0), ("BIGINT", 14.0)]
assert sorted(by_name) == [("DOUBLE", 0.5), ("DOUBLE", 7.0), ("DOUBLE", 7.5), ("DOUBLE", 14.0)]

csv("year", *["7"] * 20_480, "7.5")
last, right = hours("read_csv('year.csv')")[-1], hours("read_csv('year.csv', sample_size = -1)")[-1]
print(last, right)
assert last == ("BIGINT", 8.0)
assert right == ("DOUBLE", 7.5)
csv("year", *["7"] * 20_480, "half a day")
try:
    hours("read_csv('year.csv')")
    raise SystemExit("a word is read now")
except duckdb.ConversionException as error:
    print(str(error).splitlines()[2])
PY
