#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: a seed's column of text makes the dates of another unreadable.
#
# dbt finds out the types of a seed's columns, and DuckDB, which copies the file, finds out how its dates
# are written, once for the file. To dbt 30/04/2026 is text and 2026-03-31 is a date; to DuckDB the first
# shows how dates are written. So an official list with a British date that nobody asked to have read
# stops the build, and the error blames the column that is right. Saying so in column_types, text for the
# one and date for the other, does not help; text for both does. Apart, each column is loaded.
#
# Seen: 'Could not convert string "2026-03-31" to 'DATE'' for both and for typed; the other three are loaded
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==2.0.0
mkdir -p "$folder/project/seeds"
cd "$folder/project"
printf 'name: lists\nversion: "1.0.0"\nprofile: lists\n' > dbt_project.yml
printf 'lists:\n  target: here\n  outputs:\n    here: {type: duckdb, path: lists.duckdb}\n' > profiles.yml
for seed in both typed texts; do printf 'published,ends\n30/04/2026,2026-03-31\n' > seeds/$seed.csv; done
printf 'list,published\nneighbours,30/04/2026\n' > seeds/british.csv
printf 'list,ends\nneighbours,2026-03-31\n' > seeds/iso.csv
cat > seeds/seeds.yml <<'YML'
seeds:
  - {name: typed, config: {column_types: {published: varchar, ends: date}}}
  - {name: texts, config: {column_types: {published: varchar, ends: varchar}}}
YML
export DBT_SEND_ANONYMOUS_USAGE_STATS=false
"$folder/venv/bin/dbt" --no-use-colors seed --profiles-dir . > told.txt || true
grep -o "Could not convert string.*\|OK loaded seed file main.[a-z]*\|ERROR loading seed file main.[a-z]*" told.txt
test "$(grep -c 'Could not convert string "2026-03-31" to .DATE.' told.txt)" = 2
for seed in both typed; do grep -q "ERROR loading seed file main.$seed " told.txt; done
for seed in texts british iso; do grep -q "OK loaded seed file main.$seed " told.txt; done
