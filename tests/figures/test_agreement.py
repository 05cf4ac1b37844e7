"""Every figure of three sample councils, from the real models and from the oracle."""

import pytest

from tests.figures.compiled import Compiled
from tests.figures.councils import Council, differences, warehouse_figures
from tests.oracle import INDICATORS

NAMES = ["ordinary", "tiny", "ssd_only"]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_agrees_with_the_oracle(
    compiled: Compiled, councils: dict[str, Council], name: str
) -> None:
    council = councils[name]
    with compiled.over(council.raw).connect() as connection:
        compiled.over(council.raw).run(connection, ["int_row_figures", "int_figure_faults"])
        ours = warehouse_figures(connection)
        faults = connection.sql("select * from figures.int_figure_faults").fetchall()
    assert faults == [], "honest figures break no rule"
    found = differences(ours, council.expected)
    assert found.empty, found.groupby(["indicator_id", "breakdown"]).size().to_string()


def test_every_indicator_and_kind_of_period_was_compared(councils: dict[str, Council]) -> None:
    expected = councils["ordinary"].expected
    assert set(expected["indicator_id"]) == {indicator.name for indicator in INDICATORS}
    assert len(INDICATORS) == 66
    assert set(expected["period_type"]) == {
        "month",
        "quarter",
        "year_to_date",
        "financial_year",
        "academic_year",
        "calendar_year",
        "rolling_12m",
    }
    assert len(expected) > 20_000
    lacking = {indicator.name for indicator in INDICATORS} - set(
        councils["ssd_only"].expected["indicator_id"]
    )
    assert {"eh_referrals_count", "sw_agency_pct"} <= lacking
