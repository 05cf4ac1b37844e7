"""Draft, approved by name, published, superseded: nothing is public that nobody has approved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from orchestration.commands.verify_exports import faults_of
from orchestration.documents.index import render_index
from orchestration.editions.figures import Edition
from orchestration.packs.issue import Parts
from orchestration.packs.record import read_log, record_faults
from orchestration.packs.sign_off import Issued, approve_pack, draft_pack
from orchestration.publication.errors import Damaged, PackNotReady, ReasonMissing
from orchestration.publication.manifest import verify
from orchestration.publication.markings import DRAFT
from tests.packs.conftest import MEETING, file_of, line, revised

Make = Callable[..., Issued]
pytestmark = pytest.mark.needs("pango")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packs" / MEETING.meeting_id


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "publications"


def test_a_draft_is_marked_and_nothing_of_it_is_public(
    parts: Parts, folder: Path, log: Path
) -> None:
    drafted = draft_pack(parts, folder, log, "")
    assert (drafted.outcome, drafted.issue, drafted.held_back) == ("draft", 1, ())
    draft = folder / "draft"
    assert {each.name for each in draft.iterdir()} == {
        *("manifest.json", "preview", "restricted", "READ-ME-FIRST.txt", "texts.xlsx"),
    }
    assert not list(folder.rglob("public")) and read_log(log) == []
    for page in (
        file_of(draft / "preview", "page.html"),
        file_of(draft / "restricted", "page.html"),
    ):
        assert "_draft_" in page.name and DRAFT in page.read_text()
    assert "approve it by name" in (draft / "READ-ME-FIRST.txt").read_text()
    index = render_index(folder.parents[1]).decode()
    assert "Draft of issue 1" in index and "Waits for approval" in index
    issued = approve_pack(parts, folder, log, "  A.  Director ")
    assert issued.outcome == "published" and not draft.exists()
    [entry] = read_log(log)
    assert (entry["approved_by"], entry["approved_on"]) == ("A. Director", "2019-10-21")
    assert not [
        each for each in issued.folder.rglob("*.html") if DRAFT in each.read_text(encoding="utf-8")
    ]
    index = render_index(folder.parents[1]).decode()
    assert "Approved by A. Director on 21 October 2019" in index and "Draft" not in index
    assert approve_pack(parts, folder, log, "A. Director").outcome == "unchanged"


def test_what_is_approved_is_what_was_read(
    parts: Parts, folder: Path, log: Path, edition: Edition
) -> None:
    with pytest.raises(PackNotReady, match="there is no draft to approve"):
        approve_pack(parts, folder, log, "A. Director")
    draft_pack(parts, folder, log, "")
    with pytest.raises(PackNotReady, match="nobody's name"):
        approve_pack(parts, folder, log, "  ")
    with pytest.raises(PackNotReady, match="are others by now than those in the draft"):
        approve_pack(replace(parts, edition=revised(edition)), folder, log, "A. Director")
    page = file_of(folder / "draft" / "preview", "page.html")
    page.write_text(page.read_text().replace("92.6%", "99.9%"))
    with pytest.raises(Damaged):
        approve_pack(parts, folder, log, "A. Director")
    assert not list(folder.glob("issue-*")) and read_log(log) == []


def test_numbers_beside_hidden_figures_are_confirmed_by_who_signs_off(
    parts: Parts, folder: Path, log: Path
) -> None:
    name = "cl_suitable_accommodation_pct"
    text = "Two of them are in custody."
    lines = [each for each in parts.lines if each.indicator_id != name]
    waits = replace(parts, lines=[*lines, line(9, indicator_id=name, text=text)])
    with pytest.raises(PackNotReady, match=r"row 9, column text: it has .* number") as fault:
        draft_pack(waits, folder, log, "")
    assert "custody" not in str(fault.value)
    told = (folder / "draft" / "READ-ME-FIRST.txt").read_text()
    assert f"NOT confirmed: {text}" in told
    assert text not in file_of(folder / "draft" / "preview", "page.html").read_text()
    signed = [*lines, line(9, indicator_id=name, text=text, confirmed_by="A. Director")]
    ready = replace(parts, lines=signed)
    draft_pack(ready, folder, log, "")
    told = (folder / "draft" / "READ-ME-FIRST.txt").read_text()
    assert f"confirmed by A. Director: {text}" in told
    with pytest.raises(PackNotReady, match="confirmed by somebody else than B"):
        approve_pack(ready, folder, log, "B. Clerk")
    public = approve_pack(ready, folder, log, "a. director").folder / "public"
    assert text in file_of(public, "page.html").read_text()


def test_a_changed_text_needs_a_reason_and_is_listed(
    issued: Issued, issue: Make, parts: Parts, folder: Path, log: Path
) -> None:
    lines = [
        replace(each, text="Turnover was {figure}.") if each.number == 3 else each
        for each in parts.lines
    ]
    with pytest.raises(ReasonMissing, match=r"PACK-REASON.*1 texts.*turnover") as fault:
        issue(lines=lines)
    assert "Turnover was" not in str(fault.value)
    second = issue("the old text named the wrong year", lines=lines)
    assert (second.issue, second.changes) == (2, 1)
    page = file_of(second.folder / "public", "page.html").read_text()
    assert "the text: Turnover is" in page and "now Turnover was" in page


def test_what_is_corrected_says_so_in_names_and_pages(
    issued: Issued, issue: Make, edition: Edition, folder: Path, log: Path
) -> None:
    paper = file_of(issued.folder / "public", "paper.pdf").read_bytes()
    issue("recorded late & told <late>", edition=revised(edition))
    old = folder / "issue-1"
    names = {each.name for each in (old / "public").iterdir()}
    assert names and all(name.startswith("superseded_") for name in names)
    before, after = (
        pdfium.PdfDocument(paper),
        pdfium.PdfDocument(file_of(old / "public", "paper.pdf")),
    )
    assert len(before) == len(after) > 3
    for one, two in zip(before, after, strict=True):
        said, text = (each.get_textpage().get_text_bounded() for each in (one, two))
        mark = "Superseded by issue 2 on 2019-10-21."
        assert text.count(mark) == 1 and set(said.split()) <= set(text.split())
    with pikepdf.open(file_of(old / "public", "paper.pdf")) as file:
        assert str(file.docinfo.Title).startswith("Superseded by issue 2 on 2019-10-21. ")
        assert "/StructTreeRoot" in file.Root
        # not read out in the middle of a sentence, and set in a font that the file brings with it
        assert all(b"/Artifact BMC" in each.Contents.read_bytes() for each in file.pages)
        fonts = [font for each in file.pages for _, font in each.Resources.Font.items()]
        described = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert all("/FontFile2" in each or "/FontFile3" in each for each in described)
    page = file_of(old / "public", "page.html").read_text()
    assert (
        "Superseded by issue 2 on 2019-10-21. Reason: recorded late &amp; told &lt;late&gt;" in page
    )
    assert "issue 2" in (old / "SUPERSEDED.txt").read_text()
    assert verify(old) == [] and record_faults(log, folder.parent) == []
    index = render_index(folder.parents[1]).decode()
    assert "Superseded by issue 2. Use no file of it." in index
    assert index.index("<strong>Issue 2.") < index.index("<strong>Issue 1.")


def test_a_run_killed_before_the_old_issue_was_marked_is_finished_by_the_next(
    issued: Issued,
    issue: Make,
    edition: Edition,
    folder: Path,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from orchestration.packs import sign_off as module

    def killed(*told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "put_report_to_edit", killed)
        patched.setattr(module, "is_marked", lambda old: True)
        with pytest.raises(KeyboardInterrupt):
            issue("recorded late", edition=revised(edition))
    assert len(record_faults(log, folder.parent)) == 1
    assert issue(edition=revised(edition)).outcome == "unchanged"
    assert record_faults(log, folder.parent) == []


def test_the_report_is_edited_in_a_copy_and_verify_says_so_kindly(
    issued: Issued, folder: Path, log: Path, tmp_path: Path
) -> None:
    from orchestration.packs.working import edited_reports

    published = file_of(issued.folder / "public", "covering_report.docx")
    copy = folder / "working" / published.name
    assert copy.read_bytes() == published.read_bytes() and edited_reports(folder.parent) == []
    copy.write_bytes(copy.read_bytes() + b" ")
    assert edited_reports(folder.parent) == [copy] and faults_of(tmp_path, log) == []
    published.write_bytes(copy.read_bytes())
    [fault] = faults_of(tmp_path, log)
    assert "that is yours to do, in the copy in" in fault and str(copy.parent) in fault
