"""What is rebuilt council by council is what a rebuild of everything gives."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from orchestration import sample_council
from orchestration.commands.fresh_clone import LAST_MONTH
from orchestration.settings import settings
from tests.councils.installed import InstalledPool, install_pool

COUNCILS = ("E06000005", "E06000041", "E08000038")
Step = Callable[[InstalledPool, Random], None]


def corrected(pool: InstalledPool, chance: Random) -> None:
    """Some referrals of a council were other than delivered."""
    code = chance.choice(COUNCILS)
    file = pool.incoming(code) / "2026-03" / "ssd_cin_episodes.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    gone = {*chance.sample(range(len(lines)), 3)}
    kept = [line for place, line in enumerate(lines) if place not in gone]
    file.write_text("\n".join([header, *kept, ""]), encoding="utf-8")
    (file.parent / "extract_manifest.csv").unlink(missing_ok=True)


def forgotten(pool: InstalledPool, chance: Random) -> None:
    """Somebody is taken out of a council's data."""
    code = chance.choice(COUNCILS)
    file = pool.incoming(code) / "2026-03" / "ssd_person.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    place = header.split(",").index("pers_person_id")
    person = chance.choice(lines).split(",")[place]
    done = pool.run("forget", council=code, told=f"{person}\n")
    assert done.returncode == 0, done.stdout


def redefined(pool: InstalledPool, chance: Random) -> None:
    """A limit that definitions name is another one."""
    file = pool.project / "seeds" / "catalogue" / "limits.csv"
    text = file.read_text(encoding="utf-8")
    other = re.sub(r"(?m)^(ehcp_limit_days),\d+", rf"\1,{chance.randint(100, 139)}", text)
    assert other != text
    file.write_text(other, encoding="utf-8")


def made(pool: InstalledPool) -> dict[str, str]:
    """Every file that councils give to people or to the pool, but what says which run made it."""
    files = [*pool.data.glob("councils/*/figures.parquet")]
    files += [f for f in (pool.exports / "councils").rglob("*") if f.suffix in (".csv", ".html")]
    return {
        str(file.relative_to(pool.installation.home)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
def test_increments_give_what_a_rebuild_of_everything_gives(
    tmp_path: Path, main_job: Path, seed: int
) -> None:
    pool, chance = install_pool(tmp_path, COUNCILS, main_job), Random(seed)
    told = {"last_month": LAST_MONTH, "months": 1, "seeds": settings.seeds}
    for number, code in enumerate(COUNCILS):
        sample_council.fill(pool.incoming(code), size=150, seed=10 * seed + number, **told)

    def run() -> str:
        done = pool.run()
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    run()
    steps: list[Step] = [corrected, forgotten, redefined]
    for step in chance.choices(steps, k=3):
        step(pool, chance)
        said = run()
        assert ": built" in said
        assert step is redefined or said.count(": nothing new") == len(COUNCILS) - 1
    by_increments = made(pool)
    assert len(by_increments) > 30
    for note in pool.data.glob("councils/*/last_run.json"):
        note.unlink()
    assert run().count(": built") == len(COUNCILS)
    assert made(pool) == by_increments
