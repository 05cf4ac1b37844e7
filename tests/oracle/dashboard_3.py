"""Dashboard 3, Children's Social Care Front Door."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date

from .calendar import add_months, is_open
from .cohorts import World
from .periods import COUNT, PERCENT, Fact, Reading, counted, flow, snapshot
from .rows import Row, new_referral

CONTACTS, REFERRALS = "ssd_contacts", "ssd_cin_episodes"
ASSESSMENTS, DECISIONS = "ssd_cin_assessments", "ext_referral_decisions"
HOLIDAYS = "ref_bank_holidays"
REFERRED = f"{REFERRALS}.cine_referral_date"
LIMIT_WD = 45


@flow(PERCENT, CONTACTS, starts=f"{CONTACTS}.cont_contact_date")
def contacts_to_referral_pct(world: World) -> Iterator[Fact]:
    """Contacts, one row per child; those whose outcome says a new referral was made.

    An existing referral is not progression; an outcome that cannot be read is neither.
    """
    for contact in world.rows(CONTACTS):
        progressed = new_referral(contact.cont_contact_outcome_json)
        if contact.cont_contact_date and progressed is not None:
            yield Fact(contact.cont_contact_date, progressed)


@flow(COUNT, REFERRALS, starts=REFERRED)
def referrals_count(world: World) -> Iterator[Fact]:
    """Every referral on its date, those with no further action too."""
    for referral in world.rows(REFERRALS):
        if referral.cine_referral_date:
            yield Fact(referral.cine_referral_date)


@flow(PERCENT, REFERRALS, starts=REFERRED, history_months=12)
def rereferrals_12m_pct(world: World) -> Iterator[Fact]:
    """Referrals of a child who had an earlier one within twelve months, that day included [G7].

    A referral of the same day is not an earlier one. Without a known child: never a re-referral.
    The first year of the extract has no history to look back on, so it is not published [G14].
    """
    dates = defaultdict(list)
    for referral in world.rows(REFERRALS):
        if referral.cine_referral_date:
            dates[world.child(referral.cine_person_id)].append(referral.cine_referral_date)
    for child, referred in dates.items():
        for on in referred:
            since = add_months(on, -12)
            again = child is not None and any(since <= before < on for before in referred)
            yield Fact(on, again)


@flow(PERCENT, DECISIONS, HOLIDAYS, starts=f"{DECISIONS}.decision_at", history_months=3)
def referral_decision_1wd_pct(world: World) -> Iterator[Fact]:
    """Decided referrals, on the day of the decision; those within one working day of receipt.

    Calendar days, not hours. Decided at a time before receipt: an error and out.
    """
    for row in world.rows(DECISIONS):
        received, decided = row.received_at, row.decision_at
        if received and decided and decided.astimezone(UTC) >= received.astimezone(UTC):
            taken = world.calendar.between(received.date(), decided.date())
            yield Fact(decided.date(), taken is not None and taken <= 1)


@flow(PERCENT, ASSESSMENTS, HOLIDAYS, starts=f"{ASSESSMENTS}.cina_assessment_auth_date")
def assessments_within_45wd_pct(world: World) -> Iterator[Fact]:
    """Authorised assessments; those at most 45 working days from their own start [G6].

    Authorised before the start: an error and out. The reasons of the late ones are shares of them.
    """
    delays = _delays(world)
    for row in _assessments(world):
        start, authorised = row.cina_assessment_start_date, row.cina_assessment_auth_date
        if start is None or authorised is None or authorised < start:
            continue
        in_time = (world.calendar.between(start, authorised) or 0) <= LIMIT_WD
        slices = _slices(world, delays, row, authorised)
        reason = {name: slices.pop(name) for name in ("delay_reason",) if name in slices}
        yield Fact(authorised, in_time, slices=slices, reasons={} if in_time else reason)


@snapshot(COUNT, ASSESSMENTS, HOLIDAYS, starts=f"{ASSESSMENTS}.cina_assessment_start_date")
def assessments_open_over_45wd_count(world: World, day: date) -> Reading:
    """Assessments not authorised at the day and more than 45 working days old [G3, G5].

    Authorised before the start: an error and out. A closed referral does not close it.
    """
    late, delays = [], _delays(world)
    for row in _assessments(world):
        start, authorised = row.cina_assessment_start_date, row.cina_assessment_auth_date
        if start is None or (authorised is not None and authorised < start):
            continue
        end = world.until_death(world.child(row.cina_person_id), authorised)
        if is_open(start, end, day) and (world.calendar.between(start, day) or 0) > LIMIT_WD:
            late.append(_slices(world, delays, row, day))
    return counted(late)


def _assessments(world: World) -> list[Row]:
    days = ("cina_assessment_start_date", "cina_assessment_auth_date")
    return world.each_once(ASSESSMENTS, "cina_assessment_id", "cina_person_id", *days)


def _delays(world: World) -> dict[str, str | None]:
    return {row.assessment_id: row.delay_reason for row in world.rows("ext_assessment_delays")}


def _slices(world: World, delays: dict[str, str | None], row: Row, day: date) -> dict[str, str]:
    """Delay reason and asylum seeking at the day, where their extracts were delivered."""
    slices = {}
    if world.delivered("ext_assessment_delays"):
        slices["delay_reason"] = delays.get(row.cina_assessment_id) or "not recorded"
    if world.delivered("ssd_immigration_status"):
        asylum = world.asylum_seeking(world.child(row.cina_person_id), day)
        slices["uasc"] = "Y" if asylum else "N"
    return slices


INDICATORS = (
    contacts_to_referral_pct,
    referrals_count,
    rereferrals_12m_pct,
    referral_decision_1wd_pct,
    assessments_within_45wd_pct,
    assessments_open_over_45wd_count,
)
