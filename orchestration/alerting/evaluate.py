"""Each indicator with an agreed target, judged once for one edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import duckdb

State = Literal["ok", "watch", "below", "no_data"]

# The mart's RAG already knows polarity and tolerance: an alert can never contradict the page.
_STATE_OF_RAG: dict[str, State] = {"green": "ok", "amber": "watch", "red": "below"}

_AGREED = """
select
    indicator_id,
    indicator_name,
    dashboard_no,
    dashboard,
    unit,
    decimals,
    polarity,
    geography_code,
    as_at,
    headline_period_type as period_type,
    headline_period_start as period_start,
    headline_period_end as period_end,
    cast(headline_numerator as decimal(18, 6)) as numerator,
    -- the mart keeps a rate's population in ten-thousands
    cast(
        headline_denominator * case unit when 'rate_per_10k' then 10000 else 1 end as decimal(18, 6)
    ) as denominator,
    cast(headline_value as decimal(18, 6)) as value,
    cast(target as decimal(18, 6)) as target,
    target_kind,
    cast(tolerance as decimal(18, 6)) as tolerance,
    rag,
    headline_status as status,
    is_last_reported,
    coalesce(headline_status_reason, rag_reason) as reason
from marts.kpi_dashboard
where geography_code = ? and as_at = ? and target is not null
order by dashboard_no, indicator_id
"""


class EditionMissing(LookupError):
    """The mart has no edition for this council and as-at date."""


@dataclass(frozen=True)
class AlertState:
    """One indicator against its target: `value` unrounded, percentages in percent.

    `below` means worse than the target beyond its tolerance, whichever way the polarity runs;
    `watch` is inside the tolerance; `no_data` carries its `reason` in words.
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
    state: State
    reason: str | None

    @property
    def key(self) -> str:
        """What happened, the same on every re-run: a new key is a new event."""
        period = f"{self.period_type}/{self.period_end or self.as_at}"
        return f"{self.geography_code}/{self.indicator_id}/{period}/{self.state}"


def evaluate(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> list[AlertState]:
    """One state per indicator that has an agreed target in force, ordered by dashboard.

    Raises EditionMissing when the mart holds nothing for this council at this month end.
    """
    edition = [geography_code, as_at]
    agreed = connection.execute(_AGREED, edition)
    columns = [column[0] for column in agreed.description]
    rows = [dict(zip(columns, row, strict=True)) for row in agreed.fetchall()]
    if (
        not rows
        and not connection.execute(
            "select 1 from marts.kpi_dashboard where geography_code = ? and as_at = ? limit 1",
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


def _state(
    rag: str | None, status: str, is_last_reported: bool, reason: str | None, **facts: Any
) -> AlertState:
    if status == "ok" and not is_last_reported and rag is not None:
        return AlertState(**facts, state=_STATE_OF_RAG[rag], reason=None)
    if is_last_reported:
        reason = "the last reported figure is too old to judge"
    return AlertState(**facts, state="no_data", reason=reason or status.replace("_", " "))
