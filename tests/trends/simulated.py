"""Series in which nothing changes, or one thing does, judged by the models of the directions.

Each round of a simulation is an indicator of its own; what the council never did is in no table.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tests.figures.compiled import Compiled

COUNCIL = "X06000001"
FIRST = 2016 * 12 + 4
"""Months are numbered as in the calendar; the first of a series is an April."""
MODELS = ("int_subject_effects", "int_dispersion", "int_spans_compared", "int_directions")

Numbers = np.ndarray
"""Rounds by months."""


class Simulation:
    """The models of the directions in a database in memory, over whatever is put into it."""

    def __init__(self, compiled: Compiled, built: Path) -> None:
        self._models = [model for model in compiled.models if model.name in MODELS]
        self._connection = compiled.connect()
        self._connection.execute(f"attach '{built}' as built (read_only)")
        for table in ("intermediate.int_calendar", "intermediate.int_month_ends"):
            self._connection.execute(f"create table {table} as from built.{table}")
        for table in (
            "intermediate.int_council",
            "figures.int_kpi",
            "figures.int_indicator_events",
            "trends.int_trend_series",
            "staging.stg_indicators",
            "staging.stg_dashboard_names",
            "trends.int_log_factorials",
        ):
            self._connection.execute(f"create table {table} as from built.{table} limit 0")
        self._connection.execute(
            "insert into trends.int_log_factorials from built.trends.int_log_factorials"
        )
        self._connection.execute(
            f"insert into intermediate.int_council values ('{COUNCIL}', '999')"
        )

    def directions(
        self,
        numerators: Numbers,
        denominators: Numbers | None = None,
        events: pd.DataFrame | None = None,
        independent: bool = False,
    ) -> Mapping[str, Numbers]:
        """Span to the way that each round's months say it goes: 1, 0 or -1 (0 also for too few).

        `events` are round, month, subject, numerator and denominator of the cases, where they are
        known. With `independent` the months are judged as if all cases knew nothing of each other.
        """
        rounds, months = numerators.shape
        unit = "count" if denominators is None else "percent"
        series = pd.DataFrame(
            {
                "indicator_id": np.repeat(np.arange(rounds), months).astype(str),
                "place": np.tile(np.arange(months), rounds),
                "numerator": numerators.ravel(),
                "denominator": None if denominators is None else denominators.ravel(),
            }
        )
        cases = events if events is not None else pd.DataFrame(columns=list(_CASES), dtype=float)
        connection = self._connection
        connection.register("told", series)
        connection.register("told_cases", cases)
        connection.execute(
            f"""
            delete from staging.stg_indicators;
            insert into staging.stg_indicators by name
            select distinct indicator_id, '{unit}' as unit, true as adds_up from told;

            delete from trends.int_trend_series;
            insert into trends.int_trend_series by name
            select
                indicator_id,
                '{COUNCIL}' as geography_code,
                calendar_date as period_end,
                month_index,
                financial_year,
                numerator,
                denominator,
                '{unit}' as unit,
                1 as decimals,
                'neutral' as polarity,
                '{"period_flow_count" if unit == "count" else "period_flow_ratio"}' as time_basis,
                false as is_position
            from told
            inner join intermediate.int_calendar
                on place + {FIRST} = month_index and calendar_date = month_end;

            delete from figures.int_indicator_events;
            insert into figures.int_indicator_events by name
            select
                "round"::integer::varchar as indicator_id,
                calendar_date as indicator_date,
                subject::varchar as subject_id,
                'total' as breakdown,
                numerator,
                denominator
            from told_cases
            inner join intermediate.int_calendar
                on "month" + {FIRST} = month_index and calendar_date = month_end;
            """
        )
        for model in self._models:
            connection.execute(f"create or replace table {model.relation} as {model.sql}")
            if model.name == "int_dispersion" and independent:
                connection.execute(
                    f"update {model.relation} set dispersion = 1, quantile = 1.959963984540054"
                )
        found = connection.execute(
            f"""
            select
                span,
                indicator_id::integer as "round",
                month_index - {FIRST} as "month",
                case verdict when 'higher' then 1 when 'lower' then -1 else 0 end as way
            from trends.int_directions
            inner join intermediate.int_calendar on period_end = calendar_date
            """
        ).fetchnumpy()
        ways = {
            span: np.zeros((rounds, months), int) for span in ("year_on_year", "latest_quarter")
        }
        for span, way in ways.items():
            mine = found["span"] == span
            way[found["round"][mine], found["month"][mine]] = found["way"][mine]
        return ways


_CASES = ("round", "month", "subject", "numerator", "denominator")


def counts(
    chance: np.random.Generator, rounds: int, months: int, mean: float, times_poisson: float
) -> Numbers:
    """Numbers of events whose variance is so many times their mean: negative binomial above 1."""
    size = (rounds, months)
    if times_poisson == 1:
        return chance.poisson(mean, size)
    more = times_poisson - 1
    return chance.poisson(chance.gamma(mean / more, more, size))


def visits(
    chance: np.random.Generator,
    rounds: int,
    children: int,
    siblings: int,
    stay: int,
    a_month: int,
    differ: float,
    met: float = 0.85,
) -> pd.DataFrame:
    """Visits in 24 months to about so many children at a time, each for `stay` months on average.

    Families have 1 to 2 * `siblings` - 1 children, who are visited together, `a_month` times, and
    share the outcome. How often visits to a family are in time is drawn for each: `differ` is the
    number of cases that the draw is worth, 0 for no difference.
    """
    before = 3 * stay if stay > 1 else 0
    families = chance.poisson(children / stay / siblings, (rounds, 24 + before))
    of_round, began = (
        np.repeat(np.indices(families.shape)[axis].ravel(), families.ravel()) for axis in (0, 1)
    )
    began = began - before
    ended = began + chance.geometric(1 / stay, len(began))
    often = chance.beta(differ * met, differ * (1 - met), len(began)) if differ else met
    first = np.clip(began, 0, 24)
    lasted = np.clip(ended, 0, 24) - first
    # a row for each month of a family, then for each of its children
    family = np.repeat(np.arange(len(began)), lasted)
    place = np.arange(len(family)) - np.repeat(np.cumsum(lasted) - lasted, lasted)
    made = chance.binomial(a_month, (often[family] if differ else often), len(family))
    size = chance.integers(1, 2 * siblings, len(began))
    row = np.repeat(np.arange(len(family)), size[family])
    child = np.arange(len(row)) - np.repeat(np.cumsum(size[family]) - size[family], size[family])
    return pd.DataFrame(
        {
            "round": of_round[family][row],
            "month": (first[family] + place)[row],
            "subject": family[row] * 100 + child,
            "numerator": made[row],
            "denominator": a_month,
        }
    )


def by_month(cases: pd.DataFrame, rounds: int) -> tuple[Numbers, Numbers]:
    """Numerators and denominators of the rounds' 24 months."""
    sides = []
    for side in ("numerator", "denominator"):
        grid = np.zeros((rounds, 24))
        np.add.at(grid, (cases["round"], cases["month"]), cases[side])
        sides.append(grid)
    return sides[0], sides[1]


def months_until_told(ways: Numbers, changed: int, way: int) -> float:
    """The median number of months after the change until the way was said; infinite if never."""
    told = ways[:, changed:] == way
    first = np.where(told.any(axis=1), told.argmax(axis=1) + 1.0, np.inf)
    return float(np.median(first))
