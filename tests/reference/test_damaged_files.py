"""Every reference file damaged as people and spreadsheets damage files: read, or named by place."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.official.refresh import data_sets
from orchestration.reference.contract import File, reference_files, returns_files
from orchestration.reference.table import Table
from orchestration.reference.tables import Reference
from orchestration.settings import PROJECT, settings

# what stands in files that are empty as shipped, so that there is something to damage
ROWS = {
    "pool": "X06000001,2026-01-01,2026-12-01,sent",
    "improvement_decisions": "X06000001,referrals_count,2026-01-01,,added,Why,Head of service",
    "dashboard_names": "X06000001,2,2026-01-01,Family Help,Since January,None,A. Head,2025-12-01",
    "released_deliveries": f"ssd_person,2026-03,{'0123456789abcdef' * 4},Right,A. Clerk,2026-04-04",
    "released_figures": "referrals_count,X06000001,2026-03,Right,A. Clerk,2026-04-04",
    "routing": "X06000001,4,Head of safeguarding,teams:SAFEGUARDING",
    "acknowledged": "X06000001,referrals_count,Head,2026-03-01,Two vacancies",
}
FILES = {**reference_files(), **returns_files()}
CSV = [file for file in FILES.values() if file.path.endswith(".csv")]
Lines = list[list[str]]


def lines_of(path: Path) -> Lines:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def written(lines: Lines, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


def day_first(lines: Lines) -> Lines:
    """Dates as a British Excel writes them, months as any does."""

    def cell(text: str) -> str:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return f"{day:%d/%m/%Y}"

    def month(text: str) -> str:
        return f"{date.fromisoformat(text + '-01'):%b-%y}" if len(text) == 7 else text

    months = {"as_at", "month"} & set(lines[0])
    places = [lines[0].index(name) for name in months]
    return [
        [month(c) if n and p in places else cell(c) for p, c in enumerate(row)]
        for n, row in enumerate(lines)
    ]


SAVED: dict[str, Callable[[Lines], bytes]] = {
    "a byte-order mark": lambda lines: written(lines).encode("utf-8-sig"),
    "semicolons": lambda lines: written(lines, ";").encode("utf-8-sig"),
    "tabs in UTF-16": lambda lines: written(lines, "\t").encode("utf-16"),
    "Windows-1252": lambda lines: written(lines, ";").encode("cp1252"),
    "dates day first": lambda lines: written(day_first(lines)).encode(),
    "empty lines and columns at the end": lambda lines: written(
        [[*row, "", ""] for row in lines] + [[""] * (len(lines[0]) + 2)] * 3
    ).encode(),
    "a header in capitals": lambda lines: written(
        [[f" {name.upper()} " for name in lines[0]], *lines[1:]]
    ).encode(),
    "the separator in a first line": lambda lines: b"sep=;\r\n" + written(lines, ";").encode(),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The reference data with a row in every file, and its checked copies."""
    import shutil

    home = tmp_path_factory.mktemp("good")
    shutil.copytree(settings.seeds, home / "seeds")
    for name, row in ROWS.items():
        path = home / "seeds" / reference_files()[name].path
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + f"\n{row}\n")
    neighbours = home / "seeds" / reference_files()["statistical_neighbours"].path
    neighbours.write_text("\n".join(neighbours.read_text(encoding="utf-8").split("\n")[:101]))
    reference = Reference(home / "seeds", home / "kept")
    assert [fault for table in reference.write().values() for fault in table.faults] == []
    assert [fault for name in returns_files() for fault in reference.table(name).faults] == []
    return reference


@pytest.fixture
def damaged(good: Reference, tmp_path: Path) -> Callable[..., Table]:
    """The table of a file with this content in its place, with or without good copies."""

    def read(file: File, content: bytes | None, *, kept: bool = False) -> Table:
        for path in good.seeds.rglob("*.csv"):
            copy = tmp_path / path.relative_to(good.seeds)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            copy.symlink_to(path)
        place = tmp_path / file.path
        place.unlink()
        if content is not None:
            place.write_bytes(content)
        copies = good.kept if kept else tmp_path / "kept"
        reference = Reference(tmp_path, copies)
        reference._catalogue = good.catalogue  # read once
        return reference.table(file.name)

    return read


@pytest.mark.parametrize("file", CSV, ids=lambda file: file.name)
def test_however_a_spreadsheet_saved_it_the_same_rows_are_read(
    file: File, good: Reference, damaged: Callable[..., Table]
) -> None:
    lines = lines_of(good.seeds / file.path)
    for how, saved in SAVED.items():
        table = damaged(file, saved(lines))
        shift = 1 if how.startswith("the separator") else 0
        rows = [{**row, "row": row["row"] - shift} for row in table.rows]
        assert rows == list(good.table(file.name).rows), how
        assert table.is_right, how


@pytest.mark.parametrize("file", CSV, ids=lambda file: file.name)
def test_a_row_that_is_damaged_is_left_out_and_named_and_the_others_stay(
    file: File, good: Reference, damaged: Callable[..., Table]
) -> None:
    lines = lines_of(good.seeds / file.path)
    last = len(lines)
    filled = next(column.name for column in file.columns if column.filled)
    place = lines[0].index(filled)
    bad: dict[str, tuple[list[str], str | None]] = {"more cells": ([*lines[-1], "x", "y"], None)}
    emptied = [*lines[-1][:place], "", *lines[-1][place + 1 :]]
    if any(emptied):
        bad["empty"] = (emptied, filled)
    for column in file.columns:
        if (column.known and not column.unknown_is_empty) or column.type not in ("text", "id"):
            wrong = lines[-1].copy()
            wrong[lines[0].index(column.name)] = "ZZ9-secret"
            bad[column.name] = (wrong, column.name)
    for how, (row, column) in bad.items():
        table = damaged(file, written([*lines[:-1], row]).encode())
        named = {(fault.row, fault.column) for fault in table.faults}
        used = set(table.column("row"))
        assert (last, column) in named, how
        assert last not in used or column in {"region_code", "region9_code"}, how
        assert "secret" not in "".join(map(str, table.faults))
        if last > 2:
            assert 2 in used, how


@pytest.mark.parametrize("file", CSV, ids=lambda file: file.name)
def test_a_byte_a_quote_and_a_key_that_are_wrong_are_named_by_row(
    file: File, good: Reference, damaged: Callable[..., Table]
) -> None:
    lines = lines_of(good.seeds / file.path)
    more = len(lines) > 2 and file.name != "row_level_council"
    text = written(lines).encode()
    head, _, rest = text.partition(b"\r\n")
    for how, content in {
        "REFERENCE-ENCODING": head + b"\r\n\xff" + rest,
        "REFERENCE-QUOTE": head + b'\r\n"' + rest,
    }.items():
        table = damaged(file, content)
        assert any(fault.code == how and fault.row == 2 for fault in table.faults), how
        assert not more or table.rows, how
    if file.keys:
        table = damaged(file, text + written([lines[-1]]).encode())
        assert any(fault.row == len(lines) + 1 and not fault.is_remark for fault in table.faults)
        if file.name != "row_level_council":  # of two councils it can be neither
            assert list(table.rows) == list(good.table(file.name).rows)


@pytest.mark.parametrize("file", CSV, ids=lambda file: file.name)
def test_a_file_that_is_no_file_any_more_is_stood_in_for_by_the_last_good_copy(
    file: File, good: Reference, damaged: Callable[..., Table]
) -> None:
    lines = lines_of(good.seeds / file.path)
    renamed = [[f"{lines[0][0]}s", *lines[0][1:]], *lines[1:]]
    cases = {
        "missing": (None, "REFERENCE-MISSING"),
        "empty": (b"", "REFERENCE-EMPTY"),
        "empty, as Unicode text": ("\r\n".encode("utf-16"), "REFERENCE-EMPTY"),
        "only the mark of UTF-16": (b"\xff\xfe", "REFERENCE-EMPTY"),
        "a workbook": (b"PK\x03\x04" + bytes(200), "REFERENCE-UNREADABLE"),
        "a renamed column": (written(renamed).encode(), "REFERENCE-COLUMNS"),
        "a column twice": (
            written([[*row, row[0]] for row in lines]).encode(),
            "REFERENCE-COLUMNS",
        ),
    }
    if file.is_needed:
        cases["no row"] = (written(lines[:1]).encode(), "REFERENCE-EMPTY")
    expected = [{**row, "row": n} for n, row in enumerate(good.table(file.name).rows, 1)]
    for how, (content, code) in cases.items():
        if file.name in reference_files():
            stands = damaged(file, content, kept=True)
            assert list(stands.rows) == expected, how
            assert not stands.is_whole, how
            assert f"the last good copy stands in: {len(expected)} rows" in str(stands.faults[0])
        alone = damaged(file, content)
        assert alone.rows == () and alone.faults[0].code == code, how
        assert file.without in str(alone.faults[0]), how
    [fault] = damaged(file, cases["a renamed column"][0]).faults
    assert (fault.row, fault.column) == (1, lines[0][0])
    assert "column 1 is nearest" in fault.found


def test_letters_of_windows_are_read_as_such_and_a_mixture_is_left_out(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["meetings"]
    lines = lines_of(good.seeds / file.path)
    lines[1][2] = "Café \u2013 Committee"
    table = damaged(file, written(lines).encode("cp1252"))
    assert table.rows[0]["committee"] == "Café \u2013 Committee"
    assert table.is_right
    [remark] = table.faults
    assert (remark.code, remark.row) == ("REFERENCE-ENCODING", 2)
    mixed = written(lines[:2]).encode() + written(lines[2:]).encode().replace(
        b"Committee", b"\xe9", 1
    )
    table = damaged(file, mixed)
    assert [(f.code, f.row, f.column) for f in table.faults] == [
        ("REFERENCE-ENCODING", 3, "committee")
    ]


@pytest.mark.parametrize("damage", ["\x1b", "\x1a", "\x08", "\ufffd", "\uffff"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_is_no_character_is_left_out_and_named(
    damage: str, encoding: str, good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["meetings"]
    lines = lines_of(good.seeds / file.path)
    lines[1][2] = f"Com{damage}mittee"
    table = damaged(file, written(lines).encode(encoding))
    assert [(f.code, f.row, f.column) for f in table.faults] == [
        ("REFERENCE-ENCODING", 2, "committee")
    ]
    assert [*table.rows] == [row for row in good.table(file.name).rows if row["row"] > 2]


def test_a_file_in_utf_16_that_is_cut_in_a_character_says_so(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["targets"]
    lines = lines_of(good.seeds / file.path)
    table = damaged(file, written(lines, "\t").encode("utf-16")[:-5])
    assert [(f.code, f.row) for f in table.faults] == [("REFERENCE-ENCODING", len(lines))]


@pytest.mark.parametrize("line_break", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_breaks_of_a_line_as_word_makes_them_are_line_breaks(
    line_break: str, good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["narrative"]
    lines = lines_of(good.seeds / file.path)
    place = lines[0].index("text")
    lines[1][place] = f"First line.{line_break}Second line."
    table = damaged(file, written(lines).encode())
    assert table.is_right and table.rows[0]["text"] == "First line.\nSecond line."


def test_a_quote_that_is_not_closed_takes_its_own_row_only(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["narrative"]
    lines = lines_of(good.seeds / file.path)
    text = written(lines).encode().split(b"\r\n")
    text[3] = text[3].replace(b",,", b',,"', 1)
    table = damaged(file, b"\r\n".join(text))
    assert [(f.code, f.row) for f in table.faults] == [("REFERENCE-QUOTE", 4)]
    assert len(table.rows) == len(lines) - 2
    # a text of several lines is one row all the same
    lines[1][3] = "First line.\nSecond line, with commas, as people write, and so on."
    assert len(damaged(file, written(lines).encode()).rows) == len(lines) - 1


def test_decimal_commas_are_read_where_semicolons_divide(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["targets"]
    lines = lines_of(good.seeds / file.path)
    lines[1][4] = "92,5"
    table = damaged(file, written(lines, ";").encode())
    assert str(table.rows[0]["target"]) == "92.500000"
    assert table.is_right


def test_of_days_that_may_be_written_month_first_none_is_used(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["targets"]
    lines = lines_of(good.seeds / file.path)
    day = lines[0].index("valid_from")
    for row, number in zip(lines[1:], range(1, len(lines)), strict=True):
        row[day] = f"4/{min(number, 25)}/2019"
    table = damaged(file, written(lines).encode())
    assert (table.rows, table.is_usable) == ((), False)
    assert [(f.code, f.row, f.column) for f in table.faults] == [
        ("REFERENCE-TYPE", 14, "valid_from")
    ]
    assert damaged(file, written(lines).encode(), kept=True).rows
    # one that is mistyped among others that can only be day first, or that tell themselves
    for others in ("13/4/2019", "2019-04-01"):
        for row in lines[1:]:
            row[day] = others
        lines[3][day] = "4/25/2019"
        table = damaged(file, written(lines).encode())
        assert [f.row for f in table.faults if f.code == "REFERENCE-TYPE"] == [4]
        assert table.is_whole and len(table.rows) > len(lines) / 2


def test_a_version_that_excel_took_for_a_number_is_the_version(
    good: Reference, damaged: Callable[..., Table]
) -> None:
    file = reference_files()["official_data_sets"]
    lines = lines_of(good.seeds / file.path)
    for row in lines[1:]:
        row[lines[0].index("version")] = "1"
    table = damaged(file, written(lines).encode())
    assert table.is_right and {each.version for each in data_sets(table.rows)} == {"1.0"}


BENCHMARKS = reference_files()["benchmarks"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "REFERENCE-MISSING"),
        (b"", "REFERENCE-UNREADABLE"),
        ("half", "REFERENCE-UNREADABLE"),
        ("renamed", "REFERENCE-COLUMNS"),
    ],
)
def test_benchmarks_that_cannot_be_read_are_stood_in_for(
    content: bytes | str | None,
    code: str,
    good: Reference,
    tmp_path: Path,
    damaged: Callable[..., Table],
) -> None:
    whole = (PROJECT / "seeds" / BENCHMARKS.path).read_bytes()
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "benchmarks.parquet").write_bytes(whole)
    if content == "half":
        content = whole[: len(whole) // 2]
    elif content == "renamed":
        table = pq.read_table(io.BytesIO(whole)).slice(0, 10)
        table = table.rename_columns([n.replace("value", "figure") for n in table.column_names])
        text = pa.BufferOutputStream()
        pq.write_table(table, text)
        content = text.getvalue().to_pybytes()
    table = damaged(BENCHMARKS, content, kept=True)
    assert len(table.rows) == 44_052
    assert (table.is_whole, table.faults[0].code) == (False, code)
