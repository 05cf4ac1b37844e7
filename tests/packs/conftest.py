"""A meeting's pack made from the small mart of the publishing tests."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.editions.figures import Edition
from orchestration.packs.issue import Parts
from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Line
from orchestration.packs.sign_off import Issued, approve_pack, draft_pack
from orchestration.reference.geographies import Area
from orchestration.settings import settings
from tests.editions.small_edition import build, edition, row, synthetic_edition

__all__ = ["build", "edition", "row", "synthetic_edition"]

MEETING = Meeting(
    "darlington-2019-11-05",
    "E06000005",
    "Children and Young People Scrutiny Committee",
    "6",
    date(2019, 11, 5),
    "planned",
    None,
    "all",
    "made up for the tests",
)


def file_of(folder: Path, name: str) -> Path:
    """The file of a pack's folder that is called so after meeting, committee, item and issue."""
    [found] = folder.glob(f"*_{name}")
    return found


def line(number: int, **told: str) -> Line:
    """A row of narrative.csv."""
    empty = {"part": "indicator", "indicator_id": "", "text": "", "waived_reason": ""}
    return Line(number, MEETING.meeting_id, **{**empty, **told})


LINES = (
    line(2, indicator_id="cl_neet_pct", text="{figure} of care leavers; England {england}."),
    line(3, indicator_id="sw_turnover_12m_pct", text="Turnover is {figure}, target {target}."),
    line(4, indicator_id="cl_suitable_accommodation_pct", text="Suitable: {figure} ({number})."),
    line(5, indicator_id="permanent_exclusion_rate_pct", waived_reason="schools report in June"),
    line(6, part="contact_name", text="A. Officer"),
)


@pytest.fixture
def parts(edition: Edition) -> Parts:
    """What the pack of MEETING is made from."""
    facts = {
        "as_at": edition.as_at.isoformat(),
        "built_at": "2019-10-03T06:00:00+01:00",
        "code_version": "abc",
        "generation": 1,
        "geography_code": edition.geography_code,
        "geography_name": edition.geography_name,
        "run_id": "run-1",
        "synthetic": edition.synthetic,
    }
    return Parts(
        MEETING,
        {"E06000005"},
        edition,
        LINES,
        {number: "Children and Young People" for number in range(1, 9)},
        Area("E06000005", "841", "Darlington", "E12000001", "North East"),
        "the performance team",
        settings.covering_report,
        date(2019, 10, 28),
        facts,
        "a.clerk",
        "2019-10-21T09:00:00+00:00",
    )


def publish_pack(
    parts: Parts, folder: Path, publications: Path, reason: str = "", by: str = "A. Director"
) -> Issued:
    """Make the draft, and approve it where there is one and nothing is missing in it."""
    drafted = draft_pack(parts, folder, publications, reason)
    if drafted.outcome != "draft" or drafted.held_back:
        return drafted
    return approve_pack(parts, folder, publications, by)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Issued]]:
    """Where packs that many tests begin with are kept, and what became of their making."""
    return tmp_path_factory.mktemp("packs"), {}


@pytest.fixture
def issued(parts: Parts, made_once: tuple[Path, dict[str, Issued]], tmp_path: Path) -> Issued:
    """The first issue as `issue` publishes it: made for the first test that asks, and copied."""
    home, made = made_once[0] / "first", made_once[1]
    if "first" not in made:
        made["first"] = publish_pack(
            parts, home / "packs" / MEETING.meeting_id, home / "publications"
        )
    return _copied(made["first"], home, tmp_path)


@pytest.fixture
def corrected(
    issued: Issued, parts: Parts, made_once: tuple[Path, dict[str, Issued]], tmp_path: Path
) -> Issued:
    """The second issue, recorded late, in the place of the first; made once as well."""
    home, made = made_once[0] / "second", made_once[1]
    if "second" not in made:
        shutil.copytree(made_once[0] / "first", home)
        made["second"] = publish_pack(
            replace(parts, edition=revised(parts.edition)),
            home / "packs" / MEETING.meeting_id,
            home / "publications",
            "recorded late",
        )
    for folder in ("packs", "publications"):
        shutil.rmtree(tmp_path / folder)
    return _copied(made["second"], home, tmp_path)


def _copied(made: Issued, home: Path, target: Path) -> Issued:
    shutil.copytree(home, target, dirs_exist_ok=True)
    return replace(made, folder=target / made.folder.relative_to(home))


def revised(edition: Edition) -> Edition:
    """One more assessment was on time than had been recorded, and a month's children are fewer."""

    def more(figure):
        return replace(figure, numerator=Decimal(90), value=Decimal(9000) / 95)

    rows = tuple(
        replace(
            row,
            headline=more(row.headline),
            quarter=more(row.quarter),
            quarters=(*row.quarters[:-1], more(row.quarters[-1])),
            trend=replace(row.trend, points=(*row.trend.points[:-1], more(row.trend.points[-1]))),
        )
        if row.indicator_id == "assessments_within_45wd_pct"
        else row
        for row in edition.rows
    )
    return replace(edition, rows=rows)


@pytest.fixture
def issue(tmp_path: Path, parts: Parts) -> Callable[..., Issued]:
    """Make and approve the pack in a folder of its own; keywords change what it is made from."""

    def make(reason: str = "", **changes: Any) -> Issued:
        return publish_pack(
            replace(parts, **changes),
            tmp_path / "packs" / MEETING.meeting_id,
            tmp_path / "publications",
            reason,
        )

    return make
