"""The delivery of figures that were really published, for a fresh clone."""

import csv
from pathlib import Path

import duckdb

from orchestration.deliveries.contract import INDICATOR_RETURNS
from orchestration.deliveries.published_returns import fill

SEEDS = Path(__file__).parents[2] / "seeds"


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_published_figure_is_in_the_delivery_as_it_stands_in_its_source(desk):
    file = fill(desk.paths.incoming, SEEDS)
    assert file == desk.paths.incoming / "2022-03" / "indicator_returns.csv"
    rows = read(file)
    assert tuple(rows[0]) == INDICATOR_RETURNS.column_names

    told = read(SEEDS / "returns" / "published_council_figures.csv")
    stated = [{name: row[name] for name in INDICATOR_RETURNS.column_names} for row in told]
    assert stated and all(row in rows for row in stated)

    source = str(SEEDS / "returns" / "referrals_by_month.parquet")
    with duckdb.connect(":memory:") as connection:
        referrals = connection.execute(
            "select geography_code, month_start::text, referrals::text from read_parquet($file)",
            {"file": source},
        ).fetchall()
    months = [row for row in rows if row["source_note"].startswith("Department for Education")]
    assert len(rows) == len(months) + len(stated)
    assert sorted(referrals) == sorted(
        (row["geography_code"], row["period_start"], row["numerator"]) for row in months
    )
    assert {(row["indicator_id"], row["period_type"], row["value"]) for row in months} == {
        ("referrals_count", "month", "")
    }


def test_the_published_figures_pass_the_check_in_without_a_remark(desk):
    from orchestration.catalogue import read_catalogue

    desk.catalogue = read_catalogue(SEEDS.parent / "dbt_project")
    authorities = read(SEEDS / "reference" / "authorities.csv")
    regions = read(SEEDS / "reference" / "regions.csv")
    desk.geographies = (
        *(row["geography_code"] for row in authorities),
        *(row["region_code"] for row in regions),
    )
    file = fill(desk.paths.incoming, SEEDS)
    receipt = desk.check_in(file)
    assert (receipt.outcome, receipt.codes) == ("accepted", "")
    assert receipt.loaded == len(read(file))
