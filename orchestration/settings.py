"""Every path, address and switch, read once from the environment.

Set a variable before starting Dagster; nothing reads the environment later. All paths are
absolute, so that a run may start from any folder.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from orchestration.deliveries.keeping.retention import Retention
from orchestration.deliveries.rows.pseudonym import OF_POOL
from orchestration.deliveries.storage.access import Access, access_of
from orchestration.files import PROJECT
from orchestration.mart.generation import BUILD
from orchestration.reference.geographies import codes_of
from orchestration.reference.tables import COUNCILS, Reference, seed


@dataclass(frozen=True)
class Settings:
    """Where things lie and what was asked for.

    `data` holds run-time state, `exports` what clerks collect, `seeds` what analysts keep.
    `council` (a GSS code) and `as_at` (YYYY-MM) choose one edition; empty means the editions of
    `seeds/editions.csv` and each council's newest month. `contact` is whom the files say to ask,
    `reason` why a published pack is to be corrected. `exports_url` is where readers of alerts reach
    the exports, if they do not have the folder, `dagster_url` where engineers reach Dagster.
    `expected_extracts` come every month (empty: those of the month before). `retention` says how
    long deliveries are kept.
    `history_url` is the server that has the history of runs, empty where it lies in `data`;
    `source_url` the database that extracts are pulled from (either may hold a password: never print
    them), `source_schema` where its tables are, `source_data_from` from when they are complete.
    `storage` is the server that deliveries are fetched from, None where they are dropped here.
    `memory` is what DuckDB may take, `max_file` how large a delivered file may be. `official_url`
    is where official figures are fetched from, if not from DfE. `of_pool` is the council of the
    pool that this process works for, empty where it works for the pool or for one council alone;
    `drop` is then that council's part of the drop folder.
    """

    data: Path
    exports: Path
    seeds: Path
    dbt_project: Path
    council: str
    as_at: str
    contact: str
    reason: str = ""
    retention: Retention = field(default_factory=Retention)
    exports_url: str = ""
    dagster_url: str = ""
    expected_extracts: tuple[str, ...] = ()
    source_url: str = field(default="", repr=False)
    history_url: str = field(default="", repr=False)
    source_schema: str | None = None
    memory: str = "1000MB"
    max_file: str = "256MB"
    source_data_from: str = ""
    official_url: str = ""
    storage: Access | None = None
    of_pool: str = ""
    drop: Path | None = None

    @property
    def max_bytes(self) -> int:
        return int(self.max_file[:-2]) * {"MB": 2**20, "GB": 2**30}[self.max_file[-2:]]

    @property
    def incoming(self) -> Path:
        """What check-in reads: the drop folder, or the files that were fetched in its place."""
        return self.dropped if self.storage is None else self.fetched / "files"

    @property
    def dropped(self) -> Path:
        return self.drop or self.data / "incoming"

    @property
    def fetched(self) -> Path:
        """What comes from an SFTP server or S3-compatible storage, for its owner alone."""
        return self.data / "storage"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def quarantine(self) -> Path:
        return self.data / "quarantine"

    @property
    def ledger(self) -> Path:
        return self.data / "ledger"

    @property
    def figures_ledger(self) -> Path:
        """Figures as builds gave them: it cannot be made again from anything else."""
        return self.ledger / "figures"

    @property
    def official_receipts(self) -> Path:
        """What the service of official figures answered, and what that changed: a folder a run."""
        return self.data / "official_figures"

    @property
    def checked_reference(self) -> Path:
        """What of `seeds` may be used, checked and typed, for dbt; the last good copy of each."""
        return self.data / "reference"

    @property
    def reference(self) -> Reference:
        """The reference data of `seeds` as it lies there now."""
        return Reference(self.seeds, self.checked_reference, council=self.of_pool)

    @property
    def editions_file(self) -> Path:
        """The editions asked for in this run, for dbt and for the exports."""
        return self.raw / "editions" / "editions.parquet"

    def edition_folder(self, geography_code: str, as_at: date) -> Path:
        """Where clerks find an edition; `as_at` is its month end."""
        return self.exports / "officers" / geography_code / f"{as_at:%Y-%m}"

    def link_to(self, folder: Path) -> str:
        """How people reach a folder of the exports: a web address, or its path in the project."""
        inside = folder.relative_to(self.exports).as_posix()
        return f"{self.exports_url or 'exports'}/{inside}"

    @property
    def build_warehouse(self) -> Path:
        """The workshop: dbt writes it, a run at a time."""
        return self.data / "warehouse" / BUILD

    @property
    def published_warehouse(self) -> Path:
        """What analysts open: the marts of the last green build."""
        return self.data / "warehouse" / "published.duckdb"

    @property
    def star(self) -> Path:
        """The same as Parquet files for Power BI and Excel."""
        return self.data / "warehouse" / "star"

    @property
    def outbox(self) -> Path:
        return self.data / "alerts" / "outbox.sqlite"

    @property
    def covering_report(self) -> Path:
        """The clerk's Word template of the covering report."""
        return seed(self.seeds, self.of_pool, "templates/covering_report.docx")

    @property
    def publications(self) -> Path:
        """What packs have printed and hidden, and who made them: nothing can make it again."""
        return self.ledger / "publications"

    @property
    def in_region(self) -> Path:
        """What the public pages of its region have printed of this council: no pack gives away what
        they hide."""
        return self.ledger / "in_region"

    def pack_folder(self, meeting_id: str) -> Path:
        """Where the clerk finds the issues of a meeting's pack."""
        return self.exports / "packs" / meeting_id

    @property
    def dbt_target(self) -> Path:
        """One folder of dbt artefacts for one data folder: the manifest holds absolute paths."""
        return self.data / "dbt"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings for `environment`; every variable has a default inside the project.

    With KPI_OF_POOL they are those of that council of the pool."""

    def folder(name: str, default: Path) -> Path:
        path = Path(environment.get(name) or default).expanduser().resolve()
        # DuckDB takes the first ones for a pattern, dbt what follows # for no part of a path
        if set("*?[]{}\\#") & set(str(path)):
            raise ValueError(f"{name} is a folder whose path holds none of * ? [ ] {{ }} \\ #")
        return path

    def number(name: str, default: int) -> int:
        return int(environment.get(name, "").strip() or default)

    settings = Settings(
        data=folder("KPI_DATA", PROJECT / "data"),
        exports=folder("KPI_EXPORTS", PROJECT / "exports"),
        seeds=PROJECT / "seeds",
        dbt_project=PROJECT / "dbt_project",
        council=environment.get("COUNCIL", "").strip(),
        as_at=environment.get("AS_AT", "").strip(),
        contact=environment.get("KPI_CONTACT", "").strip()
        or "the council's children's services performance team",
        reason=environment.get("REASON", "").strip(),
        exports_url=environment.get("KPI_EXPORTS_URL", "").strip().rstrip("/"),
        retention=Retention(
            originals_days=number("RETAIN_ORIGINALS_DAYS", Retention.originals_days),
            quarantine_days=number("RETAIN_QUARANTINE_DAYS", Retention.quarantine_days),
            history_days=number("RETAIN_HISTORY_DAYS", Retention.history_days),
            archive_months=number("RETAIN_ARCHIVE_MONTHS", Retention.archive_months),
        ),
        dagster_url=environment.get("KPI_DAGSTER_URL", "").strip().rstrip("/"),
        expected_extracts=tuple(environment.get("KPI_EXPECTED_EXTRACTS", "").split()),
        source_url=environment.get("KPI_SOURCE_URL", "").strip(),
        history_url=environment.get("KPI_HISTORY_URL", "").strip(),
        source_schema=environment.get("KPI_SOURCE_SCHEMA", "").strip() or None,
        memory=_size(environment, "KPI_MEMORY") or _part_of_the_machine(),
        max_file=_size(environment, "KPI_MAX_FILE") or "256MB",
        source_data_from=environment.get("KPI_SOURCE_DATA_FROM", "").strip(),
        official_url=environment.get("KPI_OFFICIAL_URL", "").strip().rstrip("/"),
        storage=access_of(environment),
    )
    council = environment.get(OF_POOL, "").strip()
    return of_council(settings, council, environment) if council else settings


def of_council(pool: Settings, council: str, environment: Mapping[str, str]) -> Settings:
    """The settings of a council (a GSS code) of the pool: what it sends lies in a part of the drop
    folder under a code that it has or had, all else in folders of its own.

    No council's database or server is another's: the pool's are not handed down, but those named by
    KPI_SOURCE_URL_<code> and KPI_INCOMING_<code> are the council's.
    """
    if not re.fullmatch(r"[A-Z]\d{8}", council):
        raise ValueError(f"{OF_POOL} is a council's code of nine characters")
    known = sorted(codes_of(pool.reference, council) - {council})
    drops = [pool.dropped / code for code in (council, *known)]
    server = environment.get(f"KPI_INCOMING_{council}", "")
    return replace(
        pool,
        data=pool.data / COUNCILS / council,
        exports=pool.exports / COUNCILS / council,
        council=pool.council or council,
        source_url=environment.get(f"KPI_SOURCE_URL_{council}", "").strip(),
        storage=access_of({**environment, "KPI_INCOMING": server}),
        of_pool=council,
        drop=next((each for each in drops if each.is_dir()), drops[0]),
    )


def _size(environment: Mapping[str, str], name: str) -> str:
    """A size as asked for; empty where it was not."""
    asked = environment.get(name, "").strip()
    if asked and not re.fullmatch(r"[1-9]\d*[MG]B", asked):
        raise ValueError(f"{name} is written as 1500MB or 2GB")
    return asked


def _part_of_the_machine() -> str:
    """What DuckDB may take of itself: a quarter of this machine (or of its container), from 300 MB,
    which 100,000 children need, to 1000 MB."""
    megabytes = min(_limits(), default=4_000_000_000) // 4_000_000
    return f"{min(max(megabytes, 300), 1000)}MB"


def _limits() -> Iterator[int]:
    """Bytes of memory: the machine's, and what its container leaves of it, where there is one."""
    yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            yield int((Path("/sys/fs/cgroup") / file).read_text(encoding="ascii"))


settings = from_environment(os.environ)
