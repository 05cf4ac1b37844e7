"""Figures are remembered after their rows have gone, and what was shown before is not forgotten;
a repeated run gives the same, and one where nothing is new says so and leaves all as it is."""

import csv
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.defs.conftest import Installation

FIRST, SECOND = "2026-03", "2026-04"
SAMPLE = "X06000001"
RETURNED = "referrals_count,E06000005,month,2019-04-01,2019-04-30,,,{},as corrected"
LATE_DAY, GONE_BEFORE = "2026-02-10", "2022-01-01"


def read(file: Path) -> tuple[list[str], list[dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def write(file: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)


def deliver_a_shorter_window(incoming: Path) -> None:
    """April's delivery: the last two years only, the oldest contacts gone, one contact recorded
    late, and an old return corrected."""
    march, april = incoming / FIRST, incoming / SECOND
    april.mkdir()
    for file in sorted(march.glob("*.csv")):
        columns, rows = read(file)
        if file.stem == "ssd_contacts":
            rows = [row for row in rows if row["cont_contact_date"] >= GONE_BEFORE]
            rows.append({**rows[-1], "cont_contact_id": "late", "cont_contact_date": LATE_DAY})
        # of April's supervision nothing is known: by the day that it was due it would be held
        if file.stem not in ("extract_manifest", "ext_supervision"):
            write(april / file.name, columns, rows)
    columns, rows = read(march / "extract_manifest.csv")
    rows = [row for row in rows if row["extract"] != "ext_supervision"]
    for row in rows:
        file = april / f"{row['extract']}.csv"
        row["data_from"] = row["data_from"] and "2024-04-30"
        row["data_as_at"] = row["data_as_at"] and "2026-04-30"
        row["extracted_at"] = "2026-05-04T06:30:00"
        row["row_count"] = str(len(read(file)[1]))
        row["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    write(april / "extract_manifest.csv", columns, rows)
    header = (incoming / "2022-03" / "indicator_returns.csv").read_text("utf-8").splitlines()[0]
    names = "indicator_id,geography_code,period_type,period_start,period_end,numerator,denominator"
    assert header == f"{names},value,source_note"
    (april / "indicator_returns.csv").write_text(
        f"{header}\n{RETURNED.format(151)}\n", encoding="utf-8"
    )


def select(council: Installation, query: str) -> list[tuple[object, ...]]:
    file = council.data / "warehouse" / "published.duckdb"
    with duckdb.connect(str(file), read_only=True) as mart:
        return mart.sql(query).fetchall()


RESTATED_AT = "select distinct restated_at from marts.fct_restatement"
KEY = "indicator_id, period_type, period_start, period_end, breakdown, breakdown_value"
BEFORE_2024 = f"""
    select {KEY}, numerator, denominator, value from (
        from marts.kpi_monthly select {KEY}, geography_code, numerator, denominator, value, origin
        union all from marts.kpi_quarterly
        select {KEY}, geography_code, numerator, denominator, value, origin
        union all from marts.kpi_yearly
        select {KEY}, geography_code, numerator, denominator, value, origin
    ) where geography_code = '{SAMPLE}' and period_end < date '2024-01-01' and origin is not null
    order by all
"""


def exported(council: Installation) -> dict[str, bytes]:
    return {
        str(file.relative_to(council.exports)): file.read_bytes()
        for file in sorted(council.exports.rglob("*"))
        if file.is_file() and file.name != "manifest.json" and not file.name.startswith(".")
    }


def test_history_stays_when_its_rows_leave_and_what_changed_is_told(council: Installation) -> None:
    before = select(council, BEFORE_2024)
    assert len(before) > 2_000
    assert select(council, "select count(*) from marts.fct_restatement") == [(0,)]

    deliver_a_shorter_window(council.data / "incoming")
    asked_at = datetime.now(UTC).replace(tzinfo=None)
    council.run_job(SECOND)
    [(restated_at,)] = select(council, RESTATED_AT)
    assert isinstance(restated_at, datetime)
    assert restated_at > asked_at
    # every figure of the years that left the window is there as it was
    assert select(council, BEFORE_2024) == before
    gone = council.data / "raw" / "ssd_contacts" / f"{SECOND}.parquet"
    with duckdb.connect() as raw:
        [(oldest,)] = raw.sql(f"select min(cont_contact_date) from '{gone}'").fetchall()
    assert str(oldest) >= GONE_BEFORE
    [origins] = select(
        council,
        "select list(distinct origin order by origin) from marts.kpi_monthly"
        f" where geography_code = '{SAMPLE}' and indicator_id = 'contacts_to_referral_pct'"
        " and value is not null",
    )
    assert origins == (["remembered", "rows"],)
    # a look back of twelve months that would begin before the window comes from the ledger
    [(looked_back,)] = select(
        council,
        "select count(*) from marts.kpi_monthly"
        f" where geography_code = '{SAMPLE}' and indicator_id = 'rereferrals_12m_pct'"
        " and breakdown = 'total' and origin = 'remembered'"
        " and period_end between '2024-05-01' and '2025-04-30'",
    )
    assert looked_back == 12

    told = select(
        council,
        "select indicator_id, geography_code, period_end::varchar, cause,"
        " denominator - published_denominator, numerator - published_numerator"
        " from marts.fct_restatement where period_type = 'month' and breakdown = 'total'"
        " and (indicator_id = 'contacts_to_referral_pct' or geography_code = 'E06000005')",
    )
    late = [row for row in told if row[0] == "contacts_to_referral_pct"]
    assert [row[1:5] for row in late] == [(SAMPLE, "2026-02-28", "late_recording", 1)]
    corrected = [row for row in told if row[1] == "E06000005"]
    assert [row[:4] for row in corrected] == [
        ("referrals_count", "E06000005", "2019-04-30", "correction")
    ]
    [changed] = select(
        council,
        "select published_value, value, difference from marts.fct_restatement"
        " where geography_code = 'E06000005' and period_type = 'month'",
    )
    assert changed[1] == 151
    assert changed[2] == changed[1] - changed[0]

    folder = council.exports / "officers" / SAMPLE / SECOND
    _, restated = read(folder / "officers-only_synthetic-sample_restatements.csv")
    [line] = [
        row
        for row in restated
        if row["indicator_id"] == "contacts_to_referral_pct" and row["period_type"] == "month"
    ]
    assert line["cause"] == "late_recording"
    assert int(line["current_denominator"]) == int(line["published_denominator"]) + 1
    read_me = (folder / "READ-ME-FIRST.txt").read_text("utf-8")
    assert "WHAT WAS SHOWN BEFORE AND HAS CHANGED SINCE" in read_me
    assert "more was recorded since" in " ".join(read_me.split())


WHOLE_JOB = ("python", "-W", "ignore", "-m", "orchestration.commands.whole_job")
# as the whole job ends
REMEMBER = """
import os
from datetime import date
from orchestration.publication.last_run import made_from, nothing_new, remember
from orchestration.settings import settings
remember(settings, made_from(settings, os.environ, date.today()))
print(nothing_new(settings, os.environ, date.today()))
"""
RUNS = """
import dagster as dg
print(*(run.job_name for run in dg.DagsterInstance.get().get_runs()))
"""


def generation(council: Installation) -> int:
    return json.loads((council.data / "warehouse" / "generation.json").read_bytes())["generation"]


def test_a_repeated_run_tells_the_same_and_records_nothing_more(council: Installation) -> None:
    ledger = council.data / "ledger" / "figures"
    before, files = exported(council), sorted(ledger.rglob("*.parquet"))
    assert [file.stem for file in files] == ["0", "1", "2", *"012"]
    told, built = select(council, RESTATED_AT), generation(council)
    assert "nothing is new" in council.run("python", "-c", REMEMBER)
    [*_, page] = sorted((council.exports / "officers").rglob("dashboard.html"))
    page.unlink()
    assert "nothing is new" not in council.run(*WHOLE_JOB)
    assert generation(council) == built + 1
    assert exported(council) == before
    assert select(council, RESTATED_AT) == told
    assert sorted(ledger.rglob("*.parquet")) == files
    assert {file.stat().st_mode & 0o222 for file in files} == {0}


def test_where_nothing_is_new_a_run_says_so_rewrites_nothing_and_is_seen_in_dagster(
    council: Installation,
) -> None:
    def lying() -> dict[Path, tuple[int, int]]:
        tops = (council.data, council.exports)
        files = (file for top in tops for file in top.rglob("*") if file.is_file())
        return {
            file: (file.stat().st_mtime_ns, file.stat().st_size)
            for file in files
            if not {"dagster", "alerts"} & set(file.relative_to(council.home).parts)
        }

    before = lying()
    assert "nothing is new since the whole job of" in council.run(*WHOLE_JOB)
    assert lying() == before
    assert "nothing_new monthly_kpis" in council.run("python", "-c", RUNS)
