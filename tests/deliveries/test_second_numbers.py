"""A row that stands there again under a second number is counted once, or remarked on."""

from random import Random

import pytest

from orchestration.contract.extracts import EXTRACTS
from tests.deliveries.generated import csv_bytes, good_rows

NUMBERED = tuple(each.name for each in EXTRACTS.values() if each.each_number_counts)
# what is counted once, and a row without a number of its own
ELSE = ("ssd_cp_plans", "ext_exclusions", "ext_return_interviews", "ext_workforce_vacancies")


def test_what_a_child_can_have_twice_on_a_day_counts_under_each_number() -> None:
    assert {"ssd_contacts", "ssd_cin_episodes", "ssd_ehcp_named_plan"} < {*NUMBERED}
    assert "ext_workforce_workers" in NUMBERED


@pytest.mark.parametrize("name", [*NUMBERED, *ELSE])
def test_a_second_number_is_remarked_on(name: str, council) -> None:
    extract = EXTRACTS[name]
    [row] = good_rows(extract, Random(5), 1)
    row = {column.name: row[column.name] or filled(column) for column in extract.columns}
    number = extract.key[0]
    if name == "ext_workforce_vacancies":
        again = row | {"team_id": "again"}
    else:
        again = row | {number: f"{row[number]}-again"}
    council.put_bytes(name, csv_bytes([*extract.column_names], [row, again]))
    receipt = council.check_in(contracts=[extract])[name]
    assert (receipt.outcome, receipt.loaded) == ("accepted", 2), receipt.findings
    assert receipt.counts.get("KEY-SECOND", 0) == (name in NUMBERED)


def filled(column) -> str:
    """Whom a row is about, where that need not be said."""
    return "somebody" if column.person or column.refers_to else ""


@pytest.mark.parametrize("name", NUMBERED)
def test_what_differs_in_anything_is_something_else(name: str, council) -> None:
    extract = EXTRACTS[name]
    rows = good_rows(extract, Random(5), 40)
    council.put_bytes(name, csv_bytes([*extract.column_names], rows))
    receipt = council.check_in(contracts=[extract])[name]
    assert receipt.loaded == 40
    assert "KEY-SECOND" not in receipt.codes
