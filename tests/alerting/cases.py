"""An edition like Darlington's of September 2019, and single states to vary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from orchestration.alerting.digest import EditionFacts
from orchestration.alerting.evaluate import AlertState

NOW = datetime(2019, 10, 3, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AS_AT = date(2019, 9, 30)
CLERK, DIRECTOR = "clerk@council.example", "director@council.example"

DARLINGTON_EDITION = EditionFacts(
    "E06000005", "Darlington", False, AS_AT, "exports/officers/E06000005/2019-09/dashboard.html"
)

COLUMNS = {
    "as_at": "date",
    "geography_code": "varchar",
    "indicator_id": "varchar",
    "indicator_name": "varchar",
    "dashboard_no": "integer",
    "dashboard": "varchar",
    "unit": "varchar",
    "decimals": "integer",
    "polarity": "varchar",
    "headline_period_type": "varchar",
    "headline_period_start": "date",
    "headline_period_end": "date",
    "headline_numerator": "decimal(18, 6)",
    "headline_denominator": "decimal(18, 6)",
    "headline_value": "decimal(18, 6)",
    "headline_status": "varchar",
    "headline_status_reason": "varchar",
    "is_last_reported": "boolean",
    "target": "decimal(18, 6)",
    "target_kind": "varchar",
    "tolerance": "decimal(18, 6)",
    "rag": "varchar",
    "rag_reason": "varchar",
}

A_ROW = {
    "as_at": AS_AT,
    "geography_code": "E06000005",
    "indicator_id": "assessments_within_45wd_pct",
    "indicator_name": "Assessments completed within 45 working days",
    "dashboard_no": 3,
    "dashboard": "Children's Social Care Front Door",
    "unit": "percent",
    "decimals": 1,
    "polarity": "higher",
    "headline_period_type": "quarter",
    "headline_period_start": date(2019, 7, 1),
    "headline_period_end": AS_AT,
    "headline_value": Decimal("92.7"),
    "headline_status": "ok",
    "is_last_reported": False,
    "target": Decimal(90),
    "target_kind": "statutory",
    "tolerance": Decimal(5),
    "rag": "green",
}

DARLINGTON = [
    {},
    {
        "indicator_id": "cp_visits_within_10wd_pct",
        "indicator_name": "Child protection visits due that took place within 10 working days",
        "dashboard_no": 4,
        "dashboard": "Child Protection",
        "headline_value": Decimal("73.8"),
        "target_kind": "internal",
        "rag": "red",
    },
    {
        "indicator_id": "cic_statutory_visits_in_timescale_pct",
        "indicator_name": "Statutory visits to children in care made in timescale",
        "dashboard_no": 5,
        "dashboard": "Children in Care",
        "headline_value": Decimal("86.3"),
        "rag": "amber",
    },
    {
        "indicator_id": "cl_neet_pct",
        "indicator_name": "Care leavers not in education, employment or training",
        "dashboard_no": 6,
        "dashboard": "Care Leavers",
        "polarity": "lower",
        "headline_value": Decimal("23.1"),
        "target": None,
        "target_kind": None,
        "tolerance": None,
        "rag": None,
        "rag_reason": "no target agreed",
    },
]


def a_state(**changes: object) -> AlertState:
    """Child protection visits at 73.8% against 90%, unless told otherwise."""
    values: dict[str, object] = {
        "indicator_id": "cp_visits_within_10wd_pct",
        "indicator_name": "Child protection visits within 10 working days",
        "dashboard_no": 4,
        "dashboard": "Child Protection",
        "unit": "percent",
        "decimals": 1,
        "polarity": "higher",
        "geography_code": "E06000005",
        "as_at": AS_AT,
        "period_type": "quarter",
        "period_start": date(2019, 7, 1),
        "period_end": AS_AT,
        "numerator": None,
        "denominator": None,
        "value": Decimal("73.8"),
        "target": Decimal(90),
        "target_kind": "internal",
        "tolerance": Decimal(5),
        "state": "below",
        "reason": None,
    }
    return AlertState(**(values | changes))  # type: ignore[arg-type]
