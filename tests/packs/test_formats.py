"""Every format says the same, can be read by everybody, and is itself when made twice."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from orchestration.packs.contents import Pack
from orchestration.packs.covering_report import covering_report, unknown_fields
from orchestration.packs.issue import Issued, Parts, _make
from orchestration.publishing import words
from orchestration.publishing.page import render_index
from orchestration.settings import PROJECT, settings
from tests.browser import browser, opened, smallest_text, violations

__all__ = ["browser"]

Make = Callable[..., Issued]
pytestmark = pytest.mark.needs("pango")


@pytest.fixture
def public(issue: Make) -> Path:
    return issue().folder / "public"


@pytest.fixture
def pack(parts: Parts) -> Pack:
    """The context of the public files."""
    return _make(parts, [], 1, "").public


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_format_prints_the_same_figures(public: Path, pack: Pack, parts: Parts) -> None:
    expected = {block.name: (block.figure, block.numbers) for block in pack.blocks}
    assert {"[c]", "92.6%", "255"} <= {figure for figure, _ in expected.values()}
    assert of_page(public / "dashboards.html") == expected
    assert of_workbook(public / "figures.xlsx", parts) == {
        name: figure for name, (figure, _) in expected.items()
    }
    assert of_csv(public / "all_indicators.csv", parts) == {
        name: figure for name, (figure, _) in expected.items()
    }
    told = of_pdf(public / "dashboards.pdf")
    place = 0
    for block in pack.blocks:
        period = f", {block.period}" if block.period else ""
        place = told.index(f"Figure: {block.figure}{period}. Number: {block.numbers}.", place) + 1
    report = of_report(public / "covering_report.docx")
    for area in pack.areas:
        assert area.name in report
        assert all(f"{name}: {why}" in report for _, name, why in area.reasons)


def of_page(path: Path) -> dict[str, tuple[str, str]]:
    rows = re.findall(
        r'<tr><th scope="row"><a href="#\w+">(.*?)</a></th><td><span class="figure">(.*?)</span>.*?'
        r"</td><td>(.*?)</td>",
        path.read_text(),
        re.DOTALL,
    )
    clean = [[each.replace("&#39;", "'") for each in row] for row in rows]
    return {name: (figure, numbers) for name, figure, numbers in clean}


def of_workbook(path: Path, parts: Parts) -> dict[str, str]:
    from openpyxl import load_workbook

    rows = list(load_workbook(path)["Latest"].values)
    start = next(n for n, row in enumerate(rows) if row[2] == "Indicator")
    about = {row.name: row for row in parts.edition.rows}
    found = {}
    for portfolio, _, name, _, figure, *_ in rows[start + 1 :]:
        assert portfolio == "Children and Young People"
        row = about[name]
        is_number = not isinstance(figure, str)
        found[name] = (
            words.amount(Decimal(str(figure)), row.unit, row.decimals)
            if is_number
            else figure.replace("[x]", words.missing(row))
        )
    return found


def of_csv(path: Path, parts: Parts) -> dict[str, str]:
    about = {row.name: row for row in parts.edition.rows}
    found = {}
    for line in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
        row, value = about[line["indicator_name"]], line["value"]
        shown = value or words.missing(row)
        if value and value != "[c]":
            shown = words.amount(Decimal(value), row.unit, row.decimals)
        found[row.name] = shown
    return found


def of_pdf(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    text = []
    for page in document:
        reader = page.get_textpage()
        text.append(reader.get_text_range())
        reader.close()
        page.close()
    document.close()
    return flat(" ".join(text))


def of_report(path: Path) -> str:
    from docx import Document

    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def test_the_pdf_is_tagged_and_says_what_its_pictures_show(public: Path, pack: Pack) -> None:
    import pikepdf

    with pikepdf.open(public / "dashboards.pdf") as pdf:
        root = pdf.Root
        assert str(root.Lang) == "en-GB"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == pack.title
            assert metadata["pdfuaid:part"] == "1"
        tags = list(elements(root.StructTreeRoot))
    kinds = [kind for kind, _ in tags]
    figures = [alt for kind, alt in tags if kind == "/Figure"]
    charts = [block for block in pack.blocks if block.chart]
    assert len(figures) == len(charts) > 3
    assert all("Latest:" in alt for alt in figures)
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD"} <= set(kinds)
    headings = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert headings[0] == 1
    assert all(next_ - one <= 1 for one, next_ in pairwise(headings))


def elements(node: Any) -> Any:
    """Kind and alternative text of every tag, in reading order."""
    import pikepdf

    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S), str(kid.get("/Alt", ""))
            yield from elements(kid)


def test_the_workbook_follows_the_guidance_for_accessible_tables(public: Path, pack: Pack) -> None:
    from openpyxl import load_workbook

    book = load_workbook(public / "figures.xlsx")
    assert book.properties.title == pack.title
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    for sheet in book.worksheets[1:]:
        assert len(sheet.tables) == 1
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert not sheet._images
        assert sheet["A1"].value
        [table] = sheet.tables.values()
        assert table.ref.startswith("A")
        for line in sheet[table.ref]:
            assert all(cell.value not in (None, "") for cell in line), sheet.title


def test_the_report_has_headings_a_language_and_a_table_header(public: Path) -> None:
    from docx import Document

    document = Document(str(public / "covering_report.docx"))
    headings = [
        paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"
    ]
    assert headings == [
        "Outcome and benefits to the community",
        "Recommendation",
        "Summary of report",
        "Background",
        "Analysis of issues",
        "Financial implications of the recommendation",
        "Cross-council implications",
        "Reasons for considering the report in Part 2",
        "List of background papers",
        "Contact",
    ]
    text = of_report(public / "covering_report.docx")
    assert "the position as at 30 September 2019" in text
    assert "A. Officer" in text
    assert "{" not in text
    with zipfile.ZipFile(public / "covering_report.docx") as parts:
        assert 'w:lang w:val="en-GB"' in parts.read("word/styles.xml").decode()
        assert "tblHeader" in parts.read("word/document.xml").decode()
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document.styles["Normal"].font.size.pt == 12


def test_a_field_that_no_pack_has_keeps_the_pack_back(
    issue: Make, pack: Pack, tmp_path: Path
) -> None:
    from docx import Document

    from orchestration.publishing.errors import PackNotReady

    assert unknown_fields(pack, settings.covering_report) == []
    document = Document(str(settings.covering_report))
    document.add_paragraph("{{ leed_officer }}")
    document.save(str(tmp_path / "template.docx"))
    assert unknown_fields(pack, tmp_path / "template.docx") == ["leed_officer"]
    with pytest.raises(PackNotReady, match="uses leed_officer, which no pack has"):
        issue(template=tmp_path / "template.docx")


def test_texts_that_look_like_markup_are_texts(parts: Parts) -> None:
    from dataclasses import replace

    committee = replace(parts.meeting, committee="Children & <b>Young</b> People {{ as_at }}")
    made = _make(replace(parts, meeting=committee), [], 1, "").public
    written = covering_report(made, settings.covering_report)
    with zipfile.ZipFile(io.BytesIO(written)) as document:
        body = document.read("word/document.xml").decode()
    assert "Children &amp; &lt;b&gt;Young&lt;/b&gt; People {{ as_at }}" in body


def test_without_pango_nothing_is_started_and_the_package_is_named(tmp_path: Path) -> None:
    """In a process in which the library cannot be loaded."""
    script = (
        "import sys, types\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library')\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from orchestration.packs.issue import issue_pack\n"
        "from pathlib import Path\n"
        "issue_pack(None, Path(sys.argv[1]) / 'packs', Path(sys.argv[1]) / 'log', '')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert "PACKAGE-MISSING" in told.stderr and "libpango-1.0-0" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("page", ["public", "restricted", "index"])
def test_pages_have_no_fault_and_fit_a_phone(browser: Any, issue: Make, page: str) -> None:
    folder = issue().folder
    path = folder / page / "dashboards.html"
    if page == "index":
        exports = folder.parents[2]
        path = exports / "index.html"
        path.write_bytes(render_index(exports))
        assert "packs/darlington-2019-11-05/issue-1/public/dashboards.pdf" in path.read_text()
    assert violations(opened(browser, path, 1280)) == []
    shown = opened(browser, path, 320)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert smallest_text(shown) >= 16


def test_the_manifest_names_every_file(issue: Make) -> None:
    folder = issue().folder
    told = json.loads((folder / "manifest.json").read_text())["files"]
    assert set(told) == {
        *(f"public/{name}" for name in ("covering_report.docx", "dashboards.pdf")),
        *(
            f"{kind}/{name}"
            for kind in ("public", "restricted")
            for name in (
                "all_indicators.csv",
                "areas_for_improvement.csv",
                "dashboards.html",
                "figures.csv",
                "figures.xlsx",
            )
        ),
        "restricted/READ-ME-FIRST.txt",
    }
