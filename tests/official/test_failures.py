"""What goes wrong on the way is said by its code, and the figures that are there stay."""

import gzip
import os
import resource
import signal
import time
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.official.faults import CODES
from orchestration.official.refresh import write
from tests.official.api import Answer, packed, page, plain, problem
from tests.official.conftest import REFERRALS, Council, as_csv, codes

Damage = Callable[[Council], None]
LAST = date(2025, 3, 31)


def answers(path: str, *told: Answer | Callable[[BaseHTTPRequestHandler], None]) -> Damage:
    """The service answers so to a path before it answers rightly."""
    return lambda council: council.api.first.update({path: list(told)})


def cells(change: Callable[[dict[str, str]], dict[str, str]]) -> Damage:
    """The file has other cells or columns."""

    def damage(council: Council) -> None:
        council.api.files[REFERRALS, "1.0"] = as_csv([change(row) for row in council.cells])

    return damage


def renamed(column: str, to: str) -> Damage:
    return cells(lambda row: {to if name == column else name: c for name, c in row.items()})


def withdrawn(council: Council) -> None:
    council.api.versions[REFERRALS][0]["status"] = "Withdrawn"
    council.publish("2.0")


def gone(council: Council) -> None:
    council.api.versions.clear()
    council.api.files.clear()
    council.publish("2.0")


def nothing(council: Council) -> None:
    council.api.versions.clear()


def newer_in_another_shape(council: Council) -> None:
    council.publish("1.1")
    council.api.first["/changes"] = [plain({"majorChanges": {"filters": ["x"]}})]


def cut_off_gzip(council: Council) -> None:
    status, headers, body = packed(as_csv(council.cells))
    council.api.first["/csv"] = [(status, headers, body[: len(body) // 2])]


def cut_off_connection(council: Council) -> None:
    status, headers, body = packed(as_csv(council.cells))
    headers = headers | {"Content-Length": str(2 * len(body))}
    council.api.first["/csv"] = [(status, headers, body)]


def fewer_rows(council: Council) -> None:
    council.api.first["/csv"] = [packed(as_csv(council.cells[:-100]))]


def silent(council: Council) -> None:
    def wait(_: BaseHTTPRequestHandler) -> None:
        council.api.closing.wait(5)

    council.api.first["/versions"] = [wait] * 9


def silent_amid_the_file(council: Council) -> None:
    def wait(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"time_period,")
        handler.wfile.flush()
        council.api.closing.wait(5)

    council.api.first["/csv"] = [wait]


def not_a_text(council: Council) -> None:
    body = gzip.compress(as_csv(council.cells).encode("utf-16"))
    council.api.first["/csv"] = [(200, {"Content-Encoding": "gzip"}, body)]


DAMAGES: dict[str, tuple[Damage, str, str]] = {
    "404": (answers("/csv", problem(404)), "OFFICIAL-VERSION", "status 404"),
    "403": (answers("/versions", problem(403)), "OFFICIAL-VERSION", "status 403"),
    "429": (
        answers("/csv", *[problem(429, **{"Retry-After": "0"})] * 9),
        "OFFICIAL-BUSY",
        "status 429 after 3 tries",
    ),
    "500": (answers("/versions", *[problem(500)] * 9), "OFFICIAL-UNREACHABLE", "status 500"),
    "504": (answers("/csv", *[problem(504)] * 9), "OFFICIAL-UNREACHABLE", "status 504"),
    "400": (answers("/csv", problem(400)), "OFFICIAL-UNREACHABLE", "status 400"),
    "withdrawn": (withdrawn, "OFFICIAL-VERSION", "the newest is 2.0"),
    "a major version gone": (gone, "OFFICIAL-VERSION", "the newest is 2.0"),
    "no such data set": (nothing, "OFFICIAL-VERSION", "no such data set"),
    "silent": (silent, "OFFICIAL-UNREACHABLE", "ConnectionError"),
    "silent amid the file": (silent_amid_the_file, "OFFICIAL-ANSWER", "cut off"),
    "cut off gzip": (cut_off_gzip, "OFFICIAL-ANSWER", "cut off or damaged"),
    "cut off connection": (cut_off_connection, "OFFICIAL-ANSWER", "cut off or damaged"),
    "damaged gzip": (
        answers("/csv", (200, {}, b"\x1f\x8b" + bytes(100))),
        "OFFICIAL-ANSWER",
        "cut off or damaged",
    ),
    "fewer rows": (fewer_rows, "OFFICIAL-ANSWER", "rows"),
    "a page for a file": (answers("/csv", page()), "OFFICIAL-ANSWER", "a page or a message"),
    "a page for an answer": (answers("/versions", page()), "OFFICIAL-ANSWER", "no JSON"),
    "another shape": (answers("/versions", plain([1])), "OFFICIAL-ANSWER", "another shape"),
    "no list": (answers("/versions", plain({"items": 1})), "OFFICIAL-ANSWER", "no list"),
    "versions of another shape": (
        answers("/versions", plain({"results": [{"v": 1}], "paging": {"totalPages": 1}})),
        "OFFICIAL-ANSWER",
        "versions of another shape",
    ),
    "changes of another shape": (
        newer_in_another_shape,
        "OFFICIAL-ANSWER",
        "changes of another shape",
    ),
    "empty": (answers("/csv", (200, {}, b"")), "OFFICIAL-ANSWER", "an empty file"),
    "not a text": (not_a_text, "OFFICIAL-ANSWER", "no CSV in UTF-8"),
    "number renamed": (
        renamed("old_la_code", "old_la_number"),
        "OFFICIAL-COLUMNS",
        "column 7 is nearest",
    ),
    "level renamed": (
        cells(lambda row: row | {"geographic_level": row["geographic_level"].upper()}),
        "OFFICIAL-LABEL",
        "column geographic_level",
    ),
    "filter renamed": (
        cells(lambda row: row | {"category": "Referrals"}),
        "OFFICIAL-LABEL",
        "column category",
    ),
    "period renamed": (
        cells(lambda row: row | {"time_identifier": "Year ending March"}),
        "OFFICIAL-LABEL",
        "column time_identifier",
    ),
    "no year": (cells(lambda row: row | {"time_period": "2024/25"}), "OFFICIAL-LABEL", "column"),
    "no number": (cells(lambda row: row | {"referral_count": "n/a"}), "OFFICIAL-ROW", "no number"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_failure_has_its_code_and_leaves_the_figures(council: Council, name: str) -> None:
    damage, code, words = DAMAGES[name]
    before = council.file.read_bytes()
    council.publish()
    damage(council)
    found = council.refresh()
    faults = [each for each in found.faults if each.code != "OFFICIAL-NEWER"]
    assert code in {each.code for each in faults}
    assert any(each.code == code and words in str(each) for each in faults)
    assert not found.is_written
    assert council.file.read_bytes() == before
    for each in faults:
        assert str(each).count(" | ") == 6
        assert all(part.strip() for part in str(each).split(" | "))
        assert each.code in CODES


def test_no_network_is_said_and_a_file_beside_it_is_named_as_the_way_out(
    council: Council,
) -> None:
    found = council.refresh("http://127.0.0.1:9/statistics")
    assert codes(found) == ["OFFICIAL-UNREACHABLE"]
    assert "put the file beside it" in str(found.faults[0])
    assert not found.is_written


def test_a_renamed_column_costs_its_own_statistic_and_no_other(council: Council) -> None:
    council.publish()
    council.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    renamed("rereferral_percent", "rereferrals_percent")(council)
    found = council.refresh()
    assert codes(found) == ["OFFICIAL-COLUMNS"]
    assert "column rereferral_percent | no such one; column 12 is nearest" in str(found.faults[0])
    assert [each.indicator_id for each in found.comparisons] == ["referrals_count"]
    assert found.is_written


def test_the_other_data_sets_go_on(council: Council) -> None:
    other = "00000000-0000-0000-0000-000000000001"
    table = council.seeds / "benchmarks" / "official_data_sets.csv"
    text = table.read_text(encoding="utf-8").replace(REFERRALS, other, 1)
    table.write_text(text, encoding="utf-8")
    council.changed({"rereferral_percent": "22.5"}, geographic_level="National", time_period="2025")
    council.publish()
    found = council.refresh()
    assert codes(found) == ["OFFICIAL-VERSION"]
    assert found.is_written


def test_a_passing_failure_is_waited_for(council: Council) -> None:
    council.publish()
    busy, broken = problem(429, **{"Retry-After": "1"}), problem(503)
    council.api.first = {"/versions": [busy], "/csv": [broken, broken]}
    began = time.monotonic()
    found = council.refresh()
    assert found.faults == []
    assert time.monotonic() - began >= 1


def test_the_service_may_not_have_us_wait_for_hours(council: Council) -> None:
    council.publish()
    council.api.first["/versions"] = [problem(429, **{"Retry-After": "7200"})] * 9
    began = time.monotonic()
    found = council.refresh(longest=1)
    assert codes(found) == ["OFFICIAL-BUSY"]
    assert 2 <= time.monotonic() - began < 20


def test_a_file_above_the_limit_is_refused_packed_or_not(council: Council) -> None:
    council.publish()
    found = council.refresh(max_bytes=100_000)
    assert "KPI_MAX_FILE" in str(found.faults[0])
    assert not found.is_written


def test_a_row_with_another_number_of_cells_is_left_out(council: Council) -> None:
    lines = as_csv(council.cells).splitlines(keepends=True)
    lines[5] = "x" + lines[5][:20] + "\n"
    council.api.publish(REFERRALS, "1.0", "".join(lines))
    found = council.refresh()
    [fault] = found.faults
    assert (fault.code, fault.row) == ("OFFICIAL-ROW", 6)
    assert not found.is_written


def test_several_rows_for_one_area_and_period_ask_for_a_filter(council: Council) -> None:
    council.cells += [row | {"rereferral_percent": "1"} for row in council.cells]
    council.publish()
    found = council.refresh()
    assert set(codes(found)) == {"OFFICIAL-REPEATED"}
    assert found.comparisons == []


def test_figures_that_cannot_be_right_are_told_by_row_and_left_out(council: Council) -> None:
    england = council.cells[0]
    place = {"old_la_code": "841", "time_period": "2025"}
    council.changed({"rereferral_percent": "122.6"}, **place)
    council.changed({"referral_count": "632.5"}, time_period="2025", geographic_level="National")
    assert england["geographic_level"] in ("National", "Regional", "Local authority")
    council.publish()
    found = council.refresh()
    assert set(codes(found)) == {"OFFICIAL-ROW"}
    told = "\n".join(map(str, found.faults))
    assert "more than 100 per cent" in told
    assert "not a whole number" in told
    assert "122.6" not in told
    assert "632.5" not in told
    assert not found.is_written


def test_fractions_for_per_cent_change_nothing(council: Council) -> None:
    def fraction(row: dict[str, str]) -> dict[str, str]:
        told = row["rereferral_percent"]
        if row["time_period"] != "2025" or told == "c":
            return row
        return row | {"rereferral_percent": str(float(told) / 100)}

    council.publish()
    cells(fraction)(council)
    found = council.refresh()
    assert set(codes(found)) == {"OFFICIAL-ROW"}
    assert not found.is_written


def test_a_year_that_is_implausible_beside_the_one_before_is_left_out(council: Council) -> None:
    new = [row | {"time_period": "2026"} for row in council.cells if row["time_period"] == "2025"]
    for row in new:
        if row["geographic_level"] == "National":
            row["referral_count"] = "6328300"
    council.cells += new
    council.publish()
    found = council.refresh()
    assert any("too far from the year before" in str(each) for each in found.faults)
    assert council.figure("referrals_count", "E92000001", date(2026, 3, 31)) is None
    assert council.figure("referrals_count", "E06000005", date(2026, 3, 31))


def test_a_file_that_takes_most_figures_away_is_held(council: Council) -> None:
    council.changed({"referral_count": "x"}, time_period="2025")
    council.publish()
    found = council.refresh()
    held = [each for each in found.faults if each.code == "OFFICIAL-HELD"]
    assert "referrals_count: 165 figures that are there would go" in str(held[0])
    assert council.figure("referrals_count", "E92000001", LAST)


def test_a_damaged_file_of_figures_is_not_written_over(council: Council) -> None:
    council.publish()
    council.file.write_bytes(b"PAR1")
    found = council.refresh()
    assert codes(found) == ["REFERENCE-UNREADABLE"]
    assert council.file.read_bytes() == b"PAR1"
    assert council.api.asked == []


def test_a_row_of_the_table_with_another_unit_is_not_read(council: Council) -> None:
    table = council.seeds / "benchmarks" / "official_data_sets.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",percent,", ",count,"), encoding="utf-8")
    council.publish()
    found = council.refresh()
    assert codes(found) == ["REFERENCE-RULE"]
    assert [each.indicator_id for each in found.comparisons] == ["referrals_count"]


def test_a_folder_that_may_not_be_written_to_leaves_the_file_as_it_was(council: Council) -> None:
    council.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    council.publish()
    before = council.file.read_bytes()
    # a folder where the new file would be written first, which stops any user
    council.file.with_name(f".{council.file.name}.{os.getpid()}.tmp").mkdir()
    with pytest.raises(OSError):
        write([], council.file)
    found = council.refresh()
    assert codes(found) == ["OFFICIAL-NOT-WRITTEN"]
    assert council.file.read_bytes() == before
    assert not found.is_written


def test_a_full_disk_leaves_the_file_as_it_was(council: Council) -> None:
    council.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    council.publish()
    before = council.file.read_bytes()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, usual[1]))
        with pytest.raises((OSError, duckdb.Error)):
            write(pq.read_table(council.file).to_pylist(), council.file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, ignored)
    assert council.file.read_bytes() == before
    assert list(council.file.parent.glob(".*.tmp")) == []
