"""What a reader could work out about a hidden number, and what else to hide so that nobody can.

Pure: no dagster, no database. A publication is a set of whole numbers with names, some of them
hidden, and what ties them together; the reader is taken to be able to solve equations.
"""
