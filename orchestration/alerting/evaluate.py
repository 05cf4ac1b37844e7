"""Each indicator with an agreed target, judged once for one edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import duckdb

State = Literal["ok", "watch", "below", "no_data"]

_WRONG_SIDE = ("amber", "red")

_FIGURES = """
    select
        indicator_id, geography_code, period_type, period_start, period_end, numerator,
        denominator, value, status, target, target_kind, tolerance, rag, rag_reason,
        target_certainty, cases_to_target, previous_rag
    from marts.{table}
    where breakdown = 'total' and geography_code = $council
"""
_ALL_FIGURES = " union all ".join(
    _FIGURES.format(table=table) for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
)

# A provisional figure is not judged: the newest final one of the same kind of period is. The
# mart's verdicts already know polarity, tolerance and chance, so no alert contradicts the page.
_AGREED = f"""
with figures as (
    {_ALL_FIGURES}
),

final as (
    select * from figures
    where status = 'ok' and period_end <= $as_at
    qualify row_number() over (
        partition by indicator_id, period_type order by period_end desc
    ) = 1
),

directions as (
    select indicator_id, period_end, year_on_year, year_on_year_value, year_on_year_before
    from marts.kpi_trends
    where geography_code = $council
)

select
    dashboard.indicator_id,
    dashboard.indicator_name,
    dashboard.dashboard_no,
    dashboard.dashboard,
    dashboard.unit,
    dashboard.decimals,
    dashboard.polarity,
    dashboard.geography_code,
    dashboard.as_at,
    dashboard.headline_period_type as period_type,
    coalesce(final.period_start, dashboard.headline_period_start) as period_start,
    coalesce(final.period_end, dashboard.headline_period_end) as period_end,
    cast(final.numerator as decimal(18, 6)) as numerator,
    -- the mart keeps a rate's population in ten-thousands
    cast(
        final.denominator * case dashboard.unit when 'rate_per_10k' then 10000 else 1 end
        as decimal(18, 6)
    ) as denominator,
    cast(final.value as decimal(18, 6)) as value,
    cast(coalesce(final.target, dashboard.target) as decimal(18, 6)) as target,
    coalesce(final.target_kind, dashboard.target_kind) as target_kind,
    cast(coalesce(final.tolerance, dashboard.tolerance) as decimal(18, 6)) as tolerance,
    final.rag,
    final.target_certainty,
    final.cases_to_target,
    final.previous_rag,
    directions.year_on_year,
    cast(directions.year_on_year_value as decimal(18, 6)) as year_on_year_value,
    cast(directions.year_on_year_before as decimal(18, 6)) as year_on_year_before,
    dashboard.headline_status as status,
    dashboard.is_last_reported,
    coalesce(dashboard.headline_status_reason, dashboard.rag_reason) as reason
from marts.kpi_dashboard as dashboard
left join final
    on dashboard.indicator_id = final.indicator_id
    and dashboard.headline_period_type = final.period_type
    and dashboard.headline_status in ('ok', 'provisional')
    and not dashboard.is_last_reported
left join directions
    on final.indicator_id = directions.indicator_id
    and final.period_end = directions.period_end
where dashboard.geography_code = $council and dashboard.as_at = $as_at
    and dashboard.target is not null
order by dashboard.dashboard_no, dashboard.indicator_id
"""

_LATER = f"""
select count(*) from ({_ALL_FIGURES})
where period_end > $as_at and value is not null
"""


class EditionMissing(LookupError):
    """The mart has no edition for this council and as-at date."""


@dataclass(frozen=True)
class AlertState:
    """One indicator against its target: `value` unrounded, percentages in percent.

    `below` means on the wrong side of the target for certain (`is_certain`: its whole 95 %
    interval is), or the second period running (`is_second`); `watch` is a single miss that could
    be chance (`could_be_chance`), or of which no margin of error is known. Either can be inside
    the tolerance, and `rag` amber. `no_data` carries its `reason` in words; with `is_late` the
    data are missing that should be there.
    """

    indicator_id: str
    indicator_name: str
    dashboard_no: int
    dashboard: str
    unit: str
    decimals: int
    polarity: str
    geography_code: str
    as_at: date
    period_type: str | None
    period_start: date | None
    period_end: date | None
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    target: Decimal
    target_kind: str
    tolerance: Decimal | None
    rag: str | None
    cases_to_target: int | None
    year_on_year: str | None
    year_on_year_value: Decimal | None
    year_on_year_before: Decimal | None
    state: State
    is_certain: bool
    could_be_chance: bool
    is_second: bool
    is_late: bool
    reason: str | None


def evaluate(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> list[AlertState]:
    """One state per indicator that has an agreed target in force, ordered by dashboard.

    Raises EditionMissing when the mart holds nothing for this council at this month end.
    """
    edition = {"council": geography_code, "as_at": as_at}
    agreed = connection.execute(_AGREED, edition)
    columns = [column[0] for column in agreed.description]
    rows = [dict(zip(columns, row, strict=True)) for row in agreed.fetchall()]
    if (
        not rows
        and not connection.execute(
            "select 1 from marts.kpi_dashboard where geography_code = $council and as_at = $as_at"
            " limit 1",
            edition,
        ).fetchone()
    ):
        raise EditionMissing(
            f"ALERTS-NO-EDITION | marts.kpi_dashboard | - | geography_code, as_at"
            f" | no row for {geography_code} as at {as_at} | a row per indicator"
            f" | check COUNCIL and AS_AT, then rebuild the mart"
            f" | no alert is sent for this edition"
        )
    return [_state(**row) for row in rows]


def is_backfill(connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date) -> bool:
    """Whether the council has figures of later periods: then nobody is told about this edition."""
    [(later,)] = connection.execute(_LATER, {"council": geography_code, "as_at": as_at}).fetchall()
    return bool(later)


def _state(
    status: str,
    is_last_reported: bool,
    reason: str | None,
    target_certainty: str | None,
    previous_rag: str | None,
    **facts: Any,
) -> AlertState:
    is_certain, is_second = target_certainty == "certain", previous_rag in _WRONG_SIDE
    state: State = "no_data"
    if facts["rag"] is not None:
        is_wrong = facts["rag"] in _WRONG_SIDE
        state = "ok" if not is_wrong else "below" if is_certain or is_second else "watch"
        reason = None
    elif is_last_reported:
        reason = "the last reported figure is too old to judge"
    return AlertState(
        **facts,
        state=state,
        is_certain=state in ("below", "watch") and is_certain,
        could_be_chance=state in ("below", "watch") and target_certainty == "could_be_chance",
        is_second=state in ("below", "watch") and is_second,
        is_late=state == "no_data" and (is_last_reported or status == "no_data"),
        reason=None if state != "no_data" else reason or status.replace("_", " "),
    )
