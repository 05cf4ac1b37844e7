"""The solver on the console of `make pack`: it says nothing."""

import subprocess
import sys

from orchestration.settings import PROJECT

SOLVED = """
from orchestration.disclosure.bounds import Range
from orchestration.disclosure.whole_numbers import Model
if {introduced}:
    from orchestration.packs.solver import introduce_solver
    introduce_solver()
total = ((("a", 1), ("b", 1)), 7, 7)
bounds = {{"a": Range(0, 9), "b": Range(0, 9)}}
print(sum(Model(["a", "b"], [total], bounds).solve({{"a": 1}}).values()))
"""


def said(introduced: bool) -> str:
    return subprocess.run(
        [sys.executable, "-c", SOLVED.format(introduced=introduced)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_solver_says_nothing_on_the_console() -> None:
    assert said(introduced=True) == "7\n"
    assert "HiGHS" in said(introduced=False), "it is silent of itself by now: take solver.py out"
