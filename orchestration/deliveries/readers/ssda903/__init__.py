"""The SSDA903 return of children looked after: its tables, as CSV files or in one XML file, and
what of them stands in which extract."""
