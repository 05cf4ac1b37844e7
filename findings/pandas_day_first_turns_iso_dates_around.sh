#!/usr/bin/env bash
# pandas 3.1.1: dayfirst=True, which British dates need, reads 2026-04-01 as 4 January, and says nothing.
#
# An ISO date begins with its year, and its order is in no doubt. With dayfirst the middle number is taken
# for the day wherever it can be one: in a column of a return beside its DD/MM/YYYY columns, in a moment
# with T, in 20260401 without hyphens. The first date decides for the column. If it has no day above 12,
# days and months change places; if it has one, such as 2026-03-31, all dates are read rightly, and it is
# then that pandas warns. Months and ages are wrong, and of errors="coerce" only 12 days a month are left.
#
# Seen: 2026-01-04 and 2026-02-05 for 1 April and 2 May, and no warning; the right dates, and a warning
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import io
import warnings

import pandas as pd


def read(*rows: str) -> tuple[list[str], list[str], int]:
    """The British and the ISO dates of a file as they are read, and the number of warnings."""
    text = io.StringIO("\n".join(["DECOM,DEC", *rows]))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read = pd.read_csv(text, parse_dates=["DECOM", "DEC"], dayfirst=True)
    return *(read[name].dt.strftime("%Y-%m-%d").tolist() for name in read), len(told)


turned = read("01/04/2026,2026-04-01", "02/05/2026,2026-05-02")
warned = read("31/03/2026,2026-03-31", "01/04/2026,2026-04-01")
print(turned, warned)
assert turned == (["2026-04-01", "2026-05-02"], ["2026-01-04", "2026-02-05"], 0)
assert warned == (["2026-03-31", "2026-04-01"], ["2026-03-31", "2026-04-01"], 1)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    others = [pd.to_datetime(d, dayfirst=True) for d in ("2026-04-01T09:30:00Z", "20260401")]
    dates = pd.Series(["2026-04-01", "2026-04-30"])
    left = pd.to_datetime(dates, dayfirst=True, errors="coerce")
print(others, left.tolist())
assert [str(other.date()) for other in others] == ["2026-01-04", "2026-01-04"]
assert left.isna().tolist() == [False, True]
PY
