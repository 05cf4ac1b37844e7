"""`make verify`: every published folder against its manifest."""

import sys
from pathlib import Path

from orchestration.publishing.publication import MANIFEST, verify
from orchestration.settings import settings


def faults_of(exports: Path) -> list[str]:
    """A message for each file that is not as published; raises nothing."""
    folders = sorted(path.parent for path in exports.glob(f"officers/[!.]*/[!.]*/{MANIFEST}"))
    return [fault for folder in folders for fault in verify(folder)]


def main() -> int:
    faults = faults_of(settings.exports)
    print(*(faults or ["every published file is as its manifest says"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
