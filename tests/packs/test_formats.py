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

from orchestration.documents.index import render_index
from orchestration.editions import words
from orchestration.packs.covering_report import covering_report, template_faults
from orchestration.packs.issue import Parts, make_pack
from orchestration.packs.pack import Pack
from orchestration.packs.pack_files import pack_page
from orchestration.packs.sign_off import Issued
from orchestration.publication.markings import OFFICIAL_FIGURES
from orchestration.settings import PROJECT, settings
from tests.browser import browser, opened, smallest_text, violations
from tests.packs.conftest import file_of

__all__ = ["browser"]

BEGINS = "2019-11-05_children-and-young-people-scrutiny-committee_item-6_issue-1_"
Make = Callable[..., Issued]
pytestmark = pytest.mark.needs("pango")


@pytest.fixture
def public(issued: Issued) -> Path:
    return issued.folder / "public"


@pytest.fixture
def pack(parts: Parts) -> Pack:
    """The context of the public files."""
    return make_pack(parts, [], 1, "").public


def test_every_file_with_official_figures_says_whose_they_are(public: Path) -> None:
    from docx import Document
    from openpyxl import load_workbook

    book = load_workbook(file_of(public, "figures.xlsx"))
    told = {
        "page.html": (file_of(public, "page.html")).read_text(encoding="utf-8"),
        "paper.pdf": of_pdf(file_of(public, "paper.pdf")),
        "annex.pdf": of_pdf(file_of(public, "annex.pdf")),
        "covering_report.docx": "\n".join(
            each.text for each in Document(str(file_of(public, "covering_report.docx"))).paragraphs
        ),
        "figures.xlsx": " ".join(str(cell.value) for row in book["Latest"] for cell in row),
        "all_indicators.csv": (file_of(public, "all_indicators.csv")).read_text(encoding="utf-8"),
    }
    assert {name for name, text in told.items() if OFFICIAL_FIGURES in flat(text)} == set(told)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_format_prints_the_same_figures(public: Path, pack: Pack, parts: Parts) -> None:
    expected = {block.name: (block.figure, block.numbers) for block in pack.blocks}
    assert {"[c]", "92.6%", "255"} <= {figure for figure, _ in expected.values()}
    drawn = {block.name: expected[block.name] for block in pack.blocks if block.has_figure}
    assert of_page(file_of(public, "page.html")) == drawn
    assert of_workbook(file_of(public, "figures.xlsx"), parts) == {
        name: figure for name, (figure, _) in expected.items()
    }
    assert of_csv(file_of(public, "all_indicators.csv"), parts) == {
        name: figure for name, (figure, _) in expected.items()
    }
    annex, place = of_pdf(file_of(public, "annex.pdf")), 0
    for block in pack.blocks:
        if block.has_figure:
            period = f", {block.period}" if block.period else ""
            numbers = f" ({block.numbers.lower()})" if block.numbers != block.figure else ""
            place = annex.index(f"{block.figure}{numbers}{period}.", place) + 1
    paper, place = of_pdf(file_of(public, "paper.pdf")), 0
    for block in pack.scorecard:
        place = paper.index(f"{block.name} {block.figure}", place) + 1
    for said in (pack.sentence, *(why for _, why in (*pack.better, *pack.worse, *pack.well))):
        assert said in paper
    report = of_report(file_of(public, "covering_report.docx"))
    for area in pack.areas:
        assert area.name in report
        assert all(f"{name}: {why}" in report for _, name, why in area.reasons)


def of_page(path: Path) -> dict[str, tuple[str, str]]:
    rows = re.findall(
        r'<details class="block".*?<span class="name">(.*?)</span>.*?<span class="figure">(.*?)'
        r"</span>.*?<dt>Number</dt><dd>(.*?)</dd>",
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
    for portfolio, _, name, _, _, _, figure, *_ in rows[start + 1 :]:
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
    for line in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))):
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


@pytest.mark.parametrize("name", ["paper", "annex"])
def test_the_pdf_is_tagged_and_says_what_its_pictures_show(
    public: Path, pack: Pack, name: str
) -> None:
    import pikepdf

    with pikepdf.open(file_of(public, f"{name}.pdf")) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "en-GB"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == pack.title + {"annex": ": annex"}.get(name, "")
            assert metadata["pdfuaid:part"] == "1"
        for page in pdf.pages:  # A4 portrait
            assert [round(float(each)) for each in page.mediabox] == [0, 0, 595, 842]
        tags = list(elements(root.StructTreeRoot))
    kinds = [kind for kind, _ in tags]
    figures = [alt for kind, alt in tags if kind == "/Figure"]
    charts = [block for block in pack.blocks if block.chart and block.has_figure]
    drawn = [block for each in pack.dashboards for block in each.drawn]
    drawn += [area.chart for area in pack.areas if area.chart]
    assert len(figures) == len(charts if name == "annex" else drawn) > 2
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


def test_the_report_has_headings_a_language_and_a_table_header(public: Path) -> None:
    from docx import Document

    document = Document(str(file_of(public, "covering_report.docx")))
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
    text = of_report(file_of(public, "covering_report.docx"))
    assert "the position as at 30 September 2019" in text
    assert "A. Officer" in text
    assert "{" not in text
    with zipfile.ZipFile(file_of(public, "covering_report.docx")) as parts:
        assert 'w:lang w:val="en-GB"' in parts.read("word/styles.xml").decode()
        assert "tblHeader" in parts.read("word/document.xml").decode()
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document.styles["Normal"].font.size.pt == 12


def test_a_field_that_no_pack_has_keeps_the_pack_back(
    issue: Make, pack: Pack, tmp_path: Path
) -> None:
    from docx import Document

    from orchestration.publication.errors import PackNotReady

    assert template_faults(pack, settings.covering_report) == []
    document = Document(str(settings.covering_report))
    document.add_paragraph("{{ leed_officer }}")
    document.save(str(tmp_path / "template.docx"))
    assert template_faults(pack, tmp_path / "template.docx") == [
        "uses leed_officer, which no pack has"
    ]
    with pytest.raises(PackNotReady, match="uses leed_officer, which no pack has"):
        issue(template=tmp_path / "template.docx")


@pytest.mark.parametrize(
    "asked",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ areas.__class__ }}",
        "{{ areas.append(1) }}",
        "{{ cycler('a').next() }}",
        "{{ self._TemplateReference__context }}",
        "{{ committee|attr('__class__') }}",
        "{{ 'a' * 1000000000 }}",
        "{% for a in range(1000000000) %}{{ a }}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set ns = 1 %}",
        "{{ committee ",
    ],
)
@pytest.mark.parametrize("place", ["body", "footer", "title"])
def test_a_template_runs_no_code_and_what_is_more_than_a_field_or_a_loop_keeps_the_pack_back(
    pack: Pack, tmp_path: Path, asked: str, place: str
) -> None:
    from docx import Document

    document = Document(str(settings.covering_report))
    if place == "body":
        document.add_paragraph(asked)
    elif place == "footer":
        document.sections[0].footer.paragraphs[0].text = asked
    else:
        document.core_properties.title = asked
    template = tmp_path / "template.docx"
    document.save(str(template))
    [fault] = template_faults(pack, template)
    assert fault.startswith("cannot be filled")
    report = Document(io.BytesIO(covering_report(pack, template)))
    assert next(each.text for each in report.paragraphs) == fault


def test_texts_that_look_like_markup_are_texts(parts: Parts) -> None:
    from dataclasses import replace

    committee = replace(parts.meeting, committee="Children & <b>Young</b> People {{ as_at }}")
    made = make_pack(replace(parts, meeting=committee), [], 1, "").public
    written = covering_report(made, settings.covering_report)
    with zipfile.ZipFile(io.BytesIO(written)) as document:
        body = document.read("word/document.xml").decode()
    assert "Children &amp; &lt;b&gt;Young&lt;/b&gt; People {{ as_at }}" in body


def test_the_report_says_what_the_page_says_of_a_split_and_of_nothing_judged(pack: Pack) -> None:
    from dataclasses import replace

    from docx import Document

    unjudged = "Nothing could be judged, which is not to say that all is well."
    sentence = "To September none could be judged, which is not to say that all is well."
    began = "Darlington began on 1 April 2019 in place of Old Shire."
    none = {**pack.summary, "judged": 0, "meeting": 0, "within": 0, "missing_target": 0}
    for made, sentences in (
        (pack, set()),
        (replace(pack, succession=began), {began}),
        (replace(pack, summary=none, sentence=sentence), {unjudged}),
    ):
        report = Document(io.BytesIO(covering_report(made, settings.covering_report)))
        page = flat(pack_page(made).decode())
        told = {each.text for each in report.paragraphs}
        assert told & {began, unjudged} == sentences
        assert (began in page, sentence in page) == (began in sentences, unjudged in sentences)


def test_without_pango_nothing_is_started_and_the_package_is_named(tmp_path: Path) -> None:
    """In a process in which the library cannot be loaded."""
    script = (
        "import sys, types\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library')\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from orchestration.packs.sign_off import draft_pack\n"
        "from pathlib import Path\n"
        "draft_pack(None, Path(sys.argv[1]) / 'packs', Path(sys.argv[1]) / 'log', '')\n"
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
def test_pages_have_no_fault_and_fit_a_phone(browser: Any, issued: Issued, page: str) -> None:
    folder = issued.folder
    path = next((folder / page).glob("*_page.html"), folder)
    if page == "index":
        exports = folder.parents[2]
        path = exports / "index.html"
        path.write_bytes(render_index(exports))
        assert f"packs/darlington-2019-11-05/issue-1/public/{BEGINS}paper.pdf" in path.read_text()
    assert violations(opened(browser, path, 1280)) == []
    shown = opened(browser, path, 320)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert smallest_text(shown) >= 16


def test_the_manifest_names_every_file(issued: Issued) -> None:
    folder = issued.folder
    told = json.loads((folder / "manifest.json").read_text())["files"]
    assert set(told) == {
        *(
            f"public/{BEGINS}{name}"
            for name in (
                *("covering_report.docx", "figures.csv-metadata.json"),
                *("dfe.csv", "dfe.meta.csv"),
            )
        ),
        *(
            f"{kind}/{BEGINS}{marked}{name}"
            for kind, marked in (("public", ""), ("restricted", "officers-only_"))
            for name in (
                "all_indicators.csv",
                "annex.pdf",
                "areas_for_improvement.csv",
                "page.html",
                "paper.pdf",
                "figures.csv",
                "figures.xlsx",
            )
        ),
        "restricted/READ-ME-FIRST.txt",
    }
