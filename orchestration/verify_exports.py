"""`make verify`: every published folder against its manifest, and packs against their log."""

import sys
from pathlib import Path

from orchestration.packs.record import record_faults
from orchestration.publishing.publication import MANIFEST, verify
from orchestration.settings import settings


def faults_of(exports: Path, publications: Path) -> list[str]:
    """A message for each file that is not as published; raises nothing."""
    folders = sorted(
        path.parent
        for kind in ("officers", "packs")
        for path in exports.glob(f"{kind}/[!.]*/[!.]*/{MANIFEST}")
    )
    faults = [fault for folder in folders for fault in verify(folder)]
    return faults + record_faults(publications, exports / "packs")


def main() -> int:
    faults = faults_of(settings.exports, settings.publications)
    print(*(faults or ["every published file is as its manifest says"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
