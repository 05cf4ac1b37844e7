"""All authorities of England on one line: an SVG strip with the council, its neighbours and its
region marked by height and shape, and everything it says also in its description."""

from decimal import Decimal
from html import escape

from orchestration.documents.plot import (
    AXIS_COLOUR,
    BENCHMARK_COLOUR,
    LINE_COLOUR,
    TEXT,
    WIDTH,
    drawn_text,
    width_of,
)
from orchestration.editions import words
from orchestration.editions.figures import Indicator
from orchestration.editions.standing import Official

STRIP_HEIGHT = 62
MARGIN, LINE = 8, 32
OTHER_COLOUR = "#6F6F6F"


def strip(row: Indicator, place: str = "") -> str | None:
    """An `<svg>` of where the council stands; None without official figures that differ. `place`
    tells the strips of one indicator on one page apart."""
    official = row.standing
    if official is None or official.figures[0].value == official.figures[-1].value:
        return None
    lowest, highest = official.figures[0].value, official.figures[-1].value

    def x(value: Decimal) -> float:
        share = float((value - lowest) / (highest - lowest))
        return MARGIN + (WIDTH - 2 * MARGIN) * min(max(share, 0), 1)

    ticks = {kind: "" for kind in ("other", "region", "neighbour")}
    for each in official.figures:
        kind, up, down = _tick(each)
        ticks[kind] += f"M{x(each.value):.1f} {LINE - up}v{up + down}"
    strip_id = f"strip-{row.indicator_id}{place}"
    parts = [
        f'<svg class="strip" viewBox="0 0 {WIDTH} {STRIP_HEIGHT}" role="img"'
        f' aria-labelledby="{strip_id}-title {strip_id}-desc"'
        f' font-family="Arial, Helvetica, sans-serif" font-size="{TEXT}">',
        f'<title id="{strip_id}-title">{escape(row.name)}: among all authorities</title>',
        f'<desc id="{strip_id}-desc">{escape(". ".join(words.standing(row)))}.</desc>',
        f'<path d="{ticks["other"]}" stroke="{OTHER_COLOUR}" stroke-width="0.75"/>',
        f'<path d="{ticks["region"]}" stroke="{BENCHMARK_COLOUR}" stroke-width="1.5"/>',
        f'<path d="{ticks["neighbour"]}" stroke="{LINE_COLOUR}" stroke-width="1.5"/>',
        drawn_text(MARGIN, STRIP_HEIGHT - 2, _end(lowest, row), AXIS_COLOUR, "start"),
        drawn_text(WIDTH - MARGIN, STRIP_HEIGHT - 2, _end(highest, row), AXIS_COLOUR, "end"),
    ]
    ours = words.own_count(row)
    if official.own is not None:
        parts.append(_mark(x(official.own), LINE_COLOUR))
        parts.append(_named(x(official.own), _end(official.own, row)))
    elif ours is not None and ours.value is not None:
        parts.append(_mark(x(ours.value), "#FFFFFF"))
        parts.append(_named(x(ours.value), _end(ours.value, row)))
    return "\n".join([*parts, "</svg>"])


def _tick(each: Official) -> tuple[str, int, int]:
    """How an authority is drawn: its kind, and how far it reaches above and below the line."""
    if each.is_neighbour:
        return "neighbour", 4, 12
    if each.is_of_region:
        return "region", 12, 4
    return "other", 4, 4


def _mark(x: float, fill: str) -> str:
    """A diamond: full for the official figure, hollow for the council's own count alone."""
    return (
        f'<path d="M{x:.1f} {LINE - 8}l6 8l-6 8l-6 -8Z" fill="{fill}" stroke="{LINE_COLOUR}"'
        ' stroke-width="1.5"/>'
    )


def _named(x: float, text: str) -> str:
    half = width_of(text) / 2
    return drawn_text(
        min(max(x, half), WIDTH - half), TEXT - 3, text, LINE_COLOUR, "middle", bold=True
    )


def _end(value: Decimal, row: Indicator) -> str:
    return words.number(value, row.decimals) + ("%" if row.unit == "percent" else "")
