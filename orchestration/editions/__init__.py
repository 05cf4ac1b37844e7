"""What an edition says: its figures, read from the mart once, and the words for them.

`figures` says what an edition is, `edition` reads it, `words` says it. Pure.
"""
