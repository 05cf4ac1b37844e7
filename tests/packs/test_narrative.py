"""What officers write: filled in from the table, and held against it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.editions.figures import HIDDEN, Edition, Part, Tie
from orchestration.packs.blocks import blocks_of, printed
from orchestration.packs.narrative import Narrative, narrative, read_narrative
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
        ("92.6 per cent", 0),
        ("87 of 95 were on time.", 1),
        ("87 out of the 95 were on time: 91.6%.", 2),
        ("{figure} and {nonsense}", 1),
        # what is no share of these cases is free
        ("The plan is seen within 30 working days; call 0118 974 6132.", 0),
        ("2 coordinators at £20,000 for 6 weeks; one child waited.", 0),
    ],
)
def test_a_share_that_is_typed_has_to_be_in_the_table(
    edition: Edition, text: str, faults: int
) -> None:
    found = told(edition, line(2, indicator_id="assessments_within_45wd_pct", text=text))
    assert len(found.faults) == faults
    assert not any("87" in fault for fault in found.faults)  # the number itself is not repeated


@pytest.mark.parametrize(
    "number",
    [
        *("3", "three", "One", "a single", "both", "a pair", "half", "none", "another", "a couple"),
        *("twice", "½", "no one", "twenty-three", "all but one", "a second", "1 of them"),
        *("the only child", "no care leavers", "a quarter of them", "dozens", "triplets"),
        *("\ufb01ve", "f\u00adive", "\uff15"),
    ],
)
def test_a_number_beside_a_hidden_figure_needs_a_placeholder_or_a_name(
    edition: Edition, number: str
) -> None:
    public = publishable(edition, hidden_figures(edition.rows).places)
    text = f"There was {number} in custody."
    name = "cl_suitable_accommodation_pct"
    for about in ({"indicator_id": name}, {"part": "background"}):
        whole = text if "indicator_id" in about else f"Care leavers: {text}"
        [fault] = told(public, line(2, text=whole, **about)).faults
        assert "confirmed_by" in fault and number.split()[-1] not in fault.split()
        signed = told(public, line(2, text=whole, confirmed_by="A. Director", **about))
        assert signed.faults == () and len(signed.confirmed) == 1
        assert signed.confirmed[0].by == "A. Director" and number in signed.confirmed[0].text
        assert signed.to_confirm == () and told(public, line(2, text=whole, **about)).to_confirm


def test_what_is_tied_to_a_hidden_figure_is_guarded_as_well(edition: Edition) -> None:
    public = publishable(edition, hidden_figures(edition.rows).places)
    text = line(2, indicator_id="cl_neet_pct", text="5 more found work.")
    assert told(public, text).faults == ()
    side = ("cl_suitable_accommodation_pct", "", "", "d")
    ties = (Tie(("cl_neet_pct", "", "", "d"), side),)
    assert len(told(replace(public, ties=ties), text).faults) == 1


@pytest.mark.parametrize(
    "about",
    [
        {"part": "financial", "text": "2 coordinators cost £20,000 for 6 weeks."},
        {"part": "contact_telephone", "text": "0118 974 6132"},
        {"part": "background", "text": "Work was done within 30 working days by 2 teams."},
        {"indicator_id": "cl_suitable_accommodation_pct", "text": "On 3 May 2019, in Quarter 2."},
    ],
)
def test_what_tells_no_hidden_figure_is_free(edition: Edition, about: dict[str, str]) -> None:
    public = publishable(edition, hidden_figures(edition.rows).places)
    assert told(public, line(2, **about)).faults == ()


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
    assert told(edition, *LINES).left_out == {
        "permanent_exclusion_rate_pct": "schools report in June"
    }
    public = publishable(edition, hidden_figures(edition.rows).places)
    telling = line(2, indicator_id="cl_suitable_accommodation_pct", waived_reason="3 moved")
    assert told(public, telling).faults and not told(public, telling).left_out.get(
        "cl_suitable_accommodation_pct"
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
    lines = read_narrative(settings.reference, "sample-borough-2026-04-21")
    assert {each.part for each in lines} >= {"indicator", "contact_name"}
    assert read_narrative(settings.reference, "no-such-meeting") == []


@pytest.mark.parametrize(
    ("placeholder", "expected"),
    [
        ("late", "7"),
        ("gap", "2.6 points"),
        ("cases_to_target", "number not supplied"),
        ("quarter", "92.6%"),
        ("year", "87.2%"),
        ("last_year", "87.2%"),
        ("year_to_date", "No figure"),
        ("sw_turnover_12m_pct.cases_to_target", "3"),
    ],
)
def test_a_placeholder_tells_what_its_name_says(
    edition: Edition, placeholder: str, expected: str
) -> None:
    text = f"It is {{{placeholder}}}."
    found = told(edition, line(2, indicator_id="assessments_within_45wd_pct", text=text))
    assert found.faults == ()
    assert found.of_indicator["assessments_within_45wd_pct"] == f"It is {expected}."


def test_a_part_is_named_by_its_code_or_as_readers_know_it(edition: Edition) -> None:
    rows = {row.indicator_id: row for row in edition.rows}
    name = "missing_children_count"
    headline = rows[name].headline
    assert headline is not None
    known = replace(headline, numerator=Decimal(9), value=Decimal(9), status="ok")
    parts = (
        Part("duration_band", "6-24h", known, label="6 to 24 hours"),
        Part("setting", "care", replace(known, status=HIDDEN, numerator=None, value=None)),
    )
    with_parts = tuple(
        replace(row, parts=parts) if row.indicator_id == name else row for row in edition.rows
    )
    text = "{part.6-24h}, {part.6 to 24 hours}, {missing_children_count.part.care}"
    found = told(replace(edition, rows=with_parts), line(2, indicator_id=name, text=text))
    assert found.of_indicator[name] == "9, 9, [c]"
    unknown = line(2, indicator_id=name, text="{part.moon}")
    assert len(told(replace(edition, rows=with_parts), unknown).faults) == 1


def test_a_faulty_text_is_not_in_what_everybody_is_to_read(edition: Edition) -> None:
    public = publishable(edition, hidden_figures(edition.rows).places)
    name = "cl_suitable_accommodation_pct"
    found = told(public, line(2, indicator_id=name, text="Two are in custody."))
    assert found.of_indicator[name] == "" and found.to_confirm[0].text == "Two are in custody."
    assert "narrative.csv, row 2, column text" in found.faults[0]
