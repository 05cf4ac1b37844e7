"""Faults planted in the SQL, one at a time: each must make some figure differ from the oracle's."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.figures.compiled import Compiled
from tests.figures.councils import Council, differences, warehouse_figures


@dataclass(frozen=True)
class Fault:
    """`old` becomes `new` in the SQL of `model`; figures of `indicator` must then be wrong."""

    what: str
    model: str
    old: str
    new: str
    indicator: str


FAULTS = [
    Fault(
        "boundary: a visit on the due day is late",
        "int_cp_visits_due",
        "chains.next_visit_on <= working_days.calendar_date",
        "chains.next_visit_on < working_days.calendar_date",
        "cp_visits_within_10wd_pct",
    ),
    Fault(
        "boundary: the 45th working day is late",
        "ind_assessments_within_45wd_pct",
        "working_days <= 45",
        "working_days < 45",
        "assessments_within_45wd_pct",
    ),
    Fault(
        "boundary: three workers are more than three",
        "ind_cic_three_plus_sw_12m_pct",
        "workers >= 3",
        "workers > 3",
        "cic_three_plus_sw_12m_pct",
    ),
    Fault(
        "boundary: what ends on the day is still open",
        "int_care_cohort",
        "month_ends.month_end < episodes.open_until",
        "month_ends.month_end <= episodes.open_until",
        "cic_count",
    ),
    Fault(
        "day rule: calendar days instead of working days",
        "int_return_interviews",
        "held_day.working_day_number - return_day.working_day_number",
        "held_day.day_number - return_day.day_number",
        "rhi_within_3wd_pct",
    ),
    Fault(
        "day rule: the clocks never change",
        "int_missing_incidents",
        "last_day.hours_ahead_from_two",
        "first_day.hours_ahead_from_two",
        "missing_duration_median_hours",
    ),
    Fault(
        "exclusion: plans of other authorities count",
        "int_cp_plan_numbers",
        "is distinct from 'Y'",
        "is distinct from 'never'",
        "cp_plans_open_count",
    ),
    Fault(
        "exclusion: short breaks are care",
        "int_care_cohort",
        "where short_breaks.person_id is null",
        "where true",
        "cic_count",
    ),
    Fault(
        "exclusion: every role is the allocated worker's",
        "int_allocated_workers",
        "where involvements.invo_professional_role_id = 'allocated_social_worker'",
        "where true",
        "sw_caseload_avg",
    ),
    Fault(
        "exclusion: an interview that the child declined is a missed one",
        "ind_rhi_within_3wd_pct",
        "is_declined = 0",
        "is_declined >= 0",
        "rhi_within_3wd_pct",
    ),
    Fault(
        "attribution: by the day the child went missing",
        "ind_rhi_offered_pct",
        "miss_missing_episode_end_date as indicator_date",
        "miss_missing_episode_start_date as indicator_date",
        "rhi_offered_pct",
    ),
    Fault(
        "attribution: by the start of the plan instead of its end",
        "ind_cp_plans_ended_2yr_plus_pct",
        "ended_on as indicator_date",
        "started_on as indicator_date",
        "cp_plans_ended_2yr_plus_pct",
    ),
    Fault(
        "same carer: a change of placement with the same carer opens a new spell",
        "int_placement_spells",
        "in ('L', 'T', 'U')",
        "in ('none')",
        "cic_three_plus_placements_12m_pct",
    ),
    Fault(
        "births: an estimated date of birth is not one",
        "int_persons",
        "coalesce(pers_dob, pers_expected_dob)",
        "pers_dob",
        "cl_count",
    ),
    Fault(
        "roll-up: a quarter of a snapshot adds its months up",
        "int_row_figures",
        "where period_months.is_last_month or not indicators.is_position",
        "where true",
        "cp_plans_open_count",
    ),
    Fault(
        "roll-up: a quarter's children are those of its months added up",
        "int_recounted_figures",
        "or subjects_by_month.month_before < period_months.period_start",
        "or true",
        "missing_children_count",
    ),
    Fault(
        "series: re-referrals are published from the first month on",
        "int_series",
        "+ indicators.history_months,",
        ",",
        "rereferrals_12m_pct",
    ),
    Fault(
        "series: reviews of a plan are published though its first ones are not there",
        "int_series",
        "coalesce(unseen_day.month_index + 1, 0)",
        "0",
        "cp_reviews_in_timescale_pct",
    ),
]


@pytest.fixture(scope="module")
def without_faults(
    compiled: Compiled, councils: dict[str, Council], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A database of what the models make of the council's rows."""
    file = tmp_path_factory.mktemp("without_faults") / "models.duckdb"
    models = compiled.over(councils["ordinary"].raw)
    with models.connect(str(file)) as connection:
        models.run(connection, ["int_row_figures"])
    return file


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_planted_fault_is_caught(
    compiled: Compiled, councils: dict[str, Council], without_faults: Path, fault: Fault
) -> None:
    council = councils["ordinary"]
    mutant = compiled.over(council.raw).changed(fault.model, fault.old, fault.new)
    with mutant.connect() as connection:
        mutant.run_from(connection, fault.model, ["int_row_figures"], without_faults)
        ours = warehouse_figures(connection)
    found = differences(ours, council.expected)
    assert fault.indicator in set(found["indicator_id"])
