"""Tiny deliveries for the tests, and reading one figure out of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from . import INDICATORS
from .calendar import month_end
from .cohorts import World
from .periods import Timeframe, figures_of

Rows = list[dict[str, Any]]
Sides = tuple[float | None, float | None, float | None]  # numerator, denominator, value

OWN_AUTHORITY = "872"
GSS = "E06000041"
BANK_HOLIDAYS = """
2017-01-02 2017-04-14 2017-04-17 2017-05-01 2017-05-29 2017-08-28 2017-12-25 2017-12-26
2018-01-01 2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19
2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25
2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
"""
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}
HOLIDAYS = [date.fromisoformat(day) for day in BANK_HOLIDAYS.split()]

# One row of each extract, long over: a series begins with its extract's earliest date, so without
# it the months under test would not be published.
_DAY, _NEXT, _MONTH_END = "2017-06-01", "2017-06-02", "2017-06-30"
_TWO_YEARS_EARLIER = "2015-06-01"  # a plan is looked back from for so long
OLD: Mapping[str, dict[str, Any]] = {
    "ssd_person": {"pers_person_id": "old", "pers_dob": "2010-01-01"},
    "ssd_contacts": {
        "cont_contact_id": "old",
        "cont_contact_date": _DAY,
        "cont_contact_outcome_json": '{"NEW_REFERRAL_FLAG": "Y"}',
    },
    "ssd_early_help_episodes": {
        "earl_episode_id": "old",
        "earl_person_id": "old",
        "earl_episode_start_date": _DAY,
        "earl_episode_end_date": _NEXT,
    },
    "ssd_cin_episodes": {
        "cine_referral_id": "old",
        "cine_person_id": "old",
        "cine_referral_date": _DAY,
    },
    "ssd_cin_assessments": {
        "cina_assessment_id": "old",
        "cina_person_id": "old",
        "cina_assessment_start_date": _DAY,
        "cina_assessment_auth_date": _DAY,
    },
    "ssd_initial_cp_conference": {
        "icpc_icpc_id": "old",
        "icpc_person_id": "old",
        "icpc_icpc_transfer_in": "Y",
        "icpc_icpc_date": _DAY,
    },
    "ssd_cp_plans": {
        "cppl_cp_plan_id": "old",
        "cppl_person_id": "old",
        "cppl_cp_plan_start_date": _DAY,
        "cppl_cp_plan_end_date": _MONTH_END,
    },
    "ssd_cla_episodes": {
        "clae_cla_episode_id": "old",
        "clae_person_id": "old",
        "clae_cla_id": "old",
        "clae_cla_placement_id": "old",
        "clae_cla_episode_start_date": _DAY,
        "clae_cla_episode_start_reason": "S",
        "clae_cla_episode_ceased_date": _MONTH_END,
    },
    "ssd_legal_status": {
        "lega_legal_status_id": "old",
        "lega_legal_status": "C2",
        "lega_legal_status_start_date": _DAY,
        "lega_legal_status_end_date": _MONTH_END,
    },
    "ssd_cla_placement": {
        "clap_cla_placement_id": "old",
        "clap_cla_id": "old",
        "clap_person_id": "old",
        "clap_cla_placement_start_date": _DAY,
        "clap_cla_placement_end_date": _MONTH_END,
        "clap_cla_placement_type": "U1",
        "clap_cla_placement_postcode": "AB12CD",
    },
    "ssd_cla_reviews": {
        "clar_cla_review_id": "old",
        "clar_cla_review_due_date": _DAY,
        "clar_cla_review_date": _DAY,
        "clar_cla_review_cancelled": "Y",
    },
    "ssd_missing": {
        "miss_table_id": "old",
        "miss_missing_episode_start_date": _DAY,
        "miss_missing_episode_end_date": _DAY,
        "miss_missing_episode_type": "Away",
        "miss_missing_rhi_offered": "N",
    },
    "ssd_involvements": {
        "invo_involvements_id": "old",
        "invo_professional_id": "old",
        "invo_involvement_start_date": _DAY,
        "invo_involvement_end_date": _NEXT,
    },
    "ssd_ehcp_requests": {
        "ehcr_ehcp_request_id": "old",
        "ehcr_ehcp_req_date": _TWO_YEARS_EARLIER,
        "ehcr_ehcp_req_outcome": "H",
    },
    "ssd_ehcp_assessment": {
        "ehca_ehcp_assessment_id": "old",
        "ehca_ehcp_assessment_outcome": "N",
        "ehca_ehcp_assessment_outcome_date": _TWO_YEARS_EARLIER,
        "ehca_ehcp_assessment_exceptions": "0",
    },
    "ssd_ehcp_named_plan": {
        "ehcn_named_plan_id": "old",
        "ehcn_named_plan_start_date": _DAY,
        "ehcn_named_plan_ceased_date": _NEXT,
    },
    "ext_early_help_referrals": {"eh_referral_id": "old", "eh_referral_date": _DAY},
    "ext_early_help_assessments": {
        "eh_assessment_id": "old",
        "eh_referral_id": "old",
        "eh_assessment_start_date": _DAY,
        "eh_assessment_completed_date": _DAY,
    },
    "ext_referral_decisions": {"referral_id": "old", "received_at": _DAY, "decision_at": _DAY},
    "ssd_professionals": {
        "prof_professional_id": "old",
        "prof_social_worker_registration_no": "SW1",
    },
    "ext_sw_reports": {
        "report_id": "old",
        "meeting_date": _DAY,
        "shared_date": _DAY,
        "not_required_flag": "Y",
    },
    "ext_return_interviews": {
        "rhi_id": "old",
        "missing_id": "old",
        "interview_needed": "N",
        "interview_completed_date": _DAY,
    },
    "ext_supervision": {
        "supervision_id": "old",
        "due_date": _DAY,
        "supervision_date": _DAY,
        "recorded_date": _DAY,
    },
    "ext_missing_episodes": {
        "missing_id": "old",
        "missing_from_at": "2017-06-01 08:00",
        "returned_at": "2017-06-01 09:00",
        "time_precision": "minute",
        "incident_type": "away",
    },
    "ext_dolo": {"person_id": "old", "dolo_start_date": _DAY, "dolo_end_date": _NEXT},
    "ext_pre_proceedings": {
        "pre_proceedings_id": "old",
        "pre_proceedings_start_date": _DAY,
        "letter_sent_date": _DAY,
        "fgdm_offered": "N",
        "decision_date": _NEXT,
    },
    "ext_exclusions": {
        "exclusion_id": "old",
        "exclusion_type": "PERM",
        "exclusion_start_date": _DAY,
        "overturned_date": _DAY,
    },
    "ext_workforce_workers": {
        "worker_id": "old",
        "role_start_date": _DAY,
        "role_end_date": _NEXT,
        "org_role": "5 case holder",
        "agency_flag": "N",
        "asye_start_date": _DAY,
        "asye_end_date": _NEXT,
        "professional_id": "old",
    },
    "ext_practice_audits": {
        "audit_id": "old",
        "audit_completed_date": _DAY,
        "grade": "good",
        "moderated_flag": "N",
    },
}


def delivery(**extracts: Rows) -> dict[str, pd.DataFrame]:
    """Frames of these rows, each extract with its old row, and the bank holidays."""
    holidays = [{"holiday_date": day} for day in HOLIDAYS]
    listed = {"ref_bank_holidays": holidays, **extracts}
    return {
        name: pd.DataFrame([*([OLD[name]] if name in OLD else []), *rows])
        for name, rows in listed.items()
    }


def persons(*ids: str, **columns: Any) -> Rows:
    """Children born in 2012, or with the columns given."""
    return [{"pers_person_id": person, "pers_dob": "2012-05-01", **columns} for person in ids]


def figure(
    tables: Mapping[str, pd.DataFrame],
    indicator: str,
    month: str,
    kind: str = "month",
    as_at: date | None = None,
    timeframe: Timeframe = None,
    earlier: Mapping[date, pd.DataFrame] | None = None,
) -> Sides | None:
    """The figure of the period of this kind that ends with `month`; None when it has none."""
    end = month_end(date.fromisoformat(f"{month}-01"))
    world = World(tables, as_at or end, OWN_AUTHORITY, earlier)
    found = [
        row
        for row in figures_of(BY_NAME[indicator], world, timeframe)
        if (row["period_type"], row["period_end"]) == (kind, end) and row["breakdown"] == "total"
    ]
    assert len(found) <= 1
    return _sides(found[0]) if found else None


def parts(
    tables: Mapping[str, pd.DataFrame], indicator: str, month: str, breakdown: str
) -> dict[str, Sides]:
    """The month's figure by value of a breakdown."""
    end = month_end(date.fromisoformat(f"{month}-01"))
    world = World(tables, end, OWN_AUTHORITY)
    return {
        row["breakdown_value"]: _sides(row)
        for row in figures_of(BY_NAME[indicator], world, None)
        if (row["period_type"], row["period_end"], row["breakdown"]) == ("month", end, breakdown)
    }


def _sides(row: Mapping[str, Any]) -> Sides:
    return row["numerator"], row["denominator"], row["value"]
