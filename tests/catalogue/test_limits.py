"""A limit stands once, and reaches SQL, names, texts and the page of definitions."""

import shutil
from pathlib import Path

import pytest

from orchestration.catalogue.for_dbt import MACRO, write_for_dbt
from orchestration.catalogue.indicators import CatalogueError
from orchestration.catalogue.limits import filled, unknown
from orchestration.commands.definitions_page import definitions_page
from orchestration.reference.tables import Reference
from orchestration.settings import settings

LIMITS = {"limit": "45", "weeks": "140", "day": "3", "codes": "U1; U4"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("within {limit} working days", "within 45 working days"),
        ("the {limit:ordinal} day", "the forty-fifth day"),
        ("the {day:ordinal} of {day:words}: {day:Words}", "the third of three: Three"),
        ("{weeks/7} weeks, {day*24} hours", "20 weeks, 72 hours"),
        ("{weeks/7:words} weeks, the {weeks/7:ordinal}", "twenty weeks, the twentieth"),
        ("{weeks/30:words} months", "five months"),
        ("{weeks:words}", "140"),
        ("{codes}", "U1; U4"),
        ("{other} stays", "{other} stays"),
    ],
)
def test_a_limit_is_told_as_the_text_asks(text: str, told: str) -> None:
    assert filled(text, LIMITS) == told


def test_what_is_no_limit_is_known() -> None:
    assert unknown("{limit} {limti} {limit:wrods} {day*24:ordinal}", LIMITS) == [
        "limti",
        "limit:wrods",
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(settings.seeds / "catalogue", tmp_path / "seeds" / "catalogue")
    (tmp_path / "dbt_project" / "macros").mkdir(parents=True)
    shutil.copy(settings.dbt_project / "definitions.yml", tmp_path / "dbt_project")
    shutil.copy(settings.dbt_project / "dbt_project.yml", tmp_path / "dbt_project")
    return tmp_path


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_limit_that_is_changed_changes_sql_names_texts_and_definitions(home: Path) -> None:
    replaced(
        home / "seeds/catalogue/limits.csv", "assessment_limit_wd,45", "assessment_limit_wd,42"
    )
    replaced(home / "seeds/catalogue/limits.csv", "eh_start_limit_wd,60", "eh_start_limit_wd,50")
    reference = Reference(home / "seeds")
    write_for_dbt(home / "seeds", home / "dbt_project", reference.limits)
    assert "'assessment_limit_wd': 42," in (home / "dbt_project" / MACRO).read_text("utf-8")
    told = {row["indicator_id"]: row for row in reference.table("indicators").rows}
    share = told["assessments_within_45wd_pct"]
    assert share["indicator_name"].endswith("completed within 42 working days")
    assert "the forty-second working day" in share["counts"]
    assert told["eh_referral_to_assessment_pct"]["maturity_wd"] == 50
    page = definitions_page(home / "dbt_project", home / "seeds")
    assert "| `assessment_limit_wd` | 42 |" in page and "`assessment_limit_wd` = 42" in page
    assert "completed within 42 working days (`assessments_within_45wd_pct`)" in page


def test_no_printed_text_of_the_catalogue_keeps_a_brace() -> None:
    for name in ("indicators", "local_choices"):
        for row in settings.reference.table(name).rows:
            assert not any("{" in cell for cell in row.values() if isinstance(cell, str)), row


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "front_door.yml",
            "{assessment_limit_wd} working",
            "{assessment_limit} working",
            "seeds/catalogue/front_door.yml | line 69, assessments_within_45wd_pct, name | a limit",
        ),
        ("limits.csv", "assessment_limit_wd,45", "assessment_limit_wd,-45", "row 8, column value"),
    ],
)
def test_a_limit_that_is_not_known_or_damaged_stops_the_build(
    home: Path, file: str, old: str, new: str, said: str
) -> None:
    replaced(home / "seeds/catalogue" / file, old, new)
    with pytest.raises(CatalogueError) as raised:
        write_for_dbt(home / "seeds", home / "dbt_project", Reference(home / "seeds").limits)
    assert said in str(raised.value)
