"""Boundaries of the care leaver indicators."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from .small_tables import delivery, figure, parts, persons


def leaver(number: str = "1", person: str = "A", **columns: Any) -> dict[str, Any]:
    named = {f"clea_care_leaver_{name}": value for name, value in columns.items()}
    return {
        "clea_table_id": number,
        "clea_person_id": person,
        "clea_care_leaver_eligibility": "Former Relevant",
        **named,
    }


def leavers(*rows: dict[str, Any], **person: Any) -> dict[str, pd.DataFrame]:
    columns = {"pers_dob": "2006-06-01", **person}
    return delivery(ssd_person=persons("A", "B", "C", "D", **columns), ssd_care_leavers=list(rows))


@pytest.mark.parametrize(
    ("row", "person", "counted"),
    [
        pytest.param(leaver(), {"pers_dob": "2009-03-31"}, 1, id="17 that day"),
        pytest.param(leaver(), {"pers_dob": "2009-04-01"}, 0, id="16 that day"),
        pytest.param(leaver(), {"pers_dob": "2004-03-31"}, 0, id="22 that day"),
        pytest.param(leaver(), {"pers_dob": "2004-04-01"}, 1, id="21 that day"),
        pytest.param(leaver(), {"pers_dob": None}, 0, id="age unknown"),
        pytest.param(leaver(eligibility="Relevant"), {}, 1, id="relevant"),
        pytest.param(leaver(eligibility="Qualifying"), {}, 0, id="qualifying"),
        pytest.param(leaver(eligibility="Eligible"), {}, 0, id="eligible"),
        pytest.param(leaver(in_touch="RHOM"), {}, 0, id="returned home"),
        pytest.param(leaver(in_touch="DIED"), {}, 0, id="died"),
        pytest.param(leaver(), {"pers_death_date": "2026-03-31"}, 0, id="dead"),
    ],
)
def test_the_cohort_is_of_care_leavers_aged_17_to_21(
    row: dict[str, Any], person: dict[str, Any], counted: int
) -> None:
    assert figure(leavers(row, **person), "cl_count", "2026-03") == (counted, None, counted)


@pytest.mark.parametrize(
    ("born", "age_part"),
    [("2009-03-31", "17-18"), ("2007-04-01", "17-18"), ("2007-03-31", "19-21")],
)
def test_an_age_part_of_its_own_holds_those_whom_official_figures_are_about(
    born: str, age_part: str
) -> None:
    row = leaver(accommodation="W", accom_suitable="1", in_touch="YES", activity="G4")
    tables = leavers(row, pers_dob=born)
    for indicator in ("cl_count", "cl_bed_and_breakfast_count"):
        assert parts(tables, indicator, "2026-03", "age_part") == {age_part: (1, None, 1)}
    for indicator in ("cl_in_touch_pct", "cl_neet_pct", "cl_suitable_accommodation_pct"):
        assert parts(tables, indicator, "2026-03", "age_part") == {age_part: (1, 1, 100)}


def test_a_delivery_that_answers_nothing_of_the_kind_has_no_figure() -> None:
    tables = leavers(leaver(in_touch="YES"))
    earlier = {date(2026, 2, 28): pd.DataFrame([leaver(accommodation="W")])}
    for indicator, february, march in (
        ("cl_in_touch_pct", None, (1, 1, 100)),
        ("cl_bed_and_breakfast_count", (1, None, 1), None),
        ("cl_count", (1, None, 1), (1, None, 1)),
    ):
        known = {"as_at": date(2026, 3, 31), "earlier": earlier}
        assert figure(tables, indicator, "2026-02", **known) == february
        assert figure(tables, indicator, "2026-03", **known) == march


def test_a_repeated_young_person_has_the_row_of_the_latest_contact() -> None:
    rows = [
        leaver("1", latest_contact=None, eligibility="Former Relevant"),
        leaver("2", latest_contact="2026-01-01", eligibility="Former Relevant"),
        leaver("3", latest_contact="2026-02-01", eligibility="Qualifying", in_touch="DIED"),
    ]
    assert figure(leavers(*rows), "cl_count", "2026-03") == (0, None, 0)
    rows.append(leaver("4", latest_contact="2026-02-01", eligibility="Relevant", in_touch="NO"))
    rows.append(leaver("5", latest_contact="2026-02-01", eligibility="Relevant", in_touch=None))
    rows.append(leaver("6", latest_contact="2026-02-01", eligibility="Relevant", in_touch="YES"))
    assert figure(leavers(*rows), "cl_count", "2026-03") == (1, None, 1)
    assert figure(leavers(*rows), "cl_in_touch_pct", "2026-03") == (0, 1, 0)


def test_only_yes_is_in_touch() -> None:
    rows = [
        leaver(person, person, in_touch=answer)
        for person, answer in zip("ABCD", ["YES", "REFU", "NREQ", None], strict=True)
    ]
    assert figure(leavers(*rows), "cl_in_touch_pct", "2026-03") == (1, 4, 25)


def test_members_can_ask_who_keeps_in_touch_with_those_in_prison() -> None:
    rows = [
        leaver("1", "A", in_touch="YES", accommodation="X"),
        leaver("2", "B", in_touch="NO", accommodation="X"),
        leaver("3", "C", in_touch="YES", accommodation="W"),
        leaver("4", "D", in_touch="YES", accommodation=None),
    ]
    assert parts(leavers(*rows), "cl_in_touch_pct", "2026-03", "in_custody") == {
        "Y": (1, 2, 50),
        "N": (1, 1, 100),
        "not recorded": (1, 1, 100),
    }


def test_an_unknown_activity_stays_in_the_denominator() -> None:
    rows = [
        leaver(person, person, activity=code)
        for person, code in zip("ABCD", ["G4", "G6", "F2", None], strict=True)
    ]
    tables = leavers(*rows)
    assert figure(tables, "cl_neet_pct", "2026-03") == (2, 4, 50)
    assert parts(tables, "cl_neet_pct", "2026-03", "neet_reason") == {
        "illness or disability": (1, 4, 25),
        "pregnancy or parenting": (1, 4, 25),
    }


def test_accommodation_counts_as_it_is_recorded() -> None:
    rows = [
        leaver("1", "A", accommodation="X", accom_suitable="1"),
        leaver("2", "B", accommodation="X", accom_suitable="2"),
        leaver("3", "C", accommodation="W", accom_suitable="2"),
        leaver("4", "D", accommodation="U", accom_suitable=None),
    ]
    tables = leavers(*rows)
    assert figure(tables, "cl_suitable_accommodation_pct", "2026-03") == (1, 4, 25)
    assert figure(tables, "cl_bed_and_breakfast_count", "2026-03") == (1, None, 1)
    assert parts(tables, "cl_suitable_accommodation_pct", "2026-03", "unsuitable_type") == {
        "custody": (1, 4, 25),
        "bed and breakfast": (1, 4, 25),
    }


def test_each_delivery_speaks_for_its_own_month_end_only() -> None:
    tables = leavers(leaver("1", "A"), leaver("2", "B"))
    earlier = {date(2026, 1, 31): pd.DataFrame([leaver("1", "A")])}
    found = {
        month: figure(tables, "cl_count", month, as_at=date(2026, 3, 31), earlier=earlier)
        for month in ("2025-12", "2026-01", "2026-02", "2026-03")
    }
    assert found == {
        "2025-12": None,
        "2026-01": (1, None, 1),
        "2026-02": None,
        "2026-03": (2, None, 2),
    }


def test_a_delivery_within_a_month_speaks_for_no_month_end_yet() -> None:
    assert figure(leavers(leaver()), "cl_count", "2026-03", as_at=date(2026, 3, 30)) is None
