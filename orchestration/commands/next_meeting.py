"""The id of the next meeting, for `make pack`."""

import sys

from orchestration.packs.meetings import next_meeting, read_meetings
from orchestration.settings import settings


def main() -> None:
    """Print it, and what is wrong with the list of meetings."""
    reference = settings.reference
    found = next_meeting(read_meetings(reference))
    for fault in reference.table("meetings").faults:
        print(fault, file=sys.stderr)
    if found is None:
        raise SystemExit(
            "MEETING-NOT-PLANNED: no meeting is planned: add one to seeds/reference/meetings.csv, "
            "or name one: make pack MEETING=<meeting_id>"
        )
    print(found.meeting_id)


if __name__ == "__main__":
    main()
