#!/usr/bin/env bash
# duckdb 2.0.0: the date that PostgreSQL writes for "no end", infinity, is parsed as 1 January 1900.
#
# PostgreSQL's COPY writes an open end as the word infinity, and a case system's export may hold it.
# try_strptime, which is to give null for a text that is not of the format, gives 1900-01-01 for it
# whatever the format is (and for -infinity and epoch as well): an open episode ends before it began.
# A cast of the same text knows better, and says that it is no finite date.
#
# Seen: 1900-01-01 for infinity, -infinity and epoch; null for "never"; the cast is not finite
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
"$folder/venv/bin/python" - <<'PY'
import datetime

import duckdb

ends = ["infinity", "-infinity", "epoch", "never", "2026-03-31"]
parsed = {
    end: duckdb.execute("select try_strptime($1, '%Y-%m-%d')::date", [end]).fetchall()[0][0]
    for end in ends
}
print(parsed)
special = datetime.date(1900, 1, 1)
assert parsed == {
    "infinity": special,
    "-infinity": special,
    "epoch": special,
    "never": None,
    "2026-03-31": datetime.date(2026, 3, 31),
}
assert duckdb.sql("select isfinite(try_cast('infinity' as date))").fetchall() == [(False,)]
PY
