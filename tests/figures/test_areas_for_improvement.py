"""The five areas of the covering report of June 2019, from a council told to behave so."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.deliveries.layout import Paths
from orchestration.editions.edition import load_edition
from orchestration.editions.improvements import first_areas
from orchestration.sample_council import Stories, fill
from tests.figures.compiled import Compiled
from tests.figures.councils import check_in

APRIL = date(2019, 4, 1)


@pytest.fixture(scope="module")
def paper(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory):
    """The marts as the council of the paper would have had them."""
    home: Path = tmp_path_factory.mktemp("june_2019")
    paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
    fill(paths.incoming, last_month=APRIL, size=2_000, months=2, stories=Stories(june_2019=True))
    check_in(paths)
    models = compiled.over(paths.raw)
    with models.connect() as connection:
        models.run(connection)
        yield models, connection


def areas(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.sql(
        "select area_rank, area, list(indicator_id order by indicator_id),"
        " bool_or(is_below_target), bool_or(is_worse_than_last_year)"
        " from marts.kpi_areas_for_improvement where geography_code = 'X06000001'"
        " and area_rank <= 5 group by all order by area_rank"
    ).fetchall()


def test_the_five_areas_are_those_of_the_paper(paper) -> None:
    _, connection = paper
    assert areas(connection) == [
        (
            1,
            "Case supervision",
            ["supervision_in_timescale_pct", "supervision_recording_lag_median_wd"],
            True,
            True,
        ),
        (2, "Timeliness of return home interviews", ["rhi_within_3wd_pct"], True, True),
        (3, "Timeliness of Early Help assessments", ["eh_assessment_avg_wd"], True, True),
        (
            4,
            "Timeliness of visits to children on protection plans",
            ["cp_visits_within_10wd_pct"],
            True,
            False,
        ),
        (
            5,
            "Timeliness of social workers' reports to conferences and reviews",
            ["cic_reports_shared_on_time_pct", "cp_reports_shared_on_time_pct"],
            False,
            True,
        ),
    ]


def test_publishing_ranks_by_the_same_rule(paper) -> None:
    """What is public is ranked anew, as nobody may see which figures that are hidden came first."""
    _, connection = paper
    edition = load_edition(connection, "X06000001", date(2019, 4, 30))
    assert first_areas((*edition.further_improvements, *edition.improvements)) == tuple(
        sorted(edition.improvements, key=lambda each: (each.rank, each.catalogue_order))
    )


def test_early_help_is_as_the_paper_has_it(paper) -> None:
    """43 working days in April against a target of 30 and 40 in the year before."""
    _, connection = paper
    assert connection.sql(
        "select headline_value::double, target::double, last_year_value::double,"
        " last_year_start::varchar"
        " from marts.kpi_areas_for_improvement"
        " inner join marts.kpi_dashboard using (geography_code, as_at, indicator_id)"
        " where indicator_id = 'eh_assessment_avg_wd' and geography_code = 'X06000001'"
    ).fetchall() == [(43.0, 30.0, 40.0, "2018-04-01")]


def test_people_can_recall_add_and_leave_out_an_indicator_with_a_reason(paper) -> None:
    models, connection = paper
    connection.execute(
        """
        insert into reference.improvement_decisions values
        ('X06000001', 'cic_count', '2019-04-01', null, 'added', 'More children in care', 'DCS'),
        ('X06000001', 'cl_neet_pct', '2019-01-01', '2019-04-01', 'recalled', 'Minute 12', 'Chair'),
        ('X06000001', 'rhi_within_3wd_pct', '2019-04-01', null, 'left_out', 'Recording', 'DCS'),
        ('X06000001', 'cic_rate_per_10k', '2018-01-01', '2019-03-01', 'added', 'Over', 'DCS')
        """
    )
    [model] = [each for each in models.models if each.name == "kpi_areas_for_improvement"]
    try:
        connection.execute(f"create or replace table {model.relation} as {model.sql}")
        found = areas(connection)
    finally:
        connection.execute("delete from reference.improvement_decisions")
        connection.execute(f"create or replace table {model.relation} as {model.sql}")
    assert [area[1] for area in found][:4] == [
        "Children in care",
        "Care leavers not in education, employment or training",
        "Case supervision",
        "Timeliness of Early Help assessments",
    ]
    assert len(found) == 5
    assert "rhi_within_3wd_pct" not in {each for area in found for each in area[2]}
