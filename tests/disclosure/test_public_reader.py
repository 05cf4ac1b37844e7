"""What a reader of nothing but the public files can work out, over packs of small councils."""

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml

from orchestration.deliveries.layout import Paths
from orchestration.disclosure.history import PART, Publication
from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.disclosure.secondary import COARSER, worked_out
from orchestration.disclosure.tied_figures import KINDS
from orchestration.documents.open_data import figures_csv
from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Edition, figures_of
from orchestration.editions.series import month_end
from orchestration.mart.figures_ledger import make_figures_ledger
from orchestration.reference.edition_requests import EditionRequest, write_requests
from orchestration.sample_council import GEOGRAPHY_CODE, fill
from orchestration.settings import PROJECT, settings
from tests.disclosure.public_reader import Deduced, deduce
from tests.figures.compiled import Compiled, read_compiled
from tests.figures.councils import LAST_MONTH, check_in

CATALOGUE = [
    entry
    for file in (PROJECT / "seeds" / "catalogue").glob("*.yml")
    for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["indicators"]
]
BASES = {each["id"]: each["time_basis"] for each in CATALOGUE}
# of how timely work was, late ones are printed however few: what is secret is how few there were
OF_WORK = {each["id"] for each in CATALOGUE if each["disclosure_class"] in ("process", "workforce")}
MONTHS = [month_end(LAST_MONTH, -back) for back in reversed(range(6))]
HEAD = (
    *("indicator_id", "unit", "breakdown", "part", "period_type", "period_start", "period_end"),
    *("numerator", "denominator", "value", "status"),
)


def pack(
    folder: Path, *rows: tuple[str, str, str, str, int | None, int | None, *tuple[str, ...]]
) -> Path:
    """The CSV of a pack: indicator, kind of period, its first and last day, and n of d, a count
    without; None of both is `[c]`. Of a part also the breakdown and its name."""
    folder.mkdir()
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for name, kind, first, last, top, bottom, *part in rows:
            unit = next(each["unit"] for each in CATALOGUE if each["id"] == name)
            sides = ["[c]"] * 3 if top is None else [top, "" if bottom is None else bottom, top]
            status = "hidden" if top is None else "ok"
            writer.writerow([name, unit, *(part or ("", "")), kind, first, last, *sides, status])
    return folder


def test_the_reader_finds_what_is_known_to_be_found(tmp_path: Path) -> None:
    """Three sums of two packs, and a denominator that another indicator prints."""
    year = ("financial_year", "2025-04-01", "2026-03-31")
    months = [
        ("month", f"{end:%Y-%m-01}", end.isoformat())
        for end in (month_end(date(2025, 4, 30), on) for on in range(12))
    ]
    counted = [("missing_incidents_count", *month, None, None) for month in months]
    found = deduce([pack(tmp_path / "a", *counted, (counted[0][0], *year, 12, None))], BASES)
    assert {(each.low, each.high) for each in found} == {(1, 1)} and len(found) == 12
    quarter = ("quarter", "2025-04-01", "2025-06-30")
    tops = list(zip(months[:3], (7, None, 9), strict=True))
    counts = [("referrals_count", *month, top, None) for month, top in tops]
    shares = [("rereferrals_12m_pct", *month, top and top // 2, top) for month, top in tops]
    shares.append(("rereferrals_12m_pct", *quarter, 8, 19))
    assert deduce([pack(tmp_path / "b", *counts)], BASES) == []
    found = deduce([tmp_path / "b", pack(tmp_path / "c", *shares)], BASES)
    assert ("2025-05-31", 3, 3) in {(each.name[4], each.low, each.high) for each in found}


def test_the_reader_knows_which_side_reasons_are_reasons_for(tmp_path: Path) -> None:
    """70 of 78 in suitable accommodation, 6 homeless, so that 2 are neither; 24 of 43 late."""
    month = ("month", "2026-03-01", "2026-03-31")
    home, late = "cl_suitable_accommodation_pct", "assessments_within_45wd_pct"
    rows = [
        (home, *month, 70, 78),
        (home, *month, 6, 78, "unsuitable_type", "homeless"),
        (home, *month, None, None, "unsuitable_type", "other"),
        (late, *month, 19, 43),
        (late, *month, 14, 24, "delay_reason", "staffing"),
        (late, *month, 10, 24, "delay_reason", "other"),
    ]
    found = deduce([pack(tmp_path / "a", *rows)], BASES)
    assert {(each.name[2], each.name[-1], each.low, each.high) for each in found} == {
        ("other", "n", 2, 2)
    }


def test_the_reader_holds_each_pack_together_as_it_was(tmp_path: Path) -> None:
    """April 7, June 9 and 19 in all: May was 3 then, whatever it is now."""
    months = [("month", f"2025-0{n}-01", f"2025-0{n}-30") for n in (4, 6)]
    may, quarter = ("month", "2025-05-01", "2025-05-31"), ("quarter", "2025-04-01", "2025-06-30")
    same = [
        ("referrals_count", *month, top, None) for month, top in zip(months, (7, 9), strict=True)
    ]
    then = [("referrals_count", *may, None, None), ("referrals_count", *quarter, None, None)]
    now = [("referrals_count", *may, 6, None), ("referrals_count", *quarter, 22, None)]
    first, last = pack(tmp_path / "a", *same, *then), pack(tmp_path / "c", *same, *now)
    assert deduce([first, last], BASES) == []
    told = pack(tmp_path / "b", *same, then[0], ("referrals_count", *quarter, 19, None))
    found = deduce([told, last], BASES)
    assert {(each.name[4], each.low, each.high) for each in found} == {("2025-05-31", 3, 3)}


def six_packs(compiled: Compiled, raw: Path, home: Path, seed: int) -> Iterator[Edition]:
    """Six monthly editions of a council; before the fourth a child is forgotten, and a few records
    are taken back."""
    requests = [EditionRequest(GEOGRAPHY_CODE, as_at) for as_at in MONTHS]
    write_requests(requests, raw / "editions" / "editions.parquet")
    corrected = home / "corrected"
    shutil.copytree(raw, corrected)
    correct(corrected, Random(seed))
    # not what the job remembers of another council
    make_figures_ledger(home / "figures")
    compiled = compiled.changed(
        "stg_figures_ledger", str(settings.figures_ledger), str(home / "figures")
    )
    for folder, months in ((raw, MONTHS[:3]), (corrected, MONTHS[3:])):
        with compiled.over(folder).connect() as connection:
            compiled.over(folder).run(connection)
            for as_at in months:
                yield load_edition(connection, GEOGRAPHY_CODE, as_at)


def correct(raw: Path, chance: Random) -> None:
    """Take a child in care out of all extracts, and three referrals, contacts and incidents."""

    def rewrite(file: Path, where: str) -> None:
        new = file.with_suffix(".new")
        duckdb.execute(f"copy (from '{file}' where {where}) to '{new}' (format parquet)")
        file.chmod(0o600)
        new.replace(file)

    files = sorted(file for file in raw.rglob("*.parquet") if file.parent.name != "editions")
    episodes = [str(file) for file in files if "ssd_cla_episodes" in str(file)]
    children = duckdb.sql(
        f"select distinct clae_person_id from read_parquet({episodes})"
        " where clae_person_id is not null"
    ).fetchall()
    [child] = chance.choice(sorted(children))
    for file in files:
        columns = [name for name, *_ in duckdb.sql(f"describe from '{file}'").fetchall()]
        for column in [name for name in columns if name.endswith("_person_id")]:
            rewrite(file, f"{column} is distinct from '{child}'")
        if any(name in str(file) for name in ("ssd_cin_episodes", "ssd_contacts", "ssd_missing")):
            ids = sorted(duckdb.sql(f"select {columns[0]} from '{file}'").fetchall())
            taken = ", ".join(f"'{key}'" for (key,) in chance.sample(ids, min(3, len(ids))))
            if taken:
                rewrite(file, f"{columns[0]} not in ({taken})")


def published(editions: Iterator[Edition], exports: Path) -> tuple[list[Path], int, int]:
    """The public figures of each pack in a folder of its own, as packs are made; how many are
    hidden, and what the product's audit finds."""
    earlier: list[Publication] = []
    folders, hidden, audited = [], 0, 0
    for edition in editions:
        hiding = hidden_figures(edition.rows, edition.ties, earlier)
        audited += worked_out(edition.rows, hiding, edition.ties, earlier)
        figures = {row.indicator_id: figures_of(row) for row in edition.rows}
        earlier.append(Publication(figures, hiding.places))
        folders.append(exports / "packs" / f"{edition.as_at:%Y-%m}" / "public")
        folders[-1].mkdir(parents=True)
        public = publishable(edition, hiding.places)
        (folders[-1] / "figures.csv").write_bytes(figures_csv(public))
        kinds = {each: _kinds(how) for each, how in hiding.coarser.items()}
        (folders[-1] / "less_detail.json").write_text(json.dumps(kinds))
        hidden += sum(map(len, hiding.places.values()))
    return folders, hidden, audited


def _kinds(how: str) -> list[str]:
    """What is not shown at all where a pack says that an indicator is shown in less detail."""
    left_out = next((kinds for kinds, told in COARSER if told == how), KINDS)
    return ["part" if kind == PART else kind for kind in left_out]


def secrets(folders: list[Path]) -> list[Deduced]:
    """What can be worked out and should not be."""
    found = deduce(folders, BASES)
    return [each for each in found if each.name[0] not in OF_WORK or each.name[-1] != "m"]


@pytest.fixture(scope="module")
def compiled(whole_job: object) -> Compiled:
    return read_compiled(settings.dbt_target, settings.raw, settings.checked_reference)


def test_nobody_works_a_hidden_number_out_of_a_pack(whole_job: object, tmp_path: Path) -> None:
    with duckdb.connect(str(settings.build_warehouse), read_only=True) as connection:
        edition = load_edition(connection, GEOGRAPHY_CODE, LAST_MONTH)
    folders, hidden, audited = published(iter([edition]), tmp_path)
    assert hidden > 100 and audited == 0
    assert secrets(folders) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
def test_nobody_works_a_hidden_number_out_of_six_packs_of_twenty_councils(
    compiled: Compiled, tmp_path: Path, seed: int
) -> None:
    """From 400 to 2,500 children."""
    paths = Paths(*(tmp_path / part for part in ("incoming", "raw", "quarantine", "ledger")))
    size = 400 + (seed - 1) * 2_100 // 19
    fill(paths.incoming, last_month=LAST_MONTH, size=size, seed=seed, months=12)
    check_in(paths)
    folders, hidden, audited = published(six_packs(compiled, paths.raw, tmp_path, seed), tmp_path)
    assert hidden > 0 and audited == 0
    assert secrets(folders) == []
