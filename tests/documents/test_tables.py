"""The CSV files of an edition."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from orchestration.documents.tables import csv_files, safe_cell
from orchestration.editions.figures import Edition, Indicator, Part

Row = Callable[[str], Indicator]


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_there_is_a_file_per_dashboard_and_one_with_all(edition: Edition) -> None:
    files = csv_files(edition, {}, {})
    by_dashboard = [_rows(files[f"dashboard_{n}.csv"]) for n in range(1, 9)]
    together = [row for rows in by_dashboard for row in rows]
    assert len(files) == 10
    assert [row["indicator_id"] for row in together] == [r.indicator_id for r in edition.rows]
    assert together == _rows(files["all_indicators.csv"])


def test_the_parts_of_a_figure_stand_in_a_file_of_their_own(edition: Edition, row: Row) -> None:
    headline = row("missing_children_count").headline
    assert headline is not None
    two = replace(headline, numerator=Decimal(2), value=Decimal(2))
    none = replace(headline, numerator=Decimal(0), value=Decimal(0))
    parts = (
        Part("duration_band", "6-24h", two, heading="Length", label="6 to 24 hours", place=2),
        Part("setting", "care", none, heading="Missing from"),
    )
    children = replace(row("missing_children_count"), parts=parts)
    rows = _rows(
        csv_files(replace(edition, improvements=(), rows=(children,)), {}, {})["breakdowns.csv"]
    )
    assert [(r["breakdown_in_words"], r["part_in_words"], r["value"]) for r in rows] == [
        ("Length", "6 to 24 hours", "2"),
        ("Missing from", "care", "0"),
    ]
    assert rows[0]["indicator_id"] == "missing_children_count"
    assert rows[0]["period_end"] == headline.period_end.isoformat()


def test_a_dashboard_without_indicators_still_has_its_header(edition: Edition, row: Row) -> None:
    files = csv_files(replace(edition, improvements=(), rows=(row("cic_count"),)), {}, {})
    assert files["dashboard_1.csv"].splitlines() == files["dashboard_5.csv"].splitlines()[:1]


def test_files_are_plain_utf8_with_lf_and_snake_case_headers(edition: Edition) -> None:
    content = csv_files(edition, {}, {})["all_indicators.csv"]
    header = content.split(b"\n", 1)[0].decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")  # or Excel would take it for Windows-1252
    assert b"\r" not in content
    assert all(name.replace("_", "a").isalnum() and name.islower() for name in header.split(","))


def test_no_cell_begins_like_a_formula(edition: Edition) -> None:
    content = csv_files(edition, {}, {})["all_indicators.csv"].decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=Quarter 2 report, item 6" in cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1325", "'+44 1325"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\t=1+1", "'=1+1"),
        ("\r\n @x", "'@x"),
        ("\u00a0=1", "'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("two\nlines\u2028or three", "two lines or three"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_any_text_becomes_one_line_that_is_no_formula(text: str, expected: str) -> None:
    assert safe_cell(text) == expected


@pytest.mark.parametrize(
    ("indicator", "column", "expected"),
    [
        ("assessments_within_45wd_pct", "value", "92.6"),
        ("assessments_within_45wd_pct", "numerator", "88"),
        ("assessments_within_45wd_pct", "period_end", "2019-09-30"),
        ("assessments_within_45wd_pct", "england_gap_direction", "up"),
        ("assessments_within_45wd_pct", "quarter_value", "92.6"),
        ("assessments_within_45wd_pct", "year_period_type", "financial_year"),
        ("cp_visits_within_10wd_pct", "previous_change", "8.8"),
        ("cp_visits_within_10wd_pct", "previous_change_direction", "down"),
        ("cp_visits_within_10wd_pct", "numerator", ""),
        ("cl_neet_pct", "england_gap", "6.9"),
        ("cl_neet_pct", "england_verdict", "unknown"),
        ("sw_turnover_12m_pct", "cases_to_target", "3"),
        ("sw_turnover_12m_pct", "interval_upper", "27.70"),
        ("cl_neet_pct", "england_gap_direction", "down"),
        ("cic_count", "value", "255"),
        ("sw_turnover_12m_pct", "denominator", "87.5"),
        ("cic_three_plus_placements_12m_pct", "status_in_words", "Last reported December 2018"),
        ("cic_three_plus_placements_12m_pct", "is_last_reported", "yes"),
        ("ehcp_issued_within_20wk_pct", "value", ""),
        ("ehcp_issued_within_20wk_pct", "status", "no_data"),
        ("cl_neet_pct", "as_at", "2019-09-30"),
    ],
)
def test_cells_say_what_the_mart_holds(
    edition: Edition, indicator: str, column: str, expected: str
) -> None:
    rows = _rows(csv_files(edition, {}, {})["all_indicators.csv"])
    assert {row["indicator_id"]: row for row in rows}[indicator][column] == expected


def test_no_change_has_no_direction(edition: Edition, row: Row) -> None:
    now = row("cl_neet_pct")
    same = replace(now, previous=replace(now.previous, change=Decimal(0)))
    cells = _rows(
        csv_files(replace(edition, improvements=(), rows=(same,)), {}, {})["all_indicators.csv"]
    )[0]
    assert (cells["previous_change"], cells["previous_change_direction"]) == ("0.0", "none")


def test_the_areas_for_improvement_have_a_file_of_their_own(edition: Edition) -> None:
    files = csv_files(edition, {}, {})
    rows = list(csv.DictReader(io.StringIO(files["areas_for_improvement.csv"].decode("utf-8-sig"))))
    assert [(row["area_rank"], row["area"]) for row in rows] == [
        ("1", "Care leavers' work"),
        ("2", "Turnover"),
    ]
    assert rows[1]["last_year_value"] == "12.5"
    assert rows[1]["is_worse_than_benchmarks"] == "yes"
    assert "areas_for_improvement.csv" not in csv_files(replace(edition, improvements=()), {}, {})
