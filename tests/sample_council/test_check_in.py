"""Sample Borough's deliveries through the real check-in, as a council's would go."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.catalogue.indicators import read_catalogue
from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.reference.geographies import read_geographies
from orchestration.sample_council import fill
from orchestration.settings import settings

MONTHS = ["2026-01", "2026-02", "2026-03"]


@pytest.fixture(scope="module")
def checked_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Paths, dict[str, list[Receipt]]]:
    home = tmp_path_factory.mktemp("sample")
    paths = Paths(*(home / name for name in ("incoming", "raw", "quarantine", "ledger")))
    fill(paths.incoming, last_month=date(2026, 3, 31), size=1_000, months=3)
    receipts = check_in_deliveries(
        MONTHS,
        EXTRACTS.values(),
        read_catalogue(settings.seeds),
        read_geographies(settings.reference),
        paths,
        datetime(2026, 4, 3, 5, tzinfo=UTC),
    )
    return paths, receipts


def test_every_extract_is_accepted_and_every_row_accounted_for(
    checked_in: tuple[Paths, dict[str, list[Receipt]]],
) -> None:
    _, receipts = checked_in
    outcomes = {receipt.extract: receipt.outcome for receipt in receipts["2026-03"]}
    assert outcomes.pop("indicator_returns") == "missing"
    assert set(outcomes.values()) == {"accepted"}
    assert len(outcomes) == len(EXTRACTS) - 1
    for month in MONTHS:
        for receipt in receipts[month]:
            accounted = receipt.loaded + receipt.quarantined + receipt.duplicates
            assert receipt.rows_in_file == accounted


def test_the_dateless_care_leavers_come_every_month(
    checked_in: tuple[Paths, dict[str, list[Receipt]]],
) -> None:
    paths, _ = checked_in
    delivered = sorted(path.stem for path in (paths.raw / "ssd_care_leavers").glob("2*.parquet"))
    assert delivered == MONTHS


def test_no_identifier_of_a_person_is_left_behind_the_check_in(
    checked_in: tuple[Paths, dict[str, list[Receipt]]],
) -> None:
    paths, _ = checked_in
    import duckdb

    delivered = (paths.incoming / "2026-03" / "ssd_person.csv").read_text(encoding="utf-8")
    identifiers = set(re.findall(r"(?m)^([^,\n]*\d[^,\n]*),", delivered))
    assert len(identifiers) > 900
    kept: set[str] = set()
    with duckdb.connect() as connection:
        for file in [*paths.raw.rglob("*.parquet"), *paths.quarantine.rglob("*.parquet")]:
            rows = connection.execute("select * from read_parquet(?)", [str(file)]).fetchall()
            kept |= {cell for row in rows for cell in row if isinstance(cell, str)}
    assert len(kept) > 10_000
    assert not kept & identifiers
    receipts = "".join(file.read_text(encoding="utf-8") for file in paths.receipts.iterdir())
    assert not any(identifier in receipts for identifier in identifiers)


def test_what_was_kept_is_typed_as_the_contract_says(
    checked_in: tuple[Paths, dict[str, list[Receipt]]],
) -> None:
    import duckdb

    paths, _ = checked_in
    file: Path = paths.raw_file("ssd_cla_episodes", "2026-03")
    with duckdb.connect() as connection:
        types = dict(
            connection.execute(
                "select column_name, column_type from (describe from read_parquet(?))", [str(file)]
            ).fetchall()
        )
    assert types["clae_entered_care_date"] == "DATE"
    assert types["clae_person_id"] == "VARCHAR"
    assert types["delivery_month"] == "DATE"
