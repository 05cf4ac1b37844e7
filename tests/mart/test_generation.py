"""Only a wholly green build is read, and a reader and a builder take turns."""

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.mart import generation as generations
from orchestration.mart.generation import BUILD, NotGreen, reading, remove_builds


@contextmanager
def building(warehouse: Path) -> Iterator[int]:
    """A build as the job makes one; what is published lies beside the warehouse."""
    with generations.building(warehouse, warehouse / "exports") as number:
        (warehouse / BUILD).write_bytes(f"built as {number}".encode())
        yield number


def test_a_build_that_ends_well_is_read_under_its_number(tmp_path: Path) -> None:
    for expected in (1, 2):
        with building(tmp_path) as generation:
            assert generation == expected
        with reading(tmp_path) as standing:
            assert standing == expected


def test_a_build_that_failed_is_not_read_until_one_ends_well(tmp_path: Path) -> None:
    with building(tmp_path):
        pass
    with pytest.raises(RuntimeError, match="a test failed"), building(tmp_path):
        raise RuntimeError("a test failed")
    with pytest.raises(NotGreen, match="BUILD-NOT-GREEN"), reading(tmp_path):
        pass
    with building(tmp_path) as generation:
        assert generation == 3
    with reading(tmp_path) as standing:
        assert standing == 3


def test_without_any_build_the_message_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotGreen, match="make run"), reading(tmp_path):
        pass


def build_slowly(warehouse: Path, started: object) -> None:
    with building(warehouse):
        started.set()  # type: ignore[attr-defined]
        time.sleep(0.5)


def test_a_reader_waits_for_the_builder_to_end(tmp_path: Path) -> None:
    with building(tmp_path):
        pass
    spawn = multiprocessing.get_context("spawn")
    started = spawn.Event()
    builder = spawn.Process(target=build_slowly, args=(tmp_path, started))
    builder.start()
    assert started.wait(timeout=30)
    with reading(tmp_path) as standing:
        assert standing == 2, "the reader saw the finished build, not the one under way"
    builder.join(timeout=30)


@pytest.mark.parametrize("name", [BUILD, f"{BUILD}.wal"])
def test_what_another_command_built_is_not_read_until_the_next_run(
    name: str, tmp_path: Path
) -> None:
    with building(tmp_path):
        pass
    (tmp_path / name).write_bytes(b"an experiment")
    with pytest.raises(NotGreen, match=r"BUILD-CHANGED.*make run"), reading(tmp_path):
        pass
    remove_builds(tmp_path / BUILD)
    with pytest.raises(NotGreen, match="BUILD-CHANGED"), reading(tmp_path):
        pass
    with building(tmp_path):
        pass
    with reading(tmp_path) as standing:
        assert standing == 2


@pytest.mark.parametrize("left", [b"", b'{"genera', b"\0" * 40, b"[]", b'{"green": true}', None])
def test_a_state_that_is_torn_or_lost_does_not_stop_the_next_build_or_turn_it_back(
    left: bytes | None, tmp_path: Path
) -> None:
    for _ in range(3):
        with building(tmp_path):
            pass
    for folder, content in (("a", '{"generation": 3}'), ("b", '{"generation": 2}'), ("c", "{")):
        (tmp_path / "exports" / folder).mkdir(parents=True)
        (tmp_path / "exports" / folder / "manifest.json").write_text(content)
    state = tmp_path / generations.STATE
    state.unlink()
    if left is not None:
        state.write_bytes(left)
    with pytest.raises(NotGreen), reading(tmp_path):
        pass
    with building(tmp_path) as number:
        assert number == 4, "no published folder is newer than what is built now"
    assert json.loads(state.read_bytes())["green"]


def test_a_spill_folder_goes_with_the_file_and_a_neighbour_stays(tmp_path: Path) -> None:
    spilled = tmp_path / f"{BUILD}.tmp"
    spilled.mkdir()
    for file in (spilled / "duckdb_temp_storage_DEFAULT-0.tmp", tmp_path / BUILD):
        file.write_bytes(b"rows")
    (tmp_path / f"{BUILD}.wal").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "published.duckdb").write_bytes(b"marts")
    remove_builds(tmp_path / BUILD)
    assert [file.name for file in tmp_path.iterdir()] == ["published.duckdb"]
