"""What is said where a build fails, and what must not be: a model's own error can quote a cell."""

import errno
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path


def shortage(told: str, memory: str) -> str:
    """The message where an error's text, of which nothing is shown, says that the machine is too
    small for the build, which may take `memory` ("900MB"); empty otherwise."""
    if "Out of Memory" in told:
        return (
            f"MEMORY-SHORT: the build needs more than the {memory} of memory that it may "
            "take; what is published stays: set KPI_MEMORY higher and run the whole job again"
        )
    if any(os.strerror(each) in told for each in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
        return (
            "DISK-FULL: the data folder has no room left for the build; what is published stays: "
            "make room and run the whole job again"
        )
    return ""


def seen_by_hand(names: Sequence[str], data: Path, build: Path, dbt_project: Path) -> str:
    """The command that builds these models or tests again, with what they stand on, into a file of
    its own, and shows what dbt says of them."""
    folders = {
        "KPI_DATA": data,
        "KPI_WAREHOUSE": build.with_name("analyst.duckdb"),
    }
    words = [f"{name}={shlex.quote(str(folder))}" for name, folder in folders.items()]
    words += [shlex.quote(str(Path(sys.executable).with_name("dbt"))), "build"]
    for option in ("--project-dir", "--profiles-dir"):
        words += [option, shlex.quote(str(dbt_project))]
    chosen = [f"+{name}" for name in names]
    # unit tests need tables that are not made yet
    return " ".join([*words, "--exclude-resource-type unit_test", "--select", *chosen])


def silence(run_results: Path) -> None:
    """Take the errors' texts out of what dbt wrote down: a model's own error can quote a cell."""
    if not run_results.exists():
        return
    try:
        told = json.loads(run_results.read_bytes())
    except ValueError:
        # torn by a kill: nobody reads it, and what there is of it may quote a cell
        run_results.unlink()
        return
    failed = [each for each in told["results"] if each["status"] in ("error", "fail", "warn")]
    if any(each["message"] for each in failed):
        for each in failed:
            each["message"] = ""
        run_results.write_text(json.dumps(told), encoding="utf-8")
