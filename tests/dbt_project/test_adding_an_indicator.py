"""A new indicator is one SQL file and one entry of the catalogue: nothing else is touched."""

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.catalogue.for_dbt import write_for_dbt
from orchestration.catalogue.indicators import read_catalogue
from orchestration.deliveries.quality import delivery_quality
from orchestration.documents.edition_files import edition_files
from orchestration.editions.edition import load_edition
from orchestration.reference.tables import Reference
from orchestration.sample_council import GEOGRAPHY_CODE
from orchestration.settings import PROJECT
from tests.defs.conftest import install_beside

SQL = """\
with referrals as (
    select * from {{ ref('stg_ssd_cin_episodes') }}
)

select
    cine_referral_date as indicator_date,
    cine_referral_id as subject_id,
    case when cine_referral_nfa = 'Y' then 1 else 0 end as numerator,
    1 as denominator,
    cine_referral_source_code as referral_source
from referrals
"""
ENTRY = """\
  - id: referrals_nfa_pct
    name: Referrals closed at once with no further action
    tier: supporting
    unit: percent
    time_basis: period_flow_ratio
    polarity: neutral
    basis: local
    disclosure_class: process
    counts: those referrals on which nothing further was done
    out_of: referrals received in the period
    why: Many of them ask whether contacts are sifted well.
    source: rows
    needs: [ssd_cin_episodes]
    starts: ssd_cin_episodes.cine_referral_date
    breakdowns: [referral_source]
"""


@pytest.fixture(scope="module")
def mart_with_it(main_job: Path) -> Iterator[Path]:
    """The warehouse of a copy of the project that has one indicator more."""
    made = install_beside(main_job, "data/raw", "data/ledger", "data/dbt")
    home = made.home
    shutil.copytree(PROJECT / "dbt_project", home / "dbt_project")
    folder = home / "dbt_project" / "models" / "indicators" / "front_door"
    (folder / "ind_referrals_nfa_pct.sql").write_text(SQL, encoding="utf-8")
    shutil.copytree(PROJECT / "seeds", home / "seeds")
    file = home / "seeds" / "catalogue" / "front_door.yml"
    file.write_text(file.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    reference = Reference(home / "seeds", home / "data" / "reference")
    write_for_dbt(home / "seeds", home / "dbt_project", reference.limits)
    reference.write()
    (home / "data" / "warehouse").mkdir()
    warehouse = home / "data" / "warehouse" / "build.duckdb"
    dbt = Path(sys.executable).parent / "dbt"
    done = subprocess.run(
        [dbt, "build", "--exclude-resource-type", "unit_test", "--profiles-dir", "."],
        cwd=home / "dbt_project",
        env=made.environment
        | {
            "KPI_WAREHOUSE": str(warehouse),
            "KPI_INDICATOR": "",
            "DBT_TARGET_PATH": str(home / "data" / "dbt"),
            "DBT_LOG_PATH": str(home / "data" / "dbt" / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert read_catalogue(home / "seeds")["referrals_nfa_pct"].unit == "percent"
    yield warehouse
    shutil.rmtree(home)


@pytest.mark.parametrize("table", ["kpi_monthly", "kpi_quarterly", "kpi_yearly"])
def test_it_has_months_quarters_and_years_with_numbers_that_tie(
    mart_with_it: Path, table: str
) -> None:
    with duckdb.connect(str(mart_with_it), read_only=True) as mart:
        rows = mart.sql(
            f"""
            select new.numerator, new.denominator, new.value, total.value
            from marts.{table} as new
            join marts.{table} as total
                using (geography_code, period_type, period_start, period_end, breakdown)
            where new.indicator_id = 'referrals_nfa_pct' and new.status = 'ok'
                and total.indicator_id = 'referrals_count' and breakdown = 'total'
            """
        ).fetchall()
        [(parts,)] = mart.sql(
            f"""
            select count(distinct breakdown_value) from marts.{table}
            where indicator_id = 'referrals_nfa_pct' and breakdown = 'referral_source'
            """
        ).fetchall()
    assert len(rows) > 5
    assert all(denominator == referrals for _, denominator, _, referrals in rows)
    assert all(abs(value - 100 * n / d) < 1e-5 for n, d, value, _ in rows)
    assert parts > 5


def test_it_stands_in_the_dashboard_and_in_the_exports(mart_with_it: Path) -> None:
    with duckdb.connect(str(mart_with_it), read_only=True) as mart:
        edition = load_edition(mart, GEOGRAPHY_CODE, None)
    files = edition_files(edition, delivery_quality([], {}, "2026-03"), "the analysts")
    table = csv.DictReader(
        io.StringIO(files["officers-only_synthetic-sample_dashboard_3.csv"].decode("utf-8-sig"))
    )
    [row] = [row for row in table if row["indicator_id"] == "referrals_nfa_pct"]
    assert row["numerator"] and row["denominator"] and row["value"]
    assert "Referrals closed at once with no further action" in files["dashboard.html"].decode()
