"""A meeting's pack made from the small mart of the publishing tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.packs.issue import Issued, Parts, issue_pack
from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Line
from orchestration.publishing.figures import Edition
from orchestration.settings import settings
from tests.publishing.conftest import build, edition, row, synthetic_edition

__all__ = ["build", "edition", "row", "synthetic_edition"]

MEETING = Meeting(
    "darlington-2019-11-05",
    "E06000005",
    "Children and Young People Scrutiny Committee",
    date(2019, 11, 5),
    "planned",
    None,
    "all",
    "made up for the tests",
)


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
        edition,
        LINES,
        {number: "Children and Young People" for number in range(1, 9)},
        "the performance team",
        settings.covering_report,
        date(2019, 10, 28),
        facts,
        "a.clerk",
        "2019-10-21T09:00:00+00:00",
    )


@pytest.fixture
def issue(tmp_path: Path, parts: Parts) -> Callable[..., Issued]:
    """Make the pack in a folder of its own; keywords change what it is made from."""

    def make(reason: str = "", **changes: Any) -> Issued:
        return issue_pack(
            replace(parts, **changes),
            tmp_path / "packs" / MEETING.meeting_id,
            tmp_path / "publications",
            reason,
        )

    return make
