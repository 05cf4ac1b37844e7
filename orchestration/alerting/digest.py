"""The alert states as a file for machines and a page for officers.

Both follow one disclosure rule: no count of 1 to 5 is named, nor a complement, nor a figure that
rests on so few cases. The officers' export beside them holds every figure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from orchestration.alerting.evaluate import AlertState
from orchestration.alerting.events import Event
from orchestration.alerting.lines import (
    CHANCE,
    NO_MARGIN,
    miss,
    missing_line,
    more,
    period,
    shown_numbers,
    told_figure,
    told_line,
    trend,
)
from orchestration.catalogue.number_words import in_words
from orchestration.editions import words
from orchestration.publication.markings import markings

_WHICH_TARGETS = {
    False: "Only an agreed target is judged.",
    True: "The targets are proposed, for the sample only.",
}


@dataclass(frozen=True)
class EditionFacts:
    """What a reader must know about the edition; `export_path` is where its figures are.

    `synthetic`: the council is made up, and both files must say so.
    """

    geography_code: str
    geography_name: str
    synthetic: bool
    as_at: date
    export_path: str


def alerts_json(states: Sequence[AlertState], facts: EditionFacts) -> bytes:
    """Every state, UTF-8, the same bytes for the same states in any order."""
    document = {
        "marking": ". ".join(markings(facts.synthetic)),
        "geography_code": facts.geography_code,
        "geography_name": facts.geography_name,
        "synthetic": facts.synthetic,
        "as_at": facts.as_at.isoformat(),
        "export": facts.export_path,
        "states": [_record(state) for state in _in_order(states)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def digest(states: Sequence[AlertState], facts: EditionFacts) -> str:
    """The same for people, as Markdown that also reads as plain text.

    By dashboard, statutory targets before internal ones, below before watch.
    """
    place = " ".join(facts.geography_name.split())
    alerting = [state for state in _in_order(states) if state.state in ("below", "watch")]
    blocks = [
        *markings(facts.synthetic),
        f"# Children's services against target: {place}, as at {words.day(facts.as_at)}",
        _summary(states),
    ]
    for dashboard, members in groupby(alerting, key=attrgetter("dashboard")):
        blocks += [f"## {dashboard}", "\n".join(told_line(state) for state in members)]
    if missing := [state for state in _in_order(states) if state.state == "no_data"]:
        blocks += ["## No current figure", "\n".join(map(missing_line, missing))]
    blocks += [
        f"The figures: {facts.export_path}",
        f"{_WHICH_TARGETS[facts.synthetic]} Small numbers are not named here.",
    ]
    return "\n\n".join(blocks) + "\n"


def news(events: Sequence[Event], states: Sequence[AlertState], facts: EditionFacts) -> str:
    """What happened, for one reader; the line that begins "# " is the subject when it is sent.

    By dashboard, statutory targets before internal ones. `states` are all that the council has.
    """
    place = " ".join(facts.geography_name.split())
    told = sorted(events, key=lambda event: (_order(event.state), event.number))
    blocks = [
        *markings(facts.synthetic),
        f"# {place}: {_headline(events)}, as at {words.day(facts.as_at)}",
    ]
    for dashboard, members in groupby(told, key=lambda event: event.state.dashboard):
        blocks += [f"## {dashboard}", "\n".join(_event_line(event) for event in members)]
    if any(event.kind == "late" for event in events):
        blocks.append("Where data are late, no alert is sent until there is a figure again.")
    blocks += [
        _summary(states),
        f"The figures: {facts.export_path}. All that was judged: alerts_digest.md beside them.",
        f"{_WHICH_TARGETS[facts.synthetic]} Small numbers are not named here.",
    ]
    return "\n\n".join(blocks) + "\n"


_HAPPENED = {
    "worse": ("worse", "Worse"),
    "still": ("still below target", "Still"),
    "easing": ("easing", "Easing"),
    "recovered": ("recovered", "Recovered"),
    "late": ("late", "Data late"),
}


def _headline(events: Sequence[Event]) -> str:
    """two worse (one statutory), one recovered."""
    said = []
    for kind, (happened, _) in _HAPPENED.items():
        of_kind = [event for event in events if event.kind == kind]
        statutory = sum(event.state.target_kind == "statutory" for event in of_kind)
        if of_kind:
            rest = f" ({_number_word(statutory)} statutory)" if statutory else ""
            said.append(f"{_number_word(len(of_kind))} {happened}{rest}")
    return ", ".join(said)


def _event_line(event: Event) -> str:
    state = event.state
    name = _HAPPENED[event.kind][1]
    about = f"- {name} ({state.target_kind}): {state.indicator_name}, {period(state)}:"
    if event.kind == "late":
        return f"- {name} ({state.target_kind}): {state.indicator_name}: {state.reason}."
    if event.kind == "recovered":
        met = f"{told_figure(state)}, meets its target of {words.trimmed(state.target, state.unit)}"
        return f"{about} {met}.{trend(state)}"
    since = f" Told first as at {words.day(event.since)}." if event.since else ""
    return f"{about} {miss(state)}.{more(state)}{since}{trend(state)}"


def _in_order(states: Sequence[AlertState]) -> list[AlertState]:
    return sorted(states, key=_order)


def _order(state: AlertState) -> tuple[int, bool, int, str]:
    severity = ("below", "watch", "no_data", "ok")
    return (
        state.dashboard_no,
        state.target_kind != "statutory",
        severity.index(state.state),
        state.indicator_id,
    )


def _summary(states: Sequence[AlertState]) -> str:
    if not states:
        return "No indicator has an agreed target in force, so nothing was judged."
    found = [state.state for state in states]
    if found.count("no_data") == len(found):
        return "No indicator with an agreed target has a current figure, so nothing was judged."
    below = found.count("below")
    sentences = [
        _counted(
            below,
            "is worse than its target for certain or for the second period running",
            "are worse than target for certain or for the second period running",
        )
        if below
        else "Nothing is below target for certain or for the second period running."
    ]
    for could_be, why in ((True, CHANCE), (False, NO_MARGIN)):
        watch = [each for each in states if each.state == "watch"]
        if count := sum(each.could_be_chance == could_be for each in watch):
            rest = "on the wrong side of {} target once" + why
            sentences.append(
                _counted(count, f"is {rest.format('its')}", f"are {rest.format('their')}")
            )
    if met := found.count("ok"):
        sentences.append(_counted(met, "meets its target", "meet their target"))
    if missing := found.count("no_data"):
        sentences.append(_counted(missing, "has no current figure", "have no current figure"))
    return " ".join(sentences)


def _counted(count: int, singular: str, plural: str) -> str:
    number = _number_word(count)
    noun, verb = ("indicator", singular) if count == 1 else ("indicators", plural)
    return f"{number.capitalize()} {noun} {verb}."


def _number_word(count: int) -> str:
    return in_words(count) if count < 10 else str(count)


def _record(state: AlertState) -> dict[str, object]:
    value, numerator, denominator = shown_numbers(state)
    return {
        "state": state.state,
        "is_certain": state.is_certain,
        "is_second_period_running": state.is_second,
        "reason": state.reason,
        "dashboard_no": state.dashboard_no,
        "dashboard": state.dashboard,
        "indicator_id": state.indicator_id,
        "indicator_name": state.indicator_name,
        "period_type": state.period_type,
        "period_start": state.period_start and state.period_start.isoformat(),
        "period_end": state.period_end and state.period_end.isoformat(),
        "unit": state.unit,
        "polarity": state.polarity,
        "value": _number(value),
        "numerator": _number(numerator),
        "denominator": _number(denominator),
        "small_numbers_hidden": (value, numerator, denominator)
        != (state.value, state.numerator, state.denominator),
        "target": _number(state.target),
        "target_kind": state.target_kind,
        "tolerance": _number(state.tolerance),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
