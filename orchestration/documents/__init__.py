"""The files of an edition: tables, charts, pages, notes; what only lays out what is known.

No figure is worked out here, and nothing is hidden or shown by a rule of its own. Pure.
"""
