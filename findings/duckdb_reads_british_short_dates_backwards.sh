#!/usr/bin/env bash
# duckdb 2.0.0: 30/04/26 in a CSV file is read as 26 April 2030, in every row and with no sign of doubt.
#
# British short dates are day, month, year, and American ones month, day, year; where the numbers leave
# it open, read_csv takes the year to be first. They always do: a year up to 28 is a day of every month, so
# that a column of births moves by years, and only a year such as 99 tells it better. Beside a column with
# years of four digits the same dates are read as of the year 26. With four digits throughout all is well.
#
# Seen: 2030-04-26 for 30/04/26; 0026-04-30 beside 30/04/2026; 2026-04-30 beside 30/04/99
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
from datetime import date
from pathlib import Path

import duckdb


def read(*lines: str) -> list[tuple[object, ...]]:
    Path("plans.csv").write_text("\n".join(lines) + "\n")
    return duckdb.sql("from read_csv('plans.csv')").fetchall()


short = read("ended", "30/04/26", "31/12/25", "29/02/24")
beside = read("began,ended", "30/04/2026,30/04/26")
last_century = read("ended", "30/04/26", "30/04/99")
print(short, beside, last_century)
assert short == [(date(2030, 4, 26),), (date(2031, 12, 25),), (date(2029, 2, 24),)]
assert beside == [(date(2026, 4, 30), date(26, 4, 30))]
assert last_century == [(date(2026, 4, 30),), (date(1999, 4, 30),)]
PY
