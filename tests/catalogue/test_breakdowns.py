"""The words for breakdowns and their parts, and what is said of an entry that cannot be right."""

from pathlib import Path

import pytest

from orchestration.catalogue.breakdowns import FILE, read_breakdowns
from orchestration.catalogue.for_dbt import relations, used_breakdowns
from orchestration.catalogue.indicators import CatalogueError, read_entries
from orchestration.settings import settings

GOOD = "age_band:\n  label: Age\n  parts: {0-4: under five}\n  order: [0-4, 5-9]\n"


def read(tmp_path: Path, text: str) -> list[tuple[object, ...]]:
    """The rows that dbt gets of a file."""
    file = tmp_path / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    rows = relations([], {}, read_breakdowns(tmp_path, {"age_band"}))["breakdown_labels"]
    return [(row["row"], row["breakdown"], row["part"], row["place"], row["label"]) for row in rows]


def test_every_breakdown_of_the_catalogue_is_called_something() -> None:
    used = used_breakdowns(read_entries(settings.seeds))
    told = read_breakdowns(settings.seeds, used)
    assert {each.name for each in told} == used


def test_an_entry_names_the_breakdown_its_parts_and_their_order(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == [
        (1, "age_band", None, None, "Age"),
        (1, "age_band", "0-4", 1, "under five"),
        (1, "age_band", "5-9", 2, "5-9"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, - | there is no entry"),
        ("age_band: ]", "line 1, - | it is no YAML"),
        ("age_band:\n  label: 2024-02-30\n", "line 1, - | it is no YAML"),
        ("age_band:\n  label: \x01\n", "line 1, - | it is no YAML"),
        (GOOD + GOOD, "line 1, - | a breakdown stands there twice"),
        (GOOD + "size:\n  label: Size\n", "line 5, size, - | no indicator is split by it"),
        ("age_band: Age\n", "line 1, age_band, label | no text"),
        ("age_band:\n  parts: {a: b}\n", "line 1, age_band, label | no text"),
        (GOOD + "  text: Age\n", "line 5, age_band, text | the key is not known"),
        ("age_band:\n  label: Age\n  parts: {0-4: yes}\n", "line 3, age_band, parts | no pairs"),
        ("age_band:\n  label: Age\n  parts: [0-4]\n", "line 3, age_band, parts | no pairs"),
        ("age_band:\n  label: Age\n  order: [0-4, 0-4]\n", "line 3, age_band, order | no list"),
        ("age_band:\n  label: Age\n  order: 0-4\n", "line 3, age_band, order | no list"),
    ],
)
def test_an_entry_that_cannot_be_right_is_named_by_line_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(CatalogueError) as raised:
        read(tmp_path, text)
    [line] = str(raised.value).splitlines()
    assert line.startswith(f"CATALOGUE-ENTRY | seeds/{FILE} | {said}")
    assert line.count(" | ") == 6


def test_a_missing_file_is_a_fault_of_the_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no entry"):
        read_breakdowns(tmp_path, {"age_band"})
