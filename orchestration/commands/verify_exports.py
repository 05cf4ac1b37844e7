"""`make verify`: every published folder against its manifest, and packs against their log."""

import os
import sys
from pathlib import Path

from orchestration.packs.record import log_faults, record_faults
from orchestration.packs.working import REPORT, WORKING, edited_reports
from orchestration.publication.manifest import MANIFEST, verify
from orchestration.reference.tables import COUNCILS
from orchestration.settings import of_council, settings


def faults_of(exports: Path, publications: Path) -> list[str]:
    """A message for each file that is not as published; raises nothing."""
    folders = sorted(
        path.parent
        for kind in ("officers", "packs", "region")
        for path in exports.glob(f"{kind}/[!.]*/[!.]*/{MANIFEST}")
    )
    faults = [_kindly(fault) for folder in folders for fault in verify(folder)]
    return faults + record_faults(publications, exports / "packs")


def _kindly(fault: str) -> str:
    """A report that somebody has edited where it was published is no attack: say where it goes."""
    if f"{REPORT} |" not in fault or "not the bytes that were published" not in fault:
        return fault
    path = Path(fault.split(" | ")[1])
    return (
        f"{fault}\n  If you have edited the covering report: that is yours to do, in the copy in "
        f"{path.parent.parent.parent / WORKING}. Move your file there, and copy the one that was "
        "published back from there or from a backup."
    )


def main() -> int:
    faults = faults_of(settings.exports, settings.publications)
    for exports in sorted(settings.exports.glob(f"{COUNCILS}/*")):
        council = of_council(settings, exports.name, os.environ)
        faults += faults_of(exports, council.publications) + log_faults(council.in_region)
    print(*(faults or ["every published file is as its manifest says"]), sep="\n")
    for report in edited_reports(settings.exports / "packs"):
        print(f"{report} was edited since it was published: that is what the folder is for")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
