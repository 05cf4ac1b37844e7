"""Forgetting a child in a real data folder: the job builds anew, and no byte tells of the child."""

import csv
import hashlib
import re
from pathlib import Path

import duckdb

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


def final_figures(installation: Installation) -> list[tuple[object, ...]]:
    """Every figure of the sample council that is final."""
    file = installation.data / "warehouse" / "published.duckdb"
    columns = "indicator_id, period_type, period_start, period_end, breakdown, breakdown_value"
    with duckdb.connect(str(file), read_only=True) as mart:
        return mart.sql(
            " union all ".join(
                f"select {columns}, numerator, denominator, value from marts.{table}"
                " where geography_code = 'X06000001' and status in ('ok', 'no_cases')"
                for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
            )
            + " order by all"
        ).fetchall()


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
    figures = final_figures(installation)
    assert len(figures) > 1_000

    said = installation.run("python", "-m", "orchestration.forget", told=f"{child}\n")

    assert child not in said and secrets[1] not in said
    assert re.search(r"[1-9]\d* figures that the rows give otherwise now are kept", said)
    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert digests(installation.exports) == published
    assert not (data / "warehouse" / "build.duckdb").exists()

    installation.run_job("2026-03")

    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert (data / "warehouse" / "build.duckdb").stat().st_mode & 0o077 == 0
    assert (data / "warehouse" / "published.duckdb").exists()
    # what was published with the child still stands, and the mart tells no restatement of it
    assert final_figures(installation) == figures
    with duckdb.connect(str(data / "warehouse" / "published.duckdb"), read_only=True) as mart:
        assert mart.sql("select count(*) from marts.fct_restatement").fetchall() == [(0,)]
        origins = mart.sql("select distinct origin from marts.kpi_monthly").fetchall()
    assert ("remembered",) in origins
