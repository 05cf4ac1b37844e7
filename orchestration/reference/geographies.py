"""The areas a figure may be about, and the one that sends rows, from the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def read_geographies(reference: Reference) -> Mapping[str, str]:
    """Every code of an authority, current or abolished, of a region and of England, those that it
    had before included, each with the area's code of today.

    A row that is left out for another cell still says that its code exists: returns that name the
    area, and everybody else's beside them, are not refused for it.
    """
    codes: dict[str, str] = {}
    for name, column in (("authorities", "geography_code"), ("regions", "region_code")):
        left_out = (str(each.cells[column]).upper() for each in reference.table(name).left_out)
        codes |= {code: code for code in filter(AREA.fullmatch, left_out)}
    return codes | dict(reference.area_codes)


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
