"""Every path, address and switch, read once from the environment.

Set a variable before starting Dagster; nothing reads the environment later. All paths are
absolute, so that a run may start from any folder.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from orchestration.deliveries.retention import Retention

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where things lie and what was asked for.

    `data` holds run-time state, `exports` what clerks collect, `seeds` what analysts keep.
    `council` (a GSS code) and `as_at` (YYYY-MM) choose one edition; empty means the editions of
    `seeds/editions.csv` and each council's newest month. `contact` is whom the files say to ask,
    `reason` why a published pack is to be corrected. `exports_url` is where readers of alerts reach
    the exports, if they do not have the folder. `retention` says how long deliveries are kept.
    `source_url` is the database that extracts are pulled from (it may hold a password: never print
    it), `source_schema` where its tables are.
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
    source_url: str = field(default="", repr=False)
    source_schema: str | None = None

    @property
    def incoming(self) -> Path:
        return self.data / "incoming"

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
        return self.data / "warehouse" / "build.duckdb"

    @property
    def published_warehouse(self) -> Path:
        """What analysts open: the marts of the last green build."""
        return self.data / "warehouse" / "published.duckdb"

    @property
    def outbox(self) -> Path:
        return self.data / "alerts" / "outbox.sqlite"

    @property
    def routing(self) -> Path:
        return self.seeds / "alerts" / "routing.csv"

    @property
    def acknowledged(self) -> Path:
        return self.seeds / "alerts" / "acknowledged.csv"

    @property
    def meetings(self) -> Path:
        return self.seeds / "reference" / "meetings.csv"

    @property
    def narrative(self) -> Path:
        """What officers write about the figures of a meeting."""
        return self.seeds / "narrative.csv"

    @property
    def covering_report(self) -> Path:
        """The clerk's Word template of the covering report."""
        return self.seeds / "templates" / "covering_report.docx"

    @property
    def publications(self) -> Path:
        """What packs have printed and hidden, and who made them: nothing can make it again."""
        return self.ledger / "publications"

    def pack_folder(self, meeting_id: str) -> Path:
        """Where the clerk finds the issues of a meeting's pack."""
        return self.exports / "packs" / meeting_id

    @property
    def dbt_target(self) -> Path:
        """One folder of dbt artefacts for one data folder: the manifest holds absolute paths."""
        return self.data / "dbt"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings for `environment`; every variable has a default inside the project."""

    def folder(name: str, default: Path) -> Path:
        return Path(environment.get(name) or default).expanduser().resolve()

    def number(name: str, default: int) -> int:
        return int(environment.get(name, "").strip() or default)

    return Settings(
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
            archive_months=number("RETAIN_ARCHIVE_MONTHS", Retention.archive_months),
        ),
        source_url=environment.get("KPI_SOURCE_URL", "").strip(),
        source_schema=environment.get("KPI_SOURCE_SCHEMA", "").strip() or None,
    )


settings = from_environment(os.environ)
