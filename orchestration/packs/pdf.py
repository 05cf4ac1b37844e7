"""The dashboards as a tagged PDF (PDF/UA-1) for readers who print, or read with a screen reader."""

import logging
import re
from pathlib import Path

from orchestration.packs.contents import SHORTHAND, Pack
from orchestration.publishing.errors import PackageMissing
from orchestration.publishing.page import render

FONTS = Path(__file__).parent / "fonts"
"""DejaVu Sans Condensed, the Latin letters of it: the same page on every machine."""

_TITLE_AND_DESCRIPTION = re.compile(
    r"<title[^>]*>(?P<title>[^<]*)</title>\s*<desc[^>]*>(?P<description>[^<]*)</desc>"
)


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


def dashboards_pdf(pack: Pack) -> bytes:
    """The pack's dashboards, A4 landscape, a page or more for each indicator."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    page = render(
        "pack_print.html.j2", pack=pack, markings=pack.markings, shorthand=SHORTHAND
    ).decode()
    # the alternative text of a figure is taken from the title alone
    page = _TITLE_AND_DESCRIPTION.sub(r"<title>\g<title> \g<description></title>", page)
    page = page.replace('font-family="Arial, Helvetica, sans-serif"', 'font-family="Pack"')
    # what it warns of is CSS for screens
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return HTML(string=page, base_url=FONTS.as_uri() + "/").write_pdf(
        pdf_variant="pdf/ua-1",
        font_config=FontConfiguration(),
        pdf_identifier=pack.meeting_id.encode(),
    )
