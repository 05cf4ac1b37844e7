"""A delivery whose rows were all chosen by their start, by one day, is found out as a whole."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

import duckdb
import pandas as pd
import pytest

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.rows.window import Cut, Delivered, Window, cut_by_start, window
from orchestration.sample_council import make_council
from orchestration.sample_council.dialects import DIALECTS
from tests.deliveries.conftest import Council

AS_AT = date(2026, 3, 31)
TWO_YEARS, FIVE_YEARS = date(2024, 4, 3), date(2021, 4, 3)
Keeps = Callable[[Extract], str]
OF_SYSTEM = [each for each in EXTRACTS.values() if each.class_ in ("ssd", "sen")]
# those whose rows last, and are missed where they began before the day and ended after it
LASTING = {
    "ssd_early_help_episodes",
    "ssd_cin_assessments",
    "ssd_cp_plans",
    "ssd_cla_episodes",
    "ssd_legal_status",
    "ssd_cla_placement",
    "ssd_involvements",
    "ssd_ehcp_requests",
    "ssd_ehcp_named_plan",
}


def begun(extract: Extract) -> str:
    """The condition of a script of one's own: rows that began since the day or are open."""
    if not extract.closed_on:
        return "true"
    start = extract.happened_on.name if extract.happened_on else extract.closed_on
    return f"{start} >= $since or {extract.closed_on} is null"


def begun_only(extract: Extract) -> str:
    return begun(extract).split(" or ")[0]


def ended(extract: Extract) -> str:
    over = extract.closed_on
    return f"{over} >= $since or {over} is null" if over else "true"


def of_one_young_system(names: tuple[str, ...], extract: Extract) -> str:
    return begun_only(extract) if extract.name in names else "true"


KEEPS_ENDED = {
    "all by their end": ended,
    "systemc": lambda extract: DIALECTS["systemc"].kept(extract.name),
    "mosaic": lambda extract: DIALECTS["mosaic"].kept(extract.name),
}
YOUNG = [("ssd_early_help_episodes",), ("ssd_involvements",), ("ssd_cla_placement",)]


@cache
def tables(size: int, seed: int) -> Mapping[str, pd.DataFrame]:
    return make_council(size, seed, last_month=AS_AT)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def windows(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int], keeps: Keeps, since: date
) -> tuple[Cut | None, dict[str, Window]]:
    """How a delivery shows to be cut, and the window of each of its extracts."""
    delivered = []
    for extract in OF_SYSTEM:
        connection.register(extract.name, tables(*council)[extract.name])
    for extract in OF_SYSTEM:
        condition, kept = keeps(extract), f"kept_{extract.name}"
        said = {"since": since} if "$since" in condition else {}
        connection.execute(
            f"create table {kept} as select * from {extract.name} where {condition}", said
        )
        delivered.append(Delivered(extract, kept, AS_AT))
    cut = cut_by_start(connection, [each for each in delivered if each.contract.class_ == "ssd"])
    return cut, {each.contract.name: window(connection, each, None, cut) for each in delivered}


@pytest.mark.parametrize("keeps", [begun, begun_only])
@pytest.mark.parametrize("since", [TWO_YEARS, FIVE_YEARS])
@pytest.mark.parametrize("council", [(400, 5), (400, 11), (2_500, 12)])
def test_every_extract_whose_rows_last_is_found_out(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int], since: date, keeps: Keeps
) -> None:
    cut, found = windows(connection, council, keeps, since)
    assert cut is not None and timedelta(0) <= cut.since - since <= timedelta(days=31)
    assert {name for name, each in found.items() if each.by_start} == LASTING
    # of what may have lasted since before that day the last day is known, or not even that
    plans = found["ssd_cp_plans"].data_from
    if keeps is begun_only:
        assert not cut.keeps_open
        assert since == FIVE_YEARS or plans == AS_AT + timedelta(days=1)
    elif council[0] == 2_500 and since == TWO_YEARS:
        assert cut.keeps_open and plans == AS_AT


@pytest.mark.parametrize("since", [date(2025, 1, 28), date(2025, 8, 1)])
@pytest.mark.parametrize("council", [(1_000, 7), (2_500, 12)])
def test_where_no_row_at_all_is_older_a_short_time_is_enough(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int], since: date
) -> None:
    cut, found = windows(connection, council, begun_only, since)
    assert cut is not None and timedelta(0) <= cut.since - since <= timedelta(days=7)
    assert not cut.keeps_open
    assert {name for name, each in found.items() if each.by_start} == LASTING


@pytest.mark.parametrize("council", [(400, 8), (2_500, 12)])
def test_a_system_that_took_over_what_was_under_way_on_its_first_day_is_whole(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int]
) -> None:
    delivered = []
    for extract in OF_SYSTEM:
        if extract.name in LASTING and extract.class_ == "ssd" and extract.happened_on:
            start, over = extract.happened_on.name, extract.closed_on
            connection.register(extract.name, tables(*council)[extract.name])
            rows = f"""(
                select * replace (greatest(cast({start} as date), date '2025-01-28') as {start})
                from {extract.name} where coalesce(cast({over} as date) >= '2025-01-28', true)
            )"""
            delivered.append(Delivered(extract, rows, AS_AT))
    assert len(delivered) > 5
    assert cut_by_start(connection, delivered) is None


@pytest.mark.parametrize("council", [(400, 5), (2_500, 12), (10_000, 3)])
def test_a_whole_history_is_never_taken_for_cut(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int]
) -> None:
    cut, found = windows(connection, council, lambda _: "true", AS_AT)
    assert cut is None and not any(each.by_start for each in found.values())


@pytest.mark.parametrize("rule", KEEPS_ENDED)
@pytest.mark.parametrize("since", [TWO_YEARS, FIVE_YEARS])
@pytest.mark.parametrize("council", [(400, 5), (2_500, 12)])
def test_rows_chosen_by_their_end_are_never_taken_for_cut(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int], since: date, rule: str
) -> None:
    cut, found = windows(connection, council, KEEPS_ENDED[rule], since)
    assert cut is None and not any(each.by_start for each in found.values())


@pytest.mark.parametrize("young", YOUNG)
@pytest.mark.parametrize("council", [(400, 5), (2_500, 12)])
def test_a_system_that_began_for_one_service_alone_cuts_no_other(
    connection: duckdb.DuckDBPyConnection, council: tuple[int, int], young: tuple[str, ...]
) -> None:
    began = date(2023, 4, 1)
    keeps = lambda extract: of_one_young_system(young, extract)  # noqa: E731
    cut, found = windows(connection, council, keeps, began)
    assert cut is None
    told = {name for name, each in found.items() if each.by_start}
    assert told <= set(young)
    if council[0] == 2_500 or young == ("ssd_involvements",):
        assert told == set(young)


def manifest_row(council: Council, extract: str, system: str, data_from: str) -> dict[str, str]:
    content = (council.paths.incoming / council.month / f"{extract}.csv").read_bytes()
    return {
        "extract": extract,
        "extracted_at": "2026-04-03 02:00",
        "data_as_at": "2026-03-31",
        "source_system": system,
        "row_count": str(content.count(b"\n") - 1),
        "sha256": hashlib.sha256(content).hexdigest(),
        "data_from": data_from,
    }


def deliver(
    council: Council, since: date, systems: tuple[str, ...] = (), said: str = ""
) -> Mapping[str, Receipt]:
    """The receipts of a small council's plans and involvements that began since a day."""
    for name in ("ssd_person", "ssd_cp_plans", "ssd_involvements"):
        extract, rows = EXTRACTS[name], tables(400, 5)[name]
        if extract.closed_on:
            began = pd.to_datetime(rows[extract.happened_on.name])
            rows = rows[(began >= pd.Timestamp(since)) | rows[extract.closed_on].isna()]
        written = rows.reindex(columns=list(extract.column_names)).astype(object)
        records = written.where(written.notna(), "").astype(str).to_dict("records")
        council.put(name, *records)
    if systems:
        council.put(
            "extract_manifest",
            manifest_row(council, "ssd_cp_plans", systems[0], said),
            manifest_row(council, "ssd_involvements", systems[1], ""),
        )
    return council.check_in()


@pytest.mark.parametrize("systems", [(), ("made up", "Made Up")])
def test_the_receipt_of_few_plans_says_what_involvements_show(
    council: Council, systems: tuple[str, ...]
) -> None:
    receipts = deliver(council, TWO_YEARS, systems)
    for name in ("ssd_cp_plans", "ssd_involvements"):
        assert "WINDOW-BY-START" in receipts[name].codes.split()
        assert receipts[name].data_from == "2026-03-31"
    # the same bytes are told the same
    again = council.check_in()
    assert again["ssd_cp_plans"].data_from == "2026-03-31"
    assert "WINDOW-BY-START" in again["ssd_cp_plans"].codes.split()


@pytest.mark.parametrize(
    ("systems", "said", "known_by"),
    [(("made up", "another"), "", "found"), (("made up", "made up"), "2024-04-03", "said")],
)
def test_of_another_system_or_by_what_is_said_plans_are_not_cut(
    council: Council, systems: tuple[str, ...], said: str, known_by: str
) -> None:
    receipts = deliver(council, TWO_YEARS, systems, said)
    assert "WINDOW-BY-START" in receipts["ssd_involvements"].codes.split()
    plans = receipts["ssd_cp_plans"]
    assert plans.outcome == "accepted" and "WINDOW-BY-START" not in plans.codes.split()
    assert plans.data_from_known_by == known_by
    assert plans.data_from < "2026-03-01"
