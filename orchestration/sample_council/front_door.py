"""Contacts, referrals, decisions and assessments, as rows."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from random import Random

from orchestration.sample_council.chance import Choice, happens, whole
from orchestration.sample_council.histories import Case, Child, Family
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene
from orchestration.sample_council.spelling import spelled

# Three contacts in ten become a referral.
_CONTACTS_TO_A_REFERRAL = 3.2
_UNREADABLE = 0.001
_FREE_TEXT = 0.05
_PLACEHOLDER = 0.3
_WITHOUT_REFERRAL = 0.003
_SOURCES = Choice(
    {"2A": 25, "6": 24, "1A": 6, "1B": 4, "3A": 6, "3C": 5, "4": 4, "5A": 5, "8": 4, "10": 4}
    | {"9": 3, "": 10}
)


def write_front_door(tables: Tables, scene: Scene, cases: Sequence[Case]) -> None:
    """The referrals of the history with their decisions and assessments."""
    rng = scene.random("front door rows")
    for case in cases:
        for place, child in enumerate(case.children):
            if scene.touches(case.day, case.closes[place]):
                _write_referral(tables, scene, rng, case, place, child)
                _write_decision(tables, scene, rng, case, place)
                _write_assessment(tables, scene, rng, case, place, child)


def write_contacts(
    tables: Tables, scene: Scene, cases: Sequence[Case], families: Sequence[Family]
) -> None:
    """One row per child: the contacts that became referrals, and the many that did not."""
    rng, rows = scene.random("contacts"), tables["ssd_contacts"]
    told: list[tuple[datetime, str | None, Child, str]] = []
    busy: dict[int, list[tuple[date, date]]] = {}
    for case in cases:
        for place, child in enumerate(case.children):
            busy.setdefault(child.number, []).append((case.day, case.closes[place]))
            if scene.start <= case.day <= scene.as_at:
                told.append((case.received, case.source, child, "new"))
    ordered = sorted(families, key=lambda family: family.first_day)
    first_days = [family.first_day for family in ordered]
    wanted = round(len(told) * _CONTACTS_TO_A_REFERRAL)
    while len(told) < wanted:
        day = scene.seasons.pick(rng, scene.start, scene.as_at)
        known_by_then = bisect_right(first_days, day)
        at = datetime.combine(day, time(whole(rng, 7, 20), whole(rng, 0, 59)))
        source, chosen = _SOURCES.pick(rng) or None, whole(rng, 0, known_by_then)
        for child in ordered[min(chosen, len(ordered) - 1)].children:
            if child.birth <= day < child.alive_until() and child.age(day) < 18:
                known = any(a <= day < b for a, b in busy.get(child.number, []))
                told.append((at, source, child, "open" if known else "none"))
    told.sort(key=lambda contact: contact[0])
    for number, (at, source, child, outcome) in enumerate(told, 1):
        rows.add(
            cont_contact_id=f"CON-{number:07d}",
            cont_person_id=child.person_id,
            cont_contact_date=at,
            cont_contact_source_code=source,
            cont_contact_outcome_json=_outcome(rng, outcome),
        )


def _outcome(rng: Random, outcome: str) -> str:
    flags: dict[str, str | None] = {
        "NEW_REFERRAL_FLAG": _flag(rng, outcome == "new"),
        "EXISTING_REFERRAL_FLAG": _flag(rng, outcome == "open"),
        "CP_ENQUIRY_FLAG": _flag(rng, outcome == "open" and happens(rng, 0.05)),
        "NFA_FLAG": _flag(rng, outcome == "none"),
    }
    if happens(rng, _FREE_TEXT):
        flags["COMMENTS"] = "Synthetic remark, here to show that it is dropped."
    text = json.dumps(flags)
    return text[:-4] if outcome != "new" and happens(rng, _UNREADABLE) else text


def _flag(rng: Random, answer: bool) -> str | None:
    """No is often left empty."""
    return spelled(rng, answer) if answer or happens(rng, 0.7) else ""


def _write_referral(
    tables: Tables, scene: Scene, rng: Random, case: Case, place: int, child: Child
) -> None:
    closed = scene.seen(case.closes[place])
    tables["ssd_cin_episodes"].add(
        cine_referral_id=case.key("REF", place),
        cine_person_id=child.person_id,
        cine_referral_date=case.received,
        cine_referral_source_code=case.source,
        cine_cin_primary_need_code=case.need,
        cine_referral_nfa=spelled(rng, case.no_action),
        cine_close_date=closed,
        cine_close_reason=case.close_reason if closed else None,
        cine_referral_team="TEAM-01",
    )


def _write_decision(tables: Tables, scene: Scene, rng: Random, case: Case, place: int) -> None:
    decided = case.decided if scene.seen(case.decided.date()) else None
    urgent = case.protection is not None and case.protection.enquiry is not None
    decision = "strategy discussion" if urgent and case.number % 3 == 0 else case.decision
    tables["ext_referral_decisions"].add(
        referral_id=case.key("REF", place),
        received_at=case.received,
        decision_at=decided,
        decision=decision if decided else None,
    )


def _write_assessment(
    tables: Tables, scene: Scene, rng: Random, case: Case, place: int, child: Child
) -> None:
    assessment = case.assessment
    if assessment is None or assessment.start > child.alive_until(scene.as_at):
        return
    done = scene.seen(assessment.done)
    identifier = case.key("ASM", place)
    # An open assessment looks finished where the system fills in 1900-01-01.
    placeholder = date(1900, 1, 1) if happens(rng, _PLACEHOLDER) else None
    tables["ssd_cin_assessments"].add(
        cina_assessment_id=identifier,
        cina_person_id=child.person_id,
        cina_referral_id=None if happens(rng, _WITHOUT_REFERRAL) else case.key("REF", place),
        cina_assessment_start_date=assessment.start,
        cina_assessment_auth_date=done or placeholder,
        cina_assessment_outcome_nfa=spelled(rng, assessment.no_action) if done else None,
        cina_assessment_team=f"TEAM-0{2 + case.number % 2}",
    )
    late = scene.working_days.between(assessment.start, done or scene.as_at) > 45
    if late and assessment.delay:
        tables["ext_assessment_delays"].add(assessment_id=identifier, delay_reason=assessment.delay)


def known_children(cases: Iterable[Case], scene: Scene) -> list[Child]:
    """Every child of a case in the history, once, in the order of the cases."""
    found: dict[int, Child] = {}
    for case in cases:
        for place, child in enumerate(case.children):
            if scene.touches(case.day, case.closes[place]):
                found.setdefault(child.number, child)
    return list(found.values())
