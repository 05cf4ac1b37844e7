"""Children in care: episodes, periods of care, placements and short breaks [G17]."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from .calendar import is_open
from .delivery import Delivery

SHORT_BREAK_STATUSES = frozenset({"V3", "V4"})
CARE_STATUSES = frozenset({"C1", "C2", "D1", "E1", "V2", "J1", "J2", "J3", "L1", "L2", "L3"})
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
SAME_CARER = frozenset({"L", "T", "U"})
Spell = tuple[date, date | None]


@dataclass(frozen=True)
class Episode:
    """An episode of care; `end` is the earlier of end and death."""

    child: str | None
    period_id: str | None
    placement: str | None
    start: date
    end: date | None
    reason: str


@dataclass(frozen=True)
class CarePeriod:
    """A whole period of care, over all its episodes."""

    child: str | None
    start: date
    end: date | None


@dataclass(frozen=True)
class Placement:
    """A placement; the child is the one on the row, else the one of the period of care."""

    placement_id: str
    period_id: str | None
    child: str | None
    kind: str
    postcode: str
    start: date
    end: date | None


class Care(Delivery):
    """Care as delivered."""

    @cached_property
    def episodes(self) -> list[Episode]:
        """Episodes of care begun by `as_at`, oldest first."""
        rows = [
            row
            for row in self.rows("ssd_cla_episodes")
            if self.begun(row.clae_cla_episode_start_date)
        ]
        rows.sort(key=lambda row: (row.clae_cla_episode_start_date, row.clae_cla_episode_id))
        return [
            Episode(
                child := self.child(row.clae_person_id),
                row.clae_cla_id,
                row.clae_cla_placement_id,
                row.clae_cla_episode_start_date,
                self.until_death(child, row.clae_cla_episode_ceased_date),
                (row.clae_cla_episode_start_reason or "").upper(),
            )
            for row in rows
        ]

    @cached_property
    def episodes_by_child(self) -> dict[str, list[Episode]]:
        """Episodes of each known child."""
        found = defaultdict(list)
        for episode in self.episodes:
            if episode.child is not None:
                found[episode.child].append(episode)
        return found

    def in_episode(self, child: str | None, day: date) -> bool:
        """Whether an episode of care of the child is open at `day`."""
        episodes = self.episodes_by_child.get(child or "", [])
        return any(is_open(episode.start, episode.end, day) for episode in episodes)

    def short_break(self, child: str | None, day: date) -> bool:
        """Only a short-break series at `day`: V3 or V4 open and no care status open."""
        statuses = {
            status
            for status, start, end in self._legal_statuses.get(child or "", [])
            if is_open(start, end, day)
        }
        return bool(statuses & SHORT_BREAK_STATUSES) and not statuses & CARE_STATUSES

    @cached_property
    def _legal_statuses(self) -> dict[str, list[tuple[str, date | None, date | None]]]:
        found = defaultdict(list)
        for row in self.rows("ssd_legal_status"):
            if row.lega_person_id and row.lega_legal_status:
                end = self.until_death(row.lega_person_id, row.lega_legal_status_end_date)
                told = (row.lega_legal_status.upper(), row.lega_legal_status_start_date, end)
                if told not in found[row.lega_person_id]:
                    found[row.lega_person_id].append(told)
        return found

    def care_cohort(self, day: date) -> list[str]:
        """Children with an episode open at `day` who are not on a short break."""
        return self.at("care", day, self._care_cohort)

    def _care_cohort(self, day: date) -> list[str]:
        return [
            child
            for child in self.episodes_by_child
            if self.in_episode(child, day) and not self.short_break(child, day)
        ]

    @cached_property
    def care_orders(self) -> dict[str, list[tuple[str, date, date | None]]]:
        """Interim (C1) and full (C2) care orders of each child, with their days."""
        return {
            child: [
                (status, start, end)
                for status, start, end in statuses
                if status in ("C1", "C2") and self.begun(start)
            ]
            for child, statuses in self._legal_statuses.items()
        }

    @cached_property
    def first_reviews(self) -> dict[str, date]:
        """Day of the first review held in each period of care."""
        held: dict[str, date] = {}
        for row in self.rows("ssd_cla_reviews"):
            on, period = row.clar_cla_review_date, row.clar_cla_id
            if self.begun(on) and period and row.clar_cla_review_cancelled != "Y":
                held[period] = min(on, held.get(period, on))
        return held

    @cached_property
    def care_periods(self) -> dict[str, CarePeriod]:
        """Periods of care by clae_cla_id.

        Start: the date of entering care, else the first episode's. End: empty while an episode has
        no end, else the last one.
        """
        entered = defaultdict(list)
        for row in self.rows("ssd_cla_episodes"):
            if row.clae_entered_care_date is not None:
                entered[row.clae_cla_id].append(row.clae_entered_care_date)
        grouped = defaultdict(list)
        for episode in self.episodes:
            if episode.period_id is not None:
                grouped[episode.period_id].append(episode)
        found = {}
        for period_id, episodes in grouped.items():
            start = min(entered.get(period_id) or [episodes[0].start])
            ends = [episode.end for episode in episodes if episode.end is not None]
            end = max(ends) if len(ends) == len(episodes) else None
            found[period_id] = CarePeriod(episodes[0].child, start, end)
        return found

    @cached_property
    def care_periods_by_child(self) -> dict[str, list[CarePeriod]]:
        """Periods of care of each known child, oldest first."""
        found = defaultdict(list)
        for period in sorted(self.care_periods.values(), key=lambda period: period.start):
            if period.child is not None:
                found[period.child].append(period)
        return found

    def care_period_at(self, child: str | None, day: date) -> CarePeriod | None:
        """The period of care around `day`, its last day included; the newest of several."""
        around = [
            period
            for period in self.care_periods_by_child.get(child or "", [])
            if period.start <= day and (period.end is None or day <= period.end)
        ]
        return around[-1] if around else None

    def in_care_since(self, child: str, day: date) -> date | None:
        """Start of the period of care open at `day`; the earliest of several."""
        periods = self.care_periods_by_child.get(child, [])
        return min((p.start for p in periods if is_open(p.start, p.end, day)), default=None)

    @cached_property
    def placements(self) -> list[Placement]:
        """Placements begun by `as_at`, oldest first, then by identifier."""
        found = []
        for row in self.rows("ssd_cla_placement"):
            if not self.begun(row.clap_cla_placement_start_date):
                continue
            period = self.care_periods.get(row.clap_cla_id or "")
            child = self.child(row.clap_person_id) or (period.child if period else None)
            found.append(
                Placement(
                    row.clap_cla_placement_id,
                    row.clap_cla_id,
                    child,
                    (row.clap_cla_placement_type or "").upper(),
                    tidy_postcode(row.clap_cla_placement_postcode),
                    row.clap_cla_placement_start_date,
                    self.until_death(child, row.clap_cla_placement_end_date),
                )
            )
        return sorted(found, key=lambda placement: (placement.start, placement.placement_id))

    @cached_property
    def placements_by_child(self) -> dict[str, list[Placement]]:
        """Placements of each known child, oldest first."""
        found = defaultdict(list)
        for placement in self.placements:
            if placement.child is not None:
                found[placement.child].append(placement)
        return found

    def placement_at(self, child: str | None, day: date) -> Placement | None:
        """The placement open at `day`: the latest begun, then the larger identifier."""
        placements = self.placements_by_child.get(child or "", [])
        standing = [p for p in placements if is_open(p.start, p.end, day)]
        return standing[-1] if standing else None

    @cached_property
    def spells_by_child(self) -> dict[str, list[Spell]]:
        """Placement spells of each child: first start and last end, open if one has no end.

        Temporary placements do not count; one begun with the same carer (L, T, U) joins the spell
        before it in the same period of care.
        """
        first_reason: dict[str, str] = {}
        for episode in self.episodes:
            if episode.placement is not None:
                first_reason.setdefault(episode.placement, episode.reason)
        found: dict[str, list[Spell]] = {}
        for child, placements in self.placements_by_child.items():
            by_period: dict[str | None, list[Spell]] = {}
            # several numbers for the same days are one placement, whichever the episodes name
            same = defaultdict(set)
            for placement in placements:
                reason = first_reason.get(placement.placement_id)
                same[replace(placement, placement_id="", postcode="")].add(reason)
            for placement, reasons in same.items():
                if placement.kind in TEMPORARY:
                    continue
                spells = by_period.setdefault(placement.period_id, [])
                if spells and reasons & set(SAME_CARER):
                    start, end = spells.pop()
                    ends = [on for on in (end, placement.end) if on is not None]
                    spells.append((start, max(ends) if len(ends) == 2 else None))
                else:
                    spells.append((placement.start, placement.end))
            found[child] = [spell for spells in by_period.values() for spell in spells]
        return found

    @cached_property
    def seen_by_child(self) -> dict[str, set[date]]:
        """Days each child in care was seen on a visit, up to `as_at`."""
        found = defaultdict(set)
        for row in self.rows("ssd_cla_visits"):
            child = self.child(row.clav_person_id)
            if child and row.clav_cla_visit_seen == "Y" and self.begun(row.clav_cla_visit_date):
                found[child].add(row.clav_cla_visit_date)
        return found

    @cached_property
    def health_checks(self) -> dict[str, list[tuple[str, date]]]:
        """Completed health checks of each child: kind and day; not refused, planned, cancelled."""
        found = defaultdict(list)
        for row in self.rows("ssd_cla_health"):
            child, on = self.child(row.clah_person_id), row.clah_health_check_date
            completed = (row.clah_health_check_status or "").lower() == "completed"
            if child and completed and self.begun(on):
                found[child].append(((row.clah_health_check_type or "").lower(), on))
        return found


def tidy_postcode(postcode: str | None) -> str:
    """A postcode in capitals without spaces; "" when empty."""
    return "".join((postcode or "").upper().split())
