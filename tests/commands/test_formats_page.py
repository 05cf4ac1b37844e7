"""The page of formats and what `make inspect` says of files."""

from datetime import date
from pathlib import Path

from orchestration.catalogue.indicators import read_entries
from orchestration.commands.formats_page import PAGE, formats_page, not_in
from orchestration.commands.inspect_files import inspected
from orchestration.contract.formats import FORMATS
from orchestration.deliveries.readers.formats import FORMATS as READ
from orchestration.files import PROJECT
from orchestration.sample_council import make_council
from orchestration.sample_council.returns.cin_census import write_cin_census
from orchestration.sample_council.returns.ssda903 import write_ssda903
from orchestration.settings import settings

AS_AT = date(2026, 3, 31)


def test_the_page_is_current() -> None:
    assert (PROJECT / PAGE).read_text(encoding="utf-8") == formats_page(settings.seeds)


def test_what_is_said_of_formats_is_of_indicators_and_readers_that_are_there() -> None:
    assert not_in(read_entries(settings.seeds)) == []
    assert {each.name for each in READ} <= set(FORMATS)
    without_reader = set(FORMATS) - {each.name for each in READ}
    assert not any(FORMATS[name].gives for name in without_reader)


def test_files_are_inspected_before_anything_is_loaded(tmp_path: Path) -> None:
    council = make_council(400, 1, last_month=AS_AT)
    files = write_ssda903(council, tmp_path / "903", AS_AT)
    census = write_cin_census(council, tmp_path / "census.xml", AS_AT)
    (tmp_path / "torn.xml").write_bytes(census.read_bytes()[:-400])
    (tmp_path / "ssd_person.csv").write_text("pers_person_id\nSecret\n", encoding="utf-8")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    told = inspected([tmp_path], settings)
    for file in files:
        assert f"{file}: {FORMATS['ssda903'].title}" in told
    assert f"{tmp_path / 'ssd_person.csv'}: an extract" in told
    assert any(line.startswith(f"{tmp_path / 'letter.pdf'}: a document") for line in told)
    assert f"  gives {len(FORMATS['ssda903'].gives or ())} indicators:" in told
    place = told.index(f"{tmp_path / 'torn.xml'}: {FORMATS['cin_census'].title}, cannot be read")
    assert told[place + 1].strip().startswith("RETURN-")
    assert any(line.startswith("  ssd_cp_plans: ") and "to 2026-03-31" in line for line in told)
    children = council["ssd_person"]["pers_person_id"].astype(str)
    assert not any(child in line for line in told for child in children if len(child) > 6)
