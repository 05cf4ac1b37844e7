"""Figures and verdicts in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orchestration.contract.extracts import EXTRACTS
from orchestration.editions import words
from orchestration.editions.figures import Earlier, Edition, Figure, Indicator, Part
from orchestration.editions.over_the_year import told, year_change
from orchestration.settings import settings

Row = Callable[[str], Indicator]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("92.65", 1, "92.7"),
        ("92.649999", 1, "92.6"),
        ("0.125", 2, "0.13"),
        ("2.5", 0, "3"),
        ("1234.5", 0, "1,235"),
        ("100", 1, "100.0"),
    ],
)
def test_numbers_round_half_up(value: str, decimals: int, expected: str) -> None:
    assert words.number(Decimal(value), decimals) == expected


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("assessments_within_45wd_pct", "92.6% (88 of 95)"),
        ("cp_visits_within_10wd_pct", "73.8% (number not supplied)"),
        ("cic_count", "255"),
        ("eh_assessment_avg_wd", "30.0 days (based on 41)"),
        ("permanent_exclusion_rate_pct", "0.12% (15 of 12,110)"),
        ("sw_turnover_12m_pct", "18.7% (16.4 of 87.5)"),
        ("ehcp_issued_within_20wk_pct", "No figure"),
    ],
)
def test_a_figure_carries_the_numbers_behind_it(row: Row, indicator: str, expected: str) -> None:
    shown = row(indicator)
    assert words.figure(shown.value, shown, shown.headline) == expected


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "expected"),
    [
        ("rate_per_10k", 278, 22500, "278 in a population of 22,500"),
        ("cases", 410, "25.25", "410 cases, 25.3 full-time workers"),
        ("percent", 12, None, "12, total not supplied"),
        ("percent", None, 95, "number not supplied, out of 95"),
        ("hours", None, None, "number not supplied"),
        ("percent", 0, 0, "0 of 0"),
    ],
)
def test_numbers_are_named_by_the_unit(
    unit: str, numerator: object, denominator: object, expected: str
) -> None:
    def known(number: object) -> Decimal | None:
        return None if number is None else Decimal(str(number))

    counted = _figure(known(numerator), known(denominator), Decimal(1))
    assert words.counts(counted, unit) == expected


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("cp_visits_within_10wd_pct", "8.8 points lower than the quarter before (worse)"),
        ("cl_neet_pct", "6.5 points lower than the quarter before (better)"),
        ("eh_assessment_avg_wd", "0.5 days lower than the month before (better)"),
        ("cic_count", "1 more than the month before"),
        ("missing_children_count", "4 more than the month before (worse)"),
        ("permanent_exclusion_rate_pct", "0.02 points higher than the year before (worse)"),
        ("ehcp_issued_within_20wk_pct", "Not compared: no figure"),
        ("cic_three_plus_placements_12m_pct", "Not compared: the figure is too old"),
    ],
)
def test_a_change_says_how_much_which_way_and_whether_it_is_better(
    row: Row, indicator: str, expected: str
) -> None:
    assert words.since_previous(row(indicator)) == expected


def test_a_change_without_an_earlier_figure_says_so(row: Row) -> None:
    assert (
        words.since_year_ago(row("cl_neet_pct"))
        == "Not compared: no figure for the same quarter last year"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("0", "Same as the quarter before"),
        ("0.1", "0.1 points higher than the quarter before (worse)"),
        ("-0.1", "0.1 points lower than the quarter before (better)"),
    ],
)
def test_no_change_is_neither_better_nor_worse(row: Row, change: str, expected: str) -> None:
    now = replace(row("cl_neet_pct"), previous=Earlier(Decimal("23.1"), Decimal(change), None))
    assert words.since_previous(now) == expected


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("assessments_within_45wd_pct", "Meets target"),
        ("cic_statutory_visits_in_timescale_pct", "Within tolerance of target"),
        ("cp_visits_within_10wd_pct", "Below target"),
        ("sw_turnover_12m_pct", "Above target"),
        ("cic_count", "Not judged: no target agreed"),
        ("cic_three_plus_placements_12m_pct", "Not judged: the figure is too old"),
    ],
)
def test_the_verdict_is_in_words_by_polarity(row: Row, indicator: str, expected: str) -> None:
    assert words.rag(row(indicator)) == expected


def test_the_reason_of_the_mart_for_no_verdict_is_kept(row: Row) -> None:
    now = replace(row("cic_count"), rag_reason="too few cases")
    assert words.rag(now) == "Too few cases"


def test_a_target_says_whose_it_is(row: Row) -> None:
    assert words.target(row("cic_statutory_visits_in_timescale_pct")) == "90% (statutory)"
    assert words.target(row("eh_assessment_avg_wd")) == "30 days (the council's own)"
    assert words.target(row("cic_count")) == "None agreed"


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("ehcp_issued_within_20wk_pct", "No data: no return for this indicator"),
        ("cic_three_plus_placements_12m_pct", "Last reported December 2018"),
        ("cic_count", ""),
    ],
)
def test_a_missing_or_old_figure_says_so(row: Row, indicator: str, expected: str) -> None:
    assert words.status(row(indicator)) == expected


def test_a_provisional_figure_says_so(row: Row) -> None:
    assert words.status(replace(row("cic_count"), status="provisional")) == "Provisional"


def test_a_gap_says_how_far_from_whom_and_whether_it_is_better(row: Row) -> None:
    now = row("assessments_within_45wd_pct")
    assert words.gap(now.england, now) == "9.5 points higher than England (better)"
    assert words.gap(now.region, now) == (
        "6.6 points higher than North East (similar: could be chance)"
    )
    old = row("cl_neet_pct")
    assert words.gap(old.england, old) == (
        "6.9 points lower than England (no margin of error is known)"
    )
    assert words.gap(old.region, old) == ""


def named(breakdown: str, name: str, figure: Figure, rest: str | None = None) -> Part:
    """A part with the names that the catalogue gives it."""
    told = {
        (row["breakdown"], row["part"]): row
        for row in settings.reference.table("breakdown_labels").rows
    }
    heading, of = told.get((breakdown, None), {}), told.get((breakdown, name), {})
    names = (heading.get("label"), of.get("label"), of.get("place"))
    return Part(breakdown, name, figure, rest, *names)


def test_bands_stand_in_their_order_and_other_parts_by_their_code() -> None:
    nothing = _figure(None, None, None)
    ages = ("unknown", "10-15", "5-9", "16+", "0-4")
    told = sorted((named("age_band", age, nothing) for age in ages), key=words.part_order)
    assert [part.name for part in told] == ["0-4", "5-9", "10-15", "16+", "unknown"]
    reasons = ("unmapped", "LEFTRL", "not recorded", "ABSENC")
    told = sorted(
        (named("worker_change_reason", each, nothing) for each in reasons), key=words.part_order
    )
    assert [part.name for part in told] == ["ABSENC", "LEFTRL", "not recorded", "unmapped"]


def test_what_official_figures_are_about_is_named_and_held_against_them(row: Row) -> None:
    now = replace(
        row("cl_suitable_accommodation_pct"),
        compared_part=("age_part", "19-21"),
        compared_label="aged 19 to 21",
    )
    older = named("age_part", "19-21", _figure(Decimal(45), Decimal(50), Decimal(90)))
    held = replace(
        now, parts=(older,), england=replace(now.england, gap=Decimal(5), verdict="better")
    )
    assert words.gap(held.england, held) == (
        "5.0 points higher than England (better), by the part aged 19 to 21: 90.0% (45 of 50)"
    )
    returned = replace(now, parts=(), england=replace(now.england, gap=None, verdict=None))
    assert words.gap(returned.england, returned) == (
        "Not compared: it is about the part aged 19 to 21 only"
    )


@pytest.mark.parametrize(
    ("breakdown", "name", "rest", "heading", "expected"),
    [
        (
            "worker_change_reason",
            "LEFTRL",
            None,
            "Reason for the change of worker",
            "worker left their role",
        ),
        ("age_part", "17-18", None, "Age", "aged 17 and 18"),
        ("uasc", "Y", None, "Unaccompanied asylum-seeking child", "yes"),
        ("not_in_it", "a code", None, "Not in it", "a code"),
        (
            "delay_reason",
            "staffing",
            "the late ones",
            "Reason for delay, as a share of the late ones",
            "staffing",
        ),
    ],
)
def test_parts_are_named_in_words(
    breakdown: str, name: str, rest: str | None, heading: str, expected: str
) -> None:
    part = named(breakdown, name, _figure(Decimal(10), Decimal(24), None), rest)
    assert (words.split_by(part), words.part(part)) == (heading, expected)


def test_no_code_of_a_return_is_printed_bare() -> None:
    """Every code of a column that splits a figure has its words; what is in words already stays."""
    columns = {column.name: column for each in EXTRACTS.values() for column in each.columns}
    splits = {
        "worker_change_reason": "invo_worker_change_reason",
        "delay_reason": "delay_reason",
    }
    for breakdown, column in splits.items():
        for code in columns[column].allowed:
            told = words.part(named(breakdown, code, _figure(None, None, None)))
            assert told == told.lower(), code


def test_a_year_is_not_held_against_a_quarter_without_saying_so(row: Row) -> None:
    now = row("assessments_within_45wd_pct")
    assert words.benchmark_period(now.england, now) == "2018/19, a whole year against a quarter"
    on_a_day = replace(now.england, period="31 March 2019")
    assert words.benchmark_period(on_a_day, now) == "31 March 2019"
    annual = row("permanent_exclusion_rate_pct")
    assert words.benchmark_period(annual.england, annual) == "2018/19 academic"


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("assessments_within_45wd_pct", ""),
        ("cp_visits_within_10wd_pct", "No margin of error is known"),
        ("cic_count", ""),
    ],
)
def test_only_a_miss_says_whether_it_could_be_chance(
    row: Row, indicator: str, expected: str
) -> None:
    assert words.certainty(row(indicator)) == expected


def test_a_miss_by_few_has_a_margin_and_a_count_of_everybody_none(row: Row) -> None:
    miss = replace(
        row("assessments_within_45wd_pct"), rag="amber", target_certainty="could_be_chance"
    )
    assert words.certainty(miss) == (
        "Could be chance, as it rests on few: margin of error 85.6% to 96.4%"
    )
    everybody = replace(miss, time_basis="snapshot_ratio")
    assert words.certainty(everybody) == "Could be chance, as it rests on few"
    all_of_142 = replace(everybody, rag="green", target_certainty=None)
    assert words.certainty(all_of_142) == ""


def test_no_gap_is_neither_chance_nor_better(row: Row) -> None:
    now = row("assessments_within_45wd_pct")
    same = replace(now.region, gap=Decimal(0), verdict="similar")
    assert words.gap(same, now) == "Same as North East"


def test_a_shortfall_is_said_in_cases(row: Row) -> None:
    assert words.cases_to_target(row("sw_turnover_12m_pct")) == "3 fewer would meet the target"
    assert words.cases_to_target(row("assessments_within_45wd_pct")) == ""


@pytest.mark.parametrize(
    ("kind", "start", "end", "expected", "short"),
    [
        ("month", "2019-09-01", "2019-09-30", "September 2019", "Sep 2019"),
        (
            "quarter",
            "2019-07-01",
            "2019-09-30",
            "July to September 2019 (Quarter 2 2019/20)",
            "Q2 2019/20",
        ),
        (
            "quarter",
            "2020-01-01",
            "2020-03-31",
            "January to March 2020 (Quarter 4 2019/20)",
            "Q4 2019/20",
        ),
        (
            "year_to_date",
            "2019-04-01",
            "2019-12-31",
            "April to December 2019 (year 2019/20 to date)",
            "2019/20",
        ),
        (
            "year_to_date",
            "2019-04-01",
            "2019-04-30",
            "April 2019 (year 2019/20 to date)",
            "2019/20",
        ),
        (
            "financial_year",
            "1999-04-01",
            "2000-03-31",
            "April 1999 to March 2000 (financial year 1999/00)",
            "1999/00",
        ),
        (
            "academic_year",
            "2018-09-01",
            "2019-08-31",
            "September 2018 to August 2019 (academic year 2018/19)",
            "2018/19",
        ),
        (
            "calendar_year",
            "2018-01-01",
            "2018-12-31",
            "January to December 2018 (calendar year 2018)",
            "2018",
        ),
    ],
)
def test_periods_are_named_in_full_and_in_short(
    kind: str, start: str, end: str, expected: str, short: str
) -> None:
    counted = replace(
        _figure(None, None, None),
        period_type=kind,
        period_start=date.fromisoformat(start),
        period_end=date.fromisoformat(end),
    )
    assert (words.period(counted), words.short_period(counted)) == (expected, short)


def _figure(
    numerator: Decimal | None, denominator: Decimal | None, value: Decimal | None
) -> Figure:
    return Figure(
        "quarter", date(2019, 7, 1), date(2019, 9, 30), numerator, denominator, value, "ok"
    )


def test_an_area_for_improvement_says_all_that_speaks_for_it(edition: Edition, row: Row) -> None:
    recalled, turnover = edition.improvements
    assert words.improvement(recalled, row("cl_neet_pct")) == (
        "23.1% (number not supplied): members asked to see it again (minute 14)"
    )
    assert words.improvement(turnover, row("sw_turnover_12m_pct")) == (
        "18.7% (16.4 of 87.5): above its target of 16% and its tolerance; worse than the 12.5% of"
        " 2018/19; worse than England and the statistical neighbours"
    )


def test_a_new_council_says_for_two_years_that_it_has_no_years_before() -> None:
    begun = (date(2021, 4, 1), "Northamptonshire")
    told = words.succession(
        "North Northamptonshire", date(2022, 3, 31), begun=begun, ended=(None, None)
    )
    assert told == (
        "North Northamptonshire began on 1 April 2021 in place of Northamptonshire: it has no "
        "figures of the years before, and nothing is compared with them."
    )
    later = words.succession("North", date(2023, 4, 30), begun=begun, ended=(None, None))
    assert later == ""


def test_a_council_that_ended_says_who_took_its_place_in_its_last_edition() -> None:
    after = "North Northamptonshire; West Northamptonshire"
    ended = (date(2021, 3, 31), after)
    none = (None, None)
    told = words.succession("Northamptonshire", date(2021, 3, 31), begun=none, ended=ended)
    assert told == (
        f"Northamptonshire ended on 31 March 2021; {after} took its place: this is its last "
        "position."
    )
    assert words.succession("Northamptonshire", date(2021, 2, 28), begun=none, ended=ended) == ""


@pytest.mark.parametrize(
    ("now", "before", "pupils", "said"),
    [
        (14, 15, 31_200, "0.01 points lower than a year before (better)"),
        (12, 16, 31_200, "0.01 points lower than a year before (improving)"),
        (19, 16, 31_200, "0.01 points higher than a year before (worsening)"),
    ],
)
def test_one_exclusion_fewer_is_no_improvement_whatever_is_printed(
    row: Row, now: int, before: int, pupils: int, said: str
) -> None:
    rate = row("permanent_exclusion_rate_pct")
    assert rate.headline is not None

    def year(cases: int) -> Figure:
        value = round(Decimal(100 * cases) / pupils, 6)
        return replace(rate.headline, numerator=cases, denominator=pupils, value=value)

    earlier = replace(rate.year_ago, figure=year(before))
    told_now = replace(rate, headline=year(now), decimals=2, year_ago=earlier)
    told_now = replace(told_now, status="ok", frequency="annual")
    change = year_change(told_now)
    assert change is not None and told(change, told_now) == said
