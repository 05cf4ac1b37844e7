"""Who is in the pool, and what of the drop folder is whose."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_receipt_time
from orchestration.deliveries.other_councils import OtherCouncil
from orchestration.deliveries.rows.pseudonym import OF_POOL
from orchestration.deliveries.sources.months import is_of_a_council, month_folders
from orchestration.reference.geographies import codes_of
from orchestration.reference.tables import COUNCILS, Reference
from orchestration.settings import Settings, of_council


@dataclass(frozen=True)
class Council:
    """A council of the pool, by its code of today; counted from `first_month` to `last_month`, each
    the first day of a month or None."""

    geography_code: str
    first_month: date | None
    last_month: date | None
    small_numbers: str


def read_pool(reference: Reference) -> list[Council]:
    """The councils of `seeds/reference/pool.csv` in their order; none where this installation works
    for one council."""
    return [
        Council(*(row[name] for name in Council.__dataclass_fields__))
        for row in reference.table("pool").rows
    ]


def owners(reference: Reference) -> dict[str, str]:
    """Every code that a council of the pool has or had, with its code of today."""
    return {
        code: council.geography_code
        for council in read_pool(reference)
        for code in codes_of(reference, council.geography_code)
    }


def move_renamed(settings: Settings) -> list[str]:
    """Move what was kept and published under a code that a council of the pool had before to its
    code of today; what was moved, for people. What dbt read there is left to be read anew: it names
    the folder. Raises `OSError`."""
    moved = []
    for former, todays in sorted(owners(settings.reference).items(), reverse=True):
        for folder in (settings.data / COUNCILS, settings.exports / COUNCILS):
            if (folder / former).is_dir() and not (folder / todays).exists():
                shutil.rmtree(folder / former / "dbt", ignore_errors=True)
                (folder / former).rename(folder / todays)
                moved.append(f"{former} is {todays} now: {folder / former} was renamed")
    return moved


def other_councils(settings: Settings, environment: Mapping[str, str]) -> dict[str, OtherCouncil]:
    """Of the council that `settings` are those of, the others of the pool by code. One that left is
    not among them: its children may be another's by now."""
    found = {}
    for council in read_pool(settings.reference) if settings.of_pool else ():
        code = council.geography_code
        if code != settings.of_pool and council.last_month is None:
            data = settings.data.parent / code
            paths = Paths(data, data / "raw", data / "quarantine", data / "ledger")
            found[code] = OtherCouncil(paths, {**environment, OF_POOL: code})
    return found


def months_of_councils(settings: Settings, today: date) -> set[str]:
    """The months (YYYY-MM) that councils of the pool have a folder for."""
    return {
        month.name
        for folder in settings.incoming.iterdir()
        if is_of_a_council(folder.name)
        for month in month_folders(folder, today)
    }


def newest_receipt(settings: Settings, environment: Mapping[str, str]) -> str:
    """When the newest accepted delivery of any council of the pool, or of the pool itself, was
    received (UTC, ISO 8601); empty before the first. Raises `LedgerError`."""
    councils = [each.geography_code for each in read_pool(settings.reference)]
    folders = [settings, *(of_council(settings, code, environment) for code in councils)]
    return max(
        newest_receipt_time(Paths(each.incoming, each.raw, each.quarantine, each.ledger))
        for each in folders
    )
