#!/usr/bin/env bash
# dbt-core 1.11.16 beside jsonschema 4.26.0's extra format-nongpl: each start works out a grammar.
#
# cyclonedx-bom, which writes a bill of materials, brings that extra. jsonschema imports the library
# of every format that it finds, whether a format is asked for or not; dbt imports jsonschema, and
# rfc3987-syntax then makes an Earley parser of internet addresses with lark. dbt checks no address.
# A tool that is never run makes `dbt --version` and all other commands of that environment slower.
#
# Seen: 1.5 seconds of processor for importing dbt's command line before it came, 2.6 after
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip() { "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
imported() {
  "$folder/venv/bin/python" -W ignore - <<'PY'
import sys
import time

import dbt.cli.main

print("lark" in sys.modules, round(time.process_time(), 1))
PY
}
pip dbt-core==1.11.16 jsonschema==4.26.0
imported > /dev/null # compiles its modules
without=$(imported)
pip cyclonedx-bom==7.5.0 jsonschema==4.26.0 rfc3987-syntax==1.1.0 lark==1.3.1
imported > /dev/null
with=$(imported)
echo "a grammar is worked out, and seconds of processor: $without before, $with after"
test "${without% *}" = False
test "${with% *}" = True
