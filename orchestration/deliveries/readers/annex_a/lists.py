"""The lists of Annex A that figures rest on: their headers and what their cells say.

The headers are those of Ofsted's Annex A (inspections of children's services, ILACS), `also` those
of the public script that fills the lists from the Standard Safeguarding Dataset. Lists 1, 6, 10 and
11 hold nothing that a figure could be worked out from.
"""

from collections.abc import Mapping
from datetime import date

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.readers.workbooks.cells import Reads, code_of, day_from, flag, text
from orchestration.deliveries.readers.workbooks.tables import Column

_SEXES = {
    "male": "M",
    "female": "F",
    "not stated/recorded": "U",
    "not stated/recorded (or unborn)": "U",
    "neither": "U",
    "1": "M",
    "2": "F",
    "0": "U",
    "9": "U",
}
_CATEGORIES = {"physical abuse": "Physical abuse", "multiple/not recommended": "Multiple"}
_ELIGIBILITIES = {
    "relevant child": "Relevant",
    "former relevant child": "Former Relevant",
    "qualifying care leaver": "Qualifying",
    "eligible child": "Eligible",
}
_IN_TOUCH = {"refused": "REFU", "not required": "NREQ", "returned home": "RHOM"}
_SUITABLE = {"suitable": "1", "unsuitable": "2", "not suitable": "2"}


def lists(first_day: date) -> Mapping[int, Mapping[str, Column]]:
    """The columns of each list by its number. They are called as in the extract that they go into;
    `person_id`, `dob`, `sex` and `ethnicity` are the child's. A number in a column of days counts
    from `first_day`."""
    day = day_from(first_day)
    child = {
        "person_id": Column("Child Unique ID", text, "(child)?unique(child)?id|childid.*", True),
        "dob": Column("Date of Birth", day, "dob|.*dateofbirth.*", may_be_absent=True),
        "sex": Column("Gender", _codes("ssd_person.pers_sex", _SEXES), "sex", may_be_absent=True),
        "ethnicity": Column("Ethnicity", _codes("ssd_person.pers_ethnicity"), may_be_absent=True),
    }
    return {
        2: child
        | {
            "eh_assessment_start_date": Column("Assessment start date", day, needed=True),
            "eh_assessment_completed_date": Column("Assessment completion date", day),
        },
        3: child
        | {
            "cine_referral_date": Column("Date of Referral", day, "referraldate", needed=True),
            "cine_referral_source_code": Column(
                "Referral Source",
                _codes("ssd_cin_episodes.cine_referral_source_code"),
                may_be_absent=True,
            ),
            "cine_referral_nfa": Column("Referral NFA?", flag, may_be_absent=True),
        },
        4: child
        | {
            "cina_assessment_start_date": Column(
                "Continuous Assessment Start Date", day, "continuousassessmentstart", needed=True
            ),
            "cina_assessment_auth_date": Column(
                "Continuous Assessment Date of Authorisation", day, "continuousassessmentauthdate"
            ),
        },
        5: child
        | {
            "s47e_s47_start_date": Column(
                "Strategy discussion initiating Section 47 Enquiry Start Date",
                day,
                "stratdiscussiondate|strategydiscussion.*date",
                needed=True,
            ),
            "icpc_icpc_date": Column(
                "Date of Initial Child Protection Conference", day, "initialcpconfdate"
            ),
            "icpc_icpc_outcome_cp_flag": Column(
                "Did the Initial Child Protection Conference Result in a Child Protection Plan",
                flag,
                "cpconfresultincpplan",
                may_be_absent=True,
            ),
        },
        7: child
        | {
            "cppl_cp_plan_start_date": Column("Child Protection Plan Start Date", day, needed=True),
            "cppl_cp_plan_end_date": Column("Child Protection Plan End Date", day),
            "cppl_cp_plan_latest_category": Column(
                "Latest Category of Abuse",
                _codes("ssd_cp_plans.cppl_cp_plan_latest_category", _CATEGORIES),
                may_be_absent=True,
            ),
            "cppv_cp_visit_date": Column(
                "Date of the Last Statutory Visit", day, "dateof(the)?laststatutoryvisit"
            ),
            "cppv_cp_visit_seen_alone": Column(
                "Was the Child Seen Alone?", flag, "childseenalone", may_be_absent=True
            ),
            "earlier": Column(
                "Number of Previous Child Protection Plans",
                text,
                "numberofpreviouschildprotectionplans.*",
                may_be_absent=True,
            ),
        },
        8: child | _in_care(day),
        9: child | _leavers(day),
    }


def _in_care(day: Reads) -> Mapping[str, Column]:
    return {
        "clae_cla_episode_start_date": Column(
            "Date Started to be Looked After", day, "lo+kedafterstartdate", needed=True
        ),
        "clae_cla_episode_ceased_date": Column(
            "Date Ceased to be Looked After", day, "ceasedlookedafterdate"
        ),
        "clae_cla_episode_ceased_reason": Column(
            "Reason Ceased to be Looked After",
            _codes("ssd_cla_episodes.clae_cla_episode_ceased_reason"),
            "reasonceasedlookedafter",
            may_be_absent=True,
        ),
        "clae_cla_primary_need_code": Column(
            "Child's Category of Need",
            _codes("ssd_cla_episodes.clae_cla_primary_need_code"),
            "childcategoryofneed",
            may_be_absent=True,
        ),
        "earlier": Column(
            "Is this a second or subsequent period of being a Looked After Child within the last 12"
            " months (Y/N)",
            # what is neither yes nor no is no reason to take the list for whole
            lambda cell: flag(cell) or text(cell),
            "isthisasecondorsubsequent.*|subsequentlacepisodelast12months",
            may_be_absent=True,
        ),
        "lega_legal_status": Column(
            "Child's Legal Status", _codes("ssd_legal_status.lega_legal_status"), "legalstatus"
        ),
        "lega_legal_status_start_date": Column(
            "Start date of current legal status", day, "mostrecentlegalstatusstart"
        ),
        "clap_cla_placement_start_date": Column(
            "Start Date of Most Recent Placement", day, "mostrecentplacementstartdate"
        ),
        "clap_cla_placement_type": Column(
            "Placement Type", _codes("ssd_cla_placement.clap_cla_placement_type")
        ),
        "clap_cla_placement_provider": Column(
            "Placement Provider",
            _codes("ssd_cla_placement.clap_cla_placement_provider"),
            may_be_absent=True,
        ),
        "clap_cla_placement_postcode": Column("Placement postcode", text),
        "health": Column("Date of Last Health Assessment", day, "lasthealthassessmentdate"),
        "dental": Column("Date of Last Dental Check", day, "lastdentalcheckdate"),
    }


def _leavers(day: Reads) -> Mapping[str, Column]:
    """Until 2023 the list did not ask for the latest contact."""
    return {
        "clea_care_leaver_eligibility": Column(
            "Eligibility Category",
            _codes("ssd_care_leavers.clea_care_leaver_eligibility", _ELIGIBILITIES),
            needed=True,
        ),
        "clea_care_leaver_in_touch": Column(
            "LA in Touch", _codes("ssd_care_leavers.clea_care_leaver_in_touch", _IN_TOUCH)
        ),
        "clea_care_leaver_latest_contact": Column(
            "Latest Date of Contact", day, "latestcontact", may_be_absent=True
        ),
        "clea_care_leaver_accommodation": Column(
            "Type of Accommodation", _codes("ssd_care_leavers.clea_care_leaver_accommodation")
        ),
        "clea_care_leaver_accom_suitable": Column(
            "Suitability of Accommodation",
            _codes("ssd_care_leavers.clea_care_leaver_accom_suitable", _SUITABLE),
        ),
        "clea_care_leaver_activity": Column(
            "Activity Status", _codes("ssd_care_leavers.clea_care_leaver_activity")
        ),
    }


def _codes(column: str, words: Mapping[str, str] | None = None) -> Reads:
    extract, _, name = column.partition(".")
    [found] = [each for each in EXTRACTS[extract].columns if each.name == name]
    return code_of(found.allowed, words or {})
