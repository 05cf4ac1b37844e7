"""The councils of an area by denominator, as an SVG funnel about the area's value.

Solid and dotted lines are the limits of chance at 95 % and 99.8 %. A council inside them is a dot,
one outside a triangle that points the way it lies, with its place in the table beside. Drawn for a
320-pixel screen; everything the picture says is also in its description and in the table.
"""

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from orchestration.documents.plot import (
    AXIS_COLOUR,
    BENCHMARK_COLOUR,
    BOTTOM,
    GRID_COLOUR,
    HEIGHT,
    LIMIT_COLOUR,
    LINE_COLOUR,
    TEXT,
    TOP,
    WIDTH,
    Plot,
    drawn_text,
    tick_text,
    ticks_of,
    width_of,
)
from orchestration.editions import words
from orchestration.region.edition import Beside, RegionIndicator
from orchestration.region.funnel import Z_95, Z_998
from orchestration.region.said import council_said, place_said

STEPS = 40
"""Points of a curve."""


def funnel_chart(row: RegionIndicator, place: str = "") -> str:
    """An `<svg>` of an indicator's councils; empty where chance has no limits. `place` tells the
    charts of one indicator on one page apart."""
    councils = [each for each in row.councils if _size(each)]
    if row.funnel is None or not councils:
        return ""
    largest = max(map(_size, councils)) * 1.05
    values = [each.figure.value for each in councils if each.figure.value is not None]
    ticks = ticks_of(max([*values, Decimal(str(row.funnel.centre))]), row.unit)
    widest = max(width_of(tick_text(tick, row.unit)) for tick in ticks)
    plot = Plot(widest + 8, ticks, STEPS)
    chart_id = f"funnel-{row.indicator_id}{place}"
    parts = [
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{chart_id}-title {chart_id}-desc"'
        f' font-family="Arial, Helvetica, sans-serif" font-size="{TEXT}">',
        f'<title id="{chart_id}-title">{escape(row.name)}: councils by denominator</title>',
        f'<desc id="{chart_id}-desc">{escape(funnel_message(row))}</desc>',
        *_axes(plot, row, largest),
        *_limits(plot, row, largest),
        *_councils(plot, councils, largest),
        "</svg>",
    ]
    return "\n".join(parts)


def funnel_message(row: RegionIndicator) -> str:
    """What the picture shows, in words: the area's value and who lies outside the limits."""
    told = [each for each in row.councils if each.place is not None]
    out = [
        f"{council_said(each, row)}, {place_said(each)}" for each in told if each.place != "inside"
    ]
    centre = words.amount(row.figure.value or Decimal(0), row.unit, row.decimals)
    said = [f"{len(told)} councils about {centre} of all together."]
    said.append(f"Outside the limits: {'; '.join(out)}." if out else "All lie inside the limits.")
    return " ".join(said)


def _size(council: Beside) -> float:
    return float(council.figure.denominator or 0) if council.place is not None else 0.0


def _axes(plot: Plot, row: RegionIndicator, largest: float) -> Iterator[str]:
    for tick in plot.ticks:
        y = plot.y(tick)
        yield (
            f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
            f' stroke="{GRID_COLOUR if tick else AXIS_COLOUR}"/>'
        )
        yield drawn_text(plot.left - 6, y + 5.5, tick_text(tick, row.unit), AXIS_COLOUR, "end")
    yield drawn_text(plot.left, HEIGHT - 6, "0", AXIS_COLOUR, "start")
    text = words.plain(Decimal(int(largest / 1.05)))
    yield drawn_text(plot.right, HEIGHT - 6, text, AXIS_COLOUR, "end")


def _limits(plot: Plot, row: RegionIndicator, largest: float) -> Iterator[str]:
    """The area's value across, and the curves from the smallest denominator on."""
    if row.funnel is None:
        return
    y = plot.y(min(Decimal(str(row.funnel.centre)), plot.ticks[-1]))
    yield (
        f'<line x1="{plot.left:.1f}" y1="{y:.1f}" x2="{plot.right:.1f}" y2="{y:.1f}"'
        f' stroke="{BENCHMARK_COLOUR}" stroke-width="2"/>'
    )
    sizes = [largest * (step / STEPS) ** 2 for step in range(1, STEPS + 1)]
    for z, dashes in ((Z_95, "none"), (Z_998, "2 3")):
        for side in (0, 1):
            points = []
            for size in sizes:
                level = Decimal(str(row.funnel.limits(size, z)[side]))
                if level <= plot.ticks[-1]:
                    points.append(f"{_x(plot, size, largest):.1f},{plot.y(level):.1f}")
            yield (
                f'<polyline points="{" ".join(points)}" fill="none" stroke="{LIMIT_COLOUR}"'
                f' stroke-width="1.5" stroke-dasharray="{dashes}"/>'
            )


def _councils(plot: Plot, councils: list[Beside], largest: float) -> Iterator[str]:
    dots, named = [], []
    for each in councils:
        x = _x(plot, _size(each), largest)
        y = plot.y(min(each.figure.value or Decimal(0), plot.ticks[-1]))
        if each.place == "inside":
            dots.append(f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0-8 0")
            continue
        tip, base = (y - 7, y + 4.5) if str(each.place).startswith("above") else (y + 7, y - 4.5)
        dots.append(f"M{x:.1f} {tip:.1f}L{x + 6.5:.1f} {base:.1f}L{x - 6.5:.1f} {base:.1f}Z")
        # beside the mark, on the side on which there is room
        side, anchor = (-9, "end") if x > (plot.left + plot.right) / 2 else (9, "start")
        within = min(max(y + 5.5, TOP + TEXT - 2), HEIGHT - BOTTOM - 2)
        named.append(drawn_text(x + side, within, str(each.rank), LINE_COLOUR, anchor, bold=True))
    yield f'<path class="dots" d="{"".join(dots)}" fill="{LINE_COLOUR}"/>'
    yield from named


def _x(plot: Plot, size: float, largest: float) -> float:
    return plot.left + (plot.right - plot.left) * size / largest
