"""Putting finished files where people collect them: whole or not at all, marked, with a manifest.

What is in the files is no business of this room. Pure.
"""
