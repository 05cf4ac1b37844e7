"""The rows of each list of Annex A, under its headers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from orchestration.sample_council.calendar import add_months
from orchestration.sample_council.returns import annex_a_labels as labels

if TYPE_CHECKING:
    import pandas

    Frame = pandas.DataFrame
    Tables = Mapping[str, Frame]
    Column = pandas.Series

[_AGAIN] = [header for header in labels.HEADERS[8] if header.startswith("Is this a second")]
_RIGHTS = ("Former Relevant", "Relevant", "Qualifying", "Eligible", "No Current Eligibility")
_YES_NO = {"Y": "a) Yes", "N": "b) No"}


def _contacts(known: "Tables", since: date, _: date) -> "Frame":
    rows = _since(known["ssd_contacts"], since, "cont_contact_date")
    return _list(
        rows,
        "cont_person_id",
        {
            "Date of Contact": rows["cont_contact_date"],
            "Contact Source": _labelled(rows["cont_contact_source_code"], labels.SOURCE),
        },
    )


def _early_help(known: "Tables", since: date, _: date) -> "Frame":
    rows = _since(known["ext_early_help_assessments"], since, "eh_assessment_completed_date", True)
    return _list(
        rows,
        "person_id",
        {
            "Assessment start date": rows["eh_assessment_start_date"],
            "Assessment completion date": rows["eh_assessment_completed_date"],
        },
    )


def _referrals(known: "Tables", since: date, as_at: date) -> "Frame":
    everything = known["ssd_cin_episodes"]
    rows = _since(everything, since, "cine_referral_date")
    year = _since(everything, add_months(as_at, -12), "cine_referral_date")
    number = year.groupby("cine_person_id").size() - 1
    return _list(
        rows,
        "cine_person_id",
        {
            "Date of Referral": rows["cine_referral_date"],
            "Referral Source": _labelled(rows["cine_referral_source_code"], labels.SOURCE),
            "Referral NFA?": rows["cine_referral_nfa"].replace({"Y": "Yes", "N": "No"}),
            "Number of Referrals in Last 12 Months": rows["cine_person_id"].map(number),
        },
    )


def _assessments(known: "Tables", since: date, as_at: date) -> "Frame":
    rows = _since(known["ssd_cin_assessments"], since, "cina_assessment_auth_date", True)
    rows = _living(rows, "cina_person_id", "cina_assessment_auth_date", known)
    return _list(
        rows,
        "cina_person_id",
        {
            "Continuous Assessment Start Date": rows["cina_assessment_start_date"],
            "Continuous Assessment Date of Authorisation": rows["cina_assessment_auth_date"],
        },
    )


def _enquiries(known: "Tables", since: date, _: date) -> "Frame":
    """A conference stands beside the enquiry that it names, or the child's latest before it; those
    of plans that moved in come from no enquiry."""
    import pandas

    rows = known["ssd_s47_enquiry"].drop_duplicates(["s47e_s47_enquiry_id", "s47e_person_id"])
    held = known["ssd_initial_cp_conference"].dropna(subset="icpc_icpc_date")
    held = held[held["icpc_icpc_transfer_in"] != "Y"]
    beside = held.merge(rows, left_on="icpc_person_id", right_on="s47e_person_id")
    named = beside[beside["icpc_s47_enquiry_id"] == beside["s47e_s47_enquiry_id"]]
    others = beside[~beside["icpc_icpc_id"].isin(named["icpc_icpc_id"])]
    others = others[others["s47e_s47_start_date"] <= others["icpc_icpc_date"]]
    latest = others.sort_values("s47e_s47_start_date").drop_duplicates("icpc_icpc_id", keep="last")
    both = pandas.concat([named, latest])
    result = ["icpc_icpc_date", "icpc_icpc_outcome_cp_flag"]
    rows = rows.merge(both[[*rows.columns, *result]], "left", list(rows.columns))
    rows = _since(rows, since, "s47e_s47_end_date", True)
    return _list(
        rows,
        "s47e_person_id",
        {
            "Strategy discussion initiating Section 47 Enquiry Start Date": rows[
                "s47e_s47_start_date"
            ],
            "Was an Initial Child Protection Conference deemed unnecessary?": rows["icpc_icpc_date"]
            .isna()
            .map({True: "Yes", False: "No"}),
            "Date of Initial Child Protection Conference": rows["icpc_icpc_date"],
            "Did the Initial Child Protection Conference Result in a Child Protection Plan": (
                _labelled(rows["icpc_icpc_outcome_cp_flag"], {"Y": "Yes", "N": "No"})
            ),
        },
    )


def _in_need(known: "Tables", since: date, _: date) -> "Frame":
    rows = _since(known["ssd_cin_episodes"], since, "cine_close_date", True)
    rows = _living(rows, "cine_person_id", "cine_close_date", known)
    return _list(
        rows,
        "cine_person_id",
        {
            "CIN Start Date": rows["cine_referral_date"],
            "Primary Need Code": _labelled(rows["cine_cin_primary_need_code"], labels.NEED),
            "CIN Closure Date": rows["cine_close_date"],
        },
    )


def _plans(known: "Tables", since: date, _: date) -> "Frame":
    """The council's own plans, two numbers for the same days being one."""
    own = known["ssd_cp_plans"]
    own = own[own["cppl_cp_plan_ola"] != "Y"].drop_duplicates(
        ["cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"]
    )
    own = own.sort_values("cppl_cp_plan_start_date")
    own = own.assign(earlier=own.groupby("cppl_person_id").cumcount())
    rows = _since(own, since, "cppl_cp_plan_end_date", True)
    rows = _living(rows, "cppl_person_id", "cppl_cp_plan_end_date", known)
    visits = known["ssd_cp_visits"].merge(
        known["ssd_person"], "left", left_on="cppv_person_id", right_on="pers_person_id"
    )
    birth = visits["pers_dob"].fillna(visits["pers_expected_dob"])
    statutory = (visits["cppv_cp_visit_seen"] == "Y") | (birth > visits["cppv_cp_visit_date"])
    visit = ["cppv_person_id", "cppv_cp_visit_date", "cppv_cp_visit_seen_alone"]
    on_plan = ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
    rows = _with_last(rows, "cppl_person_id", visits.loc[statutory, visit], on_plan)
    return _list(
        rows,
        "cppl_person_id",
        {
            "Child Protection Plan Start Date": rows["cppl_cp_plan_start_date"],
            "Latest Category of Abuse": _labelled(
                rows["cppl_cp_plan_latest_category"], labels.CATEGORY
            ),
            "Date of the Last Statutory Visit": rows["cppv_cp_visit_date"],
            "Was the Child Seen Alone?": _labelled(rows["cppv_cp_visit_seen_alone"], _YES_NO),
            "Child Protection Plan End Date": rows["cppl_cp_plan_end_date"],
            "Number of Previous Child Protection Plans": rows["earlier"],
        },
    )


def _in_care(known: "Tables", since: date, as_at: date) -> "Frame":
    """Periods of care that are more than short breaks, with the latest of all else in them."""
    import pandas

    episodes = known["ssd_cla_episodes"].sort_values("clae_cla_episode_start_date")
    periods = episodes.groupby("clae_cla_id", as_index=False).agg(
        child=("clae_person_id", "first"),
        begun=("clae_cla_episode_start_date", "first"),
        entered=("clae_entered_care_date", "first"),
        ended=("clae_cla_episode_ceased_date", lambda days: days.max(skipna=False)),
        reason=("clae_cla_episode_ceased_reason", "last"),
        need=("clae_cla_primary_need_code", "last"),
    )
    periods = periods.assign(begun=periods["entered"].fillna(periods["begun"])).sort_values("begun")
    year = pandas.Timestamp(add_months(as_at, -12))
    periods = periods.assign(
        again=(periods.groupby("child").cumcount() > 0) & (periods["begun"] > year)
    )
    rows = _living(_since(periods, since, "ended", True), "child", "ended", known)
    child = dict(zip(periods["clae_cla_id"], periods["child"], strict=True))
    placements = known["ssd_cla_placement"].sort_values("clap_cla_placement_id")
    placements = placements.assign(child=placements["clap_cla_id"].map(child))
    checks = known["ssd_cla_health"]
    # a day that must be there is not emptied, and may lie ahead
    checks = checks[checks["clah_health_check_date"] <= pandas.Timestamp(as_at)]
    checks = checks[checks["clah_health_check_status"] == "Completed"]
    kinds = checks["clah_health_check_type"]
    check = ["clah_person_id", "clah_health_check_date"]
    status = ["lega_person_id", "lega_legal_status_start_date", "lega_legal_status"]
    placement = ["type", "provider", "postcode"]
    for events in (
        known["ssd_legal_status"][status],
        placements[
            ["child", *(f"clap_cla_placement_{each}" for each in ("start_date", *placement))]
        ],
        known["ssd_cla_visits"][["clav_person_id", "clav_cla_visit_date"]],
        checks.loc[kinds.isin(("initial_health", "review_health")), check].set_axis(
            ["", "health"], axis=1
        ),
        checks.loc[kinds == "dental", check].set_axis(["", "dental"], axis=1),
    ):
        rows = _with_last(rows, "child", events, ("", "ended"))
    rows = rows[~rows["lega_legal_status"].isin(("V3", "V4"))]
    moves = placements[~(placements["clap_cla_placement_end_date"] <= year)].groupby("child").size()
    return _list(
        rows,
        "child",
        {
            "Date Started to be Looked After": rows["begun"],
            "Child's Category of Need": _labelled(rows["need"], labels.NEED),
            _AGAIN: rows["again"].map({True: "a) Yes", False: "b) No"}),
            "Start date of current legal status": rows["lega_legal_status_start_date"],
            "Child's Legal Status": _labelled(rows["lega_legal_status"], labels.LEGAL_STATUS),
            "Date of Last Social Work Visit": rows["clav_cla_visit_date"],
            "Date of Last Health Assessment": rows["health"],
            "Date of Last Dental Check": rows["dental"],
            "Number of Placements in the Last 12 months": rows["child"].map(moves),
            "Date Ceased to be Looked After": rows["ended"],
            "Reason Ceased to be Looked After": _labelled(
                rows["reason"].where(rows["ended"].notna()), labels.CEASED
            ),
            "Start Date of Most Recent Placement": rows["clap_cla_placement_start_date"],
            "Placement Type": _labelled(rows["clap_cla_placement_type"], labels.PLACEMENT),
            "Placement Provider": _labelled(rows["clap_cla_placement_provider"], labels.PROVIDER),
            "Placement postcode": rows["clap_cla_placement_postcode"],
        },
    )


def _leavers(known: "Tables", _: date, as_at: date) -> "Frame":
    """Whoever is entitled, once: by the latest contact, and of one day's by the stronger right."""
    rows = known["ssd_care_leavers"].assign(ended=None)
    rows = _living(rows, "clea_person_id", "ended", known)
    right = rows["clea_care_leaver_eligibility"].map(_RIGHTS.index, na_action="ignore")
    order = ["clea_care_leaver_latest_contact", "right"]
    rows = rows.assign(right=right).sort_values(order, ascending=[False, True])
    rows = rows.drop_duplicates("clea_person_id")
    rows = rows[rows["clea_care_leaver_eligibility"].isin(labels.ELIGIBILITY)]
    said = {
        "Eligibility Category": ("eligibility", labels.ELIGIBILITY),
        "LA in Touch": ("in_touch", labels.IN_TOUCH),
        "Type of Accommodation": ("accommodation", labels.ACCOMMODATION),
        "Suitability of Accommodation": ("accom_suitable", labels.SUITABLE),
        "Activity Status": ("activity", labels.ACTIVITY),
    }
    return _list(
        rows,
        "clea_person_id",
        {
            header: _labelled(rows[f"clea_care_leaver_{column}"], words)
            for header, (column, words) in said.items()
        }
        | {"Latest Date of Contact": rows["clea_care_leaver_latest_contact"]},
    )


LISTS: Mapping[int, Callable[["Tables", date, date], "Frame"]] = {
    1: _contacts,
    2: _early_help,
    3: _referrals,
    4: _assessments,
    5: _enquiries,
    6: _in_need,
    7: _plans,
    8: _in_care,
    9: _leavers,
}
"""What makes each list: of the extracts as known on a day, from a first day on, and that day."""


def _list(rows: "Frame", child: str, columns: Mapping[str, "Column"]) -> "Frame":
    import pandas

    return pandas.DataFrame({"Child Unique ID": rows[child], **columns}).reset_index(drop=True)


def with_child(rows: "Frame", persons: "Frame", as_at: date) -> "Frame":
    """Who the child is, beside each row; in the order of the children's numbers."""
    import pandas

    birth = persons["pers_dob"].fillna(persons["pers_expected_dob"])
    who = pandas.DataFrame(
        {
            "Child Unique ID": persons["pers_person_id"],
            "Gender": _labelled(persons["pers_sex"], labels.SEX),
            "Ethnicity": _labelled(persons["pers_ethnicity"], labels.ETHNICITY).fillna(
                "u) UNKNOWN"
            ),
            "Date of Birth": birth,
            "Age": ((pandas.Timestamp(as_at) - birth).dt.days / 365.25 // 1).clip(lower=0),
        }
    )
    return rows.merge(who, "left", "Child Unique ID").sort_values("Child Unique ID")


def _since(rows: "Frame", since: date, day: str, or_open: bool = False) -> "Frame":
    import pandas

    kept = rows[day] >= pandas.Timestamp(since)
    return rows[kept | rows[day].isna() if or_open else kept]


def _living(rows: "Frame", child: str, ended: str, known: "Tables") -> "Frame":
    """Without what was left open when the child died."""
    import pandas

    persons = known["ssd_person"].drop_duplicates("pers_person_id")
    died = rows[child].map(persons.set_index("pers_person_id")["pers_death_date"])
    return rows[died.isna() | (pandas.to_datetime(rows[ended]) <= died)]


def _with_last(rows: "Frame", child: str, events: "Frame", within: tuple[str, str]) -> "Frame":
    """The rows with the columns of the child's last event in them. `events` begins with the child
    and the day; `within` are the columns of the first ("": none) and the last day that it may be
    of."""
    first, last = within
    who, day, *others = events.columns
    rows = rows.reset_index(drop=True)
    pairs = rows.reset_index().merge(events.dropna(subset=day), left_on=child, right_on=who)
    fits = ~(pairs[day] > pairs[last])
    if first:
        fits &= pairs[day] >= pairs[first]
    latest = pairs[fits].sort_values(day, kind="stable").drop_duplicates("index", keep="last")
    return rows.join(latest.set_index("index")[[day, *others]])


def _labelled(codes: "Column", words: Mapping[str, str]) -> "Column":
    """Codes as labels; one that has none in the guidance stands as it is."""
    return codes.map(lambda code: words.get(code, code), na_action="ignore")


def nobody() -> "Frame":
    import pandas

    return pandas.DataFrame({"Child Unique ID": []}, dtype=object)
