"""A pack from its parts: what may be shown, what is missing, what has changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.disclosure.history import Publication
from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.disclosure.secondary import Hiding, worked_out
from orchestration.editions.figures import HIDDEN, Edition, figures_of
from orchestration.editions.findings import areas
from orchestration.editions.headline_period import with_headline_periods
from orchestration.packs.blocks import Block, blocks_of, printed
from orchestration.packs.changes import changes_since, compared_with
from orchestration.packs.contents import Occasion, pack_of
from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Line, Narrative, narrative
from orchestration.packs.pack import Change, Pack
from orchestration.packs.questions import Question
from orchestration.packs.record import Published, oldest_first, read_publications
from orchestration.packs.sets import EVERYTHING, IndicatorSet
from orchestration.packs.texts import Texts, text_changes, texts_of
from orchestration.packs.timetable import newest_closed_by
from orchestration.reference.geographies import Area


@dataclass(frozen=True)
class Parts:
    """What a pack is made from: `template` is the clerk's Word file, `facts` are those of the
    manifest, `who` and `now` are logged; `codes` are all that the council ever had. `before` are
    the texts of earlier meetings, newest first; `in_region` is the log of what pages of the
    council's region have printed of it."""

    meeting: Meeting
    codes: Collection[str]
    edition: Edition
    lines: Sequence[Line]
    portfolios: Mapping[int, str]
    area: Area
    contact: str
    template: Path
    papers_due: date
    facts: Mapping[str, Any]
    who: str
    now: str
    audience: IndicatorSet = EVERYTHING
    questions: Sequence[Question] = ()
    before: Sequence[Line] = ()
    in_region: Path | None = None


@dataclass(frozen=True)
class Made:
    public: Pack
    public_edition: Edition
    restricted: Pack
    restricted_edition: Edition
    hiding: Hiding
    told: Narrative
    audited: int
    changes: Sequence[Change]
    texts: Texts


def make_pack(parts: Parts, earlier: Sequence[Published], number: int, reason: str) -> Made:
    edition = parts.edition
    in_region = read_publications(parts.in_region, parts.codes) if parts.in_region else ()
    told_before = oldest_first(earlier, in_region)
    hiding = hidden_figures(edition.rows, edition.ties, told_before)
    public_edition = as_printed(publishable(edition, hiding.places), parts.audience)
    restricted_edition = as_printed(edition, parts.audience)
    audited = _worked_out(edition, public_edition, hiding, told_before)
    changes = changes_since(public_edition, compared_with(earlier, parts.meeting.meeting_id))
    revised: dict[str, set[str]] = {}
    for indicator_id, change in changes:
        revised.setdefault(indicator_id, set()).add(change.period)
    listed = [change for _, change in changes]
    occasion = Occasion(
        parts.meeting,
        parts.portfolios,
        listed,
        hiding.coarser,
        parts.contact,
        newest_closed_by(parts.papers_due),
        number,
        reason,
        parts.audience,
        parts.questions,
    )
    asked = [question.line for question in parts.questions]
    packs: list[Pack] = []
    told, texts_now = None, {}
    for each in (public_edition, restricted_edition):
        blocks: dict[str, Block] = blocks_of(each, revised)
        texts = {name: printed(block) for name, block in blocks.items()}
        written = narrative(parts.lines, each, texts, asked)
        if told is None:
            told, texts_now = written, texts_of(parts.lines, parts.questions, written)
            listed += _changed_texts(earlier, parts, texts_now)
        packs.append(pack_of(each, occasion, blocks, written))
    assert told is not None
    return Made(
        packs[0],
        public_edition,
        packs[1],
        restricted_edition,
        hiding,
        told,
        audited,
        listed,
        texts_now,
    )


def as_printed(edition: Edition, audience: IndicatorSet) -> Edition:
    """The edition with each row about the period that says enough, and the areas for improvement
    that these figures bear out."""
    printed = with_headline_periods(edition, audience.period)
    return replace(printed, improvements=areas(printed), further_improvements=())


def _changed_texts(earlier: Sequence[Published], parts: Parts, now: Texts) -> list[Change]:
    """What is said otherwise than in the issue before of the same meeting."""
    before = [each for each in earlier if each.meeting_id == parts.meeting.meeting_id][-1:]
    names = {row.indicator_id: row.name for row in parts.edition.rows}
    return [
        change
        for each in before
        for change in text_changes(each.texts, now, names, f"issue {each.issue}")
    ]


def _worked_out(
    edition: Edition, public: Edition, hiding: Hiding, before: Sequence[Publication]
) -> int:
    """How many numbers that are to be hidden the public edition gives away, read off itself: those
    that it prints, and those that follow from what it prints. What it leaves out without need a
    reader is taken to know."""
    shown = {
        row.indicator_id: {
            place for place, figure in figures_of(row).items() if figure.status != HIDDEN
        }
        for row in public.rows
    }
    printed = {each: places & shown[each] for each, places in hiding.places.items()}
    unknown = {each: places - shown[each] for each, places in hiding.places.items()}
    told = worked_out(edition.rows, Hiding(unknown, hiding.coarser), edition.ties, before)
    return told + sum(map(len, printed.values()))
