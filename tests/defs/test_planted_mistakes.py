"""Mistakes of an analyst, planted in a copy of the project: nothing false is published."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.defs.conftest import install_beside

MISTAKES = {
    # indicator -> what stands in its SQL and what is written instead, and the rule that names it
    "cp_allocated_social_worker_pct": ("then 1 else 0", "then 3 else 0", "FIGURE-ABOVE-WHOLE"),
    "assessments_within_45wd_pct": ("else 0", "else -1", "ROW-NEGATIVE"),
    "referrals_count": (
        "referred_on as indicator_date",
        "case when referred_on < date '2025-06-01' then referred_on end as indicator_date",
        "ROW-DATE-EMPTY",
    ),
    "contacts_to_referral_pct": (
        "1 as denominator",
        "cast(null as integer) as denominator",
        "ROW-DENOMINATOR-EMPTY",
    ),
    "eh_referrals_count": (
        "eh_referral_id as subject_id",
        "person_id as subject_id",
        "SUBJECT-IS-PERSON",
    ),
}
SHARE_IN_DAYS = "cic_placed_out_of_borough_pct"
WITHOUT_ENTRY = "cic_out_of_sight_count"
COPIED = [
    f"data/{part}" for part in ("incoming", "raw", "quarantine", "ledger", "originals", "keys")
]


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


class Copy:
    """A project of its own with what the main job was made from, and what dbt has read of it."""

    def __init__(self, main_job: Path) -> None:
        self.installation = install_beside(main_job, *COPIED, "data/dbt", "exports")
        self.home = self.installation.home
        for part in ("orchestration", "dbt_project", "seeds"):
            shutil.copytree(PROJECT / part, self.home / part)
        shutil.copy(PROJECT / "pyproject.toml", self.home / "pyproject.toml")

    def run(self, *command: str) -> tuple[int, str]:
        environment = self.installation.environment | {"PYTHONPATH": str(self.home)}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *command],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def run_job(self) -> tuple[int, str]:
        tags = ("--tags", '{"dagster/partition": "2026-03"}')
        job = ("-m", "orchestration.definitions", "-j", "monthly_kpis")
        return self.run("dagster", "job", "execute", *job, *tags)

    def check(self, indicator: str) -> tuple[int, str]:
        return self.run("orchestration.commands.check_indicator", indicator)

    def sql(self, indicator: str) -> Path:
        [file] = (self.home / "dbt_project").rglob(f"ind_{indicator}.sql")
        return file


@pytest.fixture
def copy(main_job: Path) -> Iterator[Copy]:
    made = Copy(main_job)
    yield made
    shutil.rmtree(made.home)


def test_planted_mistakes_stop_publication_and_make_check_names_them(copy: Copy) -> None:
    for indicator, (old, new, _) in MISTAKES.items():
        file = copy.sql(indicator)
        before = file.read_text(encoding="utf-8")
        assert old in before
        file.write_text(before.replace(old, new), encoding="utf-8")
    [file] = [
        each
        for each in (copy.home / "seeds" / "catalogue").glob("*.yml")
        if f"id: {SHARE_IN_DAYS}" in each.read_text(encoding="utf-8")
    ]
    told = file.read_text(encoding="utf-8")
    start = told.index(f"id: {SHARE_IN_DAYS}")
    entry = told[start:].replace("unit: percent", "unit: days", 1)
    file.write_text(told[:start] + entry, encoding="utf-8")
    shutil.copy(copy.sql("cic_count"), copy.sql("cic_count").with_name(f"ind_{WITHOUT_ENTRY}.sql"))
    published = digests(copy.home / "exports")

    code, said = copy.run_job()

    assert code != 0 and "BUILD-FAILED" in said
    rules = {indicator: rule for indicator, (_, _, rule) in MISTAKES.items()}
    rules |= {SHARE_IN_DAYS: "UNIT-BASIS", WITHOUT_ENTRY: "SQL-WITHOUT-ENTRY"}
    for indicator, rule in rules.items():
        assert f"{rule} | ind_{indicator}.sql | " in said
    assert "int_figure_faults | the unit fits what is counted | " in said
    assert digests(copy.home / "exports") == published
    # what the message says to do shows what dbt says
    command = re.search("KPI_DATA=.*--select .*", said)
    assert command
    seen = subprocess.run(
        ["bash", "-c", command[0]], cwd=copy.home, capture_output=True, text=True, check=False
    )
    assert seen.returncode == 1
    assert "Failure in test int_figure_faults_holds" in seen.stdout

    code, said = copy.check("referrals_count")
    assert code == 1
    assert "ROW-DATE-EMPTY | ind_referrals_count.sql | rows without indicator_date" in said
    assert "SQL-WITHOUT-ENTRY | ind_cic_out_of_sight_count.sql" in said
    code, said = copy.check(WITHOUT_ENTRY)
    assert code == 1 and "SQL-WITHOUT-ENTRY" in said


def test_an_entry_without_its_sql_is_named_before_anything_is_built(copy: Copy) -> None:
    copy.sql("cic_count").unlink()
    published = digests(copy.home / "exports")
    code, said = copy.run_job()
    assert code != 0 and "ENTRY-WITHOUT-SQL | ind_cic_count.sql" in said
    assert digests(copy.home / "exports") == published
    code, said = copy.check("cic_count")
    assert code == 1 and "ENTRY-WITHOUT-SQL | ind_cic_count.sql" in said
