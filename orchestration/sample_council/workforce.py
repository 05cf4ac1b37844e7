"""Social workers: posts, vacancies, agency cover, newly qualified workers and practice audits."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from orchestration.sample_council.calendar import month_ends
from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.rows import Rows, Tables
from orchestration.sample_council.scene import Scene

# 30 September: 14 to 24 % agency, 6 to 23 % vacant, 9 to 18 % turnover, 13.5 to 17.3 cases for each
# full-time worker with cases, 100 to 131 workers. 40 to 60 people apply for the ASYE each year.
_SEATS = {
    # kind of team: (teams, seats by census role)
    "front door": (("TEAM-01",), {"5 case holder": 6, "3 first line manager": 1}),
    "assessment": (("TEAM-02", "TEAM-03"), {"5 case holder": 18, "4 senior practitioner": 3}),
    "safeguarding": (
        ("TEAM-04", "TEAM-05", "TEAM-06"),
        {"5 case holder": 28, "4 senior practitioner": 5},
    ),
    "care": (("TEAM-07",), {"5 case holder": 15, "4 senior practitioner": 2}),
    "managers": (
        ("TEAM-10",),
        {"1 senior manager": 3, "2 middle manager": 7, "3 first line manager": 13}
        | {"6 qualified without cases": 16},
    ),
}
TEAMS = {
    "TEAM-00": "Children's Services",
    "TEAM-01": "Front Door",
    "TEAM-02": "Assessment Team North",
    "TEAM-03": "Assessment Team South",
    "TEAM-04": "Safeguarding Team East",
    "TEAM-05": "Safeguarding Team West",
    "TEAM-06": "Disabled Children Team",
    "TEAM-07": "Children in Care Team",
    "TEAM-08": "Early Help North",
    "TEAM-09": "Early Help South",
    "TEAM-10": "Quality and Management",
    "TEAM-11": "Leaving Care Team",
}
# Those of role 6 are reviewing officers: registered, and nobody's own social worker.
_WITH_CHILDREN = ("5 case holder", "4 senior practitioner", "6 qualified without cases")

_LONGEST_BEFORE_DAYS = 6_000
_TENURE_DAYS = Bands((0.22, 300, 1_200), (0.38, 1_201, 3_200), (0.4, 3_201, 6_500))
_VACANT_DAYS = Bands((0.4, 30, 180), (0.4, 181, 450), (0.2, 451, 900))
_COVERED = 0.85
_AGENCY_DAYS = Bands((0.5, 90, 240), (0.5, 241, 540))
_EXTRA_AGENCY = 0.09
_MOVES = 0.12
_NEWLY_QUALIFIED = 0.6
_FTE = Choice({1.0: 80, 0.8: 9, 0.6: 6, 0.9: 3, 0.5: 2})
_LEAVING = Choice({"1 resignation": 66, "4 retirement": 10, "6 end of contract": 8, "10 other": 16})
_SHORT_ROLE = 0.08

_AUDITS_A_MONTH = 14
_GRADES = Choice({"outstanding": 6, "good": 58, "requires improvement": 31, "inadequate": 5})
_MODERATED = 0.85
_AREAS = Choice({"CP": 30, "CIC": 22, "front door": 18, "EH": 14, "CL": 8, "SEND": 8})
_THEMES = Choice(
    {"voice of the child": 4, "supervision": 3, "planning": 4, "recording": 3, None: 6}
)


@dataclass(frozen=True)
class Seat:
    """A place in the establishment; `kind` of team says what work comes to it."""

    kind: str
    team: str
    role: str


@dataclass(frozen=True)
class Post:
    """A post held by a worker; `end` is the last day employed."""

    seat: Seat
    worker: str
    start: date
    end: date
    fte: float = 1.0
    agency: bool = False
    newly_qualified: bool = False
    reason: str | None = None

    @property
    def professional(self) -> str:
        return self.worker.replace("SAMPLE-W", "SAMPLE-PROF")


@dataclass(frozen=True)
class Vacancy:
    """A seat without a permanent worker from `start` on."""

    seat: Seat
    fte: float
    start: date
    end: date


class Workforce:
    """Posts and vacancies of every seat over time, and who can take a case on a day."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._random = scene, scene.random("workforce")
        self._workers = 0
        self.posts: list[Post] = []
        self.vacancies: list[Vacancy] = []
        self.seats = [
            Seat(kind, teams[number % len(teams)], role)
            for kind, (teams, roles) in _SEATS.items()
            for role, usual in roles.items()
            for number in range(scene.number(usual))
        ]
        for seat in self.seats:
            self._fill(seat)
        with_cases = [seat for seat in self.seats if seat.role == "5 case holder"]
        for number in range(scene.number(len(self.seats) / scene.scale * _EXTRA_AGENCY)):
            self._beyond_establishment(with_cases[7 * number % len(with_cases)])
        self._by_kind = {
            kind: sorted(
                (
                    post
                    for post in self.posts
                    if post.seat.kind == kind and post.seat.role in _WITH_CHILDREN
                ),
                key=lambda post: post.start,
            )
            for kind in _SEATS
        }
        self._starts = {
            kind: [post.start for post in posts] for kind, posts in self._by_kind.items()
        }

    def pick(self, rng: Random, kind: str, day: date) -> Post | None:
        """A worker of that kind of team on `day`; None when every seat is empty.

        Of two the one who will stay longer is chosen, so agency workers get fewer children.
        """
        posts = self._by_kind[kind]
        begun = bisect_right(self._starts[kind], day)
        drawn = (posts[whole(rng, 0, begun - 1)] for _ in range(30 if begun else 0))
        standing = list(islice((post for post in drawn if post.end > day), 2))
        standing = standing or [post for post in posts[:begun] if post.end > day]
        return max(standing, key=lambda post: post.end, default=None)

    def _fill(self, seat: Seat) -> None:
        """Workers one after another; between two of them an agency worker, or nobody."""
        rng, scene = self._random, self._scene
        day = scene.start - timedelta(days=whole(rng, 0, _LONGEST_BEFORE_DAYS))
        while day <= scene.as_at:
            leaves = day + timedelta(days=_TENURE_DAYS.pick(rng))
            self._employ(seat, day, leaves)
            filled = leaves + timedelta(days=_VACANT_DAYS.pick(rng))
            self.vacancies.append(Vacancy(seat, self.posts[-1].fte, leaves, filled))
            if happens(rng, _COVERED):
                self._cover(seat, leaves + timedelta(days=whole(rng, 1, 25)), filled)
            day = filled

    def _employ(self, seat: Seat, first: date, last: date) -> None:
        """A permanent worker, who may move to another post of the service the next day."""
        rng = self._random
        new = seat.role == "5 case holder" and happens(rng, _NEWLY_QUALIFIED)
        fte, worker, reason = _FTE.pick(rng), self._worker(), _LEAVING.pick(rng)
        if happens(rng, _MOVES) and (last - first).days > 800:
            moves = first + timedelta(days=whole(rng, 400, (last - first).days - 100))
            self.posts.append(Post(seat, worker, first, moves, fte, False, new, reason))
            first, new = moves + timedelta(days=1), False
        self.posts.append(Post(seat, worker, first, last, fte, False, new, reason))

    def _beyond_establishment(self, seat: Seat) -> None:
        """Agency workers beside the one whose seat it is."""
        day = self._scene.start - timedelta(days=whole(self._random, 0, 400))
        self._cover(seat, day, self._scene.as_at + timedelta(days=400))

    def _cover(self, seat: Seat, first: date, last: date) -> None:
        while first < last and first <= self._scene.as_at:
            ends = min(last, first + timedelta(days=_AGENCY_DAYS.pick(self._random)))
            self.posts.append(Post(seat, self._worker(), first, ends, agency=True))
            first = ends + timedelta(days=whole(self._random, 1, 20))

    def _worker(self) -> str:
        self._workers += 1
        return f"SAMPLE-W{self._workers:05d}"


def write_workforce(tables: Tables, scene: Scene, workforce: Workforce) -> None:
    """Teams, workers, posts, vacancies, ASYE intakes and audits."""
    for team, name in TEAMS.items():
        parent = None if team == "TEAM-00" else "TEAM-00"
        tables["ssd_department"].add(
            dept_team_id=team, dept_team_name=name, dept_team_parent_id=parent
        )
    rng = scene.random("workforce rows")
    posts = [post for post in workforce.posts if scene.touches(post.start, post.end)]
    known: set[str] = set()
    for post in posts:
        _write_post(tables["ext_workforce_workers"], scene, rng, post)
        if post.professional not in known:
            known.add(post.professional)
            _write_professional(tables["ssd_professionals"], post)
    _write_vacancies(tables["ext_workforce_vacancies"], scene, workforce)
    _write_intakes(tables["ext_asye_intakes"], scene)
    _write_audits(tables["ext_practice_audits"], scene)


def write_unregistered(rows: Rows, numbers: Iterable[int]) -> None:
    """Family support workers: professionals without a registration."""
    for number in numbers:
        rows.add(
            prof_professional_id=support_worker(number),
            prof_professional_job_title="Family support worker",
            prof_full_time_equivalency=1.0,
        )


def support_worker(number: int) -> str:
    return f"SAMPLE-PROF9{number:04d}"


def _write_professional(rows: Rows, post: Post) -> None:
    rows.add(
        prof_professional_id=post.professional,
        prof_social_worker_registration_no=f"SW9{post.worker[-5:]}",
        prof_professional_job_title=post.seat.role[2:].capitalize(),
        prof_full_time_equivalency=post.fte,
    )


def _write_post(rows: Rows, scene: Scene, rng: Random, post: Post) -> None:
    ended = scene.seen(post.end)
    asye_end = post.start + timedelta(days=365)
    rows.add(
        worker_id=post.worker,
        role_start_date=post.start,
        role_end_date=ended,
        fte=post.fte,
        agency_flag="Y" if post.agency else "N",
        org_role=post.seat.role[0] if happens(rng, _SHORT_ROLE) else post.seat.role,
        asye_start_date=post.start if post.newly_qualified else None,
        asye_end_date=scene.seen(min(asye_end, post.end)) if post.newly_qualified else None,
        leaving_reason=post.reason if ended else None,
        professional_id=post.professional,
        team_id=post.seat.team,
    )


def _write_vacancies(rows: Rows, scene: Scene, workforce: Workforce) -> None:
    """By team and, from the second year on, for all teams together as well."""
    later = scene.start + timedelta(days=366)
    seats = Counter(seat.team for seat in workforce.seats)
    for day in month_ends(scene.start, scene.as_at):
        empty = dict.fromkeys(seats, 0.0)
        for vacancy in workforce.vacancies:
            if vacancy.start <= day < vacancy.end:
                empty[vacancy.seat.team] += vacancy.fte
        if day >= later:
            empty["ALL"] = sum(empty.values())
        for team, fte in empty.items():
            rows.add(
                snapshot_date=day,
                team_id=team,
                established_fte=float(seats[team] or seats.total()),
                vacancy_fte=round(fte, 1),
                vacancy_covered_by_agency_fte=round(fte * _COVERED, 1),
            )


def _write_intakes(rows: Rows, scene: Scene) -> None:
    rng = scene.random("asye intakes")
    for year in range(scene.start.year, scene.as_at.year + 1):
        if scene.start <= date(year, 9, 1) <= scene.as_at:
            applications = scene.number(whole(rng, 40, 60))
            appointed = min(applications, scene.number(whole(rng, 5, 8)))
            rows.add(intake_year=str(year), applications=applications, appointed=appointed)


def _write_audits(rows: Rows, scene: Scene) -> None:
    rng, number = scene.random("audits"), 0
    for day in month_ends(scene.start, scene.as_at):
        for _ in range(scene.number(_AUDITS_A_MONTH)):
            number += 1
            done = scene.working_days.back(day, whole(rng, 0, 18))
            grade = _GRADES.pick(rng)
            rows.add(
                audit_id=f"AUD-{number:05d}",
                audit_completed_date=max(done, day.replace(day=1)),
                service_area=_AREAS.pick(rng),
                grade=grade.capitalize() if happens(rng, 0.1) else grade,
                moderated_flag="Y" if happens(rng, _MODERATED) else "N",
                theme=_THEMES.pick(rng),
            )
