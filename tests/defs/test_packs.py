"""The job that makes a meeting's pack, on what a fresh clone is filled with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs import packs as defs_packs
from orchestration.packs import narrative as narratives
from orchestration.packs.meetings import Meeting, read_meetings
from orchestration.packs.narrative import Line
from orchestration.packs.timetable import papers_of
from orchestration.publishing.publication import read_manifest, verify
from orchestration.settings import settings
from orchestration.verify_exports import faults_of

SAMPLE, WOKINGHAM = "sample-borough-2026-04-21", "wokingham-2019-06-18"
MEETINGS = {each.meeting_id: each for each in read_meetings(settings.meetings)[0]}
Run = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def run(whole_job: dg.ExecuteInProcessResult) -> Run:
    """Run the job for a meeting."""
    assert whole_job.success

    def job(meeting: str, raise_on_error: bool = True) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.get() as instance:
            return (
                defs()
                .resolve_job_def("committee_pack")
                .execute_in_process(
                    partition_key=meeting, instance=instance, raise_on_error=raise_on_error
                )
            )

    return job


@pytest.fixture
def waive(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let officers waive every text: the small sample has other areas for improvement."""

    def lines(path: Path, meeting_id: str) -> list[Line]:
        from orchestration.catalogue import read_catalogue

        return [
            Line(number, meeting_id, "indicator", indicator_id, "", "told at the meeting")
            for number, indicator_id in enumerate(read_catalogue(settings.dbt_project), start=2)
        ]

    return lambda: monkeypatch.setattr(narratives, "read_narrative", lines)


@pytest.mark.needs("pango")
def test_a_pack_is_made_once_it_is_ready_and_its_checks_pass(
    run: Run, waive: Callable[[], None]
) -> None:
    assert not run(SAMPLE, raise_on_error=False).success
    folder = settings.pack_folder(SAMPLE)
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["draft"]
    assert "THIS IS A DRAFT" in (folder / "draft/restricted/READ-ME-FIRST.txt").read_text()
    waive()
    made = run(SAMPLE)
    [event] = made.get_asset_materialization_events()
    told = {name: value.value for name, value in event.materialization.metadata.items()}
    folder /= "issue-1"
    assert (told["outcome"], told["path"]) == ("published", str(folder))
    assert told["figures hidden from the public"] > 100
    assert "due by 13 April 2026" in told["papers"]
    assert all(check.passed for check in made.get_asset_check_evaluations())
    assert verify(folder) == []
    manifest = read_manifest(folder)
    assert manifest is not None and manifest.facts["as_at"] == "2026-03-31"
    assert manifest.facts["figures_worked_out"] == 0
    assert len([name for name in manifest.files if name.startswith("public/")]) == 8
    assert "issue-1/public/dashboards.pdf" in (settings.exports / "index.html").read_text()
    before = (folder / "manifest.json").read_bytes()
    [again] = run(SAMPLE).get_asset_materialization_events()
    assert again.materialization.metadata["outcome"].value == "unchanged"
    assert (folder / "manifest.json").read_bytes() == before
    assert faults_of(settings.exports, settings.publications) == []


@pytest.mark.needs("pango")
def test_a_meeting_of_the_past_gets_the_figures_of_its_month(
    run: Run, waive: Callable[[], None]
) -> None:
    waive()
    assert run(WOKINGHAM).success
    page = settings.pack_folder(WOKINGHAM) / "issue-1" / "public" / "dashboards.html"
    text = page.read_text()
    assert "on 18 June 2019. Position as at 30 April 2019" in text
    assert "49 days old at the meeting: months up to May 2019 had closed" in text
    assert "Synthetic" not in text and "Officers only" not in text


def test_every_meeting_of_the_seed_is_a_partition() -> None:
    assert set(defs_packs.meetings.get_partition_keys()) == set(MEETINGS)


def test_the_sensor_says_when_papers_are_due_and_starts_in_time(tmp_path: Path) -> None:
    at = replace(settings, exports=tmp_path)
    meeting = MEETINGS[SAMPLE]
    early = papers_of(meeting, at, date(2026, 4, 5), "2026-03")
    assert not early.is_time
    assert early.text == (
        "Papers of sample-borough-2026-04-21 are due by 13 April 2026; figures as at 31 March 2026,"
        " delivered by 3 April 2026, will be 21 days old at the meeting."
    )
    assert papers_of(meeting, at, date(2026, 4, 6), "2026-03").is_time
    waits = papers_of(meeting, at, date(2026, 4, 12), "2026-02")
    assert not waits.is_time and waits.text.endswith("has not been accepted yet.")
    assert papers_of(meeting, at, date(2026, 4, 13), "2026-02").is_time
    (tmp_path / "packs" / SAMPLE / "issue-1").mkdir(parents=True)
    (tmp_path / "packs" / SAMPLE / "issue-1" / "manifest.json").write_text("{}")
    done = papers_of(meeting, at, date(2026, 4, 6), "2026-03")
    assert not done.is_time and done.text.endswith("The pack has been made.")


def test_the_sensor_asks_for_the_next_meeting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from orchestration.defs import automation

    monkeypatch.setattr(automation, "settings", replace(settings, exports=tmp_path))
    result = automation.pack_due(dg.build_sensor_context())
    assert [request.partition_key for request in result.run_requests] == [SAMPLE]
    assert isinstance(MEETINGS[SAMPLE], Meeting)
