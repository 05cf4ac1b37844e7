#!/usr/bin/env bash
# csvw 4.1.1: is_valid is True for a table with errors, in a program that shows no warnings.
#
# CSV on the Web is how open data say what their columns hold. is_valid collects the errors of cells as
# Python warnings, under the program's own filters: with python -W ignore, PYTHONWARNINGS=ignore or a
# simplefilter("ignore") at the top, as many a pipeline has against noise, there are none to collect. A
# symbol of the statistics that the description does not name, such as low, passes for a number, and a
# date in another order for a date; to_json gives both on as text.
#
# Seen: False and 2 warnings as Python starts by default, True and 0 with -W ignore, of the same table
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csvw==4.1.1 rdflib==7.6.0
cd "$folder"
printf 'day,children\n31/03/2026,120\n30/06/2026,low\n2026-09-30,131\n' > figures.csv
cat > figures.csv-metadata.json <<'JSON'
{
  "@context": "http://www.w3.org/ns/csvw",
  "url": "figures.csv",
  "tableSchema": {
    "columns": [
      {"name": "day", "titles": "day", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
      {"name": "children", "titles": "children", "datatype": "integer", "null": ["c", "z"]}
    ],
    "primaryKey": "day"
  }
}
JSON
cat > check.py <<'PY'
from csvw import CSVW

figures = CSVW("figures.csv-metadata.json", validate=True)
valid, told = figures.is_valid, len(figures.warnings)
print(valid, told, [each["children"] for each in figures.to_json(minimal=True)])
PY
usual=$(venv/bin/python check.py 2> told.txt) silent=$(venv/bin/python -W ignore check.py)
echo "valid, number of warnings and numbers: $usual; with warnings off: $silent"
test "$usual" = "False 2 [120, 'low', 131]"
test "$silent" = "True 0 [120, 'low', 131]"
