"""The HTML pages: one edition's dashboard, and the index of all editions. Self-contained files."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.publishing import OFFICERS_ONLY, SYNTHETIC, words
from orchestration.publishing.chart import sparkline, trend_chart
from orchestration.publishing.errors import Damaged
from orchestration.publishing.figures import Comparison, Earlier, Edition, Figure, Indicator
from orchestration.publishing.publication import Manifest, read_manifest, replace_file

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render_dashboard(edition: Edition, contact: str, notes: Mapping[str, str]) -> bytes:
    """`dashboard.html` of an edition as UTF-8; `contact` is whom readers may ask.

    `notes` say, by indicator, why its figure stands on older data than were sent.
    """
    return render(
        "dashboard.html.j2",
        markings=edition.markings,
        edition=edition,
        contact=contact,
        as_at=words.day(edition.as_at),
        summary=_summary(edition),
        areas=_areas(edition),
        region=words.capital(edition.rows[0].region.name),
        dashboards=[_dashboard(rows, notes) for rows in edition.dashboards.values()],
    )


def refresh_index(exports: Path) -> None:
    """Write `index.html` of the exports folder anew; call it after every publication.

    Raises what `replace_file` raises.
    """
    replace_file(exports / "index.html", lambda new: new.write_bytes(render_index(exports)))


def render_index(exports: Path) -> bytes:
    """`index.html` of the exports folder as UTF-8: the published editions, newest as-at first."""
    return render(
        "index.html.j2",
        markings=(OFFICERS_ONLY,),
        synthetic=SYNTHETIC,
        editions=published_editions(exports),
        packs=published_packs(exports),
    )


@dataclass(frozen=True)
class PublishedEdition:
    """An edition's folder, as a path below the exports folder, and what its manifest says of it.

    `fault` is set, and the rest empty, where the manifest cannot be read.
    """

    folder: str
    council: str
    synthetic: bool
    as_at: date
    received: str
    fault: str
    files: tuple[str, ...]


def published_editions(exports: Path) -> list[PublishedEdition]:
    """What lies under `exports/officers/<council>/<month>/`, newest first, councils by name."""
    folders = [path.parent for path in exports.glob("officers/[!.]*/[!.]*/manifest.json")]
    editions = [_published(exports, folder) for folder in folders]
    editions.sort(key=lambda edition: (edition.council, edition.folder))
    return sorted(editions, key=lambda edition: edition.as_at, reverse=True)


@dataclass(frozen=True)
class PublishedPack:
    """An issue of a meeting's pack: its folder below the exports, and what its manifest says."""

    folder: str
    meeting: str
    council: str
    synthetic: bool
    as_at: str
    issue: int
    reason: str
    due: str
    public: tuple[str, ...]
    restricted: tuple[str, ...]


def published_packs(exports: Path) -> list[PublishedPack]:
    """What lies under `exports/packs/<meeting>/issue-<n>/`, the newest figures and issues first.

    One whose manifest cannot be read is left out: `make verify` says so.
    """
    found = []
    for path in exports.glob("packs/[!.]*/issue-*/manifest.json"):
        with suppress(Damaged, KeyError):
            manifest = read_manifest(path.parent)
            if manifest is not None:
                found.append(_pack(path.parent.relative_to(exports).as_posix(), manifest))
    return [pack for _, pack in sorted(found, key=lambda each: each[0], reverse=True)]


def _pack(folder: str, manifest: Manifest) -> tuple[tuple[str, str, int], PublishedPack]:
    facts = manifest.facts
    files = {
        kind: tuple(
            sorted(
                (name for name in manifest.files if name.startswith(f"{kind}/")),
                key=lambda name: _PACK_ORDER.get(name.split("/")[1], 9),
            )
        )
        for kind in ("public", "restricted")
    }
    pack = PublishedPack(
        folder,
        facts["meeting_id"],
        facts["geography_name"],
        manifest.synthetic,
        words.day(date.fromisoformat(facts["as_at"])),
        facts["issue"],
        facts["reason"],
        words.day(date.fromisoformat(facts["papers_due"])),
        **files,
    )
    return (facts["as_at"], facts["meeting_id"], facts["issue"]), pack


_PACK_ORDER = {
    "READ-ME-FIRST.txt": 0,
    "covering_report.docx": 1,
    "dashboards.pdf": 2,
    "dashboards.html": 3,
    "figures.xlsx": 4,
}


@dataclass(frozen=True)
class _Cell:
    """A table cell: what it says, and lines of explanation below."""

    main: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    """An indicator in the words of the page; `chart` is SVG, empty where there is no trend."""

    indicator: Indicator
    polarity: str
    figure: _Cell
    numbers: str
    target: str
    verdict: str
    verdict_notes: tuple[str, ...]
    comparisons: tuple[_Cell, ...]
    no_comparison: str
    previous: _Cell
    year_ago: _Cell
    chart: str
    spark: str
    directions: tuple[str, ...]
    usual: str
    points: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class _Dashboard:
    """One section of the page; `years` are the columns of its table of whole years, `parts` the
    rows of its breakdowns: indicator and period, split by, part, figure, number."""

    number: int
    name: str
    rows: tuple[_Row, ...]
    years: tuple[str, ...]
    whole_years: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True)
class _Summary:
    """How many indicators stand where, and which miss their target."""

    total: int
    current: int
    old: int
    missing: int
    judged: int
    meeting: int
    within: tuple[Indicator, ...]
    misses: tuple[tuple[Indicator, str], ...]


def _summary(edition: Edition) -> _Summary:
    rows = edition.rows
    by_rag = {rag: [row for row in rows if row.rag == rag] for rag in ("green", "amber", "red")}
    old = sum(row.is_last_reported for row in rows)
    missing = sum(row.value is None for row in rows)
    return _Summary(
        total=len(rows),
        current=len(rows) - old - missing,
        old=old,
        missing=missing,
        judged=sum(map(len, by_rag.values())),
        meeting=len(by_rag["green"]),
        within=tuple(by_rag["amber"]),
        misses=tuple((row, _miss(row)) for row in by_rag["red"]),
    )


def _areas(edition: Edition) -> list[tuple[str, list[tuple[Indicator, str]]]]:
    """The areas for improvement in order: name, its indicators and what speaks for each."""
    rows = {row.indicator_id: row for row in edition.rows}
    found: dict[str, list[tuple[Indicator, str]]] = {}
    for told in edition.improvements:
        row = rows[told.indicator_id]
        found.setdefault(told.area, []).append((row, words.improvement(told, row)))
    return list(found.items())


def _miss(row: Indicator) -> str:
    figure = words.figure(row.value, row, row.headline)
    return f"{figure}, target {words.target(row)}"


def _dashboard(rows: Sequence[Indicator], data_notes: Mapping[str, str]) -> _Dashboard:
    by_year = {
        row.indicator_id: {words.year(year.period_start): year for year in row.years}
        for row in rows
    }
    years = tuple(sorted({label for known in by_year.values() for label in known}))
    return _Dashboard(
        number=rows[0].dashboard_no,
        name=rows[0].dashboard,
        rows=tuple(_row(row, data_notes.get(row.indicator_id, "")) for row in rows),
        years=years,
        whole_years=tuple(
            (
                _yearly_name(row),
                tuple(_yearly(row, by_year[row.indicator_id].get(label)) for label in years),
            )
            for row in rows
            if row.years
        ),
        parts=tuple(
            (
                f"{row.name}, {words.period(part.figure)}",
                words.breakdown(part.breakdown),
                words.part(part),
                *_point(part.figure, row)[1:],
            )
            for row in rows
            for part in row.parts
        ),
    )


def _row(row: Indicator, data_note: str) -> _Row:
    comparisons = (row.england, row.neighbours, row.region)
    none_known = all(comparison.value is None for comparison in comparisons)
    return _Row(
        indicator=row,
        polarity=words.polarity(row),
        figure=_figure(row, data_note),
        numbers=words.numbers(row.headline, row.unit),
        target=words.target(row),
        verdict=words.rag(row),
        verdict_notes=tuple(filter(None, (words.certainty(row), words.cases_to_target(row)))),
        comparisons=() if none_known else tuple(_compared(each, row) for each in comparisons),
        no_comparison=words.no_benchmark(row) if none_known else "",
        previous=_then(row, row.previous),
        year_ago=_then(row, row.year_ago),
        chart=trend_chart(row) or "",
        spark=sparkline(row) or "",
        directions=words.directions(row),
        usual=words.usual(row),
        points=tuple(_point(point, row) for point in reversed(row.trend.points)),
    )


def _figure(row: Indicator, data_note: str) -> _Cell:
    period = words.period(row.headline) if row.headline and not row.is_last_reported else ""
    if row.value is None:
        notes, figure = (row.status_reason or "", period), words.missing(row)
    else:
        notes, figure = (period, words.status(row)), words.amount(row.value, row.unit, row.decimals)
    return _Cell(figure, tuple(note for note in (*notes, words.capital(data_note)) if note))


def _compared(comparison: Comparison, row: Indicator) -> _Cell:
    if comparison.value is None:
        return _Cell(words.no_benchmark(row))
    value = words.amount(comparison.value, row.unit, row.decimals)
    notes = [words.benchmark_period(comparison, row)]
    if comparison is row.neighbours and row.neighbours_present:
        notes.append(f"mean of {row.neighbours_present} councils")
    if comparison.gap is not None:
        notes.append(words.gap(comparison, row))
    return _Cell(value, tuple(notes))


def _then(row: Indicator, earlier: Earlier) -> _Cell:
    change = words.change(row, earlier)
    if earlier.value is None or row.is_last_reported:
        return _Cell(change)
    return _Cell(change, (f"was {words.amount(earlier.value, row.unit, row.decimals)}",))


def _point(point: Figure, row: Indicator) -> tuple[str, str, str]:
    if point.value is None:
        return words.period(point), words.no_value(point), words.numbers(point, row.unit)
    figure = words.amount(point.value, row.unit, row.decimals)
    return words.period(point), figure, words.numbers(point, row.unit)


def _yearly_name(row: Indicator) -> str:
    academic = any(year.period_type == "academic_year" for year in row.years)
    return f"{row.name} (academic years)" if academic and "academic" not in row.name else row.name


def _yearly(row: Indicator, year: Figure | None) -> str:
    return words.figure(year.value if year else None, row, year)


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
            files=tuple(sorted(manifest.files, key=_reading_order)),
        )
    except (Damaged, KeyError):
        unread = "its manifest cannot be read"
        return PublishedEdition(place, place, False, date.min, "", unread, ())


def _reading_order(name: str) -> tuple[bool, bool, str]:
    return name != "dashboard.html", name != "READ-ME-FIRST.txt", name


def render(template: str, **context: Any) -> bytes:
    """A page from a template of this package, as UTF-8."""
    return _environment().get_template(template).render(**context).encode("utf-8")


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["month"] = words.month
    environment.filters["day"] = words.day
    environment.filters["capitalize_first"] = words.capital
    return environment
