"""Fetches from the address in the environment; killed while it does."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from orchestration.deliveries.storage.access import access_of
from orchestration.deliveries.storage.fetch import fetch

if __name__ == "__main__":
    home, access = Path(sys.argv[1]), access_of(os.environ)
    assert access
    now = datetime(2026, 4, 3, 5, tzinfo=UTC)
    print("begun", flush=True)
    fetch(access, home / "storage", now, 2**28, beside=home / "incoming")
