"""The school census of 2020 to 2027, an XML file for each school: its permanent exclusions.

Since autumn 2019 a census has the exclusions of two terms: in spring those from Easter Monday to
the end of the year before, in summer those from August to Easter Sunday, in autumn those from
January to July. A pupil who was excluded mostly stands among those no longer on roll.

A school that is not there is missing in every figure. What a review overturned is told with its
day, for as long as its term is collected. A pupil is known by the unique pupil number, or else by
name, birth date and school, and neither leaves this module.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.census_header import header_of, last_day, year_of
from orchestration.deliveries.readers.columns import ISO, codes, days, iso, keys, no_days
from orchestration.deliveries.readers.reading import (
    Format,
    Look,
    Reading,
    Span,
    UnreadableError,
)
from orchestration.deliveries.readers.xml_records import records, root_of

YEARS = range(2020, 2028)
"""The years of the censuses that are read."""
_PUPILS = frozenset({"PupilOnRoll", "PupilNoLongerOnRoll"})
_TERMS = {"AUT": "AUT", "AUTUMN": "AUT", "SPR": "SPR", "SPRING": "SPR", "SUM": "SUM"}
_TERMS |= {"SUMMER": "SUM"}
# Middle schools as they are deemed, all-through ones as secondary, as the department counts them.
_PHASES = {"PS": "primary", "MP": "primary", "SS": "secondary", "MS": "secondary"}
_PHASES |= {"AT": "secondary", "SP": "special", "PR": "pru"}
_IS_CENSUS = re.compile(r"<(\w+:)?(PupilsOnRoll\b|Collection>\s*SC\s*<)")
_NAMES = ("Surname", "Forename", "DOB")
_DATED = ("StartDate", "ReinstatementDate", "ReviewDate")
_EXCLUSION = ("Category", *_DATED, "ReviewResult")
# the results of a review by which the pupil was offered to come back
_OVERTURNED = ("E", "F", "G", "H", "J", "K")


@dataclass(frozen=True)
class _School:
    """Which census a file is of, and of which school."""

    year: int
    term: str
    council: str
    number: str
    header: Mapping[str, str]


def part_of(look: Look) -> str:
    return "xml" if root_of(look) == "Message" and _IS_CENSUS.search(look.text) else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The schools' files of one census. Raises `UnreadableError`."""
    told: list[tuple[str | None, ...]] = []
    schools: list[_School] = []
    pupils = 0
    for file in sorted(files["xml"]):
        header: dict[str, str] = {}
        phase = ""
        first = len(told)
        for record in records(file, {"Header", "School", *_PUPILS}):
            if record.tag == "Header":
                header |= header_of(record)
            elif record.tag == "School":
                phase = next((each.text or "" for each in record.iter("Phase")), "")
            else:
                pupils += 1
                told += _exclusions(record, pupils, header.get("Estab", ""))
        told[first:] = [(*each, phase) for each in told[first:]]
        schools.append(_school(header))
    covered = _span(schools)
    remarks: list[Finding] = []
    found = {"ext_exclusions": _rows(told, covered, remarks)}
    what = f"the files of {len(schools)} schools: what another school excluded is in no figure"
    remarks.append(finding("RETURN-SCHOOLS", what=what))
    return Reading(found, dict.fromkeys(found, covered), schools[0].council, tuple(remarks))


def _school(header: Mapping[str, str]) -> _School:
    year, _ = year_of(header, YEARS)
    term = _TERMS.get(header.get("Term", "").strip().upper(), "")
    if not term:
        what = "a term that is neither autumn, spring nor summer"
        raise UnreadableError(finding("RETURN-YEAR", column="Term", what=what))
    if not header.get("Estab"):
        what = "the school's number is not there"
        raise UnreadableError(finding("RETURN-LAYOUT", column="Estab", what=what))
    return _School(year, term, header.get("LEA", ""), header["Estab"], header)


def _span(schools: Sequence[_School]) -> Span:
    """The two terms of the one census that all files are of."""
    if len({(each.year, each.term) for each in schools}) > 1:
        what = "files of more than one census: the files of each in their own folder"
        raise UnreadableError(finding("RETURN-LAYOUT", column="Term", what=what))
    if len({each.council for each in schools}) > 1:
        raise UnreadableError(finding("RETURN-COUNCIL", what="schools of more than one council"))
    if max(Counter(each.number for each in schools).values()) > 1:
        what = "a school is there more than once"
        raise UnreadableError(finding("RETURN-LAYOUT", column="Estab", what=what))
    year, term = schools[0].year, schools[0].term
    if term == "SPR":
        begun, ends = _easter(year - 1) + timedelta(days=1), date(year - 1, 12, 31)
    elif term == "SUM":
        begun, ends = date(year - 1, 8, 1), _easter(year)
    else:
        begun, ends = date(year, 1, 1), date(year, 7, 31)
    return Span(begun, min(last_day(each.header, begun, ends) for each in schools))


def _easter(year: int) -> date:
    """Easter Sunday."""
    return (pd.Timestamp(year, 1, 1) + pd.offsets.Easter()).date()


def _exclusions(pupil: Element, number: int, school: str) -> list[tuple[str | None, ...]]:
    """The pupil's exclusions, each with the pupil's number in the files."""
    upn = next((each.text for each in pupil.iter("UPN") if each.text), None)
    names = [next((e.text or "" for e in pupil.iter(tag)), "") for tag in _NAMES]
    who = upn or ("\x1f".join((*names, school)) if any(names) else None)
    return [
        (str(number), who, *(each.findtext(name) for name in _EXCLUSION))
        for each in pupil.iter("TermlyExclusion")
    ]


def _rows(
    told: list[tuple[str | None, ...]], covered: Span, remarks: list[Finding]
) -> pd.DataFrame:
    columns = ["line", "who", *_EXCLUSION, "phase"]
    rows = pd.DataFrame(told, columns=columns, dtype=object).fillna("")
    category = codes(rows["Category"])
    rows = rows[(category == "PERM") | (category == "")]
    read = pd.DataFrame({name: days(rows[name], ISO) for name in _DATED}, index=rows.index)
    remarks += no_days(rows, "the element TermlyExclusion", _DATED, read)
    rows = rows.assign(**read)
    begun, ends = pd.Timestamp(covered.data_from), pd.Timestamp(covered.as_at)
    lacking = (rows["who"] == "") | (rows["Category"] == "")
    lacking |= ~rows["StartDate"].between(begun, ends)
    if lacking.any():
        line, count = int(rows.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = (
            "the element TermlyExclusion: no pupil, no category, or no first day in the two terms"
            " of the census; it is left out"
        )
        remarks.append(finding("RETURN-ROW", line=line, what=what, count=count))
    # a pupil may stand on both rolls
    rows = rows[~lacking].drop_duplicates(["who", "StartDate"]).reset_index(drop=True)
    reviewed = rows["ReviewDate"].where(codes(rows["ReviewResult"]).isin(_OVERTURNED))
    who = rows["who"].drop_duplicates()
    return pd.DataFrame(
        {
            "exclusion_id": keys(rows["who"], iso(rows["StartDate"])),
            "pupil_id": rows["who"].map(dict(zip(who, keys(who), strict=True))),
            "exclusion_type": "PERM",
            "exclusion_start_date": iso(rows["StartDate"]),
            "school_phase": codes(rows["phase"]).map(_PHASES).fillna(""),
            "overturned_date": iso(rows["ReinstatementDate"].fillna(reviewed)),
        }
    )


FORMAT = Format("school_census", part_of, read, is_set=True)
