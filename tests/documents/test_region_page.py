"""The page of a region: what it says of its councils, and what a browser makes of it."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from orchestration.documents.region_page import region_files, render_region
from orchestration.region.edition import Region, load_regions
from tests.browser import browser, opened, smallest_text, violations
from tests.figures.compiled import Compiled
from tests.figures.conftest import compiled
from tests.region.pool import LONDON, SOUTH_EAST, built, figures, members, write

__all__ = ["browser", "compiled"]
MARTS = ("kpi_region", "kpi_region_councils", "dim_indicator", "dim_geography")
CONTACT = "the team of the pool"


@pytest.fixture(scope="module")
def regions(
    compiled: Compiled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Region]]:
    home = tmp_path_factory.mktemp("pool")
    for each in members():
        rows = figures(each.geography_code, seed=3)
        if each.geography_code == SOUTH_EAST[0]:
            # one council lies far from all others
            for row in rows:
                if row["indicator_id"] == "rereferrals_12m_pct" and row["denominator"]:
                    row |= {"numerator": 0, "denominator": 3_000, "value": 0}
        write(home / "councils" / each.geography_code, rows)
    with built(compiled, home, members(), MARTS) as connection:
        yield {each.area_code: each for each in load_regions(connection)}


def test_there_is_a_region_for_each_area_of_the_pool(regions: dict[str, Region]) -> None:
    names = {code: region.name for code, region in regions.items()}
    assert names == {
        "E12000001": "North East",
        "E12000007": "London",
        "E12000008": "South East",
        "E13000001": "Inner London",
        "E13000002": "Outer London",
        "pool": "All councils of the pool",
    }
    assert {*regions["E13000001"].councils} == {*LONDON[:2]}


def test_the_page_says_who_lies_outside_the_limits_in_words_too(regions: dict[str, Region]) -> None:
    page = render_region(regions["pool"], CONTACT).decode("utf-8")
    chart = page.split('id="funnel-rereferrals_12m_pct-desc">')[1].split("</desc>")[0]
    found = re.search(r"Outside the limits: .*Bracknell Forest 0\.0%, (below the [\d.]+%)", chart)
    assert found
    block = page.split('id="rereferrals_12m_pct"')[1].split("</article>")[0]
    assert '<td>1</td><th scope="row">Bracknell Forest</th>' in block
    assert found.group(1).capitalize() in block
    assert "Councils differ more than chance makes them" in block


def test_the_page_says_whose_numbers_are_not_in_a_figure(regions: dict[str, Region]) -> None:
    page = render_region(regions["pool"], CONTACT).decode("utf-8")
    assert "None: medians of councils cannot be added up" in page
    assert "Not in the pool for all of the period: Reading" in page
    assert "A child known to two councils is counted by both." in page
    assert "Officers only" in page and CONTACT in page


def test_the_table_has_every_council_and_the_area_before_them(regions: dict[str, Region]) -> None:
    region = regions["E12000008"]
    files = region_files(region, CONTACT)
    assert {*files} == {"region.html", "officers-only_councils.csv"}
    rows = list(
        csv.DictReader(io.StringIO(files["officers-only_councils.csv"].decode("utf-8-sig")))
    )
    assert len(rows) == sum(1 + len(row.councils) for row in region.rows)
    first = next(row for row in rows if row["indicator_id"] == "cic_count")
    assert first["geography_code"] == "E12000008"
    sums = {row.indicator_id: row.figure.numerator for row in region.rows if row.unit == "count"}
    for indicator, total in sums.items():
        told = [row for row in rows if row["indicator_id"] == indicator]
        if total is not None and all(row["numerator"] for row in told):
            assert sum(float(row["numerator"]) for row in told[1:]) == float(total)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_browser_finds_nothing_wrong(
    regions: dict[str, Region], browser: Any, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "region.html"
    file.write_bytes(render_region(regions["pool"], CONTACT))
    page = opened(browser, file, width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert smallest_text(page) >= 15.9
    assert page.evaluate("document.querySelectorAll('script').length") == 0


def test_on_paper_no_page_is_nearly_empty(
    regions: dict[str, Region], browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / "region.html"
    path.write_bytes(render_region(regions["pool"], CONTACT))
    document = PdfDocument(opened(browser, path, 1280).pdf(prefer_css_page_size=True))
    lengths = [page.get_textpage().count_chars() for page in document]
    assert len(lengths) < 15
    assert min(lengths[:-1]) > 500
    assert all(page.get_width() < page.get_height() for page in document)


def test_the_same_region_gives_the_same_bytes_and_a_public_one_is_not_marked(
    regions: dict[str, Region],
) -> None:
    region = regions["E12000007"]
    assert region_files(region, CONTACT) == region_files(region, CONTACT)
    public = region_files(replace(region, is_public=True), CONTACT)
    assert {*public} == {"region.html", "councils.csv"}
    assert b"Officers only" not in public["region.html"]
