"""The children in need census of the sample council."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orchestration.sample_council.returns.standard_codes import (
    ISO,
    answers,
    as_text,
    open_in,
    standard,
    year_begun,
)
from orchestration.sample_council.returns.within_referrals import (
    begun_by,
    enquiries,
    own_plans,
    placed,
    referrals,
)
from orchestration.sample_council.scene import OLD_LA_CODE

if TYPE_CHECKING:
    import pandas

_CATEGORIES = {
    "Neglect": "NEG",
    "Physical abuse": "PHY",
    "Sexual abuse": "SAB",
    "Emotional abuse": "EMO",
    "Multiple": "MUL",
}
_ANSWERS = {"Y": "1", "N": "0"}
_IDENTIFIERS = ("PersonBirthDate", "ExpectedPersonBirthDate", "sex", "PersonDeathDate")
_DETAILS = (
    *("CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate"),
    *("ReasonForClosure", "DateOfInitialCPC"),
)
Tables = Mapping[str, "pandas.DataFrame"]
Cells = dict[str, str]
Nested = Mapping[str, list[Cells]]


def write_cin_census(tables: Tables, file: Path, as_at: date) -> Path:
    """The census of the year around `as_at`, with each CINdetails that was open on or after its
    1 April and all that followed its referral by `as_at`. Pre-proceedings, which the census has
    since 2026/27, are written of any year, so that reading them can be tried."""
    begun = year_begun(as_at)
    details = _referrals(tables, begun, as_at)
    enquired, moved_in = _enquiries(tables, details, as_at)
    within = {
        "assessments": _assessments(tables, details, as_at),
        "enquiries": enquired,
        "plans": _plans(tables, details, as_at),
        "reviews": _reviews(tables, as_at),
    }
    details = details.assign(DateOfInitialCPC=details["id"].map(moved_in).astype(object).fillna(""))
    persons = _persons(tables).to_dict("index")
    pre_proceedings = _pre_proceedings(tables, begun, as_at)
    sex = "Sex" if as_at.year >= 2025 else "GenderCurrent"
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.write('<?xml version="1.0" encoding="utf-8"?>\n<Message>')
        lines.write(_header(as_at))
        lines.write("<Children>\n")
        for child, of_child in details.groupby("child", sort=True):
            lines.write(f"<Child>{_identifiers(str(child), persons.get(child, {}), sex)}")
            for each in of_child.to_dict("records"):
                lines.write(_details(each, within))
            for cells in pre_proceedings.get(str(child), ()):
                lines.write(f"<PreProceedingsandFGDM>{_elements(cells)}</PreProceedingsandFGDM>")
            lines.write("</Child>\n")
        lines.write("</Children></Message>\n")
    return file


def _header(as_at: date) -> str:
    year = as_at if (as_at.month, as_at.day) == (3, 31) else date(year_begun(as_at).year + 1, 3, 31)
    told = {"Collection": "CIN", "Year": str(year.year), "ReferenceDate": year.isoformat()}
    drawn = f"{as_at:%Y-%m-%d}T23:00:00" if as_at < year else f"{year.year}-05-20T10:00:00"
    source = {"SourceLevel": "L", "LEA": OLD_LA_CODE, "SerialNo": "001", "DateTime": drawn}
    return (
        f"<Header><CollectionDetails>{_elements(told)}</CollectionDetails>"
        f"<Source>{_elements(source)}</Source></Header>"
    )


def _identifiers(child: str, person: Cells, sex: str) -> str:
    told = {"LAchildID": child, "UPNunknown": "UN1"}
    letter = person.get("sex", "")
    told |= {name: person.get(name, "") for name in _IDENTIFIERS if name != "sex"}
    told[sex] = letter if sex == "Sex" else {"M": "1", "F": "2"}.get(letter, "0")
    ethnicity = _elements({"Ethnicity": person.get("Ethnicity") or "NOBT"})
    return (
        f"<ChildIdentifiers>{_elements(told)}</ChildIdentifiers>"
        f"<ChildCharacteristics>{ethnicity}</ChildCharacteristics>"
    )


def _details(details: Cells, within: Mapping[str, Nested]) -> str:
    number = details["id"]
    parts = [_elements({name: details[name] for name in _DETAILS})]
    for cells in within["assessments"].get(number, ()):
        parts.append(f"<Assessments>{_elements(cells)}</Assessments>")
    for cells in within["enquiries"].get(number, ()):
        told = _elements({**cells, "ICPCnotRequired": "0" if cells["DateOfInitialCPC"] else "1"})
        parts.append(f"<Section47>{told}</Section47>")
    parts.append(_elements({"ReferralNFA": details["ReferralNFA"]}))
    for cells in within["plans"].get(number, ()):
        plan = cells.pop("id")
        held = "".join(_elements(review) for review in within["reviews"].get(plan, ()))
        reviews = f"<Reviews>{held}</Reviews>" if held else ""
        told = _elements({**cells, "NumberOfPreviousCPP": "0"})
        parts.append(f"<ChildProtectionPlans>{told}{reviews}</ChildProtectionPlans>")
    return f"<CINdetails>{''.join(parts)}</CINdetails>"


def _elements(cells: Mapping[str, str]) -> str:
    """Those that hold something: the census has no empty elements."""
    return "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in cells.items() if cell)


def _persons(tables: Tables) -> "pandas.DataFrame":
    rows = standard(tables, "ssd_person")
    found = rows.assign(
        PersonBirthDate=as_text(rows["pers_dob"], ISO),
        ExpectedPersonBirthDate=as_text(rows["pers_expected_dob"], ISO),
        PersonDeathDate=as_text(rows["pers_death_date"], ISO),
        sex=rows["pers_sex"].fillna(""),
        Ethnicity=rows["pers_ethnicity"].fillna(""),
    )
    return found.set_index("pers_person_id")[[*_IDENTIFIERS, "Ethnicity"]]


def _referrals(tables: Tables, begun: date, as_at: date) -> "pandas.DataFrame":
    rows = referrals(tables, begun, as_at)
    return rows[["id", "child", "on"]].assign(
        CINreferralDate=as_text(rows["cine_referral_date"], ISO),
        ReferralSource=rows["cine_referral_source_code"].fillna(""),
        PrimaryNeedCode=rows["cine_cin_primary_need_code"].fillna(""),
        CINclosureDate=as_text(rows["cine_close_date"], ISO),
        ReasonForClosure=rows["cine_close_reason"]
        .where(rows["cine_close_date"].notna())
        .fillna(""),
        ReferralNFA=answers(rows["cine_referral_nfa"]).map(_ANSWERS).fillna("0"),
    )


def _pre_proceedings(tables: Tables, begun: date, as_at: date) -> Nested:
    """Child -> the cells of each time in pre-proceedings that was open on or after 1 April."""
    import pandas

    rows = tables["ext_pre_proceedings"].drop_duplicates()
    rows = open_in(rows, "pre_proceedings_start_date", "decision_date", begun, as_at)
    sent = rows["letter_sent_date"]
    return _nested(
        rows["person_id"],
        {
            "PPStartDate": as_text(rows["pre_proceedings_start_date"], ISO),
            "LBPSentDate": as_text(sent.where(sent <= pandas.Timestamp(as_at)), ISO),
            "FGDMMeetingOffer": answers(rows["fgdm_offered"]).map(_ANSWERS).fillna(""),
            "StepDecisionDate": as_text(rows["decision_date"], ISO),
        },
    )


def _nested(numbers: "pandas.Series[str]", cells: Mapping[str, Iterable[str]]) -> Nested:
    """Number of what they lie within -> cells of each row."""
    import pandas

    rows = pandas.DataFrame({"within": numbers, **cells})
    rows = rows[rows["within"].notna()]
    return {
        str(number): of.drop(columns="within").to_dict("records")
        for number, of in rows.groupby("within")
    }


def _assessments(tables: Tables, referrals: "pandas.DataFrame", as_at: date) -> Nested:
    starts, ends = "cina_assessment_start_date", "cina_assessment_auth_date"
    rows = begun_by(tables, "ssd_cin_assessments", starts, ends, as_at)
    return _nested(
        placed(rows, referrals, "cina_referral_id", "cina_person_id", starts),
        {
            "AssessmentActualStartDate": as_text(rows[starts], ISO),
            "AssessmentAuthorisationDate": as_text(rows[ends], ISO),
        },
    )


def _enquiries(
    tables: Tables, referrals: "pandas.DataFrame", as_at: date
) -> tuple[Nested, Mapping[str, str]]:
    """Enquiries with the day of the conference that each led to, and by referral the day of one
    without an enquiry."""
    starts, held = "s47e_s47_start_date", "icpc_icpc_date"
    rows, alone = enquiries(tables, as_at)
    within = placed(alone, referrals, "icpc_referral_id", "icpc_person_id", held)
    found = _nested(
        placed(rows, referrals, "s47e_referral_id", "s47e_person_id", starts),
        {
            "S47ActualStartDate": as_text(rows[starts], ISO),
            "DateOfInitialCPC": as_text(rows[held], ISO),
        },
    )
    return found, dict(zip(within, as_text(alone[held], ISO), strict=True))


def _plans(tables: Tables, referrals: "pandas.DataFrame", as_at: date) -> Nested:
    """The council's own plans."""
    starts, ends = "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"
    rows = own_plans(tables, as_at)
    category = rows["cppl_cp_plan_latest_category"].map(_CATEGORIES).fillna("")
    return _nested(
        placed(rows, referrals, "cppl_referral_id", "cppl_person_id", starts),
        {
            "id": rows["cppl_cp_plan_id"],
            "CPPstartDate": as_text(rows[starts], ISO),
            "CPPendDate": as_text(rows[ends], ISO),
            "InitialCategoryOfAbuse": category,
            "LatestCategoryOfAbuse": category,
        },
    )


def _reviews(tables: Tables, as_at: date) -> Nested:
    held = "cppr_cp_review_date"
    rows = begun_by(tables, "ssd_cp_reviews", held, held, as_at)
    return _nested(rows["cppr_cp_plan_id"], {"CPPreviewDate": as_text(rows[held], ISO)})
