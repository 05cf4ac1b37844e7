"""Whole numbers near known ones that agree with rows too.

So that one number can be another, few others have to give way: with as little change as can be they
most often come out whole, and the solver, which sets out from the known ones, is soon there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from orchestration.disclosure.bounds import Range, Row
from orchestration.disclosure.whole_numbers import WHOLE, Point, agrees, empty_model

if TYPE_CHECKING:
    import highspy


class Nearby:
    """Whole numbers within `bounds` that agree with the rows, as the `known` ones do."""

    def __init__(
        self,
        names: Collection[str],
        rows: Collection[Row],
        bounds: Mapping[str, Range],
        known: Mapping[str, int],
    ) -> None:
        self.known = known
        self.names = [name for name in names if bounds[name].values > 1]
        self.place = {name: index for index, name in enumerate(self.names)}
        self.room = {
            name: (bounds[name].low - known[name], bounds[name].high - known[name])
            for name in self.names
        }
        self.rows = rows

    def within(self, name: str, low: int, high: int) -> Point | None:
        """The numbers that differ where one lies between two values, if they are found soon: those
        that do not come out whole are rounded one after the other."""
        if name not in self.room:
            return None
        least, most = self.room[name]
        narrowed = {name: (max(low - self.known[name], least), min(high - self.known[name], most))}
        if narrowed[name][0] > narrowed[name][1]:
            return None
        try:
            for _ in range(_ROUNDINGS):
                for each, ends in narrowed.items():
                    self._bound(each, *ends)
                moved = self._solved()
                if moved is None:
                    return None
                broken = next((n for n, by in moved.items() if abs(by - round(by)) >= WHOLE), None)
                if broken is None:
                    point = {each: self.known[each] + round(by) for each, by in moved.items()}
                    told = {row for each in point for row in self._about[each]}
                    return point if agrees(told, {**self.known, **point}) else None
                narrowed[broken] = (round(moved[broken]),) * 2
            return None
        finally:
            for each in narrowed:
                self._bound(each, *self.room[each])

    def _bound(self, name: str, least: int, most: int) -> None:
        """How far a number may rise, and how far it may fall."""
        place = self.place[name]
        self._model.changeColBounds(place, max(0, least), max(0, most))
        self._model.changeColBounds(len(self.names) + place, max(0, -most), max(0, -least))

    def _solved(self) -> dict[str, float] | None:
        """By how much numbers differ; None where none agree."""
        import highspy

        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = self._model.getSolution().col_value
        count = len(self.names)
        return {
            name: by
            for name, up, down in zip(self.names, values[:count], values[count:], strict=True)
            if (by := up - down)
        }

    @cached_property
    def _about(self) -> Mapping[str, list[Row]]:
        about: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            for name, _ in row[0]:
                about[name].append(row)
        return about

    @cached_property
    def _model(self) -> highspy.Highs:
        """What each number rises and falls by; either costs as much."""
        import highspy

        model = empty_model()
        count, none = len(self.names), highspy.kHighsInf
        ends = [float(most) for _, most in self.room.values()]
        ends += [float(-least) for least, _ in self.room.values()]
        model.addVars(2 * count, [0.0] * 2 * count, ends)
        model.changeColsCost(2 * count, list(range(2 * count)), [1.0] * 2 * count)
        places, weights, starts, lows, highs = [], [], [], [], []
        for row, lower, upper in self.rows:
            told = sum(weight * self.known[name] for name, weight in row)
            starts.append(len(places))
            lows.append(-none if lower is None else float(lower - told))
            highs.append(none if upper is None else float(upper - told))
            for name, weight in row:
                if name in self.place:
                    places += self.place[name], count + self.place[name]
                    weights += float(weight), -float(weight)
        model.addRows(len(starts), lows, highs, len(places), starts, places, weights)
        return model


_ROUNDINGS = 30
"""So many numbers are rounded before they are looked for farther away."""
