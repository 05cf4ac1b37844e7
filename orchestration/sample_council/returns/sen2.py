"""The SEN2 return of the sample council, at person level."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orchestration.sample_council.returns.standard_codes import ISO, as_text, standard
from orchestration.sample_council.scene import OLD_LA_CODE

if TYPE_CHECKING:
    import pandas

_DECIDED, _DONE = "ehcr_ehcp_req_outcome_date", "ehca_ehcp_assessment_outcome_date"
_REQUESTED = "ehcr_ehcp_req_date"
Tables = Mapping[str, "pandas.DataFrame"]


def write_sen2(tables: Tables, file: Path, year: int) -> Path:
    """The return made in January of `year`: the calendar year before it, as it then stood.

    A request stands in it that was received in that year, or was not yet decided or assessed when
    it began, or has led to a plan that was still in force.
    """
    rows = _requests(tables, date(year - 1, 1, 1), date(year - 1, 12, 31))
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.write('<?xml version="1.0" encoding="utf-8"?>\n<Message>')
        lines.write(
            f"<Header><CollectionDetails><Collection>SEN2</Collection><Year>{year}</Year>"
            f"<ReferenceDate>{year}-01-15</ReferenceDate></CollectionDetails><Source>"
            f"<SourceLevel>L</SourceLevel><LEA>{OLD_LA_CODE}</LEA>"
            f"<DateTime>{year}-02-20T10:00:00</DateTime></Source></Header><Persons>\n"
        )
        for row in rows.to_dict("records"):
            lines.write(f"<Person>{_person(str(row['ehcr_send_table_id']))}{_request(row)}")
            lines.write("</Person>\n")
        lines.write("</Persons></Message>\n")
    return file


def _requests(tables: Tables, begun: date, ends: date) -> "pandas.DataFrame":
    """Requests with their assessments, as they stood at the end of the year."""
    import pandas

    first, last = pandas.Timestamp(begun), pandas.Timestamp(ends)
    requests = standard(tables, "ssd_ehcp_requests").drop_duplicates("ehcr_ehcp_request_id")
    requests = requests[requests[_REQUESTED].between(pandas.Timestamp(1901, 1, 1), last)]
    rows = requests.merge(
        standard(tables, "ssd_ehcp_assessment"),
        left_on="ehcr_ehcp_request_id",
        right_on="ehca_ehcp_request_id",
        how="left",
    )
    plans = standard(tables, "ssd_ehcp_named_plan")
    plans = plans[~(plans["ehcn_named_plan_ceased_date"] < first)]
    in_force = rows["ehca_ehcp_assessment_id"].isin(plans["ehcn_ehcp_asmt_id"])
    decided, done = rows[_DECIDED], rows[_DONE]
    open_then = ~(decided < first) | (rows["ehca_ehcp_assessment_id"].notna() & ~(done < first))
    rows = rows[(rows[_REQUESTED] >= first) | open_then | in_force]
    outcome, result = rows["ehcr_ehcp_req_outcome"], rows["ehca_ehcp_assessment_outcome"]
    earlier = (rows[_DECIDED] < first) & (outcome == "Y")
    # a case of before stays one, and so does a plan that came with its child from elsewhere
    of_before = outcome == "H"
    over = (rows[_DONE] < first) | of_before
    return rows.assign(
        received=as_text(rows[_REQUESTED], ISO),
        outcome=outcome.mask((rows[_DECIDED] > last) & ~of_before, "A").mask(earlier, "H"),
        decided=as_text(rows[_DECIDED].where((rows[_DECIDED] <= last) & ~earlier), ISO),
        result=result.mask(rows[_DONE] > last, "A").mask(over, "H").where(rows[_DECIDED] <= last),
        done=as_text(rows[_DONE].where((rows[_DONE] <= last) & ~over), ISO),
    )


def _person(number: str) -> str:
    """A made-up name that nobody has, and a made-up pupil number for most."""
    digits = number.rpartition("-")[2]
    pupil = f"Z{digits:0>12}" if digits.isdecimal() and int(digits) % 7 else ""
    told = {"Surname": f"Sample {digits}", "Forename": "Synthetic", "UPN": pupil}
    told |= {"PersonBirthDate": "2012-05-04", "Sex": "U", "Ethnicity": "NOBT"}
    return _elements(told)


def _request(row: Mapping[str, object]) -> str:
    told = {
        "ReceivedDate": row["received"],
        "RYA": "0",
        "RequestOutcomeDate": row["decided"],
        "RequestOutcome": row["outcome"],
    }
    followed = ""
    if isinstance(row["result"], str):
        exceptions = row["ehca_ehcp_assessment_exceptions"]
        cells = {
            "AssessmentOutcome": row["result"],
            "AssessmentOutcomeDate": row["done"],
            "Week20": exceptions if isinstance(exceptions, str) else "",
        }
        followed = f"<Assessment>{_elements(cells)}</Assessment>"
    return f"<Requests>{_elements(told)}{followed}</Requests>"


def _elements(cells: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{escape(str(cell))}</{name}>" for name, cell in cells.items() if cell)
