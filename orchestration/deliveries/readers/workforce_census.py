"""The children's social work workforce census (CSWW), an XML file of the years 2019 to 2026.

A CSWWWorker is a social worker in post on 30 September, or one employed by the council who left in
the twelve months to it; the element before them has the posts that were vacant that day. Agency
workers are those of 30 September alone, and so is all that is worked out with them.

The element FTE30 is the full-time equivalent on 30 September. Of a leaver either that or FTE is
nought, as councils read the guidance one way or the other, and the other one is what they left.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.census_header import header_of, last_day, year_of
from orchestration.deliveries.readers.columns import ISO, codes, days, iso, no_days, text
from orchestration.deliveries.readers.reading import (
    Format,
    Look,
    Reading,
    Span,
    UnreadableError,
)
from orchestration.deliveries.readers.xml_records import records, root_of

YEARS = range(2019, 2027)
"""The years in whose September a census is that is read."""
_WORKER = (
    *("AgencyWorker", "SWENo", "FTE", "OrgRole", "RoleStartDate", "RoleEndDate"),
    *("ReasonLeave", "FTE30"),
)
# LALevel since 2025
_VACANCIES = frozenset({"LALevelVacancies", "LALevel"})
_AGENCY = {"1": "Y", "TRUE": "Y", "0": "N", "FALSE": "N"}
# An agency worker's need not be told, and no figure asks which of them it is.
_ANY_ROLE = "5"


def part_of(look: Look) -> str:
    is_of_workers = ">CSWW<" in look.text or "<CSWWWorker" in look.text
    return "xml" if root_of(look) == "Message" and is_of_workers else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """One census. Raises `UnreadableError`."""
    told: list[tuple[str | None, ...]] = []
    vacant: list[str] = []
    header: dict[str, str] = {}
    for file in files["xml"]:
        for record in records(file, {"Header", "CSWWWorker", *_VACANCIES}):
            if record.tag == "Header":
                header |= header_of(record)
            elif record.tag in _VACANCIES:
                vacant.append(record.findtext("NumberOfVacancies") or "")
            else:
                told.append((str(len(told) + 1), *(record.findtext(name) for name in _WORKER)))
    covered = _span(header)
    remarks: list[Finding] = []
    found = {"ext_workforce_workers": _posts(told, covered, remarks)}
    if len(vacancies := _vacancies(vacant, covered, remarks)):
        found["ext_workforce_vacancies"] = vacancies
    return Reading(found, dict.fromkeys(found, covered), header.get("LEA", ""), tuple(remarks))


def _span(header: Mapping[str, str]) -> Span:
    """From 1 October to 30 September, which it refers to."""
    year, day = year_of(header, YEARS)
    ends = date(year, 9, 30)
    if day not in (None, ends):
        what = "a reference date that is no 30 September"
        raise UnreadableError(finding("RETURN-YEAR", column="ReferenceDate", what=what))
    if last_day(header, date(year - 1, 10, 1), ends) < ends:
        what = "it was drawn before the 30 September that it refers to"
        raise UnreadableError(finding("RETURN-YEAR", column="DateTime", what=what))
    return Span(date(year - 1, 10, 1), ends)


def _posts(
    told: list[tuple[str | None, ...]], covered: Span, remarks: list[Finding]
) -> pd.DataFrame:
    rows = pd.DataFrame(told, columns=["line", *_WORKER], dtype=object).fillna("")
    dated = ["RoleStartDate", "RoleEndDate"]
    read = pd.DataFrame({name: days(rows[name], ISO) for name in dated})
    remarks += no_days(rows, "the element CSWWWorker", dated, read)
    first, last = read["RoleStartDate"], read["RoleEndDate"]
    census = pd.Timestamp(covered.as_at)
    left = last <= census
    agency = codes(rows["AgencyWorker"]).map(_AGENCY)
    # no first day is asked of an agency worker, who was there on the day of the census
    first = first.mask((agency == "Y") & first.isna(), census)
    shares = pd.DataFrame({name: _share(rows, name, remarks) for name in ("FTE30", "FTE")})
    most = shares.max(axis=1)
    share = shares["FTE30"].fillna(shares["FTE"]).mask(left, most.where(most > 0))
    role = codes(rows["OrgRole"])
    lacking = agency.isna() | first.isna() | share.isna() | (text(rows["SWENo"]) == "")
    if lacking.any():
        line, count = int(rows.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = (
            "the element CSWWWorker: without its number, its first day, its full-time equivalent"
            " or whether it is of an agency; it is left out"
        )
        remarks.append(finding("RETURN-ROW", line=line, what=what, count=count))
    posts = pd.DataFrame(
        {
            "worker_id": codes(rows["SWENo"]),
            "role_start_date": iso(first),
            "role_end_date": iso(last),
            "fte": share.map("{:.6g}".format),
            "agency_flag": agency,
            "org_role": role.mask((agency == "Y") & (role == ""), _ANY_ROLE),
            "leaving_reason": codes(rows["ReasonLeave"]),
        }
    )[~lacking & ~(left & ((agency == "Y") | (last < pd.Timestamp(covered.data_from))))]
    if posts.empty:
        raise UnreadableError(finding("RETURN-LAYOUT", what="no element CSWWWorker can be used"))
    # of two posts that a worker began on one day each counts, as of two whose number is made up
    again = posts.groupby(["worker_id", "role_start_date"]).cumcount()
    number = posts["worker_id"].mask(again > 0, posts["worker_id"] + " " + again.astype(str))
    return posts.assign(worker_id=number).reset_index(drop=True)


def _share(rows: pd.DataFrame, name: str, remarks: list[Finding]) -> "pd.Series[float]":
    """Full-time equivalents from 0 to 1; nothing where it is none."""
    told = text(rows[name])
    share = pd.to_numeric(told, errors="coerce").astype(float)
    share = share.where(share.between(0, 1))
    bad = (told != "") & share.isna()
    if bad.any():
        line, count = int(rows.loc[bad, "line"].iloc[0]), int(bad.sum())
        what = "the element CSWWWorker: no number from 0 to 1; it is left empty"
        remarks.append(finding("RETURN-CELL", line=line, column=name, what=what, count=count))
    return share


def _vacancies(told: list[str], covered: Span, remarks: list[Finding]) -> pd.DataFrame:
    """The one row of the whole service; none where no number is told once."""
    vacant = pd.to_numeric(pd.Series([each.strip() for each in told]), errors="coerce")
    if len(told) != 1 or not vacant.between(0, 100_000).all():
        what = "vacant posts: the element NumberOfVacancies is missing, there twice or no number"
        remarks.append(finding("RETURN-PART", column="NumberOfVacancies", what=what))
        vacant = vacant.head(0)
    return pd.DataFrame(
        {
            "snapshot_date": covered.as_at.isoformat(),
            "team_id": "ALL",
            "vacancy_fte": vacant.map("{:.6f}".format),
        }
    )


FORMAT = Format("workforce_census", part_of, read)
