#!/usr/bin/env bash
# PHStatsMethods 0.1.16: byars(), which gives an interval of 95% by default, gives one of 5%.
#
# The package is the Python form of England's public health methods. byars(20), the interval of a count
# of 20, hands 1 - 0.95 on to functions that take the 0.95 themselves. It runs from 19.4 to 21.0, not from
# 12.2 to 30.9, which byars_lower and byars_upper give: a count of 25 elsewhere, well inside, looks
# significantly higher. Below 10, where it warns that it goes over to the exact method, it is the same.
#
# Seen: 19.39 to 20.95 from byars, 12.21 to 30.89 from its two halves; for 5, 4.54 to 5.82 and 1.62 to 11.67
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  phstatsmethods==0.1.16 pandas==3.1.1 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PY'
from PHStatsMethods import byars, byars_lower, byars_upper, exact


def two_places(interval: tuple[float, float]) -> tuple[float, float]:
    lower, upper = interval
    return round(float(lower), 2), round(float(upper), 2)


whole, halves = two_places(byars(20)), two_places((byars_lower(20), byars_upper(20)))
few, right = two_places(byars(5)), two_places(exact(5))
print(whole, halves, few, right)
assert whole == (19.39, 20.95) == two_places((byars_lower(20, 0.05), byars_upper(20, 0.05)))
assert halves == (12.21, 30.89)
assert few == (4.54, 5.82) == two_places(exact(5, 0.05))
assert right == (1.62, 11.67)
PY
