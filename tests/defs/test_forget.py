"""Forgetting a child in a real data folder: the job builds anew, and no byte tells of the child."""

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.deliveries.pseudonym import pseudonym
from orchestration.settings import PROJECT

FILL = """
from orchestration.fresh_clone import fill
from orchestration.settings import settings
fill(settings.incoming, settings.seeds, size=150, months=1)
"""
JOB = ["-m", "dagster", "job", "execute", "-m", "orchestration.definitions", "-j", "monthly_kpis"]
TAGS = ["--tags", '{"dagster/partition": "2026-03"}', "-c", "orchestration/console.yaml"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def python(home: Path, *arguments: str, told: str = "") -> str:
    """What a command of the project says, with data and exports below `home`."""
    folders = {"KPI_DATA": str(home / "data"), "KPI_EXPORTS": str(home / "exports")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=PROJECT,
        env=os.environ | folders,
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def holding(home: Path, *secrets: str) -> set[str]:
    """Files below `home` in whose bytes one of the secrets stands."""
    return {
        file.relative_to(home).as_posix()
        for file in home.rglob("*")
        if file.is_file() and any(secret.encode() in file.read_bytes() for secret in secrets)
    }


def test_a_forgotten_child_is_in_no_byte_after_the_next_run(home: Path) -> None:
    python(home, "-c", FILL)
    python(home, *JOB, *TAGS)
    data = home / "data"
    delivered = data / "incoming" / "2026-03" / "ssd_cin_episodes.csv"
    with delivered.open(encoding="utf-8", newline="") as lines:
        child = next(csv.DictReader(lines))["cine_person_id"]
    key = (data / "keys" / "pseudonym.key").read_text(encoding="ascii").strip().encode()
    secrets = (child, pseudonym(key, child))
    assert holding(home, *secrets) >= {"data/warehouse/build.duckdb"}
    published = digests(home / "exports")

    said = python(home, "-m", "orchestration.forget", told=f"{child}\n")

    assert child not in said and secrets[1] not in said
    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert digests(home / "exports") == published
    assert not (data / "warehouse" / "build.duckdb").exists()

    python(home, *JOB, *TAGS)

    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert (data / "warehouse" / "build.duckdb").stat().st_mode & 0o077 == 0
    assert (data / "warehouse" / "published.duckdb").exists()
