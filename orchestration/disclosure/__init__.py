"""What a reader could work out about a hidden number, and what else to hide so that nobody can.

A publication is a set of whole numbers with names (`facts`), some of them hidden, and what ties
them together; the reader is taken to be able to solve equations (`reader`, `protect`: no word of
indicators there). `ties`, `secondary` and `publishable` say it of editions. Pure.
"""
