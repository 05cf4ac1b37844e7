"""A check-in that somebody may kill: `python -m tests.deliveries.killed_check_in <data> <round>`.

It says `begun` when the files of the round lie in the drop folder, and `done` at its end.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.deliveries.conftest import Council, make_desk

EXTRACTS = ("ssd_person", "ssd_cin_episodes", "ssd_department")


def deliver(council: Council, number: int) -> None:
    """Files of which no two rounds have the same bytes."""
    count = 300 + number % 40
    persons = [{"pers_person_id": f"p{n}-{number}"} for n in range(count)]
    council.put("ssd_person", *persons)
    referrals = [
        {"cine_referral_id": f"r{n}", "cine_person_id": f"p{n}-{number}"}
        | {"cine_referral_date": "2025-01-06"}
        for n in range(count)
    ]
    council.put("ssd_cin_episodes", *referrals)
    teams = [{"dept_team_id": f"t{n}", "dept_team_name": f"{number}"} for n in range(count)]
    council.put("ssd_department", *teams)


def council_in(data: Path, number: int) -> Council:
    now = datetime(2031, 10, 3, 5, tzinfo=UTC) + timedelta(hours=number)
    return Council(make_desk(data).paths, now=now)


def main(data: Path, number: int) -> None:
    council = council_in(data, number)
    deliver(council, number)
    print("begun", flush=True)
    council.check_in()
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
