"""Official figures by program: pinned data sets of DfE's Explore Education Statistics become rows
of `seeds/benchmarks/benchmarks.parquet`.

What is fetched is a table, `seeds/benchmarks/official_data_sets.csv`; `refresh.refresh` is the way
in. What cannot be used is said, and the figures that are there stay. Pure.
"""
