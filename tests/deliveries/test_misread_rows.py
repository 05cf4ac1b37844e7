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
        (["03-25-2024", "03-04-2024", "05-06-2024"], "refused", "DATE-MONTH-FIRST"),
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
    *(
        (word, None)
        for word in ("E07000207", "E06999999", "87", "123", "Elmbridge", "of the", "A1")
    ),
]
UNKNOWN = [word for word, number in AUTHORITIES if number is None]


@pytest.mark.parametrize(
    ("extract", "cells"),
    [
        ("ref_population", POPULATION | {"mid_year": "2023"}),
        ("ref_pupil_headcount", PUPILS | {"phase": "total"}),
    ],
)
def test_a_list_of_all_areas_may_hold_what_is_no_authority(council, extract, cells):
    areas = ["872", "E07000207", "E12000008", "E92000001", "K02000001", "W92000004"]
    council.put(extract, *(cells | {"la_code": area} for area in areas))
    receipt = council.check_in()[extract]
    assert (receipt.outcome, receipt.loaded, receipt.quarantined) == ("accepted", len(areas), 0)


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

    # in a list of all areas a district may stand
    unknown = UNKNOWN[extract in ("ref_population", "ref_pupil_headcount") :]
    held = delivered(unknown)
    assert (held.outcome, held.counts["GEOGRAPHY-UNKNOWN"]) == ("refused", len(unknown))
    assert not any(word in found for word in ("E07000207", "Elmbridge") for found in held.findings)
    known = [word for word, number in AUTHORITIES if number]
    receipt = delivered([*known, *unknown[:5]])
    assert (receipt.outcome, receipt.quarantined) == ("accepted", 5)
    read = sorted(number for (number,) in council.rows(extract, column))
    assert read == sorted(number for _, number in AUTHORITIES if number)


def test_a_return_names_its_area_in_any_of_these_ways(desk, returns):
    desk.geographies = tuple(GEOGRAPHIES.todays)
    words = ("E06000041", "e06000041", "872", "872.0", "Wokingham", "Wokingham Council")
    rows = [month_of(n) | {"geography_code": word} for n, word in enumerate(words, 1)]
    assert desk.deliver(returns(*rows)).loaded == len(words)
    assert desk.accepted(columns="distinct geography_code") == [("E06000041",)]


ENDS = [
    *("GRAND TOTAL", "Totals: 40", "Total number of children - 40", "Sum", "Count: 40", "Overall"),
    *("End of report", "*** end ***", "EOF", "Page 1 of 1", "-----", "40 rows", "Rows: 40"),
    *("(40 rows affected)", "Report generated 03/04/2026 09:15", "Run by J Smith"),
    *("Data as at 31/03/2026", "Source: Mosaic", "Official - Sensitive", "Printed on 3 April"),
    *("Completion time: 2026-04-03T09:15:12.1234567+01:00", "Number of records: 40"),
]
BLANKS = "\n" * 30 + ",\n" * 9 + " \n"


@pytest.mark.parametrize(
    "lines",
    [
        *(f"{end}\n" for end in ENDS),
        *("Total", "Total,\n", "Total,40\n", "Total, 40, 09:15\n", ",Total\n"),
        *(f"{BLANKS}Total\n", f"Total\n{BLANKS}"),
    ],
)
def test_a_report_ends_with_more_than_rows(council, lines):
    rows = "\n".join(f"c{n},2012-05-01" for n in range(40))
    council.put_bytes("ssd_person", f"pers_person_id,pers_dob\n{rows}\n{lines}".encode())
    receipt = council.check_in()["ssd_person"]
    assert (receipt.outcome, receipt.loaded) == ("accepted", 40)
    assert receipt.counts["ROW-CLOSING"] == 1
    assert receipt.quarantined == 1 + receipt.counts.get("ROW-BLANK", 0)


@pytest.mark.parametrize(
    "number", ["TOTAL1", "run12", "page.j", "SUM-40", "4000", "E0", "record 7", "R END", "data-9"]
)
def test_a_number_that_looks_like_the_end_of_a_report_is_somebodys(council, number):
    council.put("ssd_person", {"pers_person_id": "c1"}, {"pers_person_id": number})
    assert council.check_in()["ssd_person"].loaded == 2


def test_the_whole_services_row_and_that_of_all_phases_are_rows(council):
    posts = {"snapshot_date": "2026-02-28", "team_id": "Total", "vacancy_fte": "3"}
    council.put("ext_workforce_vacancies", posts)
    pupils = {"la_code": "841", "academic_year": "2024/25", "phase": "Total", "headcount": "400"}
    council.put("ref_pupil_headcount", pupils)
    council.put("ext_asye_intakes", {"intake_year": "Total", "applications": "9"})
    receipts = council.check_in()
    assert receipts["ext_workforce_vacancies"].loaded == receipts["ref_pupil_headcount"].loaded == 1
    # no year has that name, and the file need not hold one
    asye = receipts["ext_asye_intakes"]
    assert (asye.outcome, asye.codes, asye.loaded) == ("accepted", "ROW-CLOSING", 0)


SCHOOL_YEARS = [
    "2024/25",
    "2024-25",
    "2024/2025",
    "2024 - 2025",
    "202425",
    "2024 to 25",
    "2024\u201325",
]


@pytest.mark.parametrize("written", SCHOOL_YEARS)
def test_a_year_is_read_however_it_is_written(council, written):
    """Another spelling than the models look for would be no year's, and its figures would go."""
    pupils = {"la_code": "841", "academic_year": written, "phase": "Total", "headcount": "400"}
    council.put("ref_pupil_headcount", pupils)
    council.put("ext_asye_intakes", {"intake_year": written, "applications": "9"})
    council.check_in()
    assert council.rows("ref_pupil_headcount", "academic_year") == [("2024/25",)]
    assert council.rows("ext_asye_intakes", "intake_year") == [("2024",)]


@pytest.mark.parametrize(
    ("extract", "column", "written"),
    [
        ("ref_pupil_headcount", "academic_year", "2024"),  # the year before, or this one?
        ("ref_pupil_headcount", "academic_year", "2024/26"),
        ("ref_pupil_headcount", "academic_year", "24/25"),
        ("ext_asye_intakes", "intake_year", "Autumn 2024"),
        ("ext_asye_intakes", "intake_year", "2024/26"),
        ("ext_workforce_vacancies", "snapshot_date", "2026-02-27"),
        ("ext_workforce_vacancies", "snapshot_date", "2026-02-01"),
    ],
)
def test_what_no_figure_could_be_made_of_is_set_aside_and_said(council, extract, column, written):
    cells = {
        "ref_pupil_headcount": {"la_code": "841", "phase": "Total", "headcount": "400"},
        "ext_asye_intakes": {"applications": "9"},
        "ext_workforce_vacancies": {"team_id": "ALL", "vacancy_fte": "3"},
    }[extract]
    right = {"academic_year": "2025/26", "intake_year": "2025", "snapshot_date": "2026-03-31"}
    council.put(extract, cells | {column: right[column]}, cells | {column: written})
    receipt = council.check_in()[extract]
    code = "DATE-NOT-MONTH-END" if column == "snapshot_date" else "YEAR-FORMAT"
    assert (receipt.outcome, receipt.loaded, receipt.codes) == ("accepted", 1, code)


def test_times_that_were_lost_are_no_times(council):
    """A spreadsheet that shows days alone saves days alone: incidents would last whole days."""
    rows = [INCIDENT | {"missing_id": f"m{n}"} for n in range(4)]
    rows[1] |= {"missing_from_at": "01/07/2025"}
    rows[2] |= {"returned_at": "2025-07-02"}
    rows[3] |= {"missing_from_at": "01/07/2025", "returned_at": "", "time_precision": "day"}
    council.put("ext_missing_episodes", *rows)
    receipt = council.check_in()["ext_missing_episodes"]
    assert (receipt.outcome, receipt.loaded, receipt.counts) == ("accepted", 4, {"TIME-MISSING": 2})
    read = council.rows("ext_missing_episodes", "missing_id, time_precision")
    assert sorted(read) == [("M0", "minute"), ("M1", "day"), ("M2", "day"), ("M3", "day")]


@pytest.mark.parametrize(
    ("written", "told"), [(["Y", "N", "-1"], {"NULL-TOKEN": 1}), (["-1", "0", "-1"], {})]
)
def test_minus_one_among_other_answers_is_none_and_said(council, written, told):
    rows = visits_to(["c1"] * 3)
    rows = [row | {"clav_cla_visit_seen": word} for row, word in zip(rows, written, strict=True)]
    council.put("ssd_cla_visits", *rows)
    assert council.check_in()["ssd_cla_visits"].counts == told


def test_a_code_map_that_says_nothing_is_told(council):
    place = "ssd_cla_health.clah_health_check_type"
    maps = [
        (place, "dental"),
        (place, "Dental"),
        (place, "teeth"),
        ("ssd_cla_health.type", "dental"),
    ]
    council.put(
        "ref_code_maps",
        *(
            {"cms": "mosaic", "column": column, "source_value": f"w{n}", "standard_value": code}
            for n, (column, code) in enumerate(maps)
        ),
    )
    receipt = council.check_in()["ref_code_maps"]
    assert (receipt.outcome, receipt.loaded, receipt.counts) == ("accepted", 4, {"MAP-UNUSED": 2})


WAYS = ["\u2009c1\u200e", "\xa0C1\u3000", "'c1", '="c1"', '"c1"', "\u200bc1\xad"]


@pytest.mark.parametrize("written", WAYS)
def test_what_stands_around_a_number_is_no_part_of_it(council, written):
    council.put("ssd_person", {"pers_person_id": "c1"})
    council.put("ssd_department", {"dept_team_id": "c1", "dept_team_name": "North"})
    visit, *_ = visits_to([written])
    council.put("ssd_cla_visits", visit | {"clav_cla_visit_date": "'2026-02-01"})
    assessment = {
        "cina_assessment_id": "a1", "cina_person_id": written, "cina_referral_id": written,
        "cina_assessment_start_date": "2026-02-01",
    }  # fmt: skip
    council.put("ssd_cin_assessments", assessment)
    council.put("ssd_cin_episodes", referral(1, "2026-01-01") | {"cine_referral_id": "C1"})
    receipts = council.check_in()
    for name, column in (
        ("ssd_cla_visits", "clav_person_id"),
        ("ssd_cin_assessments", "cina_referral_id"),
    ):
        assert receipts[name].codes == "TEXT-TRIM"
        assert council.rows(name, f"count({column})") == [(1,)]


@pytest.mark.parametrize(
    "written", ["Physical\xa0abuse", "physical  abuse", "\u2009Physical abuse"]
)
def test_spaces_of_any_kind_are_one_in_a_code(council, written):
    plan = {
        "cppl_cp_plan_id": "p1",
        "cppl_person_id": "c1",
        "cppl_cp_plan_start_date": "2026-01-05",
    }
    council.put("ssd_cp_plans", plan | {"cppl_cp_plan_latest_category": written})
    council.check_in()
    assert council.rows("ssd_cp_plans", "cppl_cp_plan_latest_category") == [("Physical abuse",)]


@pytest.mark.parametrize(
    ("extract", "column", "written", "code"),
    [
        ("ssd_person", "pers_person_id", "4,000,123", "ID-NUMERIC"),
        ("ssd_person", "pers_person_id", "4,000.00", "ID-NUMERIC"),
        ("ssd_person", "pers_person_id", "#N/A", "ROW-BLANK"),
        ("ssd_person", "pers_person_id", "#REF!", "ROW-BLANK"),
        # numbers that other extracts name, beside others in a key or in none
        ("ssd_s47_enquiry", "s47e_s47_enquiry_id", "4000123.0", "ID-NUMERIC"),
        ("ssd_cla_episodes", "clae_cla_id", "4.0E+06", "ID-SCIENTIFIC"),
    ],
)
def test_what_a_spreadsheet_made_of_a_number_is_none(council, extract, column, written, code):
    rows = [
        {
            each.name: "2026-01-05" if each.type == "date" else f"n{n}"
            for each in EXTRACTS[extract].columns
            if each.required
        }
        for n in range(3)
    ]
    council.put(extract, *rows[:2], rows[2] | {column: written})
    receipt = council.check_in()[extract]
    assert (receipt.outcome, receipt.loaded) == ("accepted", 2)
    assert council.quarantined(extract) == [(4, [code])]


def test_two_stray_quotes_do_not_make_one_row_of_several(council):
    rows = [f"E-{n:03},c{n},2024-01-05,,helped,well,North" for n in range(9)]
    rows[3], rows[5] = rows[3].replace(",North", ',"North'), rows[5] + '"'
    head = ",".join(EXTRACTS["ssd_early_help_episodes"].column_names)
    council.put_bytes("ssd_early_help_episodes", "\n".join([head, *rows, ""]).encode())
    receipt = council.check_in()["ssd_early_help_episodes"]
    assert (receipt.outcome, receipt.codes) == ("refused", "ROW-QUOTING")
    # what somebody wrote in several lines is one cell
    rows[3:6] = [
        'E-003,c3,2024-01-05,,"mother, father, sister,\n2 brothers, an aunt, uncle, dog",,'
    ]
    council.put_bytes("ssd_early_help_episodes", "\n".join([head, *rows, ""]).encode())
    assert council.check_in()["ssd_early_help_episodes"].loaded == 7


def test_a_header_of_another_order_among_the_rows_is_no_row(council):
    """As where two exports were joined whose columns do not stand in one order."""
    head = "send_table_id,send_person_id\n"
    other = "Send person id,Send table id\n"
    council.put_bytes("ssd_send", f"{head}s1,c1\n{other}c2,s2\n".encode())
    receipt = council.check_in()["ssd_send"]
    assert (receipt.outcome, receipt.codes) == ("refused", "ROW-HEADER-AGAIN")


@pytest.mark.parametrize(("known", "told"), [(0, {"FK-ORPHAN": 9}), (1, {})])
def test_children_who_may_be_unknown_are_not_all_so(council, known, told):
    council.put("ssd_person", *({"pers_person_id": f"00{n}"} for n in range(9)))
    sent = [{"send_table_id": f"s{n}", "send_person_id": f"{n}"} for n in range(9)]
    council.put("ssd_send", *sent, *[{"send_table_id": "s9", "send_person_id": "001"}] * known)
    receipt = council.check_in()["ssd_send"]
    assert (receipt.outcome, receipt.counts) == ("accepted", told)
