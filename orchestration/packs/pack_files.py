"""All the files of a pack, public or restricted, from its one context."""

from collections.abc import Mapping

from orchestration.packs.contents import SHORTHAND, Pack
from orchestration.publishing.figures import Edition
from orchestration.publishing.page import render
from orchestration.publishing.tables import csv_files, figures_csv

TABLES = ("all_indicators.csv", "breakdowns.csv", "areas_for_improvement.csv")


def pack_files(pack: Pack, edition: Edition) -> dict[str, bytes]:
    """File name to content. The same pack gives the same bytes."""
    tables = csv_files(edition, {}, {})
    return {
        "dashboards.html": dashboards_page(pack),
        "figures.csv": figures_csv(edition),
        **{name: tables[name] for name in TABLES if name in tables},
    }


def dashboards_page(pack: Pack) -> bytes:
    """The eight dashboards as one accessible page that needs no other file."""
    return render("pack.html.j2", pack=pack, markings=pack.markings, shorthand=SHORTHAND)


def inside(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the name of a folder before theirs."""
    return {f"{folder}/{name}": content for name, content in files.items()}
