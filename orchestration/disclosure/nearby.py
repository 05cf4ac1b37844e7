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
        self._known = known
        self._names = [name for name in names if bounds[name].values > 1]
        self._place = {name: index for index, name in enumerate(self._names)}
        self._room = {
            name: (bounds[name].low - known[name], bounds[name].high - known[name])
            for name in self._names
        }
        self._rows = rows

    def within(self, name: str, low: int, high: int) -> Point | None:
        """Only the numbers that differ from the known ones, where one lies from `low` to `high`;
        those that do not come out whole are rounded one after the other.

        None is no proof that there are none: they are not found soon.
        """
        if name not in self._room:
            return None
        least, most = self._room[name]
        narrowed = {
            name: (max(low - self._known[name], least), min(high - self._known[name], most))
        }
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
                    point = {each: self._known[each] + round(by) for each, by in moved.items()}
                    told = {row for each in point for row in self._about[each]}
                    return point if agrees(told, {**self._known, **point}) else None
                narrowed[broken] = (round(moved[broken]),) * 2
            return None
        finally:
            for each in narrowed:
                self._bound(each, *self._room[each])

    def _bound(self, name: str, least: int, most: int) -> None:
        """How far a number may rise, and how far it may fall."""
        place = self._place[name]
        self._model.changeColBounds(place, max(0, least), max(0, most))
        self._model.changeColBounds(len(self._names) + place, max(0, -most), max(0, -least))

    def _solved(self) -> dict[str, float] | None:
        """By how much numbers differ; None where none agree."""
        import highspy

        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = self._model.getSolution().col_value
        count = len(self._names)
        return {
            name: by
            for name, up, down in zip(self._names, values[:count], values[count:], strict=True)
            if (by := up - down)
        }

    @cached_property
    def _about(self) -> Mapping[str, list[Row]]:
        about: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows:
            for name, _ in row[0]:
                about[name].append(row)
        return about

    @cached_property
    def _model(self) -> highspy.Highs:
        """What each number rises and falls by; either costs as much."""
        import highspy

        model = empty_model()
        count, none = len(self._names), highspy.kHighsInf
        ends = [float(most) for _, most in self._room.values()]
        ends += [float(-least) for least, _ in self._room.values()]
        model.addVars(2 * count, [0.0] * 2 * count, ends)
        model.changeColsCost(2 * count, list(range(2 * count)), [1.0] * 2 * count)
        places, weights, starts, lows, highs = [], [], [], [], []
        for row, lower, upper in self._rows:
            told = sum(weight * self._known[name] for name, weight in row)
            starts.append(len(places))
            lows.append(-none if lower is None else float(lower - told))
            highs.append(none if upper is None else float(upper - told))
            for name, weight in row:
                if name in self._place:
                    places += self._place[name], count + self._place[name]
                    weights += float(weight), -float(weight)
        model.addRows(len(starts), lows, highs, len(places), starts, places, weights)
        return model


_ROUNDINGS = 30
"""So many numbers are rounded before they are looked for farther away."""
