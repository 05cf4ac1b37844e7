"""Who is told of which dashboard, and which misses somebody has taken on: two seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.alerting.evaluate import AlertState
from orchestration.alerting.events import Acknowledged
from orchestration.reference.cells import EVERY
from orchestration.reference.tables import Reference


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


def read_routes(reference: Reference) -> list[Route]:
    """The rows of `seeds/alerts/routing.csv` that can be read."""
    return [
        Route(
            None if row["geography_code"] == EVERY else row["geography_code"],
            None if row["dashboard_no"] == EVERY else int(row["dashboard_no"]),
            row["owner"],
            row["address"],
        )
        for row in reference.table("routing").rows
    ]


def read_acknowledged(reference: Reference) -> Acknowledged:
    """The newest day of each council and indicator in `seeds/alerts/acknowledged.csv`."""
    found: dict[tuple[str, str], date] = {}
    for row in reference.table("acknowledged").rows:
        place, day = (row["geography_code"], row["indicator_id"]), row["acknowledged_on"]
        found[place] = max(day, found.get(place, day))
    return found
