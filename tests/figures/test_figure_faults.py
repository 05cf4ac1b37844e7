"""Figures that cannot be, and figures that moved too far since they were published."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.mart.figure_checks import RULES, Moved, Release, fault_line, held, read_released
from orchestration.reference.tables import Reference
from orchestration.settings import settings
from tests.figures.compiled import Compiled, build


def with_unit(compiled: Compiled, indicator: str, new: str) -> Compiled:
    """The catalogue with another unit for one indicator."""
    told = (
        f"case when indicators.indicator_id = '{indicator}' then '{new}' else indicators.unit end"
    )
    return compiled.changed("stg_indicators", "    indicators.unit,", f"    {told} as unit,")


def faults(compiled: Compiled) -> set[tuple[str, str]]:
    with compiled.connect() as connection:
        compiled.run(connection, ["int_figure_faults"])
        return set(connection.sql("select * from figures.int_figure_faults").fetchall())


def test_each_planted_mistake_is_named_by_indicator_and_rule(compiled: Compiled) -> None:
    mutant = compiled
    for model, old, new in (
        ("ind_cp_allocated_social_worker_pct", "then 1 else 0", "then 3 else 0"),
        ("ind_assessments_within_45wd_pct", "then 1 else 0", "then 1 else -1"),
        (
            "ind_referrals_count",
            "referred_on as indicator_date",
            "case when referred_on < date '2025-06-01' then referred_on end as indicator_date",
        ),
        (
            "ind_contacts_to_referral_pct",
            "1 as denominator",
            "cast(null as integer) as denominator",
        ),
        ("ind_ehcp_requests_count", "1 as numerator", "cast(null as integer) as numerator"),
        ("ind_eh_referrals_count", "eh_referral_id as subject_id", "person_id as subject_id"),
        ("ind_missing_children_count", "person_id as subject_id", "missing_id as subject_id"),
        ("ind_cic_count", "person_id as subject_id", "null as subject_id"),
        ("ind_cl_count", "month_end as indicator_date", "month_end - 3 as indicator_date"),
        ("ind_cp_plans_open_count", "cast(null as integer) as denominator", "1 as denominator"),
        ("ind_cic_rate_per_10k", "/ 10000", "* 1"),
        ("ind_cp_reports_shared_on_time_pct", "'not recorded'", "null"),
        ("ind_sw_asye_count", "1 as numerator", "0.5 as numerator"),
        (
            "ind_eh_assessment_avg_wd",
            "working_days_to_completion as numerator",
            "2000 as numerator",
        ),
        ("ind_practice_audits_good_pct", "audit_id as subject_id", "grade as subject_id"),
        (
            "ind_rhi_within_72h_pct",
            "1 as denominator",
            "cast(coalesce(days_to_interview <= 3, false) as int) as denominator",
        ),
    ):
        mutant = mutant.changed(model, old, new)
    mutant = with_unit(mutant, "cic_placed_out_of_borough_pct", "days")

    found = faults(mutant)

    assert {
        ("cp_allocated_social_worker_pct", "ROW-COUNTS-MORE"),
        ("cp_allocated_social_worker_pct", "ROW-ABOVE-WHOLE"),
        ("cp_allocated_social_worker_pct", "FIGURE-ABOVE-WHOLE"),
        ("assessments_within_45wd_pct", "ROW-NEGATIVE"),
        ("referrals_count", "ROW-DATE-EMPTY"),
        ("contacts_to_referral_pct", "ROW-DENOMINATOR-EMPTY"),
        ("ehcp_requests_count", "ROW-NUMERATOR-EMPTY"),
        ("eh_referrals_count", "SUBJECT-IS-PERSON"),
        ("missing_children_count", "SUBJECT-NO-PERSON"),
        ("cic_count", "ROW-SUBJECT-EMPTY"),
        ("cl_count", "ROW-NOT-MONTH-END"),
        ("cp_plans_open_count", "UNIT-COUNT-OUT-OF"),
        ("cic_rate_per_10k", "UNIT-POPULATION"),
        ("cp_reports_shared_on_time_pct", "PARTS-NOT-WHOLE"),
        ("sw_asye_count", "FIGURE-NOT-WHOLE"),
        ("eh_assessment_avg_wd", "UNIT-TOO-LARGE"),
        ("practice_audits_good_pct", "SUBJECT-REPEATS"),
        ("rhi_within_72h_pct", "ROW-COUNTS-NOTHING"),
        ("cic_placed_out_of_borough_pct", "UNIT-BASIS"),
        ("cic_placed_out_of_borough_pct", "UNIT-NOT-MEASURED"),
    } <= found
    planted = {indicator for indicator, _ in found}
    assert "cp_plans_ended_2yr_plus_pct" not in planted and len(planted) == 17


def test_visits_at_a_weekend_hold_nothing(compiled: Compiled) -> None:
    """Whoever was seen on a Friday and on the Saturday is due to be seen on one day, twice."""
    seen_again = compiled.changed(
        "int_cp_visit_anchors",
        "        of_children.visit_date\n    from of_children",
        "        of_children.visit_date + days.later as visit_date\n    from of_children"
        " cross join (values (0), (1)) as days (later)",
    )
    assert "cp_visits_within_10wd_pct" not in {indicator for indicator, _ in faults(seen_again)}


def test_supervisions_recorded_on_the_day_or_the_next_hold_nothing(compiled: Compiled) -> None:
    held = "held_day.working_day_number as numerator"
    lag = f"recorded_day.working_day_number - {held}"
    prompt = compiled.changed(
        "ind_supervision_recording_lag_median_wd", lag, f"least(1, {lag[:-13]}) as numerator"
    )
    assert "supervision_recording_lag_median_wd" not in {
        indicator for indicator, _ in faults(prompt)
    }


def test_rows_and_months_that_get_lost_and_parts_that_grow_are_noticed(compiled: Compiled) -> None:
    lost = compiled.changed(
        "int_indicator_months",
        "events.indicator_date = calendar.calendar_date",
        "events.indicator_date = calendar.calendar_date and calendar.day_of_month <> 7",
    )
    assert ("referrals_count", "EVENTS-LOST") in faults(lost)
    smaller = compiled.changed(
        "int_row_figures",
        "sum(indicator_months.numerator) as numerator",
        "max(case when cells.breakdown = 'total' then 1 else indicator_months.numerator end)"
        " as numerator",
    )
    found = faults(smaller)
    assert ("referrals_count", "EVENTS-LOST") in found
    assert ("missing_incidents_count", "PARTS-ABOVE-WHOLE") in found


def test_every_rule_of_the_model_has_its_words() -> None:
    models = (settings.dbt_project / "models/figures/faults").glob("*.sql")
    sql = "".join(model.read_text("utf-8") for model in models)
    named = set(re.findall("'([A-Z]+(?:-[A-Z]+)+)'", sql))
    assert named | {"ENTRY-WITHOUT-SQL"} == set(RULES)
    assert fault_line("cic_count", "ROW-NEGATIVE").count(" | ") == 5


LEDGER = "create or replace view staging.stg_figures_ledger as from told"


@pytest.fixture(scope="module")
def built(compiled: Compiled) -> Iterator[tuple[Compiled, duckdb.DuckDBPyConnection]]:
    with compiled.connect() as connection:
        compiled.run(connection, ["int_moved_figures"])
        connection.execute(
            "create table told as select * replace (true as is_newest, false as kept)"
            " from staging.stg_figures_ledger limit 0"
        )
        connection.execute(LEDGER)
        yield compiled, connection


@pytest.mark.parametrize(
    ("indicator", "before", "now", "is_held"),
    [
        # numerator and denominator, as published and as built; same period: half the bound
        ("referrals_count", (100, None), (290, None), True),
        ("referrals_count", (100, None), (240, None), False),
        ("referrals_count", (2, None), (9, None), False),
        ("cic_count", (300, None), (130, None), True),
        ("cic_count", (120, None), (60, None), False),
        ("cic_count", (90, None), (70, None), False),
        ("cic_count", (100, None), (0, None), True),
        # a rate per 10,000 moves with its count: of 3 children among 40,000 nothing can be said
        ("cic_rate_per_10k", (3, 4), (9, 4), False),
        ("cic_rate_per_10k", (300, 4), (130, 4), True),
        ("cic_rate_per_10k", (300, 4), (300, 40000), True),
        ("contacts_to_referral_pct", (200, 400), (100, 400), True),
        ("contacts_to_referral_pct", (0, 400), (400, 400), True),
        ("contacts_to_referral_pct", (200, 400), (150, 400), False),
        ("contacts_to_referral_pct", (2, 4), (4, 4), False),
    ],
)
def test_a_figure_is_held_beyond_its_bound_and_never_for_small_numbers(
    built: tuple[Compiled, duckdb.DuckDBPyConnection],
    indicator: str,
    before: tuple[int, int | None],
    now: tuple[int, int | None],
    is_held: bool,
) -> None:
    council, connection = built
    assert moved(council, connection, indicator, before, now, "2026-02-01") == (
        [(indicator, "same_period")] if is_held else []
    )


def test_a_new_period_is_held_against_the_one_before_by_the_whole_bound(
    built: tuple[Compiled, duckdb.DuckDBPyConnection],
) -> None:
    council, connection = built
    for referrals, told in ((380, []), (420, [("referrals_count", "period_before")])):
        now = (referrals, None)
        found = moved(council, connection, "referrals_count", (100, None), now, "2026-03-01")
        assert found == told
    # two months on there is nothing just before it to hold it against
    assert not moved(council, connection, "referrals_count", (100, None), (420, None), "2026-04-01")


def moved(
    council: Compiled,
    connection: duckdb.DuckDBPyConnection,
    indicator: str,
    before: tuple[int, int | None],
    now: tuple[int, int | None],
    month: str,
) -> list[tuple[str, str]]:
    """What is held where February 2026 was published as `before` and `month` is `now`."""
    connection.execute("delete from told; delete from figures.int_current_figures")
    for table, sides, start in (
        ("told", before, "2026-02-01"),
        ("figures.int_current_figures", now, month),
    ):
        more = {"told": ", is_newest, kept"}.get(table, "")
        values = {"told": ", true, false"}.get(table, "")
        numerator, denominator = sides
        value = numerator if denominator is None else numerator / denominator
        if indicator.endswith("_pct"):
            value *= 100
        connection.execute(
            f"insert into {table} (figure_id, indicator_id, geography_code, period_type,"
            " period_start, period_end, breakdown, breakdown_value, numerator, denominator, value,"
            f" origin, is_provisional{more}) values (?, ?, 'X06000001', 'month', ?,"
            f" last_day(?::date), 'total', 'total', ?, ?, ?, 'rows', false{values})",
            [f"{indicator} {start}", indicator, start, start, numerator, denominator, value],
        )
    build(connection, [each for each in council.models if each.name == "int_moved_figures"])
    return connection.sql(
        "select indicator_id, held_against from figures.int_moved_figures"
    ).fetchall()


def test_a_release_is_for_one_indicator_one_delivery_and_needs_name_and_reason(
    tmp_path: Path,
) -> None:
    figure = Moved("cic_count", "E06000005", "month", date(2026, 3, 31), same_period=True)
    reference = Reference(tmp_path)
    reference._catalogue = settings.reference.catalogue
    file = tmp_path / "released_figures.csv"
    file.write_text(
        "indicator_id,geography_code,as_at,reason,released_by,released_on\n"
        "cic_count,E06000005,2026-03,a merger of teams,A. Analyst,2026-04-02\n"
        "cl_count,,2026-03,counted anew,A. Analyst,2026-04-02\n"
        "cp_plans_open_count,,2026-03,,A. Analyst,2026-04-02\n",
        encoding="utf-8",
    )
    released = read_released(reference)
    assert released == {
        Release("cic_count", "E06000005", "2026-03"),
        Release("cl_count", "", "2026-03"),
    }
    assert held([figure], released, "2026-03") == []
    assert held([figure], released, "2026-04") == [figure]
    assert "cic_count,E06000005,2026-04" in figure.line("2026-04")
    assert read_released(settings.reference) == frozenset()
