"""The children in need census read back: the figures of the whole, or a reason."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.deliveries.readers import xml_records
from orchestration.deliveries.readers.cin_census.xml_file import FORMAT
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Reading, Span
from orchestration.sample_council import OLD_LA_CODE
from orchestration.sample_council.returns.cin_census import write_cin_census
from tests.deliveries.readers.as_delivered import (
    AS_AT,
    SECRET,
    Figures,
    accepted,
    differences,
    given,
    months,
    outcome,
)
from tests.figures.compiled import Compiled

YEAR_BEFORE = date(2025, 3, 31)
# one census does not hold what these look back to
OF_TWO_YEARS = {"rereferrals_12m_pct", "icpc_within_15wd_pct", "cp_reviews_in_timescale_pct"}
# of which a small council has none in the first months
FEW = {"pre_proceedings_fgdm_offered_pct", "pre_proceedings_avg_weeks"}
Extracts = Mapping[str, pd.DataFrame]


def census(extracts: Extracts, folder: Path, as_at: date) -> Reading:
    return FORMAT.read({"xml": [write_cin_census(extracts, folder / f"{as_at}.xml", as_at)]})


def test_one_census_gives_the_figures_of_its_year_as_the_whole_does(
    compiled: Compiled, whole: Figures, extracts: Extracts, tmp_path: Path
) -> None:
    reading = census(extracts, tmp_path, AS_AT)
    assert (reading.remarks, reading.council) == ((), OLD_LA_CODE)
    assert set(reading.covers.values()) == {Span(date(2025, 4, 1), AS_AT)}
    ours = Figures(compiled, accepted(tmp_path, [reading], extracts)).of(given("cin_census"))
    found = differences(ours, whole.all)
    assert found.empty, found.to_string()
    assert set(ours["indicator_id"]) == set(given("cin_census")) - OF_TWO_YEARS
    year = {f"{month:%Y-%m}" for month in pd.date_range("2025-04-01", AS_AT, freq="ME")}
    for indicator in set(given("cin_census")) - OF_TWO_YEARS - FEW:
        assert months(ours, indicator) == year, indicator
    for indicator in FEW:
        assert set() < months(ours, indicator) <= year, indicator


def test_two_censuses_join(
    compiled: Compiled, whole: Figures, extracts: Extracts, tmp_path: Path
) -> None:
    readings = [census(extracts, tmp_path, as_at) for as_at in (YEAR_BEFORE, AS_AT)]
    ours = Figures(compiled, accepted(tmp_path, readings, extracts)).of(given("cin_census"))
    found = differences(ours, whole.all)
    assert found.empty, found.to_string()
    assert set(ours["indicator_id"]) == set(given("cin_census"))
    assert min(months(ours, "rereferrals_12m_pct")) == "2025-04"
    assert min(months(ours, "icpc_within_15wd_pct")) == "2025-04"


def test_reviews_are_not_used_where_those_before_the_year_are_left_out(
    extracts: Extracts, tmp_path: Path
) -> None:
    reviews = extracts["ssd_cp_reviews"]
    recent = reviews[reviews["cppr_cp_review_date"] >= pd.Timestamp(2025, 4, 1)]
    reading = census({**extracts, "ssd_cp_reviews": recent}, tmp_path, AS_AT)
    assert [each.code for each in reading.remarks] == ["RETURN-UNUSED"]
    assert "ssd_cp_reviews" not in reading.tables


HEADER = (
    "<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
    "<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>"
    "<Source><LEA>999</LEA><DateTime>2026-05-20T10:00:00</DateTime></Source></Header>"
)
CHILD = (
    "<Child><ChildIdentifiers><LAchildID>Å-1</LAchildID><PersonBirthDate>2012-02-01"
    "</PersonBirthDate><Sex>F</Sex></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI"
    "</Ethnicity></ChildCharacteristics><CINdetails><CINreferralDate>2025-06-05"
    "</CINreferralDate><ReferralSource>1A</ReferralSource><Section47><S47ActualStartDate>2025-06-06"
    "</S47ActualStartDate><DateOfInitialCPC>2025-06-20</DateOfInitialCPC></Section47>"
    "<ReferralNFA>false</ReferralNFA><ChildProtectionPlans><CPPstartDate>2025-06-20</CPPstartDate>"
    "<LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse></ChildProtectionPlans></CINdetails></Child>"
)
XML = f"<Message>{HEADER}<Children>{CHILD}</Children></Message>"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (XML, []),
        (XML.replace("<Message", f"<Message xmlns='urn:{SECRET}'"), []),
        (XML.encode("utf-16"), []),
        (XML.replace("<Year>2026</Year>", ""), []),
        (XML.replace("<Sex>F</Sex>", "<GenderCurrent>9</GenderCurrent>"), []),
        (XML.replace("</CINdetails>", "<PreProceedingsandFGDM/></CINdetails>"), []),
        (XML.replace("2012-02-01", SECRET), ["RETURN-CELL"]),
        (XML.replace("2025-06-05", "2025-06-31"), ["RETURN-CELL"] + ["RETURN-ROW"] * 3),
        (XML.replace("Å-1", " "), ["RETURN-ROW"] * 5),
        (XML.replace("2026-03-31", SECRET), ["RETURN-YEAR"]),
        (XML.replace("2026-03-31", "2026-03-30"), ["RETURN-YEAR"]),
        (XML.replace("2026</Year>", "2025</Year>"), ["RETURN-YEAR"]),
        (XML.replace("2026", "2016"), ["RETURN-YEAR"]),
        (XML.replace("2026-05-20", "2024-05-20"), ["RETURN-YEAR"]),
        (XML.replace(HEADER, ""), ["RETURN-YEAR"]),
        (XML.replace(CHILD, ""), ["RETURN-LAYOUT"]),
        (XML.replace("CINdetails", "Details"), ["RETURN-LAYOUT"]),
        (XML[:-12], ["RETURN-UNREADABLE"]),
        (f"<!DOCTYPE Message SYSTEM 'http://127.0.0.1/{SECRET}'>{XML}", ["RETURN-UNREADABLE"]),
        (f"<!DOCTYPE m [<!ENTITY a '{SECRET}'>]>{XML.replace('Å', '&a;')}", ["RETURN-UNREADABLE"]),
        (XML.replace("Å", "\x00"), ["RETURN-UNREADABLE"]),
        (XML.replace("<Children>", "<Children>" + "<A>" * 400_000), ["RETURN-UNREADABLE"]),
    ],
)
def test_a_census_is_read_or_says_why_not(
    content: str | bytes, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "_RECORD", 1_000_000)
    file = tmp_path / "cin.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert codes or FORMAT.part_of(look_at(file)) == "xml"
    assert outcome(FORMAT.read, {"xml": [file]}) == codes


def test_a_census_drawn_within_its_year_covers_no_more(tmp_path: Path) -> None:
    file = tmp_path / "cin.xml"
    file.write_text(XML.replace("2026-05-20", "2025-11-05"))
    reading = FORMAT.read({"xml": [file]})
    assert set(reading.covers.values()) == {Span(date(2025, 4, 1), date(2025, 11, 5))}


def test_conferences_of_children_who_moved_in_are_told_from_others(tmp_path: Path) -> None:
    file = tmp_path / "cin.xml"
    for told, moved_in in (("2025-06-20", ["N"]), ("2025-07-01", ["N", "Y"])):
        again = f"</ReferralSource><DateOfInitialCPC>{told}</DateOfInitialCPC>"
        file.write_text(XML.replace("</ReferralSource>", again))
        found = FORMAT.read({"xml": [file]}).tables["ssd_initial_cp_conference"]
        assert list(found["icpc_icpc_transfer_in"]) == moved_in


def test_other_files_are_no_census(tmp_path: Path) -> None:
    file = tmp_path / "other.xml"
    for strange in (XML.replace("CIN", "SCH"), XML.replace("Message", "Letter"), "CINdetails", ""):
        file.write_text(strange)
        assert FORMAT.part_of(look_at(file)) == ""
