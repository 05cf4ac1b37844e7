"""All the files of an officers' edition, ready to be published together."""

from collections.abc import Sequence

from orchestration.deliveries.quality import ExtractQuality, refused_notes, rows_excluded
from orchestration.publishing.data_quality import data_quality_files
from orchestration.publishing.figures import Edition
from orchestration.publishing.page import render_dashboard
from orchestration.publishing.read_me_first import read_me_first
from orchestration.publishing.tables import csv_files


def edition_files(
    edition: Edition, quality: Sequence[ExtractQuality], contact: str
) -> dict[str, bytes]:
    """File name to content: the CSV files of `csv_files`, dashboard.html, READ-ME-FIRST.txt and
    the report on the quality of the deliveries behind it.

    The same edition gives the same bytes; `contact` is whom readers may ask.
    """
    notes = refused_notes(quality)
    return {
        **csv_files(edition, rows_excluded(quality), notes),
        **data_quality_files(edition, quality),
        "dashboard.html": render_dashboard(edition, contact, notes),
        "READ-ME-FIRST.txt": read_me_first(edition, contact),
    }
