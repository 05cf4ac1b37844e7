"""What starts the jobs of councils, and then that of the pool."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.councils.pool import read_pool
from orchestration.defs import councils
from orchestration.defs.councils import COUNCIL_FIGURES, councils_built, councils_landed
from orchestration.deliveries.sources import landing
from orchestration.settings import Settings, settings

DARLINGTON, WOKINGHAM = "E06000005", "E06000041"


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation of a pool of two, for which nothing has come."""
    shutil.copytree(settings.seeds, tmp_path / "seeds")
    with (tmp_path / "seeds" / "reference" / "pool.csv").open("a") as listed:
        listed.write(f"{DARLINGTON},,,sent\n{WOKINGHAM},,,sent\n")
    pool = replace(settings, seeds=tmp_path / "seeds", data=tmp_path / "data")
    pool.incoming.mkdir(parents=True)
    monkeypatch.setattr(councils, "settings", pool)
    monkeypatch.setattr(councils, "POOL", read_pool(pool.reference))
    monkeypatch.setattr(landing, "QUIET", timedelta(0))
    return pool


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def deliver(pool: Settings, council: str, month: str) -> None:
    file = pool.incoming / council / month / "indicator_returns.csv"
    file.parent.mkdir(parents=True)
    file.write_text("indicator_id\n")
    os.utime(file, (1_600_000_000, 1_600_000_000))


def test_each_council_whose_month_has_come_in_whole_gets_a_run(pool: Settings) -> None:
    cursor = None
    deliver(pool, WOKINGHAM, "2026-03")
    started = []
    for _ in range(4):
        looked = councils_landed(dg.build_sensor_context(cursor=cursor))
        assert isinstance(looked, dg.SensorResult)
        started += [each.partition_key for each in looked.run_requests or []]
        cursor = looked.cursor
    assert started == [WOKINGHAM]
    deliver(pool, DARLINGTON, "2026-02")
    deliver(pool, WOKINGHAM, "2026-04")
    for _ in range(3):
        looked = councils_landed(dg.build_sensor_context(cursor=cursor))
        assert isinstance(looked, dg.SensorResult)
        started += [each.partition_key for each in looked.run_requests or []]
        cursor = looked.cursor
    assert sorted(started[1:]) == [DARLINGTON, WOKINGHAM]


def test_the_pool_is_added_up_once_after_its_councils(
    pool: Settings, instance: dg.DagsterInstance
) -> None:
    deliver(pool, WOKINGHAM, "2026-03")

    def look(cursor: str | None) -> dg.SensorResult | dg.SkipReason:
        return councils_built(dg.build_sensor_context(instance=instance, cursor=cursor))

    assert isinstance(look(None), dg.SkipReason)
    instance.report_runless_asset_event(
        dg.AssetMaterialization(COUNCIL_FIGURES, partition=WOKINGHAM)
    )
    # while another council is being built, it waits
    at_work = instance.create_run_for_job(
        dg.JobDefinition(name="councils", graph_def=dg.GraphDefinition("councils")),
        status=dg.DagsterRunStatus.STARTED,
    )
    assert isinstance(look(None), dg.SkipReason)
    instance.delete_run(at_work.run_id)
    once = look(None)
    assert isinstance(once, dg.SensorResult)
    assert [each.partition_key for each in once.run_requests or []] == ["2026-03"]
    assert isinstance(look(once.cursor), dg.SkipReason)
