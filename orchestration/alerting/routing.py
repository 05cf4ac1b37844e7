"""Who is told of which dashboard, and which misses somebody has taken on: two seeds."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.alerting.evaluate import AlertState
from orchestration.alerting.events import Acknowledged

EVERY = "*"
_GEOGRAPHY = re.compile(r"[A-Z]\d{8}")
_ADDRESS = re.compile(r"(teams|slack)(:[A-Z][A-Z0-9_]*)?|[^\s<>,@]+@[^\s<>,@]+")


class AlertSeedError(ValueError):
    """A row of a seed cannot be understood; the message names file, line and column."""


@dataclass(frozen=True)
class Route:
    """`owner` is told at `address` of one dashboard of one council; None means every one."""

    geography_code: str | None
    dashboard_no: int | None
    owner: str
    address: str


@dataclass(frozen=True)
class Routing:
    """The rows of the seed; whom none names goes to the addresses of the environment."""

    routes: Sequence[Route]
    otherwise: Sequence[str]

    def addresses(self, state: AlertState) -> tuple[str, ...]:
        """Where to tell of an indicator: e-mail addresses, `teams`, `slack`, `teams:NAME`."""
        named = [
            route.address
            for route in self.routes
            if route.geography_code in (None, state.geography_code)
            and route.dashboard_no in (None, state.dashboard_no)
        ]
        return tuple(dict.fromkeys(named or self.otherwise))


def read_routes(seed: Path) -> list[Route]:
    """The rows of `seeds/alerts/routing.csv`. Raises AlertSeedError."""
    routes = []
    for line, row in _rows(seed, ("geography_code", "dashboard_no", "owner", "address")):
        _check_geography(seed, line, row["geography_code"], or_every=True)
        number = row["dashboard_no"]
        if number != EVERY and number not in set("12345678"):
            raise _wrong(seed, line, "dashboard_no", "no dashboard", "1 to 8, or *")
        if not _ADDRESS.fullmatch(row["address"]):
            raise _wrong(
                *(seed, line, "address", "no address"),
                "one e-mail address, teams, slack, teams:NAME or slack:NAME",
            )
        routes.append(
            Route(
                None if row["geography_code"] == EVERY else row["geography_code"],
                None if number == EVERY else int(number),
                row["owner"],
                row["address"],
            )
        )
    return routes


def read_acknowledged(seed: Path, indicators: Collection[str], today: date) -> Acknowledged:
    """The newest day of each council and indicator in `seeds/alerts/acknowledged.csv`.

    Raises AlertSeedError.
    """
    found: dict[tuple[str, str], date] = {}
    columns = ("geography_code", "indicator_id", "owner", "acknowledged_on", "reason")
    for line, row in _rows(seed, columns):
        _check_geography(seed, line, row["geography_code"])
        if row["indicator_id"] not in indicators:
            raise _wrong(seed, line, "indicator_id", "not in the catalogue", "an indicator's id")
        try:
            day = date.fromisoformat(row["acknowledged_on"])
        except ValueError:
            raise _wrong(seed, line, "acknowledged_on", "no date", "YYYY-MM-DD") from None
        if day > today:
            raise _wrong(seed, line, "acknowledged_on", "a day to come", "a day until today")
        place = (row["geography_code"], row["indicator_id"])
        found[place] = max(day, found.get(place, day))
    return found


def _check_geography(seed: Path, line: int, code: str, *, or_every: bool = False) -> None:
    if not (_GEOGRAPHY.fullmatch(code) or (or_every and code == EVERY)):
        expected = "a code as in seeds/reference/authorities.csv" + (", or *" if or_every else "")
        raise _wrong(seed, line, "geography_code", "no code of an area", expected)


def _rows(seed: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells of each row; every cell must be filled in."""
    with seed.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise _wrong(seed, 1, "-", "other columns than expected", ", ".join(columns))
        rows = []
        for row in reader:
            cells = {name: (row[name] or "").strip() for name in columns}
            for name, cell in cells.items():
                if not cell:
                    raise _wrong(seed, reader.line_num, name, "empty", "a value in every column")
            rows.append((reader.line_num, cells))
    return rows


def _wrong(seed: Path, line: int, column: str, what: str, expected: str) -> AlertSeedError:
    return AlertSeedError(
        f"ALERT-SEED | {seed.name} | {line} | {column} | {what} | {expected}"
        " | correct the row and run again | nobody is told; the digest file is complete"
    )
