"""The areas a figure may be about: the authorities and regions of the reference seeds."""

import csv
from pathlib import Path


def read_geographies(seeds: Path) -> frozenset[str]:
    """GSS codes of every authority, current or abolished, every region and England."""
    codes: set[str] = set()
    for name, column in (("authorities", "geography_code"), ("regions", "region_code")):
        with (seeds / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            codes |= {row[column] for row in csv.DictReader(lines)}
    return frozenset(codes)
