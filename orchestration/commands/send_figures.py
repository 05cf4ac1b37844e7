"""`make figures SMALL=sent|withheld`: what this council sends to the body that pools councils, into
`exports/for_region/<month>/`, with who sent it in the log of `data/ledger/for_region/`."""

import getpass
import os
import sys
from datetime import UTC, datetime

from orchestration.files import put_in_place
from orchestration.packs.record import (
    append_to_log,
    file_sha256,
    oldest_first,
    read_publications,
    recording,
    write_figures,
)
from orchestration.reference.geographies import codes_of, read_row_level_council
from orchestration.region.sending import Sent, figures_to_send, files_to_send
from orchestration.settings import settings

KEPT = "for_region"


def main(small: str) -> int:
    """Exit code 0 when the files were written; `small` says whether small numbers are sent."""
    import duckdb

    council = settings.council or read_row_level_council(settings.reference)
    if small not in ("sent", "withheld"):
        print("say how small numbers go, as agreed: make figures SMALL=sent or SMALL=withheld")
        return 2
    if not settings.published_warehouse.exists():
        print("there are no published figures to send: make run first")
        return 1
    log, now = settings.ledger / KEPT, datetime.now(UTC)
    codes = codes_of(settings.reference, council)
    with recording(log), duckdb.connect(str(settings.published_warehouse), read_only=True) as mart:
        logs = settings.publications, settings.in_region, log
        told = oldest_first(*(read_publications(each, codes) for each in logs))
        sent = figures_to_send(
            mart,
            council,
            small_are_sent=small == "sent",
            earlier=told,
        )
        if sent is None:
            print(f"{council} has no figures to send: COUNCIL=… names another council")
            return 1
        folder = settings.exports / KEPT / f"{sent.as_at:%Y-%m}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files_to_send(sent, now).items():
            with put_in_place(folder / name, forbidden=0o077) as temporary:
                temporary.write_bytes(content)
        _note(sent, small, now)
    held = sum(map(len, sent.hidden.values()))
    print(f"{sent.count} figures in {folder}, {held} kept here; small numbers are {small}")
    return 0


def _note(sent: Sent, small: str, now: datetime) -> None:
    """Keep what was sent and what was not: the next file must not give it away."""
    log = settings.ledger / KEPT
    issue = 1 + len(list(log.glob("*.json")))
    name = f"{issue}.json"
    write_figures(log, sent.figures, sent.hidden, name)
    entry = {
        "meeting_id": KEPT,
        "issue": issue,
        "geography_code": sent.geography_code,
        "figures": name,
        "figures_sha256": file_sha256(log / name),
        "small_numbers": small,
        "as_at": sent.as_at.isoformat(),
        "by": os.environ.get("KPI_USER", "").strip() or getpass.getuser(),
        "at": now.isoformat(timespec="seconds"),
    }
    append_to_log(log, entry)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
