"""Protection plans, the children on them and the visits that count [G16]."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .calendar import is_open
from .delivery import Delivery


@dataclass(frozen=True)
class Plan:
    """A protection plan of this authority; `end` is the earlier of end and death."""

    plan_id: str
    child: str | None
    conference: str | None
    start: date
    end: date | None


class Protection(Delivery):
    """Child protection as delivered."""

    @cached_property
    def plans(self) -> list[Plan]:
        """Plans begun by `as_at`, but for those held for another authority, each once."""
        return [
            Plan(
                row.cppl_cp_plan_id,
                child := self.child(row.cppl_person_id),
                row.cppl_icpc_id,
                row.cppl_cp_plan_start_date,
                self.until_death(child, row.cppl_cp_plan_end_date),
            )
            for row in self.rows("ssd_cp_plans")
            if row.cppl_cp_plan_ola != "Y"
            and self.begun(row.cppl_cp_plan_start_date)
            and self.plan_numbers[row.cppl_cp_plan_id] == row.cppl_cp_plan_id
        ]

    @cached_property
    def plan_numbers(self) -> dict[str, str]:
        """Number of a plan -> the smallest number that the same child has for the same days."""
        same = defaultdict(list)
        for row in self.rows("ssd_cp_plans"):
            number, child = row.cppl_cp_plan_id, self.child(row.cppl_person_id)
            days = (row.cppl_cp_plan_start_date, row.cppl_cp_plan_end_date)
            if row.cppl_cp_plan_ola != "Y":
                same[(child, *days) if child else number].append(number)
        return {each: min(numbers) for numbers in same.values() for each in numbers}

    def cp_cohort(self, day: date) -> dict[str, list[Plan]]:
        """Children with a plan open at `day`, the unborn among them, and those plans [G16]."""
        return self.at("cp", day, self._cp_cohort)

    def _cp_cohort(self, day: date) -> dict[str, list[Plan]]:
        found = defaultdict(list)
        for plan in self.plans:
            if plan.child is not None and is_open(plan.start, plan.end, day):
                found[plan.child].append(plan)
        return found

    def cp_visits(self, plan: Plan) -> list[date]:
        """Dates of the counting visits of a plan.

        Same child, from the plan's start to its end (both included), child seen; before the birth
        any visit counts.
        """
        return sorted(
            {
                day
                for day, seen in self._visits_by_child.get(plan.child or "", [])
                if plan.start <= day
                and (plan.end is None or day <= plan.end)
                and (seen == "Y" or self.unborn(plan.child, day))
            }
        )

    @cached_property
    def _visits_by_child(self) -> dict[str, list[tuple[date, str | None]]]:
        """Visits of each child: the visit's own, else the one of its plan."""
        plan_child = {row.cppl_cp_plan_id: row.cppl_person_id for row in self.rows("ssd_cp_plans")}
        found = defaultdict(list)
        for row in self.rows("ssd_cp_visits"):
            child = self.child(row.cppv_person_id)
            child = child or self.child(plan_child.get(row.cppv_cp_plan_id))
            if child is not None and self.begun(row.cppv_cp_visit_date):
                found[child].append((row.cppv_cp_visit_date, row.cppv_cp_visit_seen))
        return found
