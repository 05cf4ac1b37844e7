"""What is told of the installation itself: failed and repaired runs, files that need somebody.

An error's own text is never told: it may quote a cell. Its code is, where the engineer's page knows
it, with the recovery step that stands there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from orchestration.editions import words
from orchestration.files import PROJECT
from orchestration.publication.markings import OFFICERS_ONLY

TOLD = 20
"""Findings that a notice lists; it says how many more there are."""

_STEP = re.compile(r"^\| `([A-Z]+(?:-[A-Z]+)+)` \| .* \| (.*) \|$", re.MULTILINE)
_CODE = re.compile(r"(?:^|[\s:])([A-Z]+(?:-[A-Z]+)+)(?=:| \|)")
_STAY = "Meanwhile the last good exports stay as they are."


@cache
def recovery_steps() -> Mapping[str, str]:
    """Code to what the engineer's page says is to be done."""
    page = PROJECT / "docs" / "engineer.md"
    return dict(_STEP.findall(page.read_text(encoding="utf-8")))


def codes_in(texts: Iterable[str]) -> list[str]:
    """The codes of this project that errors begin with or name, each once."""
    found = [code for text in texts for code in _CODE.findall(text)]
    return [code for code in dict.fromkeys(found) if code in recovery_steps()]


def run_link(dagster_url: str, run_id: str) -> str:
    """Where the run is looked at; its id alone where no address of Dagster's pages is set."""
    return f"{dagster_url}/runs/{run_id}" if dagster_url else f"Dagster, run {run_id}"


def failure_notice(job: str, step_keys: Sequence[str], codes: Sequence[str], run: str) -> str:
    """A failed run in words; `run` is its link."""
    steps = recovery_steps()
    done = [f"- {code}: {steps[code]}" for code in codes] or [
        "- No code of this project is among its errors: open the run and read the failed step's"
        " message. A run without a failed step was killed: start it again."
    ]
    return _notice(
        f"Run failed: {job}" + (f" ({codes[0]})" if codes else ""),
        f"- Failed steps: {', '.join(step_keys) or 'none named'}\n- Run: {run}",
        "\n".join(["What to do:", *done]),
        f"Then run the job again. {_STAY}",
    )


def repaired_notice(job: str, run: str) -> str:
    """A job that failed the last time and went through now."""
    return _notice(f"Repaired: {job}", f"It went through again.\n- Run: {run}")


def findings_notice(findings: Sequence[str], run: str) -> str:
    """Files that were refused or did not come, and what else a run's red checks found."""
    listed = [f"- {found}" for found in findings[:TOLD]]
    if len(findings) > TOLD:
        listed.append(f"- and {len(findings) - TOLD} more")
    return _notice(
        f"Deliveries need somebody: {len(findings)} found",
        "\n".join(listed),
        f"Each is told once. Where: {run}, and the checks of its assets. {_STAY}",
    )


def late_notice(months: Sequence[str], due: date, *, is_again: bool = False) -> str:
    """Deliveries that did not come, in words; `months` are YYYY-MM, `due` the day of the last."""
    of = ", ".join(months)
    return _notice(
        f"Data {'still ' if is_again else ''}late: the delivery of {of}",
        f"No file of the delivery of {of} has been accepted. The last was due on {words.day(due)}.",
        "What to do: ask whoever exports the extracts, or look in the run's checks for files that"
        " were refused; then drop them into the month's folder.",
        "Meanwhile the last good exports stay as they are, and nobody is alerted on old figures.",
    )


def _notice(subject: str, *blocks: str) -> str:
    return "\n\n".join([OFFICERS_ONLY, f"# {subject}", *blocks]) + "\n"
