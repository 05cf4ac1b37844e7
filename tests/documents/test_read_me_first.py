"""READ-ME-FIRST.txt."""

from collections.abc import Callable
from dataclasses import replace

from orchestration.documents.read_me_first import read_me_first
from orchestration.editions.figures import Edition, Indicator

CONTACT = "the performance team, extension 12"


def _text(edition: Edition) -> str:
    return read_me_first(edition, CONTACT).decode("utf-8")


def _section(text: str, title: str) -> str:
    return " ".join(text.split(title + "\n", 1)[1].split("\n\n", 1)[0].split())


def test_the_marking_comes_first_and_lines_fit_80_columns(edition: Edition) -> None:
    lines = _text(edition).splitlines()
    assert lines[0] == "Officers only \N{EN DASH} not for publication"
    assert max(map(len, lines)) <= 80
    assert "Darlington: children's services indicators as at 30 September 2019" in lines


def test_a_council_that_is_made_up_is_said_to_be_in_the_second_line(
    synthetic_edition: Edition,
) -> None:
    assert _text(synthetic_edition).splitlines()[:3] == [
        "Officers only \N{EN DASH} not for publication",
        "Synthetic sample data \N{EN DASH} not about real children or a real council",
        "",
    ]


def test_changes_are_listed_with_the_worse_first(edition: Edition) -> None:
    changes = _section(_text(edition), "WHAT CHANGED SINCE THE MONTH OR QUARTER BEFORE")
    worse, better = changes.split("Better:")
    assert "stands on dashboard.html. Worse:" in worse
    assert "73.8% (number not supplied), July to September 2019 (Quarter 2 2019/20)." in worse
    assert "6.5 points lower than the quarter before (better)" in better
    assert "placements" not in changes


def test_areas_for_improvement_come_first_with_what_speaks_for_them(edition: Edition) -> None:
    text = _text(edition)
    areas = _section(text, "AREAS FOR IMPROVEMENT")
    assert areas.startswith("Care leavers' work: * Care leavers not in education")
    assert "members asked to see it again (minute 14)." in areas
    assert text.index("AREAS FOR IMPROVEMENT") < text.index("WHAT CHANGED")
    none = _section(_text(replace(edition, improvements=())), "AREAS FOR IMPROVEMENT")
    assert none == (
        "None: nothing that could be judged misses its target, or is worse, by enough for one."
    )


def test_nothing_judged_never_reads_as_all_clear(
    edition: Edition, row: Callable[[str], Indicator]
) -> None:
    unjudged = replace(edition, improvements=(), rows=(row("cic_count"),))
    said = _section(_text(unjudged), "AREAS FOR IMPROVEMENT")
    assert said.startswith("Nothing could be judged: no current figure has an agreed target")
    assert said.endswith("This is not to say that all is well.")


def test_missing_indicators_stand_under_their_reason(edition: Edition) -> None:
    missing = _section(_text(edition), "WHAT IS MISSING, AND WHY")
    assert missing == (
        "No data: no return for this indicator (1): "
        "* New EHC plans issued within 20 weeks of the request"
    )


def test_old_figures_say_when_they_were_last_reported(edition: Edition) -> None:
    old = _section(_text(edition), "WHAT IS OLD")
    assert old.endswith("in 12 months: last reported December 2018")


def test_with_nothing_missing_or_old_it_says_so(
    edition: Edition, row: Callable[[str], Indicator]
) -> None:
    text = _text(replace(edition, improvements=(), rows=(row("cic_count"),)))
    assert "Nothing: every indicator has a figure." in text
    assert "Nothing: every figure is recent enough to be compared." in text


def test_it_says_whom_to_ask(edition: Edition) -> None:
    assert _section(_text(edition), "WHOM TO ASK") == "The performance team, extension 12."
