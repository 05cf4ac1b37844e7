"""A pack is published once, corrected by the next issue, and held back by what is missing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.commands.verify_exports import faults_of
from orchestration.editions.figures import Edition, Figure, place_of
from orchestration.packs.issue import Parts, as_printed, make_pack
from orchestration.packs.record import (
    LOG,
    append_to_log,
    file_sha256,
    read_log,
    read_publications,
    record_faults,
    write_figures,
)
from orchestration.packs.sets import EVERYTHING, TIERS, IndicatorSet, of_set
from orchestration.packs.sign_off import Issued, approve_pack
from orchestration.publication.errors import PackNotReady, RecordBroken
from orchestration.publication.manifest import read_manifest, verify
from tests.packs.conftest import file_of, publish_pack, revised

Make = Callable[..., Issued]
pytestmark = pytest.mark.needs("pango")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_run_changes_nothing(issued: Issued, issue: Make) -> None:
    first = issued
    before = files(first.folder)
    again = issue(now="2019-10-22T09:00:00+00:00", who="somebody else")
    assert (first.outcome, again.outcome) == ("published", "unchanged")
    assert files(first.folder) == before
    assert verify(first.folder) == []
    assert {name.split("/")[0] for name in before} == {"manifest.json", "public", "restricted"}


def test_the_same_pack_has_the_same_bytes(issued: Issued, tmp_path: Path, parts: Parts) -> None:
    first = files(issued.folder)
    again = publish_pack(parts, tmp_path / "again", tmp_path / "other_publications", "")
    assert files(again.folder) == first


def test_a_correction_needs_a_reason_and_is_the_next_issue(
    issued: Issued, issue: Make, edition: Edition, tmp_path: Path
) -> None:
    assert issue(edition=revised(edition)).outcome == "differing"
    second = issue("recorded late", edition=revised(edition))
    assert (second.outcome, second.issue, second.folder.name) == ("published", 2, "issue-2")
    page = file_of(second.folder / "public", "page.html").read_text()
    assert "Issue 2: recorded late" in page
    assert "92.6% (88 of 95) in issue 1, now 94.7% (90 of 95)" in page
    assert "94.7% [r]" in page
    assert [entry["reason"] for entry in read_log(tmp_path / "publications")] == [
        "",
        "recorded late",
    ]
    assert faults_of(tmp_path, tmp_path / "publications") == []


def test_the_next_meeting_says_what_changed_since_the_last_pack(
    issued: Issued, parts: Parts, edition: Edition, tmp_path: Path
) -> None:
    december = replace(parts.meeting, meeting_id="later", meeting_date=date(2019, 12, 10))
    lines = [replace(line, meeting_id="later") for line in parts.lines]
    later = publish_pack(
        replace(parts, meeting=december, lines=lines, edition=revised(edition)),
        tmp_path / "packs" / "later",
        tmp_path / "publications",
        "",
    )
    page = file_of(later.folder / "public", "page.html").read_text()
    assert "in the pack darlington-2019-11-05, now 94.7%" in page
    assert later.changes == 1
    # papers are due so late that October could have been in them
    assert "days old at the meeting" not in page


def test_old_figures_say_how_old_they_are(issue: Make) -> None:
    page = file_of(issue(papers_due=date(2019, 12, 20)).folder / "public", "page.html").read_text()
    assert "36 days old at the meeting: months up to November 2019 had closed" in page


def test_what_is_missing_keeps_the_pack_back(issue: Make, parts: Parts, tmp_path: Path) -> None:
    drafted = issue(lines=parts.lines[:2])
    assert drafted.outcome == "draft" and len(drafted.held_back) == 2
    folder = tmp_path / "packs" / "darlington-2019-11-05"
    assert not list(folder.glob("issue-*"))
    told = (folder / "draft" / "READ-ME-FIRST.txt").read_text()
    assert "THIS IS A DRAFT" in told and "Care leavers who are not in suitable" in told
    assert not list(folder.glob("draft/public"))
    assert read_publications(tmp_path / "publications", ["E06000005"]) == []
    less = replace(parts, lines=parts.lines[:2])
    with pytest.raises(PackNotReady, match=r"PACK-NOT-READY.*Permanent exclusions \(ask") as fault:
        approve_pack(less, folder, tmp_path / "publications", "A. Director")
    assert "97" not in str(fault.value)
    assert issue().outcome == "published"
    assert not (folder / "draft").exists()


def test_a_number_that_could_be_worked_out_keeps_the_pack_back(
    issue: Make, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if only the small numbers were hidden: 3 of 100 in a month, and in the quarter it ends."""
    from orchestration.disclosure.secondary import Hiding
    from orchestration.packs import issue as module

    def only_the_quarter(rows, ties, earlier):
        told = hidden_figures(rows, ties, earlier)
        places = {
            each: frozenset(place for place in at if place[2] == "quarter")
            for each, at in told.places.items()
        }
        return Hiding(places)

    hidden_figures = module.hidden_figures
    [row] = [
        each for each in parts.edition.rows if each.indicator_id == "cl_suitable_accommodation_pct"
    ]
    assert row.headline is not None
    month = replace(row.headline, period_type="month", period_start=date(2019, 9, 1))
    position = replace(row, time_basis="snapshot_ratio", month=month)
    rows = tuple(position if each is row else each for each in parts.edition.rows)
    monkeypatch.setattr(module, "hidden_figures", only_the_quarter)
    with pytest.raises(PackNotReady, match=r"1 hidden numbers could be worked out by a reader"):
        issue(edition=replace(parts.edition, rows=rows))
    folders = {path.name for path in (tmp_path / "packs").rglob("*") if path.is_dir()}
    assert "restricted" in folders and not {"public", "preview"} & folders


def test_no_public_file_holds_a_hidden_number(issued: Issued, parts: Parts) -> None:
    """97 of 100 care leavers: neither 97 nor the three, in any file or attribute."""
    public = issued.folder / "public"
    row = next(
        each for each in parts.edition.rows if each.indicator_id == "cl_suitable_accommodation_pct"
    )
    assert row.headline is not None and row.headline.numerator == 97
    for path in [each for each in public.iterdir() if each.suffix in (".csv", ".html")]:
        for line in path.read_text().splitlines():
            if "97" in line and "suitable" in line.lower():
                raise AssertionError(f"{path.name} shows it")
    assert "97 of 100" not in file_of(public, "page.html").read_text()
    assert "97 of 100" in file_of(public.parent / "restricted", "page.html").read_text()


def test_public_files_are_the_same_whatever_the_hidden_numbers_are(
    issued: Issued, parts: Parts, tmp_path: Path
) -> None:
    def other(row):
        if row.indicator_id != "cl_suitable_accommodation_pct":
            return row
        figure = replace(row.headline, numerator=Decimal(98), value=Decimal(98))
        points = (*row.trend.points[:-1], figure)
        return replace(
            row, headline=figure, quarter=figure, trend=replace(row.trend, points=points)
        )

    changed = replace(parts.edition, rows=tuple(map(other, parts.edition.rows)))
    first = files(issued.folder / "public")
    again = publish_pack(
        replace(parts, edition=changed), tmp_path / "again", tmp_path / "other", ""
    )
    assert files(again.folder / "public") == first
    assert files(again.folder / "restricted") != files(issued.folder / "restricted")


def test_what_was_printed_under_another_code_of_the_council_counts(
    issued: Issued, tmp_path: Path
) -> None:
    publications = tmp_path / "publications"
    assert len(read_publications(publications, ["E06999999", "E06000005"])) == 1
    assert read_publications(publications, ["E06999999"]) == []


def test_what_was_printed_is_remembered_with_what_was_hidden(
    issued: Issued, parts: Parts, tmp_path: Path
) -> None:
    [published] = read_publications(tmp_path / "publications", ["E06000005"])
    rows = {row.indicator_id: row for row in parts.edition.rows}
    hidden = published.publication.hidden
    assert set(hidden) == {"cl_suitable_accommodation_pct", "missing_children_count"}
    figures = published.publication.figures["assessments_within_45wd_pct"]
    headline = rows["assessments_within_45wd_pct"].headline
    assert headline in figures.values()
    file = next((tmp_path / "publications").glob("*.json"))
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", ["line", "last", "figures", "pack", "by hand", "removed"])
def test_whatever_is_altered_is_found(corrected: Issued, issue: Make, tmp_path: Path, how: str):
    publications, packs = tmp_path / "publications", tmp_path / "packs"
    assert record_faults(publications, packs) == []
    log = publications / LOG
    lines = log.read_text().splitlines(keepends=True)
    if how == "line":
        log.write_text(lines[0].replace("a.clerk", "nobody!") + lines[1])
    elif how == "last":
        log.write_text(lines[0])
    elif how == "figures":
        file = publications / "darlington-2019-11-05_issue-1.json"
        file.chmod(0o600)
        file.write_text(file.read_text().replace('"95', '"96'))
    elif how == "pack":
        manifest = corrected.folder / "manifest.json"
        told = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**told, "reason": "none"}))
    elif how == "by hand":
        (packs / "other" / "issue-1").mkdir(parents=True)
        (packs / "other" / "issue-1" / "manifest.json").write_text("{}")
    else:
        (corrected.folder / "manifest.json").unlink()
    # without the line nothing says that the first issue was marked as superseded
    assert len(record_faults(publications, packs)) == (2 if how == "last" else 1)
    if how in ("line", "figures"):
        with pytest.raises(RecordBroken):
            issue()


def test_a_run_killed_before_the_log_leaves_nothing_behind(
    issue: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.packs import sign_off as module

    def killed(*told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "append_to_log", killed)
        with pytest.raises(KeyboardInterrupt):
            issue()
    assert issue().outcome == "published"
    assert record_faults(tmp_path / "publications", tmp_path / "packs") == []


def test_an_audience_gets_its_set(edition: Edition) -> None:
    tiers = {"cic_count": "headline", "cl_neet_pct": "annex"}
    chosen = of_set(edition, IndicatorSet("Two", "month", tiers=tiers))
    assert {row.indicator_id for row in chosen.rows} == {"cic_count", "cl_neet_pct"}
    assert {each.indicator_id for each in chosen.improvements} == {"cl_neet_pct"}
    assert {row.indicator_id: row.tier for row in chosen.rows} == tiers
    everything = of_set(edition, IndicatorSet("All", "month"))
    assert [row.name for row in everything.rows] == [row.name for row in edition.rows]
    assert {row.tier for row in everything.rows} <= set(TIERS)


def test_officers_read_each_area_for_improvement_once(edition: Edition) -> None:
    areas = (*edition.improvements, *edition.further_improvements)
    chosen = of_set(edition, IndicatorSet("All", "month"))
    assert areas and len((*chosen.improvements, *chosen.further_improvements)) == len(areas)
    told = [each.indicator_id for each in as_printed(chosen, EVERYTHING).improvements]
    assert told and len(told) == len({*told})


def test_the_manifest_says_what_the_pack_is(issued: Issued) -> None:
    manifest = read_manifest(issued.folder)
    assert manifest is not None
    assert manifest.facts["meeting_id"] == "darlington-2019-11-05"
    assert manifest.facts["figures_worked_out"] == 0
    assert manifest.facts["papers_due"] == "2019-10-28"


def test_a_pack_knows_what_a_page_of_its_region_has_printed(parts: Parts, tmp_path: Path) -> None:
    """The pack hides 1 and 4, and prints the month between them. A page of the region has printed
    the quarter: what is left of it is 5, and neither could be 5."""
    name, log = "missing_children_count", tmp_path / "in_region"
    [row] = [each for each in parts.edition.rows if each.indicator_id == name]
    instead = {Decimal(0): Decimal(8), Decimal(3): Decimal(1)}
    points = [
        replace(each, numerator=instead[each.value], value=instead[each.value])
        if each.value in instead
        else each
        for each in row.trend.points
    ]
    [between] = [place_of(each) for each in points if each.value == 8]
    row = replace(
        row,
        trend=replace(row.trend, points=tuple(points)),
        previous=replace(row.previous, figure=None),
    )
    others = [each for each in parts.edition.rows if each.indicator_id != name]
    parts = replace(parts, edition=replace(parts.edition, rows=(*others, row)))
    assert between not in make_pack(parts, [], 1, "").hiding.places[name]

    whole = Decimal(13)
    quarter = Figure("quarter", date(2019, 7, 1), date(2019, 9, 30), whole, None, whole, "ok")
    log.mkdir()
    write_figures(log, {name: {place_of(quarter): quarter}}, {}, "1.json")
    entry = {"meeting_id": "E12000001", "issue": 1, "geography_code": "E06000005"}
    told = {"figures": "1.json", "figures_sha256": file_sha256(log / "1.json"), "at": parts.now}
    append_to_log(log, entry | told)
    made = make_pack(replace(parts, in_region=log), [], 1, "")
    assert made.audited == 0 and between in made.hiding.places[name]
