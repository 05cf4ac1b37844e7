"""Answers as case systems write them: yes and no in several ways, descriptions for codes."""

from random import Random

from orchestration.sample_council.chance import Choice

_YES = Choice({"Y": 86, "Yes": 6, "1": 5, "y": 1.5, "true": 1.5})
_NO = Choice({"N": 86, "No": 6, "0": 5, "n": 1.5, "false": 1.5})


def spelled(rng: Random, answer: bool | None) -> str | None:
    """Yes or no in one of the spellings in use; nothing for no answer."""
    if answer is None:
        return None
    return (_YES if answer else _NO).pick(rng)
