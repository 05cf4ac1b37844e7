"""The page for councils and the dbt sources follow the contract."""

import pytest
import yaml

from orchestration.commands.what_to_send import files, page
from orchestration.contract.extracts import EXTRACTS, INDICATOR_RETURNS
from orchestration.settings import PROJECT

FILES = files(PROJECT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_generated_file_is_up_to_date(file):
    advice = "run python -m orchestration.commands.what_to_send"
    assert file.exists() and file.read_text(encoding="utf-8") == FILES[file], advice


def test_the_page_names_every_file_and_column():
    sections = {part.splitlines()[2].split("`")[1]: part for part in page().split("\n### ")[1:]}
    assert next(iter(sections)) == "extract_manifest.csv" and len(sections) == len(EXTRACTS)
    for extract in EXTRACTS.values():
        rows = sections[extract.file_name].splitlines()
        assert rows[0] == extract.title
        for column in extract.columns:
            [line] = [row for row in rows if row.startswith(f"| `{column.name}`")]
            assert column.description in line and line.count(" | ") == 3
            assert ("**person**" in line) == column.person


def test_the_sources_describe_every_table():
    tables = {}
    for file, content in FILES.items():
        if file.name in ("_ssd__sources.yml", "_local__sources.yml"):
            [source] = yaml.safe_load(content)["sources"]
            assert source["name"] == "deliveries"
            assert "raw/{name}/*.parquet" in source["config"]["meta"]["external_location"]
            tables |= {table["name"]: table for table in source["tables"]}
    wanted = [extract for extract in EXTRACTS.values() if extract is not INDICATOR_RETURNS]
    assert set(tables) == {extract.name for extract in wanted}
    for extract in wanted:
        assert tables[extract.name]["description"].endswith(".")


def test_every_staging_model_describes_the_columns_that_it_selects():
    for file, content in FILES.items():
        if file.name in ("_ssd__models.yml", "_local__models.yml"):
            for model in yaml.safe_load(content)["models"]:
                sql = FILES[file.with_name(f"{model['name']}.sql")]
                selected = sql.split("\nselect\n")[1].split("\nfrom delivered")[0]
                names = [column["name"] for column in model["columns"]]
                assert len(names) > 1 and names[-1] == "as_at"
                assert all(name in selected for name in names)
                assert all(each["description"].endswith(".") for each in model["columns"])
                extract = EXTRACTS[model["name"].removeprefix("stg_")]
                assert names[:-1] == [column.name for column in extract.stored_columns]


def test_a_code_of_several_words_is_one_word_of_sql():
    sql = (PROJECT / "dbt_project/models/staging/local/stg_ext_assessment_delays.sql").read_text()
    for code in next(c for c in EXTRACTS["ext_assessment_delays"].columns if c.allowed).allowed:
        assert f"'{code}'" in sql
