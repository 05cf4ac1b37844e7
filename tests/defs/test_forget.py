"""Forgetting a child in a real data folder: the job builds anew, and no byte tells of the child."""

import csv
import hashlib
import re
from pathlib import Path

import duckdb

from orchestration.deliveries.rows.pseudonym import pseudonym
from orchestration.disclosure.publishable import publishable
from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Edition
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


def told_figures(installation: Installation) -> list[tuple[object, ...]]:
    """Every figure of the sample council and its margin, provisional ones too."""
    file = installation.data / "warehouse" / "published.duckdb"
    columns = "indicator_id, period_type, period_start, period_end, breakdown, breakdown_value"
    with duckdb.connect(str(file), read_only=True) as mart:
        return mart.sql(
            " union all ".join(
                f"select {columns}, numerator, denominator, value, status, interval_lower,"
                f" interval_upper from marts.{table} where geography_code = 'X06000001'"
                for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
            )
            + " order by all"
        ).fetchall()


def public_edition(installation: Installation) -> Edition:
    """What packs make public of the sample council's newest month, before anything is hidden."""
    file = installation.data / "warehouse" / "published.duckdb"
    with duckdb.connect(str(file), read_only=True) as mart:
        return publishable(load_edition(mart, "X06000001", None), {})


def test_a_forgotten_child_is_in_no_byte_after_the_next_run(council: Installation) -> None:
    home, data = council.home, council.data
    delivered = data / "incoming" / "2026-03" / "ssd_cin_episodes.csv"
    with delivered.open(encoding="utf-8", newline="") as lines:
        child = next(csv.DictReader(lines))["cine_person_id"]
    key = (data / "keys" / "pseudonym.key").read_text(encoding="ascii").strip().encode()
    secrets = (child, pseudonym(key, child))
    assert holding(home, *secrets) >= {"data/warehouse/build.duckdb"}
    # who asks for the child's case beforehand leaves nothing either
    asked = ("referrals_count", "2025-03..2026-03")
    told = council.run("python", "-m", "orchestration.commands.list_cases", *asked)
    assert child not in told
    [cases] = (data / "cases").glob("*.csv")
    assert cases.stat().st_mode & 0o077 == 0
    published = digests(council.exports)
    figures, public = told_figures(council), public_edition(council)
    assert len(figures) > 1_000
    assert {figure[-3] for figure in figures} >= {"ok", "provisional"}

    said = council.run("python", "-m", "orchestration.commands.forget", told=f"{child}\n")

    assert child not in said and secrets[1] not in said
    assert re.search(r"[1-9]\d* figures that the rows give otherwise now are kept", said)
    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert digests(council.exports) == published
    assert not (data / "warehouse" / "build.duckdb").exists()

    council.run_job("2026-03")

    assert holding(home, *secrets) == {"data/keys/forgotten.txt"}
    assert (data / "warehouse" / "build.duckdb").stat().st_mode & 0o077 == 0
    assert (data / "warehouse" / "published.duckdb").exists()
    # what was published with the child still stands, and the mart tells no restatement of it
    assert told_figures(council) == figures
    # nor does anything that the public may read: words, margins, directions, what is tied to what
    assert public_edition(council) == public
    with duckdb.connect(str(data / "warehouse" / "published.duckdb"), read_only=True) as mart:
        assert mart.sql("select count(*) from marts.fct_restatement").fetchall() == [(0,)]
        origins = mart.sql("select distinct origin from marts.kpi_monthly").fetchall()
    assert ("remembered",) in origins
