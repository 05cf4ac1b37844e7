"""All the files of a pack, public or restricted, from its one context."""

from collections.abc import Mapping
from pathlib import Path

from orchestration.packs.contents import SHORTHAND, Pack
from orchestration.packs.covering_report import covering_report
from orchestration.packs.pdf import dashboards_pdf
from orchestration.packs.workbook import workbook
from orchestration.publishing.figures import Edition
from orchestration.publishing.page import render
from orchestration.publishing.tables import csv_files, figures_csv

TABLES = ("all_indicators.csv", "breakdowns.csv", "areas_for_improvement.csv")


def pack_files(pack: Pack, edition: Edition, template: Path) -> dict[str, bytes]:
    """File name to content; the same pack gives the same bytes.

    What goes to the meeting, the covering report and the PDF, is made for the public only.
    """
    tables = csv_files(edition, {}, {})
    files = {
        "dashboards.html": dashboards_page(pack),
        "figures.xlsx": workbook(pack, edition),
        "figures.csv": figures_csv(edition),
        **{name: tables[name] for name in TABLES if name in tables},
    }
    if not pack.is_public:
        return files
    papers = {
        "covering_report.docx": covering_report(pack, template),
        "dashboards.pdf": dashboards_pdf(pack),
    }
    return papers | files


def dashboards_page(pack: Pack) -> bytes:
    """The eight dashboards as one accessible page that needs no other file."""
    return render("pack.html.j2", pack=pack, markings=pack.markings, shorthand=SHORTHAND)


def inside(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the name of a folder before theirs."""
    return {f"{folder}/{name}": content for name, content in files.items()}
