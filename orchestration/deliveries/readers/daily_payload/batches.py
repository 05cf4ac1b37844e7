"""Several batches as one: each child and each event as the newest batch says it.

A batch is a list of children, each an object with its events inside it; they are written whole, or
as no more than what has changed since the batch before. What bears `purge` is taken out, on every
level, with all that lies inside it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import UnreadableError

Object = dict[str, Any]

MAX_BYTES = 64_000_000
"""Of one batch, of whose hundred children each has some ten thousand."""
CHILD = "la_child_id"
EPISODES = "social_care_episodes"
NUMBERS = {
    EPISODES: "social_care_episode_id",
    "child_and_family_assessments": "child_and_family_assessment_id",
    "child_in_need_plans": "child_in_need_plan_id",
    "section_47_assessments": "section_47_assessment_id",
    "child_protection_plans": "child_protection_plan_id",
    "child_looked_after_placements": "child_looked_after_placement_id",
}
"""List -> what its events are known by."""


def children_of(files: Sequence[Path]) -> tuple[dict[str, Object], set[str]]:
    """Child -> what the batches say of it together, and the numbers of the councils that they name.

    A batch that was saved later is newer, and of two saved at once that whose name comes later.
    Raises `UnreadableError`.
    """
    known: dict[str, Object] = {}
    councils: set[str] = set()
    number = 0
    for file in sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name)):
        for told in _records(_read(file), councils):
            number += 1
            child = _text(told.get(CHILD)) if isinstance(told, dict) else ""
            if not child:
                what = f"the record {number} of the batches: no object with {CHILD}"
                raise UnreadableError(finding("RETURN-LAYOUT", line=number, what=what))
            try:
                if told.get("purge") is True:
                    known.pop(child, None)
                elif _is_whole(told):
                    known[child] = _merged({}, told)
                else:
                    known[child] = _merged(known.get(child, {}), told)
            except _ShapeError as error:
                what = f"the record {number} of the batches: {error} has another shape"
                raise UnreadableError(finding("RETURN-LAYOUT", line=number, what=what)) from None
    return known, councils


class _ShapeError(Exception):
    """The element that is no object, or no list of objects with numbers."""


def _read(file: Path) -> object:
    try:
        if file.stat().st_size > MAX_BYTES:
            what = f"larger than {MAX_BYTES // 1_000_000} MB"
            raise UnreadableError(finding("RETURN-UNREADABLE", what=what))
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        # a JSONDecodeError knows the line
        line = getattr(error, "lineno", None)
        what = f"no JSON from this line on: {type(error).__name__}"
        raise UnreadableError(finding("RETURN-UNREADABLE", line=line, what=what)) from None


def _records(content: object, councils: set[str]) -> Iterator[Any]:
    """The children of a batch, which may stand in an object with the council's number."""
    if isinstance(content, dict) and "Children" in content:
        if council := _text(content.get("la_code")):
            councils.add(council)
        content = content["Children"]
    yield from content if isinstance(content, list) else [content]


def _is_whole(told: Object) -> bool:
    """Whether a child is told whole: of what has changed alone, neither would all of who the child
    is be there nor the first day of every episode."""
    details, episodes = told.get("child_details"), told.get(EPISODES)
    return (
        isinstance(details, dict)
        and "sex" in details
        and ("date_of_birth" in details or "expected_date_of_birth" in details)
        and all(
            isinstance(each, dict) and ("referral_date" in each or each.get("purge") is True)
            for each in (episodes if isinstance(episodes, list) else ())
        )
    )


def _merged(before: Object, told: Object) -> Object:
    """An object with what is told of it, in place of what was known of the same."""
    after = dict(before)
    for name, value in told.items():
        if name in NUMBERS:
            after[name] = _events(name, before.get(name, {}), value)
        elif isinstance(value, dict):
            if value.get("purge") is True:
                after.pop(name, None)
            else:
                was = before.get(name)
                after[name] = _merged(was if isinstance(was, dict) else {}, value)
        else:
            after[name] = value
    return after


def _events(name: str, before: Mapping[str, Object], told: object) -> dict[str, Object]:
    """Number -> event, of a list of them."""
    if not isinstance(told, list | None):
        raise _ShapeError(name)
    after = dict(before)
    for each in told or ():
        number = _text(each.get(NUMBERS[name])) if isinstance(each, dict) else ""
        if not number:
            raise _ShapeError(name)
        if each.get("purge") is True:
            after.pop(number, None)
        else:
            after[number] = _merged(after.get(number, {}), each)
    return after


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
