"""Figures that an earlier pack printed otherwise."""

from collections.abc import Sequence

from orchestration.editions import words
from orchestration.editions.figures import Edition, Figure, Indicator, figures_of
from orchestration.packs.pack import Change
from orchestration.packs.record import Published


def compared_with(earlier: Sequence[Published], meeting_id: str) -> list[tuple[str, Published]]:
    """The issue before, and the newest pack of another meeting, with the words for each."""
    of_this = [each for each in earlier if each.meeting_id == meeting_id]
    of_others = [each for each in earlier if each.meeting_id != meeting_id]
    found = [(f"issue {each.issue}", each) for each in of_this[-1:]]
    return found + [(f"the pack {each.meeting_id}", each) for each in of_others[-1:]]


def changes_since(
    public: Edition, before: Sequence[tuple[str, Published]]
) -> list[tuple[str, Change]]:
    """Figures printed then and now, but otherwise: by indicator, newest period first."""
    found = []
    for since, published in before:
        for row in public.rows:
            places = sorted(figures_of(row).items(), key=lambda each: each[0][3], reverse=True)
            for place, now in places:
                then = published.shown(row.indicator_id, place)
                if place[0] or then is None or now.value is None or then.value is None:
                    continue
                texts = _said(then, row), _said(now, row)
                if texts[0] != texts[1]:
                    change = Change(row.name, words.period(now), *texts, since)
                    found.append((row.indicator_id, change))
    return found


def _said(figure: Figure, row: Indicator) -> str:
    return words.figure(figure.value, row, figure)
