"""The whole job of each council of a pool, in a process and folders of its own.

A council is the unit of work: children's records are corrected late, so that no month can be
rebuilt alone, but nothing that one council sends can change the figures of another.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from orchestration.alerting.notices import codes_in
from orchestration.councils.pool import read_pool
from orchestration.deliveries.rows.pseudonym import OF_POOL
from orchestration.files import PROJECT, put_in_place
from orchestration.publication.last_run import nothing_new
from orchestration.settings import Settings, of_council


@dataclass(frozen=True)
class Outcome:
    """What became of a council's job; `codes` are those of its errors."""

    council: str
    state: Literal["built", "nothing new", "nothing delivered", "failed"]
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.council}: {self.state}"
        if self.state != "failed":
            return told
        why = ", ".join(self.codes) or "no code of this project is among its errors"
        return f"{told} ({why}); KPI_OF_POOL={self.council} make ui shows the run"


def may_be_new(pool: Settings, environment: Mapping[str, str], today: date) -> bool:
    """Whether the job of any council of the pool would change something."""
    councils = read_pool(pool.reference)
    return any(_state(pool, each.geography_code, environment, today) == "" for each in councils)


def run_council(
    pool: Settings, council: str, environment: Mapping[str, str], today: date
) -> Outcome:
    """Run the job of one council (a GSS code), unless nothing is new there since the last one."""
    if state := _state(pool, council, environment, today):
        return Outcome(council, state)
    own = {**environment, OF_POOL: council}
    where = of_council(pool, council, own)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "orchestration.commands.whole_job"],
        cwd=PROJECT,
        env=own | {"DAGSTER_HOME": str(dagster_home(where))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        return Outcome(council, "failed", tuple(codes_in(done.stdout.splitlines())))
    return Outcome(council, "built")


def _state(
    pool: Settings, council: str, environment: Mapping[str, str], today: date
) -> Literal["", "nothing new", "nothing delivered"]:
    """Why there is nothing to do; empty where something may be new."""
    own = {**environment, OF_POOL: council}
    where = of_council(pool, council, own)
    if where.source_url or where.storage:
        return ""  # only the council's own job can tell what is there
    if not (where.incoming.is_dir() and any(where.incoming.iterdir())):
        return "nothing delivered"
    return "nothing new" if nothing_new(where, own, today) else ""


def dagster_home(where: Settings) -> Path:
    """The council's own Dagster home: its runs stand beside no other council's."""
    home = where.data / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    told = (PROJECT / "dagster.yaml").read_text(encoding="utf-8")
    told = told.replace("data/dagster", str(home))
    if not (home / "dagster.yaml").is_file() or (home / "dagster.yaml").read_text() != told:
        with put_in_place(home / "dagster.yaml") as temporary:
            temporary.write_text(told, encoding="utf-8")
    return home


def without_an_edition(environment: Mapping[str, str]) -> dict[str, str]:
    """What a council's job is to have of the pool's environment: COUNCIL and AS_AT, which choose an
    edition of the pool, choose none of a council."""
    return {name: each for name, each in environment.items() if name not in ("COUNCIL", "AS_AT")}
