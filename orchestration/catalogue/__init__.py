"""The catalogue of indicators: which there are, and whether their entries can be right.

What Python needs to know of an indicator belongs here; what it counts is SQL. Pure.
"""
