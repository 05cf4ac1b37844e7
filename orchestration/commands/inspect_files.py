"""What files are and what they would give, before anything is loaded.

`python -m orchestration.commands.inspect_files FILE…`: a folder stands for all files in it. Without
a FILE, what lies where KPI_INCOMING says is fetched and looked at.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from orchestration.catalogue.indicators import read_entries
from orchestration.catalogue.limits import filled
from orchestration.contract.extracts import EXTRACTS
from orchestration.contract.formats import FORMATS
from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Format, UnreadableError
from orchestration.deliveries.sources.strangers import guessed
from orchestration.deliveries.storage.fetch import fetch
from orchestration.reference.tables import Reference
from orchestration.settings import Settings, settings


def inspected(named: Sequence[Path], where: Settings) -> list[str]:
    """Lines of text: each file, then each return with its rows, its days and its indicators."""
    lines: list[str] = []
    sets: dict[tuple[str, Path], dict[str, list[Path]]] = {}
    formats: dict[tuple[str, Path], Format] = {}
    for file in _files(named):
        look = look_at(file)
        found = recognised(look) if look else None
        if not found:
            is_extract = file.suffix == ".csv" and file.stem in EXTRACTS
            told = "an extract" if is_extract else ": ".join(guessed(file, look))
            lines.append(f"{file}: {told}")
            continue
        form, part = found
        key = (form.name, file.parent if form.is_set else file)
        formats[key] = form
        sets.setdefault(key, {}).setdefault(part, []).append(file)
        lines.append(f"{file}: {FORMATS[form.name].title}")
    for key, parts in sets.items():
        lines += ["", *_of_return(formats[key], key[1], parts, where)]
    return lines


def _of_return(
    form: Format, place: Path, parts: dict[str, list[Path]], where: Settings
) -> list[str]:
    title = FORMATS[form.name].title
    try:
        reading = form.read(parts)
    except UnreadableError as error:
        return [f"{place}: {title}, cannot be read", f"  {error.finding}"]
    lines = [f"{place}: {title}"]
    for extract, rows in reading.tables.items():
        span = reading.covers[extract]
        since = f"from {span.data_from} " if span.data_from else ""
        lines.append(f"  {extract}: {len(rows)} rows, {since}to {span.until or span.as_at}")
    lines += [f"  {remark}" for remark in reading.remarks]
    limits = Reference(where.seeds).limits
    names = [
        filled(str(each.told["name"]), limits)
        for each in read_entries(where.seeds)
        if FORMATS[form.name].is_given(each.id) and _is_of(each.told, set(reading.tables))
    ]
    return [*lines, f"  gives {len(names)} indicators:", *(f"    - {name}" for name in names)]


def _is_of(told: object, tables: set[str]) -> bool:
    """Whether an indicator needs a table that is there, beside who the children are."""
    needs = told.get("needs", ()) if isinstance(told, dict) else ()
    named = {extract for need in needs for extract in need.split("|")} - {"ssd_person"}
    return bool(named & tables)


def _fetched(where: Settings) -> list[Path]:
    """What lies on the server, as it was fetched just now; what could not be fetched is printed."""
    if where.storage is None:
        return []
    told = (where.fetched, datetime.now(UTC), where.max_bytes)
    for each in fetch(where.storage, *told, beside=where.dropped).findings:
        print(each)
    return [where.incoming]


def _files(named: Sequence[Path]) -> list[Path]:
    found = []
    for each in named:
        found += (
            sorted(file for file in each.rglob("*") if file.is_file()) if each.is_dir() else [each]
        )
    return found


if __name__ == "__main__":
    asked = [Path(each) for each in sys.argv[1:]] or _fetched(settings)
    print("\n".join(inspected(asked, settings)))
