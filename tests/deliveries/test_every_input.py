"""Every kind of input that was seen to go wrong somewhere: outcome, code, and what stays in use.

104 of them, numbered as in the catalogue that they were gathered in. For each: nothing is silently
wrong or wrongly let in, nothing hangs or raises, no message holds a cell, and the rows of the file
are those loaded, set aside or repeated.
"""

import csv
import gzip
import hashlib
import io
import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import CheckInError, check_in_deliveries
from orchestration.deliveries.gate.gate import os as gate_os
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.sources.folder import delivered_file, pending
from tests.deliveries.conftest import CATALOGUE, GEOGRAPHIES, Council, make_desk
from tests.deliveries.generated import csv_bytes
from tests.test_repository import PROJECT

EPISODES = "ssd_early_help_episodes"
NAMES = EXTRACTS[EPISODES].column_names
ID, PERSON, START, END, REASON = NAMES[:5]
HEADER = ",".join(NAMES)
BEFORE, MONTH = "2026-02", "2026-03"
SECRETS = ("Zebedee", "Quillfeather", "ZQ-", "48151")
Rows = list[dict[str, str]]


def episode(number: int, **more: str) -> dict[str, str]:
    start = date(2026, 1, 20) - timedelta(days=5 * (number % 1_000))
    row = {
        ID: f"ZQ-E{number}",
        PERSON: f"ZQ-P{number}",
        START: start.isoformat(),
        END: (start + timedelta(days=5)).isoformat(),
        REASON: "Zebedee Quillfeather",
        NAMES[5]: "helped",
        NAMES[6]: "North team",
    }
    return {**row, **more}


def rows(count: int = 40, **first: str) -> Rows:
    """`count` good rows; those cells of the first one changed."""
    return [episode(0, **first), *(episode(number) for number in range(1, count))]


def file_of(some: Sequence[Mapping[str, str]], names: Sequence[str] = NAMES) -> bytes:
    return csv_bytes(names, [{name: "", **row} for row in some for name in [names[0]]])


GOOD = file_of(rows())
TEXT = GOOD.decode()
LAST = TEXT.splitlines()[-1]


def with_line(line: str) -> bytes:
    return (TEXT + line + "\n").encode()


def with_header(header: str) -> bytes:
    return TEXT.replace(HEADER, header, 1).encode()


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, GOOD)
    return content.getvalue()


@dataclass(frozen=True)
class Input:
    """A file of early help episodes, and what is right for it."""

    number: int
    name: str
    content: bytes | Callable[[], bytes]
    outcome: str
    codes: str
    set_aside: int = 0
    holds: Mapping[str, object] = field(default_factory=dict)  # SQL over the rows -> its value


def refused(number: int, name: str, content: bytes | Callable[[], bytes], code: str) -> Input:
    return Input(number, name, content, "refused", code)


def let_in(
    number: int,
    name: str,
    content: bytes | Callable[[], bytes],
    codes: str = "",
    set_aside: int = 0,
    **holds: object,
) -> Input:
    return Input(number, name, content, "accepted", codes, set_aside, holds)


def quarantined(number: int, name: str, code: str, **cells: str) -> Input:
    return let_in(number, name, file_of(rows(**cells)), code, 1)


COUNT = "count(*)"
FIRST = f"min({START}) filter (where {ID} = 'ZQ-E0')"


def dated(number: int, name: str, written: str, meant: date) -> Input:
    content = file_of(rows(**{START: written, END: ""}))
    return let_in(number, name, content, **{FIRST: meant})


def noted(number: int, name: str, note: str, codes: str = "") -> Input:
    content = file_of(rows(**{REASON: note}))
    return let_in(number, name, content, codes, **{f"count(*) filter (where {REASON} = $note)": 1})


FILES = [
    refused(2, "0 bytes", b"", "FILE-EMPTY"),
    refused(3, "only line ends", b"\n\n\n", "HEADER-MISSING"),
    refused(4, "header only", (HEADER + "\n").encode(), "FILE-NO-ROWS"),
    refused(5, "no header", TEXT.partition("\n")[2].encode(), "HEADER-COLUMNS"),
    refused(6, "cut in mid-row", GOOD[: GOOD.rindex(b",helped") - 20], "ROW-WIDTH"),
    refused(7, "cut in a quote", with_line(LAST[:-1] + ',"Zebedee')[:-1], "ROW-QUOTING"),
    refused(9, "cut before the last values", GOOD[: GOOD.rindex(b",")], "ROW-WIDTH"),
    refused(15, "Windows-1252", file_of(rows(**{REASON: "Zoë \u2019s"})).decode().encode("cp1252"),
            "FILE-ENCODING"),
    refused(16, "one Latin-1 byte in row 30,001",
            lambda: file_of(rows(30_002)).replace(b"ZQ-E30001,", b"ZQ-E3000\xeb,"),
            "FILE-ENCODING"),
    let_in(17, "UTF-16 with its mark", TEXT.encode("utf-16"), **{COUNT: 40}),
    refused(18, "UTF-16 without its mark", TEXT.encode("utf-16-le"), "FILE-CONTROL-CHAR"),
    let_in(19, "UTF-8 with a mark", b"\xef\xbb\xbf" + GOOD, **{COUNT: 40}),
    noted(20, "letters of another encoding", "ZoÃ«â€™s", "TEXT-MOJIBAKE"),
    dated(21, "dd/mm/yyyy", "05/04/2024", date(2024, 4, 5)),
    let_in(22, "dates of three kinds",
           file_of([episode(0, **{START: "2024-04-05", END: ""}),
                    episode(1, **{START: "05/04/2024", END: ""}),
                    episode(2, **{START: "2024-04-05 10:30:00", END: ""}), *rows(40)[3:]]),
           **{f"count(*) filter (where {START} = date '2024-04-05' and {END} is null)": 3}),
    quarantined(23, "a spreadsheet's day number", "DATE-FORMAT", **{START: "45383"}),
    quarantined(24, "a year of two digits", "DATE-FORMAT", **{START: "24/04/03"}),
    dated(25, "one second before midnight", "2024-04-05 23:59:59", date(2024, 4, 5)),
    dated(26, "half past midnight in summer", "2024-04-05T00:30:00+01:00", date(2024, 4, 5)),
    quarantined(28, "29 February of another year", "DATE-IMPOSSIBLE", **{START: "2023-02-29"}),
    quarantined(28, "the noughth day", "DATE-IMPOSSIBLE", **{START: "0000-00-00"}),
    quarantined(29, "the end of time", "DATE-RANGE", **{END: "9999-12-31"}),
    quarantined(29, "infinity", "DATE-FORMAT", **{START: "infinity"}),
    quarantined(29, "the placeholder for no date", "FIELD-MISSING", **{START: "1900-01-01"}),
    refused(30, "line ends of two kinds", GOOD.replace(b"\n", b"\r\n", 3), "FILE-LINE-ENDS"),
    refused(31, "carriage returns alone", GOOD.replace(b"\n", b"\r"), "FILE-LINE-ENDS"),
    let_in(32, "no last line end", GOOD[:-1], "FILE-NO-EOL", **{COUNT: 40}),
    noted(33, "line end, comma and quote in quotes", 'Zebedee,\n"himself"'),
    refused(34, "a quote never closed", with_line(LAST.replace("helped", '"helped')),
            "ROW-QUOTING"),
    refused(35, "inner quotes not doubled", with_line(LAST.replace("helped", '"a "b" c"')),
            "ROW-QUOTING"),
    refused(36, "backslash escapes", with_line(LAST.replace("helped", r'"a \"b\" c"')),
            "ROW-QUOTING"),
    let_in(37, "a column too many",
           file_of([{**row, "child_name": "Zebedee"} for row in rows()], (*NAMES, "child_name")),
           "COLUMN-UNKNOWN", **{COUNT: 40}),
    refused(38, "a column missing", file_of([{k: v for k, v in row.items() if k != START}
                                             for row in rows()],
                                            [name for name in NAMES if name != START]),
            "HEADER-COLUMNS"),
    refused(39, "a column renamed", with_header(HEADER.replace(START, "earl_start")),
            "HEADER-COLUMNS"),
    let_in(40, "columns in another order", file_of(rows(), NAMES[::-1]),
           **{f"count(*) filter (where {REASON} like 'Zebedee%' and {ID} like 'ZQ-E%')": 40}),
    refused(41, "a column twice", with_header(HEADER.replace(NAMES[6], REASON)).replace(
        b"North team", b""), "HEADER-DUPLICATE"),
    let_in(42, "a header in other letters", with_header(HEADER.upper().replace("_", " ")),
           **{COUNT: 40}),
    refused(43, "a column without name",
            "\n".join(line + "," for line in TEXT.splitlines()).encode() + b"\n",
            "HEADER-COLUMNS"),
    refused(44, "a title above the header", b"Early help of Zebedee\n" + GOOD, "HEADER-COLUMNS"),
    let_in(45, "a footer", with_line("Total rows: 40"), "ROW-CLOSING", 1, **{COUNT: 40}),
    refused(45, "a footer of other words", with_line("Zebedee made this"), "ROW-WIDTH"),
    refused(46, "a query tool's dashes", with_header(HEADER + "\n-----"), "ROW-WIDTH"),
    refused(47, "a short row", with_line(LAST.rpartition(",")[0]), "ROW-WIDTH"),
    refused(48, "a long row", with_line(LAST + ",Zebedee"), "ROW-WIDTH"),
    refused(49, "a comma in a name", with_line(LAST.replace("helped", "Quillfeather, Zebedee")),
            "ROW-WIDTH"),
    refused(50, "semicolons", GOOD.replace(b",", b";"), "HEADER-COLUMNS"),
    refused(50, "tabs", GOOD.replace(b",", b"\t"), "HEADER-COLUMNS"),
    refused(50, "pipes", GOOD.replace(b",", b"|"), "HEADER-COLUMNS"),
    let_in(52, "words for nothing",
           file_of([episode(0, **{END: "NULL"}), episode(1, **{END: "N/A"}),
                    episode(2, **{END: "-"}), *rows(40)[3:]]),
           "NULL-TOKEN", **{f"count(*) filter (where {END} is null)": 3}),
    let_in(53, "numbers that look like nothing or an amount",
           file_of([episode(0, **{ID: "NA"}), episode(1, **{ID: "null"}), episode(2, **{ID: "1E5"}),
                    *rows(40)[3:]]),
           **{f"count(*) filter (where {ID} in ('NA', 'NULL', '1E5'))": 3}),
    let_in(54, "spaces around a cell", file_of(rows(**{ID: "\xa0ZQ-E0 "})), "TEXT-TRIM",
           **{f"count(*) filter (where {ID} = 'ZQ-E0')": 1}),
    let_in(55, "leading noughts", file_of(rows(**{ID: "000012"})),
           **{f"count(*) filter (where {ID} = '000012')": 1}),
    let_in(56, "20 digits", file_of(rows(**{ID: "12345678901234567890"})),
           **{f"count(*) filter (where {ID} = '12345678901234567890')": 1}),
    quarantined(57, "a number with a point and nought", "ID-NUMERIC", **{ID: "481516.0"}),
    quarantined(58, "a number cut to powers of ten", "ID-SCIENTIFIC", **{ID: "1.23E+11"}),
    let_in(59, "another type from row 30,001",
           lambda: file_of([*(episode(n % 700, **{ID: str(n)}) for n in range(30_000)), *rows(3)]),
           "ROWS-END-EARLY", **{COUNT: 30_003}),
    refused(60, "a NUL", with_line(LAST.replace("helped", "hel\0ped")), "FILE-CONTROL-CHAR"),
    refused(61, "the tail of a crashed copy", GOOD + bytes(4096), "FILE-CONTROL-CHAR"),
    refused(62, "a terminal's escape", with_line(LAST.replace("helped", "\x1b[31m")),
            "FILE-CONTROL-CHAR"),
    noted(63, "an emoji and a direction override", "Zebedee \u202e🙂"),
    refused(64, "a field of 5 MB", lambda: with_line(LAST.replace("helped", "x" * 5_000_000)),
            "FIELD-SIZE"),
    refused(65, "30 MB without a line end", lambda: b"z" * 30_000_000, "FIELD-SIZE"),
    noted(66, "a formula", '=HYPERLINK("http://zebedee")'),
    noted(67, "SQL in a cell", "Zebedee'; drop table delivered; --"),
    refused(68, "SQL in the header",
            with_header(HEADER.replace(START, '"x""; drop table delivered; --"')),
            "HEADER-COLUMNS"),
    noted(69, "a script", "<script>Zebedee</script>"),
    refused(70, "a spreadsheet", zipped("xl/workbook.xml"), "FILE-FORMAT"),
    refused(71, "a sign-in page", b"<html><body>Sign in, Zebedee</body></html>\n",
            "HEADER-COLUMNS"),
    refused(72, "gzip", gzip.compress(GOOD), "FILE-FORMAT"),
    refused(73, "random bytes", random.Random(73).randbytes(4_096).replace(b"\0", b"\xfe"),
            "FILE-ENCODING"),
    refused(74, "20,000 columns", (",".join(f"q{n}" for n in range(20_000)) + "\n").encode(),
            "HEADER-COLUMNS"),
    let_in(75, "every row twice", lambda: file_of([*rows(), *rows()]), "ROW-DUPLICATE",
           **{COUNT: 40}),
    let_in(76, "one key, two contents", file_of([*rows(), episode(0, **{END: "2026-01-24"})]),
           "KEY-CONFLICT", 2),
    let_in(77, "empty lines inside", GOOD.replace(b"\n", b"\n\n", 4), **{COUNT: 40}),
    let_in(78, "a row of empty fields", with_line("," * (len(NAMES) - 1)), "ROW-BLANK", 1),
    refused(79, "a comment line", b"# made by Zebedee\n" + GOOD, "HEADER-COLUMNS"),
    refused(80, "two files joined", GOOD + GOOD, "ROW-HEADER-AGAIN"),
    let_in(81, "200,000 good rows",
           lambda: file_of([episode(n % 700, **{ID: f"ZQ-E{n}"}) for n in range(200_000)]),
           "ROWS-END-EARLY", **{COUNT: 200_000}),
    refused(89, "an archive with a way out of its folder", zipped("../../etc/Zebedee.csv"),
            "FILE-FORMAT"),
    quarantined(92, "an end before its start", "END-BEFORE-START", **{END: "2023-12-31"}),
    quarantined(93, "a date after the delivery's last day", "DATE-FUTURE",
                **{START: "2026-04-01", END: ""}),
]  # fmt: skip


@pytest.fixture(scope="module")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """A council whose episodes of the month before are in use."""
    made = Council(make_desk(tmp_path_factory.mktemp("in_use")).paths)
    made.put_bytes(EPISODES, file_of(rows(39)), BEFORE)
    receipt = one(made, EPISODES, BEFORE)
    assert (receipt.outcome, receipt.loaded) == ("accepted", 39)
    return made


@pytest.fixture
def council(in_use: Council, tmp_path: Path) -> Council:
    """A copy of that council."""
    shutil.copytree(in_use.paths.raw.parent, tmp_path, dirs_exist_ok=True)
    return Council(make_desk(tmp_path).paths, now=in_use.now)


def one(council: Council, extract: str, month: str = MONTH, **options: object) -> Receipt:
    """Check in the extract alone and see that the promises hold that are made for every file."""
    council.now += timedelta(minutes=1)
    [receipt] = check_in_deliveries(
        [month],
        [EXTRACTS[extract]],
        CATALOGUE,
        GEOGRAPHIES,
        council.paths,
        council.now,
        **options,  # type: ignore[arg-type]
    )[month]
    assert_promises(receipt)
    return receipt


def assert_promises(receipt: Receipt) -> None:
    counted = receipt.loaded + receipt.quarantined + receipt.duplicates
    assert receipt.rows_in_file == counted
    for message in receipt.findings:
        parts = message.split(" | ")
        assert len(parts) == 8 and all(parts), message
        assert not [secret for secret in SECRETS if secret in message], message


@pytest.mark.parametrize("each", FILES, ids=[f"{each.number} {each.name}" for each in FILES])
def test_what_becomes_of_the_file(each: Input, council: Council) -> None:
    content = each.content if isinstance(each.content, bytes) else each.content()
    in_use = council.paths.raw_file(EPISODES, BEFORE).read_bytes()
    council.put_bytes(EPISODES, content)

    receipt = one(council, EPISODES)

    assert (receipt.outcome, receipt.codes) == (each.outcome, each.codes)
    assert council.paths.raw_file(EPISODES, BEFORE).read_bytes() == in_use
    if each.outcome == "refused":
        assert receipt.stands_in == BEFORE
        assert "stays in use and its figures stay published" in receipt.findings[0]
        assert not council.paths.raw_file(EPISODES, MONTH).exists()
        return
    assert receipt.quarantined == each.set_aside
    assert council.rows(EPISODES, COUNT) == [(receipt.loaded,)]
    [note] = [row[REASON] for row in rows(1)]
    for asked, value in each.holds.items():
        if "$note" in asked:
            text = io.StringIO(content.decode(), newline="")
            note = next(csv.DictReader(text))[REASON].replace("'", "''")
        assert council.rows(EPISODES, asked.replace("$note", f"'{note}'")) == [(value,)], asked


def test_1_an_expected_file_is_missing(council: Council) -> None:
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes, receipt.stands_in) == (
        "missing",
        "FILE-MISSING",
        BEFORE,
    )


def test_4_a_header_alone_is_believed_where_a_table_may_be_empty(council: Council) -> None:
    council.put("ext_asye_intakes")
    assert one(council, "ext_asye_intakes").outcome == "accepted"


def manifest(council: Council, extract: str, content: bytes, count: int, **more: str) -> None:
    row = {
        "extract": extract,
        "extracted_at": "2026-04-01T06:00:00",
        "data_as_at": "2026-03-31",
        "source_system": "mosaic",
        "row_count": str(count),
        "sha256": hashlib.sha256(content).hexdigest(),
        **more,
    }
    council.put("extract_manifest", row)
    assert one(council, "extract_manifest").outcome == "accepted"


def test_8_a_file_cut_at_the_end_of_a_row(council: Council) -> None:
    council.put_bytes(EPISODES, file_of(rows(200)), BEFORE)
    assert one(council, EPISODES, BEFORE).outcome == "accepted"
    council.put_bytes(EPISODES, file_of(rows(120)))
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes, receipt.stands_in) == ("refused", "VOLUME-DROP", BEFORE)
    # a control total tells it even of the last row
    content = file_of(rows(199))
    council.put_bytes(EPISODES, content)
    manifest(council, EPISODES, file_of(rows(200)), 200)
    assert one(council, EPISODES).codes == "FILE-CUT-SHORT"


def test_9_a_file_cut_in_its_last_value(council: Council) -> None:
    council.put_bytes(EPISODES, GOOD[:-3])
    manifest(council, EPISODES, GOOD, 40)
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes) == ("refused", "FILE-NO-EOL FILE-CUT-SHORT")


def test_10_a_file_that_is_still_growing(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    file = council.put_bytes(EPISODES, GOOD)
    asked = os.fstat
    seen: list[int] = []

    def growing(descriptor: int) -> os.stat_result:
        seen.append(descriptor)
        if len(seen) == 2:
            file.write_bytes(GOOD + GOOD.partition(b"\n")[2])
        return asked(descriptor)

    monkeypatch.setattr(gate_os, "fstat", growing)
    assert one(council, EPISODES).codes == "FILE-NOT-STABLE"
    monkeypatch.undo()
    assert one(council, EPISODES).outcome == "accepted"


def test_11_the_same_bytes_twice(council: Council) -> None:
    council.put_bytes(EPISODES, GOOD)
    assert one(council, EPISODES).outcome == "accepted"
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("unchanged", "DUP-DELIVERY", 40)


def test_12_other_bytes_for_the_same_month(council: Council) -> None:
    council.put_bytes(EPISODES, GOOD)
    one(council, EPISODES)
    council.put_bytes(EPISODES, file_of(rows(41)))
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "SUPERSEDED", 41)


def test_13_an_older_extract_after_a_newer_one(council: Council) -> None:
    council.put_bytes(EPISODES, GOOD, "2026-01")
    receipt = one(council, EPISODES, "2026-01")
    assert (receipt.outcome, receipt.codes) == ("accepted", "OUT-OF-ORDER")
    assert council.paths.raw_file(EPISODES, BEFORE).exists()
    # within a month the day that the data cover decides
    council.put_bytes(EPISODES, GOOD)
    one(council, EPISODES)
    older = file_of(rows(38))
    council.put_bytes(EPISODES, older)
    manifest(council, EPISODES, older, 38, data_as_at="2026-03-30")
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes) == ("refused", "AS-AT-OLDER")
    assert council.rows(EPISODES, COUNT) == [(40,)]


def test_14_extracts_of_different_days(council: Council) -> None:
    row = {"extracted_at": "2026-04-01", "row_count": "1", "sha256": "0" * 64}
    row["source_system"] = "mosaic"
    days = {"ssd_person": "2026-03-31", EPISODES: "2026-03-30"}
    council.put(
        "extract_manifest",
        *({**row, "extract": extract, "data_as_at": day} for extract, day in days.items()),
    )
    receipt = one(council, "extract_manifest")
    assert (receipt.outcome, receipt.codes) == ("accepted", "AS-AT-MIXED")


def test_27_half_past_one_when_the_clocks_change(council: Council) -> None:
    nights = ["2025-03-30 01:30", "2025-10-26 01:30", "2025-10-26T01:30:00+01:00"]
    empty = dict.fromkeys(EXTRACTS["ext_missing_episodes"].column_names, "")
    council.put(
        "ext_missing_episodes",
        *(
            {**empty, "missing_id": f"{n}", "person_id": f"ZQ-{n}", "missing_from_at": night}
            | {"time_precision": "minute", "setting": "care", "incident_type": "missing"}
            for n, night in enumerate(nights)
        ),
    )
    receipt = one(council, "ext_missing_episodes")
    assert receipt.outcome == "accepted", receipt.findings
    told = council.rows("ext_missing_episodes", "missing_id, missing_from_at::text")
    # the hour that the clocks skip is read as the one after it
    assert dict(told) == {
        "0": "2025-03-30 02:30:00",
        "1": "2025-10-26 01:30:00",
        "2": "2025-10-26 01:30:00",
    }


def test_51_numbers_with_commas(council: Council) -> None:
    council.put("ext_asye_intakes", {"intake_year": "2025", "applications": "1,234"})
    assert one(council, "ext_asye_intakes").outcome == "accepted"
    assert council.rows("ext_asye_intakes", "applications") == [(1234,)]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (82, f"{EPISODES} ' ; -- {{0}}%s$(id)\u202e.csv"),
        (82, f"{EPISODES}\nZebedee.csv"),
        (83, f"{EPISODES}*.csv"),
    ],
)
def test_82_and_83_a_name_that_no_extract_has(number: int, name: str, council: Council) -> None:
    file = council.put_bytes(EPISODES, GOOD)
    file.rename(file.with_name(name))
    assert delivered_file(council.paths.incoming, MONTH, EXTRACTS[EPISODES]).name == name
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes) == ("refused", "FILE-NAME")
    assert receipt.file == f"{MONTH}/(a file of another name)"


@pytest.mark.parametrize("name", ["~${}", ".{}.swp", "{}.tmp", "{}.partial"])
def test_84_unfinished_files_are_left_alone(name: str, council: Council) -> None:
    file = council.put_bytes(EPISODES, GOOD)
    file.rename(file.with_name(name.format(file.name)))
    assert not [
        each
        for each in pending(council.paths, council.now.date(), *ROW_LEVEL)
        if each.month == MONTH
    ]
    assert one(council, EPISODES).outcome == "missing"


@pytest.mark.parametrize("name", ["{} (1).csv", "{}(2).csv", "{} - Copy.csv", "{} - Copy (2).csv"])
def test_85_a_copy_is_the_extract(name: str, council: Council) -> None:
    older = council.put_bytes(EPISODES, file_of(rows(38)))
    os.utime(older, (1_000, 1_000))
    copy = older.with_name(name.format(EPISODES))
    copy.write_bytes(GOOD)
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "FILE-NAME-COPY", 40)


def test_86_to_88_what_is_no_ordinary_file(council: Council, tmp_path) -> None:
    file = council.put_bytes(EPISODES, GOOD)
    file.unlink()
    makers: dict[str, Callable[[], object]] = {
        "link": lambda: file.symlink_to("/etc/passwd"),
        "dangling link": lambda: file.symlink_to(tmp_path / "nowhere"),
        "pipe": lambda: os.mkfifo(file),
        "folder": file.mkdir,
    }
    for kind, make in makers.items():
        make()
        receipt = one(council, EPISODES)
        assert (receipt.outcome, receipt.codes) == ("refused", "FILE-TYPE"), kind
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        else:
            file.unlink()


def test_90_the_drop_folder_is_gone(council: Council) -> None:
    incoming = council.paths.incoming
    incoming.rename(incoming.with_name("elsewhere"))
    for _ in ("not there", "not mounted"):
        with pytest.raises(CheckInError, match=r"^LANDING-GONE \| .* mount it again"):
            one(council, EPISODES)
        incoming.mkdir(exist_ok=True)
    incoming.rmdir()
    incoming.with_name("elsewhere").rename(incoming)
    assert one(council, EPISODES, BEFORE).outcome == "unchanged"


PERSON_ROW = {"pers_person_id": "ZQ-P1", "pers_dob": "2012-05-01"}


def lived(council: Council, *episodes: dict[str, str], **person: str) -> Receipt:
    """Check in a child of that life with those episodes, among good ones."""
    council.put("ssd_person", {**PERSON_ROW, **person}, *({"pers_person_id": f"ZQ-P{n}"} for n in
                                                          range(2, 40)))  # fmt: skip
    council.put(EPISODES, *episodes, *(episode(n) for n in range(2, 40)))
    receipts = council.check_in()
    for receipt in receipts.values():
        assert_promises(receipt)
    return receipts[EPISODES]


def test_91_an_orphan(council: Council) -> None:
    receipt = lived(council, episode(99))
    assert (receipt.outcome, receipt.codes) == ("accepted", "FK-ORPHAN")
    assert council.rows(EPISODES, f"count(*) filter (where {PERSON} is null)") == [(1,)]


@pytest.mark.parametrize(
    ("number", "code", "person", "start"),
    [
        (95, "", {"pers_dob": "", "pers_expected_dob": "2026-08-01"}, "2026-03-01"),
        (95, "", {"pers_dob": "2024-11-01"}, "2024-01-01"),
        (95, "BEFORE-BIRTH", {"pers_dob": "2024-11-02"}, "2024-01-01"),
        (96, "", {"pers_death_date": "2024-01-01"}, "2024-01-01"),
        (96, "AFTER-DEATH", {"pers_death_date": "2023-12-31"}, "2024-01-01"),
        (97, "", {"pers_dob": "1998-01-02"}, "2024-01-01"),
        (97, "AGE-RANGE", {"pers_dob": "1998-01-01"}, "2024-01-01"),
    ],
)
def test_95_to_97_events_outside_a_childs_life(
    number: int, code: str, person: dict[str, str], start: str, council: Council
) -> None:
    receipt = lived(council, episode(1, **{START: start, END: ""}), **person)
    assert (receipt.outcome, receipt.codes) == ("accepted", code), receipt.findings
    assert receipt.quarantined == bool(code)


def test_97_somebody_of_150_years(council: Council) -> None:
    council.put("ssd_person", {**PERSON_ROW, "pers_dob": "1876-05-01"}, {"pers_person_id": "ZQ-2"})
    receipt = one(council, "ssd_person")
    assert (receipt.outcome, receipt.codes, receipt.quarantined) == ("accepted", "DATE-RANGE", 1)


def plan(number: int, start: str, end: str) -> dict[str, str]:
    return {
        "cppl_cp_plan_id": f"ZQ-{number}",
        "cppl_person_id": "ZQ-P1",
        "cppl_cp_plan_ola": "N",
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
    }


@pytest.mark.parametrize(
    ("number", "code", "spans"),
    [
        (94, "OVERLAP", [("2024-01-01", "2024-06-01"), ("2024-05-31", "2024-09-01")]),
        (94, "OVERLAP", [("2024-01-01", ""), ("2024-05-31", "2024-09-01")]),
        (94, "", [("2024-01-01", "2024-06-01"), ("2024-06-01", "2024-09-01")]),
        (98, "OPEN-TWICE", [("2024-01-01", ""), ("2024-05-31", "")]),
    ],
)
def test_94_and_98_plans_side_by_side_are_told_and_kept(
    number: int, code: str, spans: list[tuple[str, str]], council: Council
) -> None:
    # the figures count the child once; without the rows it would be missing from them
    council.put("ssd_cp_plans", *(plan(n, *span) for n, span in enumerate(spans)))
    receipt = one(council, "ssd_cp_plans")
    told = set(receipt.codes.split()) - {"CODE-UNKNOWN"}
    assert (receipt.outcome, receipt.loaded, told) == ("accepted", 2, {code} - {""})


def test_99_an_unknown_code(council: Council) -> None:
    status = {
        "lega_legal_status_id": "ZQ-1",
        "lega_person_id": "ZQ-P1",
        "lega_legal_status": "Quillfeather",
        "lega_legal_status_start_date": "2024-01-01",
    }
    council.put("ssd_legal_status", status)
    receipt = one(council, "ssd_legal_status")
    assert (receipt.outcome, receipt.codes, receipt.loaded) == ("accepted", "CODE-UNKNOWN", 1)


@pytest.mark.parametrize(("count", "held"), [(139, True), (140, False), (300, False), (301, True)])
def test_100_another_number_of_rows(count: int, held: bool, council: Council) -> None:
    council.put_bytes(EPISODES, file_of(rows(200)), BEFORE)
    one(council, EPISODES, BEFORE)
    file = council.put_bytes(EPISODES, file_of(rows(count)))
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes) == (
        ("refused", "VOLUME-DROP") if held else ("accepted", "")
    )
    if held:
        assert receipt.stands_in == BEFORE
        released = one(council, EPISODES, released=[receipt.sha256])
        assert (released.outcome, released.loaded) == ("accepted", count)
    assert file.exists()


def test_100_a_shorter_reach_explains_fewer_rows(council: Council) -> None:
    for month, count, years in ((BEFORE, 200, "6"), (MONTH, 60, "2")):
        content = file_of(rows(count))
        council.put_bytes(EPISODES, content, month)
        row = {"extract": EPISODES, "extracted_at": "2026-04-01", "data_as_at": f"{month}-28"}
        row |= {"row_count": str(count), "sha256": "0" * 64, "timeframe_years": years}
        row["source_system"] = "mosaic"
        council.put("extract_manifest", row, month=month)
        assert one(council, "extract_manifest", month).outcome == "accepted"
        assert one(council, EPISODES, month).outcome == "accepted"


@pytest.mark.parametrize(("renumbered", "code"), [(24, ""), (25, "ID-CHURN")])
def test_102_people_renumbered(renumbered: int, code: str, council: Council) -> None:
    people = [{"pers_person_id": f"ZQ-{n}"} for n in range(120)]
    council.put("ssd_person", *people, month=BEFORE)
    one(council, "ssd_person", BEFORE)
    new = [{"pers_person_id": f"ZQ-new{n}"} for n in range(renumbered)]
    council.put("ssd_person", *new, *people[renumbered:])
    receipt = one(council, "ssd_person")
    assert (receipt.outcome, receipt.codes) == ("accepted", code)


def test_104_a_file_dated_tomorrow(council: Council) -> None:
    file = council.put_bytes(EPISODES, GOOD)
    later = (council.now + timedelta(days=2)).timestamp()
    os.utime(file, (later, later))
    receipt = one(council, EPISODES)
    assert (receipt.outcome, receipt.codes) == ("accepted", "AS-AT-FUTURE")


ELSEWHERE = {
    101: "tests/defs/test_history.py",
    66: "tests/documents/test_tables.py",  # what is let in as text is no formula in the exports
    103: "tests/reference/test_benchmarks.py",
}


def test_the_list_is_whole() -> None:
    source = (PROJECT / "tests/deliveries/test_every_input.py").read_text(encoding="utf-8")
    here = {each.number for each in FILES}
    names = re.findall(r"^def test_([0-9]+)_(?:(and|to)_([0-9]+)_)?", source, re.MULTILINE)
    for first, word, last in names:
        here |= set(range(int(first), int(last) + 1)) if word == "to" else {int(first)}
        here |= {int(last)} if word else set()
    assert here | set(ELSEWHERE) == set(range(1, 105))
    assert all((PROJECT / file).exists() for file in ELSEWHERE.values())
