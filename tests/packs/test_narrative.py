"""What officers write: filled in from the table, and held against it."""

import pytest

from orchestration.packs.contents import blocks_of, printed
from orchestration.packs.narrative import Narrative, narrative, read_narrative
from orchestration.publishing.figures import Edition
from orchestration.publishing.publishable import hidden_figures, publishable
from orchestration.settings import settings
from tests.packs.conftest import LINES, line


def told(edition: Edition, *lines: object) -> Narrative:
    texts = {name: printed(block) for name, block in blocks_of(edition, {}).items()}
    return narrative(lines, edition, texts)


def test_placeholders_take_their_figures_from_the_table(edition: Edition) -> None:
    text = "{figure} ({number}) against {target}; plans in care: {cic_count.figure} on {as_at}"
    found = told(edition, line(2, indicator_id="assessments_within_45wd_pct", text=text))
    assert found.of_indicator["assessments_within_45wd_pct"] == (
        "92.6% (88 of 95) against 90%; plans in care: 255 on 30 September 2019"
    )
    assert found.faults == ()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("88 of 95 were on time.", 0),
        ("92.6%, above the 90% agreed; in 2018/19 it was 87.2% on 30 June 2019.", 0),
        ("87 of 95 were on time.", 1),
        ("ten were late", 1),
        ("{figure} and {nonsense}", 1),
        ("one child", 0),
    ],
)
def test_a_number_that_is_typed_has_to_be_in_the_table(
    edition: Edition, text: str, faults: int
) -> None:
    found = told(edition, line(2, indicator_id="assessments_within_45wd_pct", text=text))
    assert len(found.faults) == faults
    assert not any("87" in fault for fault in found.faults)  # the number itself is not repeated


def test_a_hidden_figure_is_hidden_in_the_text_and_cannot_be_typed(edition: Edition) -> None:
    public = publishable(edition, hidden_figures(edition.rows).places)
    name = "cl_suitable_accommodation_pct"
    found = told(public, line(2, indicator_id=name, text="{figure} ({number}) are."))
    assert found.of_indicator[name] == "[c] ([c]) are."
    assert len(told(public, line(2, indicator_id=name, text="97 of 100 are.")).faults) == 2


def test_what_members_asked_to_have_explained_is_missed(edition: Edition) -> None:
    assert told(edition, *LINES).missing == ()
    assert told(edition, *LINES).waived == (
        "Permanent exclusion rate (academic year): schools report in June",
    )
    assert told(edition).missing == (
        "area for improvement: Care leavers' work",
        "area for improvement: Turnover",
        "care leavers who are not in suitable accommodation",
        "permanent exclusions",
    )


def test_a_text_about_nothing_in_the_pack_is_a_fault(edition: Edition) -> None:
    assert len(told(edition, line(2, indicator_id="no_such", text="x")).faults) == 1
    assert len(told(edition, line(2, part="poem", text="x")).faults) == 1
    assert len(told(edition, line(2, part="financial", waived_reason="x")).faults) == 1


def test_the_seed_is_read_by_meeting() -> None:
    lines = read_narrative(settings.narrative, "sample-borough-2026-04-21")
    assert {each.part for each in lines} >= {"indicator", "contact_name"}
    assert read_narrative(settings.narrative, "no-such-meeting") == []
