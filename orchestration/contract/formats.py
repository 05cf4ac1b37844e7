"""Formats beside the extracts, and which indicators each of them gives: `formats.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("formats.yml")


@dataclass(frozen=True)
class Gives:
    """`gives`: indicators whose figures are the same as those of the extracts; None: all of them,
    as of a format that holds the extracts themselves. `of_last_day`: those of them that it gives
    for the last day that it covers, and for no day before. `without`: indicator -> why it is left
    out, though the format seems to have it."""

    title: str
    gives: tuple[str, ...] | None
    of_last_day: tuple[str, ...]
    without: Mapping[str, str]

    def is_given(self, indicator_id: str) -> bool:
        return self.gives is None or indicator_id in self.gives

    def why_not(self, indicator_id: str) -> str:
        """Why an indicator has no figure where this format is all there is, in words."""
        reason = self.without.get(indicator_id, "it does not hold all that the figure needs")
        return f"Not from the {self.title}: {reason}"


def read_formats() -> dict[str, Gives]:
    """Format -> what it gives, in the order of the file."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        name: Gives(
            entry["title"],
            None if entry["gives"] == "all" else tuple(entry["gives"]),
            tuple(entry.get("of_last_day") or ()),
            entry.get("without") or {},
        )
        for name, entry in content.items()
    }


FORMATS = read_formats()
