"""Figures, changes, comparisons and reasons in the words that a committee reads.

Every printed figure is rounded here, half up, as the mart rounds what it judges (macro `printed`):
a verdict, a change or a gap never contradicts the figures beside it.
"""

# ruff: noqa: F401 (all words are had from here)

from orchestration.editions.words.amounts import (
    NO_FIGURE,
    NOT_SHOWN,
    NOT_SUPPLIED,
    amount,
    capital,
    counts,
    difference,
    figure,
    no_value,
    number,
    numbers,
    plain,
    rounded,
    trimmed,
)
from orchestration.editions.words.comparing import (
    benchmark_period,
    better_or_worse,
    change,
    gap,
    neighbours_of,
    no_benchmark,
    since_previous,
    since_year_ago,
    succession,
)
from orchestration.editions.words.periods import day, month, period, short_period, whole_year, year
from orchestration.editions.words.splits import compared_part, part, part_order, split_by
from orchestration.editions.words.standings import own_count, standing
from orchestration.editions.words.trends import (
    bounds,
    direction,
    directions,
    signal,
    usual,
    usual_range,
)
from orchestration.editions.words.verdicts import (
    STATUS,
    cases_to_target,
    cause,
    certainty,
    improvement,
    missing,
    polarity,
    rag,
    status,
    target,
)
