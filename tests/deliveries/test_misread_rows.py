"""Rows that would be read as something else than they are: no figure would say so."""

import hashlib

import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.reference.geographies import read_geographies
from orchestration.settings import settings
from tests.deliveries.conftest import CATALOGUE, GEOGRAPHIES, month_of


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


POPULATION = {"population_0_17": "9", "in_force_from": "2020-04-01"}
PUPILS = {"academic_year": "2019/20", "headcount": "9"}
INCIDENT = {
    "person_id": "c1",
    "missing_from_at": "2025-07-01 22:00",
    "returned_at": "2025-07-02 03:00",
    "time_precision": "minute",
    "setting": "home",
}


# any way in which an authority may be told -> its number; None where it is set aside
AUTHORITIES = [
    ("872", "872"),
    ("872.0", "872"),
    ("e06000041", "872"),
    ("Wokingham", "872"),
    ("Wokingham Borough Council", "872"),
    # Barnsley and Sheffield got other codes in 2025
    *((code, "370") for code in ("E08000016", "E08000038", "BARNSLEY MBC")),
    *((code, "373") for code in ("E08000019", "E08000039", "373.00")),
    ("E10000009", "835"),  # abolished
    ("Dorset", "838"),  # the one of today
    ("Bristol", "801"),
    ("Bath & North East Somerset", "800"),
    ("W06000015", "W06000015"),
    ("681", "681"),  # Cardiff
    # an authority that is none would take every incident out of the count
    *((word, None) for word in ("E07000207", "E06999999", "87", "123", "Elmbridge", "of the", "#")),
]
UNKNOWN = [word for word, number in AUTHORITIES if number is None]


@pytest.mark.parametrize("word", ["", "NULL", "n/a", "-", "None"])
def test_without_an_authority_a_missing_child_is_the_councils_own(council, word):
    rows = [{**INCIDENT, "missing_id": f"m{n}", "responsible_la_code": word} for n in range(9)]
    council.put("ext_missing_episodes", *rows)
    assert council.check_in()["ext_missing_episodes"].outcome == "accepted"
    assert council.rows("ext_missing_episodes", "responsible_la_code") == [(None,)] * 9


@pytest.mark.parametrize(
    ("extract", "column", "cells"),
    [
        ("ext_missing_episodes", "responsible_la_code", INCIDENT | {"missing_id": "{n}"}),
        ("ref_postcode_la", "la_code", {"postcode": "RG40 {n}BN"}),
        ("ref_population", "la_code", POPULATION | {"mid_year": "{n}"}),
        ("ref_pupil_headcount", "la_code", PUPILS | {"phase": "{n}"}),
    ],
)
def test_an_authority_is_read_by_any_of_its_codes_its_number_or_its_name(
    council, extract, column, cells
):
    def delivered(words):
        rows = [
            {name: cell.format(n=2000 + n) for name, cell in cells.items()} | {column: word}
            for n, word in enumerate(words)
        ]
        council.put(extract, *rows)
        known = (CATALOGUE, read_geographies(settings.reference), council.paths, council.now)
        [receipt] = check_in_deliveries(["2026-03"], [EXTRACTS[extract]], *known)["2026-03"]
        return receipt

    held = delivered(UNKNOWN)
    assert (held.outcome, held.counts["GEOGRAPHY-UNKNOWN"]) == ("refused", len(UNKNOWN))
    assert not any(word in found for word in ("E07000207", "Elmbridge") for found in held.findings)
    known = [word for word, number in AUTHORITIES if number]
    receipt = delivered([*known, *UNKNOWN[:5]])
    assert (receipt.outcome, receipt.quarantined) == ("accepted", 5)
    read = sorted(number for (number,) in council.rows(extract, column))
    assert read == sorted(number for _, number in AUTHORITIES if number)


def test_a_return_names_its_area_in_any_of_these_ways(desk, returns):
    desk.geographies = tuple(GEOGRAPHIES.todays)
    words = ("E06000041", "e06000041", "872", "872.0", "Wokingham", "Wokingham Council")
    rows = [month_of(n) | {"geography_code": word} for n, word in enumerate(words, 1)]
    assert desk.deliver(returns(*rows)).loaded == len(words)
    assert desk.accepted(columns="distinct geography_code") == [("E06000041",)]
