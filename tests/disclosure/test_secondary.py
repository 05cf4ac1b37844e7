"""What is hidden in an edition because it would give a hidden figure away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random

import duckdb
import pytest

from orchestration.disclosure.audit import LEAST_VALUES
from orchestration.disclosure.facts import Fact, adds_up, shown
from orchestration.disclosure.history import Publication
from orchestration.disclosure.publishable import hidden_figures as hiding
from orchestration.disclosure.publishable import is_hidden
from orchestration.disclosure.secondary import Hiding, Place, worked_out
from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Figure, Indicator, Part, Tie, Trend, figures_of, place_of
from orchestration.editions.series import month_end
from orchestration.settings import settings
from tests.disclosure.enumerated import tried

Row = Callable[[str], Indicator]
MONTHS = (date(2019, 7, 31), date(2019, 8, 31), date(2019, 9, 30))


def figure(kind: str, end: date, top: int | None, bottom: int | None = None) -> Figure:
    length = {"month": 0, "quarter": 2}.get(kind, 11)
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
        quarters=(),
        judged=(),
        longer_parts=(),
    )


def hidden_figures(row: Indicator, *earlier: Publication) -> frozenset[Place]:
    return hiding([row], earlier=earlier).places[row.indicator_id]


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
    # home, the first by name: the smaller one would say that care is smaller still
    assert {part for _, part, *_ in hidden} == {"care", "home"}


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
    assert worked_out([row], Hiding({row.indicator_id: august})) == 1
    assert worked_out([row], hiding([row])) == 0


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
    told = hiding([both], earlier=[out])
    assert {part for _, part, *_ in told.places[count.indicator_id]} == {"care"}
    assert worked_out([both], told, earlier=[out]) == 0


def test_a_month_that_was_revised_is_not_given_away_by_its_quarter(count: Indicator) -> None:
    """5, hidden with the 27 of the quarter, 7 and 15; then one of the 5 is taken back and only the
    quarter is printed: 26 would say that 4 are left."""
    months = [figure("month", end, top) for end, top in zip(MONTHS, (5, 7, 15), strict=True)]
    then = bare(count, *months, figure("quarter", MONTHS[-1], 27))
    hidden = frozenset({place_of(months[0]), place_of(figure("quarter", MONTHS[-1], 27))})
    before = Publication({count.indicator_id: figures_of(then)}, {count.indicator_id: hidden})
    now = bare(count, figure("quarter", MONTHS[-1], 26))
    assert ends(hidden_figures(now, before)) == {("quarter", "09")}
    printed = Publication(before.figures, {count.indicator_id: frozenset()})
    assert ends(hidden_figures(now, printed)) == set()


def test_parts_are_held_against_the_whole_in_each_kind_of_period(count: Indicator) -> None:
    """Of 11 in a month 9 and 2; of 41 in the quarter 35 and 6."""
    wholes = figure("month", MONTHS[-1], 11), figure("quarter", MONTHS[-1], 41)
    parts = tuple(
        Part("setting", name, figure(kind, MONTHS[-1], top))
        for name, kind, top in (
            *(("home", "month", 9), ("home", "quarter", 35)),
            *(("care", "month", 2), ("care", "quarter", 6)),
        )
    )
    row = bare(count, *wholes, parts=parts)
    small = frozenset({place_of(parts[2].figure, "setting", "care")})
    assert worked_out([row], Hiding({row.indicator_id: small})) == 1
    assert hidden_figures(row) > small
    assert worked_out([row], hiding([row])) == 0


REFERRALS, REREFERRALS = "missing_incidents_count", "cl_neet_pct"
SAME_ROWS = (
    Tie((REREFERRALS, "", "", "d"), (REFERRALS, "", "", "n")),
    Tie((REFERRALS, "", "", "n"), (REREFERRALS, "", "", "d")),
)


def test_what_is_hidden_in_one_is_not_found_from_another_that_counts_the_same_rows(
    row: Row, count: Indicator
) -> None:
    """A count of 9, 3 and 9 in a quarter of 21; the shares of them print their denominators."""
    months, quarter = (9, 3, 9), figure("quarter", MONTHS[-1], 21)
    referrals = bare(
        replace(count, indicator_id=REFERRALS),
        *(figure("month", end, top) for end, top in zip(MONTHS, months, strict=True)),
        quarter,
    )
    shares = bare(
        replace(row(REREFERRALS), disclosure_class="process"),
        *(figure("month", end, top // 2, top) for end, top in zip(MONTHS, months, strict=True)),
        figure("quarter", MONTHS[-1], 9, 21),
    )
    together = hiding([referrals, shares], SAME_ROWS)
    assert ends(together.places[REFERRALS]) == {("month", "07"), ("month", "08")}
    assert together.places[REFERRALS] == together.places[REREFERRALS]
    assert worked_out([referrals, shares], together, SAME_ROWS) == 0
    only_one = Hiding({REFERRALS: together.places[REFERRALS]})
    assert worked_out([referrals, shares], only_one, SAME_ROWS) > 0


def test_reasons_are_held_against_the_side_that_they_are_reasons_for(row: Row) -> None:
    """70 of 78 in suitable accommodation, 6 homeless, and the rest in custody: 8 are not."""
    name = "cl_suitable_accommodation_pct"
    whole = figure("month", MONTHS[-1], 70, 78)
    parts = tuple(
        Part("unsuitable_type", part, figure("month", MONTHS[-1], top, 78))
        for part, top in (("homeless", 6), ("custody", 2))
    )
    ties = tuple(
        Tie((name, "unsuitable_type", part, "n"), (name, "", "", "m"))
        for part in ("homeless", "custody")
    )
    told = bare(row(name), whole, parts=parts)
    assert {part for _, part, *_ in hiding([told]).places[name]} == {"custody"}
    assert {part for _, part, *_ in hiding([told], ties).places[name]} == {"custody", "homeless"}


def test_the_late_ones_are_hidden_where_the_whole_is_though_their_reasons_are_many(
    row: Row,
) -> None:
    """In time were 3 of 27, which another indicator prints: of the 24 late ones each reason would
    print that they are 24."""
    name, other = "cl_suitable_accommodation_pct", "cl_neet_pct"
    parts = tuple(
        Part("delay_reason", part, figure("month", MONTHS[-1], 12, 24)) for part in ("a", "b")
    )
    late = bare(row(name), figure("month", MONTHS[-1], 3, 27), parts=parts)
    of_all = bare(row(other), figure("month", MONTHS[-1], 13, 27))
    whole = (name, "", "", "d"), (other, "", "", "d")
    sides = [((name, "delay_reason", part, "d"), (name, "", "", "m")) for part in ("a", "b")]
    ties = [Tie(*pair) for one, two in (whole, *sides) for pair in ((one, two), (two, one))]
    told = hiding([late, of_all], ties)
    shown = {part for _, part, *_ in set(figures_of(late)) - told.places[name]}
    assert shown == set() or figures_of(of_all).keys() == told.places[other]
    assert worked_out([late, of_all], told, ties) == 0
    as_before = hiding([late, of_all], ties[:2])
    assert worked_out([late, of_all], as_before, ties) > 0


@pytest.mark.parametrize("months", [6, 11])
def test_what_is_hidden_is_known_to_be_one_at_least(count: Indicator, months: int) -> None:
    """So many months of 1 in a year of as many, and no other case: the year is hidden as well."""
    ends_ = [date(2019 + (month > 9), (month + 2) % 12 + 1, 28) for month in range(1, 13)]
    ends_ = [month_end(end) for end in ends_]
    tops = [1] * months + [0] * (12 - months)
    row = bare(
        count,
        *(figure("month", end, top) for end, top in zip(ends_, tops, strict=True)),
        figure("financial_year", ends_[-1], months),
    )
    hidden = hidden_figures(row)
    assert len(hidden) == months + 1
    without_the_year = frozenset(place for place in hidden if place[2] == "month")
    assert worked_out([row], Hiding({row.indicator_id: without_the_year})) == months
    # nor are noughts hidden, which are printed elsewhere
    assert not any(place[3] in ends_[months:-1] for place in hidden)


def test_who_runs_the_rule_over_all_that_could_be_true_is_no_wiser(count: Indicator) -> None:
    """All quarters of three months of up to 12 children: what is printed of each, and how many
    values each hidden month can have among the quarters of which the very same is printed.

    Four where the quarter is `[c]` too: two months of 1 at least make up no more than 5.
    """
    seen: dict[object, list[tuple[int, ...]]] = {}
    for tops in product(range(13), repeat=3):
        months = [figure("month", end, top) for end, top in zip(MONTHS, tops, strict=True)]
        row = bare(count, *months, figure("quarter", MONTHS[-1], sum(tops)))
        hidden = hidden_figures(row)
        told = tuple(
            (place, None if place in hidden else each.value)
            for place, each in sorted(figures_of(row).items())
        )
        seen.setdefault(told, []).append(tops)
    for told, able in seen.items():
        if any(value is not None and value > 12 for _, value in told):
            continue  # here months of more than 12 could be meant, which are not tried
        shown = {place[3] for place, value in told if value is not None and place[2] == "month"}
        least = LEAST_VALUES - any(value is None and place[2] == "quarter" for place, value in told)
        for number, end in enumerate(MONTHS):
            if end not in shown:
                assert len({tops[number] for tops in able}) >= least, (told, able)


def test_detail_is_made_coarser_where_hiding_one_by_one_does_not_help(
    count: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nothing but the months could be hidden with a small one: quarters are still shown."""
    from orchestration.disclosure import secondary

    tries: list[int] = []

    def no_help(audit, hidden, *more):
        tries.append(len(hidden))
        if len(tries) <= 2:
            raise secondary.CannotBeMadeSafe(["nothing helps"])
        return secondary_protect(audit, hidden, *more)

    secondary_protect = secondary.protect
    monkeypatch.setattr(secondary, "protect", no_help)
    months = [figure("month", end, top) for end, top in zip(MONTHS, (7, 3, 9), strict=True)]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 19))
    told = hiding([row])
    assert ends(told.places[row.indicator_id]) == {("month", f"{end:%m}") for end in MONTHS}
    assert told.coarser == {
        row.indicator_id: "months and parts are not shown: quarters and years are"
    }


def test_months_that_are_not_shown_any_more_are_known_from_an_earlier_pack(
    count: Indicator,
) -> None:
    """Three of 1 at least, and now 6 in all: none is more than 4."""
    from orchestration.disclosure.secondary import COARSER

    months = [figure("month", end, 2) for end in MONTHS]
    row = bare(count, *months, figure("quarter", MONTHS[-1], 6))
    before = published(row)
    assert len(before.hidden[row.indicator_id]) == 4
    of_months = frozenset(place for place in figures_of(row) if place[2] == "month")
    told = Hiding({row.indicator_id: of_months}, {row.indicator_id: COARSER[1][1]})
    assert worked_out([row], told) == 0
    assert worked_out([row], told, earlier=[before]) == 3
    again = hiding([row], earlier=[before])
    assert worked_out([row], again, earlier=[before]) == 0


def test_that_there_were_some_is_known_of_months_though_none_of_others_did_not_count(
    row: Row,
) -> None:
    """None of 2, 2, 2 and none of 9, all hidden in an earlier pack; now 0 of 6 in the quarter of
    the first three: each would be of 4 at most."""
    months = [figure("month", end, 0, 2) for end in MONTHS]
    hidden_with_them = figure("month", month_end(MONTHS[-1], 1), 0, 9)
    then = bare(row("cl_neet_pct"), *months, hidden_with_them)
    places = {then.indicator_id: frozenset(figures_of(then))}
    before = Publication({then.indicator_id: figures_of(then)}, places)
    now = bare(then, figure("quarter", MONTHS[-1], 0, 6))
    assert worked_out([now], Hiding({}), earlier=[before]) == 6
    assert ends(hidden_figures(now, before)) == {("quarter", "09")}


def test_where_nothing_helps_no_figure_of_any_period_is_shown(
    count: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calendar years neither."""
    from orchestration.disclosure import secondary

    def no_help(*numbers: object, **more: object) -> frozenset[str]:
        raise secondary.CannotBeMadeSafe(["nothing helps"])

    monkeypatch.setattr(secondary, "protect", no_help)
    kinds = ("month", "quarter", "financial_year", "academic_year", "calendar_year")
    row = bare(count, *(figure(kind, MONTHS[-1], 3 + 9 * n) for n, kind in enumerate(kinds)))
    told = hiding([row])
    assert {kind for _, _, kind, _ in told.places[row.indicator_id]} == set(kinds)
    assert told.coarser == {row.indicator_id: secondary.NOTHING_SHOWN}


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(n, marks=pytest.mark.soak) for n in range(20, 200))]
)
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
        places = hiding([row], earlier=earlier).places[row.indicator_id]
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
