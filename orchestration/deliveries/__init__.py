"""Deliveries: what may arrive, how it is checked, and what is kept of it.

Pure: no Dagster, no dbt. `check_in.check_in_deliveries` is the way in; `extracts.yml` says what is
expected, `messages.CODES` what can go wrong, `ledger` what happened to every delivery so far.
"""
