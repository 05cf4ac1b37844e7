"""Workbooks (.xlsx) as tables: opened within bounds, their header found, their cells as text.

What a library loses on the way is found here: error cells and formulas that were never worked out
are read as empty by it. No module here knows a format.
"""
