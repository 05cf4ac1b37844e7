"""The reference data that people keep under `seeds/`: read with patience, checked, never trusted.

`reference.yml` is the contract. A row that breaks it is left out and named; nothing here stops a
run. What dbt reads of it lies checked and typed in `data/reference/`. Areas, bank holidays and the
editions asked for are read from it here, each by its own module. Pure.
"""
