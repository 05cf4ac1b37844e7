"""All the files of an officers' edition, ready to be published together."""

from collections.abc import Sequence

from orchestration.deliveries.quality import ExtractQuality, refused_notes, rows_excluded
from orchestration.documents.data_quality import data_quality_files
from orchestration.documents.page import render_dashboard
from orchestration.documents.read_me_first import read_me_first
from orchestration.documents.tables import csv_files
from orchestration.editions.figures import Edition
from orchestration.publication.markings import marked


def edition_files(
    edition: Edition, quality: Sequence[ExtractQuality], contact: str
) -> dict[str, bytes]:
    """File name to content: the CSV files of `csv_files`, dashboard.html, READ-ME-FIRST.txt and
    the report on the quality of the deliveries behind it. Tables have the markings in their names.

    The same edition gives the same bytes; `contact` is whom readers may ask.
    """
    notes = refused_notes(quality)
    files = {
        **csv_files(edition, rows_excluded(quality), notes),
        **data_quality_files(edition, quality),
        "dashboard.html": render_dashboard(edition, contact, notes),
        "READ-ME-FIRST.txt": read_me_first(edition, contact),
    }
    return {
        marked(name, edition.synthetic) if name.endswith(".csv") else name: content
        for name, content in files.items()
    }
