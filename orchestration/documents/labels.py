"""Where the names of lines and the latest figure stand: where they cross no line of the picture."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from orchestration.documents.plot import (
    BOTTOM,
    HEIGHT,
    LINE_COLOUR,
    TEXT,
    TOP,
    Plot,
    break_at,
    drawn_text,
    level_lines,
    limit_lines,
    placed_points,
    unbroken,
    value_of,
    width_of,
)
from orchestration.editions import words
from orchestration.editions.figures import Indicator

SAMPLE = 20
"""Pixels of a line that are drawn before its name where that does not stand beside it."""

_Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Label:
    """A text of `width` pixels whose left end lies at `x` on the base line `y`. `far` it is from
    the point that it names; `sample` of its pixels show the line that it names from afar."""

    x: float
    y: float
    width: float
    far: float = 0
    sample: float = 0

    def covers(self, x: float, y: float) -> bool:
        return self.x - 3 <= x <= self.x + self.width + 3 and self.y - TEXT <= y <= self.y + 5

    def overlaps(self, other: "_Label") -> bool:
        return (
            self.x < other.x + other.width + 4
            and other.x < self.x + self.width + 4
            and abs(self.y - other.y) < TEXT + 2
        )


def drawn_labels(plot: Plot, row: Indicator) -> Iterator[str]:
    """The latest value, the target and England, one after the other where they cross the least."""
    lines = list(_lines(plot, row))
    grid = [point for tick in plot.ticks for point in _across(plot.left, plot.right, plot.y(tick))]
    placed: list[_Label] = []

    def best(*choices: Iterable[_Label]) -> _Label:
        """Of the first choices that hold one without a crossing, or of all."""
        found = []
        for each in choices:
            found += [(_hidden(place, lines, placed), place) for place in each]
            if any(not hidden for hidden, _ in found):
                break
        least = min(hidden for hidden, _ in found)
        free = [place for hidden, place in found if hidden == least]
        place = min(free, key=lambda each: (each.sample, each.far, _hidden(each, grid)))
        placed.append(place)
        return place

    # a label for an older period would be read as the newest
    if row.trend.points[-1].value is not None:
        latest = words.number(value_of(row.trend.points[-1]), row.decimals)
        latest += "%" if row.unit == "percent" else ""
        yield _placed_text(best(_latest_places(plot, row, latest)), latest, LINE_COLOUR)
    for text, level, colour, dashes in level_lines(row):
        place = best(_beside(plot, plot.y(level), text), _elsewhere(plot, text))
        if place.sample:
            yield (
                f'<line x1="{place.x:.1f}" y1="{place.y - 6:.1f}" x2="{place.x + SAMPLE:.1f}"'
                f' y2="{place.y - 6:.1f}" stroke="{colour}" stroke-width="2"'
                f' stroke-dasharray="{dashes}"/>'
            )
        yield _placed_text(place, text, colour)


def _lines(plot: Plot, row: Indicator) -> Iterator[tuple[float, float]]:
    """Points every few pixels along all that a label must not cross."""
    points = placed_points(plot, row)
    yield from along_line(points)
    for point, place in zip(row.trend.points, points, strict=True):
        told = row.trend.signals.get(point.period_end)
        if place and told and told.point_type != "common_cause":
            yield from ((place[0] + x, place[1] + y) for x in (-6, 6) for y in (-6, 6))
    for _, level, *_ in level_lines(row):
        yield from _across(plot.left, plot.right, plot.y(level))
    for left, right, y, _ in limit_lines(plot, row):
        yield from _across(left, right, y)
    if (x := break_at(plot, row)) is not None:
        yield from ((x, float(y)) for y in range(TOP, HEIGHT - BOTTOM, 4))


def _across(left: float, right: float, y: float) -> Iterator[tuple[float, float]]:
    return ((float(x), y) for x in range(int(left), int(right), 12))


def _latest_places(plot: Plot, row: Indicator, text: str) -> Iterator[_Label]:
    """Above and below the newest point, nearest first."""
    x, y = plot.right - 6, plot.y(value_of(row.trend.points[-1]))
    width = width_of(text)
    left = min(max(x - width / 2, plot.left + 2), plot.right - width)
    for far in range(0, 36, 3):
        for baseline in (y - 9 - far, y + TEXT + 7 + far):
            if _inside(baseline):
                yield _Label(left, baseline, width, far)


def _beside(plot: Plot, level_y: float, text: str) -> Iterator[_Label]:
    """Directly above and below the line that it names."""
    width = width_of(text)
    for baseline in (level_y - 6, level_y + TEXT + 2):
        for left in _lefts(plot, width):
            if _inside(baseline):
                yield _Label(left, baseline, width)


def _elsewhere(plot: Plot, text: str) -> Iterator[_Label]:
    """Anywhere, with a sample of the line in front of its name."""
    width = SAMPLE + 4 + width_of(text)
    for baseline in range(HEIGHT - BOTTOM - 6, TOP, -4):
        for left in _lefts(plot, width):
            yield _Label(left, baseline, width, sample=SAMPLE + 4)


def _lefts(plot: Plot, width: float) -> Iterator[float]:
    """From left to right, the right end last."""
    last = plot.right - width
    yield from (float(x) for x in range(int(plot.left) + 4, int(last), 8))
    yield last


def _inside(baseline: float) -> bool:
    return TEXT - 2 <= baseline <= HEIGHT - BOTTOM - 3


def _hidden(place: _Label, along: _Points, others: Sequence[_Label] = ()) -> int:
    crossed = sum(place.covers(x, y) for x, y in along)
    return crossed + 100 * sum(place.overlaps(other) for other in others)


def along_line(placed: Sequence[tuple[float, float] | None]) -> Iterator[tuple[float, float]]:
    """Points every few pixels along the line."""
    for run in unbroken(placed):
        yield from run
        for (x1, y1), (x2, y2) in pairwise(run):
            steps = max(int((abs(x2 - x1) + abs(y2 - y1)) / 4), 1)
            yield from (
                (x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps) for n in range(1, steps)
            )


def _placed_text(place: _Label, text: str, colour: str) -> str:
    middle = place.x + (place.sample + place.width) / 2
    return drawn_text(middle, place.y, text, colour, "middle", bold=True)
