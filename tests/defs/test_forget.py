"""Forgetting a child in a real data folder: the job builds anew, and no byte tells of the child."""

import csv
import hashlib
from pathlib import Path

from orchestration.deliveries.pseudonym import pseudonym
from tests.defs.conftest import Installation


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


def test_a_forgotten_child_is_in_no_byte_after_the_next_run(installation: Installation) -> None:
    installation.fill()
    installation.run_job("2026-03")
    home, data = installation.home, installation.data
    delivered = data / "incoming" / "2026-03" / "ssd_cin_episodes.csv"
    with delivered.open(encoding="utf-8", newline="") as lines:
        child = next(csv.DictReader(lines))["cine_person_id"]
    key = (data / "keys" / "pseudonym.key").read_text(encoding="ascii").strip().encode()
    secrets = (child, pseudonym(key, child))
    assert holding(home, *secrets) >= {"data/warehouse/build.duckdb"}
    published = digests(installation.exports)

    said = installation.run("python", "-m", "orchestration.forget", told=f"{child}\n")

    assert child not in said and secrets[1] not in said
    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert digests(installation.exports) == published
    assert not (data / "warehouse" / "build.duckdb").exists()

    installation.run_job("2026-03")

    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert (data / "warehouse" / "build.duckdb").stat().st_mode & 0o077 == 0
    assert (data / "warehouse" / "published.duckdb").exists()
