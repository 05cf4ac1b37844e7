"""The solver on the console of a command: it says nothing."""

import subprocess
import sys

from orchestration.settings import PROJECT

SOLVED = """
from orchestration.disclosure.bounds import Range
from orchestration.disclosure.whole_numbers import Model
total = ((("a", 1), ("b", 1)), 7, 7)
bounds = {"a": Range(0, 9), "b": Range(0, 9)}
for _ in range(2):
    print(sum(Model(["a", "b"], [total], bounds).solve({"a": 1}).values()))
"""


def said(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout


def test_the_solver_says_nothing_on_the_console() -> None:
    assert said(SOLVED) == "7\n7\n"
    bare = said("import highspy; highspy.Highs()")
    assert "HiGHS" in bare, "it is silent of itself by now: take _introduce_solver out"
