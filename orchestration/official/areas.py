"""Which area a row of an official file is about: authorities by DfE's number, others by code."""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.reference.tables import BOTH, Reference

ENGLAND = "E92000001"
LEVELS = {"National": "england", "Regional": "region", "Local authority": "local_authority"}
OF_LEVEL = {
    "National": ("country_code",),
    "Regional": ("region_code",),
    "Local authority": ("old_la_code", "new_la_code"),
}
"""The columns that say which area it is."""


@dataclass(frozen=True)
class Areas:
    """The areas that are known: an authority's number, or any code of an area -> code of today."""

    by_number: Mapping[str, str]
    by_code: Mapping[str, str]
    regions: frozenset[str]

    def of(self, level: str, cells: Mapping[str, str]) -> tuple[str, str]:
        """Level and code of today, as benchmarks have them. Raises `LookupError` where the area is
        not known, or its code is that of another one than its number."""
        if level == "National":
            if cells["country_code"] != ENGLAND:
                raise LookupError
            return LEVELS[level], ENGLAND
        if level == "Regional":
            if cells["region_code"] not in self.regions:
                raise LookupError
            return LEVELS[level], cells["region_code"]
        numbers = cells["old_la_code"].split(BOTH)
        codes = [self.by_number[number.strip().zfill(3)] for number in numbers]
        # the number decides: an authority may have got a code that nobody here knows yet
        named = {self.by_code.get(code.strip()) for code in cells["new_la_code"].split(BOTH)}
        if not named - {None} <= set(codes):
            raise LookupError
        together = "local_authority_group" if len(codes) > 1 else LEVELS[level]
        return together, BOTH.join(codes)


def known_areas(reference: Reference) -> Areas:
    """Every area of the reference data but synthetic councils, which no official file is about."""
    real = [
        row for row in reference.table("authorities").rows if row["authority_status"] != "synthetic"
    ]
    regions = reference.table("regions").rows
    return Areas(
        {row["old_la_code"]: row["geography_code"] for row in real},
        reference.area_codes,
        frozenset(row["region_code"] for row in regions if row["geography_type"] == "region"),
    )
