"""The workforce census read back: the figures of the whole at 30 September, or a reason."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.deliveries.readers import xml_records
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Span
from orchestration.deliveries.readers.workforce_census import FORMAT
from orchestration.sample_council import OLD_LA_CODE
from orchestration.sample_council.returns.workforce_census import write_workforce_census
from tests.deliveries.readers.as_delivered import SECRET, outcome

Extracts = Mapping[str, pd.DataFrame]


@pytest.mark.parametrize("year", [2024, 2025])
def test_a_census_is_told_by_what_is_in_it_and_covers_the_year_to_its_day(
    year: int, extracts: Extracts, tmp_path: Path
) -> None:
    file = write_workforce_census(extracts, tmp_path / "anything", year)
    assert FORMAT.part_of(look_at(file)) == "xml"
    reading = FORMAT.read({"xml": [file]})
    assert (reading.remarks, reading.council) == ((), OLD_LA_CODE)
    covered = Span(date(year - 1, 10, 1), date(year, 9, 30))
    assert set(reading.covers.values()) == {covered}
    posts = reading.tables["ext_workforce_workers"]
    assert set(posts["agency_flag"]) == {"Y", "N"}
    assert posts["role_end_date"].any()


HEADER = (
    "<Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>"
    "2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>999</LEA></Source></Header>"
)
VACANT = "<LALevel><NumberOfVacancies>2.50</NumberOfVacancies></LALevel>"
THERE = (
    f"<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>{SECRET}</SWENo><FTE>0.8</FTE>"
    "<OrgRole>5</OrgRole><RoleStartDate>2020-01-06</RoleStartDate><FTE30>0.8</FTE30></CSWWWorker>"
)
LEFT = (
    "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW2</SWENo><FTE>0</FTE><OrgRole>4</OrgRole>"
    "<RoleStartDate>2019-02-04</RoleStartDate><RoleEndDate>2025-09-30</RoleEndDate><ReasonLeave>1"
    "</ReasonLeave><FTE30>0.6</FTE30></CSWWWorker>"
)
AGENCY = "<CSWWWorker><AgencyWorker>1</AgencyWorker><SWENo>SW3</SWENo><FTE30>1</FTE30></CSWWWorker>"
XML = f"<Message>{HEADER}{VACANT}{THERE}{LEFT}{AGENCY}</Message>"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (XML, []),
        (XML.encode("utf-16"), []),
        (XML.replace("<Message", f"<Message xmlns='urn:{SECRET}'"), []),
        (XML.replace("LALevel", "LALevelVacancies"), []),
        (XML.replace("2020-01-06", SECRET), ["RETURN-CELL", "RETURN-ROW"]),
        (XML.replace("<FTE30>0.8", f"<FTE30>{SECRET}"), ["RETURN-CELL"]),
        (XML.replace("<FTE30>0.8", "<FTE30>8"), ["RETURN-CELL"]),
        (XML.replace("<FTE30>0.6", "<FTE30>0"), ["RETURN-ROW"]),
        (XML.replace("<SWENo>SW2</SWENo>", ""), ["RETURN-ROW"]),
        (XML.replace("<AgencyWorker>1", f"<AgencyWorker>{SECRET}"), ["RETURN-ROW"]),
        (XML.replace(VACANT, ""), ["RETURN-PART"]),
        (XML.replace(VACANT, VACANT + VACANT), ["RETURN-PART"]),
        (XML.replace("2.50", SECRET), ["RETURN-PART"]),
        (XML.replace("Year>2025", "Year>2017").replace("2025-09-30<", "<"), ["RETURN-YEAR"]),
        (XML.replace("Year>2025", f"Year>{SECRET}"), ["RETURN-YEAR"]),
        (XML.replace("2025-09-30</Ref", "2025-03-31</Ref"), ["RETURN-YEAR"]),
        (
            XML.replace("</Source>", "<DateTime>2025-08-01T09:00:00</DateTime></Source>"),
            ["RETURN-YEAR"],
        ),
        (XML.replace(HEADER, ""), ["RETURN-YEAR"]),
        (XML.replace("CSWWWorker", "Worker"), ["RETURN-LAYOUT"]),
        (XML.replace("AgencyWorker", "Agency"), ["RETURN-LAYOUT"]),
        (XML[:-12], ["RETURN-UNREADABLE"]),
        (
            f"<!DOCTYPE m [<!ENTITY a '{SECRET}'>]>{XML.replace('SW3', '&a;')}",
            ["RETURN-UNREADABLE"],
        ),
        (XML.replace(VACANT, "<A>" * 400_000), ["RETURN-UNREADABLE"]),
    ],
)
def test_a_census_is_read_or_says_why_not(
    content: str | bytes, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "_RECORD", 1_000_000)
    file = tmp_path / "census.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert codes or FORMAT.part_of(look_at(file)) == "xml"
    assert outcome(FORMAT.read, {"xml": [file]}) == codes


Post = tuple[str, str, str, str]


def posts(content: str, file: Path) -> list[Post]:
    file.write_text(content)
    rows = FORMAT.read({"xml": [file]}).tables["ext_workforce_workers"]
    told = rows[["worker_id", "role_start_date", "role_end_date", "fte"]]
    return list(told.itertuples(index=False, name=None))


def test_who_was_there_and_who_left(tmp_path: Path) -> None:
    file = tmp_path / "census.xml"
    there = (SECRET.upper(), "2020-01-06", "", "0.8")
    agency = ("SW3", "2025-09-30", "", "1")
    assert posts(XML, file) == [there, ("SW2", "2019-02-04", "2025-09-30", "0.6"), agency]
    # the other way to read the guidance
    other = LEFT.replace("<FTE>0<", "<FTE>0.6<").replace("<FTE30>0.6", "<FTE30>0")
    assert posts(XML.replace(LEFT, other), file)[1][3] == "0.6"
    # a leaver of another year, an agency worker who has gone
    assert posts(XML.replace("2025-09-30</Role", "2024-09-30</Role"), file) == [there, agency]
    gone = AGENCY.replace("<FTE30", "<RoleEndDate>2025-05-01</RoleEndDate><FTE30")
    assert len(posts(XML.replace(AGENCY, gone), file)) == 2
    # each of two posts begun on one day counts
    twice = posts(XML.replace(THERE, THERE + THERE), file)
    assert [each[0] for each in twice[:2]] == [SECRET.upper(), f"{SECRET.upper()} 1"]
