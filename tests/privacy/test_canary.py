"""Marked values go in; after a good run and many failures none of them is anywhere it must not be.

Restricted layers may hold what was delivered (drop folder, originals), and rows about people as
keyed hashes (raw, quarantine, the workshop); everything else may hold nothing of it.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.deliveries.rows.archive import readable
from tests.defs.conftest import Installation, install_beside, serve
from tests.privacy.scanner import scan, scan_texts

OPEN = ("alerts", "dbt", "ledger", "keys")
OF_PERSONS = ("child", "pupil", "worker", "name", "upn", "nhs", "post", "swe", "json", "head")
GRAPHQL = {
    "runs": """{ runsOrError { ... on Runs { results { runId status tags { key value }
        stepStats { stepKey status } } } } }""",
    "assets": """{ assetsOrError { ... on AssetConnection { nodes { key { path }
        assetMaterializations(limit: 20) { description metadataEntries { label description
            ... on TextMetadataEntry { text } ... on MarkdownMetadataEntry { mdStr }
            ... on JsonMetadataEntry { jsonString }
            ... on PathMetadataEntry { path } } } } } } }""",
    "logs": """query ($run: ID!) { logsForRun(runId: $run, limit: 1000) {
        ... on EventConnection { events { __typename
            ... on MessageEvent { message stepKey }
            ... on ExecutionStepFailureEvent { error { message stack className
                causes { message stack } } }
            ... on AssetCheckEvaluationEvent { evaluation { checkName success metadataEntries {
                label ... on TextMetadataEntry { text } ... on MarkdownMetadataEntry { mdStr } } } }
        } } } }""",
}


@dataclass(frozen=True)
class Aftermath:
    """What was planted, how often something failed, what the process said, and where it ran."""

    installation: Installation
    secrets: list[str]
    failures: int
    held: str
    quoted: bool
    said: str


@pytest.fixture(scope="module")
def aftermath(main_job: Path) -> Aftermath:
    installation = install_beside(main_job, "data/dbt")
    told = installation.home / "told.json"
    said = installation.run("python", "-m", "tests.privacy.failures", str(told))
    assert "good run: True" in said
    return Aftermath(installation, **json.loads(told.read_text(encoding="utf-8")), said=said)


@pytest.fixture(scope="module")
def web(aftermath: Aftermath) -> Iterator[str]:
    installation = aftermath.installation
    log = installation.home / "pages.log"
    yield from serve(installation.environment, log, ("dagster-webserver",))


def test_enough_was_planted_and_went_wrong(aftermath: Aftermath) -> None:
    assert len(aftermath.secrets) >= 40
    assert aftermath.failures >= 25
    # one of them made dbt quote a cell, before it was taken out of what dbt wrote down
    assert aftermath.quoted
    # what the contract lets in did go in: the scan is not of empty rooms
    assert sum(secret in aftermath.held for secret in aftermath.secrets) >= 5
    raw = scan([aftermath.installation.data / "incoming"], aftermath.secrets)
    assert len(set().union(*raw.values())) >= 40


def test_no_file_that_is_not_restricted_holds_any_of_it(aftermath: Aftermath) -> None:
    places = [aftermath.installation.exports, aftermath.installation.home / "dagster"]
    places += [aftermath.installation.data / name for name in OPEN]
    places += [aftermath.installation.data / "warehouse" / "published.duckdb"]
    assert scan(places, aftermath.secrets) == {}
    marts = aftermath.installation.data / "warehouse" / "published.duckdb"
    with duckdb.connect(str(marts), read_only=True) as connection:
        for (table,) in connection.sql("select table_name from duckdb_tables()").fetchall():
            cells = str(connection.sql(f'from marts."{table}"').fetchall()).encode()
            assert scan_texts({table: cells}, aftermath.secrets) == {}


def test_the_process_said_none_of_it(aftermath: Aftermath) -> None:
    assert scan_texts({"output": aftermath.said.encode()}, aftermath.secrets) == {}


def test_nobody_is_named_in_the_restricted_rows(aftermath: Aftermath) -> None:
    persons = [
        each
        for each in aftermath.secrets
        if each.startswith(tuple(f"Zqx{kind}" for kind in OF_PERSONS))
    ]
    assert len(persons) > 12
    rows = {}
    with duckdb.connect(":memory:") as connection:
        for layer in ("raw", "quarantine"):
            for file in (aftermath.installation.data / layer).rglob("*.parquet"):
                told = connection.sql(f"from read_parquet('{readable(file)}')").fetchall()
                rows[file.name + file.parent.name] = str(told).encode() + file.read_bytes()
    assert scan_texts(rows, persons) == {}
    assert scan([aftermath.installation.data / "warehouse"], persons) == {}


def test_the_web_server_tells_none_of_it(aftermath: Aftermath, web: str) -> None:
    answers = {}

    def ask(name: str, **variables: str) -> dict[str, object]:
        body = json.dumps({"query": GRAPHQL[name], "variables": variables}).encode()
        request = urllib.request.Request(
            f"{web}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
        answers[f"{name} {variables}"] = content
        told = json.loads(content)
        assert "errors" not in told, told
        return told["data"]

    runs = [run["runId"] for run in ask("runs")["runsOrError"]["results"]]  # type: ignore[index]
    assert len(runs) >= 8
    assert ask("assets")
    for run in runs:
        ask("logs", run=run)
        for page in (f"download_debug/{run}", f"logs/{run}/check_in/stdout"):
            try:
                with urllib.request.urlopen(f"{web}/{page}", timeout=60) as answer:
                    answers[page] = answer.read()
            except urllib.error.HTTPError as error:
                answers[page] = error.read()
    assert sum(name.startswith("download_debug") for name in answers) == len(runs)
    assert scan_texts(answers, aftermath.secrets) == {}
