"""What is rebuilt council by council is what a rebuild of everything gives."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from orchestration import sample_council
from orchestration.commands.fresh_clone import LAST_MONTH
from orchestration.settings import PROJECT, settings
from tests.defs.conftest import Installation, install

COUNCILS = ("E06000005", "E06000041", "E08000038")
OWN = ("orchestration", "dbt_project", "seeds", "docs", "dagster.yaml", "pyproject.toml")
Step = Callable[[Path, Installation, Random], None]


def corrected(project: Path, where: Installation, chance: Random) -> None:
    """Some referrals of a council were other than delivered."""
    code = chance.choice(COUNCILS)
    file = where.data / "incoming" / code / "2026-03" / "ssd_cin_episodes.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    gone = {*chance.sample(range(len(lines)), 3)}
    kept = [line for place, line in enumerate(lines) if place not in gone]
    file.write_text("\n".join([header, *kept, ""]), encoding="utf-8")
    (file.parent / "extract_manifest.csv").unlink(missing_ok=True)


def forgotten(project: Path, where: Installation, chance: Random) -> None:
    """Somebody is taken out of a council's data."""
    code = chance.choice(COUNCILS)
    file = where.data / "incoming" / code / "2026-03" / "ssd_person.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    place = header.split(",").index("pers_person_id")
    person = chance.choice(lines).split(",")[place]
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.forget"],
        cwd=project,
        env=where.environment | {"KPI_OF_POOL": code},
        input=f"{person}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def redefined(project: Path, where: Installation, chance: Random) -> None:
    """A limit that definitions name is another one."""
    file = project / "seeds" / "catalogue" / "limits.csv"
    text = file.read_text(encoding="utf-8")
    other = re.sub(r"(?m)^(ehcp_limit_days),\d+", rf"\1,{chance.randint(100, 139)}", text)
    assert other != text
    file.write_text(other, encoding="utf-8")


def made(where: Installation) -> dict[str, str]:
    """Every file that councils give to people or to the pool, but what says which run made it."""
    files = [*where.data.glob("councils/*/figures.parquet")]
    files += [f for f in (where.exports / "councils").rglob("*") if f.suffix in (".csv", ".html")]
    return {
        str(file.relative_to(where.home)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
def test_increments_give_what_a_rebuild_of_everything_gives(tmp_path: Path, seed: int) -> None:
    project, where, chance = tmp_path / "project", install(tmp_path), Random(seed)
    project.mkdir()
    for name in OWN:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, project / name)
    pool = project / "seeds" / "reference" / "pool.csv"
    pool.write_text(pool.read_text() + "".join(f"{code},,,sent\n" for code in COUNCILS))
    told = {"last_month": LAST_MONTH, "months": 1, "seeds": settings.seeds}
    for number, code in enumerate(COUNCILS):
        incoming = where.data / "incoming" / code
        sample_council.fill(incoming, size=150, seed=10 * seed + number, **told)

    def run() -> str:
        whole_job = [sys.executable, "-W", "ignore", "-m", "orchestration.commands.whole_job"]
        done = subprocess.run(
            whole_job,
            cwd=project,
            env=where.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout + done.stderr

    run()
    steps: list[Step] = [corrected, forgotten, redefined]
    for step in chance.choices(steps, k=3):
        step(project, where, chance)
        said = run()
        assert ": built" in said
        assert step is redefined or said.count(": nothing new") == len(COUNCILS) - 1
    by_increments = made(where)
    assert len(by_increments) > 30
    for note in where.data.glob("councils/*/last_run.json"):
        note.unlink()
    assert run().count(": built") == len(COUNCILS)
    assert made(where) == by_increments
