"""Putting finished files where people collect them: whole or not at all, marked, with a manifest.

And whether there is anything new to publish (`last_run`). What is in the files is no business of
this room. Pure.
"""
