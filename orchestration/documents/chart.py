"""The trend of one indicator as an SVG string, drawn for a phone and a printed page alike.

Months that stand out are marked by shape (up: higher than usual, down: lower) and by colour
(better, worse or neither); thin lines show mean and limits, where there are any.

At its drawn width of 288 it fits a 320-pixel screen with 16-pixel (12-point) text; wider, it grows
with its text. The axis starts at zero. Gaps break the line. Everything the picture says is also in
its description; nothing is said by colour alone.
"""

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from orchestration.documents.labels import drawn_labels
from orchestration.documents.plot import (
    HEIGHT,
    LINE_COLOUR,
    TEXT,
    WIDTH,
    drawn_axes,
    drawn_line,
    plot_of,
    unbroken,
    value_of,
)
from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Figure, Indicator

FEWEST_POINTS = 3
"""A line through fewer points is no trend."""


def trend_chart(row: Indicator, title: str = "", place: str = "") -> str | None:
    """An `<svg>` of the indicator's trend with its target, called `title`; None with fewer than
    three points. `place` tells the charts of one indicator on one page apart."""
    if len(row.trend.known) < FEWEST_POINTS:
        return None
    plot = plot_of(row)
    chart_id = f"chart-{row.indicator_id}{place}"
    parts = [
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{chart_id}-title {chart_id}-desc"'
        f' font-family="Arial, Helvetica, sans-serif" font-size="{TEXT}">',
        f'<title id="{chart_id}-title">{escape(title or f"{row.name}: trend")}</title>',
        f'<desc id="{chart_id}-desc">{escape(trend_message(row))}</desc>',
        *drawn_axes(plot, row),
        *drawn_line(plot, row),
        *drawn_labels(plot, row),
        "</svg>",
    ]
    return "\n".join(parts)


def trend_message(row: Indicator) -> str:
    """What the chart shows, in words: span, latest, lowest, highest, target and gaps."""
    points, known = row.trend.points, row.trend.known
    latest = known[-1]
    lowest = min(known, key=value_of)
    highest = max(known, key=value_of)
    said = [
        f"{len(known)} {row.trend.period_type}s with a figure, from "
        f"{words.short_period(points[0])} to {words.short_period(points[-1])}.",
        f"Latest: {_said(latest, row)}.",
        f"Lowest: {_said(lowest, row)}.",
        f"Highest: {_said(highest, row)}.",
    ]
    if row.target is not None:
        said.append(f"Target now: {words.trimmed(row.target, row.unit)}.")
    if row.england.value is not None and not row.compared_part:
        england = words.amount(row.england.value, row.unit, row.decimals)
        said.append(f"England: {england} in {row.england.period}.")
    trend = row.trend
    if trend.rebased_from and trend.rebased_from > points[0].period_end:
        said.append(f"New baseline from {words.month(trend.rebased_from)}: {trend.rebase_reason}.")
    said += _signals_said(row)
    if any(point.status == HIDDEN for point in points):
        hidden = [words.short_period(point) for point in points if point.status == HIDDEN]
        said.append(f"Hidden: {', '.join(hidden)}.")
    gaps = [
        words.short_period(point)
        for point in points
        if point.value is None and point.status != HIDDEN
    ]
    if gaps:
        said.append(f"No figure for {', '.join(gaps)}.")
    return " ".join(said)


def _signals_said(row: Indicator) -> Iterator[str]:
    """What is usual, and the months that stand out, newest first."""
    signals = row.trend.signals
    if not signals:
        return
    if not row.trend.limits_reason:
        yield f"{words.capital(words.usual_range(signals[max(signals)], row))}."
    out = [
        f"{end:%b %Y} {words.signal(told)}"
        for end, told in sorted(signals.items(), reverse=True)
        if told.point_type != "common_cause"
    ]
    if not out:
        yield "Every month that has limits is as usual."
    elif len(out) <= 3:
        yield f"Standing out: {'; '.join(out)}."
    else:
        yield f"{len(out)} months stand out, the newest: {'; '.join(out[:3])}."


def sparkline(row: Indicator) -> str | None:
    """The same line without axes, small enough for a table's cell; None with too few points."""
    known = row.trend.known
    if len(known) < FEWEST_POINTS:
        return None
    top = max(map(value_of, known)) or Decimal(1)
    step = 88 / max(len(row.trend.points) - 1, 1)
    placed = [
        None if point.value is None else (4 + step * index, 22 - 18 * float(point.value / top))
        for index, point in enumerate(row.trend.points)
    ]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none"'
        f' stroke="{LINE_COLOUR}" stroke-width="1.5"/>'
        for run in unbroken(placed)
    )
    x, y = next(place for place in reversed(placed) if place)
    said = escape(f"From {_said(known[0], row)} to {_said(known[-1], row)}", quote=True)
    return (
        f'<svg class="spark" viewBox="0 0 96 26" role="img" aria-label="{said}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{LINE_COLOUR}"/></svg>'
    )


def _said(point: Figure, row: Indicator) -> str:
    return f"{words.amount(value_of(point), row.unit, row.decimals)} in {words.short_period(point)}"
