"""The HTML pages: what they say, and what a browser makes of them."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orchestration.deliveries.quality import delivery_quality
from orchestration.documents.data_quality import data_quality_files
from orchestration.documents.index import render_index
from orchestration.documents.page import render_dashboard
from orchestration.editions.figures import Edition, Indicator
from orchestration.publication.publication import publish
from tests.browser import browser, opened, smallest_text, violations
from tests.documents.test_data_quality import CATALOGUE, receipt, refused

Row = Callable[[str], Indicator]
__all__ = ["browser"]

CONTACT = "the performance team"

MARKING = "Officers only \N{EN DASH} not for publication"
SYNTHETIC = "Synthetic sample data \N{EN DASH} not about real children or a real council"
SAMPLE = "Sample Borough (synthetic sample data)"
PAGES = (
    "officers/E06000005/2019-09/dashboard.html",
    "officers/X06000001/2019-10/dashboard.html",
    "officers/E06000005/2019-09/data_quality.html",
    "index.html",
)


@pytest.fixture(scope="module")
def dashboard(edition: Edition) -> str:
    return render_dashboard(edition, CONTACT, {}).decode("utf-8")


@pytest.fixture(scope="module")
def exports(
    tmp_path_factory: pytest.TempPathFactory, edition: Edition, synthetic_edition: Edition
) -> Path:
    """An exports folder with four editions, a damaged one, the index and dashboard pages."""
    exports = tmp_path_factory.mktemp("exports")
    for council, name, as_at in (
        ("E06000005", "Darlington", "2019-06-30"),
        ("E06000005", "Darlington", "2019-09-30"),
        ("E06000041", "Wokingham", "2019-09-30"),
        ("X06000001", SAMPLE, "2019-10-31"),
    ):
        synthetic = name == SAMPLE
        shown = replace(synthetic_edition, geography_name=name) if synthetic else edition
        facts = {
            "as_at": as_at,
            "built_at": "2019-10-03T06:00:00+01:00",
            "code_version": "abc",
            "generation": 1,
            "geography_code": council,
            "geography_name": name,
            "run_id": "run-1",
            "synthetic": synthetic,
        }
        page = {
            "dashboard.html": render_dashboard(shown, CONTACT, {}),
            "officers-only_all_indicators.csv": b"a\n",
        }
        quality = delivery_quality(
            [receipt(), refused("2019-09", "ssd_person")], CATALOGUE, "2019-09"
        )
        page |= data_quality_files(shown, quality)
        publish(exports / "officers" / council / as_at[:7], page, facts)
    damaged = exports / "officers" / "E06000099" / "2019-09"
    damaged.mkdir(parents=True)
    (damaged / "manifest.json").write_text("{")
    (exports / "officers" / "E06000005" / ".2019-09.staging").mkdir()
    (exports / "index.html").write_bytes(render_index(exports))
    return exports


def test_the_page_is_marked_on_screen_and_on_every_printed_page(dashboard: str) -> None:
    assert f'<p class="marking">{MARKING}</p>' in dashboard
    assert f'@top-center {{ content: "{MARKING}"' in dashboard
    assert "ynthetic" not in dashboard


def test_the_page_of_a_council_that_is_made_up_is_marked_twice(exports: Path) -> None:
    page = (exports / PAGES[1]).read_text("utf-8")
    banners = re.findall(r'<p class="marking[^>]*>(.*?)</p>', page)
    assert banners == [MARKING, SYNTHETIC]
    assert f'@top-center {{ content: "{MARKING}\\A {SYNTHETIC}"' in page
    assert f"({MARKING}; {SYNTHETIC})</title>" in page
    assert f"<p>{MARKING}. {SYNTHETIC}. Questions:" in page
    assert "Judged against a proposed target" in page


def test_the_page_asks_nothing_of_any_other_place(dashboard: str) -> None:
    beside = "data_quality.html"
    assert not re.findall(
        rf"""(?:src|href)=["'](?!#|{beside})|url\(|@import|<script|<link""", dashboard
    )
    assert "http" not in dashboard


def test_the_page_has_eight_sections_in_order_and_one_first_heading(dashboard: str) -> None:
    headings = re.findall(r"<h2 [^>]*>Dashboard (\d): ", dashboard)
    links = re.findall(r'<a href="#dashboard-(\d)">', dashboard)
    assert headings == links == list("12345678")
    assert dashboard.count("<h1>") == 1


@pytest.mark.parametrize(
    ("indicator", "cells"),
    [
        (
            "assessments_within_45wd_pct",
            [
                "Assessments completed within 45 working days Higher is better",
                "92.6% July to September 2019 (Quarter 2 2019/20)",
                "88 of 95",
                "90% (the council's own)",
                "Meets target",
                "83.1% 2018/19, a whole year against a quarter"
                " 9.5 points higher than England (better)",
                "84.3% 2018/19, a whole year against a quarter"
                " mean of 9 councils, without Cumbria (abolished)"
                " 8.4 points higher than neighbours (better)",
                "86.0% 2018/19, a whole year against a quarter"
                " 6.6 points higher than North East (similar: could be chance)",
                "4.5 points higher (better) was 88.1%",
                "7.6 points higher (better) was 85.0%",
                "Not said: there are too few months",
            ],
        ),
        (
            "ehcp_issued_within_20wk_pct",
            [
                "New EHC plans issued within 20 weeks of the request Higher is better",
                "No data no return for this indicator",
                "None",
                "None agreed",
                "Not judged: no target agreed",
                "No comparison: This council is not in the published table.",
                "Not compared",
                "Not compared",
                "Not said: there is no figure",
            ],
        ),
        (
            "cic_three_plus_placements_12m_pct",
            [
                "Children in care with three or more placements in 12 months Lower is better",
                "9.6% Last reported December 2018",
                "Number not supplied",
                "10% (the council's own)",
                "Not judged: the figure is too old",
                "10.0% 2018/19",
                "No comparison: there is no figure to compare with",
                "No comparison: there is no figure to compare with",
                "Not compared",
                "Not compared",
                "Not said: the figure is too old",
            ],
        ),
    ],
)
def test_a_row_says_figure_number_target_verdict_comparisons_and_changes(
    dashboard: str, indicator: str, cells: list[str]
) -> None:
    assert _cells(dashboard, indicator) == cells


def test_a_verdict_has_a_shape_besides_its_words_and_colour(dashboard: str) -> None:
    shapes = {
        indicator: re.search(
            r'class="shape \w+".*?<(circle|path d="M\d+)', _row(dashboard, indicator), re.DOTALL
        )
        for indicator in (
            "assessments_within_45wd_pct",
            "cic_statutory_visits_in_timescale_pct",
            "cp_visits_within_10wd_pct",
        )
    }
    assert len({shape.group(1) for shape in shapes.values() if shape}) == 3
    assert 'aria-hidden="true"' in _row(dashboard, "assessments_within_45wd_pct")


def test_charts_are_drawn_for_three_points_or_more_with_their_figures(dashboard: str) -> None:
    assert dashboard.count('<svg class="trend"') == 7
    assert dashboard.count("Figures of this chart") == 7
    assert "October to December 2018 (Quarter 3 2018/19)</th><td>No figure</td>" in dashboard


def test_whole_years_stand_in_a_table_per_dashboard(dashboard: str) -> None:
    assert "<td>86.0% (301 of 350)</td><td>87.2% (number not supplied)</td>" in dashboard
    assert "<td>0.10% (12 of 12,040)</td><td>0.12% (15 of 12,110)</td>" in dashboard


def test_text_from_deliveries_is_escaped(edition: Edition, row: Row) -> None:
    hostile = replace(
        row("cic_count"),
        name="<b>bold</b>",
        source_note="<script>alert(1)</script>",
        benchmark_reason='"><img src=x>',
    )
    page = render_dashboard(
        replace(edition, improvements=(), rows=(hostile,)), "<i>me</i>", {}
    ).decode("utf-8")
    assert not re.findall(r"<b>|<script|<img|<i>", page)


def test_the_same_edition_gives_the_same_bytes(edition: Edition) -> None:
    assert render_dashboard(edition, CONTACT, {}) == render_dashboard(edition, CONTACT, {})


def test_the_index_lists_editions_newest_first_then_by_council(exports: Path) -> None:
    index = (exports / "index.html").read_text("utf-8")
    assert re.findall(r"<h3>(.*?)</h3>", index) == [
        f"{SAMPLE}, October 2019",
        "Darlington, September 2019",
        "Wokingham, September 2019",
        "Darlington, June 2019",
        "officers/E06000099/2019-09",
    ]
    assert "from data received on 3 October 2019" in index
    assert "This folder is damaged" in index
    links = re.findall(r'href="([^"#]+)"', index)
    of_darlington = [link for link in links if link.startswith("officers/E06000005/2019-09")]
    assert of_darlington[0] == "officers/E06000005/2019-09/dashboard.html"
    assert "officers/E06000005/2019-09/officers-only_all_indicators.csv" in of_darlington
    assert all((exports / link).is_file() for link in links)


def test_the_index_says_which_council_is_made_up(exports: Path) -> None:
    index = (exports / "index.html").read_text("utf-8")
    sample, rest = index.split("<h3>Darlington, September 2019</h3>")
    assert SYNTHETIC in sample.split(f"<h3>{SAMPLE}, October 2019</h3>")[1]
    assert SYNTHETIC not in rest


def test_an_edition_from_before_there_was_a_sample_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "officers" / "E06000005" / "2019-09"
    folder.mkdir(parents=True)
    facts = {
        "as_at": "2019-09-30",
        "built_at": "2019-10-03T06:00:00+01:00",
        "files": {},
        "generation": 1,
        "geography_name": "Darlington",
        "marking": MARKING,
    }
    (folder / "manifest.json").write_text(json.dumps(facts), "utf-8")
    index = render_index(tmp_path).decode("utf-8")
    assert "<h3>Darlington, September 2019</h3>" in index
    assert SYNTHETIC not in index


def test_the_index_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "Nothing is here yet" in render_index(tmp_path).decode("utf-8")


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_accessibility_fault(browser: Any, exports: Path, page: str) -> None:
    assert violations(opened(browser, exports / page, 1280)) == []


@pytest.mark.needs("chromium")
def test_axe_would_find_a_fault(browser: Any, exports: Path, tmp_path: Path) -> None:
    page = (exports / "index.html").read_text("utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(page.replace(' lang="en-GB"', ""), "utf-8")
    assert violations(opened(browser, broken, 1280)) == ["html-has-lang"]


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("page", PAGES)
def test_the_page_never_scrolls_sideways_on_a_phone_and_text_stays_12_point(
    browser: Any, exports: Path, page: str
) -> None:
    shown = opened(browser, exports / page, 320)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert smallest_text(shown) >= 16


def _row(page: str, indicator: str) -> str:
    found = re.search(rf'<tr id="{indicator}">.*?</tr>', page, re.DOTALL)
    assert found
    return found.group()


def _cells(page: str, indicator: str) -> list[str]:
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", _row(page, indicator), re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).replace("&#39;", "'").split()) for cell in cells]


def test_a_page_on_which_nothing_is_judged_never_reads_as_all_clear(edition: Edition) -> None:
    unjudged = replace(
        edition, rows=tuple(replace(row, rag=None, target=None) for row in edition.rows)
    )
    said = "Nothing could be judged, which is not to say that all is well."
    assert said in render_dashboard(unjudged, CONTACT, {}).decode()
    assert said not in render_dashboard(edition, CONTACT, {}).decode()


def test_the_areas_for_improvement_stand_at_the_top_with_what_speaks_for_them(
    dashboard: str,
) -> None:
    areas = dashboard.split("<h3>Areas for improvement</h3>")[1].split("</ol>")[0]
    assert re.findall(r"<li>([^<\n]+)\n", areas) == ["Care leavers&#39; work", "Turnover"]
    assert 'href="#cl_neet_pct"' in areas
    assert "worse than the 12.5% of 2018/19" in areas


def test_the_index_stays_short_and_folds_older_years(tmp_path: Path) -> None:
    """24 monthly meetings, each third one corrected, one draft, and 24 months of three councils."""
    facts = {
        "built_at": "2026-04-03T06:00:00+01:00",
        "code_version": "abc",
        "generation": 1,
        "run_id": "run-1",
        "synthetic": False,
    }
    names = ("paper.pdf", "covering_report.docx", "page.html", "figures.xlsx", "figures.csv")
    for number in range(24):
        month = f"{2024 + (number + 4) // 12}-{(number + 4) % 12 + 1:02d}"
        for issue in range(1, 3 if number % 3 == 0 else 2):
            told = {
                **facts,
                **{"as_at": f"{month}-01", "geography_code": "E06000005", "issue": issue},
                **{"geography_name": "Darlington", "committee": "Scrutiny", "reason": "late"},
                **{"meeting_id": f"m-{month}", "meeting_date": f"{month}-21", "state": "published"},
                **{"papers_due": f"{month}-13", "approved_by": "A", "approved_on": f"{month}-12"},
            }
            is_draft = number == 23
            if is_draft:
                told |= {"state": "draft", "missing": ["Turnover (ask C. Head)"]}
            files = {
                f"{kind}/x_{name}": b"a\n" for kind in ("public", "restricted") for name in names
            }
            folder = "draft" if is_draft else f"issue-{issue}"
            publish(tmp_path / "packs" / f"m-{month}" / folder, files, told)
        for council, name in (("E06000005", "Darlington"), ("E06000041", "Wokingham"), ("X", "S")):
            told = {**facts, "as_at": f"{month}-01", "geography_code": council}
            page = {"dashboard.html": b"", "READ-ME-FIRST.txt": b"", "a.csv": b"a\n"}
            publish(tmp_path / "officers" / council / month, page, {**told, "geography_name": name})
    index = render_index(tmp_path).decode("utf-8")
    shown = index
    while "<details>" in shown:  # the innermost first
        shown = re.sub(r"<details>(?:(?!<details>).)*?</details>", "", shown, flags=re.DOTALL)
    assert len(re.findall("<a ", shown)) <= 60 < len(re.findall("<a ", index))
    assert "Turnover (ask C. Head)" in shown and "Something is missing" in shown
    days = re.findall(r"<h3>(\d+ \w+ \d{4}): Darlington, Scrutiny</h3>", index)
    assert len(days) == 24 and days[0] == "21 April 2026" and days[-1] == "21 May 2024"
    assert "Earlier meetings of 2024" in index and "Earlier months of 2025" in index
