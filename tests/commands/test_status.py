"""`make status` says where each stage stands and what waits for somebody."""

import shutil
from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.commands.status import Stage, of_councils, screen, stages
from orchestration.defs.status import last_run
from orchestration.settings import settings

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


def found(now: datetime = NOW) -> dict[str, Stage]:
    return {each.name: each for each in stages(settings, now)}


def test_each_stage_of_a_green_installation_is_on_one_line(whole_job: object) -> None:
    now = found()
    assert list(now) == ["deliveries", "reference", "build", "editions", "packs", "alerts", "room"]
    assert now["deliveries"].said.startswith("newest month 2026-03: ")
    assert " 0 refused" in now["deliveries"].said
    assert "is whole, built 20" in now["build"].said
    assert "Sample Borough" in now["editions"].said
    assert {name: each.todo for name, each in now.items()} == dict.fromkeys(now, ())
    assert list(of_councils(settings, NOW)) == []
    assert all(len(line.splitlines()) == 1 for line in screen([*now.values()]).splitlines())


@pytest.mark.parametrize(("fails", "said"), [(False, "went through, 20"), (True, "failed, 20")])
def test_the_last_run_is_told_as_it_ended(fails: bool, said: str) -> None:
    @dg.op
    def step() -> None:
        if fails:
            raise dg.Failure("BUILD-FAILED: a test")

    @dg.job(name="monthly_kpis")
    def whole() -> None:
        step()

    with dg.DagsterInstance.ephemeral() as instance:
        whole.execute_in_process(instance=instance, raise_on_error=False)
        told = last_run(instance)
    assert told.said.startswith(said)
    assert len(told.todo) == int(fails)


def test_a_late_delivery_waits_for_somebody(whole_job: object) -> None:
    late = found(datetime(2026, 6, 20, tzinfo=UTC))["deliveries"]
    assert late.todo == ("late: 2026-04, 2026-05; the last was due on 2026-06-03",)
    assert "What waits for somebody:\n- late: 2026-04" in screen([late])


def test_a_build_that_was_changed_since_is_said(whole_job: object) -> None:
    build = settings.build_warehouse
    kept = build.with_name("kept")
    shutil.copy2(build, kept)
    try:
        build.write_bytes(build.read_bytes() + b"more")
        [told] = found()["build"].todo
    finally:
        kept.replace(build)
    assert told.startswith("BUILD-CHANGED: ")


def test_before_the_first_run_nothing_fails(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    fresh = replace(settings, data=tmp_path / "data", exports=tmp_path / "exports")
    now = {each.name: each for each in stages(fresh, NOW)}
    assert now["deliveries"].said == "none was ever accepted"
    assert now["build"].todo[0].startswith("BUILD-MISSING")
    assert not (tmp_path / "data").exists(), "looking changes nothing"
    with dg.DagsterInstance.ephemeral() as instance:
        assert last_run(instance).todo == ("start it: make run",)


def test_only_the_first_findings_are_listed() -> None:
    many = Stage("deliveries", "some", tuple(f"finding {number}" for number in range(30)))
    assert screen([many]).endswith("- finding 7\nand 22 more: see Dagster's pages, make ui")
