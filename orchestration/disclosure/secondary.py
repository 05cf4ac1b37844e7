"""Which figures of an edition to hide because others would give a hidden one away.

What a reader may have is looked at together: of each indicator the months, quarters, whole years,
the year to date, and the parts of the latest figure; other indicators that are tied to it; and all
that was published before. A figure is hidden whole: its numbers, its percentage and all that
derives from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.disclosure.history import PART, Hidden, Publication, kind_of
from orchestration.disclosure.protect import (
    CannotBeMadeSafe,
    exposed,
    protect,
)
from orchestration.disclosure.tied_figures import KINDS, Table
from orchestration.disclosure.ties import (
    tied,
)
from orchestration.editions.figures import Indicator, Place, Tie

# What is left out where hiding figure by figure does not help, in this order.
COARSER = (
    ((PART,), "its parts are not shown"),
    ((PART, "month"), "months and parts are not shown: quarters and years are"),
    ((PART, "month", "quarter", "year_to_date"), "only whole years are shown"),
)
NOTHING_SHOWN = "no figure is shown: with any of them a small number could be worked out"
_LEVELS = (((), ""), *COARSER, (KINDS, NOTHING_SHOWN))


@dataclass(frozen=True)
class Hiding:
    """What is hidden of each indicator, and which of them are shown in less detail, and how."""

    places: Hidden
    coarser: Mapping[str, str] = field(default_factory=dict)


def hidden_places(
    rows: Sequence[Indicator],
    small: Hidden,
    ties: Sequence[Tie] = (),
    earlier: Sequence[Publication] = (),
) -> Hiding:
    """The `small` figures and those that have to be hidden with them.

    `ties` are what readers know of two indicators, `earlier` is what the council has published,
    oldest first.
    """
    places: dict[str, frozenset[Place]] = {}
    coarser: dict[str, str] = {}
    for group in tied(rows, ties):
        found, how = _hidden_in(Table(group, ties, earlier), small)
        places |= found
        coarser |= how
    return Hiding(places, coarser)


def worked_out(
    rows: Sequence[Indicator],
    hiding: Hiding,
    ties: Sequence[Tie] = (),
    earlier: Sequence[Publication] = (),
) -> int:
    """The audit: how many numbers a reader could work out if all that is not hidden were printed.

    Those that were out before are not counted again.
    """
    found = 0
    for group in tied(rows, ties):
        table = Table(group, ties, earlier)
        names = table.names(hiding.places) | table.gone
        kinds = {
            each: next((kinds for kinds, told in COARSER if told == how), KINDS)
            for each, how in hiding.coarser.items()
        }
        found += len(exposed(table.audit(kinds), names, table.secrets(kinds)))
    return found


def _hidden_in(table: Table, small: Hidden) -> tuple[dict[str, frozenset[Place]], dict[str, str]]:
    """Figure by figure, or where that does not help in less and less detail: of the indicators
    whose numbers could be worked out, then of all that are tied to them."""
    first = {each: small.get(each, frozenset()) for each in table.rows}
    levels = dict.fromkeys(table.rows, 0)
    if not any(first.values()) and not table.hidden_before:
        return first, {}
    while True:
        kinds = {each: _LEVELS[level][0] for each, level in levels.items()}
        start = {
            each: first[each]
            | {place for place in table.figures[each] if kind_of(place) in kinds[each]}
            for each in table.rows
        }
        told = {each: _LEVELS[level][1] for each, level in levels.items() if level}
        audit, secrets = table.audit(kinds), table.secrets(kinds)
        hidden = table.names(start) | table.gone
        try:
            # with all hidden that may be: what is exposed even so needs less detail
            if hopeless := exposed(audit, hidden | table.open_ones, secrets):
                raise CannotBeMadeSafe(hopeless)
            names = protect(audit, hidden, secrets, table.together, table.fixed, table.cost)
        except CannotBeMadeSafe as fault:
            open_ones = {each for each, level in levels.items() if level < len(_LEVELS) - 1}
            owners = open_ones & {name.split("/")[0].lstrip("?") for name in fault.names}
            if not open_ones:
                return start, told
            for each in owners or open_ones:
                levels[each] += 1
            continue
        return {each: start[each] | table.places(each, names) for each in table.rows}, told
