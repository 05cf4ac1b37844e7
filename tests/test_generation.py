"""Only a wholly green build is read, and a reader and a builder take turns."""

import multiprocessing
import time
from pathlib import Path

import pytest

from orchestration.generation import NotGreen, building, reading


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
