"""Allocated social workers and the posts they hold [G18]."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .calendar import ONE_DAY, is_open, month_end_before
from .care import Care

ALLOCATED = "allocated_social_worker"
UNREGISTERED = frozenset({"N", "NO", "FALSE"})


@dataclass(frozen=True)
class Involvement:
    """An allocated social worker's involvement with a child; `end` as for every row [G5]."""

    child: str
    worker: str
    start: date
    end: date | None
    change_reason: str | None


@dataclass(frozen=True)
class Post:
    """A post of a child and family social worker (roles 1 to 6)."""

    worker: str
    professional: str | None
    fte: float
    agency: str | None
    start: date
    end: date | None
    asye_start: date | None
    asye_end: date | None


class Workers(Care):
    """Workers as delivered, and the care they are shared with."""

    @cached_property
    def allocated(self) -> list[Involvement]:
        """Involvements of registered workers in a role mapped to allocated social worker.

        A row without its child takes the child of its referral.
        """
        registered = {
            row.prof_professional_id
            for row in self.rows("ssd_professionals")
            if (row.prof_social_worker_registration_no or "N").upper() not in UNREGISTERED
        }
        referral_child = {
            row.cine_referral_id: row.cine_person_id for row in self.rows("ssd_cin_episodes")
        }
        found = []
        for row in self.rows("ssd_involvements"):
            child = self.child(row.invo_person_id)
            child = child or self.child(referral_child.get(row.invo_referral_id))
            if (
                child is not None
                and row.invo_professional_role_id == ALLOCATED
                and row.invo_professional_id in registered
                and self.begun(row.invo_involvement_start_date)
            ):
                found.append(
                    Involvement(
                        child,
                        row.invo_professional_id,
                        row.invo_involvement_start_date,
                        self.until_death(child, row.invo_involvement_end_date),
                        row.invo_worker_change_reason,
                    )
                )
        return found

    @cached_property
    def _allocated_by_child(self) -> dict[str, list[Involvement]]:
        found = defaultdict(list)
        for involvement in self.allocated:
            found[involvement.child].append(involvement)
        return found

    def allocated_at(self, day: date) -> set[tuple[str, str]]:
        """Pairs of child and allocated social worker at `day`."""
        return self.at("allocated", day, self._allocated_at)

    def _allocated_at(self, day: date) -> set[tuple[str, str]]:
        return {(i.child, i.worker) for i in self.allocated if is_open(i.start, i.end, day)}

    def children_with_worker(self, day: date) -> set[str]:
        """Children with an allocated social worker at `day`."""
        return {child for child, _ in self.allocated_at(day)}

    def workers_in_window(self, child: str, day: date) -> list[Involvement]:
        """Involvements sharing a day of care with the child in the twelve months to `day`.

        Both are half-open spans; an involvement of a single day still counts on that day.
        """
        first, past = month_end_before(day, 12) + ONE_DAY, day + ONE_DAY
        found = []
        for held in self._allocated_by_child.get(child, []):
            for episode in self.episodes_by_child.get(child, []):
                start = max(held.start, episode.start, first)
                end = min(held.end or past, episode.end or past, past)
                one_day = start == end == held.start == held.end and start <= day
                if start < end or one_day:
                    found.append(held)
                    break
        return found

    @cached_property
    def posts(self) -> list[Post]:
        """Posts begun by `as_at` with a census role 1 to 6, written as "5" or "5 case holder"."""
        return [
            Post(
                row.worker_id,
                row.professional_id,
                row.fte or 0.0,
                row.agency_flag,
                row.role_start_date,
                row.role_end_date,
                row.asye_start_date,
                row.asye_end_date,
            )
            for row in self.rows("ext_workforce_workers")
            if self.begun(row.role_start_date) and (row.org_role or "-").split()[0] in set("123456")
        ]

    def posts_at(self, day: date) -> list[Post]:
        """Posts held at `day`."""
        return [post for post in self.posts if is_open(post.start, post.end, day)]
