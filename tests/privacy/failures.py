"""A process that plants marked values, runs the job well and then makes it fail in many ways.

Run as `python -m tests.privacy.failures <secrets file>` in an installation of its own. It prints a
line for each failure; whether anything leaked is for the caller to see.
"""

import csv
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.catalogue.indicators import read_catalogue
from orchestration.commands.fresh_clone import fill
from orchestration.contract.extracts import EXTRACTS
from orchestration.dbt import project as kpi_dbt
from orchestration.definitions import defs
from orchestration.defs.deliveries import PATHS
from orchestration.deliveries.check_in import CheckInError, check_in_deliveries
from orchestration.deliveries.ledger.accepted_rows import sha256_of
from orchestration.deliveries.ledger.ledger import append, last_accepted, read_receipts
from orchestration.deliveries.rows.archive import delivered_sha256, write_parquet
from orchestration.reference.geographies import read_geographies
from orchestration.settings import settings

MONTH, NEXT = "2026-03", "2026-04"
INCOMING = settings.incoming
SECRETS: list[str] = []
QUOTED: list[bool] = []
HELD: list[str] = []


def secret(kind: str) -> str:
    """A marked value that stands nowhere else."""
    SECRETS.append(f"Zqx{kind}{len(SECRETS):02d}vrk")
    return SECRETS[-1]


def change(
    extract: str, cells: dict[str, Callable[[], str]], rows: int, month: str = MONTH
) -> None:
    """Put marked values into columns (new ones as well) of the first rows of a delivered file."""
    file = INCOMING / month / f"{extract}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    for row in table[:rows]:
        row.update({name: make() for name, make in cells.items()})
    names = list(table[0])
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def plant() -> None:
    """Marked persons, names, places, numbers, words, headers and file names."""
    child = secret("child")
    for file in (INCOMING / MONTH).glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("SAMPLE-000003", child), encoding="utf-8")
    change("ssd_person", {"child_name": lambda: secret("name"), "upn": lambda: secret("upn")}, 3)
    change("ssd_person", {"nhs_number": lambda: secret("nhs"), secret("head"): str}, 2)
    note = lambda: json.dumps({"NEW_REFERRAL_FLAG": "Y", "COMMENTS": secret("json")})  # noqa: E731
    change("ssd_contacts", {"cont_contact_outcome_json": note}, 6)
    change(
        "ssd_early_help_episodes",
        {
            "earl_episode_reason": lambda: secret("reason"),
            "earl_episode_end_reason": lambda: secret("ended"),
            "earl_episode_organisation": lambda: secret("school"),
        },
        2,
    )
    change("ssd_cla_placement", {"clap_cla_placement_postcode": lambda: secret("post")}, 2)
    change("ssd_professionals", {"prof_social_worker_registration_no": lambda: secret("swe")}, 2)
    change("ssd_department", {"dept_team_name": lambda: secret("team")}, 2)
    change("ext_exclusions", {"pupil_id": lambda: secret("pupil")}, 2)
    change("ext_workforce_workers", {"worker_id": lambda: secret("worker")}, 2)
    change("ssd_cin_episodes", {"cine_referral_source_code": lambda: secret("code")}, 2)
    change("ssd_cin_assessments", {"cina_assessment_start_date": lambda: secret("date")}, 1)
    change("ext_missing_episodes", {"responsible_la_code": lambda: secret("la")}, 1)
    change("ext_assessment_delays", {"delay_reason": lambda: secret("delay")}, 1)
    change("ssd_care_leavers", {"clea_care_leaver_activity": lambda: secret("act")}, 1)
    change("extract_manifest", {"source_version": lambda: secret("version")}, 1)
    (INCOMING / MONTH / f"{secret('file')}.csv").write_text("a\n")
    (INCOMING / MONTH / f"ssd_send {secret('file')}.csv").write_text("a\n")
    (INCOMING / secret("folder")).mkdir()


def run(partition: str = MONTH, job: str = "monthly_kpis", only: Sequence[str] = ()) -> bool:
    """The whole job in this process, as `make run` starts it; or another, or some exports alone."""
    assets = [dg.AssetKey(["exports", each]) for each in only] or None
    with dg.DagsterInstance.get() as instance:
        done = (
            defs()
            .resolve_job_def(job)
            .execute_in_process(
                partition_key=partition,
                instance=instance,
                asset_selection=assets,
                raise_on_error=False,
            )
        )
        return done.success


def check_in() -> str:
    """The check-in alone: on a full disk Dagster could not even note what went wrong."""
    known = read_catalogue(settings.seeds), read_geographies(settings.reference), PATHS
    try:
        check_in_deliveries([MONTH], EXTRACTS.values(), *known, datetime.now(UTC))
    except CheckInError as error:
        return str(error)
    return "True"


def bad_files() -> dict[str, bytes]:
    """Extract -> a file of the month after that is refused, or rows of it are set aside."""

    def good(extract: str) -> str:
        return (INCOMING / MONTH / f"{extract}.csv").read_text(encoding="utf-8")

    word = lambda: secret("bad")  # noqa: E731
    person, visits = good("ssd_person"), good("ssd_cp_visits")
    lines = visits.splitlines()
    return {
        "ssd_person": person.replace("pers_person_id", word(), 1).encode(),
        "ssd_contacts": good("ssd_contacts").encode()[:-30] + word().encode(),
        "ssd_early_help_episodes": b"PK\x03\x04" + word().encode(),
        "ssd_cin_episodes": good("ssd_cin_episodes").encode("utf-16-le"),
        "ssd_cin_assessments": (good("ssd_cin_assessments") + f'"{word()}').encode(),
        "ssd_s47_enquiry": (good("ssd_s47_enquiry") * 2).encode(),
        "ssd_initial_cp_conference": good("ssd_initial_cp_conference").encode() + bytes(9),
        "ssd_cp_plans": (
            good("ssd_cp_plans") + f"{word()} \xeb".encode("latin-1").decode("latin-1")
        ).encode("latin-1"),
        "ssd_cp_visits": "\n".join([lines[0], *(f"{word()},x,y" for _ in range(2))]).encode(),
        "ssd_cp_reviews": f"<html>{word()}</html>\n".encode(),
        "ssd_cla_episodes": b"",
        "ssd_legal_status": good("ssd_legal_status").replace(",", ";").encode(),
        "ssd_missing": (good("ssd_missing").splitlines()[0] + "\n").encode(),
        "ssd_cla_visits": "\n".join(good("ssd_cla_visits").splitlines()[:40]).encode(),
        "ext_supervision": good("ext_supervision").replace("-", word()).encode(),
        "ext_referral_decisions": ("x" * 40_000 + word()).encode(),
    }


def staged() -> str:
    """What the models read of the early help episodes."""
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        return str(connection.sql("from staging.stg_ssd_early_help_episodes").fetchall())


def watch_dbt() -> None:
    """Note whether dbt had written down a marked value before the product took it out."""
    silence = kpi_dbt.silence

    def watched(run_results: Path) -> None:
        if run_results.exists():
            text = run_results.read_text(encoding="utf-8")
            QUOTED.append(any(each in text for each in SECRETS))
        silence(run_results)

    kpi_dbt.silence = watched


def mistype(file: Path) -> None:
    """Accepted rows whose numbers are text: the model that reads them quotes a cell."""
    before = file.with_name(file.name + ".aside")
    with duckdb.connect(":memory:") as connection:
        write_parquet(
            connection,
            f"""
            select * replace ('{secret("cell")}' as numerator, '{secret("cell")}' as value)
            from read_parquet('{before}')
            """,
            file,
            delivered_sha256(connection, before) or "",
        )
    # as if check-in had written it, or nothing would be built from it
    accepted = last_accepted(read_receipts(PATHS, file.parent.name), file.stem)
    assert accepted
    now = datetime.now(UTC).isoformat()
    append(PATHS, replace(accepted, received_at=now, rows_sha256=sha256_of(file)))


@contextmanager
def put_instead(place: Path, content: bytes | None) -> Iterator[None]:
    """Another file (or none) in the place of what is there, until the block ends."""
    aside = place.with_name(place.name + ".aside")
    if place.exists():
        place.rename(aside)
    if content is not None:
        place.write_bytes(content)
    try:
        yield
    finally:
        if place.is_file():
            place.unlink()
        elif place.is_dir():
            shutil.rmtree(place)
        if aside.exists():
            aside.rename(place)


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may grow above `size` bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def redeliver() -> None:
    """Make the month's files new, so that they are read again."""
    change("ssd_person", {"nhs_number": lambda: secret("nhs")}, 1)


def system_failures() -> Iterator[tuple[str, bool | str]]:
    data = settings.data
    newest = max(settings.ledger.glob("receipts/2*.json"))
    word = secret("broken").encode()
    corrupt = settings.raw / "ssd_early_help_episodes" / f"{MONTH}.parquet"
    with put_instead(newest, b'{"extract": "' + word):
        yield "a receipt that cannot be read", run()
    with put_instead(INCOMING, None):
        yield "no drop folder", run()
    with put_instead(data / "keys", None):
        yield "a lost key", run()
    redeliver()
    with put_instead(settings.raw / "ssd_person", word):
        yield "a file in place of a folder", run()
    for size in (0, 5_000, 50_000):
        redeliver()
        with small_files(size):
            said = check_in()
        yield f"a full disk at {size} bytes", said
    delivered = INCOMING / MONTH / "ssd_early_help_episodes.csv"
    with put_instead(corrupt, word * 100), put_instead(delivered, None):
        yield "accepted rows that cannot be read", run()
    os.environ["KPI_SMTP_HOST"] = "127.0.0.1"
    os.environ.update(
        KPI_SMTP_PORT="1", KPI_ALERT_FROM="a@example.org", KPI_ALERT_TO="b@example.org"
    )
    (data / "alerts" / "outbox.sqlite").unlink(missing_ok=True)
    (data / "warehouse" / "build.duckdb").write_bytes(word * 1_000)
    (INCOMING / NEXT).mkdir()
    for extract, content in bad_files().items():
        (INCOMING / NEXT / f"{extract}.csv").write_bytes(content)
    with put_instead(data / "warehouse" / "generation.json", b"{" + word):
        yield (
            "bad files, a torn workshop, a state that cannot be read, and no mail server there",
            run(NEXT),
        )
    shutil.rmtree(INCOMING / NEXT)
    HELD.append(staged())
    # last, when check-in has nothing to do any more and leaves the file as it is
    returned = max((settings.raw / "indicator_returns").glob("2*.parquet"))
    with put_instead(returned, None):
        mistype(returned)
        yield "a model that stumbles over a value", run()


def main(told: Path) -> None:
    fill(INCOMING, settings.seeds, size=150, months=1)
    plant()
    watch_dbt()
    print("good run:", run(), flush=True)
    # so small a sample has other areas for improvement than texts: what it leaves is a draft
    print("a pack:", run("sample-borough-2026-04-21", "committee_pack"), flush=True)
    with put_instead(settings.exports, secret("exports").encode()):
        succeeded = run(only=["officer_editions"])
        print("exports that are a file:", succeeded, flush=True)
    count = int(not succeeded)
    for what, succeeded in system_failures():
        count += succeeded is not True
        print(f"{time.perf_counter():.0f} {what}: {succeeded}", flush=True)
    count += sum(
        each.delivery_month == NEXT and each.outcome == "refused" for each in read_receipts(PATHS)
    )
    result = {"secrets": SECRETS, "failures": count, "held": HELD[0], "quoted": any(QUOTED)}
    told.write_text(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
