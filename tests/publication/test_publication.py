"""Publication: whole sets, in one step, fenced, recorded, and mended after any fault."""

import errno
import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from orchestration.publication import publication
from orchestration.publication.errors import Busy, Damaged, ExportDirectory, Fenced, PublishingError
from orchestration.publication.manifest import read_manifest, verify
from orchestration.publication.publication import amend, publish, replace_file
from tests.publication.interruption import interrupted

OLD = {"dashboard_1.csv": b"a,b\n1,2\n3,4\n", "READ-ME-FIRST.txt": b"old\n"}
NEW = {"dashboard_1.csv": b"a,b\n1,2\n", "dashboard_2.csv": b"a,b\n", "x.html": b"<p>new</p>"}
FACTS = {
    "as_at": "2019-09-30",
    "built_at": "2019-10-03T06:00:00+01:00",
    "code_version": "abc",
    "generation": 7,
    "geography_code": "E06000005",
    "geography_name": "Darlington",
    "run_id": "run-1",
    "synthetic": False,
}
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "officers" / "E06000005" / "2019-09"


def _content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "manifest.json"}


def _beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def _generation(number: int) -> dict[str, object]:
    return {**FACTS, "generation": number}


def test_a_set_is_published_with_a_manifest_that_describes_it(folder: Path) -> None:
    manifest = publish(folder, OLD, FACTS)
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert _content(folder) == OLD
    assert told["marking"] == "Officers only \N{EN DASH} not for publication"
    assert {name: told[name] for name in FACTS} == FACTS
    assert told["files"]["dashboard_1.csv"] == {
        "bytes": 12,
        "rows": 2,
        "sha256": "b9485148546419a0f6a85e8d708c923557c15d7f3c7d078ef1fa7f7c0f57d5a5",
    }
    assert told["files"]["READ-ME-FIRST.txt"]["rows"] is None
    assert read_manifest(folder) == manifest
    assert verify(folder) == []


def test_the_manifest_of_a_council_that_is_made_up_says_so_also_when_files_are_added(
    folder: Path,
) -> None:
    publish(folder, OLD, {**FACTS, "synthetic": True})
    assert amend(folder, {"alerts.json": b"{}"}, 7).synthetic
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert told["marking"] == (
        "Officers only \N{EN DASH} not for publication. "
        "Synthetic sample data \N{EN DASH} not about real children or a real council"
    )
    assert told["synthetic"] is True


def test_a_second_set_replaces_the_first_as_a_whole(folder: Path) -> None:
    publish(folder, OLD, FACTS)
    publish(folder, NEW, _generation(8))
    assert _content(folder) == NEW
    assert _beside(folder) == [".publishing.lock", "2019-09"]


def test_the_same_set_published_twice_is_the_same_bytes(folder: Path) -> None:
    publish(folder, OLD, FACTS)
    before = (folder / "manifest.json").read_bytes()
    publish(folder, dict(reversed(OLD.items())), dict(reversed(FACTS.items())))
    assert (folder / "manifest.json").read_bytes() == before


def test_an_older_generation_never_replaces_a_newer_one(folder: Path) -> None:
    publish(folder, NEW, _generation(8))
    with pytest.raises(Fenced, match=r"FENCED .* holds generation 8 .* generation 7 ") as fault:
        publish(folder, OLD, _generation(7))
    assert _content(folder) == NEW
    assert len(str(fault.value).split(" | ")) == 8


def test_a_stopped_publication_that_wakes_after_a_newer_one_is_fenced(tmp_path: Path) -> None:
    """The old run is stopped before its lock, so it judges the fence when it goes on."""
    program = (
        "import os, signal, sys; sys.path.insert(0, 'tests/publication');"
        "from pathlib import Path; from killed_publication import *;"
        "os.kill(os.getpid(), signal.SIGSTOP); publish(Path(sys.argv[1]), OLD, facts(1))"
    )
    folder = tmp_path / "2019-09"
    old_run = _python("-c", program, str(folder))
    os.waitid(os.P_PID, old_run.pid, os.WSTOPPED | os.WNOWAIT)
    publish(folder, NEW, _generation(2))
    os.kill(old_run.pid, signal.SIGCONT)
    _, said = old_run.communicate(timeout=30)
    assert "Fenced: FENCED |" in said
    assert _content(folder) == NEW


def test_facts_and_names_that_a_manifest_needs_are_asked_for(folder: Path) -> None:
    with pytest.raises(ValueError, match="facts lack generation, run_id"):
        publish(folder, OLD, {k: v for k, v in FACTS.items() if k not in ("run_id", "generation")})
    with pytest.raises(ValueError, match="not a whole number"):
        publish(folder, OLD, {**FACTS, "generation": "7"})
    for name in ("manifest.json", "../x.csv", "a/b/c.csv", "a/.b", "/b", ".hidden", ""):
        with pytest.raises(ValueError, match="is not a name for a published file"):
            publish(folder, {name: b""}, FACTS)
    assert not folder.exists()


def test_amending_adds_and_replaces_files_and_keeps_the_facts(folder: Path) -> None:
    publish(folder, OLD, FACTS)
    amend(folder, {"alerts.json": b"[]\n", "READ-ME-FIRST.txt": b"amended\n"}, 7)
    assert _content(folder) == {**OLD, "alerts.json": b"[]\n", "READ-ME-FIRST.txt": b"amended\n"}
    assert verify(folder) == []
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.facts == FACTS


@pytest.mark.parametrize("generation", [6, 8])
def test_a_set_is_amended_only_from_its_own_generation(folder: Path, generation: int) -> None:
    publish(folder, OLD, FACTS)
    with pytest.raises(Fenced):
        amend(folder, {"alerts.json": b"[]\n"}, generation)
    assert _content(folder) == OLD


def test_amending_does_not_bless_a_damaged_file(folder: Path) -> None:
    publish(folder, OLD, FACTS)
    (folder / "READ-ME-FIRST.txt").write_bytes(b"bad\n")
    with pytest.raises(Damaged, match="READ-ME-FIRST"):
        amend(folder, {"alerts.json": b"[]\n"}, 7)
    assert verify(folder) != []


def test_amending_what_is_not_published_says_so(folder: Path) -> None:
    with pytest.raises(Damaged, match="no published set"):
        amend(folder, {"alerts.json": b"[]\n"}, 7)


def test_verifying_finds_a_flipped_byte_a_lost_file_and_a_strange_one(folder: Path) -> None:
    publish(folder, NEW, FACTS)
    page = folder / "x.html"
    page.write_bytes(page.read_bytes().replace(b"n", b"N", 1))
    (folder / "dashboard_2.csv").unlink()
    (folder / "strange.txt").write_text("x")
    found = {Path(fault.split(" | ")[1]).name: fault.split(" | ")[4] for fault in verify(folder)}
    assert found == {
        "x.html": "not the bytes that were published",
        "dashboard_2.csv": "missing",
        "strange.txt": "not in the manifest",
    }


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"files": {}}', b"{\xff", b'{"files": 1}'])
def test_an_unreadable_manifest_is_reported_and_mended_by_publishing(
    folder: Path, manifest: bytes
) -> None:
    publish(folder, OLD, FACTS)
    (folder / "manifest.json").write_bytes(manifest)
    assert len(verify(folder)) == 1
    publish(folder, NEW, FACTS)
    assert verify(folder) == []


def test_a_folder_without_manifest_is_reported(folder: Path) -> None:
    folder.mkdir(parents=True)
    assert "no manifest" in verify(folder)[0]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_failure_of_any_system_call_leaves_a_whole_set(folder: Path, in_one_step: bool) -> None:
    def fail() -> None:
        raise OSError(errno.EIO, "planted")

    failures = 0
    for at in count(1):
        publish(folder, OLD, FACTS)
        with interrupted(at, fail, in_one_step=in_one_step) as was_interrupted:
            try:
                publish(folder, NEW, _generation(8))
            except ExportDirectory:
                failures += 1
            else:
                assert _content(folder) == NEW
            if not was_interrupted():
                break
        assert verify(folder) == []
        assert _content(folder) in (OLD, NEW)
        publish(folder, NEW, _generation(8))
        assert _content(folder) == NEW
        assert _beside(folder) == [".publishing.lock", "2019-09"]
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert failures > 10


@pytest.mark.parametrize("steps", ["one", "two"])
def test_a_kill_at_any_system_call_leaves_a_whole_set_and_the_next_run_succeeds(
    tmp_path: Path, steps: str
) -> None:
    script = str(Path(__file__).with_name("killed_publication.py"))
    out, _ = _python(script, str(tmp_path), steps).communicate(timeout=60)
    told = json.loads(out)
    assert told["wrong"] == []
    assert told["kills"] > 20


def test_a_full_disk_leaves_the_old_set(folder: Path) -> None:
    publish(folder, OLD, FACTS)
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ExportDirectory, match=r"EXPORT-DIR .* File too large"):
            publish(folder, {"big.html": b"x" * 5000}, _generation(8))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert _content(folder) == OLD
    assert _beside(folder) == [".publishing.lock", "2019-09"]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_file_in_place_of_a_folder_is_reported_with_what_to_do(folder: Path, level: int) -> None:
    in_the_way = [folder, *folder.parents][level]
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("mine")
    with pytest.raises(ExportDirectory, match=r"EXPORT-DIR .* a folder that this user may write"):
        publish(folder, OLD, FACTS)
    assert in_the_way.read_text() == "mine"


def test_two_publications_are_kept_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(folder, OLD, FACTS)
    monkeypatch.setattr(publication, "LOCK_SECONDS", 0.1)
    with (
        open(folder.parent / publication.LOCK) as lock,
        pytest.raises(Busy, match=r"PUBLICATION-BUSY .* wait for the other run"),
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        publish(folder, NEW, FACTS)
    assert _content(folder) == OLD
    publish(folder, NEW, FACTS)
    assert _content(folder) == NEW


def test_a_single_file_is_replaced_in_one_step_or_not_at_all(tmp_path: Path) -> None:
    index = tmp_path / "exports" / "index.html"
    replace_file(index, lambda new: _write(new, "one"))

    def broken(new: Path) -> None:
        _write(new, "half")
        raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        replace_file(index, broken)
    assert index.read_text() == "one"
    assert sorted(path.name for path in index.parent.iterdir()) == [
        ".publishing.lock",
        "index.html",
    ]


def test_messages_hold_no_content_of_a_file(folder: Path) -> None:
    publish(folder, {"secret.csv": b"name\nJane Doe\n"}, FACTS)
    (folder / "secret.csv").write_bytes(b"name\nJohn Doe\n")
    with pytest.raises(PublishingError) as fault:
        amend(folder, {"a.json": b""}, 7)
    assert "Doe" not in str(fault.value) + "".join(verify(folder))


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def _python(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
