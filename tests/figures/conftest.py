"""The compiled models, and the sample councils that they are checked over."""

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import settings
from tests.figures.compiled import Compiled, read_compiled
from tests.figures.councils import Council, make
from tests.figures.small_warehouse import SmallWarehouse
from tests.main_job import shared_folder

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult


@pytest.fixture(scope="session")
def compiled(whole_job: "ExecuteInProcessResult") -> Compiled:
    """The models as the session's main job compiled them."""
    assert whole_job.success
    return read_compiled(settings.dbt_target, settings.raw, settings.checked_reference)


@pytest.fixture(scope="session")
def small_warehouse(compiled: Compiled) -> SmallWarehouse:
    """The models over a handful of rows."""
    return SmallWarehouse(compiled)


@pytest.fixture(scope="session")
def councils(main_job: Path) -> dict[str, Council]:
    """Three councils: an ordinary one, a tiny one, and one that delivers only the SSD."""
    with shared_folder(main_job.parent, "councils") as home:
        kept = home / "councils.pickle"
        if not kept.exists():
            ssd = ("ssd_", "ref_", "extract_manifest")
            made = [
                make(home / "ordinary", "ordinary", 2_500, seed=1, months=12),
                make(home / "tiny", "tiny", 150, seed=7, months=4),
                make(home / "ssd_only", "ssd_only", 1_200, seed=3, months=6, only=ssd),
            ]
            kept.write_bytes(pickle.dumps({council.name: council for council in made}))
        return pickle.loads(kept.read_bytes())
