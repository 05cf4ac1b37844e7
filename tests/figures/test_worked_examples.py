"""The golden cases and the worked examples of every dashboard, through the real models."""

from types import ModuleType

import pytest

from tests.figures.small_warehouse import SmallWarehouse
from tests.oracle import (
    test_dashboard_1,
    test_dashboard_2,
    test_dashboard_3,
    test_dashboard_4,
    test_dashboard_5,
    test_dashboard_6,
    test_dashboard_7,
    test_dashboard_8,
    test_golden_cases,
    test_periods,
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


# the project holds the bank holidays itself
NOT_OF_THE_MODELS = ("test_without_bank_holidays_no_working_day_is_counted",)


def examples_of(module: ModuleType) -> type:
    tests = {
        name: test
        for name, test in vars(module).items()
        if name.startswith("test_") and name not in NOT_OF_THE_MODELS
    }
    return type(
        "Examples", (), {"module": module, **{k: staticmethod(t) for k, t in tests.items()}}
    )


TestGoldenCases = examples_of(test_golden_cases)
TestEducation = examples_of(test_dashboard_1)
TestEarlyHelp = examples_of(test_dashboard_2)
TestFrontDoor = examples_of(test_dashboard_3)
TestChildProtection = examples_of(test_dashboard_4)
TestChildrenInCare = examples_of(test_dashboard_5)
TestCareLeavers = examples_of(test_dashboard_6)
TestMissingAndExclusions = examples_of(test_dashboard_7)
TestWorkforce = examples_of(test_dashboard_8)
TestPeriods = examples_of(test_periods)
