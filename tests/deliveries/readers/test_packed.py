"""Extracts in a workbook or packed are the extracts, and what is none is explained."""

import gzip
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.packed import archive
from orchestration.deliveries.readers.reading import Reading, Span, UnreadableError
from orchestration.sample_council.delivery import write_delivery
from tests.deliveries.conftest import Council
from tests.deliveries.readers.as_delivered import AS_AT

Tables = Mapping[str, pd.DataFrame]
CHILD = (
    "pers_person_id,pers_dob,pers_sex,pers_ethnicity,pers_death_date\nSECRET,2015-05-05,F,WBRI,\n"
)


def read(file: Path) -> Reading:
    """By what is seen of it alone."""
    look = look_at(file)
    found = recognised(look) if look else None
    assert found, "nothing knows this file"
    form, part = found
    return form.read({part: [file]})


def as_workbook(tables: Tables, folder: Path) -> Path:
    file = folder / "a.xlsx"
    with pd.ExcelWriter(file, engine="xlsxwriter") as writer:
        for extract, rows in tables.items():
            rows.to_excel(writer, sheet_name=extract.replace("_", " ").upper()[:31], index=False)
    return file


def as_archive(tables: Tables, folder: Path) -> Path:
    with ZipFile(folder / "a.zip", "w", ZIP_DEFLATED) as packed:
        for file in write_delivery(tables, folder / "files"):
            packed.write(file, f"export/of/{file.name}")
    return folder / "a.zip"


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers, and times at midnight as days."""
    for name in rows:
        number = pd.to_numeric(rows[name], errors="coerce")
        rows[name] = number.where(number.notna(), rows[name].str.removesuffix("T00:00:00"))
    return rows


@pytest.mark.parametrize("write", [as_workbook, as_archive])
def test_every_cell_of_every_extract_comes_back(write, extracts: Tables, tmp_path: Path) -> None:
    reading = read(write(extracts, tmp_path))
    assert reading.remarks == ()
    assert set(reading.tables) == set(EXTRACTS) - {"extract_manifest", "indicator_returns"}
    for file in write_delivery(extracts, tmp_path / "csv"):
        if file.stem != "extract_manifest":
            own = pd.read_csv(file, dtype=str, keep_default_na=False)
            back = reading.tables[file.stem].reset_index(drop=True)[list(own.columns)]
            pd.testing.assert_frame_equal(compared(back), compared(own), check_dtype=False)
    manifest = extracts["extract_manifest"].set_index("extract")
    for name, span in reading.covers.items():
        said = manifest.loc[name, "data_from"]
        assert span == Span(None if pd.isna(said) else said.date(), AS_AT), name


def test_a_single_packed_file_is_known_by_its_header(tmp_path: Path) -> None:
    file = tmp_path / "whatever"
    file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + CHILD.replace("\n", "\r\n").encode()))
    reading = read(file)
    assert list(reading.tables["ssd_person"]["pers_person_id"]) == ["SECRET"]
    assert reading.covers["ssd_person"].data_from is None


def test_without_a_manifest_the_last_day_is_that_of_the_rows(tmp_path: Path) -> None:
    rows = pd.DataFrame({name: ["x"] for name in EXTRACTS["ssd_contacts"].column_names})
    rows = rows.assign(cont_contact_date="2026-03-30")
    reading = read(as_workbook({"ssd_contacts": rows}, tmp_path))
    assert reading.covers == {"ssd_contacts": Span(None, date(2026, 3, 31))}


def test_what_the_contract_does_not_know_is_said(tmp_path: Path) -> None:
    rows = pd.DataFrame({"Pers Person ID": [7], "pers_dob": ["05/05/2015"], "SECRET": ["SECRET"]})
    reading = read(as_workbook({"ssd_person": rows, "Notes": rows}, tmp_path))
    [row] = reading.tables["ssd_person"].to_dict("records")
    assert row == {"pers_person_id": "7", "pers_dob": "05/05/2015"}
    assert [(each.code, each.count) for each in reading.remarks] == [("RETURN-PART", 1)] * 2
    assert "sheets that are named as no extract" in reading.remarks[1].what
    assert "SECRET" not in str(reading.remarks)


def test_what_is_passed_over_in_an_archive_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    others = ("SECRET.csv", "a,b\n1,2\n"), ("SECRET.xlsx", "PK"), ("of/SECRET.txt", "SECRET")
    damaged = "ssd_contacts.csv", ";".join(EXTRACTS["ssd_contacts"].column_names) + "\n"
    packed(("ssd_person.csv", CHILD), damaged, *others)(file)
    reading = read(file)
    assert list(reading.tables) == ["ssd_person"]
    first, second = reading.remarks
    assert first.what == "ssd_contacts: its first line is not its header"
    assert (second.what.partition(";")[0], second.count) == ("files in it that are no extract", 4)
    assert "SECRET" not in str(reading.remarks)


@pytest.mark.parametrize(
    ("month", "folder", "as_at"),
    [
        ("2026-03", "2026-03", "2026-03-31"),
        ("2026-04", "2026-04", "2026-03-31"),
        # drawn within its month for all that is known
        ("2026-03", "", "2026-03-10"),
    ],
)
def test_a_packed_extract_of_a_month_covers_that_month(
    council: Council, month: str, folder: str, as_at: str
) -> None:
    audit = {"audit_id": "1", "audit_completed_date": "2026-03-10", "grade": "good"}
    file = council.put("ext_practice_audits", {**audit, "moderated_flag": "Y"})
    target = council.paths.incoming / folder / "a.zip"
    target.parent.mkdir(exist_ok=True)
    packed((file.name, file.read_bytes()))(target)
    file.unlink()
    council.put("ref_code_maps", month=month)
    assert council.check_in(month)["ext_practice_audits"].as_at == as_at


def packed(*members: tuple[str, str | bytes]) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        with ZipFile(file, "w", ZIP_DEFLATED) as opened:
            for name, content in members:
                opened.writestr(name, content)

    return write


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (packed(("../../ssd_person.csv", CHILD)), ""),
        (packed(("a.csv", CHILD), ("ssd_person.csv", CHILD)), "RETURN-LAYOUT"),
        (packed(("ssd_person.csv", CHILD + "SECRET,2015-05-05\n")), "RETURN-UNREADABLE"),
        (packed(("ssd_person.csv", CHILD + "SECRET,a,b,c,d,e,f\n")), "RETURN-UNREADABLE"),
        (packed(("ssd_person.csv", CHILD.replace("pers_sex", "pers_dob"))), "RETURN-LAYOUT"),
        (packed(("ssd_person.csv", "")), "RETURN-LAYOUT"),
        (packed(("ssd_person.csv", CHILD.encode("utf-16"))), "RETURN-UNREADABLE"),
        (packed(("ssd_person.csv", "SECRET,1\n")), "RETURN-LAYOUT"),
        (packed(("ssd_person.csv", CHILD), ("zeros.csv", bytes(3_000_000))), "RETURN-UNREADABLE"),
        (lambda file: file.write_bytes(gzip.compress(CHILD.encode())[:-9]), "RETURN-UNREADABLE"),
        (
            lambda file: file.write_bytes(gzip.compress(CHILD.encode() + b"\n" * 3_000_000)),
            "RETURN-UNREADABLE",
        ),
    ],
    ids=[
        "a name that leads out",
        "the same extract twice",
        "a short row",
        "a long row",
        "a column twice",
        "empty",
        "another encoding",
        "no extract",
        "too much",
        "cut",
        "too much in one",
    ],
)
def test_a_packed_file_is_read_or_refused(write, code: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    file = tmp_path / "in" / "a.zip"
    file.parent.mkdir()
    write(file)
    if not code:
        assert list(read(file).tables) == ["ssd_person"]
        assert [each.name for each in tmp_path.rglob("*.*")] == ["a.zip"]
        return
    with pytest.raises(UnreadableError) as raised:
        read(file)
    assert raised.value.finding.code == code
    assert "SECRET" not in str(raised.value)
