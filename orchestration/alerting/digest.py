"""The alert states as a file for machines and a page for officers.

Both follow one disclosure rule: no count of 1 to 5 is named, nor a complement, nor a figure that
rests on so few cases. The officers' export beside them holds every figure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter

from orchestration.alerting.evaluate import AlertState
from orchestration.publishing import markings

_SMALLEST_SHOWN = 6
_SUFFIX = {
    "percent": "%",
    "rate_per_10k": " per 10,000",
    "days": " days",
    "hours": " hours",
    "cases": " cases",
}
_WHICH_TARGETS = {
    False: "Only an agreed target is judged.",
    True: "The targets are proposed, for the sample only.",
}
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


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

    By dashboard, statutory targets before internal ones, below before watch. The line that
    begins "# " is the subject when the digest is sent.
    """
    place = " ".join(facts.geography_name.split())
    alerting = [state for state in _in_order(states) if state.state in ("below", "watch")]
    blocks = [
        *markings(facts.synthetic),
        f"# Children's services against target: {place}, as at {_day(facts.as_at)}",
        _summary(states),
    ]
    for dashboard, members in groupby(alerting, key=attrgetter("dashboard")):
        blocks += [f"## {dashboard}", "\n".join(_line(state) for state in members)]
    if missing := [state for state in _in_order(states) if state.state == "no_data"]:
        blocks += ["## No current figure", "\n".join(map(_missing_line, missing))]
    blocks += [
        f"The figures: {facts.export_path}",
        f"{_WHICH_TARGETS[facts.synthetic]} Small numbers are not named here.",
    ]
    return "\n\n".join(blocks) + "\n"


def _in_order(states: Sequence[AlertState]) -> list[AlertState]:
    severity = ("below", "watch", "no_data", "ok")
    return sorted(
        states,
        key=lambda state: (
            state.dashboard_no,
            state.target_kind != "statutory",
            severity.index(state.state),
            state.indicator_id,
        ),
    )


def _summary(states: Sequence[AlertState]) -> str:
    if not states:
        return "No indicator has an agreed target in force, so nothing was judged."
    found = [state.state for state in states]
    if found.count("no_data") == len(found):
        return "No indicator with an agreed target has a current figure, so nothing was judged."
    below = found.count("below")
    sentences = [
        _counted(below, "is worse than its target", "are worse than target")
        if below
        else "Nothing is below target."
    ]
    if watch := found.count("watch"):
        rest = "on the wrong side of {} target but within the tolerance"
        sentences.append(_counted(watch, f"is {rest.format('its')}", f"are {rest.format('their')}"))
    if met := found.count("ok"):
        sentences.append(_counted(met, "meets its target", "meet their target"))
    if missing := found.count("no_data"):
        sentences.append(_counted(missing, "has no current figure", "have no current figure"))
    return " ".join(sentences)


def _counted(count: int, singular: str, plural: str) -> str:
    number = _WORDS[count] if count < len(_WORDS) else str(count)
    noun, verb = ("indicator", singular) if count == 1 else ("indicators", plural)
    return f"{number.capitalize()} {noun} {verb}."


def _line(state: AlertState) -> str:
    side = "above" if state.polarity == "lower" else "below"
    label = f"{side.capitalize()} target" if state.state == "below" else "Watch"
    target = _measure(state, state.target)
    figure = _figure(state)
    if state.value is not None and _rounded(state.value, state.decimals) == state.target:
        side = f"just {side}"  # both print alike, and the verdict would look like a mistake
    within = ""
    if state.state == "watch" and state.tolerance is not None:
        within = f" but within the tolerance of {_tolerance(state)}"
    return (
        f"- {label} ({state.target_kind}): {state.indicator_name}, {_period(state)}:"
        f" {figure}, {side} its target of {target}{within}."
    )


def _missing_line(state: AlertState) -> str:
    when = f", {_period(state)}" if state.period_end else ""
    return f"- {state.indicator_name}{when}: {state.reason}."


def _figure(state: AlertState) -> str:
    value, numerator, denominator = _shown(state)
    if value is None:
        return "a small number" if state.unit == "count" else "a figure from a small number"
    text = f"{_rounded(value, state.decimals):,}{_SUFFIX.get(state.unit, '')}"
    if state.unit == "percent" and numerator is not None and denominator is not None:
        text += f" ({_plain(numerator)} of {_plain(denominator)})"
    return text


def _shown(state: AlertState) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value, numerator, denominator: each None where it would name a count of 1 to 5."""
    counts = [state.numerator, state.denominator]
    if state.numerator is not None and state.denominator is not None:
        counts.append(state.denominator - state.numerator)
    # A rate's population is public, so its value gives a small numerator away.
    tell_tales = {"count": state.value, "rate_per_10k": state.numerator}
    hides_value = _is_small(state.denominator) or _is_small(tell_tales.get(state.unit))
    if hides_value:
        return None, None, None
    if any(map(_is_small, counts)):
        return state.value, None, None
    return state.value, state.numerator, state.denominator


def _is_small(count: Decimal | None) -> bool:
    return count is not None and 0 < count < _SMALLEST_SHOWN


def _record(state: AlertState) -> dict[str, object]:
    value, numerator, denominator = _shown(state)
    return {
        "key": state.key,
        "state": state.state,
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


def _measure(state: AlertState, value: Decimal) -> str:
    return f"{_plain(value)}{_SUFFIX.get(state.unit, '')}"


def _tolerance(state: AlertState) -> str:
    amount = state.tolerance or Decimal(0)
    suffix = " points" if state.unit == "percent" else _SUFFIX.get(state.unit, "")
    if amount == 1:
        suffix = suffix.removesuffix("s")
    return f"{_plain(amount)}{suffix}"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _period(state: AlertState) -> str:
    start, end = state.period_start, state.period_end
    if end is None:
        return "no period"
    if start is None or (start.year, start.month) == (end.year, end.month):
        return f"{end:%B %Y}"
    return f"{start:%B}{'' if start.year == end.year else f' {start.year}'} to {end:%B %Y}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
