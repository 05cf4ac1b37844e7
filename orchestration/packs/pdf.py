"""The paper and its annex as tagged PDF (PDF/UA-1), to print or to read with a screen reader."""

import logging
import re
from pathlib import Path

from orchestration.documents.rendering import render
from orchestration.packs.pack import IN_TABLES, SHORTHAND, Pack
from orchestration.publication.errors import PackageMissing

FONTS = Path(__file__).parent / "fonts"
"""DejaVu Sans Condensed, the Latin letters of it: the same page on every machine."""

_TITLE_AND_DESCRIPTION = re.compile(
    r"<title[^>]*>(?P<title>[^<]*)</title>\s*<desc[^>]*>(?P<description>[^<]*)</desc>"
)


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
