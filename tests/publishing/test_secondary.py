"""What is hidden in an edition because it would give a hidden figure away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import duckdb
import pytest

from orchestration.disclosure.facts import Fact, adds_up, shown
from orchestration.disclosure.protect import LEAST_VALUES
from orchestration.publishing.edition import load_edition
from orchestration.publishing.figures import Figure, Indicator, Part, Trend
from orchestration.publishing.publishable import hidden_figures as hiding
from orchestration.publishing.publishable import is_hidden
from orchestration.publishing.secondary import (
    Place,
    Publication,
    figures_of,
    place_of,
    worked_out,
)
from orchestration.settings import settings
from tests.disclosure.enumerated import tried

Row = Callable[[str], Indicator]
MONTHS = (date(2019, 7, 31), date(2019, 8, 31), date(2019, 9, 30))


def figure(kind: str, end: date, top: int | None, bottom: int | None = None) -> Figure:
    length = {"month": 0, "quarter": 2, "financial_year": 11}[kind]
    month = end.year * 12 + end.month - 1 - length
    value = Decimal(top) if bottom is None else Decimal(100 * top) / bottom
    return Figure(
        kind,
        date(month // 12, month % 12 + 1, 1),
        end,
        Decimal(top),
        None if bottom is None else Decimal(bottom),
        value,
        "ok",
    )


def bare(row: Indicator, *figures: Figure, parts: tuple[Part, ...] = ()) -> Indicator:
    """The indicator with these figures and no other."""
    nothing = replace(row.previous, value=None, change=None, figure=None)
    return replace(
        row,
        headline=figures[-1],
        previous=nothing,
        year_ago=nothing,
        month=None,
        quarter=None,
        year_to_date=None,
        year=None,
        years=(),
        parts=parts,
        trend=Trend("month", figures[:-1]),
    )


def hidden_figures(row: Indicator, *earlier: Publication) -> frozenset[Place]:
    return hiding([row], earlier).places[row.indicator_id]


def ends(hidden: frozenset[Place]) -> set[tuple[str, str]]:
    return {(kind, end.isoformat()[5:7]) for _, _, kind, end in hidden}


@pytest.fixture
def count(row: Row) -> Indicator:
    return row("missing_children_count")


def test_one_small_month_of_a_quarter_takes_another_with_it(count: Indicator) -> None:
    months = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 19))
    assert ends(hidden_figures(row)) == {("month", "08"), ("month", "07")}


def test_two_small_months_of_a_quarter_need_no_third(count: Indicator) -> None:
    months = [figure("month", end, top) for end, top in zip(MONTHS, (9, 3, 4), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 16))
    assert ends(hidden_figures(row)) == {("month", "08"), ("month", "09")}


def test_a_broken_sum_ties_nothing(count: Indicator) -> None:
    months = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 21))
    assert ends(hidden_figures(row)) == {("month", "08")}


def test_a_position_is_the_same_at_the_end_of_month_and_quarter(row: Row) -> None:
    position = replace(row("cl_suitable_accommodation_pct"), time_basis="snapshot_ratio")
    told = bare(
        position,
        figure("month", MONTHS[1], 90, 100),
        figure("month", MONTHS[2], 97, 100),
        figure("quarter", MONTHS[2], 97, 100),
    )
    assert ends(hidden_figures(told)) == {("month", "09"), ("quarter", "09")}


def test_a_small_part_takes_another_with_it(count: Indicator) -> None:
    quarter = figure("quarter", MONTHS[-1], 30)
    parts = tuple(
        Part("setting", name, figure("quarter", MONTHS[-1], top))
        for name, top in (("home", 20), ("care", 3), ("other", 7))
    )
    hidden = hidden_figures(bare(count, quarter, parts=parts))
    assert {part for _, part, *_ in hidden} == {"care", "other"}


def test_how_many_a_median_measured_adds_up(row: Row) -> None:
    median = replace(row("eh_assessment_avg_wd"), unit="hours", time_basis="period_median")
    months = [
        replace(figure("month", end, 8, measured), numerator=None)
        for end, measured in zip(MONTHS, (7, 3, 9), strict=True)
    ]
    quarter = replace(figure("quarter", MONTHS[-1], 8, 19), numerator=None)
    assert ends(hidden_figures(bare(median, *months, quarter))) == {
        ("month", "08"),
        ("month", "07"),
    }


def test_distinct_children_are_no_more_than_those_of_the_months(count: Indicator) -> None:
    distinct = replace(count, time_basis="period_distinct_count")
    months = [figure("month", end, top) for end, top in zip(MONTHS, (0, 5, 0), strict=True)]
    hidden = hidden_figures(bare(distinct, *months, figure("quarter", MONTHS[-1], 5)))
    assert {("month", "08"), ("quarter", "09")} <= ends(hidden)


def test_no_hidden_figure_of_the_sample_is_a_difference_of_shown_ones(whole_job: object) -> None:
    """By plain subtraction: months from quarters and years, parts from wholes, sides of shares."""
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        edition = load_edition(connection, "X06000001", None)
    both = alone = 0
    for row in edition.rows:
        figures, hidden = figures_of(row), hidden_figures(row)
        small = {
            place
            for place, each in figures.items()
            if is_hidden(each, row.unit, row.disclosure_class)
        }
        assert small <= hidden
        both, alone = both + len(hidden), alone + len(small)
        if row.time_basis not in ("period_flow_count", "period_flow_ratio"):
            continue
        for longer, figure_ in figures.items():
            months = [
                place
                for place, each in figures.items()
                if place[:2] == longer[:2] == ("", "") and place[2] == "month"
                if figure_.period_start <= each.period_start
                if each.period_end <= figure_.period_end
            ]
            if longer[2] != "month" and len(months) == months_in(figure_):
                unknown = [place for place in (*months, longer) if place in hidden]
                assert len(unknown) != 1, (row.indicator_id, longer)
    assert both > alone > 50


def months_in(of: Figure) -> int:
    first, last = (day.year * 12 + day.month for day in (of.period_start, of.period_end))
    return last - first + 1


def test_the_headline_is_looked_up_where_it_stands(row: Row) -> None:
    shown = row("cl_neet_pct")
    assert place_of(shown.headline) in figures_of(shown)


def published(row: Indicator) -> Publication:
    """What a pack with this row alone printed and hid."""
    return Publication({row.indicator_id: figures_of(row)}, {row.indicator_id: hidden_figures(row)})


def test_a_revised_total_does_not_give_away_what_was_hidden_before(count: Indicator) -> None:
    """Report: 7, [c], 9 hidden with it, 19 in all; then May and the quarter are 3 more."""
    then = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    first = bare(count, *then, figure("quarter", MONTHS[-1], 19))
    assert ends(hidden_figures(first)) == {("month", "08"), ("month", "07")}
    now = [figure("month", end, top) for end, top in zip(MONTHS, (7, 6, 9), strict=True)]
    second = bare(count, *now, figure("quarter", MONTHS[-1], 22))
    assert ends(hidden_figures(second)) == set()
    # July printed now would leave August's old number: 19 - 9 - 7
    assert ends(hidden_figures(second, published(first))) >= {("month", "07")}


def test_what_was_printed_before_protects_nothing(count: Indicator) -> None:
    """The quarter is new: to hide the printed July again would not hide August."""
    then = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    first = bare(count, *then)
    assert ends(hidden_figures(first)) == {("month", "08")}
    second = bare(count, *then, figure("quarter", MONTHS[-1], 19))
    assert ends(hidden_figures(second, published(first))) == {("month", "08"), ("quarter", "09")}


def test_what_was_out_before_stays_out_and_blocks_nothing(count: Indicator) -> None:
    small = figure("quarter", MONTHS[-1], 3)
    row = bare(count, small)
    out = Publication({row.indicator_id: figures_of(row)}, {})
    assert ends(hidden_figures(row, out)) == {("quarter", "09")}


def test_the_audit_counts_what_could_be_worked_out(count: Indicator) -> None:
    months = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 19))
    august = frozenset({place_of(months[1])})
    assert worked_out([row], {row.indicator_id: august}, []) == 1
    assert worked_out([row], {row.indicator_id: hidden_figures(row)}, []) == 0


def test_incidents_say_how_many_children_there_can_be(count: Indicator) -> None:
    incidents = replace(count, indicator_id="missing_incidents_count")
    quarter = figure("quarter", MONTHS[-1], 6)
    rows = [bare(count, figure("quarter", MONTHS[-1], 4)), bare(incidents, quarter)]
    hidden = hiding(rows).places
    assert hidden["missing_incidents_count"] == frozenset()
    rows[1] = bare(incidents, figure("quarter", MONTHS[-1], 0))
    rows[0] = bare(count, figure("quarter", MONTHS[-1], 0))
    assert not any(hiding(rows).places.values())


def test_a_part_that_was_out_before_it_was_printed_blocks_nothing(count: Indicator) -> None:
    """The whole and one of two parts were printed; the other part is only printed from now on."""
    quarter = figure("quarter", MONTHS[-1], 10)
    home, care = (
        Part("setting", name, figure("quarter", MONTHS[-1], top))
        for name, top in (("home", 7), ("care", 3))
    )
    out = Publication({count.indicator_id: figures_of(bare(count, quarter, parts=(home,)))}, {})
    both = bare(count, quarter, parts=(home, care))
    told = hiding([both], [out])
    assert {part for _, part, *_ in told.places[count.indicator_id]} == {"care"}
    assert worked_out([both], told.places, [out]) == 0


def test_detail_is_made_coarser_where_hiding_one_by_one_does_not_help(
    count: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nothing but the months could be hidden with a small one: quarters are still shown."""
    from orchestration.publishing import secondary

    tries: list[int] = []

    def no_help(numbers, hidden, *facts, **more):
        tries.append(len(hidden))
        if len(tries) == 1:
            raise secondary.CannotBeMadeSafe("nothing helps")
        return secondary_protect(numbers, hidden, *facts, **more)

    secondary_protect = secondary.protect
    monkeypatch.setattr(secondary, "protect", no_help)
    months = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 19))
    told = hiding([row])
    assert ends(told.places[row.indicator_id]) == {("month", f"{end:%m}") for end in MONTHS}
    assert told.coarser == {row.indicator_id: "months are not shown: quarters and years are"}


@pytest.mark.parametrize("seed", range(50))
def test_no_hidden_number_of_two_packs_can_be_pinned_down(count: Indicator, seed: int) -> None:
    """A quarter with its months, and the same once some of it was revised: all numbers tried."""
    chance = Random(seed)
    first = [chance.randrange(7) for _ in MONTHS]
    second = [top + chance.choice((0, 0, 1, 3)) for top in first]
    facts: list[Fact] = []
    hidden: set[str] = set()
    earlier: list[Publication] = []
    for pack, tops in (("a", first), ("b", second)):
        figures = [figure("month", end, top) for end, top in zip(MONTHS, tops, strict=True)]
        row = bare(count, *figures, figure("quarter", MONTHS[-1], sum(tops)))
        places = hiding([row], earlier).places[row.indicator_id]
        told = {row.indicator_id: figures_of(row)}
        earlier.append(Publication(told, {row.indicator_id: places}))
        names = [f"{pack}{end:%m}" for end in MONTHS]
        facts.append(adds_up(f"{pack}q", names))
        for name, each in zip((*names, f"{pack}q"), (*figures, row.headline), strict=True):
            assert each is not None and each.value is not None
            if place_of(each) in places:
                hidden.add(name)
            else:
                facts.append(shown(name, int(each.value)))
    for end, then, now in zip(MONTHS, first, second, strict=True):
        if then == now:  # the reader may guess that it was not revised
            facts.append(adds_up(f"a{end:%m}", [f"b{end:%m}"]))
    if sum(first) == sum(second):
        facts.append(adds_up("aq", ["bq"]))
    ranges = tried(facts, 30)
    assert all(high - low + 1 >= LEAST_VALUES for low, high in map(ranges.__getitem__, hidden))
