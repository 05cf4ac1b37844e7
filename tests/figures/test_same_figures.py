"""Changes of a delivery that must change no figure, or change every figure in a known way."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.reference.geographies import area_of
from orchestration.sample_council import (
    GEOGRAPHY_CODE,
    OLD_LA_CODE,
    make_council,
    write_delivery,
)
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.figures.councils import KEY, LAST_MONTH, NUMBERS, check_in, warehouse_figures

Tables = dict[str, pd.DataFrame]
EARLIER = date(2025, 12, 31)
REFERRED_TO = {column.refers_to for extract in EXTRACTS.values() for column in extract.columns}
# what a child cannot have twice on the same days
HELD_ONCE = (
    *("ssd_cin_assessments", "ssd_initial_cp_conference", "ssd_cp_plans", "ssd_cp_visits"),
    *("ssd_cp_reviews", "ssd_cla_episodes", "ssd_legal_status", "ssd_cla_placement"),
    *("ssd_cla_reviews", "ssd_cla_visits", "ssd_cla_health", "ssd_involvements"),
    *("ssd_ehcp_requests", "ssd_ehcp_assessment", "ext_sw_reports", "ext_pre_proceedings"),
    *("ext_exclusions", "ext_return_interviews"),
)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """One delivery of an ordinary council."""
    return dict(make_council(900, seed=5, last_month=LAST_MONTH))


@pytest.fixture(scope="module")
def figures_of(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory):
    """What the models make of a delivery, checked in from its files."""

    def made(tables: Tables, as_at: date = LAST_MONTH, again: bool = False) -> pd.DataFrame:
        home: Path = tmp_path_factory.mktemp("delivery")
        paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
        write_delivery(tables, paths.incoming / f"{as_at:%Y-%m}")
        check_in(paths)
        if again:
            check_in(paths)
        models = compiled.over(paths.raw)
        with models.connect() as connection:
            models.run(connection, ["int_row_figures"])
            return warehouse_figures(connection).set_index(KEY).sort_index()

    return made


@pytest.fixture(scope="module")
def before(figures_of, tables: Tables) -> pd.DataFrame:
    """The figures of the delivery as it is."""
    figures = figures_of(tables)
    assert len(figures) > 15_000
    return figures


def test_the_order_of_rows_and_columns_changes_nothing(figures_of, tables, before) -> None:
    shuffled = {
        name: frame.sample(frac=1, random_state=3)[sorted(frame.columns, reverse=True)]
        for name, frame in tables.items()
    }
    pd.testing.assert_frame_equal(figures_of(shuffled), before)


def test_a_delivery_checked_in_twice_changes_nothing(figures_of, tables, before) -> None:
    pd.testing.assert_frame_equal(figures_of(tables, again=True), before)


def test_a_file_with_every_row_twice_changes_nothing(figures_of, tables, before) -> None:
    twice = {
        name: pd.concat([frame, frame]) if name in ("ssd_cp_visits", "ssd_cin_episodes") else frame
        for name, frame in tables.items()
    }
    pd.testing.assert_frame_equal(figures_of(twice), before)


def test_a_second_number_for_the_same_days_changes_nothing(figures_of, tables, before) -> None:
    again = {}
    for name in HELD_ONCE:
        [number] = EXTRACTS[name].key[:1]
        some = tables[name].sample(frac=0.5, random_state=7)
        some = some.assign(**{number: some[number].astype(str) + "-again"})
        again[name] = pd.concat([tables[name], some])
    # of an incident whose times are days nobody can tell; interviews name either number
    log = tables["ext_missing_episodes"]
    timed = log[log["time_precision"].str.lower() == "minute"].sample(frac=0.5, random_state=7)
    other = {number: f"{number}-again" for number in timed["missing_id"]}
    again["ext_missing_episodes"] = pd.concat(
        [log, timed.assign(missing_id=timed["missing_id"].map(other))]
    )
    asked = again["ext_return_interviews"]
    named = asked["missing_id"].where(
        asked["rhi_id"].str.endswith("-again"), asked["missing_id"].map(lambda n: other.get(n, n))
    )
    again["ext_return_interviews"] = asked.assign(missing_id=named)
    # and half of the assessments name the other number of their request
    assessed = again["ssd_ehcp_assessment"]
    numbers = assessed["ehca_ehcp_request_id"]
    requested = set(again["ssd_ehcp_requests"]["ehcr_ehcp_request_id"])
    renamed = [f"{n}-again" if f"{n}-again" in requested else n for n in numbers]
    again["ssd_ehcp_assessment"] = assessed.assign(ehca_ehcp_request_id=renamed)
    pd.testing.assert_frame_equal(figures_of({**tables, **again}), before)


def test_a_child_to_whom_nothing_happened_changes_nothing(figures_of, tables, before) -> None:
    child = pd.DataFrame([{"pers_person_id": "P-NEW", "pers_dob": pd.Timestamp("2015-05-05")}])
    persons = pd.concat([tables["ssd_person"], child.astype({"pers_person_id": object})])
    pd.testing.assert_frame_equal(figures_of({**tables, "ssd_person": persons}), before)


def test_an_authority_told_by_its_code_or_name_changes_nothing(figures_of, tables, before) -> None:
    area = area_of(settings.reference, GEOGRAPHY_CODE)
    words = [GEOGRAPHY_CODE, f"{OLD_LA_CODE}.0", GEOGRAPHY_CODE.lower(), area.la_name]
    told = {}
    for extract in EXTRACTS.values():
        for column in (each for each in extract.columns if each.reference == "authority"):
            frame = tables[extract.name]
            spelt = [
                words[place % len(words)] if cell == OLD_LA_CODE else cell
                for place, cell in enumerate(frame[column.name])
            ]
            told[extract.name] = frame.assign(**{column.name: spelt})
    assert len(told) == 4
    pd.testing.assert_frame_equal(figures_of({**tables, **told}), before)


def test_twice_the_children_are_twice_the_counts_and_the_same_ratios(
    figures_of, tables, before
) -> None:
    after = figures_of({name: doubled(name, frame) for name, frame in tables.items()})
    assert list(after.index) == list(before.index)
    units = {"count": [], "rate": [], "median": [], "ratio": []}
    for indicator in after.index.get_level_values("indicator_id").unique():
        units[kind_of(indicator, before)].append(indicator)
    assert all(units.values())
    for kind, indicators in units.items():
        then, now = (each.loc[indicators, NUMBERS] for each in (before, after))
        factors = {
            "count": [2, 1, 2, 2],
            "rate": [2, 1, 2, 2],
            "median": [1, 2, 1, 1],
            "ratio": [2, 2, 1, 1],
        }[kind]
        pd.testing.assert_frame_equal(now, then * factors, check_dtype=False, atol=3e-6)


def test_an_earlier_as_at_never_sees_what_happened_later(figures_of, tables) -> None:
    known = {name: as_of(name, frame, blank=False) for name, frame in tables.items()}
    blanked = {name: as_of(name, frame, blank=True) for name, frame in tables.items()}
    changed = [name for name in known if not known[name].equals(blanked[name])]
    assert len(changed) > 12
    pd.testing.assert_frame_equal(figures_of(known, EARLIER), figures_of(blanked, EARLIER))


def kind_of(indicator: str, figures: pd.DataFrame) -> str:
    rows = figures.loc[indicator]
    if indicator.endswith("per_10k") or indicator == "permanent_exclusion_rate_pct":
        return "rate"
    if "median" in indicator:
        return "median"
    return "count" if rows["denominator"].isna().all() else "ratio"


def doubled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Everybody and everything twice, under other numbers; vacancies and intakes are sums."""
    extract = EXTRACTS[name]
    if extract.class_ in ("reference", "manifest"):
        return frame
    amounts = {
        "ext_workforce_vacancies": [
            "established_fte",
            "vacancy_fte",
            "vacancy_covered_by_agency_fte",
        ],
        "ext_asye_intakes": ["applications", "appointed"],
    }
    if name in amounts:
        return frame.assign(**{column: frame[column] * 2 for column in amounts[name]})
    again = frame.copy()
    for column in extract.columns:
        if column.name not in again.columns or column.type != "string":
            continue
        own = f"{name}.{column.name}"
        if column.name in extract.key or column.refers_to or column.person or own in REFERRED_TO:
            text = again[column.name]
            again[column.name] = text.where(text.isna(), text.astype(str) + "-2")
    return pd.concat([frame, again], ignore_index=True)


def as_of(name: str, frame: pd.DataFrame, *, blank: bool) -> pd.DataFrame:
    """The rows that had happened by the earlier day; `blank` also empties later dates in them."""
    if name == "extract_manifest":
        return frame.assign(data_as_at=pd.Timestamp(EARLIER))
    extract, limit = EXTRACTS[name], pd.Timestamp(EARLIER) + pd.Timedelta(days=1)
    dated = [c for c in extract.columns if c.type in ("date", "datetime") and c.name in frame]
    for column in dated:
        if column.own_date or (column.required and extract.class_ != "reference"):
            day = pd.to_datetime(frame[column.name])
            frame = frame[day.isna() | (day < limit)]
    for column in dated:
        if blank and not column.required and not column.own_date:
            day = pd.to_datetime(frame[column.name])
            frame = frame.assign(**{column.name: frame[column.name].where(~(day >= limit))})
    return frame.reset_index(drop=True)
