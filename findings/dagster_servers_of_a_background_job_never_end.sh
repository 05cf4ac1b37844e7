#!/usr/bin/env bash
# dagster 1.13.27: a code server that a script starts in the background takes no notice of SIGTERM.
#
# A shell without job control has its background jobs ignore SIGINT, so that Ctrl-C stops the script
# alone. Dagster answers SIGTERM as SIGINT is answered when it starts, and that is then: not at all. kill
# and Python's terminate() do nothing, and the next start finds its port taken. With SIGINT as usual, as
# systemd starts it, the same server ends within seconds.
#
# Seen: usual: ended; in the background: still there after 30 seconds
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dagster==1.13.27
export DAGSTER_HOME=$folder DAGSTER_DISABLE_TELEMETRY=1
printf 'import dagster as dg\n\ndefs = dg.Definitions()\n' > "$folder/defs.py"
"$folder/venv/bin/python" - "$folder" <<'PY'
import signal
import socket
import subprocess
import sys
import time

folder = sys.argv[1]


def ends(answer: object) -> bool:
    """Whether a server that starts with this answer to SIGINT ends within 30 seconds of SIGTERM."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [f"{folder}/venv/bin/dagster", "code-server", "start", "-f", f"{folder}/defs.py"]
    server = subprocess.Popen(
        [*command, "-h", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, answer),
    )
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return False
        return True
    finally:
        server.kill()
        server.wait()


usual, background = ends(signal.SIG_DFL), ends(signal.SIG_IGN)
print("usual:", "ended" if usual else "still there")
print("in the background:", "ended" if background else "still there after 30 seconds")
assert usual and not background
PY
