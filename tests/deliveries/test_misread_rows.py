"""Rows that would be read as something else than they are: no figure would say so."""

import hashlib

import pytest

from orchestration.contract.extracts import ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from tests.deliveries.conftest import GEOGRAPHIES


def referral(number: int, day: str) -> dict[str, str]:
    return {
        "cine_referral_id": f"r{number}",
        "cine_person_id": "c1",
        "cine_referral_date": day,
    }


def visits_to(children: list[str], day: str = "2026-02-01") -> list[dict[str, str]]:
    return [
        {
            "clav_cla_visit_id": f"v{number}",
            "clav_person_id": child,
            "clav_cla_visit_date": day,
            "clav_cla_visit_seen": "Y",
        }
        for number, child in enumerate(children)
    ]


def test_a_file_about_other_numbers_of_the_children_is_refused(council):
    """As where a spreadsheet took the noughts off their front."""
    council.put("ssd_person", *({"pers_person_id": f"{n:07}"} for n in range(100)))
    council.put("ssd_cla_visits", *visits_to([f"{n:07}" for n in range(100)]))
    assert council.check_in()["ssd_cla_visits"].outcome == "accepted"
    file = council.put("ssd_cla_visits", *visits_to([f"{n}" for n in range(100)]))
    receipt = council.check_in()["ssd_cla_visits"]
    assert (receipt.outcome, receipt.loaded, receipt.quarantined) == ("refused", 0, 100)
    assert receipt.codes.split()[0] == "CHILDREN-UNKNOWN"
    assert "(100 times, first here)" in receipt.findings[0]
    assert len(council.quarantined("ssd_cla_visits")) == 100
    # the earlier one stays in use, and a right one is let through
    assert council.rows("ssd_cla_visits", "count(clav_person_id)") == [(100,)]
    released = [hashlib.sha256(file.read_bytes()).hexdigest()]
    found = check_in_deliveries(
        ["2026-03"], ROW_LEVEL, {}, GEOGRAPHIES, council.paths, council.now, released=released
    )
    [receipt] = [each for each in found["2026-03"] if each.extract == "ssd_cla_visits"]
    assert (receipt.outcome, receipt.loaded) == ("accepted", 100)


@pytest.mark.parametrize(
    ("unknown", "day", "outcome"),
    [
        (10, "2026-02-01", "accepted"),
        (11, "2026-02-01", "refused"),
        # ssd_person may reach less far back
        (99, "2025-03-31", "accepted"),
    ],
)
def test_some_children_may_be_unknown(council, unknown, day, outcome):
    council.put("ssd_person", *({"pers_person_id": f"c{n}"} for n in range(100 - unknown)))
    council.put("ssd_cla_visits", *visits_to([f"c{n}" for n in range(100)], day))
    receipt = council.check_in()["ssd_cla_visits"]
    assert receipt.outcome == outcome
    assert ("FK-ORPHAN" in receipt.codes.split()) == (outcome == "accepted")


@pytest.mark.parametrize(
    ("days", "outcome", "code"),
    [
        # the second would pass for the third of April, and is the fourth of March
        (["03/25/2024", "03/04/2024", "05/06/2024"], "refused", "DATE-MONTH-FIRST"),
        # whoever writes days first has mistyped one
        (["03/25/2024", "25/03/2024", "05/06/2024"], "accepted", "DATE-IMPOSSIBLE"),
        # nothing else in it could be misread
        (["03/25/2024", "2024-04-03", "2024-06-05"], "accepted", "DATE-IMPOSSIBLE"),
    ],
)
def test_days_written_month_first_are_not_read_as_days_of_another_month(
    council, days, outcome, code
):
    council.put("ssd_cin_episodes", *(referral(number, day) for number, day in enumerate(days)))
    receipt = council.check_in()["ssd_cin_episodes"]
    assert (receipt.outcome, receipt.codes.split()[0]) == (outcome, code)
    assert receipt.loaded + receipt.quarantined == 3


INCIDENT = {
    "person_id": "c1",
    "missing_from_at": "2025-07-01 22:00",
    "returned_at": "2025-07-02 03:00",
    "time_precision": "minute",
    "setting": "home",
}


@pytest.mark.parametrize(
    ("word", "read"),
    [
        *((word, None) for word in ("", "NULL", "n/a", "-", "None")),
        ("872", "872"),
        # an authority that is none would take every incident out of the count
        *((word, "TEXT-FORM") for word in ("E06000041", "872.0", "Wokingham", "87")),
    ],
)
def test_whose_child_went_missing_is_an_authoritys_number_or_nothing(council, word, read):
    rows = [{**INCIDENT, "missing_id": f"m{n}", "responsible_la_code": word} for n in range(9)]
    council.put("ext_missing_episodes", *rows)
    receipt = council.check_in()["ext_missing_episodes"]
    if read == "TEXT-FORM":
        assert (receipt.outcome, receipt.counts["TEXT-FORM"]) == ("refused", 9)
    else:
        assert council.rows("ext_missing_episodes", "responsible_la_code") == [(read,)] * 9


def test_the_authority_of_a_postcode_is_the_departments_number(council):
    codes = ["872", "W06000015", "872.0", "E06000041", "Wokingham"]
    postcodes = [{"postcode": f"RG40 {n}BN", "la_code": code} for n, code in enumerate(codes)]
    council.put("ref_postcode_la", *postcodes)
    receipt = council.check_in()["ref_postcode_la"]
    assert (receipt.outcome, receipt.loaded, receipt.counts["TEXT-FORM"]) == ("accepted", 2, 3)
