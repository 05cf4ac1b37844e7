"""From which day a delivery is complete: what its manifest says, or what its rows show."""

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Literal

import duckdb
import numpy as np
import pytest

from orchestration.contract.extracts import MANIFEST
from orchestration.deliveries.in_use import write_in_use
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.window import complete_from, cut_since, found
from orchestration.deliveries.sources.database import SourceError, days_complete
from tests.deliveries.conftest import Council

AS_AT = date(2026, 3, 31)


def closings(since: date, a_month: float, seed: int = 1, until: date = AS_AT) -> dict[date, int]:
    """About so many rows a month that were over, on days since one."""
    chosen, days = Random(seed), (until - since).days
    closed: dict[date, int] = {}
    for _ in range(round(days / 30.4 * a_month)):
        day = since + timedelta(days=chosen.randrange(days))
        closed[day] = closed.get(day, 0) + 1
    return closed


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("a_month", [0.3, 2, 9, 40, 500])
def test_the_day_that_is_found_is_never_before_the_edge(a_month: float, seed: int) -> None:
    since = date(2020, 1, 1) + timedelta(days=61 * seed)
    found_out = found(closings(since, a_month, seed), AS_AT)
    assert found_out >= since and found_out.day == 1
    # with many rows it is the first whole month, and never much later
    assert (found_out - since).days <= (61 if a_month >= 9 else 1_000)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("a_month", [9, 40, 500])
def test_a_few_stragglers_are_no_history(a_month: int, seed: int) -> None:
    since = date(2022, 3, 8)
    closed = closings(since, a_month, seed)
    for day in (date(1994, 5, 1), date(2016, 2, 2), date(2019, 12, 31), date(2021, 11, 5)):
        closed[day] = 1
    assert since <= found(closed, AS_AT) <= date(2022, 5, 1)


def test_a_quiet_summer_is_no_edge() -> None:
    since = date(2020, 4, 6)
    closed = {day: rows for day, rows in closings(since, 30).items() if day.month != 8 or rows > 1}
    assert found(closed, AS_AT) == date(2020, 5, 1)


def test_of_rows_that_are_all_open_only_the_last_month_is_known() -> None:
    assert found({}, AS_AT) == date(2026, 3, 1)
    assert found({date(2026, 3, 20): 1}, AS_AT) == date(2026, 3, 1)


def spells(
    by: Literal["end", "start"], since: date, lasting: float, seed: int, rows: int = 12_000
) -> tuple[list[date], list[date], list[date]]:
    """Days on which rows that are over began, those on which they ended, and beginnings of rows
    still open, of a source that goes back to a day by either; on average they last so many days."""
    chosen, days = Random(seed), (AS_AT - date(2000, 1, 1)).days
    over, still_open = [], []
    for _ in range(rows):
        began = date(2000, 1, 1) + timedelta(days=chosen.randrange(days))
        ended = began + timedelta(days=1 + round(chosen.expovariate(1 / lasting)))
        if ended > AS_AT:
            still_open.append(began)
        elif {"end": ended, "start": began}[by] >= since:
            over.append((began, ended))
    began_on, ended_on = zip(*over, strict=True)
    return list(began_on), list(ended_on), still_open


def is_found_out(spells: tuple[list[date], list[date], list[date]]) -> bool:
    """Whether it is told that these were left out by their start."""
    edge = found(Counter(spells[1]), AS_AT)
    return cut_since(*map(numbered, spells), (edge - AS_AT).days) is not None


def numbered(days: list[date]) -> np.ndarray:
    return np.array([(day - AS_AT).days for day in days], dtype=np.int64)


# 12,000 rows since 2000 are 38 a month, 2,400 are 8: assessments and protection plans of a borough
@pytest.mark.parametrize(("lasting", "rows"), [(60, 12_000), (200, 2_400), (500, 2_400)])
@pytest.mark.parametrize("since", [date(2020, 2, 1), date(2022, 4, 15)])
@pytest.mark.parametrize("seed", range(4))
def test_rows_that_were_left_out_by_their_start_are_found_out(
    seed: int, since: date, lasting: float, rows: int
) -> None:
    for by in ("end", "start"):
        cut = spells(by, since, lasting, seed, rows)
        assert is_found_out(cut) is (by == "start")
        if by == "start":
            for keeps_open, last in ((True, AS_AT), (False, date(2026, 4, 1))):
                complete = complete_from(*map(numbered, cut), AS_AT, keeps_open)
                assert complete == last or complete.day == 1
                assert complete >= min(since + timedelta(days=6 * lasting), last)


def test_a_few_that_began_long_ago_hide_nothing() -> None:
    began, ended, still_open = spells("start", date(2022, 4, 15), 200, 1)
    old = [date(1996, 5, 1), date(2011, 2, 2), date(2019, 7, 1)]
    assert is_found_out((began + old, ended + [date(2023, 1, 1)] * 3, still_open))


def test_rows_that_nobody_closes_say_nothing_of_how_long_rows_last() -> None:
    """One in ten is left open by a slip."""
    for seed in range(4):
        began, ended, still_open = spells("end", date(2022, 4, 15), 60, seed)
        forgotten = [day for number, day in enumerate(began) if number % 10 == 0]
        assert not is_found_out((began, ended, still_open + forgotten))


def test_where_a_system_began_long_ago_its_history_is_kept() -> None:
    began, ended, still_open = spells("start", date(2015, 2, 1), 500, 1)
    assert not is_found_out((began, ended, still_open))
    assert found(Counter(ended), AS_AT) < date(2016, 2, 1)


def plan(number: int, start: str, end: str = "") -> dict[str, str]:
    return {
        "cppl_cp_plan_id": f"p{number}",
        "cppl_person_id": f"c{number}",
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
    }


PLANS = [plan(1, "2019-05-01"), plan(2, "2020-01-01", "2024-05-20"), plan(3, "2023-01-01")]


def deliver(council: Council, **said: str) -> object:
    """The receipt of three plans, with what a manifest says of them if it says anything."""
    file = council.put("ssd_cp_plans", *PLANS)
    council.put("ssd_person", *({"pers_person_id": f"c{number}"} for number in (1, 2, 3)))
    if said:
        content = file.read_bytes()
        council.put(
            "extract_manifest",
            {
                "extract": "ssd_cp_plans",
                "extracted_at": "2026-04-03 02:00",
                "data_as_at": "2026-03-31",
                "source_system": "made up",
                "row_count": "3",
                "sha256": hashlib.sha256(content).hexdigest(),
                **said,
            },
            drop="" if "data_from" in said else "data_from",
        )
    return council.check_in()["ssd_cp_plans"]


def in_use(council: Council) -> date | None:
    written = write_in_use(council.paths).accepted_deliveries
    [(day,)] = duckdb.sql(
        f"select data_from from read_parquet('{written}') where extract_name = 'ssd_cp_plans'"
    ).fetchall()
    return day


@pytest.mark.parametrize(
    ("said", "day", "known_by"),
    [
        ({}, "2024-06-01", "found"),
        ({"data_from": "2024-04-03"}, "2024-04-03", "said"),
        ({"data_from": "2024-04-03", "timeframe_years": "6"}, "2024-04-03", "said"),
        # the source's script counts back from the day on which it runs
        ({"timeframe_years": "2"}, "2024-04-03", "said"),
        ({"source_version": "1"}, "2024-06-01", "found"),
    ],
)
def test_the_receipt_says_from_which_day_a_delivery_is_complete(
    council: Council, said: dict[str, str], day: str, known_by: str
) -> None:
    receipt = deliver(council, **said)
    assert (receipt.outcome, receipt.data_from) == ("accepted", day)
    assert receipt.data_from_known_by == known_by
    assert in_use(council) == date.fromisoformat(day)


def test_the_receipt_says_that_rows_were_left_out_by_their_start(council: Council) -> None:
    began, ended, still_open = spells("start", date(2023, 4, 15), 300, 1)
    days = [*zip(began, ended, strict=True), *((day, "") for day in still_open)]
    plans = [plan(number, f"{start}", f"{end}") for number, (start, end) in enumerate(days)]
    council.put("ssd_cp_plans", *plans)
    council.put("ssd_person", *({"pers_person_id": f"c{n}"} for n in range(len(plans))))
    receipt = council.check_in()["ssd_cp_plans"]
    assert receipt.codes == "WINDOW-BY-START"
    assert (receipt.data_from, receipt.data_from_known_by) == ("2026-03-31", "found")
    assert in_use(council) == AS_AT


def test_a_refused_file_and_one_without_a_window_say_nothing(council: Council) -> None:
    deliver(council)
    council.put("ref_population", {"la_code": "872", "mid_year": "2023"})
    receipts = council.check_in()
    for extract in ("ref_population", "ssd_contacts", "ssd_person"):
        assert (receipts[extract].data_from, receipts[extract].data_from_known_by) == ("", "")


def test_old_receipts_and_old_manifests_stay_readable(council: Council) -> None:
    deliver(council, timeframe_years="2")
    # as they were written before there was a day to say
    for file in council.paths.receipts.glob("2*.json"):
        content = json.loads(file.read_text("utf-8"))
        for receipt in content if isinstance(content, list) else [content]:
            del receipt["data_from"], receipt["data_from_known_by"]
        file.chmod(0o600)
        file.write_text(json.dumps(content), encoding="utf-8")
    manifest = council.paths.raw_file(MANIFEST.name, council.month)
    with duckdb.connect() as connection:
        query = f"select * exclude (data_from) from ({archive.rows_of(manifest)})"
        archive.write_parquet(connection, query, manifest, "")
    assert in_use(council) == date(2024, 4, 3)


def test_a_database_has_a_setting_for_each_extract() -> None:
    today = date(2024, 2, 29)
    assert days_complete("", today) == {}
    assert days_complete("6y", today) == {"": date(2018, 3, 1)}
    assert days_complete(" ssd_contacts=2y , ssd_cp_plans = 2021-04-01,4y", today) == {
        "ssd_contacts": date(2022, 3, 1),
        "ssd_cp_plans": date(2021, 4, 1),
        "": date(2020, 2, 29),
    }


@pytest.mark.parametrize("setting", ["six", "6", "y", "2020-13-01", "ssd_plans=6y", "=6y,x", "-1y"])
def test_a_setting_that_cannot_be_read_is_told(setting: str) -> None:
    with pytest.raises(SourceError, match=r"^SOURCE-WINDOW \| \(the settings\)"):
        days_complete(setting, AS_AT)


@pytest.mark.parametrize("end", ["{:%Y-%m-%d}", "", "{:%d-%b-%y}"])
def test_enquiries_without_readable_ends_keep_their_history(council: Council, end: str) -> None:
    """No figure needs their end, so nothing may go with it."""
    days = [date(2022, 1, 3) + timedelta(days=9 * number) for number in range(160)]
    rows = [
        {
            "s47e_s47_enquiry_id": f"e{number}",
            "s47e_person_id": "c1",
            "s47e_s47_start_date": day.isoformat(),
            "s47e_s47_end_date": end.format(day + timedelta(days=9)),
        }
        for number, day in enumerate(days)
    ]
    council.put("ssd_s47_enquiry", *rows)
    receipt = council.check_in()["ssd_s47_enquiry"]
    assert (receipt.outcome, receipt.loaded) == ("accepted", len(rows))
    assert date.fromisoformat(receipt.data_from) <= date(2022, 2, 1)
