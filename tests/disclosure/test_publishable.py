"""What may be made public, by disclosure class."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from orchestration.disclosure.publishable import hidden_figures, is_hidden, publishable
from orchestration.editions import words
from orchestration.editions.figures import (
    HIDDEN,
    Direction,
    Earlier,
    Edition,
    Figure,
    Improvement,
    Indicator,
    Part,
    Signal,
    figures_of,
    place_of,
)

Row = Callable[[str], Indicator]


def _figure(numerator: object = None, denominator: object = None, value: object = None) -> Figure:
    parts = [None if part is None else Decimal(str(part)) for part in (numerator, denominator)]
    known = None if value is None else Decimal(str(value))
    if known is None and None not in parts and parts[1]:
        known = parts[0] / parts[1] * 100
    return Figure("quarter", date(2019, 7, 1), date(2019, 9, 30), *parts, known, "ok")


@pytest.mark.parametrize(
    ("disclosure_class", "unit", "numerator", "denominator", "value", "hidden"),
    [
        ("child_attribute", "percent", 97, 100, None, True),  # three are not
        ("child_attribute", "percent", 5, 100, None, True),
        ("child_attribute", "percent", 6, 100, None, False),
        ("child_attribute", "percent", 0, 5, None, True),
        ("child_attribute", "percent", 0, 40, None, False),
        ("child_attribute", "percent", 40, 40, None, False),
        ("child_attribute", "percent", None, None, 23.1, False),
        ("child_attribute", "percent", None, 100, 97, True),  # the number can be worked out
        ("child_attribute", "percent", 95, None, 95, True),  # so can the total
        ("child_attribute", "rate_per_10k", None, 20000, 1.5, True),
        ("child_attribute", "count", 3, None, 3, True),
        ("child_attribute", "count", None, None, 3, True),
        ("child_attribute", "hours", None, 5, 12.5, True),
        ("child_attribute", "hours", 3, 20, 0.2, False),
        ("process", "percent", 88, 95, None, False),
        ("process", "percent", 94, 95, None, False),
        ("process", "percent", 5, 5, None, True),
        ("process", "percent", 6, 6, None, False),
        ("process", "percent", 0, 0, None, False),
        ("process", "percent", None, None, 92.7, False),
        ("process", "count", 4, None, 4, True),
        ("child_count", "count", 1, None, 1, True),
        ("child_count", "count", 5, None, 5, True),
        ("child_count", "count", 6, None, 6, False),
        ("child_count", "count", 0, None, 0, False),
        ("child_count", "rate_per_10k", 4, 20000, 2, True),
        ("child_count", "rate_per_10k", 278, 22500, 123.6, False),
        ("workforce", "percent", 1, 5.5, None, True),
        ("workforce", "percent", 1, 6, None, False),
        ("workforce", "cases", 60, 4.5, 13.3, True),
        ("open", "count", 2, None, 2, False),
    ],
)
def test_small_numbers_are_hidden_by_class(
    disclosure_class: str,
    unit: str,
    numerator: object,
    denominator: object,
    value: object,
    hidden: bool,
) -> None:
    assert is_hidden(_figure(numerator, denominator, value), unit, disclosure_class) is hidden


def test_a_class_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="secret is not a disclosure class"):
        is_hidden(None, "percent", "secret")


def test_with_a_hidden_part_everything_derived_is_hidden(edition: Edition, row: Row) -> None:
    before = row("cl_suitable_accommodation_pct")
    shown = _public(edition, replace(before, rag="green", target=Decimal(90)))
    assert shown.headline.status == shown.status == HIDDEN
    assert (shown.value, shown.headline.numerator, shown.headline.denominator) == (None,) * 3
    assert (shown.rag, shown.previous.change, shown.england.gap) == (None,) * 3
    assert words.rag(shown) == words.change(shown, shown.previous) == words.NOT_SHOWN
    assert shown.previous.value == before.previous.value
    assert shown.england.value == 85


def test_a_hidden_earlier_figure_hides_the_change_from_it(edition: Edition, row: Row) -> None:
    before = row("cl_suitable_accommodation_pct")
    now = replace(
        before,
        headline=_figure(60, 100),
        previous=replace(
            before.previous, figure=replace(_figure(97, 100), period_end=date(2019, 3, 31))
        ),
    )
    shown = _public(edition, now)
    assert (shown.value, shown.previous.value, shown.previous.change) == (60, None, None)
    assert words.since_previous(shown) == words.NOT_SHOWN


def test_an_earlier_value_whose_numbers_are_unknown_to_the_mart_is_hidden(
    edition: Edition, row: Row
) -> None:
    now = replace(row("cl_neet_pct"), year_ago=Earlier(Decimal(20), Decimal(3), None))
    shown = _public(edition, now)
    assert (shown.year_ago.value, shown.year_ago.change) == (None, None)


def test_the_cases_to_the_target_are_told_only_where_the_figure_is(
    edition: Edition, row: Row
) -> None:
    assert _public(edition, row("sw_turnover_12m_pct")).cases_to_target == 3
    hidden = replace(row("missing_children_count"), cases_to_target=1)
    assert _public(edition, hidden).cases_to_target is None


def test_an_earlier_figure_is_hidden_also_where_nothing_is_compared(
    edition: Edition, row: Row
) -> None:
    small = _figure(3, 50)
    now = replace(row("cl_neet_pct"), previous=Earlier(None, None, small))
    [figure] = [
        each
        for place, each in figures_of(_public(edition, now)).items()
        if place == place_of(small)
    ]
    assert figure.status == HIDDEN


def test_zeros_and_returned_percentages_are_shown(edition: Edition, row: Row) -> None:
    missing = replace(row("missing_children_count"), headline=_figure(0, None, 0))
    assert _public(edition, missing).value == 0
    assert _public(edition, row("cl_neet_pct")).value == Decimal("23.1")


def test_what_rests_on_months_that_are_hidden_is_not_said(edition: Edition, row: Row) -> None:
    told = Direction("improving", Decimal(3), Decimal(5), date(2019, 9, 30))
    end = date(2019, 6, 30)
    signal = Signal("common_cause", "", *map(Decimal, (4, 1, 9)), end, end)
    before = row("missing_children_count")
    now = replace(before, year_on_year=told, trend=replace(before.trend, signals={end: signal}))
    shown = _public(edition, now)
    assert shown.year_on_year == Direction(HIDDEN, None, None, told.through)
    assert words.directions(shown) == ("Year on year: [c], it rests on figures that are hidden",)
    assert shown.trend.signals == {}
    assert shown.trend.limits_reason
    # nor where the small months lie before those that are shown
    count = row("cic_count")
    small = replace(count.trend.points[0], numerator=Decimal(3), value=Decimal(3))
    now = replace(count, year_on_year=told, trend=replace(count.trend, before=(small,)))
    assert _public(edition, now).year_on_year == Direction(HIDDEN, None, None, told.through)
    assert _public(edition, replace(count, year_on_year=told)).year_on_year == told


def test_a_public_edition_is_the_same_whatever_the_hidden_numbers_are(edition: Edition) -> None:
    """The renderers see nothing else, so no file can differ either."""
    hidden = hidden_figures(edition.rows).places
    assert sum(map(len, hidden.values())) == 3

    def other(figure: Figure) -> Figure:
        return replace(figure, numerator=Decimal(4), denominator=Decimal(71), value=Decimal("5.5"))

    rows = []
    for indicator in edition.rows:
        places = hidden[indicator.indicator_id]
        changed = {
            name: other(figure)
            for name in ("headline", "month", "quarter", "year_to_date", "year")
            if (figure := getattr(indicator, name)) and place_of(figure) in places
        }
        points = [
            other(each) if place_of(each) in places else each for each in indicator.trend.points
        ]
        years = [other(each) if place_of(each) in places else each for each in indicator.years]
        if "headline" in changed:
            changed |= {"rag": "red", "cases_to_target": 2, "interval_upper": Decimal(9)}
        rows.append(
            replace(
                indicator,
                **changed,
                years=tuple(years),
                trend=replace(indicator.trend, points=tuple(points)),
            )
        )
    assert tuple(rows) != edition.rows
    assert publishable(replace(edition, rows=tuple(rows)), hidden) == publishable(edition, hidden)


def area(rank: int, indicator_id: str, **told: object) -> Improvement:
    nothing = (False, False, None, None, False, False, False, None)
    plain = Improvement(rank, indicator_id, indicator_id, *nothing, catalogue_order=rank)
    return replace(plain, **told)


def test_areas_for_improvement_are_chosen_and_ranked_by_public_figures_alone(
    edition: Edition,
) -> None:
    """Five of six are shown to officers; the third has a hidden figure, so the sixth is public."""
    at_first = hidden_figures(edition.rows).places
    hidden = "cl_suitable_accommodation_pct"
    ids = [row.indicator_id for row in edition.rows if not at_first[row.indicator_id]][:5]
    told = [
        area(
            rank,
            each,
            is_below_target=True,
            is_surely_below_target=True,
            tolerances_short=Decimal(9 - rank),
        )
        for rank, each in enumerate([*ids[:2], hidden, *ids[2:]], start=1)
    ]
    at = replace(edition, improvements=tuple(told[:5]), further_improvements=tuple(told[5:]))
    public = publishable(at, at_first)
    assert [(each.rank, each.indicator_id) for each in public.improvements] == [
        *enumerate(ids, start=1)
    ]
    # whatever the hidden figure is, even if it is no area at all
    without = replace(at, improvements=(*told[:2], *told[3:]), further_improvements=())
    assert publishable(without, at_first) == public


def test_an_area_that_people_chose_stays_and_says_nothing_of_the_hidden_figure(
    edition: Edition,
) -> None:
    name = "cl_suitable_accommodation_pct"
    told = area(1, name, is_below_target=True, is_recalled=True, reason="minute 3")
    at = replace(edition, improvements=(told,))
    [public] = publishable(at, hidden_figures(at.rows).places).improvements
    assert public.is_recalled and not public.is_below_target


def test_a_miss_that_rests_on_a_hidden_period_before_is_no_area(edition: Edition, row: Row) -> None:
    before = row("cl_neet_pct")
    small = replace(_figure(3, 50), period_end=date(2019, 6, 30))
    now = replace(
        before,
        disclosure_class="child_attribute",
        headline=_figure(60, 100),
        previous=replace(before.previous, figure=small),
    )
    for is_sure in (True, False):
        told = area(1, now.indicator_id, is_below_target=True, is_surely_below_target=is_sure)
        at = replace(edition, rows=(now,), improvements=(told,))
        assert bool(publishable(at, hidden_figures([now]).places).improvements) is is_sure


def test_nothing_public_marks_the_figures_that_a_forgotten_child_was_counted_in(
    edition: Edition, row: Row
) -> None:
    """They stand as they were recorded, and officers see that; the public sees no difference."""
    worked_out = replace(row("assessments_within_45wd_pct"), origin="rows", source_note=None)
    note = "As recorded with the delivery of 2019-09"
    kept = replace(worked_out, origin="remembered", source_note=note)
    assert _public(edition, kept) == _public(edition, worked_out)


def test_no_number_from_1_to_5_about_children_is_ever_shown() -> None:
    for numerator, more in product(range(20), repeat=2):
        hidden = is_hidden(_figure(numerator, numerator + more), "percent", "child_attribute")
        small = any(1 <= part <= 5 for part in (numerator, more, numerator + more))
        assert hidden is small, (numerator, more)


def _public(edition: Edition, indicator: Indicator) -> Indicator:
    hidden = hidden_figures([indicator]).places
    return publishable(replace(edition, improvements=(), rows=(indicator,)), hidden).rows[0]


def test_a_hidden_part_that_is_compared_leaves_no_gap_to_work_it_out_from(
    edition: Edition, row: Row
) -> None:
    """England's 85.0 and a gap of 5.0 would tell the hidden 90.0."""
    now = row("cl_suitable_accommodation_pct")
    assert now.headline is not None
    older = replace(now.headline, numerator=Decimal(4), denominator=Decimal(5), value=Decimal(80))
    held = replace(
        now,
        headline=replace(now.headline, numerator=Decimal(80), value=Decimal(80)),
        parts=(Part("age_part", "19-21", older),),
        compared_part=("age_part", "19-21"),
        england=replace(now.england, gap=Decimal(-5), verdict="worse"),
    )
    hidden = {held.indicator_id: frozenset({place_of(older, "age_part", "19-21")})}
    public = publishable(replace(edition, rows=(held,), improvements=()), hidden).rows[0]
    assert public.value == 80
    assert (public.england.gap, public.england.verdict) == (None, None)
    assert public.england.value == now.england.value
    assert words.gap(public.england, public) == ""
