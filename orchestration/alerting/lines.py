"""One indicator that is told of, in a line; no number of 1 to 5 in it, nor one behind it."""

from __future__ import annotations

from decimal import Decimal

from orchestration.alerting.evaluate import AlertState
from orchestration.editions import words

_SMALLEST_SHOWN = 6
CHANCE, NO_MARGIN = ", which could be chance", " (no margin of error is known)"


def told_line(state: AlertState) -> str:
    label = f"{_side(state).capitalize()} target" if state.state == "below" else "Watch"
    return (
        f"- {label} ({state.target_kind}): {state.indicator_name}, {period(state)}:"
        f" {miss(state)}.{more(state)}{trend(state)}"
    )


def _side(state: AlertState) -> str:
    return "above" if state.polarity == "lower" else "below"


def miss(state: AlertState) -> str:
    """73.8% (45 of 61), below its target of 90% for two periods running."""
    side = _side(state)
    why = " for two periods running" if state.is_second else ""
    if state.state == "watch":
        why = " once" + (CHANCE if state.could_be_chance else NO_MARGIN)
    elif state.is_certain:
        why += " by more than chance" if not why else ", by more than chance"
    if state.rag == "amber" and state.tolerance is not None:
        why += f", within the tolerance of {_tolerance(state)}"
    return (
        f"{told_figure(state)}, {side} its target of {words.trimmed(state.target, state.unit)}{why}"
    )


def more(state: AlertState) -> str:
    """What the gap means in cases, where that is no small number."""
    cases = state.cases_to_target
    if cases is None or cases < _SMALLEST_SHOWN or shown_numbers(state)[1] is None:
        return ""
    return f" {cases:,} {'fewer' if state.polarity == 'lower' else 'more'} would meet the target."


def trend(state: AlertState) -> str:
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
    figures = [words.amount(each, state.unit, decimals) for each in (now, before)]
    return f" Year on year: {said}, {figures[0]} against {figures[1]}."


def missing_line(state: AlertState) -> str:
    when = f", {period(state)}" if state.period_end else ""
    return f"- {state.indicator_name}{when}: {state.reason}."


def told_figure(state: AlertState) -> str:
    value, numerator, denominator = shown_numbers(state)
    if value is None:
        return "a small number" if state.unit == "count" else "a figure from a small number"
    text = words.amount(value, state.unit, state.decimals)
    if state.unit == "percent" and numerator is not None and denominator is not None:
        text += f" ({words.trimmed(numerator, 'count')} of {words.trimmed(denominator, 'count')})"
    return text


def shown_numbers(state: AlertState) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
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


def _tolerance(state: AlertState) -> str:
    amount = state.tolerance or Decimal(0)
    is_share = state.unit == "percent"
    text = (
        f"{words.trimmed(amount, 'count')} points"
        if is_share
        else words.trimmed(amount, state.unit)
    )
    return text.removesuffix("s") if amount == 1 else text


def period(state: AlertState) -> str:
    start, end = state.period_start, state.period_end
    if end is None:
        return "no period"
    if start is None or (start.year, start.month) == (end.year, end.month):
        return f"{end:%B %Y}"
    return f"{start:%B}{'' if start.year == end.year else f' {start.year}'} to {end:%B %Y}"
