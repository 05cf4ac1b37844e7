"""An edition like Darlington's of September 2019, and single states to vary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from orchestration.alerting.digest import EditionFacts, news
from orchestration.alerting.evaluate import AlertState
from orchestration.alerting.outbox import record

NOW = datetime(2019, 10, 3, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AS_AT = date(2019, 9, 30)
CLERK, DIRECTOR = "clerk@council.example", "director@council.example"

DARLINGTON_EDITION = EditionFacts(
    "E06000005", "Darlington", False, AS_AT, "exports/officers/E06000005/2019-09/dashboard.html"
)

DASHBOARD = {
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
    "headline_status": "varchar",
    "headline_status_reason": "varchar",
    "is_last_reported": "boolean",
    "target": "decimal(18, 6)",
    "target_kind": "varchar",
    "tolerance": "decimal(18, 6)",
    "rag_reason": "varchar",
}

FIGURE = {
    "indicator_id": "varchar",
    "geography_code": "varchar",
    "period_type": "varchar",
    "period_start": "date",
    "period_end": "date",
    "breakdown": "varchar",
    "numerator": "decimal(18, 6)",
    "denominator": "decimal(18, 6)",
    "value": "decimal(18, 6)",
    "status": "varchar",
    "target": "decimal(18, 6)",
    "target_kind": "varchar",
    "tolerance": "decimal(18, 6)",
    "rag": "varchar",
    "rag_reason": "varchar",
    "target_certainty": "varchar",
    "cases_to_target": "bigint",
    "previous_rag": "varchar",
}

TRENDS = {
    "indicator_id": "varchar",
    "geography_code": "varchar",
    "period_end": "date",
    "year_on_year": "varchar",
    "year_on_year_value": "decimal(18, 6)",
    "year_on_year_before": "decimal(18, 6)",
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
    "period_type": "quarter",
    "period_start": date(2019, 7, 1),
    "period_end": AS_AT,
    "breakdown": "total",
    "value": Decimal("92.7"),
    "status": "ok",
    "is_last_reported": False,
    "target": Decimal(90),
    "target_kind": "statutory",
    "tolerance": Decimal(5),
    "rag": "green",
    "target_certainty": None,
}

DARLINGTON = [
    {},
    {
        "indicator_id": "cp_visits_within_10wd_pct",
        "indicator_name": "Child protection visits due that took place within 10 working days",
        "dashboard_no": 4,
        "dashboard": "Child Protection",
        "value": Decimal("73.8"),
        "target_kind": "internal",
        "rag": "red",
        "previous_rag": "red",
    },
    {
        "indicator_id": "cic_statutory_visits_in_timescale_pct",
        "indicator_name": "Statutory visits to children in care made in timescale",
        "dashboard_no": 5,
        "dashboard": "Children in Care",
        "value": Decimal("86.3"),
        "rag": "amber",
        "previous_rag": "amber",
    },
    {
        "indicator_id": "cl_suitable_accommodation_pct",
        "indicator_name": "Care leavers in suitable accommodation",
        "dashboard_no": 6,
        "dashboard": "Care Leavers",
        "value": Decimal("88.1"),
        "target_kind": "internal",
        "rag": "amber",
        "target_certainty": "could_be_chance",
        "previous_rag": "green",
    },
    {
        "indicator_id": "cl_neet_pct",
        "indicator_name": "Care leavers not in education, employment or training",
        "dashboard_no": 6,
        "dashboard": "Care Leavers",
        "polarity": "lower",
        "value": Decimal("23.1"),
        "target": None,
        "target_kind": None,
        "tolerance": None,
        "rag": None,
        "rag_reason": "no target agreed",
    },
]
"""The second quarter of 2019/20 of the public papers; the fourth row's target is made up."""


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
        "rag": "red",
        "cases_to_target": None,
        "year_on_year": None,
        "year_on_year_value": None,
        "year_on_year_before": None,
        "state": "below",
        "is_certain": False,
        "could_be_chance": True,
        "is_second": True,
        "is_late": False,
        "reason": None,
    }
    return AlertState(**(values | changes))  # type: ignore[arg-type]


def say(outbox, *states, to=(CLERK,), now=NOW, acknowledged=None):
    """Record states with the digest that the asset would send."""
    return record(
        outbox,
        states,
        acknowledged or {},
        lambda state: to,
        lambda events: news(events, states, DARLINGTON_EDITION),
        now,
    )
