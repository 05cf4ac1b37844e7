"""Who works with a child: involvements, changes of worker, and supervision of the case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.code_maps import (
    ADVISER,
    ALLOCATED,
    ALLOCATED_TOO,
    DUTY,
    REVIEWING,
    SUPPORT,
    UNMAPPED,
)
from orchestration.sample_council.histories import CarePeriod, Case, Child, Leaver
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene
from orchestration.sample_council.workforce import Post, Workforce, support_worker

# Of children in care, 10 % had three workers or more in a year; all but a few on a plan or in care
# have one at any time.
_UNTIL_CHANGE_DAYS = Bands((0.06, 40, 200), (0.94, 201, 2_500))
_GAP = 0.03
_REASONS = Choice(
    {"MANAGE": 30, "ORGRST": 12, "TSPROC": 20, "ABSENC": 18, "CHCHAN": 3, "PCCHAN": 5, "OTHERS": 12}
)
_HANDOVER_DAYS = 40
_SUPPORTED = 0.12
_DUTY, _TEAM_ONLY = 0.25, 0.2
_UNMAPPED = 0.0015
_CO_WORKED = 0.03
SUPPORT_WORKERS = 12

_SUPERVISION_WD = 20
_SUPERVISION_LATE = Choice({"in time": 0.86, "late": 0.1, "missed": 0.04})
_RECORDED_WD = Bands((0.55, 0, 2), (0.33, 3, 7), (0.12, 8, 25))


@dataclass(frozen=True)
class Span:
    """Somebody's time with a child, and why it ended."""

    start: date
    end: date
    reason: str | None = None


@dataclass(frozen=True)
class Allocation(Span):
    """A social worker's time with the children of a case."""

    post: Post = field(kw_only=True)


class Casework:
    """Writes ssd_involvements and ext_supervision with running numbers."""

    def __init__(self, tables: Tables, scene: Scene, workforce: Workforce) -> None:
        self._involvements = tables["ssd_involvements"]
        self._supervisions = tables["ext_supervision"]
        self._scene, self._workforce = scene, workforce
        self._number = self._due = 0
        self._random = scene.random("casework")

    def write_case(self, case: Case) -> None:
        """One assessing worker, then one for the plan, then one for care; siblings share them."""
        rng, scene = self._random, self._scene
        if case.assessment is None or not any(scene.touches(case.day, on) for on in case.closes):
            return
        began = case.decided.date()
        assessed = case.assessment.done or scene.as_at
        ends = max(case.closes)
        first = list(self._spans("assessment", began, min(assessed, ends), last=ends > assessed))
        second = list(self._spans("safeguarding", assessed, ends, last=bool(case.care)))
        third: list[Allocation] = []
        if case.care:
            entered = min(period.start for period in case.care.values())
            left = max(period.end for period in case.care.values())
            since = min(max(entered + timedelta(days=_HANDOVER_DAYS), assessed), left)
            third = list(self._spans("care", since, left, last=False))
        for place, child in enumerate(case.children):
            period = case.care.get(place)
            handed = third[0].start if third and period else case.closes[place]
            spans = [*first, *(_cut(second, handed)), *(third if period else [])]
            closes = min(case.closes[place], period.end) if period else case.closes[place]
            referral = case.key("REF", place)
            for span in _cut(spans, closes):
                role = ALLOCATED_TOO if happens(rng, _CO_WORKED) else ALLOCATED
                worker, team = span.post.professional, span.post.seat.team
                self._add(child, referral, worker, role, team, span)
            self._others(child, referral, period, began, closes)
        self._supervise(case, began)

    def write_leavers(self, leavers: Sequence[Leaver]) -> None:
        """Personal advisers of young people who left care: not social workers."""
        for number, leaver in enumerate(leavers):
            if not leaver.qualifying:
                adviser = support_worker(1 + number % SUPPORT_WORKERS)
                span = Span(leaver.left, leaver.left + timedelta(days=1_460))
                self._add(leaver.child, None, adviser, ADVISER, "TEAM-11", span)

    def _spans(self, kind: str, start: date, end: date, last: bool) -> Iterator[Allocation]:
        """Workers one after another; `last` says that another team takes over at the end."""
        rng, day = self._random, start
        while day < end:
            post = self._workforce.pick(rng, kind, day)
            if post is None:
                day += timedelta(days=21)
                continue
            leaves = post.end
            changes = day + timedelta(days=_UNTIL_CHANGE_DAYS.pick(rng))
            until = min(end, leaves, changes)
            reason = "LEFTRL" if until == leaves else _REASONS.pick(rng)
            if until == end:
                reason = "TSPROC" if last else ""
            yield Allocation(day, until, reason or None, post=post)
            day = until
            if happens(rng, _GAP):
                day += timedelta(days=whole(rng, 2, 14))

    def _others(
        self, child: Child, referral: str, period: CarePeriod | None, began: date, closes: date
    ) -> None:
        """Duty on the first day, family support, and the reviewing officer of a child in care."""
        rng = self._random
        duty = self._workforce.pick(rng, "front door", began)
        if duty is not None and happens(rng, _DUTY):
            worker = None if happens(rng, _TEAM_ONLY) else duty.professional
            self._add(child, referral, worker, DUTY, duty.seat.team, Span(began, began))
        if happens(rng, _SUPPORTED) and began < closes:
            worker = support_worker(whole(rng, 1, SUPPORT_WORKERS))
            role = UNMAPPED if happens(rng, _UNMAPPED / _SUPPORTED) else SUPPORT
            until = min(closes, began + timedelta(days=whole(rng, 30, 200)))
            self._add(child, referral, worker, role, "TEAM-08", Span(began, until))
        officer = self._workforce.pick(rng, "managers", period.start) if period else None
        if period is not None and officer is not None:
            span = Span(period.start, min(period.end, officer.end))
            self._add(child, referral, officer.professional, REVIEWING, officer.seat.team, span)

    def _add(
        self,
        child: Child,
        referral: str | None,
        worker: str | None,
        role: str,
        team: str,
        span: Span,
    ) -> None:
        scene = self._scene
        if not scene.touches(span.start, span.end) or span.start > child.alive_until():
            return
        self._number += 1
        ended = scene.seen(span.end)
        self._involvements.add(
            invo_involvements_id=f"INV-{self._number:07d}",
            invo_person_id=child.person_id,
            invo_professional_id=worker,
            invo_professional_role_id=role,
            invo_professional_team=team,
            invo_involvement_start_date=span.start,
            invo_involvement_end_date=ended,
            invo_worker_change_reason=span.reason if ended else None,
            invo_referral_id=referral,
        )

    def _supervise(self, case: Case, began: date) -> None:
        """Due every 20 working days, for all siblings at once; the next one is always planned."""
        rng, scene = self._random, self._scene
        days, last = scene.working_days, max(case.closes)
        due = days.add(began, _SUPERVISION_WD)
        while due < last:
            held = days.back(due, whole(rng, 0, 6))
            outcome = _SUPERVISION_LATE.pick(rng)
            if outcome != "in time":
                held = days.add(due, whole(rng, 1, 10))
            lag = scene.stories.recording_lag(held) or _RECORDED_WD
            recorded = days.add(held, lag.pick(rng))
            missed = outcome == "missed" or recorded > scene.as_at
            for place, child in enumerate(case.children):
                if scene.start <= due < min(case.closes[place], child.alive_until()):
                    self._due += 1
                    kind, team = _kind_of_case(case, place, due)
                    self._supervisions.add(
                        supervision_id=f"SUP-{self._due:07d}",
                        person_id=child.person_id,
                        team_id=team,
                        plan_type=kind,
                        due_date=due,
                        supervision_date=None if missed else held,
                        recorded_date=None if missed else recorded,
                    )
            if due > scene.as_at:
                return
            due = days.add(due if outcome == "missed" else held, _SUPERVISION_WD)


def _cut(spans: Sequence[Allocation], end: date) -> Iterator[Allocation]:
    for span in spans:
        if span.start < end:
            cut = span.end > end
            yield Allocation(span.start, end, post=span.post) if cut else span


def _kind_of_case(case: Case, place: int, day: date) -> tuple[str, str]:
    period = case.care.get(place)
    if period is not None and period.start <= day < period.end:
        return "CIC", "TEAM-07"
    if case.assessment and (case.assessment.done is None or day < case.assessment.done):
        return "CIN", f"TEAM-0{2 + case.number % 2}"
    for plan in case.protection.plans if case.protection else []:
        if plan.child is case.children[place] and plan.start <= day < (plan.end or day):
            return "CP", f"TEAM-0{4 + case.number % 2}"
    return "CIN", f"TEAM-0{4 + case.number % 2}"
