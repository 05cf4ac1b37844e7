"""What every page and file is marked with, and what the licence of official figures asks for."""

OFFICERS_ONLY = "Officers only \N{EN DASH} not for publication"
"""The marking that every officers' page, table and manifest carries."""

SYNTHETIC = "Synthetic sample data \N{EN DASH} not about real children or a real council"
"""The second marking of whatever is about a council that is made up."""

DRAFT = "Draft \N{EN DASH} not approved for publication"
"""What everything of a pack is marked with until somebody has approved it."""

OFFICIAL_FIGURES = (
    "Official figures for England, regions and other councils: Department for Education, Crown "
    "copyright, used under the Open Government Licence v3.0"
)
"""What the licence asks to be said wherever the official figures go: in every file with them."""


def markings(synthetic: bool, is_public: bool = False) -> tuple[str, ...]:
    """What every page and file of an edition is marked with, in this order."""
    return (() if is_public else (OFFICERS_ONLY,)) + ((SYNTHETIC,) if synthetic else ())


def marked(name: str, synthetic: bool, is_public: bool = False) -> str:
    """The name of a table with the markings before it: `officers-only_all_indicators.csv`.

    A table of plain text has no room for a marking but its name: whatever stood above its rows or
    in them a spreadsheet would sort, sum and copy with the figures.
    """
    said = ([] if is_public else ["officers-only"]) + (["synthetic-sample"] if synthetic else [])
    return "_".join([*said, name])
