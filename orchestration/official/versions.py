"""Which version of a data set is pinned, what came after it, and when the next one is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orchestration.official.faults import NotUsed, fault
from orchestration.reference.faults import Fault

KINDS = {
    "filters": "filters",
    "filterOptions": "labels of filters",
    "geographicLevels": "levels of areas",
    "indicators": "columns of figures",
    "locationGroups": "groups of areas",
    "locationOptions": "areas",
    "timePeriods": "periods",
}
MOVE_THE_PIN = "read its changes in data/official_figures/, then move the pin in "
MOVE_THE_PIN += "official_data_sets.csv by hand"


@dataclass(frozen=True)
class Version:
    """One version of a data set, with the day it was published and how many rows its file has."""

    number: str
    is_usable: bool
    published: date | None
    rows: int | None

    @property
    def order(self) -> tuple[int, ...]:
        return in_order(self.number)


def in_order(number: str) -> tuple[int, ...]:
    """A version's number so that 1.10 comes after 1.9, and 2.0.1 after 2.0."""
    return tuple(int(part) for part in number.split("."))


def read(told: Iterable[Mapping[str, Any]], about: str) -> list[Version]:
    """The versions, oldest first. Raises `NotUsed` where they are not told as is documented."""
    try:
        found = [
            Version(
                each["version"],
                each["status"] != "Withdrawn",
                _day(each.get("published")),
                each.get("totalResults"),
            )
            for each in told
        ]
        return sorted(found, key=lambda each: each.order)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotUsed(_of_another_shape("versions", about)) from error


def pinned(versions: list[Version], number: str, about: str) -> Version:
    """The version that is pinned. Raises `NotUsed` where it is not there any more."""
    for each in versions:
        if each.number == number and each.is_usable:
            return each
    usable = [each.number for each in versions if each.is_usable]
    found = "not there any more" if versions else "no such data set"
    found += f"; the newest is {usable[-1]}" if usable else ""
    successor = "look for its successor in the data catalogue of Explore Education Statistics"
    do = MOVE_THE_PIN if usable else successor
    raise NotUsed(fault("OFFICIAL-VERSION", about, found, f"version {number}", do))


def newer(versions: list[Version], number: str) -> list[Version]:
    """Those after the pinned one, oldest first."""
    return [each for each in versions if each.order > in_order(number) and each.is_usable]


def _kind(number: str, pin: str) -> str:
    """What a version is beside the pinned one: of a major one what is read may be gone."""
    if in_order(number)[0] != in_order(pin)[0]:
        return "major"
    return "minor" if in_order(number)[1] != in_order(pin)[1] else "patch"


def told_newer(number: str, pin: str, changes: Mapping[str, Any], about: str) -> Fault:
    """That a version is out, and what it changed. Raises `NotUsed` where that is not told as is
    documented."""
    try:
        gone = _counted(changes.get("majorChanges"), gone=True)
        other = _counted(changes.get("minorChanges"), gone=False)
    except (AttributeError, TypeError) as error:
        raise NotUsed(_of_another_shape("changes", about)) from error
    found = f"{_kind(number, pin)} version {number} is out"
    found += f"; gone: {gone}" if gone else ""
    found += f"; new or changed: {other}" if other else "" if gone else "; only values changed"
    return fault(
        "OFFICIAL-NEWER",
        about,
        found,
        f"version {pin}, which is pinned",
        MOVE_THE_PIN,
        meanwhile=f"version {pin} is used",
        is_remark=True,
    )


def _counted(changes: Any, *, gone: bool) -> str:
    """`2 periods, 1 columns of figures`: how many changes of each kind."""
    counted = {}
    for kind, name in KINDS.items():
        listed = (changes or {}).get(kind) or []
        options = [option for each in listed for option in each.get("options", [each])]
        counted[name] = sum(not gone or not each.get("currentState") for each in options)
    return ", ".join(f"{number} {name}" for name, number in counted.items() if number)


def due(versions: Iterable[Version], name: str, today: date) -> str:
    """When the next release may be expected: a year after the newest one was published."""
    published = [each.published for each in versions if each.is_usable and each.published]
    if not published:
        return f"{name}: not known when the next release is due"
    last = max(published)
    expected = last.replace(year=last.year + 1, day=min(last.day, 28))
    told = f"{name}: next release expected about {expected:%B %Y}, a year after the last one "
    told += f"({last.day} {last:%B %Y}); DfE announces the day"
    return told + (" - it may be out by now" if expected <= today else "")


def _of_another_shape(what: str, about: str) -> Fault:
    do = "look whether the service has a new version of its API"
    expected = "the shape that version 1 of the API has"
    return fault("OFFICIAL-ANSWER", about, f"{what} of another shape", expected, do)


def _day(stamp: str | None) -> date | None:
    return datetime.fromisoformat(stamp).date() if stamp else None
