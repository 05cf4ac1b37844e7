"""A pool of three councils, one with the identifiers of another and one that fails."""

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import sample_council
from orchestration.commands.fresh_clone import LAST_MONTH
from orchestration.packs.record import LOG, read_log, read_publications
from orchestration.settings import settings
from tests.councils.installed import InstalledPool, install_pool

SAMPLE, OTHER, FAILS = "X06000001", "E06000005", "E06000042"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory, main_job: Path) -> InstalledPool:
    made = install_pool(tmp_path_factory.mktemp("pool"), (SAMPLE, OTHER, FAILS), main_job)
    # as the main job of the test run has it, and another council with numbers that begin the same
    told = {"last_month": LAST_MONTH, "seeds": settings.seeds}
    sample_council.fill(made.incoming(SAMPLE), size=600, months=3, **told)
    sample_council.fill(made.incoming(OTHER), size=200, seed=2, months=1, **told)
    (made.incoming(OTHER) / "2026-03" / "indicator_returns.csv").write_text(
        "indicator_id,geography_code,period_type,period_start,period_end,numerator,denominator,"
        "value,source_note\n"
        f"sw_caseload_avg,{OTHER},month,2016-03-01,2016-03-31,120,10,,Sent by the council\n"
        f"sw_caseload_avg,{SAMPLE},month,2016-03-01,2016-03-31,990,10,,Another council's\n"
    )
    (made.incoming(FAILS) / "2026-03").mkdir(parents=True)
    (made.incoming(FAILS) / "2026-03" / "ssd_person.csv").write_text("")
    made.incoming("E10000030").mkdir()
    return made


def read(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_a_pool_is_built_council_by_council_and_only_what_is_new(
    pool: InstalledPool, main_job: Path
) -> None:
    first = pool.run()
    said = first.stdout
    # the one that nothing was accepted of fails, by its code, and stops nobody else
    assert first.returncode != 0
    assert f"{FAILS}: failed (FILE-EMPTY, NOTHING-ACCEPTED)" in said, said[-6000:]
    assert not pool.figures(FAILS).exists()
    assert "COUNCIL-NOT-IN-POOL | E10000030/" in said
    built = {code: pool.figures(code).stat().st_mtime_ns for code in (SAMPLE, OTHER)}

    # a council gives the same figures as one that runs this alone
    alone = main_job / "data" / "warehouse" / "build.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{alone}' as alone (read_only)")
        pooled = f"from '{pool.figures(SAMPLE)}'"
        sides = "indicator_id, period_id, breakdown, breakdown_value, numerator, denominator, value"
        single = f"from alone.figures.int_figures where geography_code = '{SAMPLE}'"
        for one, two in ((pooled, single), (single, pooled)):
            differ = connection.execute(
                f"select count(*) from (select {sides} {one} except select {sides} {two})"
            ).fetchone()
            assert differ == (0,)
        assert connection.execute(f"select count(*) {pooled}").fetchone()[0] > 5_000

    # of what was sent about another council, nothing is taken
    sent = read(f"select distinct geography_code from '{pool.figures(OTHER)}'")
    assert sent == [(OTHER,)]
    folders = [pool.data / "councils" / code for code in (SAMPLE, OTHER)]
    persons = "select distinct pers_person_id from '{}/raw/ssd_person/2026-03.parquet'"
    one, two = (read(persons.format(folder)) for folder in folders)
    assert one and two and not {*one} & {*two}, "the same number is another person elsewhere"
    assert [(folder / "keys").stat().st_mode & 0o077 for folder in folders] == [0, 0]
    exports = pool.exports
    for code in built:
        [edition] = (exports / "councils" / code / "officers" / code).glob("20*")
        assert f'"geography_code": "{code}"' in (edition / "manifest.json").read_text()

    # and they stand side by side, those of them that are in a region
    pages = [*(exports / "officers").glob("E1*/2026-03/region.html")]
    assert any("Darlington" in page.read_text() for page in pages)
    assert "region.html" in (exports / "index.html").read_text()

    # a figure is corrected: that council alone is built again
    shutil.rmtree(pool.incoming(FAILS))
    file = pool.incoming(OTHER) / "2026-03" / "indicator_returns.csv"
    file.write_text(file.read_text().replace(",120,10,", ",130,10,"))
    second = pool.run()
    assert second.returncode == 0, second.stdout[-6000:]
    assert f"{SAMPLE}: nothing new" in second.stdout
    again = {code: pool.figures(code).stat().st_mtime_ns for code in built}
    assert [code for code in built if again[code] != built[code]] == [OTHER]
    assert read(
        f"select value from '{pool.figures(OTHER)}' where period_start = '2016-03-01'"
        " and indicator_id = 'sw_caseload_avg'"
    ) == [(13,)]

    # and where nothing is new, none is
    third = pool.run()
    assert third.returncode == 0
    assert "nothing is new since the whole job" in third.stdout

    # what the pages of its regions print of a council, its packs know: noted once a page is there
    log = pool.data / "councils" / OTHER / "ledger" / "in_region"
    stopped = log / "E12000001_2026-03_stopped.json"
    for times in (1, 2):
        made = pool.run("publish_region", "A. Clerk")
        assert made.returncode == 0 and "North East: " in made.stdout, made.stdout[-6000:]
        named = read_log(log)
        areas = {each["meeting_id"] for each in named}
        assert "E12000001" in areas and {each["by"] for each in named} == {"A. Clerk"}
        assert len(named) == times * len(areas)
        assert not stopped.exists() and log.stat().st_mode & 0o077 == 0
        told = read_publications(log, [OTHER])[-1].publication
        assert sum(map(len, told.figures.values())) > 20 and any(told.hidden.values())
        if times == 1:
            # a run was stopped between the pages and their lines, another before its page was there
            shutil.copy(log / named[0]["figures"], stopped)
            (log / LOG).unlink()
