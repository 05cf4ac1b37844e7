"""What the service answers: versions of a data set, changes of a version, and its file.

The addresses and shapes are those of version 1 of the Explore Education Statistics API.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from orchestration.official.faults import NotUsed, fault

URL = "https://api.education.gov.uk/statistics"
AGAIN = (429, 500, 502, 503, 504)
GONE = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
A_PAGE = 20
PAGES = 50
LATER = "run make benchmarks again later"
CHUNK = 2**16


@dataclass
class Service:
    """`pause` is waited before the second try of a request and doubles, `longest` is the most that
    is waited when the service asks for it, `timeout` how long it may be silent; all in seconds.
    `max_bytes` is how large a file may be once it is unpacked."""

    url: str = URL
    max_bytes: int = 256 * 2**20
    pause: float = 2
    longest: int = 120
    timeout: float = 60
    tries: int = 3
    _session: requests.Session = field(default_factory=requests.Session, init=False, repr=False)

    def __post_init__(self) -> None:
        retry = Retry(
            total=self.tries,
            status_forcelist=AGAIN,
            allowed_methods=["GET"],
            backoff_factor=self.pause,
            backoff_max=self.longest,
            retry_after_max=self.longest,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def versions(self, data_set: str) -> list[dict[str, Any]]:
        """All versions of a data set as the service tells them, on however many pages."""
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES + 1):
            told = self._json(data_set, "/versions", page=page, pageSize=A_PAGE)
            try:
                found += told["results"]
                if page >= told["paging"]["totalPages"]:
                    break
            except (KeyError, TypeError) as error:
                expected = "results and paging"
                raise NotUsed(_answer(data_set, "no list of versions", expected)) from error
        return found

    def changes(self, data_set: str, version: str) -> dict[str, Any]:
        """What a version changed in the one before it."""
        return self._json(data_set, f"/versions/{version}/changes")

    def download(self, data_set: str, version: str, target: Path) -> None:
        """Put the file of a version into `target`, packed or not as it was sent."""
        about = f"{data_set} {version}"
        response = self._get(about, f"/data-sets/{data_set}/csv", dataSetVersion=version)
        written = 0
        try:
            with response, target.open("wb") as file:
                # as sent: urllib3 takes a packed file that is cut off for a whole one
                for chunk in response.raw.stream(CHUNK, decode_content=False):
                    written += len(chunk)
                    if written > self.max_bytes:
                        raise NotUsed(_too_large(about))
                    file.write(chunk)
        except (HTTPError, requests.RequestException, OSError) as error:
            raise NotUsed(_cut_off(about)) from error

    def _json(self, data_set: str, path: str, **query: Any) -> dict[str, Any]:
        with self._get(data_set, f"/data-sets/{data_set}{path}", **query) as response:
            try:
                told = response.json()
            except requests.RequestException as error:
                raise NotUsed(_answer(data_set, "no JSON", "the answer of the API")) from error
        if not isinstance(told, dict):
            raise NotUsed(_answer(data_set, "JSON of another shape", "the answer of the API"))
        return told

    def _get(self, about: str, path: str, **query: Any) -> requests.Response:
        try:
            response = self._session.get(
                f"{self.url}/v1{path}", params=query, timeout=self.timeout, stream=True
            )
        except requests.RequestException as error:
            raise NotUsed(_unreachable(about, type(error).__name__)) from error
        if response.ok:
            return response
        response.close()
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise NotUsed(
                fault(
                    "OFFICIAL-BUSY",
                    about,
                    f"status 429 after {self.tries + 1} tries",
                    "an answer",
                    LATER,
                )
            )
        if response.status_code in GONE:
            raise NotUsed(
                fault(
                    "OFFICIAL-VERSION",
                    about,
                    f"status {response.status_code}",
                    "a data set and a version that are published",
                    "look the data set up in the data catalogue of Explore Education Statistics, "
                    "and move the pin in official_data_sets.csv",
                )
            )
        raise NotUsed(_unreachable(about, f"status {response.status_code}"))


def unpacked(source: Path, target: Path, max_bytes: int, about: str) -> None:
    """Write the CSV of a downloaded file, packed or not, to `target`. Raises `NotUsed`."""
    written = 0
    with source.open("rb") as file, target.open("wb") as out:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            for chunk in _chunks(file, packed):
                if not written and chunk.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b""):
                    raise NotUsed(_answer(about, "a page or a message, no CSV", "a CSV file"))
                written += len(chunk)
                if written > max_bytes:
                    raise NotUsed(_too_large(about))
                out.write(chunk)
        except (EOFError, OSError, zlib.error) as error:
            raise NotUsed(_cut_off(about)) from error
    if not written:
        raise NotUsed(_answer(about, "an empty file", "a CSV file"))


def _chunks(file: BinaryIO, packed: bool) -> Iterator[bytes]:
    with gzip.open(file) if packed else file as plain:
        while chunk := plain.read(CHUNK):
            yield chunk


def _unreachable(about: str, found: str) -> Any:
    do = "see that the server may reach the address (proxy, firewall), or put the file beside it: "
    do += "see seeds/benchmarks/README.md"
    return fault("OFFICIAL-UNREACHABLE", about, found, "an answer", do)


def _answer(about: str, found: str, expected: str) -> Any:
    do = f"{LATER}; if it stays so, see whether a proxy answers in the service's place"
    return fault("OFFICIAL-ANSWER", about, found, expected, do)


def _cut_off(about: str) -> Any:
    return _answer(about, "a file that is cut off or damaged", "a whole file")


def _too_large(about: str) -> Any:
    return fault(
        "OFFICIAL-ANSWER",
        about,
        "a file larger than the limit",
        "a file within KPI_MAX_FILE",
        "if it is right, set KPI_MAX_FILE higher",
    )
