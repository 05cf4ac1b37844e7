"""What councils deliver: every extract with its columns, types and codes, and what case systems
call them.

`extracts.yml` and `case_systems.yml` are the whole of it; nothing here opens a delivery. Pure.
"""
