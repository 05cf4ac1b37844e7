"""What every part of the sample council shares: its size, its span of time and its calendar."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from orchestration.reference.calendar import read_bank_holidays
from orchestration.reference.tables import Reference
from orchestration.sample_council.calendar import Seasons, WorkingDays, add_months, month_end
from orchestration.sample_council.stories import Stories

GEOGRAPHY_CODE = "X06000001"
GEOGRAPHY_NAME = "Sample Borough"
OLD_LA_CODE = "999"

USUAL_SIZE = 10_000
# Cases begin this long before the history does, so that its first day is a day like any other.
WARM_UP_YEARS = 4
# Rows go back a little further than the history, so that its first month is whole.
MARGIN_MONTHS = 3


@dataclass(frozen=True)
class Scene:
    """A council of `scale` times the usual size; its rows go from `start` to `as_at`, a month end.

    Lives are told from `dawn` on, without regard to `as_at`; what had not happened by then is
    hidden when rows are written.
    """

    seed: int
    scale: float
    start: date
    as_at: date
    dawn: date
    holidays: frozenset[date]
    working_days: WorkingDays
    seasons: Seasons
    stories: Stories

    def random(self, topic: str) -> Random:
        """Draws of one topic: a change elsewhere leaves them as they are."""
        return Random(f"{self.seed}/{topic}")

    def number(self, usual: float, least: int = 1) -> int:
        """How many of what a council of the usual size has `usual` of."""
        return max(least, round(self.scale * usual))

    def seen(self, day: date | None) -> date | None:
        """`day` if it had come by the as-at day."""
        return day if day is not None and day <= self.as_at else None

    def touches(self, first: date, last: date | None) -> bool:
        """Whether a span belongs to the history: begun by its end and not over before its start."""
        return first <= self.as_at and (last is None or last >= self.start)


def make_scene(
    size: int, seed: int, last_month: date, years: int, stories: Stories, seeds: Path
) -> Scene:
    """A council of about `size` children known over `years` years to the end of `last_month`.

    Raises `ValueError` for a size or a number of years below one, and for a story whose months
    lie outside the history.
    """
    if size < 1 or years < 1:
        raise ValueError("size and years are at least 1")
    as_at = month_end(last_month)
    first_month = add_months(as_at.replace(day=1), 1 - 12 * years)
    stories.check(first_month, as_at, size)
    start = add_months(first_month, -MARGIN_MONTHS)
    dawn = add_months(start, -12 * WARM_UP_YEARS)
    holidays = read_bank_holidays(Reference(seeds))
    after = add_months(as_at, 60)
    return Scene(
        seed=seed,
        scale=size / USUAL_SIZE,
        start=start,
        as_at=as_at,
        dawn=dawn,
        holidays=holidays,
        working_days=WorkingDays(holidays, add_months(dawn, -12), after),
        seasons=Seasons(holidays, dawn, after),
        stories=stories,
    )
