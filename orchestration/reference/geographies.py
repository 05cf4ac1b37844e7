"""The areas a figure may be about, and the one that sends rows, from the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchestration.reference.cells import AREA
from orchestration.reference.tables import Reference


@dataclass(frozen=True)
class Area:
    """A council as the Department for Education names it: its code of today and its old number,
    and its region."""

    new_la_code: str
    old_la_code: str
    la_name: str
    region_code: str
    region_name: str


@dataclass(frozen=True)
class Geographies:
    """What areas may be called: their codes, numbers and names.

    `todays`: what it is called -> the area's code of today. `numbers`: what it is called -> the
    authority's number at the Department for Education.
    """

    todays: Mapping[str, str]
    numbers: Mapping[str, str]

    def of(self, council: str) -> "Geographies":
        """With no other area than the council, of which figures are; rows may name any."""
        own = {said: code for said, code in self.todays.items() if code == council}
        return replace(self, todays=own)


def area_of(reference: Reference, geography_code: str) -> Area:
    """A council of `authorities.csv`, under any code that it has or had."""
    todays = reference.area_codes.get(geography_code, geography_code)
    [row] = [
        each
        for each in reference.table("authorities").rows
        if each["geography_code"] in (geography_code, todays)
    ][:1]
    [region] = [
        each
        for each in reference.table("regions").rows
        if each["region_code"] == row["region_code"]
    ]
    names = row["geography_code"], str(row["old_la_code"]), row["geography_name"]
    return Area(*names, region["region_code"], region["region_name"])


def read_geographies(reference: Reference) -> Geographies:
    """Every authority, current or abolished, region and England, under every code that it has or
    had, its name and its number.

    A row that is left out for another cell still says that its code exists: returns that name the
    area, and everybody else's beside them, are not refused for it. A name that two have had is that
    of the one that has it today.
    """
    todays: dict[str, str] = {}
    numbers: dict[str, str] = {}
    areas = [
        (each["region_code"], each["region_name"], "", "") for each in _listed(reference, "regions")
    ] + [
        (
            each["geography_code"],
            each["geography_name"],
            each["old_la_code"],
            each["authority_status"],
        )
        for each in _listed(reference, "authorities")
    ]
    for cells in sorted(areas, key=lambda area: area[-1] == "current"):
        code, name, number, _ = (str(cell or "") for cell in cells)
        code = code.upper()
        if not AREA.fullmatch(code):
            continue
        said = {code, number, name} - {""}
        todays |= dict.fromkeys(said, code)
        if number:
            numbers |= dict.fromkeys(said, number)
    todays |= reference.area_codes
    former = former_codes(reference).items()
    return Geographies(todays, numbers | {code: numbers[today] for code, today in former})


def _listed(reference: Reference, table: str) -> list[Mapping[str, Any]]:
    """The rows of a file, those that are left out before the others."""
    found = reference.table(table)
    return [*(each.cells for each in found.left_out), *found.rows]


def former_codes(reference: Reference) -> dict[str, str]:
    """The codes that areas no longer have, each with the area's code of today."""
    return {code: todays for code, todays in reference.area_codes.items() if code != todays}


def codes_of(reference: Reference, geography_code: str) -> frozenset[str]:
    """All codes that an area has or had, the one given included."""
    todays = reference.area_codes.get(geography_code, geography_code)
    same = (code for code, area in reference.area_codes.items() if area == todays)
    return frozenset({geography_code, *same})


def read_row_level_council(reference: Reference) -> str:
    """GSS code of the council whose row-level extracts are delivered here; empty where none is."""
    return next(iter(reference.table("row_level_council").column("geography_code")), "")


def own_codes(reference: Reference) -> frozenset[str]:
    """All codes and the number of the council that sends rows; empty where none is named."""
    council = read_row_level_council(reference)
    if not council:
        return frozenset()
    return codes_of(reference, council) | {area_of(reference, council).old_la_code}
