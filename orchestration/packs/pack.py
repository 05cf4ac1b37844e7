"""What a pack says, as texts ready to be printed. What it does not hold no format shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.editions import words
from orchestration.packs.blocks import NO_CELL, NOT_COMPARED, Block
from orchestration.packs.narrative import Action

SHORTHAND = (
    ("[c]", "confidential: a number from 1 to 5, or one from which such a number could be found"),
    ("[p]", "provisional: it may still change"),
    ("[r]", "revised since the last pack that printed it"),
)
"""The signs of the Government Statistical Service that a pack uses, and what they mean."""

IN_TABLES = (
    ("[x]", "there is no figure for the period"),
    ("[z]", "there is no official figure to compare with; the annex says why"),
)
"""Signs of the paper's tables alone."""

CHARTS_OF_A_DASHBOARD = 2


@dataclass(frozen=True)
class Dashboard:
    """One of the eight, with the portfolio that it belongs to at the meeting. `core` are the
    indicators of its table, `drawn` those whose charts stand below it; `note` says what its names
    cover, where it was renamed."""

    number: int
    name: str
    portfolio: str
    blocks: tuple[Block, ...]
    note: str = ""

    @property
    def core(self) -> tuple[Block, ...]:
        """Those that stand on its page and have a figure."""
        return tuple(each for each in self.blocks if each.tier != "annex" and each.has_figure)

    @property
    def is_compared(self) -> bool:
        """Whether any of them has an official figure to compare with."""
        return any(cell not in (NOT_COMPARED, NO_CELL) for b in self.core for cell in b.across[-2:])

    @property
    def concerns(self) -> tuple[tuple[str, str], ...]:
        """What members are to look at on its page: indicators beyond target and tolerance, or
        worsening, with the words for that."""
        found = []
        for each in self.core:
            why = [each.verdict_brief.lower()] if each.rag == "red" else []
            why += [each.change_for_worse] if each.change_for_worse else []
            if why:
                found.append((each.name, "; ".join(why)))
        return tuple(found)

    @property
    def drawn(self) -> tuple[Block, ...]:
        """The charts that matter: of what misses its target, got worse, or stands first."""
        able = [each for each in self.core if each.chart]
        able.sort(key=lambda each: (_URGENT.get(each.rag, 3), each.way != "worse"))
        chosen = able[:CHARTS_OF_A_DASHBOARD]
        return tuple(each for each in self.core if each in chosen)

    @property
    def split(self) -> tuple[Block, ...]:
        """Those whose parts are told: numbers, not averages."""
        return tuple(b for b in self.core if b.parts and b.unit not in ("days", "hours", "weeks"))


_URGENT = {"red": 0, "amber": 1, "green": 2}


@dataclass(frozen=True)
class Area:
    """An area for improvement: what speaks for it, by indicator, and what officers say of it: why,
    and what is done; `chart` is the block whose chart shows it."""

    name: str
    reasons: tuple[tuple[str, str, str], ...]
    narratives: tuple[str, ...]
    actions: tuple[Action, ...] = ()
    chart: Block | None = None


@dataclass(frozen=True)
class Answer:
    """What members asked: when and what, the answer, by when more comes, and whether it is open."""

    asked: str
    question: str
    indicator: str
    answer: str
    by_when: str
    state: str


@dataclass(frozen=True)
class Change:
    """A figure that an earlier pack printed otherwise: indicator and period, then and now."""

    name: str
    period: str
    then: str
    now: str
    since: str


@dataclass(frozen=True)
class Pack:
    """All that a pack says. `age` is set where the figures are older than the newest month that
    had closed when papers were due; `reason` is that of a correction. `better`, `worse` and `well`
    are names with what is said of them."""

    meeting_id: str
    committee: str
    meeting_date: str
    issue: int
    reason: str
    council: str
    markings: tuple[str, ...]
    succession: str
    as_at: str
    usual_period: str
    age: str
    is_public: bool
    contact: str
    set_name: str
    agreed: str
    summary: Mapping[str, int]
    sentence: str
    better: tuple[tuple[str, str], ...]
    worse: tuple[tuple[str, str], ...]
    areas: tuple[Area, ...]
    well: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]
    quarters: tuple[str, ...]
    dashboards: tuple[Dashboard, ...]
    changes: tuple[Change, ...]
    report: Mapping[str, str]
    coarser: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """What every format is called."""
        return f"{self.council}: children's services indicators as at {self.as_at}"

    @property
    def has_hidden(self) -> bool:
        """Whether a figure is printed as `[c]`, so that the sign has to be explained."""
        cells = [c for b in self.blocks for c in (*b.recent, *b.quarters, *b.years)]
        cells += [cell for block in self.blocks for _, parts in block.parts for cell in parts]
        figures = {block.figure for block in self.blocks} | {cell.figure for cell in cells}
        return words.NOT_SHOWN in figures

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every indicator in order."""
        return tuple(block for dashboard in self.dashboards for block in dashboard.blocks)

    @property
    def in_areas(self) -> frozenset[str]:
        """The indicators of the areas for improvement."""
        return frozenset(each for area in self.areas for each, *_ in area.reasons)

    @property
    def contact_line(self) -> str:
        """Whom to ask."""
        told = [
            self.report[f"contact_{each}"] for each in ("name", "service", "telephone", "email")
        ]
        return f"{', '.join(filter(None, told))}. Questions about the figures: {self.contact}."

    @property
    def scorecard(self) -> tuple[Block, ...]:
        """The headline indicators that have a figure."""
        return tuple(each for each in self.blocks if each.tier == "headline" and each.has_figure)

    @property
    def without(self) -> tuple[Block, ...]:
        """The indicators that have no figure at all."""
        return tuple(each for each in self.blocks if not each.has_figure)
