"""Returns as they lie in a drop folder: each gives its own indicators, as the whole does, and no
other."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.deliveries.layout import Paths
from orchestration.sample_council.returns.annex_a import annex_a, write_annex_a
from orchestration.sample_council.returns.cin_census import write_cin_census
from orchestration.sample_council.returns.daily_payload import write_daily_payload
from orchestration.sample_council.returns.school_census import write_school_census
from orchestration.sample_council.returns.sen2 import write_sen2
from orchestration.sample_council.returns.ssda903 import write_ssda903
from orchestration.sample_council.returns.workforce_census import write_workforce_census
from tests.deliveries.readers.as_delivered import (
    AS_AT,
    BESIDE,
    FORMATS,
    Figures,
    differences,
    given,
    months,
)
from tests.deliveries.readers.test_school_census import CENSUSES
from tests.figures.compiled import Compiled
from tests.figures.councils import check_in

Extracts = Mapping[str, pd.DataFrame]
DROPPED: dict[str, Callable[[Extracts, Path], object]] = {
    "ssda903": lambda extracts, incoming: [
        write_ssda903(extracts, incoming / f"903 of {year}", date(year, 3, 31))
        for year in (2025, 2026)
    ],
    "annex_a": lambda extracts, incoming: write_annex_a(
        annex_a(extracts, AS_AT), incoming / "for the inspection.xlsx", AS_AT
    ),
    "cin_census": lambda extracts, incoming: [
        write_cin_census(extracts, incoming / f"{year}.xml", date(year, 3, 31))
        for year in (2025, 2026)
    ],
    "sen2": lambda extracts, incoming: [
        write_sen2(extracts, incoming / f"SEN2 {year}.xml", year) for year in (2024, 2025, 2026)
    ],
    "workforce_census": lambda extracts, incoming: [
        write_workforce_census(extracts, incoming / f"CSWW {year}.xml", year)
        for year in (2024, 2025)
    ],
    "school_census": lambda extracts, incoming: [
        write_school_census(extracts, incoming / f"{term} {year}", year, term, terms)
        for year, term, terms in CENSUSES
    ],
    "daily_payload": lambda extracts, incoming: write_daily_payload(
        extracts, incoming / "nightly", (date(2026, 2, 27), date(2026, 3, 30), AS_AT)
    ),
}


@pytest.mark.parametrize("formats", [*((each,) for each in DROPPED), tuple(DROPPED)])
def test_what_is_dropped_gives_its_own_indicators_and_no_other(
    formats: tuple[str, ...],
    compiled: Compiled,
    whole: Figures,
    extracts: Extracts,
    tmp_path: Path,
) -> None:
    paths = Paths(*(tmp_path / part for part in ("incoming", "raw", "quarantine", "ledger")))
    month = paths.incoming / f"{AS_AT:%Y-%m}"
    month.mkdir(parents=True)
    for name in BESIDE:
        extracts[name].to_csv(month / f"{name}.csv", index=False)
    for each in formats:
        DROPPED[each](extracts, paths.incoming)
    check_in(paths)
    ours = Figures(compiled, paths.raw).all
    gives = {indicator for each in formats for indicator in given(each)}
    assert set(ours["indicator_id"]) - gives == set(), "printed, and may be false"
    found = differences(ours, whole.all)
    assert found.empty, found.to_string()
    if "ssda903" in formats:
        in_care = ours[(ours["indicator_id"] == "cic_count") & (ours["period_type"] == "month")]
        assert min(in_care["period_end"]) == date(2024, 4, 30)
    of_last_day = {each for name in formats for each in FORMATS[name].get("of_last_day", ())}
    for indicator in of_last_day:
        told = ours[ours["indicator_id"] == indicator]
        assert months(ours, indicator) == {"2025-09"}, indicator
        # of two censuses neither the older one's day, nor a mean of days a year apart
        assert set(told["period_end"]) == {date(2025, 9, 30)}
        assert told["month_end_mean"].isna().all()
    if "school_census" in formats:
        # the first whole month after the first that they know
        excluded = months(ours, "permanent_exclusions_count")
        assert (min(excluded), max(excluded)) == ("2023-12", "2025-12")
    if len(formats) == 1:
        lacking = gives - set(ours["indicator_id"])
        assert lacking <= {"icpc_within_15wd_pct", *OF_A_YEAR_BEFORE.get(formats[0], ())}, lacking


# a workbook knows no year before it
OF_A_YEAR_BEFORE = {
    "annex_a": ("cic_health_assessment_in_timescale_pct", "cic_dental_check_in_timescale_pct"),
}
