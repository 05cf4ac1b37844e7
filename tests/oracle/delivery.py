"""One delivery: its rows, its calendar and its children [G1, G2, G5, G6, G9, G10, G19]."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from .calendar import WorkingDays, earlier, full_years, working_days
from .rows import Row, code_maps, read

T = TypeVar("T")
ROLE_COLUMN = "ssd_involvements.invo_professional_role_id"
ROLE_MAP = f"ref_code_maps for {ROLE_COLUMN}"


class Delivery:
    """What was delivered, as it stood at `as_at`; an extract without a key was not delivered."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], as_at: date, old_la_code: str) -> None:
        self.as_at = as_at
        self.la_code = str(old_la_code).strip()
        self.maps = code_maps(tables.get("ref_code_maps"))
        self._tables = tables
        self._rows: dict[str, list[Row]] = {}
        self._by_day: dict[tuple[str, date], Any] = {}

    def delivered(self, need: str) -> bool:
        """Whether an extract (or one of several, "a|b") came; a role map with no rows did not."""
        if need == ROLE_MAP:
            return bool(self.maps.get(ROLE_COLUMN))
        return any(extract in self._tables for extract in need.split("|"))

    def rows(self, extract: str) -> list[Row]:
        """Rows of an extract; none when it was not delivered."""
        if extract not in self._rows:
            frame = self._tables.get(extract)
            self._rows[extract] = [] if frame is None else read(extract, frame, self.maps)
        return self._rows[extract]

    def each_once(self, extract: str, number: str, owner: str, *days: str) -> list[Row]:
        """Rows of an extract; of several numbers of one owner for the same days the smallest."""
        found: dict[object, Row] = {}
        for row in self.rows(extract):
            whose = getattr(row, owner)
            key = (whose, *(getattr(row, day) for day in days)) if whose else getattr(row, number)
            found[key] = min(row, found.get(key, row), key=lambda each: getattr(each, number))
        return list(found.values())

    def known_by(self, extract: str, number: str, owner: str, *days: str) -> dict[str, str]:
        """Every number of an extract -> the one of `each_once` that the same thing has."""
        once: dict[object, str] = {}
        known: dict[str, str] = {}
        for row in sorted(self.rows(extract), key=lambda each: str(getattr(each, number))):
            whose = getattr(row, owner)
            key = (whose, *(getattr(row, day) for day in days)) if whose else getattr(row, number)
            known[getattr(row, number)] = once.setdefault(key, getattr(row, number))
        return known

    @cached_property
    def calendar(self) -> WorkingDays:
        """Working days of England, from the delivered bank holidays [G6]."""
        rows = self.rows("ref_bank_holidays")
        return working_days(frozenset(row.holiday_date for row in rows))

    @cached_property
    def _persons(self) -> dict[str, Row]:
        return {row.pers_person_id: row for row in self.rows("ssd_person")}

    def child(self, person_id: str | None) -> str | None:
        """A known child; an orphan key is empty [G9]. Without the person extract keys stand."""
        if not self.delivered("ssd_person") or person_id in self._persons:
            return person_id
        return None

    def birth(self, child: str | None) -> date | None:
        """Date of birth, else the expected one; empty when neither is known [G10]."""
        row = self._persons.get(child or "")
        return None if row is None else row.pers_dob or row.pers_expected_dob

    def unborn(self, child: str | None, day: date) -> bool:
        """Born later than `day`; an unknown birth counts as born [G10]."""
        birth = self.birth(child)
        return birth is not None and birth > day

    def age(self, child: str | None, day: date) -> int | None:
        """Full years at `day`, empty when unknown [G10]."""
        birth = self.birth(child)
        return None if birth is None else full_years(birth, day)

    def until_death(self, child: str | None, end: date | None) -> date | None:
        """The end of a child's row: its own or the child's death, whichever is first [G5]."""
        row = self._persons.get(child or "")
        return end if row is None else earlier(end, row.pers_death_date)

    def asylum_seeking(self, child: str | None, day: date) -> bool:
        """A UASC status open at `day`; one without an end holds until the child is 18."""
        adult = (self.age(child, day) or 0) >= 18
        for start, end in self._asylum_statuses.get(child or "", []):
            holds = not adult if end is None else end > day
            if holds and (start is None or start <= day):
                return True
        return False

    @cached_property
    def _asylum_statuses(self) -> dict[str, list[tuple[date | None, date | None]]]:
        found = defaultdict(list)
        for row in self.rows("ssd_immigration_status"):
            if (row.immi_immigration_status or "").upper() == "UASC" and row.immi_person_id:
                span = row.immi_immigration_status_start_date, row.immi_immigration_status_end_date
                found[row.immi_person_id].append(span)
        return found

    def population_in_10k(self, day: date) -> float | None:
        """Tens of thousands aged 0 to 17, by the estimate in force at `day`; empty if none is."""
        rows = [
            row
            for row in self.rows("ref_population")
            if row.la_code == self.la_code and row.in_force_from and row.in_force_from <= day
        ]
        if not rows:
            return None
        newest = max(rows, key=lambda row: (row.in_force_from, row.mid_year))
        return float(newest.population_0_17) / 10_000

    def begun(self, start: date | None) -> bool:
        """Whether a row or a piece of evidence exists at the as-at day [G2]."""
        return start is not None and start <= self.as_at

    def at(self, name: str, day: date, make: Callable[[date], T]) -> T:
        """What `make` gives for `day`, made once."""
        if (name, day) not in self._by_day:
            self._by_day[name, day] = make(day)
        made: T = self._by_day[name, day]
        return made
