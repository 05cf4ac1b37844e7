"""Social workers' reports to conferences and reviews."""

from datetime import date

from orchestration.sample_council.chance import Quota, happens, whole
from orchestration.sample_council.histories import Child
from orchestration.sample_council.rows import Rows
from orchestration.sample_council.scene import Scene

# Working days before the meeting by which a report is to be shared.
_LEAD = {"ICPC": 2, "RCPC": 5, "CIC_REVIEW": 3}
_ON_TIME, _ON_TIME_DUAL = 0.8, 0.62
_NOT_REQUIRED = 0.03
_NEVER_SHARED = 0.3


class Reports:
    """Writes ext_sw_reports; `dual` spans are those with a protection plan and in care."""

    def __init__(self, rows: Rows, scene: Scene, dual: dict[int, list[tuple[date, date]]]) -> None:
        self._rows, self._scene, self._dual = rows, scene, dual
        self._random = scene.random("reports")
        self._quotas = {kind: Quota() for kind in _LEAD}

    def add(self, child: Child, kind: str, meeting_id: str, held: date) -> None:
        """The report to a meeting that was held, if the meeting is part of the history."""
        rng, scene = self._random, self._scene
        if not scene.start <= held <= child.alive_until(scene.as_at):
            return
        dual = any(first <= held <= last for first, last in self._dual.get(child.number, []))
        told = scene.stories.reports_on_time(held, dual)
        usual = _ON_TIME_DUAL if dual else _ON_TIME
        on_time = happens(rng, usual) if told is None else self._quotas[kind].take(told)
        self._rows.add(
            report_id=f"RPT-{meeting_id}-{child.number:06d}",
            person_id=child.person_id,
            meeting_type=kind,
            meeting_id=meeting_id,
            meeting_date=held,
            shared_date=self._shared(kind, held, on_time),
            dual_plan_flag="Y" if dual else "N" if happens(rng, 0.85) else None,
            not_required_flag="Y" if happens(rng, _NOT_REQUIRED) else None,
        )

    def _shared(self, kind: str, held: date, on_time: bool) -> date | None:
        rng, days = self._random, self._scene.working_days
        if on_time:
            return days.back(held, _LEAD[kind] + whole(rng, 0, 4))
        if happens(rng, _NEVER_SHARED):
            return None
        return self._scene.seen(days.back(held, whole(rng, -2, _LEAD[kind] - 1)))
