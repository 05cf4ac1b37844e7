"""What councils deliver: every extract with its columns, types and codes, and what case systems
call them.

`extracts.yml`, `case_systems.yml` and `code_years.yml` are the whole of it; nothing here opens a
delivery. Pure.
"""
