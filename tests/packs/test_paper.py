"""The paper as members get it: its length, its order, and that no words contradict a chart."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.documents.periods_drawn import MOST_STANDING_OUT, by_period, drawn
from orchestration.editions import words
from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Edition, Indicator
from orchestration.editions.headline_period import with_headline_periods
from orchestration.editions.over_the_year import year_change
from orchestration.packs.blocks import blocks_of, printed
from orchestration.packs.contents import Occasion, pack_of
from orchestration.packs.issue import as_printed
from orchestration.packs.meetings import Meeting, read_meetings
from orchestration.packs.narrative import narrative, read_narrative
from orchestration.packs.pack import Pack
from orchestration.packs.pack_files import pack_page
from orchestration.packs.pdf import annex_pdf, paper_pdf, without_closing_spaces
from orchestration.packs.questions import read_questions
from orchestration.packs.sets import IndicatorSet, of_set, read_set
from orchestration.reference.tables import Reference
from orchestration.settings import settings
from tests.browser import browser
from tests.packs.pages import fullness, texts

__all__ = ["browser"]

SAMPLE, WOKINGHAM = "sample-borough-2026-04-21", "wokingham-2019-06-18"
ORDER = (
    *("Covering report", "In one minute", "Scorecard", "Areas for improvement", "Doing well"),
    *("You asked, we answered", "What changed since the last pack", "How to read it", "Contact"),
)
needs_pango = pytest.mark.needs("pango")


def edition_of(meeting: Meeting, set_id: str) -> Edition:
    audience = read_set(settings.reference, set_id)
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        edition = load_edition(connection, meeting.geography_code, meeting.figures_as_at)
    return as_printed(of_set(edition, audience), audience)


def public_edition(meeting: Meeting, audience: IndicatorSet) -> Edition:
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        edition = load_edition(connection, meeting.geography_code, meeting.figures_as_at)
    edition = of_set(edition, audience)
    hiding = hidden_figures(edition.rows, edition.ties, [])
    return as_printed(publishable(edition, hiding.places), audience)


def pack_for(meeting_id: str, set_id: str = "", public: bool = False) -> Pack:
    """The pack with all figures, as Part 2 has it, or the public one."""
    reference = settings.reference
    [meeting] = [each for each in read_meetings(reference) if each.meeting_id == meeting_id]
    audience = read_set(reference, set_id or meeting.indicator_set)
    if public:
        edition = public_edition(meeting, audience)
    else:
        edition = edition_of(meeting, set_id or meeting.indicator_set)
    questions = read_questions(reference, meeting, {meeting.geography_code})
    portfolios = {1: "Learning", 7: "Learning"}
    occasion = Occasion(
        meeting, portfolios, (), {}, "the team", date(2026, 3, 31), 1, "", audience, questions
    )
    blocks = blocks_of(edition, {})
    written = narrative(
        [each for each in read_narrative(reference, meeting_id)],
        edition,
        {name: printed(block) for name, block in blocks.items()},
        [each.line for each in questions],
    )
    return pack_of(edition, occasion, blocks, written)


@pytest.fixture(scope="module")
def sample(whole_job: Any) -> Pack:
    return pack_for(SAMPLE)


@needs_pango
@pytest.mark.parametrize(
    ("meeting", "set_id", "most"),
    [(SAMPLE, "", 14), (SAMPLE, "darlington", 10), (WOKINGHAM, "", 6)],
)
def test_a_paper_is_short_and_its_pages_are_full(
    whole_job: Any, meeting: str, set_id: str, most: int
) -> None:
    pack = pack_for(meeting, set_id, public=True)
    paper = paper_pdf(pack)
    pages = texts(paper)
    assert 2 <= len(pages) <= most
    assert min(fullness(paper)[:-1]) > 0.5
    whole, place = " ".join(pages), 0
    for heading in ORDER:
        place = whole.index(heading, place)
    for dashboard in pack.dashboards:
        if dashboard.core:
            heading = f"{dashboard.number}. {dashboard.name}"
            assert whole.index("You asked, we answered") < whole.index(heading) < place
    # one page, running title and number on each
    [page] = [text for text in pages if re.search(r"Scorecard .*Over the year", text)]
    assert all(block.name in page for block in pack.scorecard)
    assert all(f"Page {n} of {len(pages)}" in text for n, text in enumerate(pages, 1))


@needs_pango
def test_two_figures_make_a_short_paper_that_says_what_could_not_be_judged(whole_job: Any) -> None:
    pack = pack_for(WOKINGHAM)
    paper, annex = (" ".join(texts(made(pack))) for made in (paper_pdf, annex_pdf))
    assert "64 of 66 indicators could not be judged at all: they have no current figure." in paper
    assert "so nothing could be judged" in paper and "not to say that all is well" in paper
    assert "[x] [x] [x] [x] [x] [x] [x] [x]" not in paper
    assert len(pack.without) == 64
    for block in pack.without:
        assert block.name in annex.split("Indicators without a figure")[1]


@needs_pango
def test_the_annex_has_a_block_for_each_figure_two_or_more_to_a_page(sample: Pack) -> None:
    pages = texts(annex_pdf(sample))
    known = [block for block in sample.blocks if block.has_figure]
    assert len(known) > 50 and len(pages) <= len(known) / 2 + 1
    whole, place = " ".join(pages), 0
    for block in known:
        place = whole.index(block.name, place) + 1


@needs_pango
def test_a_page_of_the_annex_names_the_indicator_whose_table_it_begins_with(sample: Pack) -> None:
    pages, newest, going_on = texts(annex_pdf(sample)), "", 0
    for page in pages:
        begun = {page.find(f"{b.name} {b.polarity}. "): b.name for b in sample.blocks}
        begun.pop(-1, None)
        if newest and -1 < page.find("Period ") < min(begun, default=len(page)):
            going_on += 1
            assert f": annex: {newest}" in page
        newest = begun[max(begun)] if begun else newest
    assert going_on
    whole = " ".join(pages)
    assert "(None)" not in whole and "None agreed. N" not in whole and "Pru:" not in whole


def test_every_indicator_is_judged_or_it_is_said_why_not(sample: Pack) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", pack_page(sample).decode()).split())
    of = sample.summary["total"]
    untold = re.search(rf"(\d+) of {of} indicators could not be judged at all", page)
    [no_target] = re.findall(rf"(\d+) of {of} have a figure, but no target to hold it", page)
    apart = int(untold[1]) if untold else 0
    assert sample.summary["judged"] + int(no_target) + apart == of


def in_words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.decode()).split())


def test_each_dashboard_says_what_to_look_at(sample: Pack) -> None:
    page = in_words(pack_page(sample))
    assert page.count("To look at: ") == sum(bool(each.core) for each in sample.dashboards)
    concerns = {name for each in sample.dashboards for name, _ in each.concerns}
    core = [block for each in sample.dashboards for block in each.core]
    assert concerns == {
        block.name for block in core if block.rag == "red" or "worsening" in block.change
    }
    assert "(missed" in page and concerns
    # told in brackets, in the words that stand beside the figure elsewhere
    told = {block.name: f"missed {block.change_brief}" for block in core}
    for name, why in (each for board in sample.dashboards for each in board.concerns):
        assert "(" not in why and set(re.findall(r"[^,;() ]+", why)) <= set(
            re.findall(r"[^,;() ]+", told[name])
        )
    quiet = [each for each in sample.dashboards if each.core and not each.concerns]
    assert page.count("To look at: nothing misses its target") == len(quiet)


def test_a_position_is_told_as_the_average_of_its_months_too(sample: Pack) -> None:
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        means = connection.sql(
            "select indicator_id, month_end_mean from marts.kpi_yearly "
            "where month_end_mean is not null and geography_code = 'X06000001' "
            "and period_end in ('2025-03-31', '2026-03-31') and breakdown = 'total' "
            "order by indicator_id, period_end desc"
        ).fetchall()
    for indicator_id in ("cic_count", "cp_plans_open_count", "ehcp_active_plans_count"):
        [block] = [each for each in sample.blocks if each.indicator_id == indicator_id]
        now, before = (words.number(mean, 1) for of, mean in means if of == indicator_id)
        assert block.averages == f"{now} this year so far, {before} last year"
    public = pack_for(SAMPLE, public=True)
    hidden = [b for b in public.blocks if "[c]" in {cell.figure for cell in b.recent}]
    assert hidden and not any(block.averages for block in hidden)
    assert "Average of the month ends: Children in care " in in_words(pack_page(sample))


def test_what_is_said_of_a_figure_fits_its_period(sample: Pack) -> None:
    told = {block.indicator_id: block for block in sample.blocks}
    # its year has ended on the day of the pack
    assert "closes before 1 April 2027" in told["asye_applications_count"].next_due
    for row in rows_of(SAMPLE):
        change, brief = year_change(row), told[row.indicator_id].change_brief
        if change and change.difference and row.headline:
            is_position = row.time_basis in ("snapshot_count", "snapshot_ratio")
            is_quarter = row.headline.period_type == "quarter" and not is_position
            is_told = "than the same quarter last year" in brief
            assert is_told == (is_quarter and change.span == "a year"), row.name
    assert "than the same quarter last year" in told["missing_children_count"].change_brief
    for block in sample.blocks:
        for heading, cells in block.parts:
            assert "No figure" not in {cell.figure for cell in cells}, (block.name, heading)


def rows_of(meeting_id: str) -> list[Indicator]:
    [meeting] = [
        each for each in read_meetings(settings.reference) if each.meeting_id == meeting_id
    ]
    return list(edition_of(meeting, "all").rows)


@pytest.mark.parametrize("meeting", [SAMPLE, WOKINGHAM])
def test_no_words_contradict_the_chart_beside_them(whole_job: Any, meeting: str) -> None:
    compared = 0
    for row in rows_of(meeting):
        change, shown = year_change(row), drawn(row)
        if change is None or shown is None or shown.trend.points[-1].value is None:
            continue
        points = shown.trend.points
        back = {"month": 12, "quarter": 4, "year": 1}[shown.trend.period_type]
        span = {"12 months": back, "3 months": max(back // 4, 1), "a year": 1}[change.span]
        if change.span == "3 months" and shown.trend.period_type == "year":
            continue
        now, before = points[-span:], points[-span - back : -back]
        values = [[each.value for each in part] for part in (now, before)]
        if None in values[0] + values[1] or len(before) < span:
            continue
        counted = [each.denominator for each in (*now, *before)]
        if row.unit == "count" or None in counted or row.time_basis.endswith("median"):
            means = [sum(part) / len(part) for part in values]
        else:  # a percentage of a year is of all its cases
            pooled = [
                (sum(v * d for v, d in zip(part, weights, strict=True)), sum(weights))
                for part, weights in zip(values, (counted[:span], counted[span:]), strict=True)
            ]
            means = [top / bottom for top, bottom in pooled if bottom]
        if len(means) == 2 and abs(change.difference) > 10**-row.decimals:
            compared += 1
            assert (means[0] > means[1]) == (change.difference > 0), (row.name, means, change)
    assert compared > (0 if meeting == WOKINGHAM else 30)


def test_the_label_of_a_chart_is_its_newest_point_or_is_not_there(sample: Pack) -> None:
    for row in rows_of(SAMPLE):
        for kind, each in by_period(row).items():
            [block] = [block for block in sample.blocks if block.indicator_id == row.indicator_id]
            bold = re.findall(r'class="halo">([^<]*)<', block.charts[kind])
            newest = each.trend.points[-1].value
            labels = [text for text in bold if not text.startswith(("Target", "England"))]
            assert len(labels) == (newest is not None), (row.name, kind)


def test_few_points_stand_out_and_no_series_is_all_marked(whole_job: Any) -> None:
    for meeting, most in ((SAMPLE, 0.1), (WOKINGHAM, MOST_STANDING_OUT)):
        out = points = 0
        for row in rows_of(meeting):
            shown = by_period(row).get("month")
            if shown is None:
                continue
            marked = [
                each for each in shown.trend.signals.values() if each.point_type != "common_cause"
            ]
            assert len(marked) <= MOST_STANDING_OUT * len(shown.trend.points), row.name
            out, points = out + len(marked), points + len(shown.trend.points)
        assert out <= most * points


def test_of_where_children_went_missing_from_a_whole_year_is_told(whole_job: Any) -> None:
    [meeting] = [each for each in read_meetings(settings.reference) if each.meeting_id == SAMPLE]
    rows = {row.indicator_id: row for row in edition_of(meeting, "all").rows}
    for indicator, period in (
        ("missing_incidents_count", "rolling_12m"),
        # of children counted once there are no rolling months
        ("missing_children_count", "financial_year"),
    ):
        parts = rows[indicator].longer_parts
        assert {part.breakdown for part in parts} >= {"setting", "in_out_borough"}
        assert {part.figure.period_type for part in parts} == {period}
        assert {part.figure.period_end for part in parts} == {date(2026, 3, 31)}


def test_sizes_stand_before_how_sure_and_no_single_case_is_a_trend(sample: Pack) -> None:
    told = [block.change for block in sample.blocks if block.change]
    assert len(told) > 30
    for text in told:
        assert re.match(r"[\d,.]+(%| |$)|the same as|no change", text), text
        if "chance" in text:
            assert re.search(r"\d.*chance", text), text
    assert any("improving" in text or "worsening" in text for text in told)
    for row in rows_of(SAMPLE):
        change = year_change(row)
        if change and row.time_basis in ("snapshot_count", "snapshot_ratio"):
            assert change.is_sure is None  # everybody was counted


def test_a_quarterly_set_shows_no_months(whole_job: Any) -> None:
    pack = pack_for(SAMPLE, "corporate-quarterly")
    assert {block.tier for block in pack.blocks} == {"headline", "core"}
    assert all("month" not in block.charts for block in pack.blocks)
    assert {block.recent for block in pack.blocks} == {()}
    periods = {block.period_short.split(" 20")[0] for block in pack.blocks if block.period}
    assert not any(re.match(r"[A-Z][a-z]{2}$", each) for each in periods), periods


def test_a_set_keeps_its_rows_when_one_of_them_is_damaged(reference: Reference) -> None:
    path = reference.seeds / "set_indicators.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("headline", "front").replace("core", "front")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [fault] = reference.table("set_indicators").faults
    assert (fault.row, fault.column) == (2, "tier")
    assert (
        len(read_set(reference, "wokingham").tiers)
        == len(read_set(settings.reference, "wokingham").tiers) - 1
    )


def test_questions_return_until_they_are_closed(reference: Reference) -> None:
    head = "meeting_id,question,indicator_id,answer,by_when,state,closed_at\n"
    rows = (
        "sample-borough-2026-01-20,Open one,cic_count,{figure},2026-06-01,open,",
        "sample-borough-2026-01-20,Closed now,,Yes.,,closed,sample-borough-2026-04-21",
        "sample-borough-2026-01-20,Closed before,,Yes.,,closed,",
        "wokingham-2020-01-07,Of another council,,,,open,",
        "sample-borough-2026-04-21,Asked at this meeting,,,,open,",
        "sample-borough-2026-01-20,No such state,,,,perhaps,",
    )
    path: Path = reference.seeds / "questions.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    [meeting] = [each for each in read_meetings(reference) if each.meeting_id == SAMPLE]
    found = read_questions(reference, meeting, {"X06000001"})
    assert [(each.text, each.is_open) for each in found] == [
        ("Open one", True),
        ("Closed now", False),
    ]
    [fault] = reference.table("questions").faults
    assert (fault.row, fault.column) == (7, "state")
    assert "questions.csv | row 7, column state" in str(fault) and "perhaps" not in str(fault)


@pytest.mark.needs("chromium")
def test_the_page_is_found_through_by_keyboard_and_without_scripts(
    browser: Any, sample: Pack, tmp_path: Path
) -> None:
    page = pack_page(sample)
    assert len(page) <= 1_000_000
    assert not re.search(rb'(?:src|href)="(?!#)', page)
    path = tmp_path / "page.html"
    path.write_bytes(page)
    shown = browser.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(path.as_uri())
    assert asked == [path.as_uri()]
    stops = """() => [...document.querySelectorAll(
        'a[href], input, select, button, summary, [tabindex="0"]')]
        .filter(each => each.checkVisibility()).length"""
    assert shown.evaluate(stops) <= 60
    # regions that scroll hold tables, and nothing else scrolls sideways
    assert shown.evaluate(
        "() => [...document.querySelectorAll('[tabindex=\"0\"]')].every(e => "
        "e.firstElementChild.tagName === 'TABLE')"
    )
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1280
    visible = "() => [...document.querySelectorAll('#blocks > *')].filter(e => !e.hidden).length"
    every = shown.evaluate(visible)
    shown.fill("#search", "care leavers")
    few = shown.evaluate(visible)
    assert 0 < few < every and f"{few} of {every} indicators" in shown.inner_text("#found")
    shown.fill("#search", "")
    shown.select_option("#rag", "red")
    assert shown.evaluate(visible) == sum(block.rag == "red" for block in sample.blocks)
    shown.select_option("#rag", "")
    shown.select_option("#of", "7")
    [seven] = [each for each in sample.dashboards if each.number == 7]
    assert shown.evaluate(visible) == sum(block.has_figure for block in seven.blocks)
    shown.select_option("#of", label="Learning")
    assert shown.evaluate(visible) == sum(
        block.has_figure
        for each in sample.dashboards
        if each.number in (1, 7)
        for block in each.blocks
    )
    shown.select_option("#of", "")
    shown.select_option("#sort", "name")
    names = shown.eval_on_selector_all("#blocks .name", "all => all.map(e => e.textContent)")
    assert [name.lower() for name in names] == sorted(name.lower() for name in names)
    drawn_kinds = (
        "() => [...new Set([...document.querySelectorAll('figure[data-kind]')]"
        ".filter(e => !e.hidden && e.parentElement.querySelector('[data-kind=year]'))"
        ".map(e => e.dataset.kind))]"
    )
    shown.select_option("#by", "year")
    assert shown.evaluate(drawn_kinds) == ["year"]
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    assert plain.locator("#choose").is_hidden()
    assert plain.locator("#blocks figure[data-kind]:visible").count() == sum(
        len(block.charts) for block in sample.blocks if block.has_figure
    )
    plain.context.close()


@pytest.mark.needs("chromium")
def test_charts_can_be_read_in_forced_colours(browser: Any, sample: Pack, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(pack_page(sample))
    shown = browser.new_page(forced_colors="active", color_scheme="dark")
    shown.goto(path.as_uri())
    colours = "e => [getComputedStyle(e).fill, getComputedStyle(e).stroke]"
    canvas = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    for part in ("text", "polyline", ".marks"):
        element = shown.locator(f".charts svg.trend {part}").first
        fill, stroke = element.evaluate(colours)
        assert canvas not in ((fill,) if part == "text" else (stroke,))


@pytest.mark.needs("chromium")
def test_in_print_the_page_is_what_its_reader_has_opened(
    browser: Any, sample: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(pack_page(sample))
    shown = browser.new_page(viewport={"width": 1280, "height": 800})
    shown.goto(path.as_uri())

    def on_paper() -> tuple[int, str]:
        pages = texts(shown.pdf(prefer_css_page_size=True))
        return len(pages), " ".join(" ".join(pages).split())

    pages, text = on_paper()
    assert pages <= 24 and "Search" not in text
    first, second = [block for block in sample.blocks if block.has_figure][:2]
    assert first.counts not in text and second.name in text
    shown.evaluate("id => { document.getElementById(id).open = true; }", first.indicator_id)
    more, text = on_paper()
    assert pages <= more <= pages + 2 and first.counts in text


def test_what_is_chosen_is_not_chosen_otherwise_the_next_time(whole_job: Any) -> None:
    [meeting] = [each for each in read_meetings(settings.reference) if each.meeting_id == SAMPLE]
    edition = edition_of(meeting, "all")
    assert with_headline_periods(edition) == edition


def test_no_block_of_print_ends_with_a_space() -> None:
    """WeasyPrint would break its last line after the first word."""
    page = "<p><strong>A. </strong>B of C. </p>\n<ul><li>D \n</li></ul><td> </td>"
    tight = "<p><strong>A. </strong>B of C.</p>\n<ul><li>D</li></ul><td></td>"
    assert without_closing_spaces(page) == tight
