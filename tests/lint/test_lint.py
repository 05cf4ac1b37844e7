"""Style is checked by the field's own tools, and they see what is planted."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

BIN = Path(sys.executable).parent
DBT = PROJECT / "dbt_project"
CLEAN = """\
-- one row per child
with people as (
    select * from {{ ref('int_persons') }}
),

bands as (
    select
        people.person_id,
        {{ age_in_years('people.born_on', "date '2026-03-31'") }} as age_in_years,
        sum(1) as rows_of_it
    from people
    inner join {{ ref('stg_authorities') }} as authorities on people.area = authorities.area
    where people.area in ({{ as_list(['a', 'b']) }})
    group by people.person_id, people.born_on
)

select * from bands
"""
PLANTED = {
    # the rule that names it -> what stands in the file and what is written instead
    "AL01": (" as authorities on", " authorities on"),
    "AL02": ("sum(1) as rows_of_it", "sum(1) rows_of_it"),
    "AL05": ("on people.area = authorities.area", "on people.area = people.born_on"),
    "AM05": ("inner join", "join"),
    "CP01": ("group by", "GROUP BY"),
    "CP03": ("sum(1)", "SUM(1)"),
    "CV01": ("where people", "where 1 <> 2 and 2 != 3 and people"),
    "LT01": ("sum(1) as", "sum(1)  as"),
    "LT02": ("        sum(1)", "      sum(1)"),
    "LT04": ("people.person_id,\n", "people.person_id\n        , 1 as one,\n"),
    "LT05": ("-- one row per child", f"-- one row per child {'and child ' * 12}"),
    "LT08": ("),\n\nbands", "),\nbands"),
    "LT12": ("select * from bands\n", "select * from bands"),
    "Unparsable section": ("select * from bands", "select * from from bands"),
    "RF02": ("        people.person_id,", "        person_id,"),
    "ST03": ("select * from bands", "select * from people"),
    "TMP": ("as_list(", "as_lists("),
}


LOOP = """\
select
    {% for side in ('lower', 'upper') %}
    1 as {{ side }},
    {% endfor %}
    1 as one
"""


def test_python_and_sql_are_clean() -> None:
    done = subprocess.run(
        ["make", "-o", ".venv/.ready-to-test", "lint", f"BIN={BIN}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    looked_at = map(int, re.findall(r"processed (\d+) file", done.stdout + done.stderr))
    files = [*PROJECT.glob("dbt_project/models/**/*.sql"), *PROJECT.glob("dbt_project/tests/*.sql")]
    assert sum(looked_at) == len(files) > 150


@pytest.fixture
def linted(tmp_path: Path) -> Callable[..., str]:
    """What the linter says of a file, by the settings of the project; empty where it is clean."""
    settings = (DBT / ".sqruff").read_text(encoding="utf-8")
    names = settings.replace("../tests", str(PROJECT / "tests"))
    (tmp_path / ".sqruff").write_text(names, encoding="utf-8")

    def lint(sql: str, *options: str) -> str:
        (tmp_path / "model.sql").write_text(sql, encoding="utf-8")
        done = subprocess.run(
            [BIN / "sqruff", "--nocolor", "--parsing-errors", *options, "lint", "model.sql"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return (done.stdout + done.stderr) if done.returncode else ""

    return lint


def test_every_kind_of_fault_is_seen_in_a_file_that_is_clean_without_it(
    linted: Callable[..., str],
) -> None:
    assert linted(CLEAN) == ""
    assert all(stands in CLEAN for stands, _ in PLANTED.values())
    said = {rule: linted(CLEAN.replace(*planted, 1)) for rule, planted in PLANTED.items()}
    assert {rule for rule, told in said.items() if not re.search(rf"\b{rule}\b", told)} == set()


def test_of_a_model_with_a_loop_all_is_seen_but_the_indent(linted: Callable[..., str]) -> None:
    options = ("--config", str(DBT / "with_blocks.sqruff"))
    assert linted(LOOP, *options) == ""
    assert " CP01 " in linted(LOOP.replace("1 as one", "1 AS one"), *options)
    assert " LT02 " in linted(LOOP)
