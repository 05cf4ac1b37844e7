"""`make sbom` says what a server installs, `make audit` what is known of it, with real tools."""

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from packaging.requirements import Requirement

from orchestration.settings import PROJECT

LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {line.split()[0] for line in LOCK.splitlines() if line[:1].isalpha()}
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-s", *arguments],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def names(requirements: list[str | dict[str, str]]) -> set[str]:
    return {Requirement(each).name for each in requirements if isinstance(each, str)}


def test_the_bill_of_materials_is_what_a_server_installs_and_no_more() -> None:
    done = make("sbom")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == (
        "CycloneDX",
        "childrens-kpis",
    )
    components = {each["name"]: each for each in told["components"]}
    assert names(PYPROJECT["project"]["dependencies"]) | {"uv"} <= set(components)
    for_tests = {"pytest", "playwright", "moto", "cyclonedx-bom", "pip-audit", "s3fs"}
    assert not for_tests & set(components)
    assert len(components) > 100
    for name, each in components.items():
        assert f"{name}=={each['version']}" in LOCKED
        hashes = next(of["hashes"] for of in each["externalReferences"] if "hashes" in of)
        assert all(f"--hash=sha256:{found['content']}" in LOCK for found in hashes)


def test_what_is_installed_for_storage_is_in_it_where_it_is_set() -> None:
    told = json.loads(make("sbom", KPI_INCOMING="s3://bucket/folder").stdout)
    assert "s3fs" in {each["name"] for each in told["components"]}


@contextmanager
def advisories(known: dict[str, str]) -> Iterator[tuple[str, list[dict]]]:
    """An osv.dev of the loopback that knows these packages; its address, and what it is asked."""
    asked: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(query)
            name = query["package"]["name"]
            about = {"id": known.get(name), "summary": "made up", "affected": []}
            content = json.dumps({"vulns": [about]} if name in known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_audit_asks_for_every_locked_package_and_fails_on_one_that_is_known() -> None:
    with advisories({"jinja2": "OSV-2099-1"}) as (address, asked):
        found = make("audit", PIP_AUDIT_OSV_URL=address)
        assert found.returncode != 0
        assert "OSV-2099-1" in found.stdout and "jinja2" in found.stdout
        # those of this platform and Python; the lock has a few for others
        told = {f"{each['package']['name']}=={each['version']}" for each in asked}
        assert told <= LOCKED and len(told) > 0.9 * len(LOCKED)
    with advisories({}) as (address, _):
        assert make("audit", PIP_AUDIT_OSV_URL=address).returncode == 0


def test_an_audit_that_reaches_nobody_is_not_green() -> None:
    with advisories({}) as (address, _):
        pass
    assert make("audit", PIP_AUDIT_OSV_URL=address).returncode != 0
