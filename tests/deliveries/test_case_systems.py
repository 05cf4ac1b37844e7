"""Other names and words of real case systems are read as what they stand for."""

import pytest

from orchestration.contract.case_systems import ALIASES, CODES, read_aliases, read_codes
from orchestration.contract.extracts import ContractError
from orchestration.deliveries.in_use import write_in_use
from tests.deliveries.conftest import Council, read_rows

EPISODE = {
    "clae_cla_episode_id": "e",
    "clae_person_id": "p",
    "clae_cla_id": "c",
    "clae_cla_episode_start_date": "2025-01-06",
    "clae_cla_episode_start_reason": "S",
}


def test_the_older_name_of_a_column_is_accepted_and_counted(council: Council) -> None:
    episode = {**EPISODE, "clae_cla_episode_ceased": "2025-02-06"}
    council.put("ssd_cla_episodes", episode, drop="clae_cla_episode_ceased_date")
    receipt = council.check_in()["ssd_cla_episodes"]
    assert (receipt.outcome, receipt.codes) == ("accepted", "COLUMN-ALIAS")
    assert "| clae_cla_episode_ceased_date |" in receipt.findings[0]
    assert council.rows("ssd_cla_episodes", "clae_cla_episode_ceased_date::text") == [
        ("2025-02-06",)
    ]


def test_both_names_in_one_file_are_one_too_many(council: Council) -> None:
    council.put("ssd_cla_episodes", {**EPISODE, "clae_cla_episode_ceased": ""})
    assert council.check_in()["ssd_cla_episodes"].codes == "HEADER-DUPLICATE"


def test_another_strange_name_is_still_answered_with_advice(council: Council) -> None:
    episode = {**EPISODE, "clae_episode_ceased": ""}
    council.put("ssd_cla_episodes", episode, drop="clae_cla_episode_ceased_date")
    receipt = council.check_in()["ssd_cla_episodes"]
    assert receipt.codes == "HEADER-COLUMNS"
    assert "the missing one is `clae_cla_episode_ceased_date`" in receipt.findings[0]


def standard_codes(council: Council) -> dict[str, str]:
    write_in_use(council.paths)
    file = council.paths.raw / "standard_codes" / "standard_codes.parquet"
    return dict(read_rows(file, "source_value, standard_value"))


def test_a_systems_words_need_no_map_of_the_council(council: Council) -> None:
    rows = [
        {
            "miss_table_id": f"{n}",
            "miss_person_id": "p",
            "miss_missing_episode_start_date": "2025-01-06",
            "miss_missing_episode_type": word,
        }
        for n, word in enumerate(("M", "a", "Missing"))
    ]
    council.put("ssd_missing", *rows)
    receipt = council.check_in()["ssd_missing"]
    assert (receipt.outcome, receipt.codes) == ("accepted", "")
    assert standard_codes(council)["m"] == "Missing"


def test_the_councils_own_map_wins(council: Council) -> None:
    row = {"cms": "mosaic", "column": "ssd_missing.miss_missing_episode_type"}
    council.put("ref_code_maps", {**row, "source_value": "M", "standard_value": "Away"})
    council.check_in()
    assert standard_codes(council)["m"] == "Away"
    assert standard_codes(council)["a"] == "Away"


@pytest.mark.parametrize(
    "entry",
    [
        {"extract": "ssd_cla_episodes", "name": "x", "column": "y"},
        {"extract": "ssd_nothing", "name": "x", "column": "clae_cla_id"},
        {"extract": "ssd_cla_episodes", "name": "clae_person_id", "column": "clae_cla_id"},
    ],
)
def test_a_name_that_leads_nowhere_or_is_taken_is_a_fault(entry: dict[str, str]) -> None:
    with pytest.raises(ContractError, match=r"case_systems\.yml"):
        read_aliases({"columns": [entry]})


@pytest.mark.parametrize(
    "words",
    [{"Nowhere": ["x"]}, {"Missing": ["Away"]}, {"Missing": ["x"], "Away": ["X"]}],
)
def test_a_word_without_a_code_or_with_two_is_a_fault(words: dict[str, list[str]]) -> None:
    entry = {"system": "s", "column": "ssd_missing.miss_missing_episode_type", "words": words}
    with pytest.raises(ContractError, match=r"case_systems\.yml"):
        read_codes({"codes": [entry]})


def test_names_and_words_are_there() -> None:
    assert ALIASES["ssd_cla_episodes"]["clae_cla_episode_ceased"] == "clae_cla_episode_ceased_date"
    assert {system for system in CODES.values()} >= {"Missing", "S", "1"}
