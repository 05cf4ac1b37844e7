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
from orchestration.alerting.events import Event
from orchestration.publishing import OFFICERS_ONLY, markings

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

    By dashboard, statutory targets before internal ones, below before watch.
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


def news(events: Sequence[Event], states: Sequence[AlertState], facts: EditionFacts) -> str:
    """What happened, for one reader; the line that begins "# " is the subject when it is sent.

    By dashboard, statutory targets before internal ones. `states` are all that the council has.
    """
    place = " ".join(facts.geography_name.split())
    told = sorted(events, key=lambda event: (_order(event.state), event.number))
    blocks = [
        *markings(facts.synthetic),
        f"# {place}: {_headline(events)}, as at {_day(facts.as_at)}",
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


def failure_notice(job: str, step_keys: Sequence[str], run_id: str) -> str:
    """A failed run in words. The exception's own text is left out: it may quote a cell."""
    return _notice(
        f"Run failed: {job}",
        f"- Failed steps: {', '.join(step_keys) or 'none named'}\n- Run: {run_id}",
        "What to do: open the run in Dagster, read the failed step's message, follow the"
        " recovery step for its code in docs/engineer.md, and run the job again.",
        "Meanwhile the last good exports stay as they are.",
    )


def late_notice(month: str, due: date) -> str:
    """A delivery that did not come, in words; `month` is YYYY-MM."""
    return _notice(
        f"Data late: the delivery of {month}",
        f"No file of the delivery of {month} has been accepted. It was due on {_day(due)}.",
        "What to do: ask whoever exports the extracts, or look in the run's checks for files that"
        " were refused; then drop them into the month's folder.",
        "Meanwhile the last good exports stay as they are, and nobody is alerted on old figures.",
    )


def _notice(subject: str, *blocks: str) -> str:
    return "\n\n".join([OFFICERS_ONLY, f"# {subject}", *blocks]) + "\n"


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
    for kind, (words, _) in _HAPPENED.items():
        of_kind = [event for event in events if event.kind == kind]
        statutory = sum(event.state.target_kind == "statutory" for event in of_kind)
        if of_kind:
            rest = f" ({_number_word(statutory)} statutory)" if statutory else ""
            said.append(f"{_number_word(len(of_kind))} {words}{rest}")
    return ", ".join(said)


def _event_line(event: Event) -> str:
    state = event.state
    name = _HAPPENED[event.kind][1]
    about = f"- {name} ({state.target_kind}): {state.indicator_name}, {_period(state)}:"
    if event.kind == "late":
        return f"- {name} ({state.target_kind}): {state.indicator_name}: {state.reason}."
    if event.kind == "recovered":
        met = f"{_figure(state)}, meets its target of {_measure(state, state.target)}"
        return f"{about} {met}.{_trend(state)}"
    since = f" Told first as at {_day(event.since)}." if event.since else ""
    return f"{about} {_miss(state)}.{_more(state)}{since}{_trend(state)}"


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
    if watch := found.count("watch"):
        rest = "on the wrong side of {} target once, which could be chance"
        sentences.append(_counted(watch, f"is {rest.format('its')}", f"are {rest.format('their')}"))
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
    return _WORDS[count] if count < len(_WORDS) else str(count)


def _line(state: AlertState) -> str:
    label = f"{_side(state).capitalize()} target" if state.state == "below" else "Watch"
    return (
        f"- {label} ({state.target_kind}): {state.indicator_name}, {_period(state)}:"
        f" {_miss(state)}.{_more(state)}{_trend(state)}"
    )


def _side(state: AlertState) -> str:
    return "above" if state.polarity == "lower" else "below"


def _miss(state: AlertState) -> str:
    """73.8% (45 of 61), below its target of 90% for two periods running."""
    side = _side(state)
    if state.value is not None and _rounded(state.value, state.decimals) == state.target:
        side = f"just {side}"  # both print alike, and the verdict would look like a mistake
    why = " for two periods running" if state.is_second else ""
    if state.state == "watch":
        why = " once, which could be chance"
    elif state.is_certain:
        why += " by more than chance" if not why else ", by more than chance"
    if state.rag == "amber" and state.tolerance is not None:
        why += f", within the tolerance of {_tolerance(state)}"
    return f"{_figure(state)}, {side} its target of {_measure(state, state.target)}{why}"


def _more(state: AlertState) -> str:
    """What the gap means in cases, where that is no small number."""
    cases = state.cases_to_target
    if cases is None or cases < _SMALLEST_SHOWN or _shown(state)[1] is None:
        return ""
    return f" {cases:,} {'fewer' if state.polarity == 'lower' else 'more'} would meet the target."


def _trend(state: AlertState) -> str:
    """Year on year: worsening, 73.8% against 80.1%. Empty where it cannot be told."""
    now, before = state.year_on_year_value, state.year_on_year_before
    if state.year_on_year in (None, "too_few_to_say"):
        return ""
    said = state.year_on_year.replace("_", " ") if state.year_on_year else ""
    # a rate's population is public, so its value gives the number away
    per = {"count": Decimal(1), "rate_per_10k": (state.denominator or 0) / Decimal(10_000)}
    share = per.get(state.unit)
    hidden = share is not None and any(
        each is None or _is_small(each * share) for each in (state.value, now, before)
    )
    if now is None or before is None or hidden:
        return f" Year on year: {said}."
    decimals = max(state.decimals, int(state.unit == "count" and {now % 1, before % 1} != {0}))
    figures = [
        f"{_rounded(each, decimals):,}{_SUFFIX.get(state.unit, '')}" for each in (now, before)
    ]
    return f" Year on year: {said}, {figures[0]} against {figures[1]}."


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
