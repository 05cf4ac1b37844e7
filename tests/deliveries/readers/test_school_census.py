"""Schools' censuses read back: the permanent exclusions of two terms, or a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.deliveries.readers import xml_records
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Span
from orchestration.deliveries.readers.school_census import FORMAT
from orchestration.sample_council import OLD_LA_CODE
from orchestration.sample_council.returns.school_census import SCHOOLS, write_school_census
from tests.deliveries.readers.as_delivered import SECRET, outcome

Extracts = Mapping[str, pd.DataFrame]
CENSUSES = [
    # Easter: 9 April 2023, 31 March 2024, 20 April 2025
    (2024, "SUM", (date(2023, 8, 1), date(2024, 3, 31))),
    (2024, "AUT", (date(2024, 1, 1), date(2024, 7, 31))),
    (2025, "SPR", (date(2024, 4, 1), date(2024, 12, 31))),
    (2025, "SUM", (date(2024, 8, 1), date(2025, 4, 20))),
    (2025, "AUT", (date(2025, 1, 1), date(2025, 7, 31))),
    (2026, "SPR", (date(2025, 4, 21), date(2025, 12, 31))),
]


@pytest.mark.parametrize(("year", "term", "terms"), CENSUSES)
def test_a_census_is_told_by_what_is_in_it_and_covers_two_terms(
    year: int, term: str, terms: tuple[date, date], extracts: Extracts, tmp_path: Path
) -> None:
    files = write_school_census(extracts, tmp_path, year, term, terms)
    assert {FORMAT.part_of(look_at(file)) for file in files} == {"xml"}
    reading = FORMAT.read({"xml": files})
    assert [each.code for each in reading.remarks] == ["RETURN-SCHOOLS"]
    assert f"{len(SCHOOLS)} schools" in reading.remarks[0].what
    assert (reading.covers, reading.council) == ({"ext_exclusions": Span(*terms)}, OLD_LA_CODE)
    assert len(reading.tables["ext_exclusions"])


HEADER = (
    "<Header><CollectionDetails><Collection>SC</Collection><Term>SPR</Term><Year>2026</Year>"
    "<ReferenceDate>2026-01-15</ReferenceDate></CollectionDetails><Source><LEA>999</LEA>"
    "<Estab>4001</Estab></Source></Header>"
)
EXCLUSION = (
    "<TermlyExclusion><Category>PERM</Category><StartDate>2025-11-18</StartDate></TermlyExclusion>"
)
PUPIL = (
    f"<PupilNoLongerOnRoll><PupilIdentifiers><UPN>{SECRET}</UPN><Surname>Å</Surname>"
    f"</PupilIdentifiers><Exclusions>{EXCLUSION}</Exclusions></PupilNoLongerOnRoll>"
)
XML = (
    f"<Message>{HEADER}<School><Phase>SS</Phase></School><Pupils><PupilsOnRoll></PupilsOnRoll>"
    f"<PupilsNoLongerOnRoll>{PUPIL}</PupilsNoLongerOnRoll></Pupils></Message>"
)
OTHER = XML.replace("4001", "4002").replace(PUPIL, "")
SOUND = ["RETURN-SCHOOLS"]


@pytest.mark.parametrize(
    ("contents", "codes"),
    [
        ([XML], SOUND),
        ([XML, OTHER], SOUND),
        ([XML.encode("utf-16")], SOUND),
        ([XML.replace("<Message", f"<Message xmlns='urn:{SECRET}'")], SOUND),
        ([XML.replace("SPR", "Spring")], SOUND),
        ([XML.replace("PERM", "SUSP")], SOUND),
        ([XML.replace("PERM", "")], ["RETURN-ROW", *SOUND]),
        ([XML.replace("2025-11-18", SECRET)], ["RETURN-CELL", "RETURN-ROW", *SOUND]),
        ([XML.replace("2025-11-18", "2025-04-20")], ["RETURN-ROW", *SOUND]),
        ([XML.replace(SECRET, "").replace("Å", "")], ["RETURN-ROW", *SOUND]),
        ([XML, XML], ["RETURN-LAYOUT"]),
        ([XML, OTHER.replace("SPR", "SUM")], ["RETURN-LAYOUT"]),
        ([XML.replace("<Estab>4001</Estab>", "")], ["RETURN-LAYOUT"]),
        ([XML, OTHER.replace("999", "998")], ["RETURN-COUNCIL"]),
        ([XML.replace("2026", "2019")], ["RETURN-YEAR"]),
        ([XML.replace("Year>2026", f"Year>{SECRET}")], ["RETURN-YEAR"]),
        ([XML.replace("SPR", SECRET)], ["RETURN-YEAR"]),
        ([XML.replace(HEADER, "")], ["RETURN-YEAR"]),
        ([XML, OTHER[:-12]], ["RETURN-UNREADABLE"]),
        ([f"<!DOCTYPE m [<!ENTITY a '{SECRET}'>]>{XML}"], ["RETURN-UNREADABLE"]),
        ([XML.replace("<Pupils>", "<Pupils>" + "<A>" * 400_000)], ["RETURN-UNREADABLE"]),
    ],
)
def test_censuses_are_read_or_say_why_not(
    contents: Sequence[str | bytes],
    codes: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml_records, "_RECORD", 1_000_000)
    files = []
    for number, content in enumerate(contents):
        files.append(tmp_path / f"{number}.xml")
        files[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    assert codes != SOUND or FORMAT.part_of(look_at(files[0])) == "xml"
    assert outcome(FORMAT.read, {"xml": files}) == codes


@pytest.mark.parametrize(
    ("review", "overturned"),
    [
        ("", ""),
        ("<ReinstatementDate>2025-12-09</ReinstatementDate>", "2025-12-09"),
        # upheld, and offered though the pupil would not come back
        ("<ReviewDate>2025-12-05</ReviewDate><ReviewResult>A</ReviewResult>", ""),
        ("<ReviewDate>2025-12-05</ReviewDate><ReviewResult>H</ReviewResult>", "2025-12-05"),
    ],
)
def test_what_a_review_overturned(review: str, overturned: str, tmp_path: Path) -> None:
    file = tmp_path / "census.xml"
    end = "</StartDate>"
    # the same pupil on both rolls
    again = PUPIL.replace("NoLonger", "")
    file.write_text(
        XML.replace("<PupilsOnRoll>", f"<PupilsOnRoll>{again}").replace(end, end + review)
    )
    rows = FORMAT.read({"xml": [file]}).tables["ext_exclusions"]
    told = rows[["exclusion_start_date", "school_phase", "overturned_date"]]
    assert told.to_numpy().tolist() == [["2025-11-18", "secondary", overturned]]
    assert SECRET not in rows.to_csv()
