"""The figures of the councils: taken in, or left out and named, and nobody stops anybody else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.councils.figures import COLUMNS
from orchestration.publication.last_run import FIGURES
from orchestration.region.council_figures import Gathered, gather
from orchestration.region.faults import CODES
from tests.region.pool import LONDON, SOUTH_EAST, figures, write

ONE, OTHER = SOUTH_EAST[0], LONDON[0]


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for code in (ONE, OTHER):
        write(tmp_path / "councils" / code, figures(code, seed=1))
    return tmp_path / "councils"


def taken(folders: Path) -> tuple[Gathered, list[str]]:
    """What was gathered, and whose figures lie in raw/."""
    raw = folders.parent / "raw"
    gathered = gather(folders, (ONE, OTHER), raw)
    rows = duckdb.sql(
        f"select distinct geography_code from '{raw}/council_figures/*.parquet' order by 1"
    ).fetchall()
    return gathered, [code for (code,) in rows]


def test_every_figure_is_taken_in_as_it_was_written(folders: Path) -> None:
    gathered, councils = taken(folders)
    assert gathered.faults == ()
    assert councils == [ONE, OTHER]
    assert gathered.councils == (ONE, OTHER)
    raw = folders.parent / "raw"
    differing = duckdb.sql(
        f"select count(*) from (from '{folders}/*/{FIGURES}' except from"
        f" '{raw}/council_figures/*.parquet')"
    ).fetchall()
    assert differing == [(0,)]
    assert gathered.rows == sum(len(figures(code, seed=1)) for code in (ONE, OTHER)) > 100


def test_without_a_pool_there_are_tables_of_their_types_and_no_row(tmp_path: Path) -> None:
    assert gather(tmp_path / "councils", [], tmp_path / "raw") == Gathered(0, (), ())
    empty = duckdb.read_parquet(f"{tmp_path}/raw/council_figures/*.parquet")
    kinds = {name: kind.lower().replace(" ", "") for name, kind in COLUMNS.items()}
    found = dict(zip(empty.columns, (str(each).lower() for each in empty.types), strict=True))
    assert found == kinds
    assert empty.fetchall() == []


def unreadable(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def of_another_council(file: Path) -> None:
    write(file.parent, figures(ONE, seed=1)[:1] + figures(OTHER, seed=1))


def of_another_council_alone(file: Path) -> None:
    write(file.parent, figures(ONE, seed=1))


def twice(file: Path) -> None:
    write(file.parent, figures(OTHER, seed=1) + figures(OTHER, seed=1)[:1])


def lacks_a_column(file: Path) -> None:
    rows = duckdb.read_parquet(str(file)).project("* exclude (value)").df()
    assert len(rows) > 50
    duckdb.sql("from rows").write_parquet(str(file))


def without_periods(file: Path) -> None:
    write(file.parent, [{**row, "period_end": None} for row in figures(OTHER, seed=1)])


def empty(file: Path) -> None:
    write(file.parent, [])


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (Path.unlink, "POOL-FIGURES-MISSING"),
        (unreadable, "POOL-FIGURES-UNREADABLE"),
        (lacks_a_column, "POOL-FIGURES-UNREADABLE"),
        (without_periods, "POOL-FIGURES-UNREADABLE"),
        (empty, "POOL-FIGURES-UNREADABLE"),
        (of_another_council, "POOL-FIGURES-FOREIGN"),
        (of_another_council_alone, "POOL-FIGURES-FOREIGN"),
        (twice, "POOL-FIGURES-REPEATED"),
    ],
)
def test_a_council_that_cannot_be_used_is_named_and_the_other_is_used(
    folders: Path, damage: Callable[[Path], object], code: str
) -> None:
    taken(folders)  # what was taken in before does not stand in
    damage(folders / OTHER / FIGURES)
    gathered, councils = taken(folders)
    assert councils == [ONE]
    assert gathered.councils == (ONE,)
    [fault] = gathered.faults
    assert fault.code == code
    assert str(fault).startswith(f"{code} | {OTHER}/{FIGURES} | - | {CODES[code]} | ")


def test_figures_of_a_council_that_is_not_in_the_pool_are_named_and_not_used(
    folders: Path,
) -> None:
    shutil.copytree(folders / ONE, folders / "E06000005")
    gathered, councils = taken(folders)
    assert [str(each).split(" | ")[:2] for each in gathered.faults] == [
        ["POOL-COUNCIL-UNKNOWN", f"E06000005/{FIGURES}"]
    ]
    assert councils == [ONE, OTHER]
