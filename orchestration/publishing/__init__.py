"""From the KPI mart to the files a clerk collects: pure Python, no Dagster and no dbt.

Read in this order: `figures` (what an edition is), `edition` (read from the mart), `words` (how
figures are said), `publishable` (what may be made public), `tables`, `chart`, `page` and
`read_me_first` (the files), `edition_files` (all of them together), `publication` and `warehouse`
(how they are put in place).
"""

OFFICERS_ONLY = "Officers only \N{EN DASH} not for publication"
"""The marking that every officers' page, table and manifest carries."""

SYNTHETIC = "Synthetic sample data \N{EN DASH} not about real children or a real council"
"""The second marking of whatever is about a council that is made up."""


def markings(synthetic: bool, is_public: bool = False) -> tuple[str, ...]:
    """What every page and file of an edition is marked with, in this order."""
    return (() if is_public else (OFFICERS_ONLY,)) + ((SYNTHETIC,) if synthetic else ())
