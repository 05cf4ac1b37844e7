"""The one-line form of a finding, and the table of codes behind it."""

import re
from pathlib import Path

from orchestration import deliveries
from orchestration.contract.extracts import EXTRACTS_FILE
from orchestration.deliveries.messages import CODES, finding


def test_a_finding_is_one_line_of_eight_parts():
    found = finding("DATE-FORMAT", line=7, column="period_start", count=3)
    assert str(found.placed("2022-03/indicator_returns.csv", "these rows are set aside")) == (
        "DATE-FORMAT | 2022-03/indicator_returns.csv | line 7 | period_start | "
        "not a date that can be read with certainty (3 times, first here) | "
        "a date as YYYY-MM-DD or DD/MM/YYYY | "
        "format the column as a date with a four-digit year and deliver the whole file again | "
        "these rows are set aside"
    )


def test_a_finding_about_the_whole_file_has_dashes_for_line_and_column():
    text = str(finding("FILE-EMPTY").placed("a.csv", "nothing"))
    assert text.startswith("FILE-EMPTY | a.csv | - | - | ")


def test_every_code_says_what_is_wrong_what_is_expected_and_what_to_do():
    for code, text in CODES.items():
        assert re.fullmatch(r"[A-Z]+(-[A-Z]+)*", code)
        for part in (text.what, text.expected, text.do):
            assert part and "|" not in part and "\n" not in part, code
        assert (text.level == "row") or text.outcome != "quarantine", code


def test_every_code_is_used_and_every_code_used_has_texts():
    package = Path(deliveries.__file__).parent
    sources = [file for file in package.rglob("*.py") if file.parent.name != "texts"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    code += '"INDICATOR-UNKNOWN" "GEOGRAPHY-UNKNOWN"'  # made from the reference's name
    code += re.sub("code: ([A-Z-]+)", r'"\1"', EXTRACTS_FILE.read_text(encoding="utf-8"))
    assert [name for name in CODES if f'"{name}"' not in code] == []
    assert set(re.findall(r'"([A-Z]+(?:-[A-Z]+)+)"', code)) <= set(CODES)
