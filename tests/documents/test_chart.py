"""The trend line of one indicator."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

import pytest

from orchestration.documents.chart import trend_chart
from orchestration.documents.labels import SAMPLE, along_line
from orchestration.documents.plot import (
    AXIS_COLOUR,
    GRID_COLOUR,
    HEIGHT,
    LIMIT_COLOUR,
    SIGNAL_COLOURS,
    TEXT,
    WIDTH,
    width_of,
)
from orchestration.editions.figures import Edition, Indicator, Signal, Trend

Row = Callable[[str], Indicator]


def _drawn(row: Indicator) -> ElementTree.Element:
    chart = trend_chart(row)
    assert chart is not None
    return ElementTree.fromstring(chart)


def test_fewer_than_three_points_draw_no_line(row: Row) -> None:
    assert trend_chart(row("cl_neet_pct")) is None
    assert trend_chart(row("ehcp_issued_within_20wk_pct")) is None
    assert trend_chart(row("cp_visits_within_10wd_pct")) is not None


def test_a_gap_breaks_the_line(row: Row) -> None:
    lines = _drawn(row("assessments_within_45wd_pct")).findall("polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 3]


def test_the_picture_is_named_and_described_in_words(row: Row) -> None:
    chart = _drawn(row("assessments_within_45wd_pct"))
    assert chart.attrib["role"] == "img"
    ids = [chart.find(tag).attrib["id"] for tag in ("title", "desc")]
    assert chart.attrib["aria-labelledby"].split() == ids
    assert chart.find("title").text == "Assessments completed within 45 working days: trend"
    assert chart.find("desc").text == (
        "5 quarters with a figure, from Q1 2018/19 to Q2 2019/20. Latest: 92.6% in Q2 2019/20. "
        "Lowest: 85.0% in Q2 2018/19. Highest: 92.6% in Q2 2019/20. Target now: 90%. "
        "England: 83.1% in 2018/19. No figure for Q3 2018/19."
    )


def test_the_target_line_is_labelled_and_not_told_by_colour_alone(row: Row) -> None:
    chart = _drawn(row("assessments_within_45wd_pct"))
    assert "Target 90%" in [text.text for text in chart.findall("text")]
    assert [line for line in chart.findall("line") if "stroke-dasharray" in line.attrib]


def test_the_axis_starts_at_zero_with_few_gridlines(row: Row) -> None:
    labels = [text.text for text in _drawn(row("cic_count")).findall("text")]
    assert labels[:4] == ["0", "100", "200", "300"]


@pytest.mark.parametrize(
    ("highest", "top"),
    [
        ("0", "1"),
        ("1", "1"),
        ("3", "3"),
        ("7", "8"),
        ("12", "15"),
        ("999", "1,000"),
        ("1001", "1,500"),
    ],
)
def test_the_axis_ends_on_a_round_number_above_the_line(row: Row, highest: str, top: str) -> None:
    texts = _drawn(_with_values(row("cic_count"), highest)).findall("text")
    ticks = [each.text for each in texts if each.attrib["text-anchor"] == "end"]
    assert ticks[0] == "0"
    assert ticks[-1] == top
    assert 2 <= len(ticks) <= 6


def test_everything_lies_inside_the_picture_at_a_phones_width(edition: Edition) -> None:
    assert WIDTH <= 320 - 2 * 16
    assert TEXT >= 16
    charts = [chart for row in edition.rows if (chart := trend_chart(row))]
    assert len(charts) == 7
    for chart in charts:
        for text in ElementTree.fromstring(chart).findall("text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            width = 10.2 * len(text.text or "")
            before = {"start": 0.0, "middle": width / 2, "end": width}[text.attrib["text-anchor"]]
            assert x - before >= -1
            assert x - before + width <= WIDTH + 1
            assert TEXT * 0.75 <= y <= HEIGHT


def test_names_are_escaped(row: Row) -> None:
    now = replace(row("cic_count"), name="<script>alert('x')</script> & more")
    assert _drawn(now).find("title").text == "<script>alert('x')</script> & more: trend"


def test_only_the_palette_for_charts_is_used(edition: Edition) -> None:
    charts = "".join(trend_chart(row) or "" for row in edition.rows)
    light_grid, england = "#D9D9D9", "#28786E"
    palette = {"#12436D", "#801650", "#3D3D3D", light_grid, england}
    assert set(re.findall("#[0-9A-F]{6}", charts)) == palette


def _with_values(row: Indicator, highest: str) -> Indicator:
    points = tuple(replace(point, value=Decimal(highest)) for point in row.trend.points)
    return replace(row, trend=replace(row.trend, points=points))


def _with_signals(row: Indicator, means: list[int], kinds: list[tuple[str, str]]) -> Indicator:
    points = row.trend.points[-len(means) :]
    signals = {
        point.period_end: Signal(
            *kind,
            Decimal(mean),
            Decimal(mean - 20),
            Decimal(mean + 20),
            points[0].period_start,
            points[-1].period_end,
        )
        for point, mean, kind in zip(points, means, kinds, strict=True)
    }
    return replace(row, trend=replace(row.trend, points=points, signals=signals))


USUAL = ("common_cause", "")


def test_mean_and_limits_step_where_a_baseline_begins_and_one_month_is_no_line(row: Row) -> None:
    told = _with_signals(row("cic_count"), [200] + [240] * 4 + [260] * 3, [USUAL] * 8)
    lines = [line for line in _drawn(told).iter("line") if line.attrib["stroke"] == LIMIT_COLOUR]
    assert len(lines) == 6, "mean, lower and upper of two baselines, none of the first month's"
    means = [line for line in lines if "stroke-dasharray" not in line.attrib]
    widths = [float(line.attrib["x2"]) - float(line.attrib["x1"]) for line in means]
    assert widths[0] / widths[1] == pytest.approx(4 / 3, abs=0.02)
    assert means[0].attrib["x2"] == means[1].attrib["x1"]
    assert float(means[0].attrib["y1"]) > float(means[1].attrib["y1"])


def test_a_month_that_stands_out_is_told_by_shape_and_by_colour(row: Row) -> None:
    kinds = [
        USUAL,
        ("special_cause_concern", "Above UCL"),
        ("special_cause_improvement", "Below LCL"),
        ("special_cause_neutral_high", "7 Points Above CL"),
    ]
    chart = _drawn(_with_signals(row("cic_count"), [240] * 4, kinds))
    marks = [path.attrib for path in chart.iter("path") if path.attrib.get("stroke") == "#FFFFFF"]
    assert [mark["fill"] for mark in marks] == [
        SIGNAL_COLOURS[kind] for kind in ("concern", "improvement", "neutral")
    ]
    tips = [re.findall(r"[\d.]+", mark["d"]) for mark in marks]
    assert [float(tip[1]) < float(tip[3]) for tip in tips] == [True, False, True]


def _boxes(chart: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    found = []
    for text in chart.iter("text"):
        if text.attrib.get("font-weight") == "bold":
            x, y, half = float(text.attrib["x"]), float(text.attrib["y"]), width_of(text.text) / 2
            found.append((x - half, y - 12, x + half, y))
    return found


def _stretches(chart: ElementTree.Element) -> list[tuple[float, float]]:
    """Points along the line of the figures and along those of target, England and limits."""
    found: list[tuple[float, float]] = []
    for line in chart.iter("polyline"):
        found += along_line(
            [tuple(map(float, p.split(","))) for p in line.attrib["points"].split()]
        )
    for line in chart.iter("line"):
        ends = [float(line.attrib[name]) for name in ("x1", "y1", "x2", "y2")]
        if line.attrib["stroke"] not in (GRID_COLOUR, AXIS_COLOUR) and ends[2] - ends[0] > SAMPLE:
            found += along_line([(ends[0], ends[1]), (ends[2], ends[3])])
    return found


@pytest.mark.parametrize("values", [(12, 32), (16, 23, 19), (30, 16, 11), (23, 23, 17)])
def test_no_label_lies_on_a_line_or_on_another_one(row: Row, values: tuple[int, ...]) -> None:
    told = row("assessments_within_45wd_pct")
    points = [
        replace(told.trend.points[-1], value=Decimal(values[n % len(values)])) for n in range(24)
    ]
    told = replace(
        told,
        target=Decimal(18),
        england=replace(told.england, value=Decimal("22.6")),
        trend=replace(told.trend, points=tuple(points)),
    )
    chart = _drawn(told)
    boxes, along = _boxes(chart), _stretches(chart)
    assert len(boxes) == 3
    for left, top, right, bottom in boxes:
        assert not [(x, y) for x, y in along if left < x < right and top < y < bottom]
    for one, other in combinations(boxes, 2):
        is_apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert is_apart


def test_the_newest_year_is_named_where_not_all_have_room(row: Row) -> None:
    told = row("assessments_within_45wd_pct")
    years = [
        replace(
            told.trend.points[-1],
            period_type="financial_year",
            period_start=date(year, 4, 1),
            period_end=date(year + 1, 3, 31),
        )
        for year in range(2021, 2026)
    ]
    told = replace(told, trend=Trend("year", tuple(years)))
    named = [text.text for text in _drawn(told).iter("text") if "/" in (text.text or "")]
    assert named == ["25/26", "23/24", "21/22"]
