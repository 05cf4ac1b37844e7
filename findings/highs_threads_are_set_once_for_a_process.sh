#!/usr/bin/env bash
# highspy 1.16.0: an option that is taken with "ok" stops a solvable model, after another model ran.
#
# The number of threads belongs to the process, not to the model. setOptionValue("threads", 1) on a
# second, new model answers kOk; its run() then answers kError with the model status kNotset, and
# nothing is raised. Who reads the status as "no solution" takes a number that can be worked out for
# one that cannot. Without the option, or set before the first run, the same model is solved.
#
# Seen: kOptimal, then kOk for the option and kError, kNotset for the run, then kOptimal again
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0
"$folder/venv/bin/python" - <<'PY'
from highspy import Highs, HighsModelStatus, HighsStatus


def least(threads: int | None = None) -> tuple[HighsStatus, HighsModelStatus]:
    """Solve: the smallest number from 0 to 4."""
    model = Highs()
    model.setOptionValue("output_flag", False)
    if threads is not None:
        assert model.setOptionValue("threads", threads) == HighsStatus.kOk
    model.addVariable(0, 4, 1)
    return model.run(), model.getModelStatus()


told = [least(), least(threads=1), least()]
print(told)
solved = (HighsStatus.kOk, HighsModelStatus.kOptimal)
assert told == [solved, (HighsStatus.kError, HighsModelStatus.kNotset), solved]
PY
