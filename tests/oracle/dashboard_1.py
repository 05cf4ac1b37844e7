"""Dashboard 1, Education, Health and Care Plans."""

from collections.abc import Iterator
from datetime import date

from .calendar import is_open
from .cohorts import World
from .periods import COUNT, PERCENT, RATIO, Fact, Reading, flow, snapshot
from .rows import Row

REQUESTS, ASSESSMENTS = "ssd_ehcp_requests", "ssd_ehcp_assessment"
PLAN_ISSUED = f"{ASSESSMENTS}.ehca_ehcp_assessment_outcome_date"
LIMIT_DAYS, LONG_WAIT_DAYS = 140, 365


@flow(COUNT, REQUESTS, starts=f"{REQUESTS}.ehcr_ehcp_req_date", calendar_years=True)
def ehcp_requests_count(world: World) -> Iterator[Fact]:
    """Requests on the day they were received, the withdrawn too; historical ones (H) are out.

    A request without a real identifier or date does not count [G1].
    """
    for request in _requests(world):
        if request.ehcr_ehcp_req_date and request.ehcr_ehcp_req_outcome != "H":
            yield Fact(request.ehcr_ehcp_req_date)


@flow(COUNT, ASSESSMENTS, REQUESTS, starts=PLAN_ISSUED, history_months=24, calendar_years=True)
def ehcp_new_plans_issued_count(world: World) -> Iterator[Fact]:
    """Assessments that ended in a plan (Y), on the day it was issued.

    Out when the request is historical (H). One whose request is unknown counts.
    """
    for assessment, _ in _plans_issued(world):
        yield Fact(assessment.ehca_ehcp_assessment_outcome_date)


@flow(PERCENT, ASSESSMENTS, REQUESTS, starts=PLAN_ISSUED, history_months=24, calendar_years=True)
def ehcp_issued_within_20wk_pct(world: World) -> Iterator[Fact]:
    """New plans issued at most 140 calendar days after the request.

    Only those with a known request date and no 20-week exception; issued before the request is an
    error and out of both sides.
    """
    for assessment, request in _plans_issued(world):
        issued = assessment.ehca_ehcp_assessment_outcome_date
        requested = request.ehcr_ehcp_req_date if request else None
        if requested is None or assessment.ehca_ehcp_assessment_exceptions == "1":
            continue
        if issued >= requested:
            yield Fact(issued, (issued - requested).days <= LIMIT_DAYS)


@flow(RATIO, ASSESSMENTS, REQUESTS, starts=PLAN_ISSUED, history_months=24, calendar_years=True)
def ehcp_issued_avg_weeks(world: World) -> Iterator[Fact]:
    """Weeks from request to new plan, to the millionth, exceptions included."""
    for issued, taken in _waited(world):
        yield Fact(issued, round(taken / 7, 6))


@flow(PERCENT, ASSESSMENTS, REQUESTS, starts=PLAN_ISSUED, history_months=24, calendar_years=True)
def ehcp_issued_over_1yr_pct(world: World) -> Iterator[Fact]:
    """The same plans, those that took more than 365 days."""
    for issued, taken in _waited(world):
        yield Fact(issued, taken > LONG_WAIT_DAYS)


@snapshot(COUNT, REQUESTS, ASSESSMENTS, starts=f"{REQUESTS}.ehcr_ehcp_req_date", history_months=24)
def ehcp_open_over_20wk_count(world: World, day: date) -> Reading:
    """Requests over 140 days old and not closed at the day; an exception does not close one."""
    linked: dict[str, list[Row]] = {}
    known = _known_by(world)
    for assessment in world.rows(ASSESSMENTS):
        number = assessment.ehca_ehcp_request_id
        linked.setdefault(known.get(number, number), []).append(assessment)
    return Reading(
        sum(
            request.ehcr_ehcp_req_date is not None
            and (day - request.ehcr_ehcp_req_date).days > LIMIT_DAYS
            and not _closed(request, linked.get(request.ehcr_ehcp_request_id, []), day)
            for request in _requests(world)
        )
    )


@snapshot(COUNT, "ssd_ehcp_named_plan", starts="ssd_ehcp_named_plan.ehcn_named_plan_start_date")
def ehcp_active_plans_count(world: World, day: date) -> Reading:
    """Plans (not children) open at the day; ceased on the day is out [G3]."""
    return Reading(
        sum(
            is_open(plan.ehcn_named_plan_start_date, plan.ehcn_named_plan_ceased_date, day)
            for plan in world.rows("ssd_ehcp_named_plan")
        )
    )


_OF_REQUESTS = (
    *(REQUESTS, "ehcr_ehcp_request_id", "ehcr_send_table_id", "ehcr_ehcp_req_date"),
    *("ehcr_ehcp_req_outcome", "ehcr_ehcp_req_outcome_date"),
)


def _requests(world: World) -> list[Row]:
    """Each request once: several numbers for one child and the same days are one."""
    return world.each_once(*_OF_REQUESTS)


def _known_by(world: World) -> dict[str, str]:
    return world.known_by(*_OF_REQUESTS)


def _plans_issued(world: World) -> Iterator[tuple[Row, Row | None]]:
    """Plan-issuing assessments with the request they answer, if it is known."""
    requests = {request.ehcr_ehcp_request_id: request for request in world.rows(REQUESTS)}
    known, told = _known_by(world), set()
    for assessment in world.rows(ASSESSMENTS):
        number = assessment.ehca_ehcp_request_id
        request = requests.get(known.get(number, number))
        historical = request is not None and request.ehcr_ehcp_req_outcome == "H"
        issued = assessment.ehca_ehcp_assessment_outcome_date
        if assessment.ehca_ehcp_assessment_outcome == "Y" and issued and not historical:
            # several numbers for the plan of one request and day are one
            which = known.get(number) or assessment.ehca_ehcp_assessment_id
            one = (which, issued, assessment.ehca_ehcp_assessment_exceptions == "1")
            if one not in told:
                told.add(one)
                yield assessment, request


def _waited(world: World) -> Iterator[tuple[date, int]]:
    """Day of issue and days since the request of each plan whose request day is known."""
    for assessment, request in _plans_issued(world):
        issued = assessment.ehca_ehcp_assessment_outcome_date
        requested = request.ehcr_ehcp_req_date if request else None
        if requested is not None and issued >= requested:
            yield issued, (issued - requested).days


def _closed(request: Row, assessments: list[Row], day: date) -> bool:
    """Closed at the day by the request (N, W, H) or by an assessment (Y, N, W, H).

    A refusal or withdrawal of the request without a date closes it from receipt, an assessment
    withdrawn or historical without a date likewise; a Y or N assessment needs its date.
    """
    outcome, told = request.ehcr_ehcp_req_outcome, request.ehcr_ehcp_req_outcome_date
    if outcome == "H" or (outcome in {"N", "W"} and (told is None or told <= day)):
        return True
    for assessment in assessments:
        outcome = assessment.ehca_ehcp_assessment_outcome
        told = assessment.ehca_ehcp_assessment_outcome_date
        if outcome in {"Y", "N"} and told is not None and told <= day:
            return True
        if outcome in {"W", "H"} and (told is None or told <= day):
            return True
    return False


INDICATORS = (
    ehcp_requests_count,
    ehcp_new_plans_issued_count,
    ehcp_issued_within_20wk_pct,
    ehcp_issued_avg_weeks,
    ehcp_issued_over_1yr_pct,
    ehcp_open_over_20wk_count,
    ehcp_active_plans_count,
)
