"""What the figures ledger notes beside the figures, and that old files of it stay readable."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.mart.figures_ledger import (
    keep_figures,
    make_figures_ledger,
    note_inputs,
    record_figures,
)

FIRST = datetime(2026, 4, 3, 6, tzinfo=UTC)
LATER = datetime(2026, 4, 3, 9, tzinfo=UTC)
LAST = datetime(2026, 5, 4, 7, tzinfo=UTC)
DELIVERED = ("2026-04-03T05:00:00+00:00", "2026-03", "0123456789ab")
FIGURE = """
    select
        'referrals_count' as indicator_id, 'X06000001' as geography_code, 'month' as period_type,
        date '2026-03-01' as period_start, date '2026-03-31' as period_end,
        'total' as breakdown, 'total' as breakdown_value,
        {} as numerator, null as denominator, {} as value, null as month_end_mean,
        'rows' as origin, {} as is_provisional, '2:a' as definition,
        {} as numerator_squares, timestamp '{}' as received_at
"""


def built(
    file: Path,
    counted: int,
    *,
    is_provisional: bool = False,
    squares: str = "null",
    received_at: str = DELIVERED[0],
) -> Path:
    """A build that gives one figure."""
    figure = FIGURE.format(counted, counted, is_provisional, squares, received_at[:19])
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"""
            create schema if not exists figures;
            create schema if not exists staging;
            create or replace table staging.stg_area_codes (
                any_code varchar, geography_code varchar
            );
            create or replace table figures.int_current_figures as {figure};
            create or replace table figures.int_row_figures as from figures.int_current_figures
            """
        )
    return file


def seen(ledger: Path) -> list[tuple[str, datetime]]:
    files = f"read_parquet('{ledger}/inputs/*.parquet')"
    return duckdb.sql(f"select inputs, seen_at from {files} order by seen_at").fetchall()


def given(ledger: Path) -> list[tuple[int, str | None]]:
    files = f"read_parquet('{ledger}/*.parquet', union_by_name = true)"
    return duckdb.sql(
        f"select numerator::int, given_at::varchar from {files} order by record_no"
    ).fetchall()


def test_inputs_have_the_time_at_which_they_were_first_seen(tmp_path: Path) -> None:
    make_figures_ledger(tmp_path)
    for inputs, moment in (("a", FIRST), ("a", LATER), ("b", LATER), ("b", LAST)):
        note_inputs(tmp_path, inputs, moment)
        make_figures_ledger(tmp_path)
    at = [("a", FIRST.replace(tzinfo=None)), ("b", LATER.replace(tzinfo=None))]
    assert seen(tmp_path) == at
    # what was taken back is new once more, and no clock that was put back makes it old
    note_inputs(tmp_path, "a", FIRST)
    [*before, (inputs, moment)] = seen(tmp_path)
    assert (before, inputs) == (at, "a")
    assert moment > LATER.replace(tzinfo=None)
    assert {file.stat().st_mode & 0o222 for file in tmp_path.rglob("*.parquet")} == {0}


def test_a_figure_tells_when_it_was_first_given_and_not_when_it_was_delivered(
    tmp_path: Path,
) -> None:
    ledger = tmp_path / "ledger"
    make_figures_ledger(ledger)
    note_inputs(ledger, "a", FIRST)
    record_figures(built(tmp_path / "build.duckdb", 12), ledger, *DELIVERED)
    # the same delivery, other reference data
    note_inputs(ledger, "b", LAST)
    record_figures(built(tmp_path / "build.duckdb", 13), ledger, *DELIVERED)
    note_inputs(ledger, "b", datetime(2026, 6, 1, tzinfo=UTC))
    assert record_figures(tmp_path / "build.duckdb", ledger, *DELIVERED).figures == 0
    assert given(ledger) == [(12, "2026-04-03 06:00:00"), (13, "2026-05-04 07:00:00")]


def test_a_kept_figure_keeps_the_squares_that_its_margin_comes_from(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    make_figures_ledger(ledger)
    with_the_child = built(tmp_path / "build.duckdb", 12, squares="40")
    record_figures(with_the_child, ledger, *DELIVERED)
    without = built(tmp_path / "build.duckdb", 11, squares="31")
    assert keep_figures(without, ledger).figures == 1
    told = duckdb.sql(f"select numerator::int, numerator_squares::int from '{ledger}/2.parquet'")
    assert told.fetchall() == [(12, 40)]


def test_a_provisional_figure_is_kept_until_the_next_delivery_and_a_final_one_for_good(
    tmp_path: Path,
) -> None:
    for is_provisional, taken_over in ((True, 1), (False, 0)):
        ledger, build = tmp_path / f"{is_provisional}", tmp_path / "build.duckdb"
        make_figures_ledger(ledger)
        record_figures(built(build, 12, is_provisional=is_provisional), ledger, *DELIVERED)
        built(build, 11, is_provisional=is_provisional)
        assert keep_figures(build, ledger).figures == 1
        # asked once more, and run again without a delivery: it stands
        assert keep_figures(build, ledger).figures == 0
        assert record_figures(build, ledger, *DELIVERED).figures == 0
        may = ("2026-05-04T05:00:00+00:00", "2026-04", "0123456789ab")
        built(build, 14, received_at=may[0])
        assert record_figures(build, ledger, *may).figures == taken_over


def test_a_ledger_of_before_a_column_was_added_stays_readable(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    make_figures_ledger(ledger)
    record_figures(built(tmp_path / "build.duckdb", 12, squares="40"), ledger, *DELIVERED)
    for file in sorted(ledger.glob("*.parquet")):
        told = duckdb.sql(f"select * exclude (given_at, numerator_squares) from '{file}'").df()
        assert len(told) == int(file.stem)
        file.unlink()
        duckdb.from_df(told).write_parquet(str(file))
    make_figures_ledger(ledger)
    # what was not recorded then is now, once
    assert record_figures(tmp_path / "build.duckdb", ledger, *DELIVERED).figures == 1
    assert record_figures(tmp_path / "build.duckdb", ledger, *DELIVERED).figures == 0
    assert given(ledger) == [(12, None), (12, "2026-04-03 05:00:00")]
