"""All the files of an officers' edition, ready to be published together."""

from orchestration.publishing.figures import Edition
from orchestration.publishing.page import render_dashboard
from orchestration.publishing.read_me_first import read_me_first
from orchestration.publishing.tables import csv_files


def edition_files(edition: Edition, contact: str) -> dict[str, bytes]:
    """File name to content: the CSV files of `csv_files`, dashboard.html and READ-ME-FIRST.txt.

    The same edition gives the same bytes; `contact` is whom readers may ask.
    """
    return {
        **csv_files(edition),
        "dashboard.html": render_dashboard(edition, contact),
        "READ-ME-FIRST.txt": read_me_first(edition, contact),
    }
