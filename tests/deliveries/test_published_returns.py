"""The delivery of figures that were really published, for a fresh clone."""

import csv
from pathlib import Path

import duckdb

from orchestration.contract.extracts import INDICATOR_RETURNS
from orchestration.deliveries.sources import published_returns
from orchestration.settings import settings

NAMES = ("referrals_by_month", "published_council_figures")
SEEDS = Path(__file__).parents[2] / "seeds"


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def fill(incoming: Path) -> Path:
    tables = [settings.reference.table(name).rows for name in NAMES]
    written = published_returns.fill(incoming, *tables)
    assert written
    return written


def as_numbers(row: dict[str, str]) -> dict[str, object]:
    """A figure as a number, however many noughts it is written with."""
    numbers = ("numerator", "denominator", "value")
    return {name: float(cell) if name in numbers and cell else cell for name, cell in row.items()}


def test_every_published_figure_is_in_the_delivery_as_it_stands_in_its_source(desk):
    file = fill(desk.paths.incoming)
    assert file == desk.paths.incoming / "2022-03" / "indicator_returns.csv"
    rows = read(file)
    assert tuple(rows[0]) == INDICATOR_RETURNS.column_names

    told = read(SEEDS / "returns" / "published_council_figures.csv")
    stated = [{name: row[name] for name in INDICATOR_RETURNS.column_names} for row in told]
    delivered = [as_numbers(row) for row in rows]
    assert stated and all(as_numbers(row) in delivered for row in stated)

    source = str(SEEDS / "returns" / "referrals_by_month.parquet")
    with duckdb.connect(":memory:") as connection:
        referrals = connection.execute(
            "select geography_code, month_start::text, referrals::text from read_parquet($file)",
            {"file": source},
        ).fetchall()
    months = [row for row in rows if row["source_note"].startswith("Department for Education")]
    assert len(rows) == len(months) + len(stated)
    today = settings.reference.area_codes
    assert sorted((today[code], *told) for code, *told in referrals) == sorted(
        (row["geography_code"], row["period_start"], row["numerator"]) for row in months
    )
    assert {(row["indicator_id"], row["period_type"], row["value"]) for row in months} == {
        ("referrals_count", "month", "")
    }


def test_the_published_figures_pass_the_check_in_without_a_remark(desk):
    from orchestration.catalogue.indicators import read_catalogue

    desk.catalogue = read_catalogue(SEEDS)
    desk.geographies = tuple(settings.reference.area_codes)
    file = fill(desk.paths.incoming)
    receipt = desk.check_in(file)
    assert (receipt.outcome, receipt.codes) == ("accepted", "")
    assert receipt.loaded == len(read(file))
