"""Keyed hashes: the standard's, the same everywhere, and a key that stays with its owner."""

import hashlib
import hmac
import os

import duckdb
import pytest

from orchestration.deliveries.check_in import CheckInError
from orchestration.deliveries.rows.pseudonym import (
    VARIABLE,
    key_mark,
    make_macro,
    pseudonym,
    pseudonym_as_written,
    read_key,
)

KEY = b"a key of exactly thirty-two char"


@pytest.mark.parametrize("key", [KEY, KEY * 2, KEY * 3])
@pytest.mark.parametrize("identifier", ["1", "P-007", "Zoë O'Brien 🙂", "x" * 200])
def test_the_hash_in_sql_is_the_first_half_of_the_standards_hmac(key, identifier):
    written, expected = (
        hmac.new(key, each.encode(), hashlib.sha256).hexdigest()[:32]
        for each in (identifier, identifier.upper())
    )
    assert pseudonym(key, identifier) == pseudonym(key, identifier.lower()) == expected
    assert pseudonym_as_written(key, identifier) == written
    with duckdb.connect(":memory:") as connection:
        make_macro(connection, key)
        found = connection.execute(
            "select pseudonym($x), pseudonym(lower($x)), pseudonym(null), pseudonym_as_written($x)",
            {"x": identifier},
        )
        assert found.fetchone() == (expected, expected, None, written)


def test_without_a_variable_a_key_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "keys"
    previous = os.umask(0)
    try:
        key = read_key(folder, {})
    finally:
        os.umask(previous)
    assert folder.stat().st_mode & 0o777 == 0o700
    [file] = folder.iterdir()
    assert file.name == "pseudonym.key" and file.stat().st_mode & 0o777 == 0o600
    assert len(key) == 64 and read_key(folder, {}) == key
    assert read_key(tmp_path / "other", {}) != key


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path):
    file = tmp_path / "pseudonym.key"
    file.write_bytes(KEY)
    tmp_path.chmod(0o755)
    file.chmod(0o644)
    assert read_key(tmp_path, {}) == KEY
    assert file.stat().st_mode & 0o777 == 0o600 and tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_key_of_the_environment_goes_before_the_file(tmp_path):
    assert read_key(tmp_path, {VARIABLE: KEY.decode()}) == KEY
    assert list(tmp_path.iterdir()) == []


def test_the_mark_of_a_key_tells_keys_apart():
    assert key_mark(KEY) != key_mark(KEY + b"!") and KEY.decode() not in key_mark(KEY)


def test_a_key_that_is_too_short_stops_the_check_in_and_is_not_told(council):
    council.put("ssd_person", {"pers_person_id": "Quillfeather"})
    council.paths.keys.mkdir(parents=True)
    (council.paths.keys / "pseudonym.key").write_text("hush")
    with pytest.raises(CheckInError, match="KEY-UNUSABLE") as stopped:
        council.check_in()
    assert "hush" not in str(stopped.value)
    assert not council.paths.raw_file("ssd_person", council.month).exists()


def test_a_lost_key_is_not_made_anew_while_its_hashes_are_in_use(council):
    council.put("ssd_person", {"pers_person_id": "007"})
    council.check_in()
    (council.paths.keys / "pseudonym.key").unlink()
    with pytest.raises(CheckInError, match="KEY-UNUSABLE"):
        council.check_in()
    assert list(council.paths.keys.iterdir()) == []


def test_a_person_has_the_same_hash_in_every_extract_and_delivery(council):
    for month in ("2026-02", "2026-03"):
        council.put("ssd_person", {"pers_person_id": " 007"}, month=month)
        council.put(
            "ext_exclusions",
            {
                "exclusion_id": "e",
                "pupil_id": "007",
                "exclusion_type": "PERM",
                "exclusion_start_date": "2025-01-10",
            },
            month=month,
        )
        council.check_in(month)
    expected = pseudonym(read_key(council.paths.keys, {}), "007")
    for month in ("2026-02", "2026-03"):
        assert council.rows("ssd_person", "pers_person_id", month) == [(expected,)]
        assert council.rows("ext_exclusions", "pupil_id", month) == [(expected,)]


def test_another_key_makes_the_same_bytes_be_checked_anew(council, monkeypatch):
    council.put("ssd_person", {"pers_person_id": "007"})
    council.put("ssd_department", {"dept_team_id": "t", "dept_team_name": "Team"})
    council.check_in()
    [(before,)] = council.rows("ssd_person", "pers_person_id")
    monkeypatch.setenv(VARIABLE, KEY.decode())
    receipts = council.check_in()
    assert receipts["ssd_person"].outcome == "accepted"
    assert receipts["ssd_department"].outcome == "unchanged"
    assert council.rows("ssd_person", "pers_person_id") == [(pseudonym(KEY, "007"),)]
    assert before != pseudonym(KEY, "007")
