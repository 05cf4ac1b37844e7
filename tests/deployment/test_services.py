"""The units of `docs/deployment/`, started as they are written but for their place and ports."""

import json
import shlex
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.defs.conftest import Installation, install_beside
from tests.deployment.test_proxy import running
from tests.ports import free_port

UNITS = PROJECT / "docs" / "deployment"
PLACE = "/opt/childrens-kpis"


def told(unit: Path) -> dict[str, list[str]]:
    """Each key of a unit with all that is said of it."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def command(name: str, workspace: Path, **ports: int) -> list[str]:
    """What a unit starts, with this project's place and free ports."""
    [line] = told(UNITS / name)["ExecStart"]
    line = line.replace(PLACE, str(PROJECT)).replace(
        "docs/deployment/workspace.yaml", str(workspace)
    )
    for old, new in (("4266", "code"), ("%i", "pages")):
        if new in ports:
            assert old in line
            line = line.replace(old, str(ports[new]))
    return [part for part in shlex.split(line) if part != "$PAGES"]


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda unit: unit.stem)
def test_a_service_is_nobody_else_and_writes_to_two_folders(unit: Path) -> None:
    says = told(unit)
    assert says["User"] == ["kpi"] and says["WorkingDirectory"] == [PLACE]
    assert says["ProtectSystem"] == ["strict"] and says["NoNewPrivileges"] == ["yes"]
    assert says["ReadWritePaths"] == [f"{PLACE}/data {PLACE}/exports"]
    [line] = says["ExecStart"]
    # nothing but this machine can ask it, and what it starts is what set-up installs
    assert "-h 127.0.0.1" in line or "dagster-daemon" in line
    program = Path(line.split()[0]).relative_to(PLACE)
    assert (PROJECT / program).is_file()


def test_the_image_is_the_unit_of_the_code_for_nobody_else_with_one_volume() -> None:
    text = (UNITS / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    said = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    image = said[max(place for place, (word, _) in enumerate(said) if word == "FROM") :]
    of = {word: json.loads(rest.removeprefix("CMD ")) for word, rest in image if "[" in rest}
    [line] = told(UNITS / "childrens-kpis-code.service")["ExecStart"]
    assert of["CMD"] == line.replace(f"{PLACE}/.venv/bin/", "").split()
    asked = f"# Health: {PLACE}/.venv/bin/{' '.join(of['HEALTHCHECK'])}\n"
    assert asked in (UNITS / "childrens-kpis-code.service").read_text(encoding="utf-8")
    assert [rest for word, rest in image if word in ("USER", "VOLUME")] == ["kpi", "/srv/kpi"]


@pytest.fixture
def served(main_job: Path, tmp_path: Path) -> Iterator[tuple[Installation, int, int]]:
    made = install_beside(main_job, "data/dbt")
    code, pages = free_port(), free_port()
    workspace = tmp_path / "workspace.yaml"
    text = (UNITS / "workspace.yaml").read_text(encoding="utf-8")
    workspace.write_text(text.replace("4266", str(code)))
    with ExitStack() as stack:
        started = command("childrens-kpis-code.service", workspace, code=code)
        stack.enter_context(running(started, made.environment, code))
        started = command("childrens-kpis-pages@.service", workspace, pages=pages)
        stack.enter_context(running(started, made.environment, pages))
        yield made, code, pages


def test_code_and_pages_work_apart_and_say_how_they_are(
    served: tuple[Installation, int, int],
) -> None:
    made, code, pages = served
    healthy = subprocess.run(
        [PROJECT / ".venv/bin/dagster", "api", "grpc-health-check", "-p", str(code)],
        env=made.environment,
        capture_output=True,
        check=False,
    )
    assert healthy.returncode == 0
    with urllib.request.urlopen(f"http://127.0.0.1:{pages}/server_info", timeout=30) as answer:
        assert b"dagster_version" in answer.read()
    query = (
        b'{"query": "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"}'
    )
    request = urllib.request.Request(
        f"http://127.0.0.1:{pages}/graphql", query, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert b"__repository__" in answer.read()
