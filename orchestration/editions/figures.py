"""The shapes that publishing works with: an edition, its indicators, and their figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from orchestration.editions.standing import Standing
from orchestration.publication.markings import markings

HIDDEN: Literal["hidden"] = "hidden"
"""The status of a figure of which nothing may be shown: readers see `[c]`."""

Place = tuple[str, str, str, date]
"""Where a figure of an indicator stands: breakdown and part (both empty for the whole), kind of
period and its last day."""


@dataclass(frozen=True)
class Figure:
    """One indicator in one period; `value` in the indicator's unit (percent: 92.7), unrounded."""

    period_type: str
    period_start: date
    period_end: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    status: str


@dataclass(frozen=True)
class Earlier:
    """What the headline is compared with: the period before, or the same period last year.

    `figure` is that period in the mart (None: not there), `change` is now minus then as printed.
    """

    value: Decimal | None
    change: Decimal | None
    figure: Figure | None


@dataclass(frozen=True)
class Comparison:
    """A benchmark: `name` of the comparator, its own period as text, `gap` = ours minus theirs as
    printed.

    `verdict` by our figure's own interval: better, similar, worse, higher, lower or unknown. `ours`
    is the figure that is held against it where that is not the row's own.
    """

    name: str
    value: Decimal | None
    period: str | None
    gap: Decimal | None
    verdict: str | None = None
    ours: Figure | None = None


@dataclass(frozen=True)
class Part:
    """One part of an indicator in the headline's period: of `breakdown` (setting) the part `name`
    (care). `rest` is what it is a share of where that is not the whole but what missed.

    `heading` and `label` are what the catalogue calls the breakdown and the part, `place` is the
    part's place among the others; None where it says nothing of it.
    """

    breakdown: str
    name: str
    figure: Figure
    rest: str | None = None
    heading: str | None = None
    label: str | None = None
    place: int | None = None


@dataclass(frozen=True)
class Signal:
    """What a month is held against: mean and limits of the baseline, in the indicator's unit.

    `point_type` is common_cause, special_cause_improvement, special_cause_concern,
    special_cause_neutral_high or special_cause_neutral_low; `rule` says why.
    """

    point_type: str
    rule: str
    mean: Decimal
    lower: Decimal
    upper: Decimal
    baseline_start: date
    baseline_end: date


@dataclass(frozen=True)
class Direction:
    """Months up to `through` against earlier ones: `verdict` is improving, worsening, higher,
    lower, no_clear_change, too_few_to_say or HIDDEN; `value` and `before` are the two figures."""

    verdict: str
    value: Decimal | None
    before: Decimal | None
    through: date


@dataclass(frozen=True)
class Trend:
    """Months or quarters in order, one figure for each; a period without a value stays a gap.

    `signals` are those of the months that have limits, by their last day; `limits_reason` says why
    there are none. `rebased_from` is the first day since which limits are set anew, for
    `rebase_reason`. `before` are the known months that came earlier than those that are shown.
    """

    period_type: str
    points: tuple[Figure, ...]
    before: tuple[Figure, ...] = ()
    signals: Mapping[date, Signal] = field(default_factory=dict)
    limits_reason: str | None = None
    rebase_reason: str | None = None
    rebased_from: date | None = None

    @property
    def known(self) -> tuple[Figure, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class Judged:
    """The newest figure of one length of period with all that is said of it: what came before, the
    verdict against the target that was in force, and how it compares."""

    figure: Figure
    previous: Earlier
    year_ago: Earlier
    target: Decimal | None
    target_kind: str | None
    tolerance: Decimal | None
    rag: str | None
    rag_reason: str | None
    target_certainty: str | None
    cases_to_target: int | None
    interval_lower: Decimal | None
    interval_upper: Decimal | None
    england: Comparison
    neighbours: Comparison
    region: Comparison


@dataclass(frozen=True)
class Indicator:
    """One row of a committee table, with its series and its whole years.

    `headline` is the figure the row is about (None: none, and `status`, `status_reason` say why).
    With `is_last_reported` it is too old to be compared or judged. `interval_lower` and
    `interval_upper` are its 95 % interval, `target_certainty` of a miss is certain,
    could_be_chance or unknown; so many `cases_to_target` more (fewer, where low is good) would have
    met the target.
    `compared_part` is the breakdown and part that official figures are about, and held against,
    where that is not the whole, `compared_label` what the catalogue calls the part.
    `quarters` are the newest in order; `judged` are the newest month, quarter and twelve months
    that have a figure, from short to long, each of which the row can be about; `longer_parts` are
    the parts of the twelve months.
    """

    indicator_id: str
    name: str
    dashboard_no: int
    dashboard: str
    tier: str
    unit: str
    decimals: int
    polarity: str
    disclosure_class: str
    frequency: str
    time_basis: str
    numerator_text: str | None
    denominator_text: str | None
    note: str | None
    headline: Figure | None
    status: str
    status_reason: str | None
    origin: str | None
    source_note: str | None
    is_last_reported: bool
    previous: Earlier
    year_ago: Earlier
    target: Decimal | None
    target_kind: str | None
    tolerance: Decimal | None
    rag: str | None
    rag_reason: str | None
    england: Comparison
    neighbours: Comparison
    region: Comparison
    neighbours_present: int | None
    neighbours_left_out: str | None
    benchmark_reason: str | None
    month: Figure | None
    quarter: Figure | None
    year_to_date: Figure | None
    year: Figure | None
    trend: Trend
    years: tuple[Figure, ...]
    parts: tuple[Part, ...] = ()
    compared_part: tuple[str, str] | None = None
    compared_label: str | None = None
    interval_lower: Decimal | None = None
    interval_upper: Decimal | None = None
    target_certainty: str | None = None
    cases_to_target: int | None = None
    year_on_year: Direction | None = None
    latest_quarter: Direction | None = None
    quarters: tuple[Figure, ...] = ()
    judged: tuple[Judged, ...] = ()
    longer_parts: tuple[Part, ...] = ()
    standing: Standing | None = None
    dashboard_note: str | None = None

    @property
    def value(self) -> Decimal | None:
        """The headline's value; None where there is none."""
        return self.headline.value if self.headline else None

    @property
    def compared(self) -> Part | None:
        """The part that official figures are held against; None: the whole, or it is not known."""
        wanted = self.compared_part
        return next((part for part in self.parts if (part.breakdown, part.name) == wanted), None)


@dataclass(frozen=True)
class Restatement:
    """A figure that had been shown as `published` and is `current` since the newest delivery.

    `cause` is late_recording, correction, definition_change, reference_change or newly_covered.
    """

    indicator_id: str
    published: Figure
    current: Figure
    difference: Decimal | None
    cause: str


@dataclass(frozen=True)
class Improvement:
    """One indicator of an area for improvement, the first of rank 1, and what speaks for it.

    `last_year` is the figure of the whole year from `last_year_start` on, where it can be compared.
    """

    rank: int
    area: str
    indicator_id: str
    is_below_target: bool
    is_worse_than_last_year: bool
    last_year: Decimal | None
    last_year_start: date | None
    is_worse_than_benchmarks: bool
    is_recalled: bool
    is_added: bool
    reason: str | None
    is_surely_below_target: bool = False
    tolerances_short: Decimal | None = None
    catalogue_order: int = 0


Side = tuple[str, str, str, str]
"""A number of a figure: indicator, breakdown and part (both empty for the whole), and n (those that
count), m (the others of the denominator) or d (all of it)."""


@dataclass(frozen=True)
class Tie:
    """`fewer` is no more than `more` in any period: the definitions count the same rows, or some
    of them."""

    fewer: Side
    more: Side


@dataclass(frozen=True)
class Edition:
    """A council as at a month end: every indicator, by dashboard, then tier, then name.

    `synthetic`: the council is made up, and every page and file must say so. `is_public`: what may
    not be shown to everybody has been taken out. `further_improvements` come after those that are
    shown, `ties` are what readers know of the numbers. `succession` says of a new council that it
    has no earlier figures, and of one that has ended that this is its last; empty for all others.
    """

    geography_code: str
    geography_name: str
    synthetic: bool
    as_at: date
    rows: tuple[Indicator, ...]
    restatements: tuple[Restatement, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    further_improvements: tuple[Improvement, ...] = ()
    is_public: bool = False
    ties: tuple[Tie, ...] = field(default=(), repr=False)
    succession: str = ""

    @property
    def markings(self) -> tuple[str, ...]:
        """What every page and file of this edition is marked with."""
        return markings(self.synthetic, self.is_public)

    @property
    def dashboards(self) -> dict[int, tuple[Indicator, ...]]:
        """Dashboard number to its rows, in order."""
        numbers = sorted({row.dashboard_no for row in self.rows})
        return {n: tuple(row for row in self.rows if row.dashboard_no == n) for n in numbers}


def place_of(figure: Figure, breakdown: str = "", part: str = "") -> Place:
    """Where a figure stands in the table of one indicator."""
    return breakdown, part, figure.period_type, figure.period_end


def figures_of(row: Indicator) -> dict[Place, Figure]:
    """Every figure of an indicator that an edition prints."""
    whole: list[Figure | None] = []
    for each in row.judged:
        whole += [each.figure, each.previous.figure, each.year_ago.figure]
    whole += [*row.quarters, *row.trend.points, *row.years]
    whole += [row.month, row.quarter, row.year_to_date, row.year]
    whole += [row.headline, row.previous.figure, row.year_ago.figure]
    found = {place_of(each): each for each in whole if each is not None}
    return found | {
        place_of(part.figure, part.breakdown, part.name): part.figure
        for part in (*row.parts, *row.longer_parts)
    }
