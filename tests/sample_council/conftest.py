"""Sample councils, each made once for the session."""

from datetime import date

import pytest

from orchestration.sample_council import Stories, make_council

from .reading import Tables

LAST_MONTH = date(2026, 3, 1)
EVERY_STORY = Stories(
    early_help=True, june_2019=True, missing=True, care_leavers=True, open_assessments=True
)


@pytest.fixture(scope="session")
def council() -> Tables:
    """About a quarter of the usual size: large enough for every trap."""
    return make_council(2_500, seed=2, last_month=LAST_MONTH)


@pytest.fixture(scope="session")
def tiny() -> Tables:
    return make_council(50, seed=2, last_month=LAST_MONTH)


@pytest.fixture(scope="session")
def april_2019() -> Tables:
    """Every story, delivered when the paper of June 2019 was written."""
    return make_council(2_000, seed=1, last_month=date(2019, 4, 1), stories=EVERY_STORY)


@pytest.fixture(scope="session")
def september_2019() -> Tables:
    """Every story, delivered five months later."""
    return make_council(2_000, seed=1, last_month=date(2019, 9, 1), stories=EVERY_STORY)
