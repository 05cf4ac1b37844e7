"""The report on the deliveries behind an edition, as a page and as a table: counts only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.deliveries.messages import CODES
from orchestration.deliveries.quality import ExtractQuality
from orchestration.documents.rendering import render
from orchestration.documents.tables import csv_of
from orchestration.editions import words
from orchestration.editions.figures import Edition

OLD_DAYS = 31
"""Data that end more than this many days before the edition's as-at are called old."""

_KINDS = {
    "refuse": "file refused",
    "quarantine": "rows set aside",
    "warn": "remark",
}


@dataclass(frozen=True)
class _Row:
    """A line of the table of extracts, in words."""

    title: str
    file: str
    newest: str
    numbers: tuple[str, str, str, str]
    as_at: str
    age: str


@dataclass(frozen=True)
class _Rule:
    """A line of the table of rules."""

    title: str
    code: str
    what: str
    kind: str
    count: str


def data_quality_files(edition: Edition, quality: Sequence[ExtractQuality]) -> dict[str, bytes]:
    """`data_quality.html` and `data_quality.csv`; the same ledger gives the same bytes."""
    return {
        "data_quality.html": _page(edition, quality),
        "data_quality.csv": _table(edition, quality),
    }


def _page(edition: Edition, quality: Sequence[ExtractQuality]) -> bytes:
    delivered = [each for each in quality if each.newest and each.newest.outcome != "missing"]
    delivered += [each for each in quality if each.in_use and each not in delivered]
    delivered.sort(key=quality.index)
    names = {row.indicator_id: row.name for row in edition.rows}
    return render(
        "data_quality.html.j2",
        markings=edition.markings,
        edition=edition,
        as_at=words.day(edition.as_at),
        accepted=sum(not list(_troubles(each, edition.as_at)) for each in delivered),
        delivered=len(delivered),
        totals=[
            f"{sum(getattr(each.newest, name) for each in delivered if each.newest):,}"
            for name in ("rows_in_file", "loaded", "quarantined", "duplicates")
        ],
        troubles=[
            (each.extract.title, trouble, [names[one] for one in each.indicators if one in names])
            for each in delivered
            for trouble in _troubles(each, edition.as_at)
        ],
        rows=[_row(each, edition.as_at) for each in delivered],
        rules=[rule for each in delivered for rule in _rules(each)],
        absent=[each.extract.title for each in quality if each not in delivered],
    )


def _troubles(quality: ExtractQuality, as_at: date) -> Iterator[str]:
    """What officers should know before they read the figures that stand on it."""
    newest, day = quality.newest, quality.as_at
    if quality.in_use is None:
        stands = "nothing was accepted before, so its figures show no data"
    elif day is None:
        stands = f"the one of {words.month(_month(quality.in_use.delivery_month))} stays in use"
    else:
        stands = f"figures stand on data as at {words.day(day)}"
    if newest and (code := quality.refused_code):
        yield f"Newer extract refused: {code} ({CODES[code].what}); {stands}."
    elif newest and newest.outcome == "missing":
        yield f"Not delivered for {words.month(_month(newest.delivery_month))}; {stands}."
    elif day and (as_at - day).days > OLD_DAYS:
        yield f"Old: {stands}, {(as_at - day).days} days before this edition."


def _row(quality: ExtractQuality, as_at: date) -> _Row:
    newest, day = quality.newest, quality.as_at
    assert newest is not None
    counts = (newest.rows_in_file, newest.loaded, newest.quarantined, newest.duplicates)
    return _Row(
        title=quality.extract.title,
        file=quality.extract.file_name,
        newest=f"{_outcome(quality)}, {words.month(_month(newest.delivery_month))}",
        numbers=tuple(f"{count:,}" for count in counts),  # type: ignore[arg-type]
        as_at=words.day(day) if day else "holds until replaced" if quality.in_use else "none",
        age="" if day is None else str(max(0, (as_at - day).days)),
    )


def _outcome(quality: ExtractQuality) -> str:
    if code := quality.refused_code:
        return f"Refused: {code}"
    return "Accepted" if quality.newest and quality.newest.outcome == "accepted" else "Missing"


def _rules(quality: ExtractQuality) -> Iterator[_Rule]:
    for code, count in sorted(quality.newest.counts.items() if quality.newest else ()):
        if code in CODES and CODES[code].outcome in _KINDS and code != "FILE-MISSING":
            text = CODES[code]
            kind = _KINDS[text.outcome]
            yield _Rule(quality.extract.title, code, text.what, kind, f"{count:,}")


def _table(edition: Edition, quality: Sequence[ExtractQuality]) -> bytes:
    """One row per extract and rule; an extract without any has one row."""
    return csv_of([cells for each in quality for cells in _cells(edition, each)])


def _cells(edition: Edition, quality: ExtractQuality) -> Iterator[dict[str, str]]:
    newest, in_use, day = quality.newest, quality.in_use, quality.as_at
    about = {
        "geography_code": edition.geography_code,
        "geography_name": edition.geography_name,
        "as_at": edition.as_at.isoformat(),
        "extract": quality.extract.name,
        "title": quality.extract.title,
        "newest_month": newest.delivery_month if newest else "",
        "newest_outcome": newest.outcome if newest else "never delivered",
        "refused_code": quality.refused_code or "",
        "received_on": newest.received_at[:10] if newest else "",
        "rows_in_file": str(newest.rows_in_file if newest else 0),
        "rows_loaded": str(newest.loaded if newest else 0),
        "rows_set_aside": str(newest.quarantined if newest else 0),
        "rows_repeated": str(newest.duplicates if newest else 0),
        "month_in_use": in_use.delivery_month if in_use else "",
        "data_as_at": day.isoformat() if day else "",
        "days_before_edition": str(max(0, (edition.as_at - day).days)) if day else "",
        "indicators": " ".join(quality.indicators),
    }
    rules = list(_rules(quality))
    for rule in rules or [_Rule("", "", "", "", "")]:
        yield {
            **about,
            "rule": rule.code,
            "rule_in_words": rule.what,
            "rule_kind": rule.kind,
            "rule_count": rule.count.replace(",", ""),
        }


def _month(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
