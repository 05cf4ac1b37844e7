"""Promises about the files themselves: anyone's machine, locked dependencies, nothing of ours."""

import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

TRACKED = [
    Path(name)
    for name in subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    if name
]
TOP_LEVEL = {
    "orchestration",
    "dbt_project",
    "seeds",
    "exports",
    "tests",
    "workspace.yaml",
    "pyproject.toml",
    "README.md",
    "docs",
    "Makefile",
    "dagster.yaml",
    "apt.txt",
    "requirements.lock",
    "findings",
    "LICENSE",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
}


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        with zipfile.ZipFile(PROJECT / path) as parts:
            return "\n".join(
                parts.read(name).decode() for name in parts.namelist() if name.endswith("xml")
            )
    if path.suffix in {".parquet", ".png", ".ttf", ".xz"}:
        return ""
    return (PROJECT / path).read_text(encoding="utf-8")


def test_the_top_level_is_the_agreed_one() -> None:
    assert {path.parts[0] for path in TRACKED if not path.parts[0].startswith(".")} <= TOP_LEVEL


def test_every_locked_package_is_pinned_and_hashed_and_no_registry_is_named() -> None:
    lock = text_of(Path("requirements.lock"))
    packages = re.findall(
        r"(?m)^[A-Za-z0-9_.\-]+==[^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", lock
    )
    assert len(packages) == len(re.findall(r"(?m)^[A-Za-z0-9]", lock)) > 100
    assert "://" not in lock


@pytest.mark.parametrize(
    "path", [path for path in TRACKED if path.name != "test_repository.py"], ids=str
)
def test_no_file_names_a_machine_or_a_registry(path: Path) -> None:
    found = re.findall(
        r"(?:^|[\s\"'(=:])/(?:work|root|home)/|index-url\s*=|/simple(?:/|\b)|\.whl\b", text_of(path)
    )
    assert found == []
