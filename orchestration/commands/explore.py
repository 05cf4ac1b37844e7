"""`make explore`: Datasette over the figures as last published, for this account of this machine.

They show small numbers. So what Datasette reads is a copy for its owner alone, gone with the
command, and its pages open only by the address that the command prints: everybody who has an
account on this machine can reach the port.
"""

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestration.explorer.tables import DATABASE, STATIC, write_tables
from orchestration.settings import settings

SETTINGS = {
    "allow_download": "off",
    "default_page_size": "50",
    "facet_time_limit_ms": "3000",
    "max_returned_rows": "5000",
    "sql_time_limit_ms": "5000",
    "suggest_facets": "off",
}


def main(port: str) -> int:
    """Serve until the command is ended; exit code 1 where nothing is published yet."""
    published = settings.published_warehouse
    if not published.exists():
        print("there is nothing to explore yet: make run first")
        return 1
    # as Ctrl+C does: the copy goes
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    explore = settings.data / "explore"
    explore.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=explore) as folder:
        file, metadata = Path(folder) / f"{DATABASE}.db", Path(folder) / "metadata.json"
        file.touch(mode=0o600)
        metadata.write_text(json.dumps(write_tables(published, file)), encoding="utf-8")
        command = [Path(sys.executable).with_name("datasette"), "serve", "--immutable", file]
        command += ["--metadata", metadata, "--host", "127.0.0.1", "--port", port, "--root"]
        command += ["--static", f"explorer:{STATIC}"]
        for name, value in SETTINGS.items():
            command += ["--setting", name, value]
        served = subprocess.Popen(list(map(str, command)))
        try:
            return served.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            served.terminate()
            served.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
