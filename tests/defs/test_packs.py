"""The job that makes a meeting's pack, on what a fresh clone is filled with."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.commands.verify_exports import faults_of
from orchestration.definitions import defs
from orchestration.defs import packs as defs_packs
from orchestration.packs.meetings import Meeting, read_meetings
from orchestration.packs.timetable import papers_of
from orchestration.publication.errors import PackNotReady
from orchestration.publication.manifest import read_manifest, verify
from orchestration.settings import settings
from tests.packs.conftest import file_of

SAMPLE, WOKINGHAM = "sample-borough-2026-04-21", "wokingham-2019-06-18"
MEETINGS = {each.meeting_id: each for each in read_meetings(settings.reference)}
Run = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def run(whole_job: dg.ExecuteInProcessResult) -> Run:
    """Run a job for a meeting: by default the one that makes the draft."""
    assert whole_job.success

    def job(
        meeting: str, raise_on_error: bool = True, by: str | None = None
    ) -> dg.ExecuteInProcessResult:
        name, config = "committee_pack", None
        if by is not None:
            name, config = "approve", {"ops": {"exports__published_pack": {"config": {"by": by}}}}
        with dg.DagsterInstance.get() as instance:
            return (
                defs()
                .resolve_job_def(name)
                .execute_in_process(
                    run_config=config,
                    partition_key=meeting,
                    instance=instance,
                    raise_on_error=raise_on_error,
                )
            )

    return job


def fill_in(form: Path, target: Path) -> None:
    """What a service manager does: open the form, write beside each text that is due, save it."""
    from openpyxl import load_workbook

    book = load_workbook(form)
    sheet = book["Texts"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        due = sheet.cell(row, heads["Part"]).value == "indicator"
        if due and not sheet.cell(row, heads["Stands there now"]).value:
            sheet.cell(row, heads["Text"]).value = "{figure} against a target of {target}."
            sheet.cell(row, heads["By when"]).value = date(2026, 7, 31)
    book.save(target)


@pytest.mark.needs("pango")
def test_the_clerks_walk_from_a_draft_to_a_published_pack(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jobs, a file in a folder and a sensor, as docs/clerk.md has it: no command."""
    from orchestration.defs import automation

    # nobody has written about an indicator yet
    shutil.copytree(settings.seeds, tmp_path / "seeds")
    texts = tmp_path / "seeds" / "narrative.csv"
    written = texts.read_text(encoding="utf-8").splitlines(keepends=True)
    texts.write_text("".join(each for each in written if ",indicator," not in each))
    monkeypatch.setattr(defs_packs, "settings", replace(settings, seeds=tmp_path / "seeds"))
    drafted = run(SAMPLE)
    folder = settings.pack_folder(SAMPLE)
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"draft", "working"}
    assert "THIS IS A DRAFT" in (folder / "draft" / "READ-ME-FIRST.txt").read_text()
    checks = {each.check_name: each.passed for each in drafted.get_asset_check_evaluations()}
    assert checks.pop("ready_to_approve") is False and all(checks.values())
    index = (settings.exports / "index.html").read_text()
    assert "Something is missing" in index and "(ask " in index
    assert not run(SAMPLE, raise_on_error=False, by="A. Director").success
    fill_in(folder / "draft" / "texts.xlsx", folder / "working" / "texts from managers.xlsx")
    first = automation.texts_returned(dg.build_sensor_context())
    assert first.run_requests == []  # it may be half copied
    second = automation.texts_returned(dg.build_sensor_context(cursor=first.cursor))
    [request] = second.run_requests
    assert request.partition_key == SAMPLE
    third = automation.texts_returned(dg.build_sensor_context(cursor=second.cursor))
    assert third.run_requests == []
    [event] = run(SAMPLE).get_asset_materialization_events()
    assert event.materialization.metadata["outcome"].value == "draft"
    assert "Waits for approval" in (settings.exports / "index.html").read_text()
    assert not list(folder.rglob("public"))

    [event] = run(SAMPLE, by="A. Director").get_asset_materialization_events()
    told = {name: value.value for name, value in event.materialization.metadata.items()}
    folder /= "issue-1"
    assert (told["outcome"], told["path"]) == ("published", str(folder))
    assert told["figures hidden from the public"] > 100
    assert verify(folder) == []
    manifest = read_manifest(folder)
    assert manifest is not None and manifest.facts["as_at"] == "2026-03-31"
    assert manifest.facts["figures_worked_out"] == 0
    assert manifest.facts["approved_by"] == "A. Director"
    index = (settings.exports / "index.html").read_text()
    assert "_issue-1_synthetic-sample_paper.pdf" in index and "Approved by A. Director" in index
    before = (folder / "manifest.json").read_bytes()
    [again] = run(SAMPLE).get_asset_materialization_events()
    assert again.materialization.metadata["outcome"].value == "unchanged"
    assert (folder / "manifest.json").read_bytes() == before
    assert faults_of(settings.exports, settings.publications) == []


@pytest.mark.needs("pango")
def test_a_faulty_form_stops_its_pack_and_a_meeting_of_the_past_gets_the_figures_of_its_month(
    run: Run,
) -> None:
    working = settings.pack_folder(WOKINGHAM) / "working"
    working.mkdir(parents=True)
    (working / "texts.csv").write_bytes(
        "Part;Indicator id;Text;By when\r\n"
        "indicator;cic_count;Caf\xe9;31/13/2026\r\n"
        "indicator;no_such;x;\r\n".encode("cp1252")
    )
    with pytest.raises(PackNotReady) as fault:
        run(WOKINGHAM)
    for where in ("row 2, column by_when", "row 3, column indicator_id"):
        assert str(fault.value).count(where) == 1
    assert "31/13" not in str(fault.value)

    (working / "texts.csv").unlink()
    fill_in(working.parent / "draft" / "texts.xlsx", working / "texts.xlsx")
    run(WOKINGHAM)
    assert run(WOKINGHAM, by="A. Director").success
    page = file_of(settings.pack_folder(WOKINGHAM) / "issue-1" / "public", "page.html")
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
    assert not done.is_time and done.text.endswith("The pack has been published.")


def test_the_sensor_asks_for_the_next_meeting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from orchestration.defs import automation

    monkeypatch.setattr(automation, "settings", replace(settings, exports=tmp_path))
    monkeypatch.setattr(automation, "today_in_london", lambda: date(2026, 4, 13))
    result = automation.pack_due(dg.build_sensor_context())
    assert [request.partition_key for request in result.run_requests] == [SAMPLE]
    assert isinstance(MEETINGS[SAMPLE], Meeting)
    monkeypatch.setattr(automation, "today_in_london", lambda: date(2099, 1, 1))
    past = automation.pack_due(dg.build_sensor_context())
    assert isinstance(past, dg.SkipReason), "a meeting that has been is not to come"
