"""What readers can work out of councils and their sum: one table of all numbers, and the solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestration.disclosure.audit import LEAST_VALUES, SMALL, Audit, Secrets
from orchestration.disclosure.bounds import Range
from orchestration.disclosure.facts import Fact, adds_up
from orchestration.disclosure.history import Hidden
from orchestration.disclosure.protect import (
    CannotBeMadeSafe,
    attainable,
    exposed,
    protect,
)
from orchestration.disclosure.small import floors_of, small_sides
from orchestration.disclosure.ties import SIDES, facts_of, name_of, names_of, numbers_of, sides_of
from orchestration.editions.figures import Indicator, Tie, figures_of

AREA = "area"
"""Whose numbers are the sums of the councils'."""


class Together:
    """The numbers of an area and of its councils by name, and what ties them.

    `councils` are their rows by code; each council's numbers are tied as `ties` says, those of the
    area where all councils' are, and each of the area's is the sum of the councils'.
    """

    def __init__(
        self,
        area: Sequence[Indicator],
        councils: Mapping[str, Sequence[Indicator]],
        ties: Mapping[str, Sequence[Tie]],
    ) -> None:
        self._rows = {
            of: {row.indicator_id: row for row in rows}
            for of, rows in {AREA: area, **councils}.items()
        }
        self._figures = {
            of: {each: figures_of(row) for each, row in rows.items()}
            for of, rows in self._rows.items()
        }
        in_all = [set(ties[code]) for code in councils]
        tied = {**ties, AREA: sorted(set.intersection(*in_all), key=repr) if in_all else []}
        self._numbers: dict[str, int] = {}
        self._facts: list[Fact] = []
        for of, rows in self._rows.items():
            numbers = numbers_of(self._figures[of], rows)
            self._numbers |= {_called(of, name): value for name, value in numbers.items()}
            for fact in facts_of(self._figures[of], rows, numbers, tied[of]):
                weights = {_called(of, name): weight for name, weight in fact.weights.items()}
                self._facts.append(Fact(weights, fact.lower, fact.upper))
        self._facts += self._sums(list(councils))
        self._of_area = [
            [name for name in names if name in self._numbers]
            for each, at in self._figures[AREA].items()
            for place in at
            if (names := [_called(AREA, name) for name in names_of(each, place)])
        ]

    def _sums(self, councils: Sequence[str]) -> Iterable[Fact]:
        for each, at in self._figures[AREA].items():
            for place in at:
                for side in SIDES:
                    name = name_of(each, place, side)
                    parts = [_called(of, name) for of in councils]
                    there = [part for part in parts if part in self._numbers]
                    whole = _called(AREA, name)
                    known = whole in self._numbers and bool(there)
                    if known and self._numbers[whole] == sum(self._numbers[part] for part in there):
                        yield adds_up(whole, there)

    def held_back(
        self, hidden: Mapping[str, Hidden], small: Mapping[str, Hidden], *, is_strict: bool
    ) -> frozenset[str]:
        """The indicators of which the area's figure must not be shown where these figures are
        `hidden`, of which `small` are for their own sake; readers know these to be small where
        `is_strict`, as they know all others."""
        names = self._names(hidden)
        audit, secrets, lost = self._asked(names, small, is_strict)
        held = set(map(_indicator_of, lost))
        names |= self._names({AREA: self._all_of(held)})
        fixed = {name for name in self._numbers if not _is_of_area(name)}
        while True:
            try:
                found = protect(audit, names, secrets, self._of_area, fixed)
            except CannotBeMadeSafe as fault:
                # nothing of the indicator, and where that does not help of none
                every = set(self._figures[AREA])
                more = set(map(_indicator_of, fault.names)) - held or every - held
                if not more:
                    return frozenset(held)
                held |= more
                names |= self._names({AREA: self._all_of(more)})
                continue
            return frozenset(held | {_indicator_of(each) for each in found if _is_of_area(each)})

    def worked_out(
        self, hidden: Mapping[str, Hidden], small: Mapping[str, Hidden], *, is_strict: bool
    ) -> int:
        """How many hidden numbers readers could narrow down with what is shown of the area, and
        could not without."""
        names = self._names(hidden)
        audit, secrets, _ = self._asked(names, small, is_strict)
        return len(exposed(audit, names, secrets))

    def _asked(
        self, names: set[str], small: Mapping[str, Hidden], is_strict: bool
    ) -> tuple[Audit, Secrets, dict[str, Range]]:
        """The audit, what must stay possible, and what is out with nothing of the area shown."""
        floors: dict[str, int] = {}
        own: list[str] = []
        for of, rows in self._rows.items():
            for each, at in self._figures[of].items():
                for place, figure in at.items():
                    sides = sides_of(figure, rows[each])
                    named = {side: _called(of, name_of(each, place, side)) for side in sides}
                    floors |= {named[side]: 1 for side in floors_of(sides)}
                    if place in small[of].get(each, ()):
                        own += [named[side] for side in small_sides(sides, rows[each])]
        known_small = [Fact({name: 1}, 1, LEAST_VALUES) for name in own] if is_strict else []
        audit = Audit(self._numbers, [*self._facts, *known_small], floors)
        secrets = Secrets(dict.fromkeys(own, SMALL), floors, frozenset())
        without = names | {name for group in self._of_area for name in group}
        secrets = attainable(audit, exposed(audit, without, secrets), secrets)
        lost = exposed(audit, without, secrets)
        return audit, Secrets(secrets.small, floors, secrets.exempt | lost.keys()), lost

    def _all_of(self, indicators: Iterable[str]) -> Hidden:
        at = self._figures[AREA]
        return {each: frozenset(at[each]) for each in indicators if each in at}

    def _names(self, hidden: Mapping[str, Hidden]) -> set[str]:
        return {
            called
            for of, places in hidden.items()
            for each, at in places.items()
            for place in at
            for name in names_of(each, place)
            if (called := _called(of, name)) in self._numbers
        }


def _called(of: str, name: str) -> str:
    return f"{of}>{name}"


def _indicator_of(name: str) -> str:
    return name.split(">")[1].split("/")[0]


def _is_of_area(name: str) -> bool:
    return name.startswith(f"{AREA}>")
