"""What an indicator is split by, and its parts, by the names that the catalogue gives them."""

from orchestration.editions.figures import (
    Indicator,
    Part,
)
from orchestration.editions.words.amounts import capital


def part_order(of: Part) -> tuple[str, bool, int, str]:
    """What the parts of one indicator are sorted by: those with a place first."""
    return of.breakdown, of.place is None, of.place or 0, of.name


def split_by(of: Part) -> str:
    """What an indicator is split by, as a heading; without an entry of the catalogue as its column.
    Parts of what missed say so: Reason for delay, as a share of the late ones."""
    heading = of.heading or capital(of.breakdown.replace("_", " "))
    return f"{heading}, as a share of {of.rest}" if of.rest else heading


def part(of: Part) -> str:
    """The name of a part as readers know it."""
    return of.label or of.name


def compared_part(row: Indicator) -> str:
    """The part that official figures are held against; empty where it is the whole."""
    return (row.compared_label or row.compared_part[1]) if row.compared_part else ""
