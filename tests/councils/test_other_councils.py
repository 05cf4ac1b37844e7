"""A file that lies in another council's folder is refused, and the council is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.contract.extracts import ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.other_councils import OtherCouncil
from tests.deliveries.conftest import CATALOGUE, GEOGRAPHIES, Council, make_desk

PEOPLE = [{"pers_person_id": f"c{n}", "pers_dob": f"2015-01-{n:02}"} for n in range(1, 21)]
Deliver = Callable[..., dict[str, Receipt]]


@pytest.fixture
def other(tmp_path: Path) -> Council:
    """Another council of the pool, to which its own people were delivered."""
    (tmp_path / "other").mkdir()
    other = Council(make_desk(tmp_path / "other").paths)
    other.put("ssd_person", *PEOPLE)
    assert other.check_in()["ssd_person"].outcome == "accepted"
    return other


@pytest.fixture
def deliver(tmp_path: Path, other: Council) -> Deliver:
    (tmp_path / "own").mkdir()
    own = Council(make_desk(tmp_path / "own").paths)

    def delivered(*people: dict[str, str]) -> dict[str, Receipt]:
        own.put("ssd_person", *people)
        [receipts] = check_in_deliveries(
            [own.month],
            ROW_LEVEL,
            CATALOGUE,
            GEOGRAPHIES,
            own.paths,
            own.now,
            others={"E06000041": OtherCouncil(other.paths, {})},
        ).values()
        return {receipt.extract: receipt for receipt in receipts}

    return delivered


def test_the_same_file_is_refused(deliver: Deliver) -> None:
    receipt = deliver(*PEOPLE)["ssd_person"]
    assert receipt.outcome == "refused"
    assert "COUNCIL-OTHER" in receipt.codes
    assert any(
        "another council of the pool E06000041: the same bytes" in t for t in receipt.findings
    )


def test_the_same_people_in_another_file_are_refused(deliver: Deliver) -> None:
    receipt = deliver(*PEOPLE[3:], {"pers_person_id": "c99", "pers_dob": "2016-05-05"})[
        "ssd_person"
    ]
    assert receipt.outcome == "refused"
    [told] = [each for each in receipt.findings if each.startswith("COUNCIL-OTHER")]
    assert "E06000041: the same people" in told
    # an identifier is nowhere in what is said
    assert "c4" not in told


def test_the_same_numbers_of_other_people_are_no_fault(deliver: Deliver) -> None:
    born = [{**each, "pers_dob": each["pers_dob"].replace("2015", "2012")} for each in PEOPLE]
    assert deliver(*born)["ssd_person"].outcome == "accepted"


def test_some_who_moved_are_no_fault(deliver: Deliver) -> None:
    moved = PEOPLE[:5]
    others = [{"pers_person_id": f"d{n}", "pers_dob": f"2015-02-{n:02}"} for n in range(1, 16)]
    assert deliver(*moved, *others)["ssd_person"].outcome == "accepted"
