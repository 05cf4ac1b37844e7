"""The SEN2 return at person level, an XML file of the years 2023 to 2027.

A Person has Requests, each with the Assessment that followed. The return of a year holds the
calendar year before it: what was received, decided or not yet decided in that. A person has no
number of the council's: the unique pupil number, or else name and birth date tell who it is, and
neither leaves this module.

What was decided before that year is said to be historical (H). A request of which that is said
though its assessment was not over by then is one that the council agreed to. One whose assessment
is historical too, or that has none, is left out: nothing happened to it in the year, and the return
of its own year says what did. Plans themselves are not read, as the return has the day of a plan's
present version.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.census_header import header_of, last_day, year_of
from orchestration.deliveries.readers.columns import ISO, codes, days, iso, keys, no_days, text
from orchestration.deliveries.readers.reading import (
    Format,
    Look,
    Reading,
    Span,
    UnreadableError,
)
from orchestration.deliveries.readers.xml_records import records, root_of

YEARS = range(2023, 2028)
"""The years in whose January a return is made that is read."""
_REQUEST = ("ReceivedDate", "RequestOutcome", "RequestOutcomeDate")
_ASSESSMENT = ("AssessmentOutcome", "AssessmentOutcomeDate", "Week20")
_HISTORICAL = "H"
_EXCEPTIONS = {"1": "1", "TRUE": "1", "0": "0", "FALSE": "0"}
Cells = tuple[str | None, ...]


def part_of(look: Look) -> str:
    return "xml" if root_of(look) == "Message" and ">SEN2<" in look.text else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """One return. Raises `UnreadableError`."""
    requests: list[Cells] = []
    assessments: list[Cells] = []
    header: dict[str, str] = {}
    people = 0
    for file in files["xml"]:
        for record in records(file, {"Header", "Person"}):
            if record.tag == "Header":
                header |= header_of(record)
            else:
                people += 1
                _add(requests, assessments, record, people)
    year, _ = year_of(header, YEARS)
    begun = date(year - 1, 1, 1)
    covered = Span(begun, last_day(header, begun, date(year - 1, 12, 31)))
    if not requests:
        raise UnreadableError(finding("RETURN-LAYOUT", what="there is no element Requests in it"))
    remarks: list[Finding] = []
    found = _extracts(requests, assessments, covered, remarks)
    return Reading(found, dict.fromkeys(found, covered), header.get("LEA", ""), tuple(remarks))


def _add(requests: list[Cells], assessments: list[Cells], person: Element, number: int) -> None:
    """The person's requests and assessments, each with the request's number in the file."""
    pupil = person.findtext("UPN") or person.findtext("UniqueLearnerNumber")
    told = [person.findtext(name) or "" for name in ("Surname", "Forename", "PersonBirthDate")]
    who = pupil or ("\x1f".join(told) if any(told) else None)
    for request in person.findall("Requests"):
        place = str(len(requests))
        requests.append((str(number), who, *(request.findtext(name) for name in _REQUEST)))
        for assessment in request.findall("Assessment"):
            cells = (assessment.findtext(name) for name in _ASSESSMENT)
            assessments.append((str(number), place, *cells))


def _extracts(
    told: list[Cells], followed: list[Cells], covered: Span, remarks: list[Finding]
) -> dict[str, pd.DataFrame]:
    ends = pd.Timestamp(covered.as_at)
    requests = _frame("Requests", ("line", "who", *_REQUEST), told, remarks)
    assessments = _frame("Assessment", ("line", "request", *_ASSESSMENT), followed, remarks)
    outcome = codes(assessments["AssessmentOutcome"])
    assessments = assessments.assign(request=assessments["request"].astype(int), outcome=outcome)
    assessments = assessments[outcome != _HISTORICAL]
    # what was decided in January, before the return was made, lies beyond what it covers
    later = assessments["AssessmentOutcomeDate"] > ends
    assessments["outcome"] = assessments["outcome"].mask(later, "A")
    goes_on = requests.index.isin(assessments["request"])
    outcome = codes(requests["RequestOutcome"])
    requests = requests.assign(outcome=outcome.mask((outcome == _HISTORICAL) & goes_on, "Y"))
    requests = requests[requests["outcome"] != _HISTORICAL]
    undated = requests["ReceivedDate"].isna()
    timed = not undated[requests.index.isin(assessments["request"])].any()
    if not timed:
        what = "assessments: a request of theirs has no day of receipt, so they cannot be timed"
        expected = "ReceivedDate in every request whose assessment was open in the year"
        remarks.append(finding("RETURN-UNUSED", column="Requests", what=what, expected=expected))
    lacking = (text(requests["who"]) == "") | undated
    if lacking.any():
        line, count = int(requests.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = "the element Requests: without a person or a day of receipt; it is left out"
        remarks.append(finding("RETURN-ROW", line=line, what=what, count=count))
    requests = requests[~lacking & (requests["ReceivedDate"] <= ends)]
    later = requests["RequestOutcomeDate"] > ends
    requests = requests.assign(
        person=_people(requests["who"]),
        number=keys(requests["who"], iso(requests["ReceivedDate"])),
        outcome=requests["outcome"].mask(later, "A"),
    )
    found = {
        "ssd_send": pd.DataFrame({"send_table_id": requests["person"].drop_duplicates()}),
        "ssd_ehcp_requests": pd.DataFrame(
            {
                "ehcr_ehcp_request_id": requests["number"],
                "ehcr_send_table_id": requests["person"],
                "ehcr_ehcp_req_date": iso(requests["ReceivedDate"]),
                "ehcr_ehcp_req_outcome": requests["outcome"],
                "ehcr_ehcp_req_outcome_date": iso(
                    requests["RequestOutcomeDate"].where(requests["outcome"] != "A")
                ),
            }
        ),
    }
    if timed:
        found["ssd_ehcp_assessment"] = _assessments(assessments, requests["number"])
    return found


def _frame(
    block: str, names: Sequence[str], rows: list[Cells], remarks: list[Finding]
) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(names), dtype=object).fillna("")
    dated = [name for name in names if name.endswith("Date")]
    read = pd.DataFrame({name: days(frame[name], ISO) for name in dated}, index=frame.index)
    remarks += no_days(frame, f"the element {block}", dated, read)
    return frame.assign(**read)


def _people(who: "pd.Series[str]") -> "pd.Series[str]":
    """A number for each person, the same in all their rows."""
    people = who.drop_duplicates()
    return who.map(dict(zip(people, keys(people), strict=True)))


def _assessments(rows: pd.DataFrame, numbers: "pd.Series[str]") -> pd.DataFrame:
    rows = rows[rows["request"].isin(numbers.index)]
    of = numbers.reindex(rows["request"]).set_axis(rows.index)
    return pd.DataFrame(
        {
            "ehca_ehcp_assessment_id": keys(of),
            "ehca_ehcp_request_id": of,
            "ehca_ehcp_assessment_outcome": rows["outcome"],
            "ehca_ehcp_assessment_outcome_date": iso(
                rows["AssessmentOutcomeDate"].where(rows["outcome"] != "A")
            ),
            "ehca_ehcp_assessment_exceptions": codes(rows["Week20"]).replace(_EXCEPTIONS),
        }
    )


FORMAT = Format("sen2", part_of, read)
