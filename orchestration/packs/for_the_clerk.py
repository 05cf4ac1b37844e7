"""READ-ME-FIRST.txt of a pack: what the clerk has to know of it, as text."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from orchestration.editions import words
from orchestration.packs.issue import Made, Parts
from orchestration.publication.markings import DRAFT


def for_the_clerk(
    made: Made, parts: Parts, facts: Mapping[str, Any], held_back: Sequence[str]
) -> bytes:
    """The text as UTF-8. `facts` are those of the manifest, `held_back` is what a draft lacks."""
    pack, meeting = made.public, parts.meeting
    is_draft = "approved_by" not in facts
    said = [
        *([DRAFT] if is_draft else []),
        *parts.edition.markings,
        "",
        f"{meeting.committee}, {words.day(meeting.meeting_date)}, issue {facts['issue']}",
        f"Papers are due by {words.day(parts.papers_due)}: five clear working days before.",
        f"Figures as at {pack.as_at}. {pack.age}".strip(),
        *([f"A correction: {facts['reason']}"] if facts["reason"] else []),
        "",
        *(_draft(held_back) if is_draft else _published(facts)),
        "",
        f"Of {facts['figures']} figures {facts['figures_hidden']} are hidden from the public:",
        "small ones, and those from which a small one could be worked out.",
        *(f"- {name}: {how}" for name, how in pack.coarser),
    ]
    told = made.told
    if told.to_confirm or told.confirmed:
        said += [
            "",
            "Numbers in texts beside hidden figures. Whoever approves the pack reads them, and",
            "confirms each with the own name in confirmed_by:",
        ]
        for each in (*told.to_confirm, *told.confirmed):
            state = f"confirmed by {each.by}" if each.by else "NOT confirmed"
            said.append(f"- {each.about} ({each.where}), {state}: {each.text}")
    if told.waived:
        said += ["", "Left out on purpose:", *(f"- {each}" for each in told.waived)]
    if made.changes:
        said += ["", "What an earlier pack said otherwise:"]
        said += [
            f"- {each.name}, {each.period}: {each.then} in {each.since}, now {each.now}"
            for each in made.changes
        ]
    return ("\n".join(said) + "\n").encode()


def _draft(held_back: Sequence[str]) -> list[str]:
    said = [
        "THIS IS A DRAFT. The folder preview shows what would be published, the folder restricted",
        "is for Part 2 and for officers: it shows small numbers. Nothing is public yet.",
        "",
    ]
    if not held_back:
        return [*said, "Nothing is missing. Read the preview; then approve it by name."]
    return [*said, "What keeps it from being published:", *(f"- {told}" for told in held_back)]


def _published(facts: Mapping[str, Any]) -> list[str]:
    on = words.day(date.fromisoformat(facts["approved_on"]))
    return [
        f"Approved by {facts['approved_by']} on {on}.",
        "What you may publish is in the folder public, and nothing else. The folder restricted is",
        "for Part 2 and for officers: it shows small numbers.",
    ]
