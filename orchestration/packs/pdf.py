"""The paper and its annex as tagged PDF (PDF/UA-1), to print or to read with a screen reader."""

import io
import logging
import re
from html import escape
from pathlib import Path

from orchestration.documents.rendering import render
from orchestration.packs.pack import IN_TABLES, SHORTHAND, Pack
from orchestration.publication.errors import PackageMissing

FONTS = Path(__file__).parent / "fonts"
"""DejaVu Sans Condensed, the Latin letters of it: the same page on every machine."""

_TITLE_AND_DESCRIPTION = re.compile(
    r"<title[^>]*>(?P<title>[^<]*)</title>\s*<desc[^>]*>(?P<description>[^<]*)</desc>"
)


_CLOSING_SPACES = re.compile(r"\s+(</(?:p|li|td|th|h[1-6]|div|caption|dt|dd)>)")
_SHAPE = re.compile(r'<svg class="shape (\w+)".*?</svg>', re.DOTALL)


def need_pango() -> None:
    """Raise PackageMissing where WeasyPrint cannot set type, before any work is done."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        raise PackageMissing(
            "libpango-1.0-0, libpangoft2-1.0-0",
            "the system library that sets type for PDF files is not installed",
            "both packages, as apt.txt lists them",
            "install them (apt-get install libpango-1.0-0 libpangoft2-1.0-0) and make the pack "
            "again",
        ) from error


def paper_pdf(pack: Pack) -> bytes:
    """The paper for the meeting, A4 portrait."""
    return _pdf("paper.html.j2", pack)


def annex_pdf(pack: Pack) -> bytes:
    """Every indicator with all that is known of it, A4 portrait."""
    return _pdf("annex.html.j2", pack)


def _pdf(template: str, pack: Pack) -> bytes:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    signs = (*SHORTHAND, *IN_TABLES)
    page = render(template, pack=pack, markings=pack.markings, shorthand=signs).decode()
    page = without_closing_spaces(page)
    # decoration is no figure: the words beside it say the same
    page = _SHAPE.sub(r'<span class="mark \1"></span>', page)
    # the alternative text of a figure is taken from the title alone
    page = _TITLE_AND_DESCRIPTION.sub(r"<title>\g<title>. \g<description></title>", page)
    page = page.replace('font-family="Arial, Helvetica, sans-serif"', 'font-family="Pack"')
    # what it warns of is CSS for screens
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return HTML(string=page, base_url=FONTS.as_uri() + "/").write_pdf(
        pdf_variant="pdf/ua-1",
        font_config=FontConfiguration(),
        pdf_identifier=f"{pack.meeting_id} {template}".encode(),
    )


def without_closing_spaces(page: str) -> str:
    """HTML without the spaces that end a block: nobody sees them, but where the last line fits and
    they do not, WeasyPrint breaks that line after its first word."""
    return _CLOSING_SPACES.sub(r"\1", page)


def marked(content: bytes, words: str) -> bytes:
    """A PDF file with `words` over the top of each page and before its title; what it says and how
    it is tagged stay as they are. The same bytes for the same file and words."""
    import pypdf
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    page = render("_mark.html.j2", words=words).decode()
    base = FONTS.as_uri() + "/"
    over = HTML(string=page, base_url=base).write_pdf(font_config=FontConfiguration())
    mark = pypdf.PdfReader(io.BytesIO(over)).pages[0]
    drawn = mark.get_contents()
    assert drawn is not None
    # not part of what is read out: the title says it there
    artifact = DecodedStreamObject()
    artifact.set_data(b"/Artifact BMC\n" + drawn.get_data() + b"\nEMC\n")
    mark[NameObject("/Contents")] = ArrayObject([artifact])
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for each in writer.pages:
        each.merge_page(mark)
        each.compress_content_streams()
    writer.compress_identical_objects()
    title = writer.metadata.title if writer.metadata else ""
    writer.add_metadata({"/Title": f"{words} {title}"})
    told = writer.root_object["/Metadata"].get_object()
    before_title = r"(<dc:title>.*?<rdf:li[^>]*>)"
    text = re.sub(before_title, rf"\1{escape(words)} ", told.get_data().decode(), flags=re.DOTALL)
    told.set_data(text.encode())
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
