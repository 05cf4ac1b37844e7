"""Single rows: what sets a row aside, what is put right, and what is let in."""

import pytest

from orchestration.contract.extracts import INDICATOR_RETURNS
from tests.deliveries.conftest import FORMER_CODE

RATIO = {"indicator_id": "assessments_within_45wd_pct", "numerator": ""}
RATE = {"indicator_id": "cic_rate_per_10k", "numerator": ""}
MEDIAN = {"indicator_id": "missing_duration_median_hours", "numerator": ""}
BLANK = dict.fromkeys(INDICATOR_RETURNS.column_names, "")
QUARTER = {"period_type": "quarter", "period_start": "2019-07-01", "period_end": "2019-09-30"}
YEAR = {"period_type": "year", "period_start": "2018-04-01", "period_end": "2019-03-31"}
SO_FAR = {
    "period_type": "year_to_date", "period_start": "2018-04-01", "period_end": "2018-11-30",
}  # fmt: skip
SCHOOL_YEAR = {"period_type": "year", "period_start": "2018-09-01", "period_end": "2019-08-31"}
EXCLUSIONS = {"indicator_id": "permanent_exclusions_count"}
APPLICATIONS = {"indicator_id": "asye_applications_count"}
FIGURES = "numerator, denominator, value"
DATES = "period_start, period_end"

FAULTY = [
    (BLANK, "ROW-BLANK", "-"),
    ({"indicator_id": "unheard_of_count"}, "INDICATOR-UNKNOWN", "indicator_id"),
    ({"indicator_id": ""}, "FIELD-MISSING", "indicator_id"),
    ({"geography_code": "E99999999"}, "GEOGRAPHY-UNKNOWN", "geography_code"),
    ({"geography_code": "Darlington"}, "GEOGRAPHY-UNKNOWN", "geography_code"),
    ({"period_type": "fortnight"}, "CODE-NOT-ALLOWED", "period_type"),
    ({"period_start": ""}, "FIELD-MISSING", "period_start"),
    ({"period_start": "43647"}, "DATE-FORMAT", "period_start"),
    ({"period_start": "01/07/19"}, "DATE-FORMAT", "period_start"),
    ({"period_start": "1-Jul-19"}, "DATE-FORMAT", "period_start"),
    ({"period_start": "infinity"}, "DATE-FORMAT", "period_start"),
    ({"period_end": "2019-02-29"}, "DATE-IMPOSSIBLE", "period_end"),
    ({"period_end": "31/06/2019"}, "DATE-IMPOSSIBLE", "period_end"),
    ({"period_end": "0000-00-00"}, "DATE-IMPOSSIBLE", "period_end"),
    ({"period_start": "1900-01-01"}, "DATE-RANGE", "period_start"),
    ({"period_end": "9999-12-31"}, "DATE-RANGE", "period_end"),
    ({"period_end": "2022-04-01"}, "DATE-FUTURE", "period_end"),
    ({"numerator": "lots48"}, "NUMBER-FORMAT", "numerator"),
    ({"numerator": "1.5E+03"}, "NUMBER-FORMAT", "numerator"),
    ({"numerator": "1,5000"}, "NUMBER-FORMAT", "numerator"),
    ({"numerator": "1234567890123"}, "NUMBER-FORMAT", "numerator"),
    ({"numerator": "999999999999.9999999"}, "NUMBER-FORMAT", "numerator"),
    ({"numerator": "inf"}, "NUMBER-FORMAT", "numerator"),
    (RATIO | {"value": "92.7%"}, "NUMBER-FORMAT", "value"),
    ({"numerator": "-5151"}, "NUMBER-RANGE", "numerator"),
    ({"numerator": "12.5"}, "NUMBER-RANGE", "numerator"),
    ({"numerator": "", "value": "12.5"}, "NUMBER-RANGE", "value"),
    (RATIO | {"value": "927"}, "NUMBER-RANGE", "value"),
    ({"numerator": "100000001"}, "NUMBER-RANGE", "numerator"),
    (RATIO | {"numerator": "41", "denominator": "40"}, "NUMBER-RANGE", "value"),
    ({"period_start": "2019-07-02"}, "PERIOD-MISMATCH", DATES),
    ({"period_end": "2019-07-30"}, "PERIOD-MISMATCH", DATES),
    ({"period_end": "2019-08-31"}, "PERIOD-MISMATCH", DATES),
    (
        QUARTER | {"period_start": "2019-08-01", "period_end": "2019-10-31"},
        "PERIOD-MISMATCH",
        DATES,
    ),
    (SCHOOL_YEAR, "PERIOD-MISMATCH", DATES),
    (YEAR | {"period_start": "2018-01-01", "period_end": "2018-12-31"}, "PERIOD-MISMATCH", DATES),
    (EXCLUSIONS | YEAR, "PERIOD-MISMATCH", DATES),
    (SO_FAR | {"period_end": "2018-11-29"}, "PERIOD-MISMATCH", DATES),
    (SO_FAR | {"period_end": "2019-04-30"}, "PERIOD-MISMATCH", DATES),
    (SO_FAR | {"period_end": "2018-03-31"}, "PERIOD-MISMATCH", DATES),
    (SO_FAR | {"period_start": "2018-05-01"}, "PERIOD-MISMATCH", DATES),
    (EXCLUSIONS | SO_FAR, "PERIOD-MISMATCH", DATES),
    (APPLICATIONS | SO_FAR, "PERIOD-FREQUENCY", "period_type"),
    (APPLICATIONS, "PERIOD-FREQUENCY", "period_type"),
    (APPLICATIONS | QUARTER, "PERIOD-FREQUENCY", "period_type"),
    ({"numerator": ""}, "FIGURE-MISSING", FIGURES),
    (RATIO, "FIGURE-MISSING", FIGURES),
    (RATIO | {"numerator": "37"}, "FIGURE-MISSING", FIGURES),
    (RATIO | {"denominator": "40"}, "FIGURE-MISSING", FIGURES),
    (MEDIAN | {"numerator": "37", "denominator": "40"}, "FIGURE-MISSING", FIGURES),
    ({"value": "48152"}, "FIGURE-DISAGREES", FIGURES),
    ({"denominator": "40"}, "FIGURE-DISAGREES", FIGURES),
    (
        RATIO | {"numerator": "38", "denominator": "41", "value": "92.8"},
        "FIGURE-DISAGREES",
        FIGURES,
    ),
    (RATIO | {"numerator": "1", "denominator": "2", "value": "50.01"}, "FIGURE-DISAGREES", FIGURES),
    (RATE | {"numerator": "2", "denominator": "0"}, "FIGURE-DISAGREES", FIGURES),
    (RATIO | {"denominator": "0", "value": "0"}, "FIGURE-DISAGREES", FIGURES),
    (
        RATE | {"numerator": "278", "denominator": "2.4", "value": "115.8"},
        "FIGURE-DISAGREES",
        FIGURES,
    ),
]


def test_each_faulty_row_is_set_aside_with_its_code_and_the_rest_is_loaded(
    desk, returns, assert_promises
):
    # Enough good rows that one per cent of the file covers all the faulty ones.
    desk.geographies = ("E06000005", *(f"E07{number:06}" for number in range(700)))
    good_rows = [
        {"geography_code": code, "period_start": f"{year}-01-01", "period_end": f"{year}-01-31"}
        for year in range(2013, 2022)
        for code in desk.geographies[1:]
    ]
    content = returns(*(change for change, _, _ in FAULTY), *good_rows)

    receipt = desk.deliver(content)

    assert receipt.outcome == "accepted"
    assert (receipt.loaded, receipt.quarantined) == (len(good_rows), len(FAULTY))
    assert_promises(desk, receipt, content)
    set_aside = dict(desk.quarantined())
    for line, (change, code, _) in enumerate(FAULTY, 2):
        assert set_aside[line] == [code], change
    told = {tuple(message.split(" | ")[0:4:3]) for message in receipt.findings}
    assert told == {(code, column) for _, code, column in FAULTY}


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"indicator_id": "unheard_of_count"}, "INDICATOR-UNKNOWN", "indicator_id"),
        ({"period_start": "2019-07-32"}, "DATE-IMPOSSIBLE", "period_start"),
        ({"period_end": "July 2019"}, "DATE-FORMAT", "period_end"),
        ({"numerator": "about fifty"}, "NUMBER-FORMAT", "numerator"),
    ],
)
def test_a_faulty_row_is_reported_by_file_line_and_column_without_its_cells(
    change, code, column, desk, returns, assert_promises
):
    content = returns({"geography_code": "E06000041"}, change)
    receipt = desk.deliver(content)
    assert receipt.outcome == "accepted"
    assert (receipt.rows_in_file, receipt.loaded, receipt.quarantined) == (2, 1, 1)
    [message] = receipt.findings
    assert message.startswith(f"{code} | 2022-03/indicator_returns.csv | line 3 | {column} | ")
    assert message.endswith(
        " | these rows are set aside and the rest of the file is used; figures accepted for them "
        "before stay"
    )
    assert_promises(desk, receipt, content)


LET_IN = [
    {"period_start": "01/07/2019", "period_end": "31/07/2019"},
    {"period_start": "1/7/2019", "period_end": "31/7/2019"},
    {"period_start": "2019-07-01 00:00:00", "period_end": "2019-07-31T23:59:59.997"},
    {"period_start": "2019-06-30T23:00:00Z", "period_end": "2019-07-31T23:59:59 +01:00"},
    {"period_type": "Month"},
    {"numerator": "1,234,567"},
    {"numerator": "0"},
    {"numerator": "007"},
    {"value": "48151"},
    {"numerator": "", "value": "48151.0"},
    QUARTER,
    YEAR,
    SO_FAR,
    SO_FAR | {"period_end": "2018-04-30"},
    SO_FAR | {"period_end": "2019-03-31"},
    EXCLUSIONS | SO_FAR | {"period_start": "2018-09-01"},
    EXCLUSIONS,
    EXCLUSIONS | QUARTER,
    EXCLUSIONS | SCHOOL_YEAR,
    APPLICATIONS | YEAR,
    {"period_start": "2020-02-01", "period_end": "2020-02-29"},
    {"period_start": "2022-03-01", "period_end": "2022-03-31"},
    RATIO | {"value": "92.7"},
    RATIO | {"value": "100"},
    RATIO | {"numerator": "38", "denominator": "41"},
    RATIO | {"numerator": "38", "denominator": "41", "value": "92.7"},
    RATIO | {"numerator": "38", "denominator": "41", "value": "93"},
    RATIO | {"numerator": "38", "denominator": "41", "value": "92.6829268292683"},
    RATIO | {"numerator": "1", "denominator": "8", "value": "12.5"},
    RATIO | {"numerator": "1", "denominator": "8", "value": "13"},
    RATIO | {"numerator": "0", "denominator": "0"},
    RATIO | {"numerator": "38", "value": "92.7"},
    RATE | {"numerator": "278", "denominator": "24000", "value": "115.8"},
    MEDIAN | {"value": "29.25"},
    MEDIAN | {"denominator": "40", "value": "29.25"},
]


def test_rows_that_are_right_in_an_unusual_way_are_loaded(desk, returns):
    desk.geographies = tuple(f"E06{number:06}" for number in range(len(LET_IN)))
    rows = [
        change | {"geography_code": code}
        for change, code in zip(LET_IN, desk.geographies, strict=True)
    ]
    receipt = desk.deliver(returns(*rows))
    assert desk.quarantined() == []
    assert (receipt.loaded, receipt.codes) == (len(LET_IN), "")


def test_the_years_so_far_that_begin_together_are_different_figures(desk, returns):
    ends = ("2018-10-31", "2018-11-30", "2018-11-30")
    receipt = desk.deliver(returns(*(SO_FAR | {"period_end": end} for end in ends)))
    assert (receipt.loaded, receipt.quarantined, receipt.duplicates) == (2, 0, 1)


def test_a_council_is_the_same_one_under_a_code_that_it_had_before(desk, returns):
    july, august = {}, {"period_start": "2019-08-01", "period_end": "2019-08-31"}
    former = {"geography_code": FORMER_CODE}
    receipt = desk.deliver(returns(july, july | former, august | former))
    assert (receipt.loaded, receipt.duplicates, receipt.codes) == (2, 1, "ROW-DUPLICATE")
    assert desk.accepted(columns="distinct geography_code") == [("E06000005",)]

    receipt = desk.deliver(returns(july, july | former | {"numerator": "12"}, august))
    assert (receipt.loaded, receipt.quarantined, receipt.codes) == (1, 2, "KEY-CONFLICT SUPERSEDED")


def test_areas_and_indicators_are_known_in_any_letters(desk, returns):
    content = returns({"geography_code": "e06000041", "indicator_id": "Referrals_Count"})
    receipt = desk.deliver(content)
    assert (receipt.loaded, receipt.codes) == (1, "")
    names = "geography_code, indicator_id"
    assert desk.accepted(columns=names) == [("E06000041", "referrals_count")]


def test_dates_and_numbers_are_typed_as_they_were_meant(desk, returns):
    desk.deliver(
        returns(
            {"period_start": "01/07/2019", "period_end": "2019-07-31 23:59:59"},
            {"period_start": "1/8/2019", "period_end": "31/8/2019", "numerator": "1,234"},
            RATIO | {"value": "92.6829268292683"},
        )
    )
    typed = "period_start::text, period_end::text, numerator::text, value::text"
    assert set(desk.accepted(columns=typed)) == {
        ("2019-07-01", "2019-07-31", "48151.000000", None),
        ("2019-08-01", "2019-08-31", "1234.000000", None),
        ("2019-07-01", "2019-07-31", None, "92.682927"),
    }


def test_words_for_no_figure_are_read_as_empty_and_counted(desk, returns):
    content = returns(
        RATIO | {"value": "92.7", "numerator": "N/A", "denominator": "-"},
        RATIO | {"value": "90.1", "numerator": "null", "geography_code": "E06000041"},
    )
    receipt = desk.deliver(content)
    assert (receipt.loaded, receipt.codes) == (2, "NULL-TOKEN")
    assert (
        "line 2 | numerator | a word or sign for 'no figure', read as empty (2 times"
        in (receipt.findings[0])
    )
    assert set(desk.accepted(columns="numerator, denominator")) == {(None, None)}


def test_spaces_around_a_cell_are_removed_and_counted(desk, returns):
    receipt = desk.deliver(returns({"indicator_id": " referrals_count\xa0", "numerator": "7 "}))
    assert (receipt.loaded, receipt.codes) == (1, "TEXT-TRIM")
    assert desk.accepted(columns="indicator_id, numerator::int") == [("referrals_count", 7)]


def test_a_word_for_no_figure_does_not_stand_for_a_figure(desk, returns):
    receipt = desk.deliver(returns({}, {"geography_code": "E06000041", "numerator": "n/a"}))
    assert "FIGURE-MISSING" in receipt.codes
    assert desk.quarantined() == [(3, ["FIGURE-MISSING"])]


def test_a_row_with_two_faulty_cells_carries_both_codes(desk, returns):
    desk.deliver(returns({}, {"geography_code": "Leeds", "period_start": "soon"}))
    assert desk.quarantined() == [(3, ["GEOGRAPHY-UNKNOWN", "DATE-FORMAT"])]


def test_a_period_before_the_marts_calendar_is_set_aside_not_lost_later(desk, returns):
    early = {"period_start": "2011-07-01", "period_end": "2011-09-30", "period_type": "quarter"}
    receipt = desk.deliver(returns({}, early))
    assert "DATE-RANGE" in receipt.codes
    assert (receipt.loaded, receipt.quarantined) == (1, 1)
