"""Education, health and care plans, permanent exclusions and pupil numbers."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from orchestration.sample_council.calendar import add_months, school_year
from orchestration.sample_council.chance import Bands, Choice, Quota, happens, whole
from orchestration.sample_council.histories import Child
from orchestration.sample_council.rows import Rows, Tables
from orchestration.sample_council.scene import OLD_LA_CODE, Scene

# Requests grew from 213 (2019) to 471 (2024), new plans from 161 to 251 (315 in 2022), plans from
# 1,078 (January 2020) to 2,206 (January 2025); 57 to 72 % of late issued within 20 weeks.
_REQUESTS_IN_LAST_YEAR = 470
_GROWTH = 1.1
# Requests from so long before the history are sent too, for the plans they led to.
_REQUESTS_BEFORE_DAYS = 400
_PLANS_BEFORE = 1_280
_TRANSFERS_IN_LAST_YEAR = 38
_CEASED_DAYS = Bands((0.05, 200, 1_000), (0.2, 1_001, 2_500), (0.75, 2_501, 6_500))
_KNOWN_TO_SOCIAL_CARE = 0.3

_REQUEST_OUTCOME = Choice({"Y": 70, "N": 25, "W": 3.5, "H": 1.5})
_DECISION_DAYS = Bands((0.85, 25, 42), (0.15, 43, 75))
_ASSESSMENT_OUTCOME = Choice({"Y": 90, "N": 7, "W": 3})
_ISSUE_DAYS = Bands((0.6, 105, 140), (0.27, 141, 210), (0.13, 211, 360))
_EXCEPTION = 0.06
_W_WITHOUT_DATE = 0.5

_EXCLUSIONS_A_YEAR = 16
_EXCLUSION_MONTHS = Choice(
    {9: 6, 10: 11, 11: 17, 12: 9, 1: 11, 2: 9, 3: 15, 4: 5, 5: 9, 6: 12, 7: 5}
)
_PHASE = Choice({"secondary": 84, "primary": 12, "special": 3, "pru": 1})
_STATUS = Choice({"none": 62, "CIN": 24, "CP": 7, "CIC": 4, None: 3})
_OVERTURNED = 0.1
_PUPILS = {"primary": 16_400, "secondary": 13_300, "special": 420}


def write_plans(tables: Tables, scene: Scene, children: Sequence[Child]) -> None:
    """The SEN system's persons, requests, assessments and plans."""
    sen = _SenRows(tables, scene, children)
    rng = sen.rng
    for _ in range(scene.number(_PLANS_BEFORE)):
        start = scene.start - timedelta(days=whole(rng, 1, 2_900))
        sen.plan(sen.person(), start, None)
    first, last, usual = scene.start - timedelta(days=_REQUESTS_BEFORE_DAYS), scene.as_at, 1.0
    while last > first:
        begin = max(first, add_months(last, -12) + timedelta(days=1))
        share = usual * ((last - begin).days + 1) / 365
        for _ in range(scene.number(share * _REQUESTS_IN_LAST_YEAR)):
            sen.request(scene.seasons.pick(rng, begin, last))
        for _ in range(scene.number(share * _TRANSFERS_IN_LAST_YEAR)):
            sen.plan(sen.person(), scene.seasons.pick(rng, begin, last), None)
        last, usual = begin - timedelta(days=1), usual / _GROWTH


class _SenRows:
    """Writes the four tables with running numbers."""

    def __init__(self, tables: Tables, scene: Scene, children: Sequence[Child]) -> None:
        self._tables, self._scene, self._children = tables, scene, children
        self.rng = scene.random("education, health and care")
        self._persons = self._requests = self._plans = 0

    def person(self) -> str:
        """A person of the SEN system; a third are known to social care."""
        self._persons += 1
        rng, linked = self.rng, None
        if self._children and happens(rng, _KNOWN_TO_SOCIAL_CARE):
            linked = self._children[whole(rng, 0, len(self._children) - 1)].person_id
        identifier = f"SEN-{self._persons:06d}"
        self._tables["ssd_send"].add(send_table_id=identifier, send_person_id=linked)
        return identifier

    def request(self, day: date) -> None:
        """A request, what was decided, and the plan where one was issued."""
        rng, scene = self.rng, self._scene
        self._requests += 1
        person, identifier = self.person(), f"EHCR-{self._requests:06d}"
        outcome = _REQUEST_OUTCOME.pick(rng)
        decided = scene.seen(day + timedelta(days=_DECISION_DAYS.pick(rng)))
        dated = decided if outcome != "W" or not happens(rng, _W_WITHOUT_DATE) else None
        self._tables["ssd_ehcp_requests"].add(
            ehcr_ehcp_request_id=identifier,
            ehcr_send_table_id=person,
            ehcr_ehcp_req_date=day,
            ehcr_ehcp_req_outcome=outcome if decided or outcome == "H" else "A",
            ehcr_ehcp_req_outcome_date=dated,
        )
        if decided and outcome in ("Y", "H"):
            self._assessment(person, identifier, day)

    def _assessment(self, person: str, request: str, day: date) -> None:
        rng, scene = self.rng, self._scene
        outcome = _ASSESSMENT_OUTCOME.pick(rng)
        issued = scene.working_days.back(day + timedelta(days=_ISSUE_DAYS.pick(rng)), 0)
        done = scene.seen(issued)
        identifier = request.replace("EHCR", "EHCA")
        self._tables["ssd_ehcp_assessment"].add(
            ehca_ehcp_assessment_id=identifier,
            ehca_ehcp_request_id=request,
            ehca_ehcp_assessment_outcome=outcome if done else "A",
            ehca_ehcp_assessment_outcome_date=done,
            ehca_ehcp_assessment_exceptions="1"
            if happens(rng, _EXCEPTION)
            else "0"
            if happens(rng, 0.8)
            else None,
        )
        if done and outcome == "Y":
            self.plan(person, done, identifier)

    def plan(self, person: str, start: date, assessment: str | None) -> None:
        """A plan from the day it was first issued or came with a child from elsewhere."""
        rng, scene = self.rng, self._scene
        ceases = start + timedelta(days=_CEASED_DAYS.pick(rng))
        if not scene.touches(start, ceases):
            return
        self._plans += 1
        ceased = scene.seen(ceases)
        self._tables["ssd_ehcp_named_plan"].add(
            ehcn_named_plan_id=f"EHCP-{self._plans:06d}",
            ehcn_ehcp_asmt_id=assessment,
            ehcn_named_plan_start_date=start,
            ehcn_named_plan_ceased_date=ceased,
            ehcn_named_plan_ceased_reason=str(whole(rng, 1, 9)) if ceased else None,
        )


def write_exclusions(rows: Rows, scene: Scene) -> None:
    """ext_exclusions: permanent exclusions on school days, most in the autumn and in March."""
    rng, quota, number = scene.random("exclusions"), Quota(), 0
    for year in range(school_year(scene.start), scene.as_at.year + 1):
        for _ in range(scene.number(_EXCLUSIONS_A_YEAR)):
            number += 1
            month = _EXCLUSION_MONTHS.pick(rng)
            day = date(year + (month < 9), month, whole(rng, 4, 20))
            day = scene.working_days.add(day, 1)
            overturned = day + timedelta(days=whole(rng, 15, 90))
            withdrawn = quota.take(_OVERTURNED)
            if scene.start <= day <= scene.as_at:
                rows.add(
                    exclusion_id=f"EXC-{number:05d}",
                    pupil_id=f"SAMPLE-PUPIL-{number:05d}",
                    exclusion_type="PERM",
                    exclusion_start_date=day,
                    school_phase=_PHASE.pick(rng),
                    overturned_date=scene.seen(overturned) if withdrawn else None,
                    cic_or_cin=_STATUS.pick(rng),
                )


def write_headcount(rows: Rows, scene: Scene) -> None:
    """ref_pupil_headcount: January census by phase; every other year the total is sent too."""
    rng: Random = scene.random("headcount")
    for year in range(school_year(scene.start), school_year(scene.as_at) + 1):
        if date(year + 1, 1, 31) > scene.as_at:
            continue
        heads = {
            phase: scene.number(pupils * (1 + 0.008 * (year - 2020)) + whole(rng, -60, 60))
            for phase, pupils in _PUPILS.items()
        }
        if year % 2:
            heads["total"] = sum(heads.values())
        for phase, headcount in heads.items():
            rows.add(
                la_code=OLD_LA_CODE,
                academic_year=f"{year}/{(year + 1) % 100:02d}",
                phase=phase,
                headcount=headcount,
            )
