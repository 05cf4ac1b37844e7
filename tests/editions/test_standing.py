"""Where a council stands among all authorities: by official figures, said true and drawn true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from orchestration.documents.strip import LINE, strip
from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Figure, Indicator
from orchestration.editions.standing import Official, Standing

Row = Callable[[str], Indicator]
OTHERS = (Decimal(62), Decimal(70), Decimal(71), Decimal(80), Decimal(90))


def standing(own: str | None, place: int | None = None, quarter: int | None = None) -> Standing:
    """Of five others, one neighbour (70) and one of the region (80), and the council's `own`."""
    figures = [Official(each, False, each == 70, each == 80) for each in OTHERS]
    if own is not None:
        figures.append(Official(Decimal(own), True, False, True))
    figures.sort(key=lambda each: each.value)
    return Standing(
        "2018/19 financial year",
        date(2018, 4, 1),
        date(2019, 3, 31),
        tuple(figures),
        place,
        quarter,
        Decimal(70),
        Decimal(71),
        Decimal("80.25"),
    )


@pytest.fixture
def assessed(row: Row) -> Indicator:
    """Its own year 2018/19 was 87.2%."""
    return row("assessments_within_45wd_pct")


def test_the_place_among_all_is_said_with_the_own_count_beside_it(assessed: Indicator) -> None:
    told = words.standing(replace(assessed, standing=standing("84.5", 2, 1)))
    assert told[:2] == (
        "Official figure 84.5%: 2nd of 6 authorities (2018/19 financial year), the best first; in "
        "the first quarter of them",
        "Half of them lie from 70.0% to 80.3%",
    )
    assert told[2].startswith("The council's own count for that time: 87.2%. The official figure")


def test_a_count_that_agrees_is_called_the_same(assessed: Indicator) -> None:
    told = words.standing(replace(assessed, standing=standing("87.2", 2, 1)))
    assert told[2] == "The council's own count for that time is the same"


def test_a_council_without_an_official_figure_has_no_place(assessed: Indicator) -> None:
    told = words.standing(replace(assessed, standing=standing(None)))
    assert told[0].startswith("The council has no official figure among those of 5 authorities")
    assert told[2] == "The council's own count for that time: 87.2%"


def test_nothing_is_said_where_nothing_official_is_known(assessed: Indicator) -> None:
    assert words.standing(assessed) == () and strip(assessed) is None


def test_a_hidden_count_is_neither_said_nor_drawn(assessed: Indicator) -> None:
    def hidden(figure: Figure) -> Figure:
        return replace(figure, numerator=None, denominator=None, value=None, status=HIDDEN)

    row = replace(
        assessed, standing=standing(None), year=None, years=tuple(map(hidden, assessed.years))
    )
    assert len(words.standing(row)) == 2
    assert "87.2" not in (strip(row) or "87.2")


def test_another_years_count_is_not_set_beside_it(assessed: Indicator) -> None:
    official = standing("84.5", 2, 1)
    earlier = replace(official, period_start=date(2016, 4, 1), period_end=date(2017, 3, 31))
    assert len(words.standing(replace(assessed, standing=earlier))) == 2


@pytest.mark.parametrize(
    ("place", "ordinal"), [(1, "1st"), (11, "11th"), (22, "22nd"), (103, "103rd"), (113, "113th")]
)
def test_ordinals(assessed: Indicator, place: int, ordinal: str) -> None:
    told = words.standing(replace(assessed, standing=standing("84.5", place, 1)))
    assert f": {ordinal} of" in told[0]


def test_where_neither_is_better_the_highest_is_first(row: Row) -> None:
    neutral = replace(row("cic_count"), unit="rate_per_10k", standing=standing("84.5", 2, 1))
    told = words.standing(neutral)
    assert "the highest first" in told[0] and "best" not in " ".join(told)
    assert told[1] == "Half of them lie from 70 to 80 per 10,000"


def test_every_authority_is_a_stroke_and_the_council_a_diamond(assessed: Indicator) -> None:
    drawn = strip(replace(assessed, standing=standing("84.5", 2, 1)))
    assert drawn is not None
    picture = ElementTree.fromstring(drawn)
    others, region, neighbours, council = (path.attrib["d"] for path in picture.findall("path"))
    assert [path.count("v") for path in (others, region, neighbours)] == [3, 2, 1]
    # the lowest at the left, the highest at the right, the region above the line
    assert others.startswith(f"M8.0 {LINE - 4}v8") and f"M280.0 {LINE - 4}v8" in others
    assert f" {LINE - 12}v16" in region and f" {LINE - 4}v16" in neighbours
    assert council.startswith("M226.6 ") and 'fill="#FFFFFF"' not in drawn
    texts = [text.text for text in picture.findall("text")]
    assert texts == ["62.0%", "90.0%", "84.5%"]
    assert (
        picture.find("desc").text
        == ". ".join(words.standing(replace(assessed, standing=standing("84.5", 2, 1)))) + "."
    )


def test_the_own_count_alone_is_a_hollow_diamond(assessed: Indicator) -> None:
    drawn = strip(replace(assessed, standing=standing(None)))
    assert drawn is not None and 'fill="#FFFFFF"' in drawn and ">87.2%<" in drawn
