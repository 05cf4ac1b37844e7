#!/usr/bin/env bash
# sqruff 0.44.0 and sqlfluff 4.5.0: what fix puts in order has other columns under the same names.
#
# Rule ST06 of both wants plain columns before calculated ones, and fix moves them; sqlfluff checks it by
# default, sqruff where all rules are. sqruff moves them in a common table expression that names its
# columns, totals (hours, child) as (select ...), where the first is hours because it is the first;
# sqlfluff leaves that alone, and moves the columns of a subquery that a pair is looked for in. Where the
# types agree nothing fails: hours are the sum of the children's numbers, and no child is found.
#
# Seen: 15 hours before sqruff fix and 203 after; 2 children before sqlfluff fix and 0 after
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  duckdb==2.0.0 sqruff==0.44.0 sqlfluff==4.5.0
cd "$folder"
printf '[sqruff]\ndialect = duckdb\nrules = all\n' > .sqruff
cat > totals.sql <<'SQL'
with totals (hours, child) as (
    select
        missed + excluded,
        child
    from absences
)

select sum(hours) as hours
from totals
SQL
cat > found.sql <<'SQL'
select count(*) as children
from absences
where (missed, child) in (
    select
        missed + 0,
        child
    from absences
)
SQL
answer() {
  "$folder/venv/bin/python" - "$1" <<'PY'
import sys
from pathlib import Path

import duckdb

duckdb.sql("create table absences (child int, missed int, excluded int)")
duckdb.sql("insert into absences values (101, 7, 0), (102, 5, 3)")
print(duckdb.sql(Path(sys.argv[1]).read_text()).fetchall()[0][0])
PY
}
hours=$(answer totals.sql) children=$(answer found.sql)
venv/bin/sqlfluff fix --dialect duckdb totals.sql > told.txt
test "$(answer totals.sql)" = "$hours"
venv/bin/sqruff fix totals.sql > told.txt 2>&1
venv/bin/sqlfluff fix --dialect duckdb found.sql > told.txt || true
echo "hours: $hours, $(answer totals.sql) after sqruff fix"
echo "children: $children, $(answer found.sql) after sqlfluff fix"
test "$hours $(answer totals.sql)" = "15 203"
test "$children $(answer found.sql)" = "2 0"
