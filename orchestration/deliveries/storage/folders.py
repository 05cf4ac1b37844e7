"""Where fetched files lie: all of it for its owner alone."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from orchestration.deliveries.storage.listing import Version


@dataclass(frozen=True)
class Folders:
    """`files` is what check-in reads in place of the drop folder; `parts` are transfers under way,
    which it never sees."""

    top: Path

    @property
    def files(self) -> Path:
        return self.top / "files"

    @property
    def parts(self) -> Path:
        return self.top / "parts"

    @property
    def record(self) -> Path:
        return self.top / "record.sqlite"

    @property
    def lock(self) -> Path:
        return self.top / "lock"

    @property
    def not_fetched(self) -> Path:
        """Names of the files that were not fetched, and why."""
        return self.top / "not_fetched.csv"

    def part(self, path: str, version: Version) -> Path:
        """What has come of a file so far: of these bytes, so that no two versions are joined."""
        return self.parts / sha256(f"{path}\0{version}".encode()).hexdigest()[:32]
