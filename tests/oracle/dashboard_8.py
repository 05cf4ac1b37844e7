"""Dashboard 8, Workforce and practice."""

from collections.abc import Iterator
from datetime import date

from .calendar import ONE_DAY, in_window, is_open
from .cohorts import World
from .delivery import ROLE_MAP
from .periods import COUNT, MEDIAN, PERCENT, RATIO, Fact, Reading, annual, flow, snapshot
from .workers import Post

WORKERS, VACANCIES = "ext_workforce_workers", "ext_workforce_vacancies"
INVOLVEMENTS, PROFESSIONALS = "ssd_involvements", "ssd_professionals"
INTAKES, SUPERVISION = "ext_asye_intakes", "ext_supervision"
AUDITS, HOLIDAYS = "ext_practice_audits", "ref_bank_holidays"
ROLE_START = f"{WORKERS}.role_start_date"
GOOD = frozenset({"good", "outstanding"})
WHOLE = frozenset({"ALL", "ALL TEAMS", "TOTAL", "GRAND TOTAL", "WHOLE SERVICE"})


@snapshot(PERCENT, WORKERS, starts=ROLE_START, history_months=12)
def sw_turnover_12m_pct(world: World, day: date) -> Reading:
    """FTE of permanent staff who left in twelve months, over permanent FTE in post at the day.

    The end is the last day employed: a leaver on the day is no longer in post [G3, G8].
    """
    permanent = [post for post in world.posts if post.agency == "N"]
    left = sum(
        post.fte
        for post in permanent
        if in_window(post.end, day, 12) and not _moved_on(post, permanent)
    )
    return Reading(left, _permanent_fte(world, day))


@snapshot(PERCENT, WORKERS, VACANCIES, starts=ROLE_START)
def sw_vacancy_pct(world: World, day: date) -> Reading | None:
    """Vacant FTE, covered by agency or not, over vacant and permanent FTE at the day.

    The ALL row alone when there is one, else the teams. No row on the day: no figure.
    """
    rows = [row for row in world.rows(VACANCIES) if row.snapshot_date == day]
    if not rows:
        return None
    whole = [row for row in rows if (row.team_id or "").upper() in WHOLE]
    vacant = sum(row.vacancy_fte or 0 for row in whole or rows)
    return Reading(vacant, vacant + _permanent_fte(world, day))


@snapshot(PERCENT, WORKERS, starts=ROLE_START)
def sw_agency_pct(world: World, day: date) -> Reading:
    """FTE of agency posts over that of all posts open at the day."""
    posts = world.posts_at(day)
    return Reading(
        sum(post.fte for post in posts if post.agency == "Y"), sum(post.fte for post in posts)
    )


@snapshot(
    RATIO,
    INVOLVEMENTS,
    PROFESSIONALS,
    ROLE_MAP,
    WORKERS,
    starts=f"{INVOLVEMENTS}.invo_involvement_start_date",
)
def sw_caseload_avg(world: World, day: date) -> Reading:
    """Children and their allocated workers, each pair a case, over those workers' FTE [G5, G18].

    Only workers linked to a post open at the day; agency workers too.
    """
    posts = [post for post in world.posts_at(day) if post.professional is not None]
    in_post = {post.professional for post in posts}
    cases = [(child, worker) for child, worker in world.allocated_at(day) if worker in in_post]
    holders = {worker for _, worker in cases}
    return Reading(len(cases), sum(post.fte for post in posts if post.professional in holders))


@snapshot(COUNT, WORKERS, starts=ROLE_START)
def sw_asye_count(world: World, day: date) -> Reading:
    """Different workers in post at the day and inside their assessed year, agency too [G3]."""
    posts = world.posts_at(day)
    return Reading(
        len({post.worker for post in posts if is_open(post.asye_start, post.asye_end, day)})
    )


def _first_intake(world: World) -> date | None:
    years = [int(row.intake_year) for row in world.rows(INTAKES) if row.intake_year]
    return date(min(years), 4, 1) if years else None


@annual(COUNT, INTAKES, starts=_first_intake)
def asye_applications_count(world: World, first_day: date) -> Reading | None:
    """Applications of the intake year, taken as the financial year that begins in it."""
    rows = [row for row in world.rows(INTAKES) if row.intake_year == str(first_day.year)]
    return Reading(sum(row.applications or 0 for row in rows)) if rows else None


@flow(PERCENT, SUPERVISION, starts=f"{SUPERVISION}.due_date", history_months=3)
def supervision_in_timescale_pct(world: World) -> Iterator[Fact]:
    """Supervisions due; those held by the due date, whenever it was written down."""
    for row in world.rows(SUPERVISION):
        if row.due_date is not None:
            held = row.supervision_date
            in_time = held is not None and held <= row.due_date
            if not world.begun(held):
                late = "not held"
            else:
                late = f"{'over' if (held - row.due_date).days > 7 else 'up to'} a week late"
            yield Fact(row.due_date, in_time, reasons={} if in_time else {"lateness": late})


@flow(MEDIAN, SUPERVISION, HOLIDAYS, starts=f"{SUPERVISION}.supervision_date", history_months=3)
def supervision_recording_lag_median_wd(world: World) -> Iterator[Fact]:
    """Working days from supervision to its recording, on the day of the supervision.

    Recorded by the as-at day; recorded before it was held is an error and out.
    """
    for row in world.rows(SUPERVISION):
        held, recorded = row.supervision_date, row.recorded_date
        if held is not None and world.begun(recorded):
            lag = world.calendar.between(held, recorded)
            if lag is not None:
                yield Fact(held, lag)


@flow(PERCENT, AUDITS, starts=f"{AUDITS}.audit_completed_date")
def practice_audits_good_pct(world: World) -> Iterator[Fact]:
    """Moderated audits completed; those graded good or outstanding."""
    for row in world.rows(AUDITS):
        if row.moderated_flag == "Y" and row.audit_completed_date is not None:
            yield Fact(row.audit_completed_date, (row.grade or "").lower() in GOOD)


def _permanent_fte(world: World, day: date) -> float:
    return sum(post.fte for post in world.posts_at(day) if post.agency == "N")


def _moved_on(post: Post, permanent: list[Post]) -> bool:
    """Whether another permanent post of the worker takes over by the next day and lasts longer."""
    return any(
        other is not post
        and other.worker == post.worker
        and post.end is not None
        and other.start <= post.end + ONE_DAY
        and (other.end is None or other.end > post.end)
        for other in permanent
    )


INDICATORS = (
    sw_turnover_12m_pct,
    sw_vacancy_pct,
    sw_agency_pct,
    sw_caseload_avg,
    sw_asye_count,
    asye_applications_count,
    supervision_in_timescale_pct,
    supervision_recording_lag_median_wd,
    practice_audits_good_pct,
)
