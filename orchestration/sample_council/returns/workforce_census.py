"""The children's social work workforce census of the sample council."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orchestration.sample_council.returns.known import known
from orchestration.sample_council.returns.standard_codes import ISO, as_text
from orchestration.sample_council.scene import OLD_LA_CODE

if TYPE_CHECKING:
    import pandas

Tables = Mapping[str, "pandas.DataFrame"]


def write_workforce_census(tables: Tables, file: Path, year: int) -> Path:
    """The census of 30 September of `year`, with the elements of 2025 from then on."""
    as_at = date(year, 9, 30)
    then = known(tables, as_at)
    vacant = then["ext_workforce_vacancies"]
    vacant = vacant[vacant["snapshot_date"].dt.date == as_at]
    whole = vacant[vacant["team_id"] == "ALL"]
    vacant = whole if len(whole) else vacant
    agency = _in_post(then["ext_workforce_workers"], as_at)
    agency = agency[agency["agency_flag"] == "Y"]
    level = "LALevel" if year >= 2025 else "LALevelVacancies"
    counts = {
        "NumberOfVacancies": f"{vacant['vacancy_fte'].sum():.2f}",
        "NoAgencyFTE": f"{vacant['vacancy_covered_by_agency_fte'].sum():.2f}",
        "NoAgencyHeadcount": str(len(agency)),
    }
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.write('<?xml version="1.0" encoding="utf-8"?>\n<Message>')
        lines.write(
            f"<Header><CollectionDetails><Collection>CSWW</Collection><Year>{year}</Year>"
            f"<ReferenceDate>{as_at}</ReferenceDate></CollectionDetails><Source>"
            f"<SourceLevel>L</SourceLevel><LEA>{OLD_LA_CODE}</LEA>"
            f"<DateTime>{year}-11-20T10:00:00</DateTime></Source></Header>\n"
        )
        lines.write(f"<{level}>{_elements(counts)}</{level}>\n")
        for worker in _workers(then["ext_workforce_workers"], as_at):
            lines.write(f"<CSWWWorker>{_elements(worker)}</CSWWWorker>\n")
        lines.write("</Message>\n")
    return file


def _in_post(posts: "pandas.DataFrame", as_at: date) -> "pandas.DataFrame":
    import pandas

    day = pandas.Timestamp(as_at)
    return posts[(posts["role_start_date"] <= day) & ~(posts["role_end_date"] <= day)]


def _workers(posts: "pandas.DataFrame", as_at: date) -> list[dict[str, str]]:
    """Everybody in post on the day, and those of the council who left in the year to it. Who moved
    to another post of the council did not leave."""
    import pandas

    posts = posts.assign(reason=posts["leaving_reason"].astype("string").str.extract(r"^(\d+)")[0])
    there = _in_post(posts, as_at)
    begun = pandas.Timestamp(date(as_at.year - 1, 10, 1))
    own = posts[posts["agency_flag"] == "N"]
    left = own[own["role_end_date"].between(begun, pandas.Timestamp(as_at))]
    stayed = left["worker_id"].isin(there[there["agency_flag"] == "N"]["worker_id"])
    left = left[~stayed].sort_values("role_end_date").drop_duplicates("worker_id", keep="last")
    told = [_worker(row, is_leaver=False) for row in there.to_dict("records")]
    return told + [_worker(row, is_leaver=True) for row in left.to_dict("records")]


def _worker(row: Mapping[str, object], *, is_leaver: bool) -> dict[str, str]:
    """The elements of one, whose registration is made up of the number at HR."""
    digits = "".join(each for each in str(row["worker_id"]) if each.isdecimal())
    share = f"{row['fte']:.6f}"
    told = {
        "AgencyWorker": "1" if row["agency_flag"] == "Y" else "0",
        "SWENo": f"SW{digits:0>10}",
        "FTE": "0" if is_leaver else share,
    }
    if row["agency_flag"] == "N":
        told |= {"PersonBirthDate": "1985-05-04", "Sex": "F", "Ethnicity": "NOBT"}
        told |= {"StepUpGrad": "0", "OrgRole": str(row["org_role"])[0]}
        told["RoleStartDate"] = _day(row["role_start_date"])
        told["StartOrigin"] = "9"
    if is_leaver:
        told["RoleEndDate"] = _day(row["role_end_date"])
        told |= {"LeaverDestination": "8", "ReasonLeave": str(row["reason"])}
    return told | {"FTE30": share}


def _day(day: object) -> str:
    import pandas

    return str(as_text(pandas.Series([day]), ISO).iloc[0])


def _elements(cells: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in cells.items() if cell)
