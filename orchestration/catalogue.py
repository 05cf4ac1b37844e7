"""The indicator catalogue: `vars.indicators` in dbt_project.yml, read and checked.

dbt sees the same YAML at parse time, so an indicator is described in one place only.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.deliveries.contract import EXTRACTS

REQUIRED = {
    "id",
    "name",
    "dashboard",
    "tier",
    "unit",
    "time_basis",
    "polarity",
    "basis",
    "disclosure_class",
    "sets",
    "counts",
    "why",
    "source",
}
OPTIONAL = {"decimals", "year", "out_of", "area", "change_tolerance"}
# Only where `source` is `rows`; `needs` is required there.
OF_ROWS = {
    "needs",
    "starts",
    "history_months",
    "months",
    "maturity_wd",
    "breakdowns",
    "shares",
}
ALLOWED = {
    "dashboard": set(range(1, 9)),
    "tier": {"headline", "core", "supporting"},
    "unit": {"count", "percent", "rate_per_10k", "days", "hours", "cases"},
    "time_basis": {
        "period_flow_count",
        "period_flow_ratio",
        "period_mean",
        "period_median",
        "period_distinct_count",
        "snapshot_count",
        "snapshot_ratio",
        "rolling_12m_ratio",
        "annual",
    },
    "polarity": {"higher", "lower", "neutral"},
    "basis": {"statutory", "statutory_guidance", "national_definition", "local", "context"},
    "disclosure_class": {"child_attribute", "process", "child_count", "workforce", "open"},
    "year": {"financial", "academic"},
    "months": {"delivered", "with_rows"},
    "source": {"rows", "returns"},
}


class CatalogueError(ValueError):
    """An entry of `vars.indicators` is not as docs/analyst.md describes; the message says where."""


@dataclass(frozen=True)
class Indicator:
    """What Python needs to know of an indicator; the rest is dbt's business.

    `sets` are the audiences' sets that it belongs to; `needs` are the extracts that its figures
    stand on, alternatives with | between.
    """

    unit: str
    time_basis: str
    year_basis: str
    needs: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

    @property
    def is_annual(self) -> bool:
        return self.time_basis == "annual"


def read_catalogue(dbt_project: Path) -> dict[str, Indicator]:
    """Indicator id -> entry, in catalogue order. Raises `CatalogueError` for the first fault."""
    project = yaml.safe_load((dbt_project / "dbt_project.yml").read_text(encoding="utf-8"))
    entries = project["vars"]["indicators"]
    for entry in entries:
        _check(entry)
    repeated = [
        key for key, count in Counter(entry["id"] for entry in entries).items() if count > 1
    ]
    if repeated:
        raise CatalogueError(f"vars.indicators: {', '.join(repeated)} stands there twice")
    return {
        entry["id"]: Indicator(
            unit=entry["unit"],
            time_basis=entry["time_basis"],
            year_basis=entry.get("year", "financial"),
            needs=tuple(entry.get("needs", ())),
            sets=tuple(entry["sets"]),
        )
        for entry in entries
    }


def _check(entry: dict[str, Any]) -> None:
    name = entry.get("id", "an entry without id")
    missing = sorted(REQUIRED - set(entry))
    of_rows = OF_ROWS if entry.get("source") == "rows" else set()
    unknown = sorted(set(entry) - REQUIRED - OPTIONAL - of_rows)
    if of_rows and "needs" not in entry:
        missing.append("needs")
    if missing or unknown:
        raise CatalogueError(f"vars.indicators: {name}: missing {missing}, unknown {unknown}")
    for key, allowed in ALLOWED.items():
        if key in entry and entry[key] not in allowed:
            raise CatalogueError(
                f"vars.indicators: {name}: {key} must be one of {sorted(allowed, key=str)}"
            )
    columns = {extract.name: extract.stored_columns for extract in EXTRACTS.values()}
    for need in entry.get("needs", ()):
        # alternatives stand with | between; the column after "for" is one that code maps explain
        for extract in need.split("|"):
            if extract.partition(" for ")[0] not in columns:
                raise CatalogueError(f"vars.indicators: {name}: needs {extract}, no such extract")
    for start in str(entry.get("starts", "")).split("|"):
        extract, _, column = start.partition(".")
        if start and column not in {each.name for each in columns.get(extract, ())}:
            raise CatalogueError(f"vars.indicators: {name}: starts {start}, no such column")
