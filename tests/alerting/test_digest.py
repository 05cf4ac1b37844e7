from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orchestration.alerting.digest import alerts_json, digest, news
from orchestration.alerting.evaluate import evaluate
from orchestration.alerting.events import Event
from orchestration.alerting.notices import failure_notice, late_notice
from orchestration.publication.markings import OFFICERS_ONLY
from tests.alerting.cases import AS_AT, DARLINGTON, DARLINGTON_EDITION, a_state

GOLDEN = """\
Officers only \N{EN DASH} not for publication

# Children's services against target: Darlington, as at 30 September 2019

Two indicators are worse than target for certain or for the second period running. One indicator \
is on the wrong side of its target once, which could be chance. One indicator meets its target.

## Child Protection

- Below target (internal): Child protection visits due that took place within 10 working days, \
July to September 2019: 73.8%, below its target of 90% for two periods running.

## Children in Care

- Below target (statutory): Statutory visits to children in care made in timescale, \
July to September 2019: 86.3%, below its target of 90% for two periods running, within the \
tolerance of 5 points.

## Care Leavers

- Watch (internal): Care leavers in suitable accommodation, July to September 2019: 88.1%, below \
its target of 90% once, which could be chance, within the tolerance of 5 points.

The figures: exports/officers/E06000005/2019-09/dashboard.html

Only an agreed target is judged. Small numbers are not named here.
"""


def line(**changes) -> str:
    (found,) = [
        row
        for row in digest([a_state(**changes)], DARLINGTON_EDITION).splitlines()
        if row.startswith("- ")
    ]
    return found


def test_darlingtons_digest_reads_as_agreed(mart):
    states = evaluate(mart(*DARLINGTON), "E06000005", AS_AT)
    assert digest(states, DARLINGTON_EDITION) == GOLDEN


def test_both_files_are_the_same_whatever_the_order_of_the_states(mart):
    states = evaluate(mart(*DARLINGTON), "E06000005", AS_AT)
    shuffled = random.Random(1).sample(states, len(states))
    assert digest(shuffled, DARLINGTON_EDITION) == digest(states, DARLINGTON_EDITION)
    assert alerts_json(shuffled, DARLINGTON_EDITION) == alerts_json(states, DARLINGTON_EDITION)


def test_the_file_for_machines_is_marked_dated_and_holds_every_state(mart):
    states = evaluate(mart(*DARLINGTON), "E06000005", AS_AT)
    document = json.loads(alerts_json(states, DARLINGTON_EDITION))
    assert (document["marking"], document["as_at"]) == (OFFICERS_ONLY, "2019-09-30")
    found = {row["indicator_id"]: (row["value"], row["state"]) for row in document["states"]}
    assert found == {
        "assessments_within_45wd_pct": (92.7, "ok"),
        "cp_visits_within_10wd_pct": (73.8, "below"),
        "cic_statutory_visits_in_timescale_pct": (86.3, "below"),
        "cl_suitable_accommodation_pct": (88.1, "watch"),
    }


def test_alerts_about_a_council_that_is_made_up_say_so_in_both_files():
    said = "Synthetic sample data \N{EN DASH} not about real children or a real council"
    facts = replace(DARLINGTON_EDITION, synthetic=True)
    text = digest([a_state()], facts)
    assert text.split("\n\n")[:2] == [OFFICERS_ONLY, said]
    assert "agreed" not in text, "its targets are proposed"
    document = json.loads(alerts_json([a_state()], facts))
    assert document["marking"] == f"{OFFICERS_ONLY}. {said}"
    assert document["synthetic"] is True
    assert said not in digest([a_state()], DARLINGTON_EDITION)


def test_nothing_below_target_is_said_plainly():
    text = digest([a_state(state="ok", value=Decimal(95))], DARLINGTON_EDITION)
    assert "second period running. One indicator meets its target." in text
    assert "- " not in text


def test_silence_for_want_of_targets_or_figures_is_not_good_news():
    assert "No indicator has an agreed target" in digest([], DARLINGTON_EDITION)
    missing = a_state(state="no_data", value=None, reason="no return for September 2019")
    text = digest([missing], DARLINGTON_EDITION)
    assert "Nothing is below" not in text
    assert "nothing was judged" in text
    assert "July to September 2019: no return for September 2019." in text


def test_an_indicator_where_lower_is_better_is_above_its_target():
    assert line(polarity="lower", value=Decimal("24.14"), target=Decimal(18)) == (
        "- Above target (internal): Child protection visits within 10 working days,"
        " July to September 2019: 24.1%, above its target of 18% for two periods running."
    )


def test_days_are_printed_as_days():
    text = line(
        polarity="lower",
        unit="days",
        state="watch",
        rag="amber",
        value=Decimal("30.25"),
        target=Decimal(30),
        tolerance=Decimal(1),
    )
    assert "30.3 days, above its target of 30 days once, which could be chance, within" in text
    assert "the tolerance of 1 day." in text


def test_the_period_is_named_by_its_months():
    september, year = date(2019, 9, 1), date(2018, 4, 1)
    assert ", September 2019: 73.8%" in line(period_start=september)
    year_end = date(2019, 3, 31)
    assert ", April 2018 to March 2019:" in line(period_start=year, period_end=year_end)


def test_statutory_comes_before_internal_and_below_before_watch_within_a_dashboard():
    states = [
        a_state(indicator_name=f"{kind} {state}", state=state, target_kind=kind)
        for kind in ("internal", "statutory")
        for state in ("watch", "below")
    ]
    text = digest(states, DARLINGTON_EDITION)
    order = ["statutory below", "statutory watch", "internal below", "internal watch"]
    assert sorted(order, key=text.index) == order
    assert text.count("## Child Protection") == 1


def test_numbers_stand_beside_a_percentage_when_none_of_them_is_small():
    text = line(value=Decimal("73.77"), numerator=Decimal(45), denominator=Decimal(61))
    assert "73.8% (45 of 61), below" in text


def test_a_complement_of_three_is_not_given_away_by_the_numbers():
    text = line(
        value=Decimal(97), target=Decimal(100), numerator=Decimal(97), denominator=Decimal(100)
    )
    assert "97.0%, below its target of 100%" in text
    assert "97 of" not in text


def test_a_miss_without_a_margin_of_error_never_reads_as_chance():
    (state,) = [a_state(state="watch", is_second=False, could_be_chance=False)]
    text = digest([state], DARLINGTON_EDITION)
    assert "once (no margin of error is known)" in text
    assert "chance" not in text


def test_certainty_is_said_with_or_without_the_second_period():
    assert "below its target of 90% by more than chance." in line(is_certain=True, is_second=False)
    both = line(is_certain=True)
    assert "below its target of 90% for two periods running, by more than chance." in both


def test_the_direction_stands_behind_the_figure():
    told = {"year_on_year": "no_clear_change", "year_on_year_value": Decimal("80.06")}
    text = line(**told, year_on_year_before=Decimal("79.94"))
    assert text.endswith(" Year on year: no clear change, 80.1% against 79.9%.")
    assert "Year on year" not in line(year_on_year="too_few_to_say")


@pytest.mark.parametrize("small", ["value", "year_on_year_value", "year_on_year_before"])
def test_the_direction_of_a_small_count_is_told_without_its_numbers(small):
    counts = {"value": 9, "year_on_year_value": Decimal("8.5"), "year_on_year_before": 12}
    counts = {name: Decimal(count) for name, count in (counts | {small: 3}).items()}
    text = line(unit="count", decimals=0, polarity="lower", year_on_year="worsening", **counts)
    assert text.endswith("Year on year: worsening.")


def test_a_rate_gives_no_small_number_away_through_its_population():
    told = {"value": Decimal(20), "numerator": Decimal(40), "denominator": Decimal(20_000)}
    text = line(
        **told,
        unit="rate_per_10k",
        year_on_year="lower",
        year_on_year_value=Decimal(20),
        year_on_year_before=Decimal("2.5"),
    )
    assert text.endswith("Year on year: lower.")


def test_the_gap_is_said_in_cases_unless_they_are_few():
    numbers = {"numerator": Decimal(45), "denominator": Decimal(61)}
    assert "running. 10 more would meet the target." in line(**numbers, cases_to_target=10)
    assert "would meet" not in line(**numbers, cases_to_target=5)
    fewer = line(**numbers, cases_to_target=10, polarity="lower", value=Decimal(95))
    assert "10 fewer would meet the target." in fewer


def event(kind, **changes) -> Event:
    since = date(2019, 3, 31) if kind in ("still", "easing", "recovered") else None
    return Event(kind, a_state(**changes), 1, since)


NEWS = """\
Officers only \N{EN DASH} not for publication

# Darlington: two worse (one statutory), one still below target, one easing, one recovered, \
one late, as at 30 September 2019

## Child Protection

- Worse (statutory): Visits made, July to September 2019: 73.8%, below its target of 90% for two \
periods running.
- Still (internal): Child protection visits within 10 working days, July to September 2019: \
73.8%, below its target of 90% for two periods running. Told first as at 31 March 2019.
- Worse (internal): Plans reviewed, July to September 2019: 73.8%, below its target of 90% for \
two periods running.
- Data late (internal): Plans ended: nothing was sent.

## Children in Care

- Easing (internal): Reviews held, July to September 2019: 88.0%, below its target of 90% once, \
which could be chance, within the tolerance of 5 points. Told first as at 31 March 2019.

## Care Leavers

- Recovered (internal): In touch, July to September 2019: 93.0%, meets its target of 90%.

Where data are late, no alert is sent until there is a figure again.

One indicator is worse than its target for certain or for the second period running.

The figures: exports/officers/E06000005/2019-09/dashboard.html. All that was judged: \
alerts_digest.md beside them.

Only an agreed target is judged. Small numbers are not named here.
"""


def test_news_reads_as_agreed():
    events = [
        event(
            "recovered",
            indicator_name="In touch",
            dashboard_no=6,
            dashboard="Care Leavers",
            state="ok",
            rag="green",
            value=Decimal(93),
        ),
        event(
            "easing",
            indicator_name="Reviews held",
            dashboard_no=5,
            is_second=False,
            dashboard="Children in Care",
            state="watch",
            rag="amber",
            value=Decimal(88),
        ),
        event("late", indicator_name="Plans ended", state="no_data", reason="nothing was sent"),
        event("still"),
        event("worse", indicator_name="Plans reviewed", indicator_id="reviews"),
        event("worse", indicator_name="Visits made", target_kind="statutory"),
    ]
    text = news(events, [a_state()], DARLINGTON_EDITION)
    assert text == NEWS


@pytest.mark.parametrize(("synthetic", "says"), [(True, "proposed"), (False, "agreed")])
def test_news_about_a_council_that_is_made_up_says_so(synthetic, says):
    facts = replace(DARLINGTON_EDITION, synthetic=synthetic)
    text = news([event("worse")], [a_state()], facts)
    assert ("Synthetic sample data" in text) == synthetic
    assert says in text


def test_a_late_delivery_and_a_failed_run_say_what_to_do():
    late = late_notice(["2026-09", "2026-10"], date(2026, 11, 3))
    assert "# Data late: the delivery of 2026-09, 2026-10\n" in late
    assert "was due on 3 November 2026." in late
    again = late_notice(["2026-10"], date(2026, 11, 3), is_again=True)
    assert "# Data still late: " in again
    failed = failure_notice("monthly", ["kpi_mart", "exports"], ["BUILD-MISSING"], "run-1")
    assert "# Run failed: monthly (BUILD-MISSING)\n" in failed
    assert "BUILD-MISSING: run the whole job" in failed
    assert "Failed steps: kpi_mart, exports\n- Run: run-1" in failed
    for text in (late, failed):
        assert text.startswith(OFFICERS_ONLY)
        assert "What to do:" in text


def test_names_in_any_script_survive():
    facts = replace(DARLINGTON_EDITION, geography_name="Sir Ddinbych\nŵ")
    text = digest([a_state(indicator_name="Ymweliadau â phlant ☂")], facts)
    assert "# Children's services against target: Sir Ddinbych ŵ, as at" in text
    assert "Ymweliadau â phlant ☂" in text


@pytest.mark.parametrize("state", ["below", "watch", "ok"])
@pytest.mark.parametrize(
    "unit", ["count", "percent", "rate_per_10k", "days", "hours", "weeks", "cases"]
)
def test_no_count_of_one_to_five_is_named_in_either_file(unit, state):
    for numerator in range(41):
        for more in (0, 1, 3, 5, 6, 17, 40):
            assert_names_no_small_count(unit, numerator, more, state)


def assert_names_no_small_count(unit, numerator, more, state):
    denominator = None if unit == "count" else numerator + more or 1
    share = {"count": 1, "percent": 100, "rate_per_10k": 10_000}.get(unit, 1)
    judged = a_state(
        unit=unit,
        decimals=0 if unit == "count" else 1,
        value=Decimal(numerator) * share / (denominator or 1),
        numerator=Decimal(numerator),
        denominator=denominator and Decimal(denominator),
        target=Decimal(90),
        tolerance=Decimal(50),
        state=state,
        cases_to_target=numerator % 8,
        year_on_year="worsening",
        year_on_year_value=Decimal(numerator) * share / (denominator or 1),
        year_on_year_before=Decimal(numerator) * share / (denominator or 1),
    )
    happened = news([Event("worse", judged, 1, None)], [judged], DARLINGTON_EDITION)
    for text in (digest([judged], DARLINGTON_EDITION), happened):
        body = text.partition("# ")[2]
        assert re.findall(r"(?<![\d.,])[1-5](?![\d.,]*\d)", body) == []
    (row,) = json.loads(alerts_json([judged], DARLINGTON_EDITION))["states"]
    counts = [row["numerator"], row["denominator"], row["value"] if unit == "count" else None]
    if row["numerator"] is not None and row["denominator"] is not None:
        counts.append(row["denominator"] - row["numerator"])
    assert not {1, 2, 3, 4, 5} & set(counts)
    if denominator is not None and denominator <= 5:
        assert row["value"] is None


def test_a_small_count_is_named_in_words():
    text = line(unit="count", decimals=0, polarity="lower", value=Decimal(3), target=Decimal(0))
    assert ": a small number, above its target of 0 for two" in text


def test_zero_is_a_figure_and_not_a_small_number():
    assert ": 0.0% (0 of 12), below" in line(
        value=Decimal(0), numerator=Decimal(0), denominator=Decimal(12)
    )
