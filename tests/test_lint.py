"""Style is checked by the field's own tools."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT, settings

BIN = Path(sys.executable).parent


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."]])
def test_python_is_clean(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_sql_is_clean(whole_job: object) -> None:
    environment = os.environ | {"DBT_TARGET_PATH": str(settings.data / "lint")}
    done = subprocess.run(
        [BIN / "sqlfluff", "lint", "models", "tests"],
        cwd=settings.dbt_project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
