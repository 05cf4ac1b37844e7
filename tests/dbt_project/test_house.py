"""The house of SQL: short files, few steps in each, and figures that are joined by their key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import settings

LONGEST = 150
MOST_STEPS = 8
MOST_COLUMNS = 4
"""By which two tables are joined at most; a figure has one key, `figure_id`."""
MADE_BY_A_COMMAND = "catalogue.sql"

_STEP = re.compile(r"(?m)^(?:with (?:recursive )?)?[\w{}]+ as (?:not materialized )?\($")
_JOIN = re.compile(
    r"\bjoin\b(.*?)(?=\b(?:inner|left|right|full|cross)\s+join\b|\bjoin\b|\bwhere\b|\bgroup by\b"
    r"|\bunion\b|\bwindow\b|\bselect\b|^\)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_COLUMN = r"(?:[\w{}]+\.)+[\w{}]+"
_EQUAL = re.compile(rf"{_COLUMN}\s*=\s*{_COLUMN}")
_USING = re.compile(r"\busing\s*\(([^)]*)\)")


def files() -> list[Path]:
    project = settings.dbt_project
    found = [*project.glob("models/**/*.sql"), *project.glob("macros/**/*.sql")]
    return sorted(file for file in found if file.name != MADE_BY_A_COMMAND)


def faults(sql: str) -> Iterator[str]:
    """What is wrong with the SQL of one file."""
    if sql.count("\n") > LONGEST:
        yield f"more than {LONGEST} lines"
    code = re.sub(r"--[^\n]*|\{#.*?#\}", "", sql, flags=re.DOTALL)
    code = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"{\1}", code)
    if len(_STEP.findall(code)) > MOST_STEPS:
        yield f"more than {MOST_STEPS} steps"
    for join in _JOIN.findall(code):
        named = sum(len(using.split(",")) for using in _USING.findall(join))
        if len(_EQUAL.findall(join)) + named > MOST_COLUMNS:
            yield f"a join over more than {MOST_COLUMNS} columns"


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_a_file_is_short_has_few_steps_and_joins_by_keys(file: Path) -> None:
    assert list(faults(file.read_text(encoding="utf-8"))) == []


def test_what_the_house_does_not_have_is_noticed() -> None:
    steps = ",\n\n".join(f"step_{n} as (\n    select 1 as one\n)" for n in range(9))
    assert list(faults(f"with {steps}\n\nselect * from step_8\n")) == ["more than 8 steps"]
    looped = "with {{ span }} as (\n    select 1\n),\n\n" + steps.replace("step_8 as", "last as")
    assert list(faults(looped)) == ["more than 8 steps"]
    assert list(faults("select 1\n" * 151)) == ["more than 150 lines"]
    columns = ("indicator_id", "geography_code", "period_start", "period_end", "breakdown")
    on = "\n        and ".join(f"one.{column} = two.{column}" for column in columns)
    wide = f"select *\nfrom one\nleft join two\n    on\n        {on}\nwhere one.value > 0\n"
    assert list(faults(wide)) == ["a join over more than 4 columns"]
    assert list(faults(wide.replace("        and one.breakdown = two.breakdown\n", ""))) == []
    using = f"select * from one inner join two using ({', '.join(columns)})\n"
    assert list(faults(using)) == ["a join over more than 4 columns"]


def test_a_step_that_is_no_table_says_what_its_rows_are() -> None:
    for file in settings.dbt_project.glob("models/**/*__models.yml"):
        for entry in re.split(r"(?m)^  - name: ", file.read_text(encoding="utf-8"))[1:]:
            if "materialized: ephemeral" in entry:
                assert "one row per" in entry.lower(), entry.split("\n", 1)[0]
