"""A copy of the seeds, the service on loopback, and DfE's file made of figures that are there."""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from orchestration.official.refresh import Refreshed, refresh, write
from orchestration.official.service import Service
from orchestration.reference.table import Row
from orchestration.reference.tables import Reference
from orchestration.settings import settings
from tests.official.api import Api

REFERRALS = "342f9a01-26f0-2a71-91a1-f8bc0bee8b11"
INDICATORS = ("referrals_count", "rereferrals_12m_pct")
CATEGORY = "Referrals and Re-referrals"
TODAY = datetime(2026, 11, 29, 12, tzinfo=UTC)

Cells = dict[str, str]


@dataclass
class Council:
    """One installation: its seeds, its service, and what its last refresh found."""

    seeds: Path
    data: Path
    api: Api
    cells: list[Cells]

    @property
    def file(self) -> Path:
        return self.seeds / "benchmarks" / "benchmarks.parquet"

    @property
    def reference(self) -> Reference:
        return Reference(self.seeds, today=TODAY.date())

    def refresh(self, url: str = "", **facts: Any) -> Refreshed:
        quick = {"pause": 0, "timeout": 0.5, "tries": 2} | facts
        service = Service(url or self.api.url, **quick)
        return refresh(self.reference, self.data, service, TODAY)

    def publish(self, number: str = "1.0", **facts: Any) -> None:
        self.api.publish(REFERRALS, number, as_csv(self.cells), **facts)

    def changed(self, change: Mapping[str, str], **place: str) -> None:
        """Put other cells into the rows of a place."""
        found = [row for row in self.cells if all(row[name] == place[name] for name in place)]
        assert found
        for row in found:
            row.update(change)

    def figure(self, indicator_id: str, code: str, end: date) -> Row | None:
        found = [
            row
            for row in self.reference.table("benchmarks").rows
            if (row["indicator_id"], row["geography_code"], row["period_end"])
            == (indicator_id, code, end)
        ]
        return found[0] if found else None


def as_csv(cells: list[Cells]) -> str:
    out = io.StringIO()
    lines = csv.DictWriter(out, list(cells[0]), lineterminator="\n")
    lines.writeheader()
    lines.writerows(cells)
    return out.getvalue()


def _plain(number: Decimal | None) -> str:
    return "c" if number is None else f"{number.normalize():f}"


@pytest.fixture(scope="session")
def as_published() -> list[Cells]:
    """The file of referrals as DfE publishes it, every year of it."""
    reference = settings.reference
    numbers = {
        row["geography_code"]: row["old_la_code"] for row in reference.table("authorities").rows
    }
    by_place: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in reference.table("benchmarks").rows:
        place = row["geography_level"], row["geography_code"], row["period_end"]
        if row["indicator_id"] in INDICATORS:
            by_place.setdefault(place, {})[row["indicator_id"]] = row
    levels = {"england": "National", "region": "Regional", "local_authority": "Local authority"}
    found = []
    for (level, code, end), rows in sorted(by_place.items(), reverse=True):
        again = rows.get("rereferrals_12m_pct", {})
        referrals = rows.get("referrals_count", {})
        is_authority = level == "local_authority"
        found.append(
            {
                "time_period": str(end.year),
                "time_identifier": "Reporting year",
                "geographic_level": levels[level],
                "country_code": "E92000001",
                "country_name": "England",
                "region_code": code if level == "region" else "",
                "old_la_code": numbers[code] if is_authority else "",
                "new_la_code": code if is_authority else "",
                "category": CATEGORY,
                "referral_count": _plain(referrals.get("value") or again.get("denominator")),
                "rereferral_count": _plain(again.get("numerator")),
                "rereferral_percent": _plain(again.get("value")),
            }
        )
    return found


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Api()
    yield found
    found.close()


@pytest.fixture(scope="session")
def of_referrals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """benchmarks.parquet with the figures of the two indicators alone: it is read in a moment."""
    shipped = pq.read_table(settings.seeds / "benchmarks" / "benchmarks.parquet").to_pylist()
    target = tmp_path_factory.mktemp("official") / "benchmarks.parquet"
    write([row for row in shipped if row["indicator_id"] in INDICATORS], target)
    return target


@pytest.fixture
def council(tmp_path: Path, api: Api, as_published: list[Cells], of_referrals: Path) -> Council:
    seeds = tmp_path / "seeds"
    for folder in ("benchmarks", "catalogue", "reference"):
        shutil.copytree(settings.seeds / folder, seeds / folder)
    shutil.copy(of_referrals, seeds / "benchmarks")
    return Council(seeds, tmp_path / "data", api, [dict(row) for row in as_published])


def codes(found: Refreshed) -> list[str]:
    return [each.code for each in found.faults]
