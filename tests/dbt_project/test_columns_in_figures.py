"""Which columns of a delivery figures are made of: as the contract says, by the SQL itself."""

import re

from orchestration.contract.extracts import EXTRACTS
from orchestration.files import PROJECT

SQL = "\n".join(
    re.sub("--.*", "", file.read_text(encoding="utf-8"))
    for folder in ("models", "macros")
    for file in sorted((PROJECT / "dbt_project" / folder).rglob("*.sql"))
    if "staging" not in file.parts
)
WORDS = set(re.findall(r"\w+", SQL))
# read at check-in, to know whose row it is or where a row leads
AT_CHECK_IN = ("manifest", "reference", "figures")


def test_no_model_beyond_staging_names_a_column_that_no_figure_reads() -> None:
    unused = [
        column.name
        for extract in EXTRACTS.values()
        for column in extract.columns
        if not column.in_figures
    ]
    assert len(unused) > 40
    assert [name for name in unused if name in WORDS] == []


def test_every_other_column_of_an_answer_is_read_by_a_figure() -> None:
    unread = [
        f"{extract.name}.{column.name}"
        for extract in EXTRACTS.values()
        if extract.class_ not in AT_CHECK_IN
        for column in extract.columns
        if column.in_figures and column.type != "string"
        if not any(stored.name in WORDS for stored in column.stored)
    ]
    assert unread == []
