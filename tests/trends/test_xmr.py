"""Control limits and signals against 261 series that the NHS-R package itself has judged."""

import json
import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.trends.macros import macros

CASES = json.loads((Path(__file__).parent.parent / "truth/spc_cases.json").read_text("utf-8"))
POLARITY = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}
XMR = ("engines", "limits_of_xmr", "signals_of_xmr", "xmr")
COLUMNS = "mean, lower_limit, upper_limit, rule, point_type, assurance, side"


def judged(cases: list[dict[str, Any]], order: str = "asc") -> dict[str, list[tuple[Any, ...]]]:
    """Case id -> for each point in order what the macro says."""
    rows = [
        (
            case["id"],
            place,
            value,
            POLARITY[case["improvement_direction"]],
            *(case[name] for name in ("fix_after_n_points", "screen_outliers", "target")),
        )
        for case in cases
        for place, value in enumerate(case["values"])
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table series (id varchar, place integer, value double, polarity varchar,"
            " fix_after integer, screen boolean, target double)"
        )
        connection.executemany("insert into series values (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"create table shuffled as from series order by place {order}")
        ctes = macros(*XMR).xmr("shuffled", ["id"], "place")
        found = connection.execute(
            f"with {ctes} select id, {COLUMNS} from xmr_points order by id, place"
        ).fetchall()
    by_case: dict[str, list[tuple[Any, ...]]] = {}
    for case, *told in found:
        by_case.setdefault(case, []).append(tuple(told))
    return by_case


@pytest.fixture(scope="module")
def points() -> dict[str, list[tuple[Any, ...]]]:
    return judged(CASES)


def test_the_cases_are_whole() -> None:
    assert len(CASES) == 261
    assert sum(len(case["values"]) for case in CASES) > 5_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_limits_rules_and_point_types_are_those_of_the_package(
    case: dict[str, Any], points: dict[str, list[tuple[Any, ...]]]
) -> None:
    found, expected = points[case["id"]], case["expected"]
    for place, name in enumerate(("mean", "lower_limit", "upper_limit")):
        for point in found:
            if expected[name] is None:
                assert point[place] is None
            else:
                assert math.isclose(point[place], expected[name], rel_tol=1e-9, abs_tol=1e-9)
    assert [point[3] for point in found] == expected["rule"]
    assert [point[4] for point in found] == expected["point_type"]
    assert found[-1][5] == expected["assurance"]


def test_a_point_on_the_mean_is_on_no_side_of_it() -> None:
    # the floating-point mean of these is 0.10000000000000002
    values = [0.1, 0.2, 0.0, 0.1, 0.3, -0.1, 0.1]
    case = {"id": "on", "values": values, "improvement_direction": "increase"}
    case |= {"fix_after_n_points": None, "screen_outliers": True, "target": None}
    assert [point[6] for point in judged([case])["on"]] == [0, 1, -1, 0, 1, -1, 0]


def test_rows_in_any_order_give_the_same(points: dict[str, list[tuple[Any, ...]]]) -> None:
    assert judged(CASES, "desc") == points
