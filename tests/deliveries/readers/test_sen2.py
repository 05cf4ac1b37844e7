"""The SEN2 return read back: the figures of the whole, or a reason."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.deliveries.readers import xml_records
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Span
from orchestration.deliveries.readers.sen2 import FORMAT
from orchestration.sample_council import OLD_LA_CODE
from orchestration.sample_council.returns.sen2 import write_sen2
from tests.deliveries.readers.as_delivered import (
    SECRET,
    Figures,
    accepted,
    differences,
    given,
    months,
    outcome,
)
from tests.figures.compiled import Compiled

Extracts = Mapping[str, pd.DataFrame]


def test_one_return_gives_the_requests_of_its_year_and_three_all_that_is_given(
    compiled: Compiled, whole: Figures, extracts: Extracts, tmp_path: Path
) -> None:
    years = (2024, 2025, 2026)
    files = {year: write_sen2(extracts, tmp_path / f"{year}.xml", year) for year in years}
    readings = [FORMAT.read({"xml": [file]}) for file in files.values()]
    for year, reading in zip(years, readings, strict=True):
        assert (reading.remarks, reading.council) == ((), OLD_LA_CODE)
        covered = Span(date(year - 1, 1, 1), date(year - 1, 12, 31))
        assert set(reading.covers.values()) == {covered}
    for used, told in ((readings[2:], ["ehcp_requests_count"]), (readings, given("sen2"))):
        home = tmp_path / str(len(used))
        ours = Figures(compiled, accepted(home, used, extracts)).of(given("sen2"))
        found = differences(ours, whole.all)
        assert found.empty, found.to_string()
        assert set(ours["indicator_id"]) == set(told)
        for indicator in told:
            assert max(months(ours, indicator)) == "2025-12", indicator


HEADER = (
    "<Header><CollectionDetails><Collection>SEN2</Collection><Year>2026</Year></CollectionDetails>"
    "<Source><LEA>999</LEA></Source></Header>"
)
PERSON = (
    f"<Person><Surname>{SECRET}</Surname><Forename>Å</Forename><PersonBirthDate>2015-02-01"
    "</PersonBirthDate><Requests><ReceivedDate>2025-03-04</ReceivedDate><RequestOutcomeDate>"
    "2025-04-08</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome><Assessment>"
    "<AssessmentOutcome>Y</AssessmentOutcome><AssessmentOutcomeDate>2025-07-01"
    "</AssessmentOutcomeDate><Week20>false</Week20></Assessment></Requests></Person>"
)
XML = f"<Message>{HEADER}<Persons>{PERSON}</Persons></Message>"
OLDER = XML.replace("<RequestOutcome>Y", "<RequestOutcome>H")


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (XML, []),
        (XML.encode("utf-16"), []),
        (XML.replace("<Message", f"<Message xmlns='urn:{SECRET}'"), []),
        (XML.replace("2025-07-01", SECRET), ["RETURN-CELL"]),
        (XML.replace("2025-03-04", ""), ["RETURN-UNUSED", "RETURN-ROW"]),
        (
            OLDER.replace("<ReceivedDate>2025-03-04</ReceivedDate>", ""),
            ["RETURN-UNUSED", "RETURN-ROW"],
        ),
        (XML.replace("Year>2026", "Year>2022"), ["RETURN-YEAR"]),
        (XML.replace("Year>2026", f"Year>{SECRET}"), ["RETURN-YEAR"]),
        (XML.replace(HEADER, ""), ["RETURN-YEAR"]),
        (XML.replace(PERSON, ""), ["RETURN-LAYOUT"]),
        (XML.replace("Requests", "Demands"), ["RETURN-LAYOUT"]),
        (XML[:-12], ["RETURN-UNREADABLE"]),
        (f"<!DOCTYPE m [<!ENTITY a '{SECRET}'>]>{XML.replace('Å', '&a;')}", ["RETURN-UNREADABLE"]),
        (XML.replace("<Persons>", "<Persons>" + "<A>" * 400_000), ["RETURN-UNREADABLE"]),
    ],
)
def test_a_return_is_read_or_says_why_not(
    content: str | bytes, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "_RECORD", 1_000_000)
    file = tmp_path / "sen2.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert codes or FORMAT.part_of(look_at(file)) == "xml"
    assert outcome(FORMAT.read, {"xml": [file]}) == codes


@pytest.mark.parametrize(
    ("content", "requests", "assessments"),
    [
        # decided before the year, with what became of it in the year
        (OLDER, [("Y", "2025-04-08")], [("Y", "2025-07-01")]),
        (OLDER.replace("<AssessmentOutcome>Y", "<AssessmentOutcome>H"), [], []),
        # decided in January, beyond what the return covers
        (XML.replace("2025-04-08", "2026-01-08"), [("A", "")], [("Y", "2025-07-01")]),
        (XML.replace("2025-07-01", "2026-01-08"), [("Y", "2025-04-08")], [("A", "")]),
        (XML.replace("2025-03-04", "2026-01-04"), [], []),
    ],
)
def test_what_is_historical_or_of_after_the_year(
    content: str,
    requests: list[tuple[str, str]],
    assessments: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    file = tmp_path / "sen2.xml"
    file.write_text(content)
    tables = FORMAT.read({"xml": [file]}).tables
    for table, told in (("ssd_ehcp_requests", requests), ("ssd_ehcp_assessment", assessments)):
        rows = tables[table]
        ends = [name for name in rows.columns if name.endswith(("_outcome", "_outcome_date"))]
        assert list(rows[ends].itertuples(index=False, name=None)) == told
    assert SECRET not in "".join(rows.to_csv() for rows in tables.values())
