#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: --single-threaded cannot run two models.
#
# The option runs all nodes in dbt's own thread; it is for profilers and debuggers, and changes nothing
# of what is built. With DuckDB the first model is made, and the next is told that the connection is
# closed, whatever the models are. One thread (threads: 1) without the option makes both.
#
# Seen: PASS=2 without it; "Connection already closed!" with it
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==2.0.0
mkdir -p "$folder/project/models"
cd "$folder/project"
printf 'name: two\nversion: "1.0.0"\nprofile: two\n' > dbt_project.yml
printf 'two:\n  target: here\n  outputs:\n    here: {type: duckdb, path: two.duckdb, threads: 1}\n' > profiles.yml
echo 'select 1 as one' > models/a.sql
echo "select * from {{ ref('a') }}" > models/b.sql
export DBT_SEND_ANONYMOUS_USAGE_STATS=false
run() { "$folder/venv/bin/dbt" --no-use-colors "$@" run --profiles-dir . || true; }
run > threaded.txt
run --single-threaded > single.txt
grep -h "PASS=\|Connection already closed" threaded.txt single.txt
grep -q "PASS=2" threaded.txt
grep -q "Connection already closed" single.txt
