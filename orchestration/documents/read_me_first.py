"""READ-ME-FIRST.txt: what a folder holds, what changed, what is missing or old, whom to ask."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from textwrap import wrap

from orchestration.editions import words
from orchestration.editions.figures import Edition, Indicator, Restatement

WIDTH = 80

_FILES = (
    ("dashboard.html", "the eight dashboards as one page, with trends: open it in a browser"),
    ("dashboard_1.csv … dashboard_8.csv", "one table per dashboard, for a spreadsheet"),
    ("data_quality.html and .csv", "how good the deliveries are that the figures stand on"),
    ("areas_for_improvement.csv", "what members are to look at first, where there is anything"),
    ("restatements.csv", "figures shown before that have changed since, where there are any"),
    ("all_indicators.csv", "all dashboards in one table; names of tables begin with the markings"),
    ("alerts.json and the digest", "what misses its target, once alerts have been drawn up"),
    ("manifest.json", "what the files are made from, and checks that they are unaltered"),
)


def read_me_first(edition: Edition, contact: str) -> bytes:
    """The text for one edition as UTF-8, 80 characters wide; `contact` is whom readers may ask."""
    return ("\n".join(_lines(edition, contact)) + "\n").encode("utf-8")


def _lines(edition: Edition, contact: str) -> Iterator[str]:
    as_at = words.day(edition.as_at)
    yield from edition.markings
    yield ""
    yield from wrap(
        f"{edition.geography_name}: children's services indicators as at {as_at}", WIDTH
    )
    yield from _heading("What this folder is")
    yield from wrap(
        "The figures for the scrutiny committee's dashboards as officers see them, small numbers "
        "included. Each figure is the newest that had closed by the date above. The folder is "
        "replaced as a whole by the next run: keep nothing of your own in it.",
        WIDTH,
    )
    if edition.succession:
        yield ""
        yield from wrap(edition.succession, WIDTH)
    yield from _areas(edition)
    yield from _changes(edition)
    yield from _restatements(edition)
    yield from _missing(edition)
    yield from _old(edition)
    yield from _heading("Whom to ask")
    yield from wrap(words.capital(contact) + ".", WIDTH)
    yield from _heading("Which file is which")
    yield from _bullets(f"{name}: {use}" for name, use in _FILES)


def _areas(edition: Edition) -> Iterator[str]:
    """What members are to look at first, and what speaks for it."""
    yield from _heading("Areas for improvement")
    if not any(map(_is_judged, edition.rows)):
        yield from wrap(_NOTHING_JUDGED, WIDTH)
    elif not edition.improvements:
        yield from wrap(
            "None: nothing that could be judged misses its target, or is worse, by enough for one.",
            WIDTH,
        )
    rows = {row.indicator_id: row for row in edition.rows}
    for area, members in groupby(edition.improvements, key=attrgetter("area")):
        yield f"{area}:"
        yield from _bullets(
            f"{rows[each.indicator_id].name}: {words.improvement(each, rows[each.indicator_id])}."
            for each in members
        )


def _is_judged(row: Indicator) -> bool:
    verdicts = (row.england.verdict, row.neighbours.verdict)
    return row.rag is not None or any(each not in (None, "unknown") for each in verdicts)


_NOTHING_JUDGED = (
    "Nothing could be judged: no current figure has an agreed target, or an official figure that "
    "it can be held against. This is not to say that all is well."
)


def _changes(edition: Edition) -> Iterator[str]:
    """What changed since the period before, the worse first."""
    yield from _heading("What changed since the month or quarter before")
    yield from wrap(
        "One month or quarter varies by chance: the direction of travel stands on dashboard.html.",
        WIDTH,
    )
    changed = [row for row in edition.rows if _has_change(row)]
    by_verdict: dict[str | None, list[str]] = {"worse": [], "better": [], None: []}
    for row in changed:
        if row.previous.change:
            verdict = words.better_or_worse(row.previous.change, row)
            by_verdict[verdict].append(_change(row))
    titles = {"worse": "Worse:", "better": "Better:", None: "Neither better nor worse:"}
    for verdict, title in titles.items():
        if by_verdict[verdict]:
            yield title
            yield from _bullets(by_verdict[verdict])
    same = sum(not row.previous.change for row in changed)
    if same:
        yield f"Unchanged: {same}."
    uncompared = sum(row.value is not None for row in edition.rows) - len(changed)
    if uncompared:
        yield f"Not compared, as there is no earlier figure or the latest is too old: {uncompared}."


def _restatements(edition: Edition) -> Iterator[str]:
    """How many figures changed after they had been shown, and of each indicator the newest."""
    yield from _heading("What was shown before and has changed since")
    restated = edition.restatements
    if not restated:
        yield "Nothing: every figure of an earlier period is the one that was shown."
        return
    newest: dict[str, Restatement] = {}
    for each in restated:
        known = newest.get(each.indicator_id)
        if known is None or each.current.period_end > known.current.period_end:
            newest[each.indicator_id] = each
    yield from wrap(
        f"{len(restated)} in all, listed in restatements.csv; of each indicator the newest:", WIDTH
    )
    rows = {row.indicator_id: row for row in edition.rows}
    yield from _bullets(_restated(rows[each.indicator_id], each) for each in newest.values())


def _restated(row: Indicator, restated: Restatement) -> str:
    then, now = restated.published, restated.current
    return (
        f"{row.name}, {words.period(now)}: {words.figure(now.value, row, now)}, shown before as "
        f"{words.figure(then.value, row, then)}, because {words.cause(restated)}."
    )


def _has_change(row: Indicator) -> bool:
    return row.value is not None and row.previous.change is not None and not row.is_last_reported


def _change(row: Indicator) -> str:
    figure = words.figure(row.value, row, row.headline)
    period = words.period(row.headline) if row.headline else ""
    said = words.since_previous(row)
    return f"{row.name}: {figure}, {period}. {said}."


def _missing(edition: Edition) -> Iterator[str]:
    """Indicators without a figure, under the reason they share."""
    yield from _heading("What is missing, and why")
    by_reason: dict[str, list[str]] = {}
    for row in edition.rows:
        if row.value is None:
            by_reason.setdefault(words.status(row), []).append(row.name)
    if not by_reason:
        yield "Nothing: every indicator has a figure."
    for reason, names in by_reason.items():
        yield from wrap(f"{reason} ({len(names)}):", WIDTH)
        yield from _bullets(names)


def _old(edition: Edition) -> Iterator[str]:
    yield from _heading("What is old")
    old = [row for row in edition.rows if row.is_last_reported]
    if not old:
        yield "Nothing: every figure is recent enough to be compared."
    yield from _bullets(
        f"{row.name}: {words.status(row)[:1].lower()}{words.status(row)[1:]}" for row in old
    )


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from wrap(
            text, WIDTH, initial_indent="* ", subsequent_indent="  ", break_on_hyphens=False
        )
