#!/usr/bin/env bash
# duckdb 2.0.0: who was born on 29 February 2008 is 18 on 28 February 2026, and is 17.
#
# date_sub('year', ...) counts the whole years between two dates, and age() gives years, months and
# days. They part at the end of February: by the first a young person comes of age on the 28th, and by the
# second, as in PostgreSQL and in England, on 1 March. With months they part at every month's
# end that is shorter: from 31 January to 28 February lies one whole month, or none. A list of care
# leavers by the one does not agree with a list of children looked after by the other.
#
# Seen: 18 and 17 on 28 February, 18 and 18 on 1 March; 1 month and 0 months
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
"$folder/venv/bin/python" - <<'PY'
import duckdb


def whole(part: str, since: str, until: str) -> tuple[int, int]:
    """How many whole years or months, by date_sub and by age."""
    dates = f"date '{since}', date '{until}'"
    later_first = f"date '{until}', date '{since}'"
    return duckdb.sql(
        f"select date_sub('{part}', {dates}), extract({part} from age({later_first}))"
    ).fetchall()[0]


eve, day = whole("year", "2008-02-29", "2026-02-28"), whole("year", "2008-02-29", "2026-03-01")
month = whole("month", "2026-01-31", "2026-02-28")
print(eve, day, month)
assert eve == (18, 17)
assert day == (18, 18)
assert month == (1, 0)
PY
