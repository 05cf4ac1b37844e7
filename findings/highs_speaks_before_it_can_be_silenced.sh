#!/usr/bin/env bash
# highspy 1.16.0: the first model of a process writes to standard output before any option is set.
#
# output_flag is how output is switched off, and it is an option of a model: making the first model of
# a process writes who made the solver, two lines, straight to the descriptor, so that neither
# output_flag nor Python's redirect_stdout keeps them out. A program whose standard output is data,
# such as JSON for another program, has two lines too many before its first byte. Later models are
# silent, and so are option and run.
#
# Seen: two lines for the first model; nothing for its option and run; nothing for the second model
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0
cat > "$folder/quiet.py" <<'PY'
import contextlib
import io
import sys

from highspy import Highs

with contextlib.redirect_stdout(io.StringIO()):
    models = [Highs() for _ in range(int(sys.argv[1]))]
    for model in models:
        model.setOptionValue("output_flag", False)
        model.addVariable(0, 4, 1)
        model.run()
PY
told=$(for models in 0 1 2; do "$folder/venv/bin/python" "$folder/quiet.py" $models | wc -l; done | xargs)
echo "lines written where 0, 1 and 2 models are made: $told"
test "$told" = "0 2 2"
