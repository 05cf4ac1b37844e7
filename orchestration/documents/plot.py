"""Where the points of a trend lie on its picture, and what is drawn of them: axes, levels, limits,
the line and its marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from html import escape
from itertools import groupby
from operator import itemgetter

from orchestration.editions import words
from orchestration.editions.figures import Figure, Indicator, Signal

WIDTH, HEIGHT, TEXT = 288, 188, 16
LINE_COLOUR, TARGET_COLOUR, AXIS_COLOUR, GRID_COLOUR = "#12436D", "#801650", "#3D3D3D", "#D9D9D9"
BENCHMARK_COLOUR, LIMIT_COLOUR = "#28786E", "#6F6F6F"
SIGNAL_COLOURS = {"improvement": "#1D70B8", "concern": "#C44A00", "neutral": "#594D99"}

TOP, BOTTOM, RIGHT = 12, 30, 8
CHARACTER, PERCENT_SIGN = 10.2, 15.2
"""Pixels that a character takes in the widest of the usual sans serifs."""


@dataclass(frozen=True)
class Plot:
    """Where values and periods lie: the box in pixels, the axis in the indicator's unit."""

    left: float
    ticks: tuple[Decimal, ...]
    count: int

    @property
    def right(self) -> float:
        return WIDTH - RIGHT

    def x(self, index: int) -> float:
        inner = self.right - 6 - (self.left + 6)
        return self.left + 6 + inner * index / max(self.count - 1, 1)

    def y(self, value: Decimal) -> float:
        bottom = HEIGHT - BOTTOM
        return bottom - (bottom - TOP) * float(value / self.ticks[-1])


def plot_of(row: Indicator) -> Plot:
    highest = max(value_of(point) for point in row.trend.known)
    highest = max([highest, *(y for _, y, *_ in level_lines(row))])
    ticks = ticks_of(highest, row.unit)
    widest = max(width_of(tick_text(tick, row.unit)) for tick in ticks)
    return Plot(widest + 8, ticks, len(row.trend.points))


def ticks_of(highest: Decimal, unit: str) -> tuple[Decimal, ...]:
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


def tick_text(value: Decimal, unit: str) -> str:
    return f"{value.normalize():,f}" + ("%" if unit == "percent" else "")


def drawn_axes(plot: Plot, row: Indicator) -> Iterator[str]:
    for tick in plot.ticks:
        y = plot.y(tick)
        colour = GRID_COLOUR if tick else AXIS_COLOUR
        yield (
            f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
            f' stroke="{colour}"/>'
        )
        yield drawn_text(plot.left - 6, y + 5.5, tick_text(tick, row.unit), AXIS_COLOUR, "end")
    yield from _drawn_periods(plot, row)


def _drawn_periods(plot: Plot, row: Indicator) -> Iterator[str]:
    """A mark for every quarter, or for every year where years are drawn, a longer one where a year
    begins, and the years by name as far as there is room."""
    base, points = HEIGHT - BOTTOM, row.trend.points
    marks = []
    for index, point in enumerate(points):
        if point.period_type != "month" or point.period_start.month % 3 == 1:
            deep = 10 if point.period_start.month == 4 else 4
            marks.append(f"M{plot.x(index):.1f} {base}v{deep}")
    yield f'<path class="marks" d="{"".join(marks)}" stroke="{AXIS_COLOUR}"/>'
    free = float(WIDTH)
    years = [(k, list(g)) for k, g in groupby(enumerate(points), key=lambda p: _year_of(p[1]))]
    # the newest first: where not all have room, its name must not be the one that is left out
    for name, group in reversed(years):
        middle = sum(plot.x(index) for index, _ in group) / len(group)
        width = width_of(name)
        left = max(min(middle, WIDTH - width / 2) - width / 2, 0.0)
        if left + width <= free and (len(group) > 1 or row.trend.period_type == "year"):
            free = left - 6
            yield drawn_text(left + width / 2, HEIGHT - 6, name, AXIS_COLOUR, "middle")


def _year_of(point: Figure) -> str:
    """The name of a point's year, as short as it is clear: 24/25, or 2024 of a calendar year."""
    name = words.whole_year(point)
    return name.removeprefix("20") if "/" in name else name


def level_lines(row: Indicator) -> list[tuple[str, Decimal, str, str]]:
    """Text, level, colour and dashes of the lines that run across: target and England."""
    lines = []
    if row.target is not None:
        text = words.trimmed(row.target, row.unit)
        if row.unit not in ("percent", "count"):
            text = f"{row.target.normalize():,f}"
        lines.append((f"Target {text}", row.target, TARGET_COLOUR, "7 4"))
    if row.england.value is not None and row.unit != "count" and not row.compared_part:
        text = words.number(row.england.value, row.decimals)
        text += "%" if row.unit == "percent" else ""
        lines.append((f"England {text}", row.england.value, BENCHMARK_COLOUR, "2 3"))
    return lines


def break_at(plot: Plot, row: Indicator) -> float | None:
    """Where a new baseline begins: between its first point and the one before."""
    begun = row.trend.rebased_from
    after = [n for n, each in enumerate(row.trend.points) if begun and each.period_end >= begun]
    if not after or after[0] == 0 or row.trend.period_type != "month":
        return None
    return (plot.x(after[0] - 1) + plot.x(after[0])) / 2


def drawn_break(plot: Plot, row: Indicator) -> Iterator[str]:
    """An upright line before the first point of a new baseline."""
    if (x := break_at(plot, row)) is not None:
        yield (
            f'<path class="marks" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{AXIS_COLOUR}"'
            ' stroke-width="1.5" stroke-dasharray="5 3" fill="none"/>'
        )


def limit_lines(plot: Plot, row: Indicator) -> Iterator[tuple[float, float, float, str]]:
    """From, to, height and dashes of mean and limits, in steps where other months set them; one of
    a single month is no line."""
    signals = row.trend.signals
    top, half = plot.ticks[-1], (plot.x(1) - plot.x(0)) / 2 if plot.count > 1 else 3
    for which in ("mean", "lower", "upper"):
        dashes = "" if which == "mean" else ' stroke-dasharray="1 3"'
        levels = [_level(signals.get(point.period_end), which, row) for point in row.trend.points]
        for level, months in groupby(enumerate(levels), key=itemgetter(1)):
            first, *rest = (index for index, _ in months)
            if level is not None and level <= top and rest:
                yield plot.x(first) - half, plot.x(rest[-1]) + half, plot.y(level), dashes


def drawn_limits(plot: Plot, row: Indicator) -> Iterator[str]:
    for left, right, y, dashes in limit_lines(plot, row):
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


def drawn_mark(x: float, y: float, told: Signal) -> str:
    """The mark of a month that stands out: a triangle that points the way it does."""
    colour = SIGNAL_COLOURS[told.point_type.split("_")[2]]
    up = words.signal(told).startswith("higher")
    tip, base = (y - 6.5, y + 4.5) if up else (y + 6.5, y - 4.5)
    return (
        f'<path d="M{x:.1f} {tip:.1f}L{x + 6:.1f} {base:.1f}L{x - 6:.1f} {base:.1f}Z"'
        f' fill="{colour}" stroke="#FFFFFF"/>'
    )


def drawn_line(plot: Plot, row: Indicator) -> Iterator[str]:
    for _, level, colour, dashes in level_lines(row):
        y = plot.y(level)
        yield (
            f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
            f' stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
    yield from drawn_limits(plot, row)
    yield from drawn_break(plot, row)
    for run in unbroken(placed_points(plot, row)):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        if len(run) > 1:
            yield (
                f'<polyline points="{path}" fill="none" stroke="{LINE_COLOUR}"'
                ' stroke-width="2.5" stroke-linejoin="round"/>'
            )
    dots = []
    for point, place in zip(row.trend.points, placed_points(plot, row), strict=True):
        told = row.trend.signals.get(point.period_end)
        if place is not None and (told is None or told.point_type == "common_cause"):
            dots.append(f"M{place[0] - 3.5:.1f} {place[1]:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0")
        elif place is not None and told is not None:
            yield drawn_mark(*place, told)
    yield f'<path class="dots" d="{"".join(dots)}" fill="{LINE_COLOUR}"/>'


def width_of(text: str) -> float:
    return CHARACTER * len(text) + (PERCENT_SIGN - CHARACTER) * text.count("%")


def placed_points(plot: Plot, row: Indicator) -> list[tuple[float, float] | None]:
    return [
        None if point.value is None else (plot.x(index), plot.y(point.value))
        for index, point in enumerate(row.trend.points)
    ]


def unbroken(placed: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken stretches of a line."""
    run: list[tuple[float, float]] = []
    for place in (*placed, None):
        if place is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def drawn_text(
    x: float, y: float, text: str, colour: str, anchor: str, *, bold: bool = False
) -> str:
    weight = ' font-weight="bold" class="halo"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )


def value_of(point: Figure) -> Decimal:
    if point.value is None:
        raise ValueError("a gap has no value")
    return point.value
