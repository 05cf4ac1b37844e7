"""A file is put in place whole or not at all."""

import os

import pytest

from orchestration.files import put_in_place


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    target = tmp_path / "figures.csv"
    target.write_text("old")

    def write_half() -> None:
        with put_in_place(target) as temporary:
            temporary.write_text("ne")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_half()
    assert target.read_text() == "old"
    assert [*tmp_path.iterdir()] == [target]


def test_nobody_else_may_write_to_a_file_put_in_place(tmp_path):
    previous = os.umask(0)
    try:
        for forbidden, mode in ((0o022, 0o644), (0o077, 0o600), (0o222, 0o444)):
            target = tmp_path / oct(forbidden)
            with put_in_place(target, forbidden=forbidden) as temporary:
                temporary.write_text("new")
            assert target.stat().st_mode & 0o777 == mode
    finally:
        os.umask(previous)
