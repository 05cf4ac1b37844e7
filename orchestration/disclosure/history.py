"""What earlier publications said of tied indicators, each number in the name of its version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from orchestration.disclosure.facts import Fact
from orchestration.disclosure.small import floors_of, is_few, small_sides
from orchestration.disclosure.ties import Figures, facts_of, name_of, numbers_of, sides_of
from orchestration.editions.figures import Figure, Indicator, Place, Tie

Hidden = Mapping[str, frozenset[Place]]
"""Indicator to its places of which nothing is shown."""
PART = "part"


def kind_of(place: Place) -> str:
    """Which kind of period a figure is of; parts of any are one kind of their own."""
    return PART if place[0] else place[2]


@dataclass(frozen=True)
class Publication:
    """What one earlier pack said of one council, and what it hid: whose figures are kept here so
    that nobody can work them out from the next one."""

    figures: Mapping[str, Mapping[Place, Figure]]
    hidden: Hidden


_At = tuple[str, Place]
_Names = dict[str, str]
"""Side to what its number is called."""


@dataclass
class _Version:
    """One of the figures that were told of a place."""

    figure: Figure
    sides: dict[str, int]
    names: _Names
    is_printed: bool = False
    has_floors: bool = False


class History:
    """Numbers of `earlier` publications, oldest first, beside the `figures` that stand today.

    A number that was published otherwise than it stands today, or stands no longer, has a name of
    its own; readers may guess that the same was not revised. `values` are those numbers by name,
    `printed` and `hidden` the names of what was, `small` of what was hidden for its own sake, and
    `floors` what hidden ones were known to be no less than. `revised` are months that were hidden
    and are not printed any more, but are others by now, as their sum says (once `facts` are asked).
    """

    def __init__(
        self, rows: Mapping[str, Indicator], figures: Figures, earlier: Sequence[Publication]
    ) -> None:
        self.rows, self.figures = rows, figures
        self.values: dict[str, int] = {}
        self.printed: dict[str, int] = {}
        self.hidden: set[str] = set()
        self.small: set[str] = set()
        self.floors: dict[str, int] = {}
        self.revised: set[str] = set()
        self._then: list[dict[_At, _Names]] = []
        self._said = [
            {each: publication.figures.get(each, {}) for each in rows} for publication in earlier
        ]
        self._now: dict[_At, _Names] = {}
        self._known: dict[_At, list[_Version]] = {}
        for each, at in figures.items():
            for place, figure in at.items():
                sides = sides_of(figure, rows[each])
                names = {side: name_of(each, place, side) for side in sides}
                self._known[each, place] = [_Version(figure, sides, names)]
                self._now[each, place] = names
        for publication in earlier:
            self._read(publication)

    def _read(self, publication: Publication) -> None:
        called: dict[_At, _Names] = {}
        noughts: set[tuple[str, str]] = set()
        withheld: set[tuple[str, str]] = set()
        without_floors: list[tuple[_At, _Version]] = []
        for each, row in self.rows.items():
            hidden = publication.hidden.get(each, frozenset())
            for place, figure in publication.figures.get(each, {}).items():
                version = self._version((each, place), figure)
                called[each, place] = version.names
                if not version.has_floors:
                    without_floors.append(((each, place), version))
                if place in hidden:
                    self.hidden.update(version.names.values())
                    small = small_sides(version.sides, row)
                    self.small.update(version.names[side] for side in small)
                    if 0 in version.sides.values() and not is_few(version.sides):
                        noughts.add((each, kind_of(place)))
                        if version.sides[_of_all(version.sides)] == 0:
                            # where there was none it is printed, unless its kind was withheld
                            withheld.add((each, kind_of(place)))
                elif not version.is_printed:
                    version.is_printed = True
                    self.printed |= {
                        name: version.sides[side] for side, name in version.names.items()
                    }
        for (each, place), version in without_floors:
            kind = each, kind_of(place)
            version.has_floors = kind not in noughts
            for side in floors_of(version.sides):
                if kind not in (withheld if side == _of_all(version.sides) else noughts):
                    self.floors.setdefault(version.names[side], 1)
        self._then.append(called)

    def _version(self, at: _At, figure: Figure) -> _Version:
        known = self._known.setdefault(at, [])
        for version in reversed(known):
            if version.figure == figure:
                return version
        sides = sides_of(figure, self.rows[at[0]])
        names = {side: self._called(at, side, value) for side, value in sides.items()}
        known.append(_Version(figure, sides, names))
        self.values |= {name: sides[side] for side, name in names.items()}
        return known[-1]

    def _called(self, at: _At, side: str, value: int) -> str:
        found: dict[str, int] = {}
        for version in self._known[at]:
            if side in version.sides:
                found.setdefault(version.names[side], version.sides[side])
        for name, told in found.items():
            if told == value:
                return name
        name = name_of(*at, side)
        return f"{name}@{len(found)}" if found or at not in self._now else name

    def facts(self, ties: Sequence[Tie]) -> tuple[list[Fact], set[int]]:
        """What ties the numbers: those that stand last, and in each publication those that stood
        otherwise then. And the places in the list of what was known before today."""
        newest: dict[_At, _Names] = {}
        before = {each: dict[Place, Figure]() for each in self.rows}
        for said, called in zip(self._said, self._then, strict=True):
            newest |= called
            for each, at in said.items():
                before[each] |= at
        standing = {each: at | self.figures[each] for each, at in before.items()}
        withheld = {
            name_of(each, place, side): name
            for (each, place), names in newest.items()
            if (each, place) not in self._now
            for side, name in names.items()
            if name in self.hidden and name not in self.printed
        }
        now = self._named(standing, ties, newest | self._now, _LAST, withheld)
        self.revised = {
            name for fact in now for name in fact.weights if name[len(_LAST) :] in withheld
        }
        found = {_key(fact): fact for fact in now}
        settled: set[_Key] = set()
        if self._said:
            settled = {_key(fact) for fact in self._named(before, ties, newest, _LAST)}
            today = newest | self._now
            for number, (said, called) in enumerate(zip(self._said, self._then, strict=True)):
                if _is_otherwise(called, today):
                    facts = self._named(said, ties, called, f"{number}?")
                    settled |= {_key(fact) for fact in facts}
                    found = _without_implied(facts, today, found) | found
            facts = self._named(self.figures, ties, self._now, "now?")
            found = _without_implied(facts, today, found) | found
        return list(found.values()), {place for place, key in enumerate(found) if key in settled}

    def _named(
        self,
        figures: Figures,
        ties: Sequence[Tie],
        names: Mapping[_At, _Names],
        unprinted: str,
        withheld: Collection[str] = (),
    ) -> list[Fact]:
        numbers = numbers_of(figures, self.rows)
        called = {
            plain: told
            for (each, place), sides in names.items()
            for side, told in sides.items()
            if (plain := name_of(each, place, side)) != told
        }
        found = facts_of(figures, self.rows, numbers, ties, unprinted, withheld)
        if not called:
            return found
        return [
            Fact(
                {called.get(name, name): weight for name, weight in fact.weights.items()},
                fact.lower,
                fact.upper,
            )
            if any(name in called for name in fact.weights)
            else fact
            for fact in found
        ]


def _of_all(sides: Mapping[str, int]) -> str:
    """The side that says of how many a figure is."""
    return "d" if "d" in sides else "n"


_LAST = "?"
"""How the names of months begin that are not printed, in what stands last."""

_Key = tuple[tuple[tuple[str, int], ...], int | None, int | None]


def _key(fact: Fact) -> _Key:
    return tuple(sorted(fact.weights.items())), fact.lower, fact.upper


def _is_otherwise(called: Mapping[_At, _Names], today: Mapping[_At, _Names]) -> bool:
    """Whether a number stood otherwise then, or of the parts of a figure others did."""
    if any(names is not today[at] and names != today[at] for at, names in called.items()):
        return True
    split = {(each, place[0], place[2:]) for each, place in called if place[0]}
    return any(
        (each, place[0], place[2:]) in split and (each, place) not in called
        for each, place in today
        if place[0]
    )


def _without_implied(
    facts: Sequence[Fact], today: Mapping[_At, _Names], known: Mapping[_Key, Fact]
) -> dict[_Key, Fact]:
    """Those that do not follow from what is `known`: sums with months that were not printed follow
    where the same sum is known and all their numbers stand today."""
    stand = {name for names in today.values() for name in names.values()}
    summed = {
        name
        for fact in known.values()
        if fact.lower == fact.upper == 0
        for name, weight in fact.weights.items()
        if weight == -1
    }
    found: dict[_Key, Fact] = {}
    with_unprinted: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if any("?" in name for name in fact.weights):
            [whole] = [name for name, weight in fact.weights.items() if weight == -1]
            with_unprinted["/".join((*whole.split("/")[:3], whole[-1]))].append(fact)
        elif (key := _key(fact)) not in known:
            found[key] = fact
    for together in with_unprinted.values():
        names = {name for fact in together for name in fact.weights if "?" not in name}
        wholes = {name for fact in together for name, weight in fact.weights.items() if weight < 0}
        if not (names <= stand and wholes <= summed):
            found |= {_key(fact): fact for fact in together}
    return found
