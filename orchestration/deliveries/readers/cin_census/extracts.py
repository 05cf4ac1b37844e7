"""The extracts that the blocks of a children in need census give."""

from collections.abc import Mapping, MutableSequence
from datetime import timedelta

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.columns import codes, iso, keys
from orchestration.deliveries.readers.reading import Span

_FIRST_REVIEW = timedelta(days=92)
_SEXES = {"1": "M", "2": "F", "M": "M", "F": "F"}
_ANSWERS = {"1": "Y", "TRUE": "Y", "0": "N", "FALSE": "N"}
_CATEGORIES = {
    "NEG": "Neglect",
    "PHY": "Physical abuse",
    "SAB": "Sexual abuse",
    "EMO": "Emotional abuse",
    "MUL": "Multiple",
}
Blocks = Mapping[str, pd.DataFrame]


def extracts(
    blocks: Blocks, covered: Span, remarks: MutableSequence[Finding]
) -> dict[str, pd.DataFrame]:
    """Extract -> rows; what is not used of the census is added to the `remarks`.

    A block's rows have the child in `LAchildID`; those within a CINdetails the day of its referral
    in `referred`, reviews also the first day of their plan in `planned`.
    """
    found = {
        "ssd_person": _persons(blocks),
        "ssd_cin_episodes": _referrals(blocks["CINdetails"]),
        "ssd_cin_assessments": _assessments(blocks["Assessments"]),
        "ssd_s47_enquiry": _enquiries(blocks["Section47"]),
        "ssd_initial_cp_conference": _conferences(blocks),
        "ssd_cp_plans": _plans(blocks["ChildProtectionPlans"]),
    }
    if len(blocks["PreProceedingsandFGDM"]):
        found["ext_pre_proceedings"] = _pre_proceedings(blocks["PreProceedingsandFGDM"])
    if _has_earlier_reviews(blocks, covered):
        found["ssd_cp_reviews"] = _reviews(blocks["Reviews"])
    else:
        what = "reviews of plans: none from before the census's year, so no plan is known whole"
        expected = "every review of a plan, those before 1 April too"
        remarks.append(finding("RETURN-UNUSED", column="Reviews", what=what, expected=expected))
    return found


def _persons(blocks: Blocks) -> pd.DataFrame:
    rows = blocks["ChildIdentifiers"]
    ethnicity = blocks["ChildCharacteristics"].drop_duplicates("LAchildID").set_index("LAchildID")
    sex = codes(rows["Sex"]).where(rows["Sex"] != "", codes(rows["GenderCurrent"]))
    return pd.DataFrame(
        {
            "pers_person_id": rows["LAchildID"],
            "pers_dob": iso(rows["PersonBirthDate"]),
            "pers_expected_dob": iso(rows["ExpectedPersonBirthDate"]),
            "pers_death_date": iso(rows["PersonDeathDate"]),
            "pers_sex": sex.map(_SEXES).fillna("U"),
            "pers_ethnicity": codes(rows["LAchildID"].map(ethnicity["Ethnicity"])),
        }
    )


def _referral(rows: pd.DataFrame) -> "pd.Series[str]":
    """The key of the referral that a row lies within, the first of that day."""
    pairs = rows[["LAchildID", "referred"]].drop_duplicates()
    number = keys(pairs["LAchildID"], iso(pairs["referred"]))
    known = pairs.assign(number=number).set_index(["LAchildID", "referred"])["number"]
    return known.reindex(pd.MultiIndex.from_frame(rows[["LAchildID", "referred"]])).set_axis(
        rows.index
    )


def _referrals(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cine_referral_id": keys(rows["LAchildID"], iso(rows["CINreferralDate"])),
            "cine_person_id": rows["LAchildID"],
            "cine_referral_date": iso(rows["CINreferralDate"]),
            "cine_referral_source_code": codes(rows["ReferralSource"]),
            "cine_cin_primary_need_code": codes(rows["PrimaryNeedCode"]),
            "cine_referral_nfa": codes(rows["ReferralNFA"]).map(_ANSWERS).fillna(""),
            "cine_close_date": iso(rows["CINclosureDate"]),
            "cine_close_reason": codes(rows["ReasonForClosure"]),
        }
    )


def _assessments(rows: pd.DataFrame) -> pd.DataFrame:
    starts = iso(rows["AssessmentActualStartDate"])
    return pd.DataFrame(
        {
            "cina_assessment_id": keys(rows["LAchildID"], starts),
            "cina_person_id": rows["LAchildID"],
            "cina_referral_id": _referral(rows),
            "cina_assessment_start_date": starts,
            "cina_assessment_auth_date": iso(rows["AssessmentAuthorisationDate"]),
        }
    )


def _enquiry(rows: pd.DataFrame) -> "pd.Series[str]":
    return keys(rows["LAchildID"], iso(rows["S47ActualStartDate"]))


def _enquiries(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "s47e_s47_enquiry_id": _enquiry(rows),
            "s47e_person_id": rows["LAchildID"],
            "s47e_referral_id": _referral(rows),
            "s47e_s47_start_date": iso(rows["S47ActualStartDate"]),
        }
    )


def _conferences(blocks: Blocks) -> pd.DataFrame:
    """Those that followed an enquiry; one that only CINdetails has is of a child who moved in with
    a plan."""
    enquiries, details = blocks["Section47"], blocks["CINdetails"]
    held = enquiries.assign(enquiry=_enquiry(enquiries), moved_in="N")
    held = held[held["DateOfInitialCPC"].notna()]
    moved = details.assign(referred=details["CINreferralDate"], enquiry="", moved_in="Y")
    moved = moved[moved["DateOfInitialCPC"].notna()]
    rows = pd.concat([held, moved])[
        ["LAchildID", "referred", "DateOfInitialCPC", "enquiry", "moved_in"]
    ].reset_index(drop=True)
    # CINdetails may tell the day of its enquiry's conference once more
    again = rows.duplicated(["LAchildID", "referred", "DateOfInitialCPC"])
    rows = rows[~(again & (rows["moved_in"] == "Y"))]
    on = iso(rows["DateOfInitialCPC"])
    return pd.DataFrame(
        {
            "icpc_icpc_id": keys(rows["LAchildID"], on),
            "icpc_s47_enquiry_id": rows["enquiry"],
            "icpc_person_id": rows["LAchildID"],
            "icpc_referral_id": _referral(rows),
            "icpc_icpc_transfer_in": rows["moved_in"],
            "icpc_icpc_date": on,
        }
    )


def _plans(rows: pd.DataFrame) -> pd.DataFrame:
    starts = iso(rows["CPPstartDate"])
    return pd.DataFrame(
        {
            "cppl_cp_plan_id": keys(rows["LAchildID"], starts),
            "cppl_person_id": rows["LAchildID"],
            "cppl_referral_id": _referral(rows),
            "cppl_cp_plan_start_date": starts,
            "cppl_cp_plan_end_date": iso(rows["CPPendDate"]),
            "cppl_cp_plan_latest_category": codes(rows["LatestCategoryOfAbuse"])
            .map(_CATEGORIES)
            .fillna(""),
        }
    )


def _pre_proceedings(rows: pd.DataFrame) -> pd.DataFrame:
    starts = iso(rows["PPStartDate"])
    return pd.DataFrame(
        {
            "pre_proceedings_id": keys(rows["LAchildID"], starts),
            "person_id": rows["LAchildID"],
            "pre_proceedings_start_date": starts,
            "letter_sent_date": iso(rows["LBPSentDate"]),
            "fgdm_offered": codes(rows["FGDMMeetingOffer"]).map(_ANSWERS).fillna(""),
            "decision_date": iso(rows["StepDecisionDate"]),
        }
    )


def _has_earlier_reviews(blocks: Blocks, covered: Span) -> bool:
    """Whether reviews from before the year are told of plans that must have had one; a plan whose
    first reviews are left out would look late."""
    begun = pd.Timestamp(covered.data_from or covered.as_at)
    plans, reviews = blocks["ChildProtectionPlans"], blocks["Reviews"]
    due = (plans["CPPstartDate"] + _FIRST_REVIEW < begun).any()
    return not due or bool((reviews["CPPreviewDate"] < begun).any())


def _reviews(rows: pd.DataFrame) -> pd.DataFrame:
    pairs = rows[["LAchildID", "planned"]].drop_duplicates()
    number = keys(pairs["LAchildID"], iso(pairs["planned"]))
    plans = pairs.assign(number=number).set_index(["LAchildID", "planned"])["number"]
    of = pd.MultiIndex.from_frame(rows[["LAchildID", "planned"]])
    on = iso(rows["CPPreviewDate"])
    return pd.DataFrame(
        {
            "cppr_cp_review_id": keys(rows["LAchildID"], iso(rows["planned"]), on),
            "cppr_person_id": rows["LAchildID"],
            "cppr_cp_plan_id": plans.reindex(of).set_axis(rows.index),
            "cppr_cp_review_date": on,
        }
    )
