"""Which editions a run was asked for."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.reference.edition_requests import (
    EditionError,
    EditionRequest,
    asked_for,
    read_requests,
    requested_editions,
    write_requests,
)
from orchestration.settings import settings

SEED = settings.reference


def test_without_a_wish_the_seed_decides() -> None:
    assert requested_editions("", "", SEED) == [
        EditionRequest("X06000001", None),
        EditionRequest("E06000005", date(2019, 9, 30)),
        EditionRequest("E06000041", None),
    ]


def test_council_and_as_at_choose_one_edition() -> None:
    assert requested_editions("E06000041", "2020-02", SEED) == [
        EditionRequest("E06000041", date(2020, 2, 29))
    ]
    assert requested_editions("E06000041", "", SEED) == [EditionRequest("E06000041", None)]


def test_an_as_at_needs_its_council() -> None:
    with pytest.raises(EditionError, match="set both"):
        requested_editions("", "2019-09", SEED)


@pytest.mark.parametrize("month", ["2019-9", "2019-13", "09/2019", "2019-09-30"])
def test_a_month_is_written_in_one_way(month: str) -> None:
    with pytest.raises(EditionError, match="YYYY-MM"):
        asked_for(month)


def test_requests_survive_their_file(tmp_path: Path) -> None:
    requests = [EditionRequest("E06000005", date(2019, 9, 30)), EditionRequest("E06000041", None)]
    write_requests(requests, tmp_path / "editions" / "editions.parquet")
    assert read_requests(tmp_path / "editions" / "editions.parquet") == requests
