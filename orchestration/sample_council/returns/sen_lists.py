"""The lists of an inspection of services for children with special educational needs (Annex A,
SEND)."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sample_council.calendar import add_months, full_years
from orchestration.sample_council.returns.known import known

if TYPE_CHECKING:
    import pandas

_EDUCATION = (
    "SEN primary need",
    "Main education establishment – URN",
    "Main education establishment – phase",
    "Subsidiary education establishment – phase (dual registration)",
)
_CHILD = ("Unique ID", "UPN", "ULN", "Date of birth", "Gender", "Ethnicity")
_REST = (
    "Suspensions",
    "Permanent exclusions",
    "Absence",
    "Pupil Premium",
    "Known to children's social care?",
    "Which children's social care team?",
    "Does the child or young person have a disability?",
)
HEADERS = {
    1: (
        *_CHILD,
        "Date initial EHC plan issued",
        "Date updated EHC plan issued",
        "Date EHC plan last reviewed",
        *_EDUCATION,
        "Elective home education",
        *_REST,
    ),
    2: (*_CHILD, *_EDUCATION, *_REST),
}


def write_sen_lists(tables: Mapping[str, "pandas.DataFrame"], file: Path, as_at: date) -> Path:
    """Write the lists as at the end of `as_at`. A plan that moved in has its own number for the
    child's; every plan was reviewed on each day that its first issue came round again. List 2 is
    empty: children without a plan are in no extract."""
    import xlsxwriter

    then = known(tables, as_at)
    requests = then["ssd_ehcp_requests"].set_index("ehcr_ehcp_request_id")["ehcr_send_table_id"]
    assessments = then["ssd_ehcp_assessment"].set_index("ehca_ehcp_assessment_id")
    plans = then["ssd_ehcp_named_plan"]
    plans = plans[plans["ehcn_named_plan_ceased_date"].isna()]
    request = plans["ehcn_ehcp_asmt_id"].map(assessments["ehca_ehcp_request_id"])
    child = request.map(requests).fillna(plans["ehcn_named_plan_id"])
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"created": datetime(as_at.year, as_at.month, as_at.day)})
        for number, headers in HEADERS.items():
            workbook.add_worksheet(f"List_{number}").write_row(0, 0, headers)
        sheet = workbook.get_worksheet_by_name("List_1")
        issued = plans["ehcn_named_plan_start_date"].dt.date
        for row, (who, first) in enumerate(zip(child, issued, strict=True), 1):
            years = full_years(first, as_at)
            sheet.write(row, HEADERS[1].index("Unique ID"), who)
            sheet.write_datetime(row, HEADERS[1].index("Date initial EHC plan issued"), first)
            if years:
                reviewed = add_months(first, 12 * years)
                sheet.write_datetime(row, HEADERS[1].index("Date EHC plan last reviewed"), reviewed)
    return file
