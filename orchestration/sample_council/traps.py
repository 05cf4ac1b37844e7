"""Faults of real extracts, in amounts that a check-in lets pass: duplicates, orphans, placeholders.

The other traps (1900-01-01 for open assessments, spellings of yes and no, estimated birth dates,
repeated care leavers, deaths with plans left open) are set where the rows are written.
"""

from datetime import date, timedelta
from random import Random

from orchestration.sample_council.chance import whole
from orchestration.sample_council.rows import Rows, Tables
from orchestration.sample_council.scene import Scene

DUPLICATES = 0.0008
ORPHANS = 0.0015

_DUPLICATED = ("ssd_contacts", "ssd_cp_visits", "ssd_cla_visits", "ssd_involvements")
_ORPHANED = {
    "ssd_contacts": "cont_person_id",
    "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_referral_id",
    "ssd_initial_cp_conference": "icpc_s47_enquiry_id",
    "ssd_cp_plans": "cppl_icpc_id",
    "ssd_cp_visits": "cppv_cp_plan_id",
    "ssd_cla_visits": "clav_person_id",
    "ssd_ehcp_requests": "ehcr_send_table_id",
    "ssd_ehcp_assessment": "ehca_ehcp_request_id",
}
_UNKNOWN = "SAMPLE-UNKNOWN"
_PLACEHOLDER_ROWS = 0.0018
_BACKWARDS = 0.0005


def set_traps(tables: Tables, scene: Scene) -> None:
    """Damage a few rows. Small tables stay whole: one row would be too large a share of them."""
    rng = scene.random("traps")
    for extract, column in _ORPHANED.items():
        rows = tables[extract]
        for place in _places(rng, rows, ORPHANS):
            rows.put(place, **{column: f"{_UNKNOWN}-{place:06d}"})
    assessments = tables["ssd_cin_assessments"]
    for place in _places(rng, assessments, _BACKWARDS):
        _authorise_before_start(assessments, place)
    decisions = tables["ext_referral_decisions"]
    for place in _places(rng, decisions, _BACKWARDS):
        received = decisions.cell(place, "received_at")
        decisions.put(place, decision_at=received - timedelta(hours=1))
    for extract in _DUPLICATED:
        rows = tables[extract]
        for place in _places(rng, rows, DUPLICATES):
            rows.repeat(place)
    requests = tables["ssd_ehcp_requests"]
    for _ in range(int(len(requests) * _PLACEHOLDER_ROWS)):
        requests.add(
            ehcr_ehcp_request_id="SSD_PH",
            ehcr_send_table_id="SSD_PH",
            ehcr_ehcp_req_date=date(1900, 1, 1),
            ehcr_ehcp_req_outcome="SSD_PH",
        )


def _places(rng: Random, rows: Rows, share: float) -> list[int]:
    return [whole(rng, 0, len(rows) - 1) for _ in range(int(len(rows) * share))]


def _authorise_before_start(rows: Rows, place: int) -> None:
    """Only a finished assessment: an open one would leave the count of those that are late."""
    done = rows.cell(place, "cina_assessment_auth_date")
    if done is not None and done.year > 1900:
        before = rows.cell(place, "cina_assessment_start_date") - timedelta(days=3)
        rows.put(place, cina_assessment_auth_date=before)
