"""Reading one council's edition from the mart."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.documents.page import render_dashboard
from orchestration.documents.read_me_first import read_me_first
from orchestration.editions.edition import load_edition, newest_edition
from orchestration.editions.figures import Edition, Indicator
from orchestration.editions.series import month_end
from orchestration.publication.errors import EditionNotBuilt

Row = Callable[[str], Indicator]


def test_rows_come_by_dashboard_then_tier_then_name(edition: Edition) -> None:
    care = [row.indicator_id for row in edition.dashboards[5]]
    assert [row.dashboard_no for row in edition.rows] == [1, 2, 2, 3, 4, 5, 5, 5, 6, 6, 7, 7, 8]
    assert care == [
        "cic_count",
        "cic_three_plus_placements_12m_pct",
        "cic_statutory_visits_in_timescale_pct",
    ]


def test_headline_keeps_its_period_numbers_and_unrounded_value(row: Row) -> None:
    headline = row("assessments_within_45wd_pct").headline
    assert headline is not None
    assert (headline.period_start, headline.period_end) == (date(2019, 7, 1), date(2019, 9, 30))
    assert (headline.numerator, headline.denominator) == (88, 95)
    assert headline.value == Decimal("92.631579")


def test_a_row_without_a_figure_has_no_headline_but_a_reason(row: Row) -> None:
    missing = row("ehcp_issued_within_20wk_pct")
    assert missing.headline is None
    assert (missing.status, missing.status_reason) == ("no_data", "no return for this indicator")


def test_earlier_figures_bring_their_numbers_from_the_mart(row: Row) -> None:
    now = row("cl_suitable_accommodation_pct")
    assert now.previous.figure is not None
    assert (now.previous.figure.numerator, now.previous.figure.denominator) == (70, 82)
    assert now.year_ago.figure is None


def test_months_are_shown_where_three_have_a_value_at_most_25(row: Row) -> None:
    trend = row("cic_count").trend
    assert trend.period_type == "month"
    assert [point.period_end for point in trend.points][:: len(trend.points) - 1] == [
        date(2017, 9, 30),
        date(2019, 9, 30),
    ]
    assert len(trend.points) == 25


def test_quarters_are_shown_where_there_are_no_months_and_gaps_stay_gaps(row: Row) -> None:
    trend = row("assessments_within_45wd_pct").trend
    assert trend.period_type == "quarter"
    assert [point.value is None for point in trend.points] == [False, False, True] + [False] * 3
    assert trend.points[2].period_start == date(2018, 10, 1)
    assert trend.points[2].period_end == date(2018, 12, 31)


def test_nothing_that_ended_after_the_as_at_is_read(build: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.duckdb"
    earlier.write_bytes(build.read_bytes())
    with duckdb.connect(str(earlier)) as connection:
        connection.execute("update marts.kpi_dashboard set as_at = date '2019-06-30'")
        edition = load_edition(connection, "E06000005", date(2019, 6, 30))
    ends = [point.period_end for row in edition.rows for point in row.trend.points]
    ends += [year.period_end for row in edition.rows for year in row.years]
    assert max(ends) == date(2019, 6, 30)


def test_the_default_edition_is_the_newest_that_has_figures(build: Path, tmp_path: Path) -> None:
    planned = tmp_path / "planned.duckdb"
    planned.write_bytes(build.read_bytes())
    with duckdb.connect(str(planned)) as connection:
        connection.execute(
            "insert into marts.kpi_dashboard select * replace (date '2020-06-30' as as_at,"
            " false as is_newest) from marts.kpi_dashboard"
        )
        assert load_edition(connection, "E06000005", None).as_at == date(2019, 9, 30)
        assert newest_edition(connection, "E06000005", date(2020, 7, 1)) == date(2019, 9, 30)
        assert load_edition(connection, "E06000005", date(2020, 6, 30)).as_at == date(2020, 6, 30)


def test_every_whole_year_that_has_a_value_is_read(row: Row) -> None:
    years = row("permanent_exclusion_rate_pct").years
    assert [(year.period_type, year.period_end.year) for year in years] == [
        ("academic_year", 2018),
        ("academic_year", 2019),
    ]


def test_without_an_as_at_the_newest_edition_is_loaded(mart: duckdb.DuckDBPyConnection) -> None:
    assert load_edition(mart, "E06000005", None).as_at == date(2019, 9, 30)


@pytest.mark.parametrize(("council", "expected"), [("E06000005", "2019-09"), ("E06000099", "a c")])
def test_an_edition_that_is_not_built_says_what_there_is_and_what_to_do(
    mart: duckdb.DuckDBPyConnection, council: str, expected: str
) -> None:
    with pytest.raises(EditionNotBuilt) as fault:
        load_edition(mart, council, date(2019, 10, 31))
    parts = str(fault.value).split(" | ")
    assert parts[0] == "EDITION-NOT-BUILT"
    assert f"{council} as at 2019-10-31" in parts[4]
    assert expected in parts[5]
    assert "COUNCIL and AS_AT" in parts[6]
    assert len(parts) == 8


def test_a_council_without_editions_has_no_newest(mart: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(EditionNotBuilt):
        load_edition(mart, "E06000099", None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2019, 9, 12), 0, date(2019, 9, 30)),
        (date(2019, 12, 31), 0, date(2019, 12, 31)),
        (date(2020, 3, 31), -1, date(2020, 2, 29)),
        (date(2019, 1, 31), -1, date(2018, 12, 31)),
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
    ],
)
def test_month_ends_are_reckoned_over_years_and_leap_days(
    day: date, months: int, expected: date
) -> None:
    assert month_end(day, months) == expected


def test_an_edition_of_a_new_council_says_so(build: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun.duckdb"
    begun.write_bytes(build.read_bytes())
    with duckdb.connect(str(begun)) as connection:
        assert load_edition(connection, "E06000005", None).succession == ""
        connection.execute(
            "update marts.dim_geography set valid_from = date '2019-04-01',"
            " predecessors = 'Old Shire'"
        )
        edition = load_edition(connection, "E06000005", None)
    assert edition.succession.startswith("Darlington began on 1 April 2019 in place of Old Shire")
    page = render_dashboard(edition, "the performance team", {}).decode()
    text = read_me_first(edition, "the performance team").decode()
    assert edition.succession in page
    assert " ".join(edition.succession.split()) in " ".join(text.split())
