"""The rows of each list as rows of extracts.

Annex A has no numbers of episodes. They are made of the child and the first day, so that the same
episode has the same number in the next workbook; `keys` hides both.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from orchestration.deliveries.readers.columns import keys

Extracts = Mapping[str, pd.DataFrame]


def _early_help(rows: pd.DataFrame) -> Extracts:
    return {
        "ext_early_help_assessments": rows.filter(regex="^(eh_|person_id)").assign(
            eh_assessment_id=keys(rows["person_id"], rows["eh_assessment_start_date"])
        )
    }


def _referrals(rows: pd.DataFrame) -> Extracts:
    referrals = _of_child(rows, "cine_").assign(
        cine_referral_id=keys(rows["person_id"], rows["cine_referral_date"])
    )
    return {"ssd_person": _persons(rows), "ssd_cin_episodes": referrals}


def _assessments(rows: pd.DataFrame) -> Extracts:
    key = keys(rows["person_id"], rows["cina_assessment_start_date"])
    return {
        "ssd_person": _persons(rows),
        "ssd_cin_assessments": _of_child(rows, "cina_").assign(cina_assessment_id=key),
    }


def _enquiries(rows: pd.DataFrame) -> Extracts:
    """A conference named beside several enquiries is one, and is told to come from none of them:
    the latest before it is taken then."""
    rows = rows.assign(enquiry=keys(rows["person_id"], rows["s47e_s47_start_date"]))
    enquiries = _of_child(rows, "s47e_").assign(s47e_s47_enquiry_id=rows["enquiry"])
    held = rows[rows["icpc_icpc_date"] != ""]
    several = held.duplicated(["person_id", "icpc_icpc_date"], keep=False)
    conferences = _of_child(held, "icpc_").assign(
        icpc_icpc_id=keys(held["person_id"], held["icpc_icpc_date"]),
        icpc_s47_enquiry_id=held["enquiry"].mask(several, ""),
    )
    return {
        "ssd_person": _persons(rows),
        "ssd_s47_enquiry": enquiries,
        "ssd_initial_cp_conference": conferences.drop_duplicates(
            ["icpc_person_id", "icpc_icpc_date"]
        ),
    }


def _plans(rows: pd.DataFrame) -> Extracts:
    """A statutory visit is one at which the child was seen."""
    rows = rows.assign(plan=keys(rows["person_id"], rows["cppl_cp_plan_start_date"]))
    visited = rows[rows["cppv_cp_visit_date"] != ""]
    visits = _of_child(visited, "cppv_").assign(
        cppv_cp_visit_id=keys(visited["person_id"], visited["cppv_cp_visit_date"]),
        cppv_cp_plan_id=visited["plan"],
        cppv_cp_visit_seen="Y",
    )
    return {
        "ssd_person": _persons(rows),
        "ssd_cp_plans": _of_child(rows, "cppl_").assign(cppl_cp_plan_id=rows["plan"]),
        "ssd_cp_visits": visits,
    }


def _care(rows: pd.DataFrame) -> Extracts:
    """A period of care is one episode, in its latest placement and legal status. Which health
    assessment the last one was is not said: any of the two kinds counts in the figures."""
    care = keys(rows["person_id"], rows["clae_cla_episode_start_date"])
    placed = rows["clap_cla_placement_start_date"] != ""
    placement = keys(rows["person_id"], rows["clap_cla_placement_start_date"]).where(placed, "")
    ended = rows["clae_cla_episode_ceased_date"]
    status = rows["lega_legal_status"] != ""
    begun = rows["lega_legal_status_start_date"].where(
        rows["lega_legal_status_start_date"] != "", rows["clae_cla_episode_start_date"]
    )
    statuses = _of_child(rows, "lega_").assign(
        lega_legal_status_id=keys(rows["person_id"], rows["clae_cla_episode_start_date"], begun),
        lega_legal_status_start_date=begun,
        lega_legal_status_end_date=ended,
    )
    return {
        "ssd_person": _persons(rows),
        "ssd_cla_episodes": _of_child(rows, "clae_").assign(
            clae_cla_episode_id=care,
            clae_cla_id=care,
            clae_cla_placement_id=placement,
            clae_entered_care_date=rows["clae_cla_episode_start_date"],
        ),
        "ssd_legal_status": statuses[status],
        "ssd_cla_placement": _of_child(rows, "clap_").assign(
            clap_cla_placement_id=placement, clap_cla_id=care, clap_cla_placement_end_date=ended
        )[placed],
        "ssd_cla_health": pd.concat(
            [_checks(rows, "health", "review_health"), _checks(rows, "dental", "dental")]
        ),
    }


def _leavers(rows: pd.DataFrame) -> Extracts:
    leavers = _of_child(rows, "clea_").assign(clea_table_id=keys(rows["person_id"]))
    return {"ssd_person": _persons(rows), "ssd_care_leavers": leavers}


EXTRACTS_OF: Mapping[int, Callable[[pd.DataFrame], Extracts]] = {
    2: _early_help,
    3: _referrals,
    4: _assessments,
    5: _enquiries,
    7: _plans,
    8: _care,
    9: _leavers,
}
"""What turns the rows of each list, with columns as `lists` names them, into those of extracts."""


def _persons(rows: pd.DataFrame) -> pd.DataFrame:
    names = {"person_id": "pers_person_id", "dob": "pers_dob"}
    names |= {"sex": "pers_sex", "ethnicity": "pers_ethnicity"}
    return rows.filter(items=list(names)).rename(columns=names).drop_duplicates()


def _of_child(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The columns of one extract, and the child under the extract's name for it."""
    own = rows.filter(regex=f"^({prefix}|person_id$)")
    return own.rename(columns={"person_id": f"{prefix}person_id"})


def _checks(rows: pd.DataFrame, column: str, kind: str) -> pd.DataFrame:
    done = rows[rows[column] != ""]
    return pd.DataFrame(
        {
            "clah_health_check_id": keys(done["person_id"], done[column]) + f"-{kind}",
            "clah_person_id": done["person_id"],
            "clah_health_check_type": kind,
            "clah_health_check_date": done[column],
            "clah_health_check_status": "Completed",
        }
    )
