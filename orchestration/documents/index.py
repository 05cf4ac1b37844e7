"""The index of all that is published: `index.html` of the exports folder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.documents.index_packs import published_packs
from orchestration.documents.rendering import render
from orchestration.editions import words
from orchestration.publication.errors import Damaged
from orchestration.publication.manifest import INDEX
from orchestration.publication.markings import OFFICERS_ONLY, SYNTHETIC
from orchestration.publication.publication import read_manifest, replace_file


def refresh_index(exports: Path) -> None:
    """Write `index.html` of the exports folder anew; call it after every publication.

    Raises what `replace_file` raises.
    """
    replace_file(exports / INDEX, lambda new: new.write_bytes(render_index(exports)))


def render_index(exports: Path) -> bytes:
    """`index.html` of the exports folder as UTF-8: the newest packs and editions, newest first,
    older ones folded by year."""
    editions, packs = published_editions(exports), published_packs(exports)
    newest = {each.council: each.folder for each in reversed(editions) if not each.fault}
    older = [each for each in editions if not each.fault and newest[each.council] != each.folder]
    return render(
        "index.html.j2",
        markings=(OFFICERS_ONLY,),
        synthetic=SYNTHETIC,
        editions=[each for each in editions if newest.get(each.council) == each.folder],
        older=by_year(older, lambda each: each.as_at),
        damaged=[each for each in editions if each.fault],
        meetings=packs[:OPEN],
        earlier=by_year(packs[OPEN:], lambda each: each.day),
    )


def by_year(found: Iterable[Any], day: Callable[[Any], date]) -> list[tuple[int, list[Any]]]:
    """Years, newest first, each with what is of it."""
    return [(year, list(each)) for year, each in groupby(found, lambda one: day(one).year)]


OPEN = 6
"""Meetings that are listed without unfolding: half a year of a committee that meets each month."""


@dataclass(frozen=True)
class PublishedEdition:
    """An edition's folder, as a path below the exports folder, and what its manifest says of it.

    `first` are the files that people open. `fault` is set, and the rest empty, where the manifest
    cannot be read.
    """

    folder: str
    council: str
    synthetic: bool
    as_at: date
    received: str
    fault: str
    first: tuple[str, ...]
    files: tuple[str, ...]


def published_editions(exports: Path) -> list[PublishedEdition]:
    """What lies under `exports/officers/<council>/<month>/`, newest first, councils by name."""
    folders = [path.parent for path in exports.glob("officers/[!.]*/[!.]*/manifest.json")]
    editions = [_published(exports, folder) for folder in folders]
    editions.sort(key=lambda edition: (edition.council, edition.folder))
    return sorted(editions, key=lambda edition: edition.as_at, reverse=True)


def _published(exports: Path, folder: Path) -> PublishedEdition:
    place = folder.relative_to(exports).as_posix()
    try:
        manifest = read_manifest(folder)
        if manifest is None:
            raise FileNotFoundError
        return PublishedEdition(
            folder=place,
            council=manifest.facts["geography_name"],
            synthetic=manifest.synthetic,
            as_at=date.fromisoformat(manifest.facts["as_at"]),
            received=words.day(date.fromisoformat(manifest.facts["built_at"][:10])),
            fault="",
            first=tuple(name for name in _FIRST if name in manifest.files),
            files=tuple(sorted(set(manifest.files) - set(_FIRST))),
        )
    except (Damaged, KeyError):
        unread = "its manifest cannot be read"
        return PublishedEdition(place, place, False, date.min, "", unread, (), ())


_FIRST = ("dashboard.html", "region.html", "READ-ME-FIRST.txt")
"""What people open; all other files of an edition are folded."""
