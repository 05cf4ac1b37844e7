"""All the files of a pack, public or restricted, from its one context."""

from pathlib import Path

from orchestration.documents.dfe_shape import META, dfe_csv, dfe_meta_csv
from orchestration.documents.open_data import METADATA, figures_csv, figures_metadata
from orchestration.documents.rendering import render
from orchestration.documents.tables import csv_files
from orchestration.editions.figures import Edition
from orchestration.packs.covering_report import covering_report
from orchestration.packs.file_names import named
from orchestration.packs.pack import IN_TABLES, SHORTHAND, Pack
from orchestration.packs.pdf import annex_pdf, paper_pdf
from orchestration.packs.workbook import workbook
from orchestration.reference.geographies import Area

TABLES = ("all_indicators.csv", "breakdowns.csv", "areas_for_improvement.csv")
FIGURES, DFE = "figures.csv", "dfe.csv"


def pack_files(
    pack: Pack, edition: Edition, template: Path, area: Area, begins: str
) -> dict[str, bytes]:
    """File name to content; the same pack gives the same bytes. `begins` begins each name.

    The covering report, and what is for programs, are made for the public only.
    """
    tables = csv_files(edition, {}, {})
    files = {
        "paper.pdf": paper_pdf(pack),
        "annex.pdf": annex_pdf(pack),
        "page.html": pack_page(pack),
        "figures.xlsx": workbook(pack, edition),
        **{name: tables[name] for name in TABLES if name in tables},
        FIGURES: figures_csv(edition),
    }
    if pack.is_public:
        files = {
            "covering_report.docx": covering_report(pack, template),
            **files,
            f"{FIGURES}{METADATA}": figures_metadata(edition, f"{begins}{FIGURES}"),
            DFE: dfe_csv(edition, area),
            DFE.replace(".csv", META): dfe_meta_csv(edition),
        }
    return named(files, begins)


def pack_page(pack: Pack) -> bytes:
    """Paper and annex as one accessible page that needs no other file."""
    signs = (*SHORTHAND, *IN_TABLES)
    return render("pack.html.j2", pack=pack, markings=pack.markings, shorthand=signs)
