"""Sample Borough as the whole of its extracts, and as the return of another format."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from orchestration.sample_council import make_council
from orchestration.settings import settings
from tests.deliveries.readers.as_delivered import AS_AT, SEED, SIZE, Figures
from tests.figures.compiled import Compiled, read_compiled
from tests.figures.councils import accepted_rows

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult


@pytest.fixture(scope="session")
def compiled(whole_job: "ExecuteInProcessResult") -> Compiled:
    """The models as the session's main job compiled them."""
    assert whole_job.success
    return read_compiled(settings.dbt_target, settings.raw, settings.checked_reference)


@pytest.fixture(scope="session")
def extracts() -> Mapping[str, pd.DataFrame]:
    """What the sample council's writers are given."""
    return make_council(SIZE, SEED, last_month=AS_AT)


@pytest.fixture(scope="session")
def whole(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of all extracts."""
    home: Path = tmp_path_factory.mktemp("whole")
    return Figures(compiled, accepted_rows(home, SIZE, SEED, months=1))
