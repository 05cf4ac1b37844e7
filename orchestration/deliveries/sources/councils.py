"""Folders of the drop folder that are named by a council's code: where this is a pool, in each lie
that council's months."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.sources.months import is_of_a_council


@dataclass(frozen=True)
class Misplaced:
    """A folder that nothing is read from, by its code, and what is wrong with it."""

    name: str
    wrong: Finding

    def finding(self) -> Finding:
        """As a message."""
        return self.wrong.placed(f"{self.name}/", "nothing in this folder is read")


def misplaced(incoming: Path, owners: Mapping[str, str]) -> Iterator[Misplaced]:
    """Folders of councils outside the pool, and a second one of a council, under another code.

    `owners` has the code of today for every code that a council of the pool has or had.
    """
    names = (each.name for each in incoming.iterdir() if each.is_dir())
    folders = [name for name in names if is_of_a_council(name)]
    read: set[str] = set()
    # of two, the one under the code of today is read
    for name in sorted(folders, key=lambda each: (each not in owners.values(), each)):
        owner = owners.get(name, "")
        if not owner:
            yield Misplaced(name, finding("COUNCIL-NOT-IN-POOL"))
        elif owner in read:
            yield Misplaced(name, finding("COUNCIL-TWICE"))
        read.add(owner)
