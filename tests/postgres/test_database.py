"""Extracts pulled out of a real PostgreSQL are those of the drop folder, row for row."""

import csv
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.sources.database import SourceError, cell, pull
from orchestration.reference.geographies import read_geographies
from orchestration.sample_council import fill
from orchestration.settings import settings
from tests.defs.conftest import install_beside
from tests.deliveries.conftest import CATALOGUE
from tests.postgres.server import running
from tests.privacy.scanner import scan

pytestmark = pytest.mark.needs("initdb", "pg_ctl")

MONTH, NOW = "2026-03", datetime(2026, 4, 3, 5, tzinfo=UTC)
PASSWORD = "hush-hush"
TYPES = {"date": "timestamp", "datetime": "timestamp", "integer": "bigint", "decimal": "numeric"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running() as server:
        host = server["KPI_POSTGRES_HOST"]
        yield f"postgresql+psycopg2://postgres:{PASSWORD}@/kpi?host={host}"


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """The files of a council as it drops them."""
    paths = paths_in(tmp_path_factory.mktemp("dropped"))
    fill(paths.incoming, last_month=date(2026, 3, 31), size=400, months=1)
    return paths


@pytest.fixture(scope="module")
def council(url: str, dropped: Paths) -> str:
    """The same council in the database: its tables have types, and a column nobody may see."""
    with create_engine(url).begin() as connection:
        for extract in ROW_LEVEL:
            file = dropped.incoming / MONTH / extract.file_name
            if extract.class_ != "manifest" and file.exists():
                copy_in(connection, file)
    return url


def copy_in(connection: Connection, file: Path) -> None:
    extract = EXTRACTS[file.stem]
    kinds = {column.name: TYPES.get(column.type, "text") for column in extract.columns}
    with file.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    columns = ", ".join(f'"{name}" {kinds[name]}' for name in header)
    connection.execute(text(f'create table "{extract.name}" ({columns})'))
    listed = ", ".join(f'"{name}"' for name in header)
    with file.open(encoding="utf-8") as lines:
        connection.connection.cursor().copy_expert(
            f'copy "{extract.name}" ({listed}) from stdin with (format csv, header)', lines
        )
    connection.execute(
        text(f"alter table \"{extract.name}\" add column child_name text default 'Quillfeather'")
    )


def paths_in(data: Path) -> Paths:
    return Paths(data / "incoming", data / "raw", data / "quarantine", data / "ledger")


def pulled(
    url: str, data: Path, queries: Path | None = None, data_from: str = ""
) -> tuple[Paths, list[str]]:
    paths, told = paths_in(data), []
    folder = queries or data / "no queries"
    pull(url, None, data_from, folder, MONTH, paths.incoming, EXTRACTS.values(), NOW, told.append)
    return paths, told


def checked_in(paths: Paths) -> dict[str, tuple[str, int, int, int]]:
    terms = (CATALOGUE, read_geographies(settings.reference), paths, NOW)
    [receipts] = check_in_deliveries([MONTH], ROW_LEVEL, *terms).values()
    return {
        each.extract: (each.outcome, each.loaded, each.quarantined, each.duplicates)
        for each in receipts
        if each.extract != "extract_manifest"
    }


def test_pulled_extracts_are_checked_in_as_those_that_were_dropped(
    council: str, dropped: Paths, tmp_path: Path
) -> None:
    paths, told = pulled(council, tmp_path)
    found = checked_in(paths)
    assert found == checked_in(dropped)
    assert sum(outcome == "accepted" for outcome, *_ in found.values()) == 45
    assert f"{MONTH} ssd_person: {sum(found['ssd_person'][1:])} rows pulled" in told
    for file in (paths.incoming / MONTH).iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"Quillfeather" not in file.read_bytes()
        assert b"child_name" not in file.read_bytes()


def test_the_manifest_says_from_when_the_tables_are_complete(council: str, tmp_path: Path) -> None:
    paths, _ = pulled(council, tmp_path, data_from="ssd_contacts=2y,6y")
    with (paths.incoming / MONTH / "extract_manifest.csv").open(encoding="utf-8") as lines:
        said = {row["extract"]: row["data_from"] for row in csv.DictReader(lines)}
    assert said.pop("ssd_contacts") == "2024-04-03"
    assert set(said.values()) == {"2020-04-03"}
    terms = (CATALOGUE, read_geographies(settings.reference), paths, NOW)
    [receipts] = check_in_deliveries([MONTH], ROW_LEVEL, *terms).values()
    known = {each.extract: (each.data_from, each.data_from_known_by) for each in receipts}
    assert known["ssd_contacts"] == ("2024-04-03", "said")
    assert known["ssd_cp_plans"] == ("2020-04-03", "said")
    assert known["ref_population"] == ("", "")


def test_a_query_takes_the_place_of_a_table(council: str, tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    queries.mkdir()
    (queries / "ssd_department.sql").write_text(
        "select 'T' || number as \"DEPT_TEAM_ID\", 'Team, \"one\"' as dept_team_name,"
        " 'Quillfeather' as told from generate_series(1, 3) as number",
        encoding="utf-8",
    )
    paths, _ = pulled(council, tmp_path, queries)
    with (paths.incoming / MONTH / "ssd_department.csv").open(encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    assert header == ["dept_team_id", "dept_team_name"]
    assert rows == [[f"T{number}", 'Team, "one"'] for number in (1, 2, 3)]


def test_an_extract_that_the_database_lacks_is_just_absent(url: str, tmp_path: Path) -> None:
    with create_engine(url).begin() as connection:
        connection.execute(text("create schema other"))
        connection.execute(text("create table other.ssd_department (dept_team_id text)"))
    paths = paths_in(tmp_path)
    pull(url, "other", "", tmp_path, MONTH, paths.incoming, EXTRACTS.values(), NOW, print)
    files = {file.name for file in (paths.incoming / MONTH).iterdir()}
    assert files == {"ssd_department.csv", "extract_manifest.csv"}
    assert checked_in(paths)["ssd_department"][0] == "refused", "it lacks a column of the contract"


@pytest.mark.parametrize("query", ["select 1/0 as dept_team_id", "select nothing", ""])
def test_a_pull_that_breaks_delivers_nothing_and_tells_no_secret(
    query: str, council: str, tmp_path: Path
) -> None:
    queries = tmp_path / "queries"
    queries.mkdir()
    failing = queries / "ssd_department.sql"
    failing.write_text(query or "select cast('Quillfeather' as integer) as dept_team_id")
    with pytest.raises(SourceError, match=r"^SOURCE-UNREADABLE \| 2026-03/ssd_depart") as stopped:
        pulled(council, tmp_path, queries)
    told = str(stopped.value)
    assert PASSWORD not in told and "Quillfeather" not in told
    assert stopped.value.__cause__ is None and stopped.value.__context__ is None
    assert not list((tmp_path / "incoming").rglob("*.csv"))
    failing.unlink()
    paths, _ = pulled(council, tmp_path, queries)
    assert checked_in(paths)["ssd_person"][0] == "accepted"


@pytest.mark.parametrize(
    "address",
    [f"postgresql+psycopg2://u:{PASSWORD}@127.0.0.1:1/x", "no address", f"oracle+x://{PASSWORD}@h"],
)
def test_a_database_that_is_not_there_is_one_clear_message(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^SOURCE-UNREADABLE \|") as stopped:
        pulled(address, tmp_path)
    assert PASSWORD not in str(stopped.value)
    assert not list((tmp_path / "incoming").iterdir())


def test_values_are_written_as_check_in_reads_them() -> None:
    assert [
        cell(value)
        for value in (
            None,
            True,
            False,
            date(2026, 3, 1),
            datetime(2026, 3, 1, 10, 30),
            Decimal("1E+5"),
            0.00001,
            {"NEW_REFERRAL_FLAG": "Y"},
            "007",
        )
    ] == [
        "",
        "Y",
        "N",
        "2026-03-01",
        "2026-03-01 10:30:00",
        "100000",
        "0.00001",
        '{"NEW_REFERRAL_FLAG": "Y"}',
        "007",
    ]


def test_dagster_pulls_before_it_checks_in_and_tells_no_address(
    council: str, main_job: Path
) -> None:
    installation = install_beside(main_job, "data/dbt")
    installation.environment_more["KPI_SOURCE_URL"] = council
    said = installation.run(
        *("dagster", "asset", "materialize", "-m", "orchestration.definitions"),
        *("--select", "raw/ssd_department", "--partition", MONTH),
    )
    assert "ssd_department: 12 rows pulled" in said
    assert "ssd_department: accepted, 12 rows in the file, 12 loaded" in said
    assert PASSWORD not in said
    assert scan([installation.home], [PASSWORD]) == {}
