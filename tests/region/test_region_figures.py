"""What the models say of a pool, against a second reckoning; how far limits can be trusted."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.region.funnel import Z_95, Z_998, Funnel
from tests.figures.compiled import Compiled
from tests.figures.conftest import compiled
from tests.region import recount
from tests.region.pool import built, figures, members, write

__all__ = ["compiled"]


@pytest.fixture(scope="module")
def pool(
    compiled: Compiled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, recount.Pool]]:
    """The models built over a made-up pool, and the pool."""
    home = tmp_path_factory.mktemp("pool")
    told = members()
    rows = []
    for each in told:
        rows += (of_one := figures(each.geography_code, seed=5))
        write(home / "councils" / each.geography_code, of_one)
    connection = built(compiled, home, told)
    with connection:
        yield connection, recount.Pool(told, rows)


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def differing(found: dict[Any, dict[str, Any]], expected: Any) -> list[Any]:
    """Where the two differ: numbers by more than a millionth, all else at all."""
    faults: list[Any] = [*(found.keys() ^ expected.keys())]
    for key in found.keys() & expected.keys():
        for name, wanted in expected[key].items():
            got = found[key][name]
            is_number = isinstance(wanted, int | float | type(got)) and not isinstance(got, str)
            if wanted is None or got is None or not is_number or isinstance(got, bool):
                same = got == wanted
            else:
                same = math.isclose(float(got), float(wanted), rel_tol=1e-9, abs_tol=2e-6)
            if not same:
                faults.append((key, name, got, wanted))
    return faults


def test_every_area_is_the_sum_of_its_councils_as_counted_by_hand(
    pool: tuple[duckdb.DuckDBPyConnection, recount.Pool],
) -> None:
    connection, told = pool
    expected = recount.regions(told)
    found = {
        (row["area_code"], recount.key_of(row)): row
        for row in rows_of(connection, "from marts.kpi_region")
    }
    assert differing(found, expected) == []
    statuses = {row["status"] for row in found.values()}
    assert statuses == {"ok", "no_cases", "not_additive", "withheld", "no_data"}
    for kind in ("missing", "withheld", "without_numbers", "outside"):
        assert sum(row[f"councils_{kind}"] is not None for row in found.values()) > 5, kind
    assert {row["definitions_counted"] for row in found.values()} >= {0, 1, 2}
    assert len(found) > 400


def test_every_council_stands_where_it_does_by_hand(
    pool: tuple[duckdb.DuckDBPyConnection, recount.Pool],
) -> None:
    connection, told = pool
    polarity = dict(
        connection.execute("select indicator_id, polarity from staging.stg_indicators").fetchall()
    )
    expected = recount.councils(told, recount.regions(told), polarity)
    found = {
        (f"{row['area_code']} {row['geography_code']}", recount.key_of(row)): row
        for row in rows_of(
            connection,
            "select *, 'total' as breakdown, 'total' as breakdown_value"
            " from marts.kpi_region_councils",
        )
    }
    assert differing(found, expected) == []
    said = [row["moved"] for row in found.values()]
    assert {*said} == {"better", "worse", "higher", "lower", "similar", None}
    places = [row["funnel_place"] for row in found.values()]
    assert places.count("inside") > 100
    assert {*places} >= {"inside", None, "above_95"} or "below_95" in places
    assert len(found) > 800


def test_the_curves_of_the_chart_are_the_limits_of_the_table(
    pool: tuple[duckdb.DuckDBPyConnection, recount.Pool],
) -> None:
    connection, _ = pool
    rows = rows_of(
        connection,
        "select councils.*, unit from marts.kpi_region_councils as councils"
        " inner join staging.stg_indicators using (indicator_id) where funnel_place is not null",
    )
    assert {row["unit"] for row in rows} == {"percent", "rate_per_10k", "weeks"}
    for row in rows:
        is_rate = row["unit"] == "rate_per_10k"
        funnel = Funnel(
            row["unit"] if row["unit"] in ("percent", "rate_per_10k") else "mean",
            float(row["area_value"]),
            float(row["spread_between"]),
            float(row["spread_inside"] or 0),
            float(row["dispersion"]),
        )
        size = float(row["denominator"]) * (10_000 if is_rate else 1)
        for z, level in ((Z_95, "95"), (Z_998, "998")):
            drawn = funnel.limits(size, z)
            told = [float(row[f"funnel_{side}_{level}"]) for side in ("lower", "upper")]
            assert drawn == pytest.approx(told, abs=2e-3)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("cases", [30, 100, 1_000])
def test_chance_alone_puts_a_council_outside_about_as_often_as_is_said(
    share: float, cases: int
) -> None:
    """Exactly, by the binomial distribution: at most 8 in 100 and 8 in 1,000."""
    funnel = Funnel("percent", 100 * share, 0, 0, 1)
    for z, most in ((Z_95, 0.08), (Z_998, 0.008)):
        low, high = funnel.limits(cases, z)
        outside = sum(
            math.exp(
                math.lgamma(cases + 1)
                - math.lgamma(x + 1)
                - math.lgamma(cases - x + 1)
                + x * math.log(share)
                + (cases - x) * math.log1p(-share)
            )
            for x in range(cases + 1)
            if not low <= 100 * x / cases <= high
        )
        assert outside <= most


def test_the_largest_of_all_numbers_fits(compiled: Compiled, tmp_path: Path) -> None:
    """Every council at the bounds of the contract."""
    told = [each for each in members() if each.last_month is None]
    for each in told:
        rows = figures(each.geography_code, seed=5)
        for row in rows:
            if row["numerator"] is not None:
                row["numerator"] = 100_000_000
            if row["denominator"]:
                row["denominator"] = 100_000_000
        write(tmp_path / "councils" / each.geography_code, rows)
    with built(compiled, tmp_path, told) as connection:
        [(most,)] = connection.execute("select max(numerator) from marts.kpi_region").fetchall()
    assert most > 500_000_000
