"""From the KPI mart to the files a clerk collects: pure Python, no Dagster and no dbt.

Read in this order: `figures` (what an edition is), `edition` (read from the mart), `words` (how
figures are said), `publishable` (what may be made public), `tables`, `chart`, `page` and
`read_me_first` (the files), `edition_files` (all of them together), `publication` and `warehouse`
(how they are put in place).
"""

OFFICERS_ONLY = "Officers only \N{EN DASH} not for publication"
"""The marking that every officers' page, table and manifest carries."""
