#!/usr/bin/env bash
# dagster-postgres 0.29.27 with sqlalchemy 2.1.9, which it allows: no storage opens.
#
# It brings psycopg2 and writes addresses that begin with postgresql://, as its documentation does.
# From SQLAlchemy 2.1 on these mean psycopg (3), which nobody has asked for. With the driver named,
# postgresql+psycopg2://, all works: in postgres_url, or as scheme in postgres_db.
#
# Seen: ModuleNotFoundError: No module named 'psycopg'
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dagster-postgres==0.29.27 sqlalchemy==2.1.9
"$folder/venv/bin/python" -W ignore - <<'PY'
from dagster_postgres.utils import create_pg_engine, get_conn_string

parts = {"username": "kpi", "password": "word", "hostname": "localhost", "db_name": "kpi"}
try:
    create_pg_engine(get_conn_string(**parts), None)
    raise SystemExit("its own addresses open now")
except ModuleNotFoundError as error:
    print(error)
    assert error.name == "psycopg"
create_pg_engine(get_conn_string(**parts, scheme="postgresql+psycopg2"), None)
PY
