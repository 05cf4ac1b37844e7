"""All the files of an edition together."""

from pathlib import Path

import duckdb

from orchestration.deliveries.quality import delivery_quality
from orchestration.documents.edition_files import edition_files
from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Edition
from tests.documents.test_data_quality import CATALOGUE, receipt

QUALITY = delivery_quality([receipt()], CATALOGUE, "2019-09")
SYNTHETIC = "Synthetic sample data \N{EN DASH} not about real children or a real council"


def test_an_edition_is_eleven_tables_two_pages_and_a_text(edition: Edition) -> None:
    assert set(edition_files(edition, QUALITY, "the team")) == {
        "officers-only_all_indicators.csv",
        "officers-only_areas_for_improvement.csv",
        *(f"officers-only_dashboard_{n}.csv" for n in range(1, 9)),
        "dashboard.html",
        "officers-only_data_quality.csv",
        "data_quality.html",
        "READ-ME-FIRST.txt",
    }


def test_the_same_mart_read_again_gives_the_same_bytes(build: Path, edition: Edition) -> None:
    with duckdb.connect(str(build), read_only=True) as connection:
        again = load_edition(connection, edition.geography_code, edition.as_at)
    assert edition_files(again, QUALITY, "the team") == edition_files(edition, QUALITY, "the team")


def test_every_file_but_the_manifest_says_that_it_is_for_officers(edition: Edition) -> None:
    for name, content in edition_files(edition, QUALITY, "the team").items():
        if name.endswith(".csv"):
            assert name.startswith("officers-only_")
            assert "fficers only" not in content.decode("utf-8-sig")
        else:
            assert "Officers only \N{EN DASH} not for publication" in content.decode("utf-8"), name


def test_every_file_about_a_council_that_is_made_up_says_so_and_no_other_file_does(
    edition: Edition, synthetic_edition: Edition
) -> None:
    for name, content in edition_files(synthetic_edition, QUALITY, "the team").items():
        text = content.decode("utf-8")
        if name.endswith(".csv"):
            assert name.startswith("officers-only_synthetic-sample_")
            assert SYNTHETIC not in text
        else:
            assert SYNTHETIC in text, name
    real = edition_files(edition, QUALITY, "the team")
    assert not [name for name, text in real.items() if b"ynthetic" in text or "ynthetic" in name]
