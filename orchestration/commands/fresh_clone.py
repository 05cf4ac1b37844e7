"""What a fresh clone runs on: figures that were really published, and Sample Borough's extracts.

`make run` calls this first. Sample Borough is synthetic; its rows are delivered only where
`seeds/reference/row_level_council.csv` says that the rows of this installation are its own.
"""

import shutil
import sys
from datetime import date
from pathlib import Path

from orchestration import sample_council
from orchestration.deliveries.sources import published_returns
from orchestration.reference.contract import returns_files
from orchestration.reference.geographies import read_row_level_council
from orchestration.reference.tables import Reference
from orchestration.settings import Settings, settings

LAST_MONTH = date(2026, 3, 31)


def fill(incoming: Path, seeds: Path, *, size: int = 10_000, months: int = 36) -> list[str]:
    """Put the first deliveries into `incoming`; the months (YYYY-MM) that were filled, in order.

    Nothing, and an empty list, where `incoming` holds any delivery or another council than the
    sample sends rows. What of `seeds/returns` is damaged is printed and left out. `size` is about
    how many children the sample knows, `months` how many deliveries it makes.
    """
    reference = Reference(seeds)
    council = read_row_level_council(reference)
    is_of_one = not reference.table("pool").rows
    if holds_a_delivery(incoming) or council != sample_council.GEOGRAPHY_CODE or not is_of_one:
        return []
    # the sample takes seconds: whoever stops it must not be left with half of it
    aside = incoming / ".filling"
    if aside.exists():
        shutil.rmtree(aside)
    tables = {name: reference.table(name) for name in returns_files()}
    for fault in (fault for table in tables.values() for fault in table.faults):
        print(fault)
    published_returns.fill(
        aside, tables["referrals_by_month"].rows, tables["published_council_figures"].rows
    )
    sample_council.fill(aside, last_month=LAST_MONTH, size=size, months=months, seeds=seeds)
    filled = sorted(folder.name for folder in aside.iterdir())
    for month in filled:
        (aside / month).replace(incoming / month)
    aside.rmdir()
    return filled


def holds_a_delivery(incoming: Path) -> bool:
    """Whether anything was put there: what we cannot read is no room for a made-up council."""
    return incoming.is_dir() and any(
        not folder.name.startswith(".") and (not folder.is_dir() or any(folder.iterdir()))
        for folder in incoming.iterdir()
    )


def holds_the_sample(incoming: Path) -> bool:
    """Whether a delivery says that Sample Borough's made-up systems sent it."""
    manifests = incoming.glob("*/extract_manifest.csv")
    return any(sample_council.GEOGRAPHY_NAME.encode() in file.read_bytes() for file in manifests)


def drop_folder(where: Settings) -> str:
    """Where files are to be put, for people."""
    return "the place that KPI_INCOMING names" if where.storage else str(where.incoming)


def main() -> int:
    """Fill the drop folder if it is empty; exit code 1 and a message where a run must not start."""
    incoming, reference = settings.incoming, settings.reference
    council = read_row_level_council(reference)
    for fault in reference.table("row_level_council").faults:
        print(fault)
    if not settings.storage and (filled := fill(incoming, settings.seeds)):
        print(
            f"{incoming} was empty: put in published figures of English councils and the extracts"
            f" of {sample_council.GEOGRAPHY_NAME}, a made-up council, to {filled[-1]}"
        )
    elif not holds_a_delivery(incoming):
        where = drop_folder(settings)
        print(f"nothing is delivered yet: put your files into {where}/<YYYY-MM>/")
        return 1
    elif (
        council != sample_council.GEOGRAPHY_CODE
        and not settings.of_pool
        and holds_the_sample(incoming)
    ):
        print(
            f"the rows in {incoming} are {sample_council.GEOGRAPHY_NAME}'s, a made-up council:"
            f" {council or 'your own council'} begins with an empty data folder"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
