"""The committee's pack: what the clerk collects for a meeting. Pure: no dagster and no dbt.

Read in this order: `meetings` (when papers are due), `narrative` (what officers write), `contents`
(the one context of all formats), `pack_files` (the formats), `record` (what was published before,
and the log that cannot be altered unseen), `issue` (a pack from its parts to its place).
"""
