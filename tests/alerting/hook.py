"""A real web server on the loopback that can be told how to misbehave."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    content: Any


@dataclass
class Hook:
    """Keeps what it accepts. Answers given in advance are used up before it says 202.

    An answer is a status, `die` (accept and hang up), `hang` or `drip` (a byte now and then).
    """

    posts: list[Post] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [post.headers["idempotency-key"] for post in self.posts]


@contextmanager
def web_server(hook: Hook, port: int = 0) -> Iterator[str]:
    """Serves until the block ends; the address of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = hook.answers.pop(0) if hook.answers else "202"
            if answer in ("202", "die"):
                headers = {name.lower(): value for name, value in self.headers.items()}
                hook.posts.append(Post(self.path, headers, content))
            if answer == "die":
                self.close_connection = True
                return
            if answer in ("hang", "drip"):
                self._dawdle(answer)
                return
            self.send_response(int(answer))
            if answer == "302":
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _dawdle(self, answer: str) -> None:
            for _ in range(30):
                time.sleep(0.1)
                if answer == "drip":
                    try:
                        self.wfile.write(b"H")
                    except OSError:
                        break
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
