#!/usr/bin/env bash
# PHStatsMethods 0.1.16: a funnel in children per 1,000 has an upper limit of 100, below its own middle.
#
# calculate_funnel_limits takes a multiplier, "used to express the final values (e.g. 100 = percentage)".
# The middle and the lower limits follow it; the upper limits of a proportion are held to 100 whatever it
# is. With 1,000 the middle is 465.4, the lower limit 439.3 and the upper limit 100, so that every area
# lies above it. With 1 a share may reach 2.007, as nothing holds it to 1.
#
# Seen: 46.5 and 49.2 for 100; 465.4 and 100 for 1,000; 0.465 and, for an area of one child, 2.007 for 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  phstatsmethods==0.1.16 pandas==3.1.1 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PY'
import pandas as pd
from PHStatsMethods import calculate_funnel_limits

areas = pd.DataFrame({"seen": [180, 420, 610], "children": [400, 900, 1300]})


def funnel(multiplier: int, row: int) -> list[float]:
    """The lower limit, the middle, and the upper limits of two and three sigma."""
    limits = calculate_funnel_limits(areas, "seen", "proportion", multiplier, "children").iloc[row]
    names = ["lower_2s_limit", "baseline", "upper_2s_limit", "upper_3s_limit"]
    return [round(float(limits[name]), 3) for name in names]


percent, thousand, share = funnel(100, -1), funnel(1000, -1), funnel(1, 0)
print(percent, thousand, share)
assert percent == [43.926, 46.538, 49.151, 50.658]
assert thousand == [439.256, 465.385, 100, 100]
assert share == [0, 0.465, 1.443, 2.007]
PY
