from datetime import date

import pandas as pd
import pytest

from orchestration.contract.extracts import ROW_LEVEL, Column, Extract
from orchestration.sample_council import make_council

from .conftest import LAST_MONTH
from .reading import Tables, as_at, days_of, mapped, rows

COLUMNS = [(extract, column) for extract in ROW_LEVEL for column in extract.columns]
# Known when the files are written.
WRITTEN_LATER = {("extract_manifest", "row_count"), ("extract_manifest", "sha256")}


def ids(value: Extract | Column) -> str:
    return value.name


def test_every_extract_of_the_contract_is_there_with_its_columns_in_order(council: Tables) -> None:
    assert {name: tuple(frame.columns) for name, frame in council.items()} == {
        extract.name: extract.column_names for extract in ROW_LEVEL
    }


def test_no_column_is_empty_throughout(council: Tables) -> None:
    empty = {
        (name, column)
        for name, frame in council.items()
        for column in frame
        if frame[column].isna().all()
    }

    assert empty == WRITTEN_LATER


def test_required_columns_are_filled_but_for_what_is_known_later(council: Tables) -> None:
    gaps = {
        (extract.name, column.name)
        for extract, column in COLUMNS
        if column.required and council[extract.name][column.name].isna().any()
    }

    assert gaps == WRITTEN_LATER


@pytest.mark.parametrize("extract", ROW_LEVEL, ids=ids)
def test_no_two_rows_share_a_key_once_duplicates_are_out(council: Tables, extract: Extract) -> None:
    assert not rows(council, extract.name).duplicated(list(extract.key)).any()


def test_codes_are_those_of_the_contract_once_mapped_but_for_very_few(council: Tables) -> None:
    for extract, column in COLUMNS:
        if column.type == "code":
            found = mapped(council, extract.name, column.name).dropna().str.lower()
            if column.code_first:
                found = found.str.split(" ").str[0]
            known = {code.lower() for code in column.allowed}
            unknown = found[~found.isin(known)]
            assert len(unknown) <= 0.003 * len(found), (extract.name, column.name)


def test_nothing_has_happened_after_the_last_day_covered(council: Tables) -> None:
    end = as_at(council) + pd.Timedelta(days=1)
    for extract, column in COLUMNS:
        if column.own_date:
            happened = council[extract.name][column.name].dropna()
            assert (happened < end).all(), (extract.name, column.name)


def test_ends_do_not_come_before_starts(council: Tables) -> None:
    for extract, column in COLUMNS:
        if column.not_before and (extract.name, column.name) != (
            "ssd_cin_assessments",  # some are set so on purpose
            "cina_assessment_auth_date",
        ):
            frame = council[extract.name]
            # A referral may be closed on its day, whatever the hour.
            start = frame[column.not_before]
            start = days_of(start) if column.type == "date" else start
            early = frame[column.name] < start
            assert not early.any(), (extract.name, column.name)


def test_keys_are_found_where_they_point_but_for_the_stated_orphans(council: Tables) -> None:
    for extract, column in COLUMNS:
        if column.refers_to and not column.may_be_unknown:
            parent, name = column.refers_to.split(".")
            keys = council[extract.name][column.name].dropna()
            keys = keys[keys != "-1"]
            orphans = ~keys.isin(set(council[parent][name]))
            assert orphans.sum() <= 0.005 * len(keys), (extract.name, column.name)


def test_every_person_is_plainly_synthetic(council: Tables) -> None:
    for extract, column in COLUMNS:
        if column.person:
            people = council[extract.name][column.name].dropna()
            synthetic = people.str.match("SAMPLE-|FAM-|SEN-|SSD_PH")
            assert synthetic.all(), (extract.name, column.name)


def test_the_history_goes_back_the_years_asked_for(council: Tables) -> None:
    first_day = pd.Timestamp("2020-04-01")
    for extract, column in (
        ("ssd_contacts", "cont_contact_date"),
        ("ssd_cin_episodes", "cine_referral_date"),
        ("ext_early_help_referrals", "eh_referral_date"),
        ("ext_supervision", "due_date"),
        ("ext_workforce_vacancies", "snapshot_date"),
    ):
        assert council[extract][column].min() < first_day, extract
        every_month = council[extract][column].dt.to_period("M")
        assert set(pd.period_range("2020-04", "2026-03", freq="M")) <= set(every_month), extract


def test_the_same_arguments_give_the_same_rows(tiny: Tables) -> None:
    again = make_council(50, seed=2, last_month=LAST_MONTH)
    other = make_council(50, seed=3, last_month=LAST_MONTH)

    for name, frame in tiny.items():
        pd.testing.assert_frame_equal(frame, again[name])
    assert not tiny["ssd_contacts"].equals(other["ssd_contacts"])


def test_any_day_of_the_last_month_means_the_whole_month(tiny: Tables) -> None:
    again = make_council(50, seed=2, last_month=date(2026, 3, 17))

    assert as_at(tiny) == pd.Timestamp("2026-03-31")
    pd.testing.assert_frame_equal(tiny["ssd_cp_visits"], again["ssd_cp_visits"])


def test_numbers_of_rows_follow_the_size(council: Tables) -> None:
    half = make_council(1_250, seed=5, last_month=LAST_MONTH)

    assert 0.9 * 2_500 < len(council["ssd_person"]) < 1.15 * 2_500
    for extract in ("ssd_person", "ssd_contacts", "ssd_cin_episodes", "ext_supervision"):
        assert 1.7 < len(council[extract]) / len(half[extract]) < 2.35, extract


def test_a_tiny_council_has_something_in_every_extract_that_may_not_be_empty(tiny: Tables) -> None:
    empty = [
        extract.name
        for extract in ROW_LEVEL
        if not extract.may_be_empty and tiny[extract.name].empty
    ]

    assert empty == []
    assert 35 < len(tiny["ssd_person"]) < 75


def test_only_some_extracts_hold_the_same_rows_as_among_all(tiny: Tables) -> None:
    ssd = {extract.name for extract in ROW_LEVEL if extract.class_ == "ssd"}

    some = make_council(50, seed=2, last_month=LAST_MONTH, only=ssd)

    assert set(some) == ssd | {"extract_manifest"}
    assert set(some["extract_manifest"]["extract"]) == ssd
    for name in ssd:
        pd.testing.assert_frame_equal(some[name], tiny[name])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "at least 1"),
        ({"years": 0}, "at least 1"),
        ({"only": {"ssd_persons"}}, "ssd_persons"),
    ],
)
def test_what_cannot_be_made_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_council(**{"size": 50, "last_month": LAST_MONTH, **arguments})  # type: ignore[arg-type]
