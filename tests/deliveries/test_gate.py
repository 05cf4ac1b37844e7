"""Files as a whole: what the gate refuses, what it lets in, and what stays."""

import gzip
import io
import os
import socket
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from orchestration.contract.extracts import EXTRACTS, INDICATOR_RETURNS
from orchestration.deliveries.gate.gate import pass_gate

HEADER = ",".join(INDICATOR_RETURNS.column_names)
ROW = "referrals_count,E06000005,month,2019-07-01,2019-07-31,48151,,,Told by Zebedee"
QUOTED = ROW.replace("Told by Zebedee", '"Told, by Zebedee"')


def lines(*rows: str, end: str = "\n") -> bytes:
    return "".join(row + end for row in rows).encode()


def spreadsheet() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<c><v>48151</v></c>")
    return content.getvalue()


def renamed(old: str, new: str) -> str:
    return HEADER.replace(old, new)


MISSING = HEADER.removesuffix(",source_note")

REFUSED = {
    "no bytes": (b"", "FILE-EMPTY", None),
    "only a byte-order mark": (b"\xef\xbb\xbf", "FILE-EMPTY", None),
    "only line ends": (b"\n\n\n", "HEADER-MISSING", 1),
    "an empty first line": (lines("", HEADER, ROW), "HEADER-MISSING", 1),
    "a header of empty cells": (lines(",,,,,,,,", ROW), "HEADER-MISSING", 1),
    "a header without rows": (lines(HEADER), "FILE-NO-ROWS", None),
    "a header without line end": (HEADER.encode(), "FILE-NO-ROWS", None),
    "a header and empty lines": (lines(HEADER, "", ""), "FILE-NO-ROWS", None),
    "no header": (lines(ROW, ROW), "HEADER-COLUMNS", 1),
    "a title above the header": (lines("Zebedee,,,,,,,,", HEADER, ROW), "HEADER-COLUMNS", 1),
    "a comment above the header": (lines("# by Zebedee", HEADER, ROW), "HEADER-COLUMNS", 1),
    "semicolons": (lines(HEADER, ROW).replace(b",", b";"), "HEADER-COLUMNS", 1),
    "tabs": (lines(HEADER, ROW).replace(b",", b"\t"), "HEADER-COLUMNS", 1),
    "a web page": (lines("<html><body>Sign in, Zebedee</body></html>"), "HEADER-COLUMNS", 1),
    "20,000 columns": (
        lines(",".join(f"q{place}" for place in range(20_000))),
        "HEADER-COLUMNS",
        1,
    ),
    "a missing column": (lines(MISSING, ROW.rpartition(",")[0]), "HEADER-COLUMNS", 1),
    "a renamed column": (lines(renamed("period_start", "begin"), ROW), "HEADER-COLUMNS", 1),
    "SQL for a column": (
        lines(renamed("value", '"value""; drop table x; --"'), ROW),
        "HEADER-COLUMNS",
        1,
    ),
    "an unnamed column": (lines(HEADER + ",", ROW + ","), "HEADER-COLUMNS", 1),
    "a column twice": (lines(HEADER + ",Value", ROW + ","), "HEADER-DUPLICATE", 1),
    "an unknown column twice": (lines(HEADER + ",Zed,zed", ROW + ",,"), "HEADER-DUPLICATE", 1),
    "a short row": (lines(HEADER, ROW, "referrals_count,E06000041"), "ROW-WIDTH", 3),
    "a long row": (lines(HEADER, ROW, ROW + ",more"), "ROW-WIDTH", 3),
    "an unquoted comma": (lines(HEADER, ROW, ROW + ", his son"), "ROW-WIDTH", 3),
    "a cut last row": (lines(HEADER, ROW, ROW)[:-50], "ROW-WIDTH", 3),
    "a footer": (lines(HEADER, ROW, "Made by Zebedee"), "ROW-WIDTH", 3),
    "query tool dashes": (lines(HEADER, "-----", ROW, "(1 rows affected)"), "ROW-WIDTH", 2),
    "two files joined": (lines(HEADER, ROW, HEADER, ROW), "ROW-HEADER-AGAIN", 3),
    "two files with marks joined": (
        lines("\ufeff" + HEADER, ROW, "\ufeff" + HEADER.upper(), ROW),
        "ROW-HEADER-AGAIN",
        3,
    ),
    "a quote never closed": (lines(HEADER, ROW, QUOTED[:-1], ROW), "ROW-QUOTING", 3),
    "a cut inside a quote": (lines(HEADER, ROW, QUOTED)[:-6], "ROW-QUOTING", 3),
    "an inner quote not doubled": (
        lines(HEADER, QUOTED.replace("by", 'by "old" Mr')),
        "ROW-QUOTING",
        2,
    ),
    "backslash escapes": (lines(HEADER, QUOTED.replace("by", r"by \"old\" Mr")), "ROW-QUOTING", 2),
    "a quote inside an unquoted field": (lines(HEADER, ROW + '"s" note'), "ROW-QUOTING", 2),
    "a space before a quote": (lines(HEADER, QUOTED.replace(',"', ', "')), "ROW-QUOTING", 2),
    "a quote in the header": (lines(HEADER + '"', ROW), "ROW-QUOTING", 1),
    "a field of 40,000 characters": (lines(HEADER, ROW + "x" * 40_000), "FIELD-SIZE", 2),
    "a quoted field of 5 MB": (lines(HEADER, f'{ROW[:-15]}"{"x" * 5_000_000}"'), "FIELD-SIZE", 2),
    "a quote open for 2 MB": (lines(HEADER, QUOTED[:-1], *[ROW] * 20_000), "FIELD-SIZE", 2),
    "3 MB without a line end": (b"z" * 3_000_000, "FIELD-SIZE", 1),
    "a spreadsheet": (spreadsheet(), "FILE-FORMAT", None),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(600), "FILE-FORMAT", None),
    "gzip": (gzip.compress(lines(HEADER, ROW)), "FILE-FORMAT", None),
    "cp1252": (lines(HEADER, ROW + " Zoë €").decode().encode("cp1252"), "FILE-ENCODING", 2),
    "one Latin-1 byte": (lines(HEADER, ROW, ROW + " Zoë")[:-3] + b"\xeb\n", "FILE-ENCODING", 3),
    "half a UTF-16 character": (
        lines(HEADER, ROW).decode().encode("utf-16")[:-1],
        "FILE-ENCODING",
        None,
    ),
    "random bytes": (bytes(range(128, 256)) * 4, "FILE-ENCODING", 1),
    "UTF-16 without its mark": (
        lines(HEADER, ROW).decode().encode("utf-16-le"),
        "FILE-CONTROL-CHAR",
        1,
    ),
    "a NUL": (lines(HEADER, ROW, ROW + "\0"), "FILE-CONTROL-CHAR", 3),
    "the tail of a crashed copy": (lines(HEADER, ROW) + bytes(4096), "FILE-CONTROL-CHAR", 3),
    "a terminal escape": (lines(HEADER, ROW + "\x1b[31m"), "FILE-CONTROL-CHAR", 2),
    "carriage returns alone": (lines(HEADER, ROW, end="\r"), "FILE-LINE-ENDS", 1),
    "CR LF, then LF": (lines(HEADER, ROW, end="\r\n") + lines(ROW), "FILE-LINE-ENDS", 3),
    "LF, then CR LF": (lines(HEADER, ROW) + lines(ROW, end="\r\n"), "FILE-LINE-ENDS", 3),
    "a stray CR after a quote": (lines(HEADER, QUOTED + "\r", ROW), "FILE-LINE-ENDS", 2),
}


@pytest.fixture(scope="module")
def desk_in_use(shared_desk, good):
    """A desk at which a good file was accepted."""
    assert shared_desk.deliver(good).outcome == "accepted"
    return shared_desk


@pytest.mark.parametrize("case", REFUSED)
def test_a_malformed_file_is_refused_and_the_last_good_rows_stay(
    case, desk_in_use, assert_promises
):
    content, code, line = REFUSED[case]
    raw_file = desk_in_use.paths.raw_file("indicator_returns", "2022-03")
    before = raw_file.read_bytes()

    receipt = desk_in_use.deliver(content)

    assert (receipt.outcome, receipt.codes, receipt.stands_in) == ("refused", code, "2022-03")
    where = "-" if line is None else f"line {line}"
    [message] = receipt.findings
    assert message.startswith(f"{code} | 2022-03/indicator_returns.csv | {where} | ")
    assert message.endswith(
        "the delivery for 2022-03 accepted on 2031-10-03 stays in use and its figures stay "
        "published"
    )
    assert receipt.rows_in_file == 0
    assert_promises(desk_in_use, receipt, content)
    assert raw_file.read_bytes() == before


ACCEPTED = {
    "line feeds": (lines(HEADER, ROW), ""),
    "CR LF": (lines(HEADER, ROW, end="\r\n"), ""),
    "a byte-order mark": (b"\xef\xbb\xbf" + lines(HEADER, ROW), ""),
    "UTF-16 with its mark": (lines(HEADER, ROW).decode().encode("utf-16"), ""),
    "no last line end": (lines(HEADER, ROW)[:-1], "FILE-NO-EOL"),
    "a header in other case": (lines(HEADER.upper().replace("_", " "), ROW), ""),
    "a quoted header": (lines('"' + HEADER.replace(",", '","') + '"', ROW), ""),
    "an empty line inside": (lines(HEADER, "", ROW, ""), ""),
    "one column too many": (lines(HEADER + ",child_name", ROW + ",Zebedee"), "COLUMN-UNKNOWN"),
    "columns in another order": (
        lines(",".join(HEADER.split(",")[::-1]), ",".join(ROW.split(",")[::-1])),
        "",
    ),
    "a comma and a quote in quotes": (lines(HEADER, QUOTED.replace("by", '""by""')), ""),
    "line ends in quotes": (lines(HEADER, QUOTED.replace("by", "b\ny\r\n,")), ""),
    "a line feed in quotes, CR LF elsewhere": (
        lines(HEADER, QUOTED.replace("by", "b\ny"), end="\r\n"),
        "",
    ),
    "a direction override and an emoji": (lines(HEADER, ROW + " \u202e🙂"), ""),
    "a formula in the note": (lines(HEADER, ROW.replace("Told", "=HYPERLINK(1)")), ""),
    "SQL in the note": (lines(HEADER, ROW + "'; drop table delivered; --"), ""),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_well_formed_file_is_loaded_with_every_cell_in_its_column(
    case, shared_desk, assert_promises
):
    content, codes = ACCEPTED[case]
    month = f"{2030 + list(ACCEPTED).index(case)}-01"

    receipt = shared_desk.deliver(content, month)

    assert (receipt.outcome, receipt.codes) == ("accepted", codes)
    assert (receipt.rows_in_file, receipt.loaded) == (1, 1)
    assert_promises(shared_desk, receipt, content)
    [(indicator, start, numerator, value, note)] = shared_desk.accepted(
        month, "indicator_id, period_start::text, numerator::text, value, source_note"
    )
    assert (indicator, start, numerator) == ("referrals_count", "2019-07-01", "48151.000000")
    assert value is None
    assert "Zebedee" in note


def test_a_row_is_reported_with_the_line_on_which_it_begins(desk, returns):
    bad = ROW.replace("48151", "many").replace("-07-", "-08-")
    content = lines(HEADER, QUOTED.replace("by", "by\nour\nown"), "", bad)
    assert desk.deliver(content).findings[0].startswith("NUMBER-FORMAT | ")
    assert desk.quarantined() == [(6, ["NUMBER-FORMAT"])]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("from_date", "column 4 is not in the contract; the missing one is `period_start`"),
        ("PeriodStart", "column 4 is not in the contract; the missing one is `period_start`"),
    ],
)
def test_a_renamed_column_is_answered_with_the_name_it_should_have(desk, name, advice):
    receipt = desk.deliver(lines(renamed("period_start", name), ROW))
    parts = receipt.findings[0].split(" | ")
    assert parts[3:5] == ["period_start", advice]
    assert name not in receipt.findings[0]


def test_several_missing_columns_are_all_named(desk):
    header = HEADER.replace("numerator", "zaehler").replace("period_end", "bis")
    parts = desk.deliver(lines(header, ROW)).findings[0].split(" | ")
    assert parts[3] == "period_end, numerator"
    assert "`period_end` is missing" in parts[4] and "`numerator` is missing" in parts[4]


def test_the_number_of_malformed_rows_is_told_with_the_first(desk):
    message = desk.deliver(lines(HEADER, ROW, "a,b", ROW, "a,b,c")).findings[0]
    assert "2 fields where the header has 9 (2 times, first here)" in message


def test_a_dropped_column_is_stored_nowhere(desk):
    bad = "unknown_count,E06000005,month,2019-08-01,2019-08-31,1,,,"
    desk.deliver(lines(HEADER + ",child_name", ROW + ",Ermintrude", bad + ",Ermintrude"))
    assert len(desk.accepted()) == len(desk.quarantined()) == 1
    data = desk.paths.raw.parent
    for folder in (desk.paths.raw, desk.paths.quarantine, desk.paths.ledger):
        for file in folder.rglob("*"):
            if file.is_file():
                assert b"Ermintrude" not in file.read_bytes(), file.relative_to(data)
    assert "child_name" not in str(desk.accepted(columns="columns(*)"))


def test_anything_but_an_ordinary_file_is_refused_without_being_opened(desk, tmp_path):
    target = tmp_path / "elsewhere.csv"
    target.write_bytes(lines(HEADER, ROW))
    folder = desk.put(b"").parent
    file = folder / INDICATOR_RETURNS.file_name
    file.unlink()

    def link_to(place: Path) -> None:
        file.symlink_to(place)

    def listen() -> None:
        # A socket's address is short; bind by its relative name.
        before = Path.cwd()
        os.chdir(folder)
        try:
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(file.name)
        finally:
            os.chdir(before)

    makers = {
        "link": lambda: link_to(target),
        "dangling link": lambda: link_to(tmp_path / "nowhere"),
        "pipe": lambda: os.mkfifo(file),
        "socket": listen,
        "folder": file.mkdir,
    }
    for kind, make in makers.items():
        make()
        receipt = desk.check_in(file)
        assert (receipt.outcome, receipt.codes) == ("refused", "FILE-TYPE"), kind
        assert str(tmp_path) not in receipt.findings[0]
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        else:
            file.unlink()


def test_a_file_that_may_not_be_read_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / INDICATOR_RETURNS.file_name
        file.write_bytes(lines(HEADER, ROW))
        file.chmod(0)
        Path(folder).chmod(0o755)
        user = os.geteuid()
        if user == 0:  # root may read everything: look with the eyes of another
            os.seteuid(65534)
        try:
            gate = pass_gate(file, INDICATOR_RETURNS)
        finally:
            os.seteuid(user)
    assert [found.code for found in gate.findings] == ["FILE-PERMISSION"]


def test_a_file_over_the_size_limit_is_refused_unread(desk):
    receipt = desk.deliver(lines(HEADER, *[ROW] * 15_000), max_bytes=2**20)
    assert (receipt.codes, receipt.sha256) == ("FILE-SIZE", "")
    assert " | at most 1 MiB | " in receipt.findings[0]


@pytest.mark.parametrize("name", ["indicator_returns 2022.csv", "Zebedee ' ; -- *.csv"])
def test_a_file_of_another_name_is_refused_and_its_name_is_not_told(desk, name):
    receipt = desk.check_in(desk.put(lines(HEADER, ROW), name=name))
    assert receipt.codes == "FILE-NAME"
    assert receipt.file == "2022-03/(a file of another name)"
    assert name not in receipt.findings[0]


def test_a_table_that_may_be_empty_is_accepted_without_rows(tmp_path):
    file = tmp_path / "ref_code_maps.csv"
    file.write_bytes(b"cms,column,source_value,standard_value\n")
    assert pass_gate(file, EXTRACTS["ref_code_maps"]).accepted


MEMORY = """
import resource, sys
from pathlib import Path
from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.gate.gate import pass_gate

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

before = used()
gate = pass_gate(Path(sys.argv[1]), EXTRACTS["ssd_person"])
print((used() - before) // Path(sys.argv[1]).stat().st_size, gate.accepted, len(gate.lines))
"""


@pytest.mark.parametrize(
    ("header", "line", "encoding", "accepted"),
    [
        ("pers_person_id", "12", "utf-8", True),
        ("pers_person_id", "\N{GRINNING FACE}", "utf-8", True),
        ("pers_person_id", "12", "utf-16", True),
        ("pers_person_id", "1,2", "utf-8", False),
        ("pers_person_id,pers_person_id", "12,1", "utf-8", False),
    ],
    ids=["short rows", "signs beyond the first plane", "UTF-16", "wide rows", "a column twice"],
)
def test_a_file_takes_a_few_times_its_size_of_memory_whatever_is_in_it(
    tmp_path: Path, header: str, line: str, encoding: str, accepted: bool
) -> None:
    file, count = tmp_path / "ssd_person.csv", 2_000_000
    rows = f"{line}\n" * count
    file.write_bytes(f"{header}\n{rows}".encode(encoding))
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(file)], capture_output=True, text=True, check=True
    )
    times, was_accepted, lines = done.stdout.split()
    assert int(times) <= 4
    assert (was_accepted, int(lines)) == (str(accepted), count if accepted else 0)
