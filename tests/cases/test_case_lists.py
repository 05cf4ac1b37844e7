"""From a figure to its cases: whose they are, read back from what was delivered."""

import csv
import re
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.cases import case_lists
from orchestration.cases.case_lists import GONE, Asked, CaseList, NoCases, write_case_list
from orchestration.catalogue.indicators import read_catalogue
from orchestration.defs.case_lists import case_list as case_list_job
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.rows.pseudonym import pseudonym, read_key
from orchestration.packs.record import read_log
from orchestration.settings import settings

NOW = datetime(2026, 4, 7, 9, tzinfo=UTC)
MARCH = ("2026-03-01", "2026-03-31")


@pytest.fixture
def paths(whole_job: object, tmp_path: Path) -> Paths:
    """The session's originals, and a place of its own for lists and their log."""
    assert whole_job
    (tmp_path / "originals").symlink_to(settings.data / "originals")
    receipts = tmp_path / "ledger" / "receipts"
    receipts.parent.mkdir()
    receipts.symlink_to(settings.ledger / "receipts")
    (tmp_path / "keys").mkdir()
    return Paths(*(tmp_path / name for name in ("incoming", "raw", "quarantine", "ledger")))


def key() -> bytes:
    return read_key(settings.data / "keys", may_make=False)


def make(paths: Paths, *asked: str) -> CaseList:
    known = (key(), read_catalogue(settings.seeds))
    return write_case_list(
        settings.build_warehouse, paths, *known, Asked(*asked), "A. Officer", NOW
    )


def listed(case_list: CaseList) -> list[dict[str, str]]:
    with case_list.file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def delivered(extract: str) -> list[dict[str, str]]:
    file = settings.incoming / "2026-03" / f"{extract}.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def figure(indicator: str, part: tuple[str, str] = ("total", "total")) -> tuple[float, float]:
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as mart:
        return mart.execute(
            "select numerator, denominator from figures.int_row_figures where indicator_id = ?"
            " and period_type = 'month' and period_end = ? and breakdown = ?"
            " and breakdown_value = ?",
            [indicator, date(2026, 3, 31), *part],
        ).fetchall()[0]


def test_the_list_of_a_flow_names_each_event_and_whose_it_is(paths: Paths) -> None:
    case_list = make(paths, "rereferrals_12m_pct", "2026-03")
    rows = listed(case_list)
    numerator, denominator = figure("rereferrals_12m_pct")
    assert len(rows) == denominator
    assert sum(row["in_numerator"] == "yes" for row in rows) == numerator
    owners = {
        row["cine_referral_id"]: row["cine_person_id"] for row in delivered("ssd_cin_episodes")
    }
    assert all(owners[row["case"]] == row["person"] for row in rows)
    assert all(MARCH[0] <= row["counted_on"] <= MARCH[1] for row in rows)
    assert stat.S_IMODE(case_list.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(case_list.file.parent.stat().st_mode) == 0o700
    assert not case_list.file.is_relative_to(settings.exports)
    assert [each.name for each in paths.cases.iterdir()] == [case_list.file.name]
    assert case_list.unknown == 0


def test_the_list_of_a_position_is_of_its_last_month_end_and_of_a_part(paths: Paths) -> None:
    people = {row["pers_person_id"] for row in delivered("ssd_person")}
    rows = listed(make(paths, "cic_count", "2026-01..2026-03"))
    assert len(rows) == figure("cic_count")[0]
    assert {row["counted_on"] for row in rows} == {"2026-03-31"}
    assert {row["person"] for row in rows} <= people and not any(row["case"] for row in rows)
    health = "cic_health_assessment_in_timescale_pct"
    of_a_part = listed(make(paths, health, "2026-03", "age_band=10-15"))
    assert len(of_a_part) == figure(health, ("age_band", "10-15"))[1]
    assert {row["part"] for row in of_a_part} == {"age_band=10-15"}
    workers = {row["prof_professional_id"] for row in delivered("ssd_professionals")}
    assert {row["person"] for row in listed(make(paths, "sw_caseload_avg"))} <= workers


@pytest.mark.parametrize(
    ("indicator", "period", "extract", "column"),
    [
        # a child unknown to social care has the number of the special needs team
        ("ehcp_active_plans_count", "", "ssd_send", "send_person_id"),
        (
            "cic_reviews_in_timescale_pct",
            "2025-04..2026-03",
            "ssd_cla_episodes",
            "clae_person_id",
        ),
        ("sw_agency_pct", "", "ext_workforce_workers", "worker_id"),
    ],
)
def test_a_case_leads_to_its_person_through_other_records(
    paths: Paths, indicator: str, period: str, extract: str, column: str
) -> None:
    known = {row[column] for row in delivered(extract)} - {""}
    if extract == "ssd_send":
        known |= {row["send_table_id"] for row in delivered(extract)}
    rows = listed(make(paths, indicator, period))
    named = [row["person"] for row in rows if row["person"]]
    assert set(named) <= known and len(named) > 0.5 * len(rows) > 0
    assert not any(re.search("[0-9a-f]{32}", row["case"]) for row in rows)


def test_who_asked_is_logged_and_the_log_names_nobody(paths: Paths) -> None:
    rows = listed(make(paths, "referrals_count", "2026-03"))
    with pytest.raises(NoCases):
        make(paths, "referrals_count", "1999-03")
    [entry] = read_log(paths.case_log)
    assert (entry["by"], entry["indicator"], entry["at"]) == (
        "A. Officer",
        "referrals_count",
        "2026-04-07T09:00:00+00:00",
    )
    written = "".join(file.read_text() for file in paths.case_log.glob("*.jsonl"))
    assert not any(row["person"] in written or row["case"] in written for row in rows)


def test_without_the_originals_and_after_being_forgotten_nobody_is_named(paths: Paths) -> None:
    rows = listed(make(paths, "referrals_count", "2026-03"))
    child = rows[0]["person"]
    paths.forgotten.write_text(pseudonym(key(), child) + "\n", encoding="ascii")
    named = [row["person"] for row in listed(make(paths, "referrals_count", "2026-03"))]
    assert child not in named and set(named) - {GONE} == {row["person"] for row in rows} - {child}
    (paths.raw.parent / "originals").unlink()
    gone = make(paths, "referrals_count", "2026-03")
    assert {row["person"] for row in listed(gone)} == {GONE}
    assert gone.unknown == gone.people > 0
    assert "RETAIN_ORIGINALS_DAYS" in case_lists.told_of(gone, settings)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("referals_count",), "no such indicator"),
        (("referrals_count", "March"), "PERIOD is a month"),
        (("referrals_count", "2026-03..2026-01"), "PERIOD is a month"),
        (("referrals_count", "2026-03", "setting=care"), "no row of that period and part"),
    ],
)
def test_what_cannot_be_listed_is_said(paths: Paths, asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(NoCases, match=re.escape(said)):
        make(paths, *asked)
    assert list(paths.cases.glob("*")) == [] if paths.cases.exists() else True


def test_the_job_tells_where_the_list_is_and_nothing_of_it(whole_job: object) -> None:
    config = {"ops": {"cases": {"config": {"indicator": "cic_count"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        done = case_list_job.execute_in_process(run_config=config, instance=instance)
        events = " ".join(str(event) for event in instance.all_logs(done.run_id))
    [file] = {Path(path) for path in re.findall(r"/[^\s'\"]+/cases/[\w-]+\.csv", events)}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            people = [row["person"] for row in csv.DictReader(lines)]
        assert people and not any(person in events for person in people)
    finally:
        file.unlink()
