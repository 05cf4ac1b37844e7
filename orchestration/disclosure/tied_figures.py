"""The numbers of indicators that are tied: what is known of them, now and since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from orchestration.disclosure.audit import LEAST_VALUES, SMALL, Audit, Secrets
from orchestration.disclosure.history import PART, Hidden, History, Publication
from orchestration.disclosure.protect import attainable, exposed, needs_of
from orchestration.disclosure.reader import Need
from orchestration.disclosure.small import floors_of, small_sides
from orchestration.disclosure.ties import name_of, names_of, numbers_of, sides_of
from orchestration.editions.figures import Indicator, Place, Tie, figures_of, place_of

KINDS = (
    *(PART, "month", "quarter", "year_to_date", "financial_year", "academic_year", "calendar_year"),
    "rolling_12m",
)


_REVISED = Need(LEAST_VALUES + 1, above=LEAST_VALUES)
"""Of these it is not known whether they are nothing."""


class Table:
    """The numbers of indicators that are tied, by name, and what ties them and was told before.

    A number that was published otherwise than it stands today has a name of its own.
    """

    def __init__(
        self, rows: Sequence[Indicator], ties: Sequence[Tie], earlier: Sequence[Publication]
    ) -> None:
        self.rows = {row.indicator_id: row for row in rows}
        self.figures = {row.indicator_id: figures_of(row) for row in rows}
        self.numbers = numbers_of(self.figures, self.rows)
        self.together = [
            names
            for each, figures in self.figures.items()
            for place in figures
            if (names := [name for name in names_of(each, place) if name in self.numbers])
        ]
        # where there is none a nought is printed; an open figure is printed whatever it is
        self.fixed = {
            name
            for each, figures in self.figures.items()
            for place in figures
            for name in names_of(each, place)
            if self.rows[each].disclosure_class == "open"
            or (
                self.numbers.get(name) == 0
                and (name[-1] == "d" or name[:-1] + "d" not in self.numbers)
            )
        }
        self.cost = {
            name: _cost(place, self.rows[each])
            for each, figures in self.figures.items()
            for place in figures
            for name in names_of(each, place)
        }
        self._small = {
            name_of(each, place, side): SMALL
            for each, figures in self.figures.items()
            for place, figure in figures.items()
            for side in small_sides(sides_of(figure, self.rows[each]), self.rows[each])
        }
        floors = {
            name_of(each, place, side): 1
            for each, figures in self.figures.items()
            for place, figure in figures.items()
            for side in floors_of(sides_of(figure, self.rows[each]))
        }
        history = History(self.rows, self.figures, earlier)
        self._history = history
        self._audits: dict[frozenset[str], Audit] = {}
        self.hidden_before = history.hidden
        self._small |= dict.fromkeys(history.small, SMALL)
        self._floors = history.floors | floors
        self._facts, self._settled = history.facts(ties)
        self._small |= dict.fromkeys(history.revised, _REVISED)
        self._exempt: frozenset[str] = frozenset()
        if not (self._small or self.hidden_before):
            return
        able = self.gone | self.open_ones
        ends = exposed(self.audit({}), able, self.secrets({}))
        if earlier:
            # what could be worked out if nothing were printed now is out, and cannot be called
            # back: of what is safe while some is printed there is no need to ask
            every = self.hidden_before | set(self.numbers)
            nothing = dict.fromkeys(self.rows, KINDS)
            asked = needs_of(every - (able - ends.keys()), self.secrets(nothing))
            self._exempt |= self.audit(nothing).exposed(every, asked).keys()
        left = {name: found for name, found in ends.items() if name not in self._exempt}
        kept = attainable(self.audit({}), left, self.secrets({}))
        self._small, self._exempt = dict(kept.small), kept.exempt

    def secrets(self, withheld: Mapping[str, Collection[str]]) -> Secrets:
        """What is known of the hidden numbers, where kinds of periods are `withheld` of indicators:
        there noughts are hidden too, but what an earlier publication told is known."""
        floors = {
            name: floor
            for name, floor in self._floors.items()
            if name in self._history.floors
            or _kind_in(name) not in withheld.get(name.split("/")[0], ())
        }
        return Secrets(self._small, floors, self._exempt)

    def audit(self, withheld: Mapping[str, Collection[str]]) -> Audit:
        """The numbers and what ties them, where kinds of periods are `withheld` of indicators."""
        floors = self.secrets(withheld).floors
        which = frozenset(floors)
        if which not in self._audits:
            is_whole = floors == self._floors
            self._audits[which] = self._whole if is_whole else self._whole.with_fewer(floors)
        return self._audits[which]

    @cached_property
    def _whole(self) -> Audit:
        """With all floors."""
        return Audit(
            self.numbers,
            self._facts,
            self._floors,
            self._history.values,
            self._history.printed,
            self._settled,
        )

    @property
    def open_ones(self) -> set[str]:
        """The numbers of today that may be hidden though they are not small."""
        fixed = {
            name for names in self.together if self.fixed.intersection(names) for name in names
        }
        return set(self.numbers) - fixed

    @property
    def gone(self) -> set[str]:
        """What was hidden before and stands otherwise today, or is printed no longer."""
        return (self.hidden_before - set(self.numbers)) | self._history.revised

    def names(self, hidden: Hidden) -> set[str]:
        """The numbers at the places of `hidden`."""
        return {
            name
            for each in self.rows
            for place in hidden.get(each, ())
            for name in names_of(each, place)
            if name in self.numbers
        }

    def places(self, indicator_id: str, names: Collection[str]) -> frozenset[Place]:
        """Where an indicator has a number of `names`."""
        hidden = set(names)
        return frozenset(
            place
            for place in self.figures[indicator_id]
            if hidden.intersection(names_of(indicator_id, place))
        )


def _kind_in(name: str) -> str:
    _, breakdown, _, kind, *_ = name.split("/")
    return PART if breakdown else kind


def _cost(place: Place, row: Indicator) -> int:
    """How much readers would miss a figure: parts and months least, then quarters and years; most
    the figure that the row is about."""
    if place[0]:
        return 2
    if row.headline is not None and place == place_of(row.headline):
        return 5
    return {"month": 2, "quarter": 3, "year_to_date": 3}.get(place[2], 4)
