"""The golden cases and the worked examples of dashboards 1 to 3, through the real models."""

from types import ModuleType

import pytest

from tests.figures.small_warehouse import SmallWarehouse
from tests.oracle import (
    test_dashboard_1,
    test_dashboard_2,
    test_dashboard_3,
    test_golden_cases,
)


@pytest.fixture(autouse=True)
def through_the_models(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    small_warehouse: SmallWarehouse,
) -> None:
    """Where an example asks the oracle for a figure, the warehouse answers."""
    for asked in ("figure", "figures", "parts"):
        if hasattr(request.cls.module, asked):
            monkeypatch.setattr(request.cls.module, asked, getattr(small_warehouse, asked))


def examples_of(module: ModuleType) -> type:
    tests = {name: test for name, test in vars(module).items() if name.startswith("test_")}
    return type(
        "Examples", (), {"module": module, **{k: staticmethod(t) for k, t in tests.items()}}
    )


TestGoldenCases = examples_of(test_golden_cases)
TestEducation = examples_of(test_dashboard_1)
TestEarlyHelp = examples_of(test_dashboard_2)
TestFrontDoor = examples_of(test_dashboard_3)
