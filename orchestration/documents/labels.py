"""Where the names of lines and the latest figure stand: where they hide least of the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from orchestration.documents.plot import (
    BOTTOM,
    HEIGHT,
    LINE_COLOUR,
    TEXT,
    Plot,
    drawn_text,
    level_lines,
    placed_points,
    unbroken,
    value_of,
    width_of,
)
from orchestration.editions import words
from orchestration.editions.figures import Indicator


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


def drawn_labels(plot: Plot, row: Indicator) -> Iterator[str]:
    """The latest value, the target and England beside their marks, where they hide the least."""
    # a label for an older period would be read as the newest
    is_newest = row.trend.points[-1].value is not None
    latest = row.trend.known[-1]
    latest_text = words.number(value_of(latest), row.decimals)
    latest_text += "%" if row.unit == "percent" else ""
    latest_places = _latest_places(plot, row, latest_text)
    line = list(along_line(placed_points(plot, row)))
    levels = level_lines(row)
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
    placed = list(zip(best, texts, strict=True))
    for place, (text, colour) in placed if is_newest else placed[1:]:
        yield _placed_text(place, text, colour)


def _latest_places(plot: Plot, row: Indicator, text: str) -> list[_Label]:
    index = max(n for n, point in enumerate(row.trend.points) if point.value is not None)
    x, y = plot.x(index), plot.y(value_of(row.trend.points[index]))
    width = width_of(text)
    left = min(max(x - width / 2, plot.left + 2), plot.right - width)
    baselines = (y - 9, y + TEXT + 7, y - 24, y + TEXT + 22)
    return [_Label(left, base, width) for base in baselines if _inside(base)]


def _beside(plot: Plot, level_y: float, text: str) -> list[_Label]:
    width = width_of(text)
    middle = (plot.left + plot.right - width) / 2
    lefts = (plot.left + 4, plot.right - width, middle)
    baselines = (level_y - 6, level_y + TEXT + 2)
    return [_Label(left, base, width) for left in lefts for base in baselines if _inside(base)]


def _inside(baseline: float) -> bool:
    return TEXT - 2 <= baseline <= HEIGHT - BOTTOM - 3


def _hidden(place: _Label, along: Sequence[tuple[float, float]]) -> int:
    return sum(place.covers(x, y) for x, y in along)


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
    return drawn_text(place.x + place.width / 2, place.y, text, colour, "middle", bold=True)
