"""Whole numbers that agree with rows, by a solver.

It looks among all numbers first, as it ends much sooner there, and most often they come out whole.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from orchestration.disclosure.bounds import Contradiction, Range, Row

if TYPE_CHECKING:
    import highspy

Point = dict[str, int]
"""Numbers that agree with all that is said."""


class Model:
    """Whole numbers within `bounds` that agree with the rows."""

    def __init__(
        self, names: Collection[str], rows: Collection[Row], bounds: Mapping[str, Range]
    ) -> None:
        self.fixed = {name: bounds[name].low for name in names if bounds[name].values == 1}
        self.names = [name for name in names if name not in self.fixed]
        self.bounds = bounds
        self.rows = []
        for weights, lower, upper in rows:
            known = sum(weight * self.fixed[name] for name, weight in weights if name in self.fixed)
            left = tuple((name, weight) for name, weight in weights if name not in self.fixed)
            if left:
                self.rows.append(
                    (
                        left,
                        None if lower is None else lower - known,
                        None if upper is None else upper - known,
                    )
                )
        self.place = {name: index for index, name in enumerate(self.names)}
        # sums of whole numbers round to themselves; of shares that has to be seen
        self.has_shares = any(abs(weight) > 1 for weights, *_ in self.rows for _, weight in weights)
        self.any_numbers = self._made()

    def solve(self, cost: Mapping[str, int]) -> Point:
        """All numbers where the sum of cost x number is least. Raises Contradiction."""
        point = self.tried(cost)
        if point is not None:
            return point
        asked = {name: each for name, each in cost.items() if name in self.place}
        whole = self._made()
        import highspy

        count = len(self.names)
        whole.changeColsIntegrality(
            count, list(range(count)), [highspy.HighsVarType.kInteger] * count
        )
        values = self._solved(whole, asked)
        if values is None:
            # a solver that stops is no proof that nothing can be worked out
            raise RuntimeError("SOLVER-STOPPED: the solver ended without an answer")
        return self.fixed | dict(zip(self.names, map(round, values), strict=True))

    def tried(self, cost: Mapping[str, int]) -> Point | None:
        """The same without asking for whole numbers, which is much quicker; most often they are
        whole. None where they are not."""
        if not self.names:
            return dict(self.fixed)
        values = self._solved(
            self.any_numbers, {name: each for name, each in cost.items() if name in self.place}
        )
        return None if values is None else self._whole(values)

    def end(self, name: str, sign: int) -> tuple[Point | None, int]:
        """A bound of what a number can be, at the bottom if `sign` is 1 and at the top if it is -1,
        and numbers with which it is that, if they come out whole."""
        values = self._solved(self.any_numbers, {name: sign})
        if values is None:
            return None, (self.bounds[name].low if sign > 0 else self.bounds[name].high)
        value = values[self.place[name]]
        inwards = math.ceil(value - _ROUND) if sign > 0 else math.floor(value + _ROUND)
        return self._whole(values), inwards

    def some(self, name: str, low: int, high: int) -> Point | None:
        """Numbers with which one lies between two values, if they are found soon: those that do not
        come out whole are rounded one after the other."""
        model, ends = self.any_numbers, self.bounds[name]
        narrowed = {name: (max(low, ends.low), min(high, ends.high))}
        try:
            for _ in range(_ROUNDINGS):
                for each, (least, most) in narrowed.items():
                    model.changeColBounds(self.place[each], least, most)
                values = self._solved(model, {})
                if values is None:
                    return None
                if point := self._whole(values):
                    return point
                able = [
                    index
                    for index, value in enumerate(values)
                    if abs(value - round(value)) >= _WHOLE
                ]
                if not able:
                    return None
                rounded = round(values[able[0]])
                narrowed[self.names[able[0]]] = rounded, rounded
            return None
        except Contradiction:
            return None
        finally:
            for each in narrowed:
                ends = self.bounds[each]
                model.changeColBounds(self.place[each], ends.low, ends.high)

    def _whole(self, values: Sequence[float]) -> Point | None:
        if any(abs(value - round(value)) >= _WHOLE for value in values):
            return None
        numbers = dict(zip(self.names, map(round, values), strict=True))
        return self.fixed | numbers if not self.has_shares or self._agrees(numbers) else None

    def _agrees(self, numbers: Mapping[str, int]) -> bool:
        for weights, lower, upper in self.rows:
            total = sum(weight * numbers[name] for name, weight in weights)
            if (lower is not None and total < lower) or (upper is not None and total > upper):
                return False
        return True

    def _made(self) -> highspy.Highs:
        import highspy

        _introduce_solver()
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.addVars(
            len(self.names),
            [self.bounds[name].low for name in self.names],
            [self.bounds[name].high for name in self.names],
        )
        none = highspy.kHighsInf
        places, weights, starts = [], [], []
        for row, *_ in self.rows:
            starts.append(len(places))
            for name, weight in row:
                places.append(self.place[name])
                weights.append(float(weight))
        model.addRows(
            len(self.rows),
            [-none if lower is None else float(lower) for _, lower, _ in self.rows],
            [none if upper is None else float(upper) for _, _, upper in self.rows],
            len(places),
            starts,
            places,
            weights,
        )
        return model

    def _solved(self, model: highspy.Highs, cost: Mapping[str, int]) -> list[float] | None:
        """The numbers; None where the solver came to no end. Raises Contradiction."""
        import highspy

        for name, each in cost.items():
            model.changeColCost(self.place[name], each)
        model.run()
        ends = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if model.getModelStatus() not in ends:
            # it sets out from where it ended before and can get stuck there: now from scratch
            model.clearSolver()
            model.run()
        status = model.getModelStatus()
        values = model.getSolution().col_value
        for name in cost:
            model.changeColCost(self.place[name], 0)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("no whole numbers agree with all that is published")
        return values if status == highspy.HighsModelStatus.kOptimal else None


@cache
def _introduce_solver() -> None:
    """Make the first model of this process where nobody hears it.

    HiGHS (1.16) writes who made it to standard output with the first model, before any option of
    that model can be set; later ones are silent. `enableCallbacks` is the step that writes.
    """
    import highspy

    class Unheard(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("log_to_console", False)
            super().enableCallbacks()

    Unheard()


_WHOLE = 1e-7
"""A number that is nearer to a whole one than this is whole."""
_ROUND = 1e-4
"""So much further than where the solver ended an end may lie."""
_ROUNDINGS = 30
"""So many numbers are rounded before all are asked for as whole ones."""
