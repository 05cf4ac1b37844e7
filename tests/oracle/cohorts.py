"""Everything the indicators count, rebuilt for any day from one delivery."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from .calendar import month_end
from .protection import Protection
from .rows import Row, read
from .rows import day as as_date
from .workers import Workers

LEAVING_CARE = ("former relevant", "relevant")
ELIGIBILITY_ORDER = (*LEAVING_CARE, "qualifying", "eligible", "no current eligibility")
NO_LONGER = frozenset({"DIED", "RHOM"})


class World(Protection, Workers):
    """One delivery as it stood at `as_at`, with what earlier deliveries said of care leavers."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        as_at: date,
        old_la_code: str,
        earlier_deliveries: Mapping[date, pd.DataFrame] | None = None,
    ) -> None:
        super().__init__(tables, as_at, old_la_code)
        self._leavers = {
            month_end(on): frame
            for key, frame in (earlier_deliveries or {}).items()
            if (on := as_date(key)) is not None and on < as_at
        }
        if "ssd_care_leavers" in tables:
            self._leavers[month_end(as_at)] = tables["ssd_care_leavers"]

    @property
    def care_leaver_month_ends(self) -> list[date]:
        """Month ends some delivery speaks for [G20]."""
        return sorted(self._leavers)

    def care_leavers(self, day: date) -> list[Row] | None:
        """One row per young person of the cohort at `day`, from that month's own delivery [G20].

        None when no delivery speaks for `day`.
        """
        if day not in self._leavers:
            return None
        return self.at("care leavers", day, self._care_leavers)

    def care_leavers_answer(self, day: date, answer: str) -> bool:
        """Whether the day's own delivery came, and answers this for anybody if it has rows."""
        if day not in self._leavers:
            return False
        rows = self.at("care leaver rows", day, self._care_leaver_rows)
        return not rows or any(getattr(row, f"clea_care_leaver_{answer}") for row in rows)

    def _care_leaver_rows(self, day: date) -> list[Row]:
        return read("ssd_care_leavers", self._leavers[day], self.maps)

    def _care_leavers(self, day: date) -> list[Row]:
        best: dict[str, Row] = {}
        rows = self.at("care leaver rows", day, self._care_leaver_rows)
        for row in sorted(rows, key=lambda row: _preferred(row, day)):
            if self.child(row.clea_person_id) is not None:
                best.setdefault(row.clea_person_id, row)
        return [row for row in best.values() if self._in_cohort(row, day)]

    def _in_cohort(self, row: Row, day: date) -> bool:
        """Relevant or former relevant, aged 17 to 21, alive, not gone home; unknown age is out."""
        age = self.age(row.clea_person_id, day)
        death = self.until_death(row.clea_person_id, None)
        return (
            (row.clea_care_leaver_eligibility or "").lower() in LEAVING_CARE
            and (row.clea_care_leaver_in_touch or "").upper() not in NO_LONGER
            and (death is None or death > day)
            and age is not None
            and 17 <= age <= 21
        )


def due_dates(
    anchor: date, following: date | None, next_due: Callable[[date], date], last_day: date
) -> Iterator[tuple[date, bool]]:
    """Due dates set by one anchor up to `last_day`, each with whether it was met.

    The first one always falls due. After a missed one another does, until a counting visit (the
    `following` one) comes before it: that visit is then the next anchor.
    """
    due, first = next_due(anchor), True
    while due <= last_day and (first or following is None or following >= due):
        met = following is not None and following <= due
        yield due, met
        if met:
            return
        due, first = next_due(due), False


def _preferred(row: Row, day: date) -> tuple[Any, ...]:
    """Latest contact first, then eligibility, then the other answers, empty ones last [G20].

    A contact after the day the delivery speaks for is not known yet [G2].
    """
    contact = row.clea_care_leaver_latest_contact
    if contact is not None and contact > day:
        contact = None
    eligibility = (row.clea_care_leaver_eligibility or "").lower()
    known = eligibility in ELIGIBILITY_ORDER
    answers = (
        row.clea_care_leaver_in_touch,
        row.clea_care_leaver_accommodation,
        row.clea_care_leaver_accom_suitable,
        row.clea_care_leaver_activity,
    )
    return (
        -contact.toordinal() if contact else 0,
        ELIGIBILITY_ORDER.index(eligibility) if known else len(ELIGIBILITY_ORDER),
        tuple((answer is None, answer or "") for answer in answers),
    )
