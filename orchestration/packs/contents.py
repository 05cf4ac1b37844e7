"""The one context that every format of a pack is made from: texts, ready to be printed.

It is made from an edition: from the public one for everybody, from the officers' for Part 2. What
it does not hold no format can show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Edition
from orchestration.editions.findings import changes as year_changes
from orchestration.editions.findings import doing_well
from orchestration.editions.over_the_year import figures_told, told
from orchestration.editions.said import areas_said
from orchestration.packs.blocks import Block, quarter_ends, usual_period
from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Action, Narrative
from orchestration.packs.pack import Answer, Area, Change, Dashboard, Pack
from orchestration.packs.questions import Question
from orchestration.packs.sets import IndicatorSet


@dataclass(frozen=True)
class Occasion:
    """What a pack is made for, the same for all its formats: `newest_closed` is the newest month
    that had closed when papers were due, `coarser` how indicators are shown to the public that are
    shown in less detail."""

    meeting: Meeting
    portfolios: Mapping[int, str]
    changes: Sequence[Change]
    coarser: Mapping[str, str]
    contact: str
    newest_closed: date
    issue: int
    reason: str
    audience: IndicatorSet
    questions: Sequence[Question] = ()


def pack_of(
    edition: Edition, occasion: Occasion, blocks: Mapping[str, Block], told: Narrative
) -> Pack:
    """The context of one edition, public or not, for a meeting."""
    meeting = occasion.meeting
    filled = {
        each: replace(block, narrative=told.of_indicator.get(each, "") or _left_out(each, told))
        for each, block in blocks.items()
    }
    areas = _areas(edition, filled, told.actions)
    summary, usual = _summary(edition), usual_period(edition)
    return Pack(
        meeting_id=meeting.meeting_id,
        committee=meeting.committee,
        meeting_date=words.day(meeting.meeting_date),
        issue=occasion.issue,
        reason=occasion.reason,
        council=edition.geography_name,
        markings=edition.markings,
        succession=edition.succession,
        as_at=words.day(edition.as_at),
        usual_period=words.short_period(usual) if usual else "",
        age=_age(edition.as_at, occasion.newest_closed, meeting.meeting_date),
        is_public=edition.is_public,
        contact=occasion.contact,
        set_name=occasion.audience.name,
        agreed=_agreed(occasion.audience),
        summary=summary,
        sentence=_sentence(edition, summary, areas),
        better=_changed(edition, "better"),
        worse=_changed(edition, "worse"),
        areas=areas,
        well=tuple((row.name, why) for row, why in doing_well(edition)),
        answers=tuple(_answer(each, told.answers, filled) for each in occasion.questions),
        quarters=tuple(map(_quarter, quarter_ends(edition.as_at))),
        dashboards=tuple(
            Dashboard(
                number,
                rows[0].dashboard,
                occasion.portfolios.get(number, "None on record"),
                tuple(filled[row.indicator_id] for row in rows),
                rows[0].dashboard_note or "",
            )
            for number, rows in edition.dashboards.items()
        ),
        changes=tuple(occasion.changes),
        report=told.parts,
        coarser=tuple(
            (blocks[each].name, how)
            for each, how in occasion.coarser.items()
            if edition.is_public and each in blocks
        ),
    )


def _left_out(indicator_id: str, told: Narrative) -> str:
    reason = told.left_out.get(indicator_id, "")
    return f"No text this time: {reason.rstrip('.')}." if reason else ""


def _summary(edition: Edition) -> dict[str, int]:
    rags = [row.rag for row in edition.rows]
    return {
        "total": len(edition.rows),
        "current": sum(row.value is not None and not row.is_last_reported for row in edition.rows),
        "hidden": sum(row.status == HIDDEN for row in edition.rows),
        "judged": sum(rag is not None for rag in rags),
        "meeting": rags.count("green"),
        "within": rags.count("amber"),
        "missing_target": rags.count("red"),
    }


def _sentence(edition: Edition, summary: Mapping[str, int], areas: Sequence[Area]) -> str:
    """The pack in one sentence; where nothing could be judged it never reads as all clear."""
    when = words.month(edition.as_at)
    if not summary["judged"]:
        known = summary["current"]
        has = f"{known} of {summary['total']} indicators have a current figure"
        return (
            f"To {when} {has}, and none could be judged against a target, which is not to say "
            "that all is well."
        )
    counted = (
        f"Against a target {summary['judged']} of {summary['total']} indicators could be judged: "
        f"{summary['meeting']} met it, {summary['within']} came within its tolerance and "
        f"{summary['missing_target']} missed it"
    )
    first = _listed([_small(area.name) for area in areas])
    return f"{counted}; look first at {first}." if first else f"{counted}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _small(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _changed(edition: Edition, way: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row.name, f"{told(change, row)}; {figures_told(change, row)}")
        for row, change in year_changes(edition, way)
    )


def _agreed(audience: IndicatorSet) -> str:
    """Who agreed the set of indicators, and when."""
    if not audience.agreed_by:
        return f"Indicator set: {audience.name}. Who agreed it is not on record."
    when = f", {words.day(audience.agreed_on)}" if audience.agreed_on else ""
    return f"Indicator set: {audience.name}, agreed by {audience.agreed_by}{when}."


def _answer(
    asked: Question, answers: Mapping[tuple[str, int], str], blocks: Mapping[str, Block]
) -> Answer:
    block = blocks.get(asked.indicator_id)
    return Answer(
        words.day(asked.asked),
        asked.text,
        block.name if block else "",
        answers.get((asked.file, asked.row), "") or "No answer yet.",
        words.day(asked.by_when) if asked.by_when else "",
        "Open" if asked.is_open else "Closed with this pack",
    )


def _quarter(end: date) -> str:
    quarter = (end.month - 4) % 12 // 3 + 1
    return f"Q{quarter} {words.year(end).removeprefix('20')}"


def _age(as_at: date, newest_closed: date, meeting_date: date) -> str:
    days = (meeting_date - as_at).days
    if as_at >= newest_closed:
        return ""
    return (
        f"These figures are {days} days old at the meeting: months up to "
        f"{words.month(newest_closed)} had closed when the papers were due."
    )


def _areas(
    edition: Edition, blocks: Mapping[str, Block], actions: Mapping[str, Action]
) -> tuple[Area, ...]:
    def one(name: str, ids: Iterable[str], reasons: tuple[tuple[str, str, str], ...]) -> Area:
        of = [blocks[each] for each in ids]
        return Area(
            name,
            reasons,
            tuple(filter(None, (block.narrative for block in of))),
            tuple(actions[block.indicator_id] for block in of if block.indicator_id in actions),
            next((block for block in of if block.chart), None),
        )

    return tuple(
        one(
            name,
            [row.indicator_id for row, _ in reasons],
            tuple((row.indicator_id, row.name, why) for row, why in reasons),
        )
        for name, reasons in areas_said(edition).items()
    )
