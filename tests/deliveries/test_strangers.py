"""Files that no extract is read from: each is told of, and what it may be."""

import csv
import io
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest

from orchestration.commands.fresh_clone import holds_a_delivery
from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.readers.ssda903.tables import COLUMNS
from orchestration.deliveries.sources.strangers import list_strangers, strangers

MONTH = "2026-03"
TODAY = date(2026, 4, 9)
CHILD = "Zebedee Quillfeather"


def workbook(*sheets: str) -> bytes:
    listed = "".join(f'<sheet name="{name}" sheetId="{n}"/>' for n, name in enumerate(sheets, 1))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<workbook><sheets>{listed}</sheets></workbook>")
    return content.getvalue()


ANNEX_A = workbook("Contents", *(f"List {n}" for n in range(1, 12)))
CENSUS = b"<?xml version='1.0'?><Message><Header><Collection>SWF</Collection></Header></Message>"
TRANSFER = b"""<?xml version="1.0" encoding="UTF-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName></Header></CTfile>"""
EPISODES = ";".join(COLUMNS["episodes"]).encode() + b"\n"
REFERRALS = ",".join(EXTRACTS["ssd_cin_episodes"].column_names[:6]).encode()


def test_an_extract_in_a_folder_of_its_month_s_folder_is_to_be_moved_up(tmp_path: Path) -> None:
    place = tmp_path / "2026-03" / "2026-03"
    place.mkdir(parents=True)
    (place / "ssd_cin_episodes.csv").write_bytes(REFERRALS)
    [found] = strangers(tmp_path, date(2026, 5, 1))
    assert found.may_be == "ssd_cin_episodes.csv in a folder inside its month's"
    assert found.do.startswith("move it up into its month's folder")


@pytest.mark.parametrize(
    ("name", "content", "may_be"),
    [
        ("a.xlsx", workbook("Sheet1"), "a workbook"),
        ("a.zip", b"PK\x03\x04 cut short", "a damaged archive or workbook"),
        ("a.xml", CENSUS, "the school workforce census, as XML"),
        (
            "8411234_841LLLL_001.xml",
            TRANSFER,
            "a transfer file of schools (CTF, ATF), which is known and",
        ),
        ("ssd_referrals.csv", REFERRALS, "ssd_cin_episodes.csv under another name"),
        ("a.json", b'[{"child": 1}]', "JSON, but not of the daily payload"),
        ("a.html", b"<!DOCTYPE html><html>", "a web page"),
        ("a.csv.gz", b"\x1f\x8b\x08 cut short", "a packed file of no extract, or a damaged one"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "an old or an encrypted workbook"),
        ("a.csv", REFERRALS.replace(b",", b";"), "ssd_cin_episodes.csv, not separated by commas"),
        (
            "a.txt",
            REFERRALS.decode().replace(",", "\t").encode("utf-16"),
            "ssd_cin_episodes.csv, not separated by commas",
        ),
        ("b.csv", EPISODES, "the table episodes of the SSDA903 return, not separated by commas"),
        ("c.csv", b"addressid,postcode,uprn\n", "no table that we know"),
        ("d.csv", b"LAchildID,CINreferralDate\n", "a table of the children in need census"),
        ("e.csv", b"pupilonrolltableid,category\n", "a table of the school census"),
        ("c.xlsx", workbook("Episodes", "Sheet2"), "a workbook"),
        ("a.pdf", b"%PDF-1.7", "a document or a picture"),
        ("notes", b"whatever\n", "no table that we know"),
        ("empty.txt", b"", "no table that we know"),
    ],
)
def test_a_file_that_nothing_is_read_from_is_recognised(
    tmp_path: Path, name: str, content: bytes, may_be: str
) -> None:
    folder = tmp_path / "incoming" / MONTH
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    [found] = strangers(folder.parent, TODAY)
    assert found.may_be.startswith(may_be)
    assert str(found.finding()).startswith(f"FILE-UNKNOWN | {MONTH}/file 1 by name (")


def test_names_stand_only_in_a_list_for_the_owner(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    (incoming / MONTH / "older").mkdir(parents=True)
    (incoming / MONTH / "ssd_person.csv").write_text("pers_person_id\n1\n")
    for file in (f"{MONTH}/{CHILD}.docx", f"{MONTH}/older/{CHILD}", f"{CHILD}.csv"):
        (incoming / file).write_text(f"{CHILD}\n")
    (incoming / MONTH / "half.part").write_text(CHILD)
    found = strangers(incoming, TODAY)
    assert len(found) == 3
    assert CHILD not in "".join(str(each.finding()) for each in found)
    target = tmp_path / "unknown_files.csv"
    list_strangers(found, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert [CHILD in row["file"] for row in rows] == [True] * 3
    list_strangers([], target)
    assert not target.exists()


@pytest.mark.parametrize("place", ["annex a.xlsx", f"{MONTH}/annex a.xlsx", "March/annex a.xlsx"])
def test_no_made_up_council_is_put_beside_what_we_cannot_read(tmp_path: Path, place: str) -> None:
    assert not holds_a_delivery(tmp_path)
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_bytes(ANNEX_A)
    assert holds_a_delivery(tmp_path)
