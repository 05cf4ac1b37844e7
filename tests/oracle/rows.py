"""Delivered frames made into plain rows: empties, dates, flags and keys [G1, G9]."""

import json
import math
import re
from collections import namedtuple
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from .calendar import LONDON

Row = Any  # a named tuple whose fields are the columns of COLUMNS[extract]
CodeMaps = Mapping[str, Mapping[str, str]]

PLACEHOLDERS = frozenset({"", "-1", "SSD_PH", "1900-01-01"})
NO_DATE = date(1900, 1, 1)
YES = frozenset({"Y", "YES", "1", "TRUE", "T"})
NO = frozenset({"N", "NO", "0", "FALSE", "F"})


def read(extract: str, frame: pd.DataFrame, maps: CodeMaps) -> list[Row]:
    """Rows of one extract, one per primary key, every value cleaned by the kind of its column.

    A column the frame lacks is empty throughout. A row with an empty first key does not count.
    """
    columns = COLUMNS[extract]
    shape = namedtuple(extract, columns)  # type: ignore[misc]
    cleaned = [
        _column(frame, name, kind, maps.get(f"{extract}.{name}", {}))
        for name, kind in columns.items()
    ]
    keys = KEYS[extract]
    kept: dict[tuple[Any, ...], Row] = {}
    for values in zip(*cleaned, strict=True):
        row = shape(*values)
        key = tuple(getattr(row, name) for name in keys)
        if key[0] is not None:
            kept.setdefault(key, row)
    return list(kept.values())


def code_maps(frame: pd.DataFrame | None) -> CodeMaps:
    """Local codes by "extract.column": source value to standard value."""
    maps: dict[str, dict[str, str]] = {}
    if frame is not None:
        for row in read("ref_code_maps", frame, {}):
            if row.column and row.standard_value:
                maps.setdefault(row.column, {})[row.source_value] = row.standard_value
    return maps


def text(value: Any) -> str | None:
    """A trimmed string; placeholders are empty."""
    if _empty(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    trimmed = str(value).strip()
    return None if trimmed in PLACEHOLDERS else trimmed


def flag(value: Any) -> str | None:
    """Y, N or empty."""
    word = (text(value) or "").upper()
    if word in YES:
        return "Y"
    return "N" if word in NO else None


def offer(value: Any) -> str | None:
    """Y, N, NA (does not apply) or empty: here the letters NA are an answer, not a gap."""
    return "NA" if (text(value) or "").upper() == "NA" else flag(value)


def moment(value: Any) -> datetime | None:
    """A London date-time.

    A naive time is London's: with fold 0 the repeated hour is the first one, and the missing hour
    passes as one hour later.
    """
    if _empty(value):
        return None
    if isinstance(value, str):
        if value.strip() in PLACEHOLDERS:
            return None
        value = datetime.fromisoformat(value.strip())
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    value = value.replace(tzinfo=LONDON) if value.tzinfo is None else value.astimezone(LONDON)
    return None if value.date() == NO_DATE else value


def minute(value: Any) -> datetime | None:
    """A London date-time cut to the minute."""
    instant = moment(value)
    return None if instant is None else instant.replace(second=0, microsecond=0)


def day(value: Any) -> date | None:
    """The London calendar date."""
    if type(value) is date:
        return None if value == NO_DATE else value
    instant = moment(value)
    return None if instant is None else instant.date()


def number(value: Any) -> float | None:
    """A number; blanks are empty."""
    return None if _empty(value) or text(value) is None else float(value)


def _column(
    frame: pd.DataFrame, name: str, kind: Callable[[Any], Any], codes: Mapping[str, str]
) -> list[Any]:
    if name not in frame.columns:
        return [None] * len(frame)
    values = [kind(value) for value in frame[name].tolist()]
    return [codes.get(value, value) for value in values] if codes else values


def _empty(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and math.isnan(value)


def _columns(prefix: str = "", **kinds: str) -> dict[str, Callable[[Any], Any]]:
    by_name = {
        "text": text,
        "date": day,
        "moment": moment,
        "minute": minute,
        "flag": flag,
        "offer": offer,
        "number": number,
    }
    return {
        f"{prefix}{column}": by_name[kind]
        for kind, listed in kinds.items()
        for column in listed.split()
    }


# Only the columns some rule reads.
COLUMNS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "ssd_person": _columns("pers_", text="person_id", date="dob expected_dob death_date"),
    "ssd_contacts": _columns("cont_", text="contact_id contact_outcome_json", date="contact_date"),
    "ssd_early_help_episodes": _columns(
        "earl_", text="episode_id person_id", date="episode_start_date episode_end_date"
    ),
    "ssd_cin_episodes": _columns("cine_", text="referral_id person_id", date="referral_date"),
    "ssd_cin_assessments": _columns(
        "cina_", text="assessment_id person_id", date="assessment_start_date assessment_auth_date"
    ),
    "ssd_s47_enquiry": _columns("s47e_", text="s47_enquiry_id person_id", date="s47_start_date"),
    "ssd_initial_cp_conference": _columns(
        "icpc_", text="icpc_id s47_enquiry_id person_id", flag="icpc_transfer_in", date="icpc_date"
    ),
    "ssd_cp_plans": _columns(
        "cppl_",
        text="cp_plan_id person_id icpc_id",
        flag="cp_plan_ola",
        date="cp_plan_start_date cp_plan_end_date",
    ),
    "ssd_cp_visits": _columns(
        "cppv_", text="cp_visit_id person_id cp_plan_id", flag="cp_visit_seen", date="cp_visit_date"
    ),
    "ssd_cp_reviews": _columns(
        "cppr_", text="cp_review_id person_id cp_plan_id", date="cp_review_date"
    ),
    "ssd_cla_episodes": _columns(
        "clae_",
        text="cla_episode_id person_id cla_id cla_placement_id cla_episode_start_reason",
        date="cla_episode_start_date cla_episode_ceased_date entered_care_date",
    ),
    "ssd_legal_status": _columns(
        "lega_",
        text="legal_status_id person_id legal_status",
        date="legal_status_start_date legal_status_end_date",
    ),
    "ssd_immigration_status": _columns(
        "immi_",
        text="immigration_status_id person_id immigration_status",
        date="immigration_status_start_date immigration_status_end_date",
    ),
    "ssd_cla_placement": _columns(
        "clap_",
        text="cla_placement_id cla_id person_id cla_placement_type cla_placement_postcode",
        date="cla_placement_start_date cla_placement_end_date",
    ),
    "ssd_cla_reviews": _columns(
        "clar_",
        text="cla_review_id cla_id",
        flag="cla_review_cancelled",
        date="cla_review_due_date cla_review_date",
    ),
    "ssd_cla_visits": _columns(
        "clav_", text="cla_visit_id person_id", flag="cla_visit_seen", date="cla_visit_date"
    ),
    "ssd_cla_health": _columns(
        "clah_",
        text="health_check_id person_id health_check_type health_check_status",
        date="health_check_date",
    ),
    "ssd_missing": _columns(
        "miss_",
        text="table_id person_id missing_episode_type",
        offer="missing_rhi_offered",
        date="missing_episode_start_date missing_episode_end_date",
    ),
    "ssd_care_leavers": _columns(
        "clea_",
        text="table_id person_id care_leaver_eligibility care_leaver_in_touch"
        " care_leaver_accommodation care_leaver_accom_suitable care_leaver_activity",
        date="care_leaver_latest_contact",
    ),
    "ssd_involvements": _columns(
        "invo_",
        text="involvements_id person_id professional_id professional_role_id"
        " worker_change_reason referral_id",
        date="involvement_start_date involvement_end_date",
    ),
    "ssd_professionals": _columns("prof_", text="professional_id social_worker_registration_no"),
    "ssd_ehcp_requests": _columns(
        "ehcr_",
        text="ehcp_request_id send_table_id ehcp_req_outcome",
        date="ehcp_req_date ehcp_req_outcome_date",
    ),
    "ssd_ehcp_assessment": _columns(
        "ehca_",
        text="ehcp_assessment_id ehcp_request_id ehcp_assessment_outcome"
        " ehcp_assessment_exceptions",
        date="ehcp_assessment_outcome_date",
    ),
    "ssd_ehcp_named_plan": _columns(
        "ehcn_", text="named_plan_id", date="named_plan_start_date named_plan_ceased_date"
    ),
    "ext_early_help_referrals": _columns(text="eh_referral_id", date="eh_referral_date"),
    "ext_early_help_assessments": _columns(
        text="eh_assessment_id eh_referral_id",
        date="eh_assessment_start_date eh_assessment_completed_date",
    ),
    "ext_referral_decisions": _columns(text="referral_id", moment="received_at decision_at"),
    "ext_assessment_delays": _columns(text="assessment_id delay_reason"),
    "ext_sw_reports": _columns(
        text="report_id person_id meeting_type",
        flag="dual_plan_flag not_required_flag",
        date="meeting_date shared_date",
    ),
    "ext_supervision": _columns(
        text="supervision_id", date="due_date supervision_date recorded_date"
    ),
    "ext_missing_episodes": _columns(
        text="missing_id person_id time_precision setting incident_type responsible_la_code",
        flag="placed_out_of_borough",
        minute="missing_from_at returned_at",
    ),
    "ext_return_interviews": _columns(
        text="rhi_id missing_id", flag="interview_needed accepted", date="interview_completed_date"
    ),
    "ext_dolo": _columns(text="person_id", date="dolo_start_date dolo_end_date"),
    "ext_pre_proceedings": _columns(
        text="pre_proceedings_id person_id",
        flag="fgdm_offered",
        date="pre_proceedings_start_date letter_sent_date decision_date",
    ),
    "ext_exclusions": _columns(
        text="exclusion_id pupil_id exclusion_type school_phase",
        date="exclusion_start_date overturned_date",
    ),
    "ext_workforce_workers": _columns(
        text="worker_id org_role professional_id",
        number="fte",
        flag="agency_flag",
        date="role_start_date role_end_date asye_start_date asye_end_date",
    ),
    "ext_workforce_vacancies": _columns(text="team_id", number="vacancy_fte", date="snapshot_date"),
    "ext_asye_intakes": _columns(text="intake_year", number="applications"),
    "ext_practice_audits": _columns(
        text="audit_id grade", flag="moderated_flag", date="audit_completed_date"
    ),
    "ref_bank_holidays": _columns(date="holiday_date"),
    "ref_population": _columns(
        text="la_code", number="mid_year population_0_17", date="in_force_from"
    ),
    "ref_pupil_headcount": _columns(text="la_code academic_year phase", number="headcount"),
    "ref_postcode_la": _columns(text="postcode la_code"),
    "ref_code_maps": _columns(text="cms column source_value standard_value"),
}

# The first column of each extract is its key, but for these.
KEYS: Mapping[str, tuple[str, ...]] = {
    **{extract: (next(iter(columns)),) for extract, columns in COLUMNS.items()},
    "ssd_s47_enquiry": ("s47e_s47_enquiry_id", "s47e_person_id"),
    "ext_dolo": ("person_id", "dolo_start_date"),
    "ext_workforce_workers": ("worker_id", "role_start_date"),
    "ext_workforce_vacancies": ("snapshot_date", "team_id"),
    "ref_population": ("la_code", "mid_year"),
    "ref_pupil_headcount": ("la_code", "academic_year", "phase"),
    "ref_code_maps": ("column", "source_value", "cms"),
}


def new_referral(outcome: str | None) -> bool | None:
    """Whether the outcome says so; None where it cannot be read. Comments may break its JSON."""
    try:
        flags = json.loads(outcome or "")
        said = flags.get("NEW_REFERRAL_FLAG") or "N"
    except (json.JSONDecodeError, AttributeError):
        found = re.findall(r'"NEW_REFERRAL_FLAG"\s*:\s*"?(\w*)"?\s*[,}]', outcome or "")
        said = (found[0] or "N") if len(found) == 1 else None
    return {"Y": True, "N": False}.get(flag(said) or "")
