"""What a delivered text is read as, type by type, through a whole check-in."""

from datetime import date, datetime

import pytest

INCIDENT = {
    "person_id": "c1",
    "missing_from_at": "2019-07-01 22:00",
    "time_precision": "minute",
    "setting": "home",
}


def one_by_one(council, extract, key, base, column, texts) -> dict[str, object]:
    """What each text in `column` is stored as; '(set aside)' with its codes where it is not."""
    council.put(extract, *({**base, key: f"row{n}", column: t} for n, t in enumerate(texts)))
    receipt = council.check_in()[extract]
    assert receipt.outcome == "accepted", receipt.findings
    stored = dict(council.rows(extract, f'line_no, "{column}"'))
    aside = dict(council.quarantined(extract))
    return {text: stored.get(n, aside.get(n)) for n, text in enumerate(texts, 2)}


def test_dates_are_cut_to_the_london_day(council):
    read = {
        "2019-07-01": date(2019, 7, 1),
        "01/07/2019": date(2019, 7, 1),
        "1/7/2019 09:30": date(2019, 7, 1),
        "2019-07-01 23:59:59": date(2019, 7, 1),
        "2019-07-01 00:00:00.0000000": date(2019, 7, 1),
        "2019-07-01T23:30:00Z": date(2019, 7, 2),
        "2019-07-01T23:30:00+01:00": date(2019, 7, 1),
        "2019-07-01 00:30:00.000 +0100": date(2019, 7, 1),
        "2019-07-01 00:30:00+02:00": date(2019, 6, 30),
        # certain too: the month has a name, or the year comes first or has four digits
        **dict.fromkeys(
            ("1 July 2019", "01-JUL-2019", "1/Jul/2019 9:05", "2019/7/1", "2019-7-1", "20190701"),
            date(2019, 7, 1),
        ),
        **dict.fromkeys(("1.7.2019", "01-07-2019", "1/7/2019 9:05"), date(2019, 7, 1)),
        **dict.fromkeys(("1 Sept 2019", "1 september 2019"), date(2019, 9, 1)),
        "2019-12-31T23:30:00Z": date(2019, 12, 31),
        "": None,
        "1900-01-01": None,
        "1900-01-01 00:00:00.000": None,
        "01/01/1900": None,
        "SSD_PH": None,
        "-1": None,
        "NULL": None,
        "n/a": None,
        "45383": ["DATE-FORMAT"],
        "24/04/03": ["DATE-FORMAT"],
        "1-Jul-19": ["DATE-FORMAT"],
        "2023-02-29": ["DATE-IMPOSSIBLE"],
        "9999-12-31": ["DATE-RANGE"],
    }
    column = "pers_expected_dob"
    assert one_by_one(council, "ssd_person", "pers_person_id", {}, column, read) == read


def test_times_are_london_clock_times(council):
    read = {
        "2019-07-01 22:00:45": datetime(2019, 7, 1, 22, 0, 45),
        "2019-07-01T23:30:00Z": datetime(2019, 7, 2, 0, 30),
        "2019-12-01T23:30:00+00:00": datetime(2019, 12, 1, 23, 30),
        "01/12/2019 08:15": datetime(2019, 12, 1, 8, 15),
        "1 Dec 2019 8:15": datetime(2019, 12, 1, 8, 15),
        "2019-12-01": datetime(2019, 12, 1),
        # spring: there is no 01:30, it is an hour later; autumn: 01:30 is there twice
        "2019-03-31 01:30": datetime(2019, 3, 31, 2, 30),
        "2019-10-27 01:30": datetime(2019, 10, 27, 1, 30),
        "2019-10-27T00:30:00Z": datetime(2019, 10, 27, 1, 30),
        "2019-10-27T01:30:00Z": datetime(2019, 10, 27, 1, 30),
        "1900-01-01": None,
        "2019-12-01 25:00": ["DATE-IMPOSSIBLE"],
        "half past nine": ["DATE-FORMAT"],
    }
    key, column = "missing_id", "recorded_at"
    assert one_by_one(council, "ext_missing_episodes", key, INCIDENT, column, read) == read


def test_a_missing_incident_is_timed_to_the_minute(council):
    times = {"missing_from_at": "2019-07-01 22:00:59", "returned_at": "2019-07-02 03:00:01"}
    council.put("ext_missing_episodes", {**INCIDENT, "missing_id": "m", **times})
    council.check_in()
    assert council.rows("ext_missing_episodes", "missing_from_at, returned_at") == [
        (datetime(2019, 7, 1, 22, 0), datetime(2019, 7, 2, 3, 0))
    ]


def test_flags_are_y_n_or_empty(council):
    read = {
        **dict.fromkeys(("Y", "y", "Yes", "YES", "1", "1.0", "true", " TRUE ", "t"), "Y"),
        **dict.fromkeys(("N", "no", "0", "0.0", "False", "F"), "N"),
        **dict.fromkeys(("Y - further action", "yes: seen alone"), "Y"),
        **dict.fromkeys(("No - closed", "n \u2013 left"), "N"),
        **dict.fromkeys(("", "NULL", "-1", "SSD_PH", "perhaps", "no idea", "yes/no"), None),
    }
    base = {"cine_person_id": "c1", "cine_referral_date": "2019-07-01"}
    found = one_by_one(
        council, "ssd_cin_episodes", "cine_referral_id", base, "cine_referral_nfa", read
    )
    assert found == read


@pytest.mark.parametrize(
    ("delivered", "read"),
    [
        (["-1", "0", "", "-1"], ["Y", "N", None, "Y"]),
        # nothing says that these are yes: -1 stands for nothing elsewhere
        (["-1", "", "-1", ""], [None, None, None, None]),
        (["-1", "0", "1", "0"], [None, "N", "Y", "N"]),
        (["-1", "N", "Y", "0"], [None, "N", "Y", "N"]),
    ],
)
def test_minus_one_beside_nought_is_yes(council, delivered, read):
    base = {"cppv_person_id": "c1", "cppv_cp_visit_date": "2019-07-01"}
    visits = [
        {**base, "cppv_cp_visit_id": f"v{number}", "cppv_cp_visit_seen": flag}
        for number, flag in enumerate(delivered)
    ]
    council.put("ssd_cp_visits", *visits)
    assert council.check_in()["ssd_cp_visits"].outcome == "accepted"
    found = council.rows("ssd_cp_visits", "line_no, cppv_cp_visit_seen")
    assert [flag for _, flag in sorted(found)] == read


@pytest.mark.parametrize(("unknown", "outcome"), [(5, "accepted"), (6, "refused")])
def test_answers_that_are_neither_yes_nor_no_hold_a_file_where_they_are_many(
    council, unknown, outcome
):
    """Whose plan it is, in words: plans of other authorities would count as the council's own."""
    base = {"cppl_person_id": "c1", "cppl_cp_plan_start_date": "2019-07-01"}
    plans = [
        {**base, "cppl_cp_plan_id": f"p{n}", "cppl_cp_plan_ola": "Other LA" if n < unknown else "N"}
        for n in range(50)
    ]
    council.put("ssd_cp_plans", *plans)
    receipt = council.check_in()["ssd_cp_plans"]
    assert receipt.outcome == outcome
    assert ("FLAGS-UNKNOWN" in receipt.codes) == (outcome == "refused")
    assert receipt.loaded + receipt.quarantined == 50


def test_a_flag_with_a_third_answer_keeps_it(council):
    read = {"Y": "Y", "0": "N", "NA": "NA", "na": "NA", "NA - away": "NA", "N/A": None}
    base = {"miss_person_id": "c1", "miss_missing_episode_start_date": "2019-07-01"}
    column = "miss_missing_rhi_offered"
    assert one_by_one(council, "ssd_missing", "miss_table_id", base, column, read) == read


def test_a_required_flag_that_cannot_be_read_sets_the_row_aside(council):
    base = {"missing_id": "m1"}
    read = {"yes": "Y", "who knows": ["FIELD-MISSING"]}
    column = "interview_needed"
    assert one_by_one(council, "ext_return_interviews", "rhi_id", base, column, read) == read


POST = {"worker_id": "w1", "fte": "1", "agency_flag": "N"}


@pytest.mark.parametrize(
    ("extract", "key", "base", "column", "read", "unknown"),
    [
        (
            "ssd_person",
            "pers_person_id",
            {},
            "pers_sex",
            {"f": "F", " M ": "M", "U": "U", "NULL": None, "Female": "Female"},
            1,
        ),
        (
            "ext_exclusions",
            "exclusion_id",
            {"pupil_id": "p", "exclusion_type": "perm", "exclusion_start_date": "2019-07-01"},
            "cic_or_cin",
            {"CIC": "CIC", "None": "none", "N/A": None},
            0,
        ),
        (
            "ssd_care_leavers",
            "clea_table_id",
            {"clea_person_id": "c1", "clea_care_leaver_eligibility": "former relevant"},
            "clea_care_leaver_accom_suitable",
            {
                **{"1": "1", "2.0": "2", "2 - Unsuitable": "2", "1: Suitable": "1"},
                **{"1 of two": "1 of two", "Fitting": "Fitting"},
            },
            1,
        ),
        (
            "ssd_care_leavers",
            "clea_table_id",
            {"clea_person_id": "c1", "clea_care_leaver_eligibility": "former relevant"},
            "clea_care_leaver_accommodation",
            {
                "W: Bed and breakfast": "W",
                "w \u2013 Bed": "W",
                "W Bed": "W Bed",
                "c) Bed": "c) Bed",
            },
            1,
        ),
        (
            "ext_workforce_workers",
            "worker_id",
            {**POST, "role_start_date": "2019-07-01"},
            "org_role",
            {"5": "5", "5 case holder": "5", "1 - senior manager": "1", "7 other": "7 other"},
            1,
        ),
    ],
)
def test_codes_are_stored_in_the_spelling_of_the_contract_and_unknown_ones_as_they_came(
    council, extract, key, base, column, read, unknown
):
    assert one_by_one(council, extract, key, base, column, read) == read
    told = [each for each in council.first_receipt(extract).findings if "CODE-UNKNOWN" in each]
    assert len(told) == unknown and all(f" | {column} | " in each for each in told)


def test_numbers_may_have_thousands_and_whole_ones_no_fraction(council):
    base = {"la_code": "841", "in_force_from": "2025-04-01"}
    read = {
        "24,000": 24_000,
        "24000.0": 24_000,
        " 7": 7,
        "12.5": ["NUMBER-FORMAT"],
        "-5": ["NUMBER-RANGE"],
        "-1": ["FIELD-MISSING"],
        "1e3": ["NUMBER-FORMAT"],
    }
    council.put(
        "ref_population",
        *(
            {**base, "mid_year": f"{n}", "population_0_17": text}
            for n, text in enumerate(read, 2001)
        ),
    )
    assert council.check_in()["ref_population"].outcome == "accepted"
    stored = dict(council.rows("ref_population", "line_no, population_0_17"))
    aside = dict(council.quarantined("ref_population"))
    assert {text: stored.get(n, aside.get(n)) for n, text in enumerate(read, 2)} == read


def test_decimals_stay_exact(council):
    days = [f"2019-07-0{number}" for number in range(1, 5)]
    posts = list(zip(["0.6", "1", ".5", "1.4"], days, strict=True))
    council.put(
        "ext_workforce_workers",
        *({**POST, "org_role": "5", "fte": fte, "role_start_date": day} for fte, day in posts),
    )
    council.check_in()
    assert council.rows("ext_workforce_workers", "fte::varchar") == [
        *((fte,) for fte in ("0.600000", "1.000000", "0.500000"))
    ]
    assert council.quarantined("ext_workforce_workers") == [(5, ["NUMBER-RANGE"])]


def test_numbers_of_things_are_texts_and_never_amounts(council):
    ids = ["NA", "null", "1E5", "007", "NULL", "-1", "SSD_PH", "1.0", "1.23E+11"]
    council.put("ssd_department", *({"dept_team_id": each, "dept_team_name": "T"} for each in ids))
    council.check_in()
    stored = {each for (each,) in council.rows("ssd_department", "dept_team_id")}
    assert stored == {"NA", "NULL", "1E5", "007"}
    assert [codes for _, codes in council.quarantined("ssd_department")] == [
        *[["FIELD-MISSING"]] * 3,
        ["ID-NUMERIC"],
        ["ID-SCIENTIFIC"],
    ]


def test_a_word_for_nobody_is_no_identifier(council):
    """All who are called so would be one child or one worker."""
    words = ["Unknown", "NOT KNOWN", "n/a", "Vacant", "Unknown-1", "Nonesuch", "T1", "T2"]
    council.put("ssd_department", *({"dept_team_id": w, "dept_team_name": "TBC"} for w in words))
    council.check_in()
    # a name is none of these
    kept = council.rows("ssd_department", "dept_team_id, dept_team_name")
    assert {*kept} == {(each, "TBC") for each in ("UNKNOWN-1", "NONESUCH", "T1", "T2")}
    told = council.quarantined("ssd_department")
    assert told == [(line, ["FIELD-MISSING"]) for line in range(2, 6)]


def test_of_a_contacts_json_only_two_flags_are_kept(council):
    read = {
        '{"NEW_REFERRAL_FLAG": "Yes", "NFA_FLAG": "N", "NOTE": "about Zebedee"}': ("Y", "N"),
        '{"NEW_REFERRAL_FLAG": 1, "NFA_FLAG": ""}': ("Y", "N"),
        '{"NEW_REFERRAL_FLAG": false}': ("N", "N"),
        '{"EXISTING_REFERRAL_FLAG": "Y"}': ("N", "N"),
        '{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N", "COMMENTS": "said "no""}': ("Y", "N"),
        '{"NEW_REFERRAL_FLAG": "", "NFA_FLAG": "Y", "COMMENTS": "a \\"}': ("N", "Y"),
        "[1]": (None, None),
        "{cut sh": (None, None),
        "{'NEW_REFERRAL_FLAG': 'Y', 'NFA_FLAG': 'N'}": ("Y", "N"),
        '{"new_referral_flag": "Y", "Nfa_Flag": "N"}': ("Y", "N"),
        '{"OUTCOME": {"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N"}}': ("Y", "N"),
        '[{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N"}]': ("Y", "N"),
        '[{"NEW_REFERRAL_FLAG": "Y"}, {"NEW_REFERRAL_FLAG": "N"}]': (None, None),
        '{""NEW_REFERRAL_FLAG"": ""Y"", ""NFA_FLAG"": ""N""}': ("Y", "N"),
        '"{\\"NEW_REFERRAL_FLAG\\": \\"Y\\", \\"NFA_FLAG\\": \\"N\\"}"': ("Y", "N"),
        "{\u201cNEW_REFERRAL_FLAG\u201d: \u201cY\u201d, NFA_FLAG: N}": ("Y", "N"),
        '{"NFA_FLAG": "N", "NOTE": "wrote "NFA_FLAG": "Y", so"}': (None, None),
        '{"NEXT_STEPS": ["Referral"]}': ("N", "N"),
    }
    base = {"cont_person_id": "c1", "cont_contact_date": "2019-07-01"}
    council.put(
        "ssd_contacts",
        *(
            {**base, "cont_contact_id": f"k{n:02}", "cont_contact_outcome_json": text}
            for n, text in enumerate(read)
        ),
    )
    receipt = council.check_in()["ssd_contacts"]
    assert receipt.codes == "JSON-UNREADABLE" and "line 8" in receipt.findings[0]
    columns = "cont_new_referral_flag, cont_nfa_flag"
    assert council.rows("ssd_contacts", columns) == list(read.values())


def test_of_a_registration_number_only_whether_there_is_one_is_kept(council):
    read = {"SW123": "Y", "": "N", "No": "N", "NULL": "N", "-1": "N", "Yes": "Y"}
    read |= dict.fromkeys(("N/A", "-", "None", "nan", "not registered", "TBC", "0000"), "N")
    council.put(
        "ssd_professionals",
        *(
            {"prof_professional_id": f"w{n}", "prof_social_worker_registration_no": text}
            for n, text in enumerate(read)
        ),
    )
    council.check_in()
    found = council.rows("ssd_professionals", "line_no, prof_has_registration")
    assert [flag for _, flag in sorted(found)] == list(read.values())


def test_of_a_postcode_only_its_authority_is_kept(council):
    council.put(
        "ref_postcode_la",
        {"postcode": "RG40 1BN", "la_code": "872"},
        {"postcode": "rg401bn", "la_code": "872"},
        {"postcode": "DL1 5QT", "la_code": "841"},
    )
    read = {"RG401BN": ("Y", "872"), "dl1 5qt": ("Y", "841"), "ZZ1": ("Y", None), "": ("N", None)}
    base = {"clap_cla_id": "p", "clap_cla_placement_start_date": "2019-07-01"}
    council.put(
        "ssd_cla_placement",
        *(
            {
                **base,
                "clap_cla_placement_id": f"p{n}",
                "clap_cla_placement_type": "U1",
                "clap_cla_placement_postcode": text,
            }
            for n, text in enumerate(read)
        ),
    )
    receipt = council.check_in()["ssd_cla_placement"]
    assert receipt.codes == "LOOK-UP-MISSED" and "line 4" in receipt.findings[0]
    columns = "clap_has_postcode, clap_placement_la_code"
    assert council.rows("ssd_cla_placement", columns) == list(read.values())


def test_an_unusually_long_time_is_let_in_and_its_place_is_told(council):
    back = {
        "2019-07-29 22:00": [],  # 28 days
        "2019-07-29 22:01": ["DURATION-LONG"],
        "2019-08-12 22:00": ["DURATION-LONG"],  # 42 days
    }
    rows = [
        {**INCIDENT, "missing_id": f"m{number}", "returned_at": text}
        for number, text in enumerate(back)
    ]
    council.put("ext_missing_episodes", *rows)
    receipt = council.check_in()["ext_missing_episodes"]
    assert (receipt.outcome, receipt.loaded, receipt.quarantined) == ("accepted", 3, 0)
    [told] = [each for each in receipt.findings if each.startswith("DURATION-LONG")]
    _, file, where, column, what, expected, *_ = told.split(" | ")
    assert (file, where, column) == ("2026-03/ext_missing_episodes.csv", "line 3", "returned_at")
    assert "2 times" in what and expected == "at most 28 days after missing_from_at"
    assert not [text for text in back if text[:10] in told]
