"""The census's XML file, block by block.

A Child has its identifiers and a CINdetails for each referral, with the assessments, enquiries
(Section47) and protection plans that followed it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.census_header import header_of, last_day, year_of
from orchestration.deliveries.readers.cin_census.extracts import extracts
from orchestration.deliveries.readers.columns import ISO, days, no_days, text
from orchestration.deliveries.readers.reading import (
    Format,
    Look,
    Reading,
    Span,
    UnreadableError,
)
from orchestration.deliveries.readers.xml_records import records, root_of

YEARS = range(2020, 2028)
"""The years in whose March a census ends that is read."""
_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "ChildIdentifiers": (
        *("PersonBirthDate", "ExpectedPersonBirthDate", "Sex", "GenderCurrent"),
        "PersonDeathDate",
    ),
    "ChildCharacteristics": ("Ethnicity",),
    "CINdetails": (
        *("CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate"),
        *("ReasonForClosure", "DateOfInitialCPC", "ReferralNFA"),
    ),
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "Section47": ("S47ActualStartDate", "DateOfInitialCPC"),
    "ChildProtectionPlans": ("CPPstartDate", "CPPendDate", "LatestCategoryOfAbuse"),
    "Reviews": ("CPPreviewDate",),
    "PreProceedingsandFGDM": (
        *("PPStartDate", "LBPSentDate", "FGDMMeetingOffer", "StepDecisionDate"),
    ),
}
_FIRST_DAY = {
    "CINdetails": "CINreferralDate",
    "Assessments": "AssessmentActualStartDate",
    "Section47": "S47ActualStartDate",
    "ChildProtectionPlans": "CPPstartDate",
    "Reviews": "CPPreviewDate",
    "PreProceedingsandFGDM": "PPStartDate",
}
_BLOCKS = tuple(_ELEMENTS)
_IS_CIN = re.compile(r"<(\w+:)?(CINdetails\b|Collection>\s*CIN\s*<)")
Rows = dict[str, list[tuple[str | None, ...]]]


def part_of(look: Look) -> str:
    """A Message with Children that have CINdetails, as opposed to other censuses."""
    if root_of(look) == "Message" and _IS_CIN.search(look.text):
        return "xml"
    return ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """One census. Raises `UnreadableError`."""
    rows: Rows = {block: [] for block in _BLOCKS}
    header: dict[str, str] = {}
    for file in files["xml"]:
        children = 0
        for record in records(file, {"Header", "Child"}):
            if record.tag == "Header":
                header |= header_of(record)
            else:
                children += 1
                _add(rows, record, str(children))
    covered = _span(header)
    if not rows["CINdetails"]:
        raise UnreadableError(finding("RETURN-LAYOUT", what="there is no element CINdetails in it"))
    remarks: list[Finding] = []
    frames = {block: _frame(block, rows.pop(block), covered, remarks) for block in _BLOCKS}
    found = extracts(frames, covered, remarks)
    council = header.get("LEA", "") or header.get("LA", "")
    return Reading(found, dict.fromkeys(found, covered), council, tuple(remarks))


def _span(header: Mapping[str, str]) -> Span:
    """From 1 April to the day that the census refers to, or on which it was drawn before that."""
    year, day = year_of(header, YEARS)
    ends = date(year, 3, 31)
    if day not in (None, ends):
        what = "a reference date that is no 31 March"
        raise UnreadableError(finding("RETURN-YEAR", column="ReferenceDate", what=what))
    begun = date(year - 1, 4, 1)
    return Span(begun, last_day(header, begun, ends))


def _add(rows: Rows, child: Element, number: str) -> None:
    """The rows of one child, each with its number, the child and what it lies in."""
    identifiers = child.find("ChildIdentifiers")
    who = identifiers.findtext("LAchildID") if identifiers is not None else None
    for block in ("ChildIdentifiers", "ChildCharacteristics"):
        for element in child.findall(block):
            rows[block].append((number, who, *_cells(block, element)))
    # since 2026/27
    for element in child.iter("PreProceedingsandFGDM"):
        if len(element):
            cells = _cells("PreProceedingsandFGDM", element)
            rows["PreProceedingsandFGDM"].append((number, who, *cells))
    for details in child.findall("CINdetails"):
        referred = details.findtext("CINreferralDate")
        rows["CINdetails"].append((number, who, *_cells("CINdetails", details)))
        for block in ("Assessments", "Section47"):
            for element in details.findall(block):
                rows[block].append((number, who, *_cells(block, element), referred))
        for plan in details.findall("ChildProtectionPlans"):
            cells = _cells("ChildProtectionPlans", plan)
            rows["ChildProtectionPlans"].append((number, who, *cells, referred))
            # one element Reviews with every day in it, or one for each day
            for day in plan.iterfind("Reviews/CPPreviewDate"):
                rows["Reviews"].append((number, who, day.text, cells[0], referred))


def _cells(block: str, element: Element) -> tuple[str | None, ...]:
    return tuple(element.findtext(name) for name in _ELEMENTS[block])


def _frame(
    block: str, rows: list[tuple[str | None, ...]], covered: Span, remarks: list[Finding]
) -> pd.DataFrame:
    """The rows of a block that have a child and a first day within the census, days as days."""
    within = {"Assessments": ["referred"], "Section47": ["referred"]}
    within |= {"ChildProtectionPlans": ["referred"], "Reviews": ["planned", "referred"]}
    names = ["line", "LAchildID", *_ELEMENTS[block], *within.get(block, ())]
    frame = pd.DataFrame(rows, columns=names, dtype=object).fillna("")
    frame["LAchildID"] = text(frame["LAchildID"])
    dated = [name for name in names if "Date" in name or name in ("referred", "planned")]
    read = pd.DataFrame({name: days(frame[name], ISO) for name in dated}, index=frame.index)
    told = [name for name in dated if name not in ("referred", "planned")]
    remarks += no_days(frame, f"the element {block}", told, read)
    frame = frame.assign(**read)
    lacking = frame["LAchildID"] == ""
    for name in (_FIRST_DAY.get(block), "referred", "planned"):
        if name in names:
            lacking |= frame[name].isna() | (frame[name] > pd.Timestamp(covered.as_at))
    if lacking.any():
        line, count = int(frame.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = f"the element {block}: no child, or no first day that the census covers; left out"
        remarks.append(finding("RETURN-ROW", line=line, what=what, count=count))
    return frame[~lacking].reset_index(drop=True)


FORMAT = Format("cin_census", part_of, read)
