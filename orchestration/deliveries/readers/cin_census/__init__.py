"""The children in need census, years 2019/20 to 2026/27: its XML file, and what of it stands in
which extract. It holds what was open on or after the 1 April of its year."""
