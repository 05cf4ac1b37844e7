"""What must have been recorded for a figure to mean anything: without it there is none, not 0."""

from collections.abc import Callable, Mapping
from typing import Any

from .delivery import Delivery
from .rows import Row, new_referral

Filled = tuple[str, Callable[[Row], Any]]
"""An extract, and what of its rows must be there at least once."""


def _column(name: str) -> Filled:
    extract, column = name.split(".")
    return extract, lambda row: getattr(row, column)


def _progressed(row: Row) -> bool | None:
    return new_referral(row.cont_contact_outcome_json)


def _registered(row: Row) -> bool:
    return (row.prof_social_worker_registration_no or "N").upper() not in ("N", "NO", "FALSE")


_OUTCOME = (_column("ssd_ehcp_assessment.ehca_ehcp_assessment_outcome"),)
_LINKED = (_column("ext_early_help_assessments.eh_referral_id"),)
_SEEN = (_column("ssd_cp_visits.cppv_cp_visit_seen"),)
_SHARED = (_column("ext_sw_reports.shared_date"),)
_CHECKS = (
    _column("ssd_cla_health.clah_health_check_type"),
    _column("ssd_cla_health.clah_health_check_status"),
)
_WORKERS = (
    _column("ssd_involvements.invo_professional_id"),
    ("ssd_professionals", _registered),
)
_INTERVIEWS = (
    _column("ext_return_interviews.interview_needed"),
    _column("ext_return_interviews.interview_completed_date"),
)

FILLED: Mapping[str, tuple[Filled, ...]] = {
    "ehcp_new_plans_issued_count": _OUTCOME,
    "ehcp_issued_within_20wk_pct": _OUTCOME,
    "ehcp_issued_avg_weeks": _OUTCOME,
    "ehcp_issued_over_1yr_pct": _OUTCOME,
    "ehcp_open_over_20wk_count": _OUTCOME,
    "eh_assessment_avg_wd": _LINKED,
    "eh_assessments_within_30wd_pct": _LINKED,
    "eh_referral_to_assessment_pct": _LINKED,
    "contacts_to_referral_pct": (("ssd_contacts", _progressed),),
    "cp_visits_within_10wd_pct": _SEEN,
    "cp_visits_within_15wd_pct": _SEEN,
    "cp_children_last_visit_over_10wd_count": _SEEN,
    "cp_reports_shared_on_time_pct": _SHARED,
    "cic_reports_shared_on_time_pct": _SHARED,
    "cp_reviews_in_timescale_pct": (_column("ssd_cp_reviews.cppr_cp_review_date"),),
    "pre_proceedings_fgdm_offered_pct": (_column("ext_pre_proceedings.fgdm_offered"),),
    "cp_allocated_social_worker_pct": _WORKERS,
    "cic_allocated_social_worker_pct": _WORKERS,
    "cic_more_than_one_sw_12m_pct": _WORKERS,
    "cic_three_plus_sw_12m_pct": _WORKERS,
    "cic_three_plus_placements_12m_pct": (_column("ssd_cla_episodes.clae_cla_placement_id"),),
    "cic_statutory_visits_in_timescale_pct": (_column("ssd_cla_visits.clav_cla_visit_seen"),),
    "cic_reviews_in_timescale_pct": (_column("ssd_cla_reviews.clar_cla_review_date"),),
    "cic_health_assessment_in_timescale_pct": _CHECKS,
    "cic_dental_check_in_timescale_pct": _CHECKS,
    "missing_duration_median_hours": (_column("ext_missing_episodes.time_precision"),),
    "rhi_within_3wd_pct": _INTERVIEWS,
    "rhi_within_72h_pct": _INTERVIEWS,
    "rhi_offered_pct": (_column("ssd_missing.miss_missing_rhi_offered"),),
    "sw_turnover_12m_pct": (_column("ext_workforce_workers.role_end_date"),),
    "sw_agency_pct": (_column("ext_workforce_workers.agency_flag"),),
    "sw_asye_count": (_column("ext_workforce_workers.asye_start_date"),),
    "sw_caseload_avg": (*_WORKERS, _column("ext_workforce_workers.professional_id")),
    "supervision_in_timescale_pct": (_column("ext_supervision.supervision_date"),),
    "supervision_recording_lag_median_wd": (_column("ext_supervision.recorded_date"),),
    "practice_audits_good_pct": (
        _column("ext_practice_audits.grade"),
        _column("ext_practice_audits.moderated_flag"),
    ),
}
"""Care leavers are looked at delivery by delivery, in their own module."""


def is_filled(indicator: str, delivery: Delivery) -> bool:
    """Whether each of them was recorded at least once, or no row came at all."""
    for extract, recorded in FILLED.get(indicator, ()):
        rows = delivery.rows(extract)
        if rows and not any(recorded(row) for row in rows):
            return False
    return True
