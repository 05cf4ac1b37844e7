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

    def _whole(self, values: Sequence[float]) -> Point | None:
        if any(abs(value - round(value)) >= WHOLE for value in values):
            return None
        numbers = dict(zip(self.names, map(round, values), strict=True))
        return self.fixed | numbers if not self.has_shares or agrees(self.rows, numbers) else None

    def _made(self) -> highspy.Highs:
        import highspy

        model = empty_model()
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


def agrees(rows: Collection[Row], numbers: Mapping[str, int]) -> bool:
    """Whether all rows hold of the numbers."""
    for weights, lower, upper in rows:
        total = sum(weight * numbers[name] for name, weight in weights)
        if (lower is not None and total < lower) or (upper is not None and total > upper):
            return False
    return True


def empty_model() -> highspy.Highs:
    """A model of the solver that says nothing."""
    import highspy

    _introduce_solver()
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    return model


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


WHOLE = 1e-7
"""A number that is nearer to a whole one than this is whole."""
_ROUND = 1e-4
"""So much further than where the solver ended an end may lie."""
