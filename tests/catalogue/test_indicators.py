"""The catalogue of seeds/catalogue/, as Python reads it and writes it for dbt."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.catalogue.breakdowns import read_breakdowns
from orchestration.catalogue.for_dbt import (
    BLOCKS,
    MACRO,
    blocks,
    macro,
    relations,
    used_breakdowns,
)
from orchestration.catalogue.indicators import (
    CatalogueError,
    read_catalogue,
    read_entries,
    unmatched_models,
)
from orchestration.reference.contract import reference_files
from orchestration.settings import settings

FILE = "education.yml"


def test_sixty_one_indicators_in_eight_dashboards() -> None:
    entries = read_entries(settings.seeds)
    assert len(read_catalogue(settings.seeds)) == len(entries) == 66
    assert list(Counter(entry.dashboard_no for entry in entries)) == list(range(1, 9))
    assert len({entry.dashboard for entry in entries}) == 8


@pytest.mark.parametrize(("file", "made"), [(MACRO, macro), (BLOCKS, blocks)])
def test_what_dbt_is_told_is_that_of_the_entries(file: str, made: Callable[..., str]) -> None:
    text = (settings.dbt_project / file).read_text(encoding="utf-8")
    assert text == made(read_entries(settings.seeds), settings.reference.limits)


def test_every_entry_of_rows_has_its_sql_and_the_other_way_round() -> None:
    assert unmatched_models(settings.seeds, settings.dbt_project) == ([], [])


def test_the_tables_have_the_columns_of_the_contract() -> None:
    entries = read_entries(settings.seeds)
    breakdowns = read_breakdowns(settings.seeds, used_breakdowns(entries))
    tables = relations(entries, settings.reference.limits, breakdowns)
    files = {name: file for name, file in reference_files().items() if file.is_catalogue}
    assert set(tables) == set(files)
    for name, rows in tables.items():
        columns = {"row"} | {column.name for column in files[name].columns}
        assert rows and all(set(row) == columns for row in rows), name
        for key in files[name].keys:
            assert max(Counter(tuple(row[each] for each in key) for row in rows).values()) == 1


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    shutil.copytree(settings.seeds / "catalogue", tmp_path / "catalogue")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: count", "unit: per cent", "line 8, ehcp_requests_count, unit | not such a value |"),
        ("    polarity: neutral\n", "", "line 5, ehcp_requests_count, polarity | it is missing |"),
        ("polarity:", "polarty:", "line 10, ehcp_requests_count, polarty | the key is not known |"),
        ("id: ehcp_requests_count", "id: cic_count", "cic_count, id | it stands in line 5 of "),
        ("needs: [ssd_ehcp_requests]", "needs: [ehcp]", "ehcp_requests_count, needs | no such ex"),
        ("ssd_ehcp_requests.ehcr_ehcp_req_date", "ssd_ehcp.day", "requests_count, starts | no su"),
        ("    counts: ", "    tier: core\n    counts: ", "a key that stands there twice"),
        ("    counts: ", "\t counts: ", "line 13 | it is no YAML"),
        ("dashboard: 1", "dashboard: 9", "line 2 | no such dashboard | 1 to 8"),
        ("title:", "name:", "line 1 | the keys are not dashboard, indicators, title"),
        ("unit: count", "unit: [count]", "line 8, ehcp_requests_count, unit | not such a value |"),
        (
            "    counts: ",
            "    decimals: yes\n    counts: ",
            "requests_count, decimals | not such a v",
        ),
        (
            "    counts: ",
            "    history_months: 1.5\n    counts: ",
            "history_months | no whole number",
        ),
        ("    counts: ", "    may_move: .inf\n    counts: ", "may_move | no number"),
        ("    counts: ", "    area: [a]\n    counts: ", "ehcp_requests_count, area | no text"),
        ("    counts: ", "    area: 2024-02-30\n    counts: ", "line 4 | it is no YAML"),
        ("    counts: ", "    area: \x01\n    counts: ", "line 1 | it is no YAML"),
        ("    counts: ", "    breakdowns: [a, a]\n    counts: ", "breakdowns | a part twice"),
        ("    counts: ", "    shares: [numerator]\n    counts: ", "shares | a part twice"),
        ("name: Requests", "name: ' '\n    area: Req", "ehcp_requests_count, name | no text"),
        ("id: ehcp_requests_count", "id: EHCP requests", "EHCP requests, id | no id"),
        ("needs: [ssd_ehcp_requests]", "needs: []", "ehcp_requests_count, needs | no extract"),
        ("dashboard: 1", "dashboard: true", "line 2 | no such dashboard"),
        ("title:", "title: 3 #", "line 3 | no title"),
        ("title:", "dashboard: 1\ntitle:", "line 1 | a key that stands there twice"),
        ("why: ", "why: 3\n    whole: ", "ehcp_requests_count, "),
    ],
)
def test_a_faulty_entry_is_named_with_file_line_key_and_what_is_wrong(
    seeds: Path, old: str, new: str, said: str
) -> None:
    file = seeds / "catalogue" / FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_catalogue(seeds)
    faults = [line for line in str(raised.value).splitlines() if said in line]
    assert faults, str(raised.value)
    assert all(line.count(" | ") == 6 for line in faults)
    assert faults[0].startswith("CATALOGUE-ENTRY | seeds/catalogue/")
    assert "| nothing is built, and what is published stays" in faults[0]


@pytest.mark.parametrize("byte", [b"\xff", b"\x96", "\ufffd".encode()])
def test_a_byte_that_is_not_utf_8_is_named_by_its_line_but_in_a_comment(
    seeds: Path, byte: bytes
) -> None:
    good = read_catalogue(seeds)
    for name, where in ((FILE, "line 6"), ("words/breakdowns.yml", "line ")):
        file = seeds / "catalogue" / name
        text = file.read_bytes()
        file.write_bytes(b"# " + byte + b"\n" + text)
        assert read_catalogue(seeds) == good
        label = b"name: " if name == FILE else b"label: "
        file.write_bytes(text.replace(label, label + b"A" + byte, 1))
        with pytest.raises(CatalogueError) as raised:
            read_breakdowns(seeds, used_breakdowns(read_entries(seeds)))
        [line] = str(raised.value).splitlines()
        assert line.startswith(f"CATALOGUE-ENTRY | seeds/catalogue/{name} | {where}")
        assert " | a byte that is not UTF-8 | the file saved as UTF-8 | " in line
        file.write_bytes(text)


def test_all_faults_are_named_at_once(seeds: Path) -> None:
    for name in ("education.yml", "workforce.yml"):
        file = seeds / "catalogue" / name
        text = file.read_text(encoding="utf-8").replace("tier: core", "tier: cor")
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_catalogue(seeds)
    lines = str(raised.value).splitlines()
    assert len(lines) > 5
    assert {line.split(" | ")[1] for line in lines} == {
        "seeds/catalogue/education.yml",
        "seeds/catalogue/workforce.yml",
    }
