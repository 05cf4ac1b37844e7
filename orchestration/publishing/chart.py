"""The trend of one indicator as an SVG string, drawn for a phone and a printed page alike.

Months that stand out are marked by shape (up: higher than usual, down: lower) and by colour
(better, worse or neither); thin lines show mean and limits, where there are any.

At its drawn width of 288 it fits a 320-pixel screen with 16-pixel (12-point) text; wider, it grows
with its text. The axis starts at zero. Gaps break the line. Everything the picture says is also in
its description; nothing is said by colour alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from html import escape
from itertools import combinations, groupby, pairwise, product
from operator import itemgetter

from orchestration.publishing import words
from orchestration.publishing.figures import HIDDEN, Figure, Indicator, Signal

FEWEST_POINTS = 3
"""A line through fewer points is no trend."""

WIDTH, HEIGHT, TEXT = 288, 212, 16
LINE_COLOUR, TARGET_COLOUR, AXIS_COLOUR, GRID_COLOUR = "#12436D", "#801650", "#3D3D3D", "#D9D9D9"
BENCHMARK_COLOUR, LIMIT_COLOUR = "#28786E", "#6F6F6F"
SIGNAL_COLOURS = {"improvement": "#1D70B8", "concern": "#C44A00", "neutral": "#594D99"}

_TOP, _BOTTOM, _RIGHT = 12, 30, 8
_CHARACTER, _PERCENT_SIGN = 10.2, 15.2
"""Pixels that a character takes in the widest of the usual sans serifs."""


def trend_chart(row: Indicator) -> str | None:
    """An `<svg>` of the indicator's trend with its target; None with fewer than three points."""
    if len(row.trend.known) < FEWEST_POINTS:
        return None
    plot = _plot(row)
    chart_id = f"chart-{row.indicator_id}"
    parts = [
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{chart_id}-title {chart_id}-desc"'
        f' font-family="Arial, Helvetica, sans-serif" font-size="{TEXT}">',
        f'<title id="{chart_id}-title">{escape(row.name)}: trend</title>',
        f'<desc id="{chart_id}-desc">{escape(trend_message(row))}</desc>',
        *_axes(plot, row),
        *_line(plot, row),
        *_labels(plot, row),
        "</svg>",
    ]
    return "\n".join(parts)


def trend_message(row: Indicator) -> str:
    """What the chart shows, in words: span, latest, lowest, highest, target and gaps."""
    points, known = row.trend.points, row.trend.known
    latest = known[-1]
    lowest = min(known, key=_value)
    highest = max(known, key=_value)
    said = [
        f"{len(known)} {row.trend.period_type}s with a figure, from "
        f"{words.short_period(points[0])} to {words.short_period(points[-1])}.",
        f"Latest: {_said(latest, row)}.",
        f"Lowest: {_said(lowest, row)}.",
        f"Highest: {_said(highest, row)}.",
    ]
    if row.target is not None:
        said.append(f"Target now: {words.trimmed(row.target, row.unit)}.")
    if row.england.value is not None:
        england = words.amount(row.england.value, row.unit, row.decimals)
        said.append(f"England: {england} in {row.england.period}.")
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
    newest = max(signals)
    yield f"{words.capital(words.usual_range(signals[newest], row))}."
    out = [
        f"{end:%b %Y} {words.signal(told)}"
        for end, told in sorted(signals.items(), reverse=True)
        if told.point_type != "common_cause"
    ]
    if not out:
        yield "Every month is as usual."
    elif len(out) <= 3:
        yield f"Standing out: {'; '.join(out)}."
    else:
        yield f"{len(out)} months stand out, the newest: {'; '.join(out[:3])}."


def sparkline(row: Indicator) -> str | None:
    """The same line without axes, small enough for a table's cell; None with too few points."""
    known = row.trend.known
    if len(known) < FEWEST_POINTS:
        return None
    top = max(map(_value, known)) or Decimal(1)
    step = 88 / max(len(row.trend.points) - 1, 1)
    placed = [
        None if point.value is None else (4 + step * index, 22 - 18 * float(point.value / top))
        for index, point in enumerate(row.trend.points)
    ]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none"'
        f' stroke="{LINE_COLOUR}" stroke-width="1.5"/>'
        for run in _runs(placed)
    )
    x, y = next(place for place in reversed(placed) if place)
    said = escape(f"From {_said(known[0], row)} to {_said(known[-1], row)}", quote=True)
    return (
        f'<svg class="spark" viewBox="0 0 96 26" role="img" aria-label="{said}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{LINE_COLOUR}"/></svg>'
    )


@dataclass(frozen=True)
class _Plot:
    """Where values and periods lie: the box in pixels, the axis in the indicator's unit."""

    left: float
    ticks: tuple[Decimal, ...]
    count: int

    @property
    def right(self) -> float:
        return WIDTH - _RIGHT

    def x(self, index: int) -> float:
        inner = self.right - 6 - (self.left + 6)
        return self.left + 6 + inner * index / max(self.count - 1, 1)

    def y(self, value: Decimal) -> float:
        bottom = HEIGHT - _BOTTOM
        return bottom - (bottom - _TOP) * float(value / self.ticks[-1])


@dataclass(frozen=True)
class _Label:
    """A text of `width` pixels whose left end lies at `x` on the base line `y`."""

    x: float
    y: float
    width: float

    def covers(self, x: float, y: float) -> bool:
        return self.x - 3 <= x <= self.x + self.width + 3 and self.y - TEXT <= y <= self.y + 5

    def overlaps(self, other: "_Label") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and abs(self.y - other.y) < TEXT + 2
        )


def _plot(row: Indicator) -> _Plot:
    highest = max(_value(point) for point in row.trend.known)
    highest = max([highest, *(y for _, y, *_ in _level_lines(row))])
    ticks = _ticks(highest, row.unit)
    widest = max(_width(_tick(tick, row)) for tick in ticks)
    return _Plot(widest + 8, ticks, len(row.trend.points))


def _ticks(highest: Decimal, unit: str) -> tuple[Decimal, ...]:
    """Zero to at least `highest` in round steps, five at most; percentages above half to 100."""
    if unit == "percent" and 50 < highest <= 100:
        highest = Decimal(100)
    if not highest:
        return Decimal(0), Decimal(1)
    magnitude = Decimal(1).scaleb(highest.adjusted() - 1)
    step = next(
        magnitude * factor
        for factor in (1, 2, 5, 10, 20, 50, 100)
        if highest / (magnitude * factor) <= 5
    )
    if unit == "count":
        step = max(step, Decimal(1))
    top = int((highest / step).to_integral_value(ROUND_CEILING))
    return tuple(step * n for n in range(top + 1))


def _tick(value: Decimal, row: Indicator) -> str:
    return f"{value.normalize():,f}" + ("%" if row.unit == "percent" else "")


def _axes(plot: _Plot, row: Indicator) -> Iterator[str]:
    for tick in plot.ticks:
        y = plot.y(tick)
        colour = GRID_COLOUR if tick else AXIS_COLOUR
        yield (
            f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
            f' stroke="{colour}"/>'
        )
        yield _text(plot.left - 6, y + 5.5, _tick(tick, row), AXIS_COLOUR, "end")
    base = HEIGHT - _BOTTOM
    for index in range(plot.count):
        x = plot.x(index)
        yield (
            f'<line x1="{x:.1f}" y1="{base}" x2="{x:.1f}" y2="{base + 4}" stroke="{AXIS_COLOUR}"/>'
        )
    first, last = row.trend.points[0], row.trend.points[-1]
    y = HEIGHT - 6
    yield _text(max(plot.left - 20, 0), y, words.short_period(first), AXIS_COLOUR, "start")
    yield _text(plot.right, y, words.short_period(last), AXIS_COLOUR, "end")


def _level_lines(row: Indicator) -> list[tuple[str, Decimal, str, str]]:
    """Text, level, colour and dashes of the lines that run across: target and England."""
    lines = []
    if row.target is not None:
        text = words.trimmed(row.target, row.unit)
        if row.unit not in ("percent", "count"):
            text = f"{row.target.normalize():,f}"
        lines.append((f"Target {text}", row.target, TARGET_COLOUR, "7 4"))
    if row.england.value is not None and row.unit != "count":
        text = words.number(row.england.value, row.decimals)
        text += "%" if row.unit == "percent" else ""
        lines.append((f"England {text}", row.england.value, BENCHMARK_COLOUR, "2 3"))
    return lines


def _limits(plot: _Plot, row: Indicator) -> Iterator[str]:
    """Mean and limits, in steps where a new baseline begins; one of a single month is no line."""
    signals = row.trend.signals
    top, half = plot.ticks[-1], (plot.x(1) - plot.x(0)) / 2 if plot.count > 1 else 3
    for which in ("mean", "lower", "upper"):
        dashes = "" if which == "mean" else ' stroke-dasharray="1 3"'
        levels = [_level(signals.get(point.period_end), which, row) for point in row.trend.points]
        for level, months in groupby(enumerate(levels), key=itemgetter(1)):
            first, *rest = (index for index, _ in months)
            if level is None or level > top or not rest:
                continue
            left, right, y = plot.x(first) - half, plot.x(rest[-1]) + half, plot.y(level)
            yield (
                f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}"'
                f' stroke="{LIMIT_COLOUR}" stroke-width="1.5"{dashes}/>'
            )


def _level(told: Signal | None, which: str, row: Indicator) -> Decimal | None:
    if told is None:
        return None
    if which == "mean":
        return told.mean
    lower, upper = words.bounds(told, row)
    # a limit beyond what can be is none that a figure could cross
    if which == "lower":
        return lower if told.lower > 0 else None
    return upper if upper == told.upper else None


def _mark(x: float, y: float, told: Signal | None) -> str:
    """A month's mark: a dot, or a triangle that points the way it stands out."""
    if told is None or told.point_type == "common_cause":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE_COLOUR}"/>'
    colour = SIGNAL_COLOURS[told.point_type.split("_")[2]]
    up = words.signal(told).startswith("higher")
    tip, base = (y - 6.5, y + 4.5) if up else (y + 6.5, y - 4.5)
    return (
        f'<path d="M{x:.1f} {tip:.1f}L{x + 6:.1f} {base:.1f}L{x - 6:.1f} {base:.1f}Z"'
        f' fill="{colour}" stroke="#FFFFFF"/>'
    )


def _line(plot: _Plot, row: Indicator) -> Iterator[str]:
    for _, level, colour, dashes in _level_lines(row):
        y = plot.y(level)
        yield (
            f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
            f' stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
    yield from _limits(plot, row)
    for run in _runs(_placed(plot, row)):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        if len(run) > 1:
            yield (
                f'<polyline points="{path}" fill="none" stroke="{LINE_COLOUR}"'
                ' stroke-width="2.5" stroke-linejoin="round"/>'
            )
    for point, place in zip(row.trend.points, _placed(plot, row), strict=True):
        if place is not None:
            yield _mark(*place, row.trend.signals.get(point.period_end))


def _labels(plot: _Plot, row: Indicator) -> Iterator[str]:
    """The latest value, the target and England beside their marks, where they hide the least."""
    latest = row.trend.known[-1]
    latest_text = words.number(_value(latest), row.decimals)
    latest_text += "%" if row.unit == "percent" else ""
    latest_places = _latest_places(plot, row, latest_text)
    line = list(_along(_placed(plot, row)))
    levels = _level_lines(row)
    across = [
        (float(x), plot.y(level))
        for _, level, *_ in levels
        for x in range(int(plot.left), int(plot.right), 4)
    ]
    choices = [
        latest_places,
        *(_beside(plot, plot.y(level), text) for text, level, *_ in levels),
    ]
    best = min(
        product(*choices),
        key=lambda places: (
            _hidden(places[0], line + across)
            + sum(_hidden(place, line) for place in places[1:])
            + 100 * sum(one.overlaps(other) for one, other in combinations(places, 2))
        ),
    )
    texts = [(latest_text, LINE_COLOUR), *((text, colour) for text, _, colour, _ in levels)]
    for place, (text, colour) in zip(best, texts, strict=True):
        yield _placed_text(place, text, colour)


def _latest_places(plot: _Plot, row: Indicator, text: str) -> list[_Label]:
    index = max(n for n, point in enumerate(row.trend.points) if point.value is not None)
    x, y = plot.x(index), plot.y(_value(row.trend.points[index]))
    width = _width(text)
    left = min(max(x - width / 2, plot.left + 2), plot.right - width)
    baselines = (y - 9, y + TEXT + 7, y - 24, y + TEXT + 22)
    return [_Label(left, base, width) for base in baselines if _inside(base)]


def _beside(plot: _Plot, level_y: float, text: str) -> list[_Label]:
    width = _width(text)
    middle = (plot.left + plot.right - width) / 2
    lefts = (plot.left + 4, plot.right - width, middle)
    baselines = (level_y - 6, level_y + TEXT + 2)
    return [_Label(left, base, width) for left in lefts for base in baselines if _inside(base)]


def _width(text: str) -> float:
    return _CHARACTER * len(text) + (_PERCENT_SIGN - _CHARACTER) * text.count("%")


def _inside(baseline: float) -> bool:
    return TEXT - 2 <= baseline <= HEIGHT - _BOTTOM - 3


def _hidden(place: _Label, along: Sequence[tuple[float, float]]) -> int:
    return sum(place.covers(x, y) for x, y in along)


def _placed(plot: _Plot, row: Indicator) -> list[tuple[float, float] | None]:
    return [
        None if point.value is None else (plot.x(index), plot.y(point.value))
        for index, point in enumerate(row.trend.points)
    ]


def _runs(placed: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken stretches of a line."""
    run: list[tuple[float, float]] = []
    for place in (*placed, None):
        if place is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def _along(placed: Sequence[tuple[float, float] | None]) -> Iterator[tuple[float, float]]:
    """Points every few pixels along the line."""
    for run in _runs(placed):
        yield from run
        for (x1, y1), (x2, y2) in pairwise(run):
            steps = max(int((abs(x2 - x1) + abs(y2 - y1)) / 4), 1)
            yield from (
                (x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps) for n in range(1, steps)
            )


def _placed_text(place: _Label, text: str, colour: str) -> str:
    return _text(place.x + place.width / 2, place.y, text, colour, "middle", bold=True)


def _text(x: float, y: float, text: str, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold" class="halo"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )


def _value(point: Figure) -> Decimal:
    if point.value is None:
        raise ValueError("a gap has no value")
    return point.value


def _said(point: Figure, row: Indicator) -> str:
    return f"{words.amount(_value(point), row.unit, row.decimals)} in {words.short_period(point)}"
