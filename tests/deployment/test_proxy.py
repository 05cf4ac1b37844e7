"""The proxy that `docs/deployment/nginx.conf` describes, in front of Dagster's real pages."""

import base64
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.defs.conftest import install_beside
from tests.ports import free_port

HOST = "kpis.example"
HARMLESS = "mutation { setNuxSeen }"
MAY_LAUNCH = "query { permissions { permission value } }"


@contextmanager
def running(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None and time.monotonic() < deadline, command
            time.sleep(0.3)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            # left running it would be told of as a warning in whatever test comes next
            process.kill()
            process.wait()
            raise


@dataclass(frozen=True)
class Proxy:
    port: int
    direct: int

    def ask(
        self, path: str = "/graphql", *, user: str = "engineer", **more: str
    ) -> tuple[int, str]:
        """Status and answer of a request; `more` are its headers, `query` what is asked."""
        query = more.pop("query", "")
        headers = {"Host": HOST} | {name.replace("_", "-"): value for name, value in more.items()}
        if user:
            told = base64.b64encode(f"{user}:secret".encode()).decode()
            headers["Authorization"] = f"Basic {told}"
        body = None
        if query:
            body = json.dumps({"query": query}).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", body, headers)
        trusting = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(request, timeout=60, context=trusting) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, main_job: Path) -> Iterator[Proxy]:
    made = install_beside(main_job, "data/dbt")
    folder = tmp_path_factory.mktemp("nginx")
    key, certificate = folder / "kpis.key", folder / "kpis.crt"
    names = ("-subj", f"/CN={HOST}", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names],
        check=True,
        capture_output=True,
    )
    (folder / "kpis.users").write_text("engineer:{PLAIN}secret\nviewer:{PLAIN}secret\n")
    port, writing, reading = free_port(), free_port(), free_port()
    text = (PROJECT / "docs" / "deployment" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:3000;", f"127.0.0.1:{writing};"),
        ("127.0.0.1:3001;", f"127.0.0.1:{reading};"),
        ("/etc/nginx/", f"{folder}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {folder}/pid; error_log {folder}/errors;\nevents {{}}\nhttp {{\n"
    if os.geteuid() == 0:  # its workers are to read this test's folder
        whole = f"user root;\n{whole}"
    whole += f"access_log off;\n{temporary}{text}\n}}\n"
    (folder / "nginx.conf").write_text(whole)
    pages = [str(Path(sys.executable).with_name("dagster-webserver")), "-w", "workspace.yaml"]
    with ExitStack() as stack:
        for number, more in ((writing, ()), (reading, ("--read-only",))):
            command = [*pages, "-h", "127.0.0.1", "-p", str(number), *more]
            stack.enter_context(running(command, made.environment, number))
        command = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
        stack.enter_context(running(command, made.environment, port))
        yield Proxy(port, writing)


def may_launch(answer: str) -> bool:
    told = json.loads(answer)["data"]["permissions"]
    return {each["permission"]: each["value"] for each in told}["launch_pipeline_execution"]


@pytest.mark.needs("nginx", "openssl")
def test_only_named_people_pass_and_most_of_them_look_on(proxy: Proxy) -> None:
    assert proxy.ask("/", user="")[0] == 401
    assert proxy.ask("/")[0] == 200
    own = {"Origin": f"https://{HOST}"}
    status, answer = proxy.ask(query=MAY_LAUNCH, **own)
    assert status == 200 and may_launch(answer)
    status, answer = proxy.ask(query=MAY_LAUNCH, user="viewer", **own)
    assert status == 200 and not may_launch(answer)


@pytest.mark.needs("nginx", "openssl")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": f"https://{HOST}"}, 200),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": f"http://{HOST}"}, 403),
        ({"Origin": f"https://{HOST}.elsewhere.example"}, 403),
        ({"Host": "elsewhere.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://elsewhere.example", "Connection": "Upgrade", "Upgrade": "w"}, 403),
    ],
)
def test_what_comes_from_another_page_or_under_another_name_changes_nothing(
    proxy: Proxy, headers: dict[str, str], status: int
) -> None:
    found, answer = proxy.ask(query=HARMLESS, **headers)
    assert found == status
    assert ("setNuxSeen" in answer) == (status == 200)


@pytest.mark.needs("nginx", "openssl")
def test_a_picture_in_another_page_asks_nothing(proxy: Proxy) -> None:
    query = "query=mutation%7BsetNuxSeen%7D"
    for path in (f"/graphql?{query}", f"/graphql/?{query}"):
        status, answer = proxy.ask(path)
        assert status == 405 and "setNuxSeen" not in answer


@pytest.mark.needs("nginx", "openssl")
def test_without_the_proxy_a_foreign_page_could(proxy: Proxy) -> None:
    """Why it is there: where this fails, Dagster itself refuses, and the page may say so."""
    body = json.dumps({"query": HARMLESS}).encode()
    headers = {"Content-Type": "application/json", "Origin": "https://elsewhere.example"}
    address = f"http://127.0.0.1:{proxy.direct}/graphql"
    with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
        assert "setNuxSeen" in answer.read().decode()
