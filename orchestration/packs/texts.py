"""The texts of a pack as they were written and printed, and which have changed since."""

from collections.abc import Iterable, Mapping

from orchestration.editions import words
from orchestration.packs.narrative import QUESTION, Line, Narrative
from orchestration.packs.pack import Change
from orchestration.packs.questions import Question

Texts = Mapping[str, tuple[str, str]]
"""What a text is about -> the text with its placeholders, and as the public reads it."""

TEXT = "the text"
"""Stands in place of the period where not a figure has changed but what is said."""
LEFT_OUT = "nothing"


def texts_of(lines: Iterable[Line], questions: Iterable[Question], told: Narrative) -> Texts:
    """What officers have written for a meeting; `told` are the texts as everybody reads them."""
    found = {}
    for line in lines:
        if line.fault or line.waived_reason:
            continue
        by_when = line.by_when.isoformat() if line.by_when else ""
        raw = _together(line.text, line.action, line.lead, by_when, line.expected)
        if line.part == "indicator":
            done = told.actions.get(line.indicator_id)
            printed = [told.of_indicator.get(line.indicator_id, "")]
            printed += [done.what, done.lead, done.expected] if done else []
        else:
            printed = [told.parts.get(line.part, "")]
        found[f"{line.part}:{line.indicator_id}"] = raw, _together(*printed)
    for each in questions:
        found[f"{QUESTION}:{each.text}"] = each.answer, told.answers.get((each.file, each.row), "")
    return found


def _together(*parts: str) -> str:
    return " ".join(filter(None, parts))


def text_changes(
    then: Texts | None, now: Texts, names: Mapping[str, str], since: str
) -> list[Change]:
    """The texts that were written otherwise; none where it is not known how they were (None).

    A text whose figures alone have changed is the same text: the figures are told by themselves.
    """
    if then is None:
        return []
    return [
        Change(
            _about(each, names),
            TEXT,
            then[each][1] if each in then else LEFT_OUT,
            now[each][1] if each in now else LEFT_OUT,
            since,
        )
        for each in [*now, *(each for each in then if each not in now)]
        if then.get(each, ("",))[0] != now.get(each, ("",))[0]
    ]


def _about(key: str, names: Mapping[str, str]) -> str:
    part, about = key.split(":", 1)
    if part == "indicator":
        return names.get(about, about)
    return about if part == QUESTION else words.capital(part.replace("_", " "))
