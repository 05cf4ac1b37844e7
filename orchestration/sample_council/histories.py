"""The lives the sample council tells: children, their cases, their plans and their care.

Everything is synthetic. Days may lie after the as-at day; writers hide what had not happened.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from orchestration.sample_council.calendar import full_years

COHORT_FROM, COHORT_TO = 17, 21
"""The ages of care leavers that figures are about."""


@dataclass(slots=True)
class Child:
    """A synthetic child; no name. `estimated`: the birth date was never proven.

    `birth_unknown`: nobody entered any birth date. `arrived`: the day an asylum seeker came alone.
    """

    number: int
    family: int
    birth: date
    sex: str
    ethnicity: str
    estimated: bool = False
    birth_unknown: bool = False
    arrived: date | None = None
    death: date | None = None
    busy_until: date = date.min

    @property
    def person_id(self) -> str:
        return f"SAMPLE-{self.number:06d}"

    def age(self, day: date) -> int:
        return full_years(self.birth, day)

    def alive_until(self, day: date = date.max) -> date:
        """`day` (or for ever), cut to the child's death."""
        return min(day, self.death or date.max)


@dataclass(slots=True)
class Family:
    """Siblings, oldest first, and the first day anyone contacted the council about them."""

    number: int
    first_day: date
    children: list[Child]


@dataclass(slots=True)
class Assessment:
    """`done` is None where it was never authorised."""

    start: date
    done: date | None
    no_action: bool
    delay: str | None


@dataclass(slots=True)
class Plan:
    """A protection plan of one child; `end` is None where a child who died was left on it."""

    child: Child
    plan_id: str
    start: date
    end: date | None
    category: str
    referral_id: str | None = None
    conference_id: str | None = None
    other_authority: bool = False

    def last_day(self, day: date) -> date:
        """The last day up to `day` on which something could happen under the plan."""
        return min(day, self.end or date.max, self.child.alive_until())


@dataclass(slots=True)
class Protection:
    """A section 47 enquiry into a case, and what came of it.

    `enquiry` is None for children who came on a plan from another authority; `target` is None
    where no conference was arranged, `held` where none was held. `reviews` are (due, held), one
    after another; the last one ends the plans.
    """

    enquiry: tuple[date, date] | None
    target: date | None = None
    held: date | None = None
    reviews: list[tuple[date, date]] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    @property
    def began(self) -> date | None:
        return self.enquiry[0] if self.enquiry else self.held

    @property
    def arranged(self) -> bool:
        """Whether there is a conference, held or not."""
        return self.target is not None or self.held is not None


@dataclass(slots=True)
class Placement:
    """`kept` is T or U where the child stays with the same carer, else empty."""

    placement_id: str
    start: date
    end: date
    kind: str
    provider: str
    postcode: str
    distance: float
    kept: str = ""


@dataclass(slots=True)
class CarePeriod:
    """A whole period of care; `short_break` is a series of V3 or V4 breaks instead."""

    cla_id: str
    child: Child
    start: date
    end: date
    end_reason: str
    need: str
    legal: list[tuple[str, date, date]] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    short_break: bool = False

    def placement_at(self, day: date) -> Placement | None:
        """The placement on `day`; the newest of several."""
        standing = [placed for placed in self.placements if placed.start <= day < placed.end]
        return standing[-1] if standing else None


@dataclass(slots=True)
class Case:
    """One referral of one or more siblings. `closes` goes with `children`, by place."""

    number: int
    family: int
    children: list[Child]
    received: datetime
    decided: datetime
    decision: str
    source: str
    need: str
    no_action: bool
    closes: list[date] = field(default_factory=list)
    close_reason: str = "RC8"
    assessment: Assessment | None = None
    protection: Protection | None = None
    care: dict[int, CarePeriod] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.received.date()

    def key(self, kind: str, place: int) -> str:
        """The identifier of what belongs to one child of the case."""
        return f"{kind}-{self.number:06d}-{place}"

    def meeting(self, kind: str, number: int) -> str:
        """The identifier of a meeting about all children of the case."""
        return f"{kind}-{self.number:06d}-M{number}"


@dataclass(slots=True)
class Journey:
    """A child's way through early help; `referred` is None where the assessment answers none.

    `known` is false for a child the case system has no record of; `lag` is how many days passed
    until something was entered.
    """

    number: int
    child: Child
    referred: date | None
    started: date | None
    completed: date | None
    known: bool
    source: str
    not_assessed: str | None
    lag: int

    @property
    def person_id(self) -> str:
        return self.child.person_id if self.known else f"SAMPLE-EH-{self.child.number:06d}"


@dataclass(slots=True)
class Incident:
    """`returned` is None for a child who is still missing; `out` of the borough, where known."""

    child: Child
    began: datetime
    returned: datetime | None
    care: bool
    out: bool | None
    away: bool
    other_authority: str | None
    day_only: bool
    recorded: datetime

    def counts(self) -> bool:
        """Whether it is the council's own missing incident."""
        return not self.away and self.other_authority is None


@dataclass(frozen=True)
class State:
    """How a young person lives from `since` until the next state."""

    since: date
    in_touch: str
    accommodation: str
    suitable: bool
    activity: str


@dataclass(slots=True)
class Leaver:
    """A young person who left care on `left` (or still has until then), and what came after."""

    child: Child
    entered: date
    left: date
    states: list[State] = field(default_factory=list)
    contacts: list[date] = field(default_factory=list)
    qualifying: bool = False

    def eligibility(self, day: date) -> str | None:
        """The status recorded on `day`; None for whoever is not on the list."""
        age = self.child.age(day)
        if not 16 <= age <= 25 or day < self.entered:
            return None
        if day < self.left:
            return "Eligible"
        if self.qualifying:
            return "Qualifying"
        if age > COHORT_TO + 2:
            return "No Current Eligibility"
        return "Relevant" if age < 18 else "Former Relevant"

    def state(self, day: date) -> State:
        return [state for state in self.states if state.since <= day or state is self.states[0]][-1]

    def latest_contact(self, day: date) -> date | None:
        return max((on for on in self.contacts if on <= day), default=None)

    def counts(self, day: date) -> bool:
        """Whether the young person belongs to the cohort of 17 to 21 on `day`."""
        return (
            self.eligibility(day) in ("Relevant", "Former Relevant")
            and COHORT_FROM <= self.child.age(day) <= COHORT_TO
            and not self.child.birth_unknown
            and self.child.alive_until() > day
            and self.state(day).in_touch not in ("DIED", "RHOM")
        )
