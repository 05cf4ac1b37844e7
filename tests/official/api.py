"""A server on loopback that answers as version 1 of the Explore Education Statistics API does."""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]
NO_CHANGES: dict[str, Any] = {"majorChanges": {}, "minorChanges": {}}


def problem(status: int, **headers: str) -> Answer:
    body = {"title": "There was a problem processing the request.", "type": "", "status": status}
    return (
        status,
        {"Content-Type": "application/problem+json", **headers},
        json.dumps(body).encode(),
    )


def page(text: str = "<!DOCTYPE html><title>Sign in</title>") -> Answer:
    return 200, {"Content-Type": "text/html"}, text.encode()


def packed(csv: str) -> Answer:
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    return 200, headers, gzip.compress(csv.encode(), mtime=0)


def plain(told: Any) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()


def version(number: str, rows: int, published: str = "2025-10-30", **facts: Any) -> dict[str, Any]:
    """A version as the API tells it."""
    return {
        "version": number,
        "type": "Major" if number.endswith(".0") else "Minor",
        "status": "Published",
        "published": f"{published}T09:30:00+00:00",
        "notes": "",
        "totalResults": rows,
        "file": {"id": "e0754872-3206-4918-aad4-029eaaae191f"},
        "release": {"title": "Reporting year 2025", "slug": "2025"},
        "timePeriods": {"start": "2013", "end": "2025"},
        "geographicLevels": ["Local authority", "National", "Regional"],
        "filters": ["Category"],
        "indicators": ["Number of referrals"],
        **facts,
    }


class Api:
    """What is published, and what is answered in place of it: `first` answers to a path, in turn,
    before those that are right."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.files: dict[tuple[str, str], str] = {}
        self.changes: dict[tuple[str, str], dict[str, Any]] = {}
        self.first: dict[str, list[Answer | Callable[[BaseHTTPRequestHandler], None]]] = {}
        self.asked: list[str] = []
        self.closing = Event()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.asked.append(self.path)
                answer = api.answer(self.path)
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/statistics"
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def publish(self, data_set: str, number: str, csv: str, **facts: Any) -> None:
        rows = csv.count("\n") - 1
        self.versions[data_set].insert(0, version(number, rows, **facts))
        self.files[data_set, number] = csv

    def answer(self, path: str) -> Any:
        address = urlsplit(path)
        for ending, answers in self.first.items():
            if address.path.endswith(ending) and answers:
                return answers.pop(0)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        match address.path.split("/"):
            case ["", "statistics", "v1", "data-sets", data_set, "versions"]:
                return plain(self._a_page(data_set, int(asked["page"]), int(asked["pageSize"])))
            case ["", "statistics", "v1", "data-sets", data_set, "versions", number, "changes"]:
                if (data_set, number) not in self.files:
                    return problem(404)
                told = {"versionNumber": number, "notes": "", **NO_CHANGES}
                return plain(told | self.changes.get((data_set, number), {}))
            case ["", "statistics", "v1", "data-sets", data_set, "csv"]:
                file = self.files.get((data_set, asked["dataSetVersion"]))
                return packed(file) if file else problem(404)
        return problem(404)

    def _a_page(self, data_set: str, number: int, size: int) -> dict[str, Any]:
        found = self.versions[data_set]
        paging = {
            "page": number,
            "pageSize": size,
            "totalResults": len(found),
            "totalPages": -(-len(found) // size),
        }
        return {"results": found[(number - 1) * size : number * size], "paging": paging}
