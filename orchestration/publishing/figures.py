"""The shapes that publishing works with: an edition, its indicators, and their figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from orchestration.publishing import markings

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

    `figure` is that period in the mart (None: not there), `change` is now minus then.
    """

    value: Decimal | None
    change: Decimal | None
    figure: Figure | None


@dataclass(frozen=True)
class Comparison:
    """A benchmark: `name` of the comparator, its own period as text, `gap` = ours minus theirs.

    `verdict` by our figure's own interval: better, similar, worse, higher, lower or unknown.
    """

    name: str
    value: Decimal | None
    period: str | None
    gap: Decimal | None
    verdict: str | None = None


@dataclass(frozen=True)
class Part:
    """One part of an indicator in the headline's period: of `breakdown` (setting) the part `name`
    (care)."""

    breakdown: str
    name: str
    figure: Figure


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
    there are none. `before` are the known months that came earlier than those that are shown.
    """

    period_type: str
    points: tuple[Figure, ...]
    before: tuple[Figure, ...] = ()
    signals: Mapping[date, Signal] = field(default_factory=dict)
    limits_reason: str | None = None
    rebase_reason: str | None = None

    @property
    def known(self) -> tuple[Figure, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class Indicator:
    """One row of a committee table, with its series and its whole years.

    `headline` is the figure the row is about (None: none, and `status`, `status_reason` say why).
    With `is_last_reported` it is too old to be compared or judged. `interval_lower` and
    `interval_upper` are its 95 % interval, `target_certainty` is certain, could_be_chance or
    unknown; so many `cases_to_target` more (fewer, where low is good) would have met the target.
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
    benchmark_reason: str | None
    month: Figure | None
    quarter: Figure | None
    year_to_date: Figure | None
    year: Figure | None
    trend: Trend
    years: tuple[Figure, ...]
    parts: tuple[Part, ...] = ()
    interval_lower: Decimal | None = None
    interval_upper: Decimal | None = None
    target_certainty: str | None = None
    cases_to_target: int | None = None
    year_on_year: Direction | None = None
    latest_quarter: Direction | None = None

    @property
    def value(self) -> Decimal | None:
        """The headline's value; None where there is none."""
        return self.headline.value if self.headline else None


@dataclass(frozen=True)
class Restatement:
    """A figure that had been shown as `published` and is `current` since the newest delivery.

    `cause` is late_recording, correction, definition_change or newly_covered.
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


@dataclass(frozen=True)
class Edition:
    """A council as at a month end: every indicator, by dashboard, then tier, then name.

    `synthetic`: the council is made up, and every page and file must say so. `is_public`: what may
    not be shown to everybody has been taken out.
    """

    geography_code: str
    geography_name: str
    synthetic: bool
    as_at: date
    rows: tuple[Indicator, ...]
    restatements: tuple[Restatement, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    is_public: bool = False

    @property
    def markings(self) -> tuple[str, ...]:
        """What every page and file of this edition is marked with."""
        return markings(self.synthetic, self.is_public)

    @property
    def dashboards(self) -> dict[int, tuple[Indicator, ...]]:
        """Dashboard number to its rows, in order."""
        numbers = sorted({row.dashboard_no for row in self.rows})
        return {n: tuple(row for row in self.rows if row.dashboard_no == n) for n in numbers}
