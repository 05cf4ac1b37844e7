"""A disk that gets full is told before a run fails for it."""

import shutil
from types import SimpleNamespace

import pytest

from orchestration.deliveries.keeping.room import room_for_runs


@pytest.mark.parametrize(("free_mb", "is_low"), [(499, True), (500, False)])
def test_little_room_is_told_by_its_code(
    council, monkeypatch: pytest.MonkeyPatch, free_mb: int, is_low: bool
) -> None:
    council.put("ssd_person", {"pers_person_id": "ZQ-1"})
    council.check_in()
    room = SimpleNamespace(free=free_mb * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    found = room_for_runs(council.paths)
    assert found.finding.startswith(f"DISK-LOW | data | - | - | {free_mb} MB") == is_low
    assert len(found.finding.split(" | ")) == (8 if is_low else 1)


def test_a_large_delivery_needs_more(council, monkeypatch: pytest.MonkeyPatch) -> None:
    file = council.put("ssd_person", {"pers_person_id": "ZQ-1"})
    council.check_in()
    with file.open("ab") as opened:
        opened.truncate(200_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000_000))
    assert room_for_runs(council.paths).needed_mb == 1_600
    assert room_for_runs(council.paths).finding
