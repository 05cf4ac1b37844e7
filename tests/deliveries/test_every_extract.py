"""Every extract of the contract, with files made up from the contract itself."""

from pathlib import Path
from random import Random

import duckdb
import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.rows.archive import archive_columns, readable
from tests.deliveries.generated import AS_AT, SECRET, csv_bytes, good_rows, spoilt

ALL = [extract for extract in ROW_LEVEL if extract.class_ != "manifest"]


def deliver(council, extracts, seed: int, *, spoil: bool) -> dict[str, int]:
    """Put a file of each extract in the drop folder; the number of its rows by extract."""
    random = Random(seed)
    counts = {}
    for extract in extracts:
        rows = good_rows(extract, random, 40)
        if spoil:
            rows = spoilt(extract, rows, random)
        names = [*extract.column_names, "note_of_the_clerk"]
        random.shuffle(names)
        rows = [{**row, "note_of_the_clerk": SECRET} for row in rows]
        council.put_bytes(extract.name, csv_bytes(names, rows))
        counts[extract.name] = len(rows)
    return counts


def cells_and_bytes(folder: Path) -> str:
    """All that is stored below `folder`: the bytes of every file and the cells of Parquet."""
    told = []
    with duckdb.connect(":memory:") as connection:
        for file in (path for path in folder.rglob("*") if path.is_file()):
            told.append(file.read_bytes().decode("latin-1"))
            if file.suffix == ".parquet":
                query = "select * from read_parquet($file)"
                told.append(str(connection.execute(query, {"file": readable(file)}).fetchall()))
    return "\n".join(told)


def assert_nobody_is_named(council) -> None:
    data = council.paths.raw.parent
    as_delivered = (council.paths.incoming, council.paths.originals)
    for folder in (each for each in data.iterdir() if each not in as_delivered):
        assert SECRET not in cells_and_bytes(folder), folder.name


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A whole good delivery and its receipts."""
    from tests.deliveries.conftest import Council, make_desk

    council = Council(make_desk(tmp_path_factory.mktemp("data")).paths)
    counts = deliver(council, ALL, seed=3, spoil=False)
    return council, counts, council.check_in()


def test_a_file_as_the_contract_asks_is_accepted_whole(delivered):
    council, counts, receipts = delivered
    for name, count in counts.items():
        receipt = receipts[name]
        assert receipt.outcome == "accepted", receipt.findings
        assert (receipt.rows_in_file, receipt.loaded) == (count, count), receipt.findings
        assert set(receipt.codes.split()) <= {
            "COLUMN-UNKNOWN",
            "TEXT-TRIM",
            "LOOK-UP-MISSED",
            "OVERLAP",
            "OPEN-TWICE",
            "DURATION-LONG",
            "CODE-OUT-OF-YEAR",
            "TIME-MISSING",
            "MAP-UNUSED",
            # as many of any age are open, and none is older than the generated years
            "WINDOW-BY-START",
        }
    assert receipts["extract_manifest"].outcome == "missing"
    assert_nobody_is_named(council)


def test_what_a_report_ends_with_is_no_row_of_any_extract(council):
    random = Random(5)
    for extract in ALL:
        names, rows = extract.column_names, good_rows(extract, random, 9)
        width = len(names)
        ends = ["," * (width - 1)] * 300  # a spreadsheet's empty rows
        ends += ["Grand total" + "," * (width - 1), "End of report, 03/04/2026 09:15", "   "]
        council.put_bytes(extract.name, csv_bytes(names, rows) + "\n".join(ends).encode())
    for name, receipt in council.check_in(contracts=ALL).items():
        assert (receipt.outcome, receipt.loaded) == ("accepted", 9), receipt.findings
        assert (receipt.counts["ROW-BLANK"], receipt.counts["ROW-CLOSING"]) == (300, 2), name
        assert not {"FIELD-MISSING", "CODE-UNKNOWN", "DATE-FORMAT"} & set(receipt.counts), name


def test_raw_rows_have_the_columns_and_types_of_the_contract(delivered):
    council, counts, _ = delivered
    with duckdb.connect(":memory:") as connection:
        for extract in EXTRACTS.values():
            files = [council.paths.empty_file(extract.name)] if extract in ROW_LEVEL else []
            if extract.name in counts:
                files.append(council.paths.raw_file(extract.name, council.month))
            for file in files:
                query = f"describe select * from '{readable(file)}'"
                described = connection.execute(query).fetchall()
                found = {name: kind.replace(",", ", ").lower() for name, kind, *_ in described}
                assert found == archive_columns(extract)
            for file in files[1:]:
                months = f"select distinct delivery_month from '{readable(file)}'"
                assert connection.execute(months).fetchall() == [(AS_AT,)]


def test_every_flag_and_code_of_the_contract_is_stored_in_its_spelling(delivered):
    council, _, _ = delivered
    for extract in ROW_LEVEL:
        for column in extract.stored_columns:
            known = {*column.allowed, *(("Y", "N") if column.type == "flag" else ())}
            if known and extract.class_ != "manifest":
                stored = {cell for (cell,) in council.rows(extract.name, f'"{column.name}"')}
                assert stored - {None} <= known, f"{extract.name}.{column.name}"


@pytest.mark.parametrize("seed", range(4))
def test_every_row_of_a_faulty_file_is_loaded_set_aside_or_a_duplicate_and_nobody_is_named(
    seed, council
):
    some = ALL[seed::4]
    counts = deliver(council, some, seed, spoil=True)
    receipts = council.check_in(contracts=some)
    for name, count in counts.items():
        receipt = receipts[name]
        assert receipt.rows_in_file == count
        assert receipt.loaded + receipt.quarantined + receipt.duplicates == count
        loaded = council.rows(name, "count(*)") if receipt.outcome == "accepted" else [(0,)]
        assert loaded == [(receipt.loaded,)]
        assert len(council.quarantined(name)) == receipt.quarantined
    # what no figure reads is emptied where it stands, and sets no row aside
    emptied = sum(receipt.counts.get("UNUSED-EMPTIED", 0) for receipt in receipts.values())
    assert emptied + sum(receipt.quarantined for receipt in receipts.values()) > 10
    assert sum(receipt.duplicates for receipt in receipts.values()) > 0
    assert_nobody_is_named(council)
