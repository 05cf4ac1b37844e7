"""The areas a figure may be about, and the one that sends rows, from the reference seeds."""

import csv
from pathlib import Path


def read_geographies(seeds: Path) -> frozenset[str]:
    """GSS codes of every authority, current or abolished, every region and England."""
    codes: set[str] = set()
    for name, column in (("authorities", "geography_code"), ("regions", "region_code")):
        with (seeds / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            codes |= {row[column] for row in csv.DictReader(lines)}
    return frozenset(codes)


def read_row_level_council(seeds: Path) -> str:
    """GSS code of the council whose row-level extracts are delivered here; empty where none is."""
    path = seeds / "reference" / "row_level_council.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return next((row["geography_code"] for row in csv.DictReader(lines)), "")
