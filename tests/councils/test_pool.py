"""Who is in the pool, what of the drop folder is whose, and where each council keeps its own."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.commands.back_up import is_of_keys
from orchestration.commands.fresh_clone import fill
from orchestration.councils.pool import (
    months_of_councils,
    move_renamed,
    other_councils,
    owners,
    read_pool,
)
from orchestration.deliveries.rows.pseudonym import pseudonym, read_key
from orchestration.deliveries.sources.councils import misplaced
from orchestration.deliveries.sources.returns import beside_extracts
from orchestration.reference.edition_requests import requested_editions
from orchestration.reference.tables import Reference
from orchestration.settings import from_environment, of_council, settings

BARNSLEY, BARNSLEY_BEFORE = "E08000038", "E08000016"
DARLINGTON, WOKINGHAM = "E06000005", "E06000041"
HEADER = "geography_code,first_month,last_month,small_numbers\n"
TODAY = date(2026, 11, 29)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The reference data with a pool of three, one of them under a code that it no longer has."""
    shutil.copytree(settings.seeds, tmp_path / "seeds")
    pool = tmp_path / "seeds" / "reference" / "pool.csv"
    pool.write_text(
        f"{HEADER}{DARLINGTON},,,sent\n{BARNSLEY_BEFORE},,,withheld\n{WOKINGHAM},,2026-03-01,sent\n"
    )
    return tmp_path / "seeds"


def test_a_council_of_the_pool_is_known_by_the_code_of_today(seeds: Path) -> None:
    assert [each.geography_code for each in read_pool(Reference(seeds))] == [
        DARLINGTON,
        BARNSLEY,
        WOKINGHAM,
    ]
    assert read_pool(settings.reference) == []


def test_a_folder_of_a_council_outside_the_pool_and_a_second_one_of_a_council_are_named(
    seeds: Path, tmp_path: Path
) -> None:
    incoming = tmp_path / "incoming"
    for name in (BARNSLEY, BARNSLEY_BEFORE, DARLINGTON, "E10000030", "2026-03", "returns"):
        (incoming / name).mkdir(parents=True)
    reference = Reference(seeds)
    found = [str(each.finding()) for each in misplaced(incoming, owners(reference))]
    assert [each.split(" | ")[:2] for each in found] == [
        ["COUNCIL-TWICE", f"{BARNSLEY_BEFORE}/"],
        ["COUNCIL-NOT-IN-POOL", "E10000030/"],
    ]
    # without a pool no council has a folder
    alone = [each.name for each in misplaced(incoming, owners(settings.reference))]
    assert alone == [DARLINGTON, BARNSLEY_BEFORE, BARNSLEY, "E10000030"]


def test_what_lies_in_a_councils_folder_is_not_taken_for_the_pools_own(tmp_path: Path) -> None:
    for folder in (f"{DARLINGTON}/2026-03", "2026-03"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "anything.xml").write_text("<a/>")
    assert [month for _, month, _ in beside_extracts(tmp_path, TODAY)] == ["2026-03"]
    pool = replace(settings, data=tmp_path, drop=tmp_path)
    (tmp_path / DARLINGTON / "2027-01").mkdir()
    assert months_of_councils(pool, TODAY) == {"2026-03"}


def test_each_council_has_folders_a_key_and_reference_data_of_its_own(
    seeds: Path, tmp_path: Path
) -> None:
    environment = {
        "KPI_DATA": str(tmp_path / "data"),
        "KPI_EXPORTS": str(tmp_path / "exports"),
        "KPI_OF_POOL": BARNSLEY,
        "KPI_SOURCE_URL": "sqlite:///of-the-pool.db",
        f"KPI_SOURCE_URL_{DARLINGTON}": "sqlite:///of-darlington.db",
    }
    (tmp_path / "data" / "incoming" / BARNSLEY_BEFORE).mkdir(parents=True)
    own = from_environment(environment)
    assert own.data == tmp_path / "data" / "councils" / BARNSLEY
    assert own.exports == tmp_path / "exports" / "councils" / BARNSLEY
    # the folder that is there, under a code that it had before
    assert own.incoming == tmp_path / "data" / "incoming" / BARNSLEY_BEFORE
    assert own.source_url == ""
    pool = from_environment({**environment, "KPI_OF_POOL": ""})
    assert of_council(pool, DARLINGTON, environment).source_url == "sqlite:///of-darlington.db"
    with pytest.raises(ValueError, match="nine characters"):
        from_environment({**environment, "KPI_OF_POOL": "../elsewhere"})

    # rows are this council's, and a file of its own stands in place of everybody's
    meetings = seeds / "councils" / BARNSLEY / "reference" / "meetings.csv"
    meetings.parent.mkdir(parents=True)
    [header, *_] = (seeds / "reference" / "meetings.csv").read_text().splitlines()
    meetings.write_text(f"{header}\n")
    reference = Reference(seeds, council=BARNSLEY)
    assert reference.table("row_level_council").column("geography_code") == [BARNSLEY]
    assert reference.table("meetings").rows == ()
    assert Reference(seeds, council=DARLINGTON).table("meetings").rows


def test_a_key_that_is_told_makes_another_hash_for_each_council(tmp_path: Path) -> None:
    told = {"KPI_PSEUDONYM_KEY": "k" * 40}
    keys = [
        read_key(tmp_path, told | more)
        for more in ({}, {"KPI_OF_POOL": DARLINGTON}, {"KPI_OF_POOL": WOKINGHAM})
    ]
    assert len({pseudonym(key, "4711") for key in keys}) == 3
    # one in a council's own folder is its own already
    made = read_key(tmp_path / "keys", {"KPI_OF_POOL": DARLINGTON})
    assert read_key(tmp_path / "keys", {}) == made


def test_councils_that_left_are_not_among_the_others(seeds: Path, tmp_path: Path) -> None:
    pool = replace(settings, seeds=seeds, data=tmp_path)
    assert other_councils(pool, {}) == {}
    others = other_councils(of_council(pool, DARLINGTON, {}), {})
    assert list(others) == [BARNSLEY]
    assert others[BARNSLEY].paths.raw == tmp_path / "councils" / BARNSLEY / "raw"


def test_what_was_kept_under_a_former_code_moves_with_the_council(
    seeds: Path, tmp_path: Path
) -> None:
    for part in ("data/councils/{}/ledger", "data/councils/{}/dbt", "exports/councils/{}/packs"):
        (tmp_path / part.format(BARNSLEY_BEFORE)).mkdir(parents=True)
    pool = replace(settings, seeds=seeds, data=tmp_path / "data", exports=tmp_path / "exports")
    told = move_renamed(pool)
    assert len(told) == 2
    assert all(each.startswith(f"{BARNSLEY_BEFORE} is {BARNSLEY} now") for each in told)
    assert [each.name for each in (pool.data / "councils" / BARNSLEY).iterdir()] == ["ledger"]
    assert (pool.exports / "councils" / BARNSLEY / "packs").is_dir()
    assert move_renamed(pool) == []


def test_a_pool_makes_up_no_council_and_no_edition_of_its_own(seeds: Path, tmp_path: Path) -> None:
    assert fill(tmp_path / "incoming", seeds, size=100, months=1) == []
    assert requested_editions("", "", Reference(seeds)) == []
    assert requested_editions("", "", Reference(seeds, council=DARLINGTON)) != []
    assert len(requested_editions(DARLINGTON, "", Reference(seeds))) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data/keys/pseudonym.key", True),
        (f"data/councils/{DARLINGTON}/keys/pseudonym.key", True),
        (f"data/councils/{DARLINGTON}/raw/keys/a.parquet", False),
        ("exports/keys/a.csv", False),
    ],
)
def test_the_keys_of_all_councils_are_kept_apart_in_a_backup(name: str, expected: bool) -> None:
    assert is_of_keys(name) == expected
