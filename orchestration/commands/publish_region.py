"""`make region BY="name"`: the public page of each region of the pool, published by somebody's name
into `exports/region/<region>/<month>/public/`, with what it prints of each council in that
council's `data/ledger/in_region/`."""

import os
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.councils.pool import newest_receipt
from orchestration.disclosure.history import Publication
from orchestration.documents.region_page import region_files
from orchestration.editions.beside import ties_of
from orchestration.mart.code_version import code_version
from orchestration.mart.generation import reading
from orchestration.packs.record import (
    append_to_log,
    file_sha256,
    oldest_first,
    read_log,
    read_publications,
    recording,
    write_figures,
)
from orchestration.publication.manifest import read_manifest
from orchestration.publication.publication import publish
from orchestration.reference.geographies import codes_of
from orchestration.region.edition import Region, load_regions
from orchestration.region.public import Known, NarrowedError, public_region
from orchestration.settings import Settings, of_council, settings


def main(by: str) -> int:
    """Exit code 1 where there is nothing to publish or a page must not be published."""
    import duckdb

    if not by.strip():
        print('nothing is public before somebody answers for it: make region BY="A. Clerk"')
        return 2
    failed, published = False, 0
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        regions = load_regions(mart)
        codes = {code for region in regions for code in region.councils}
        with built_here(codes) as councils:
            for region in regions:
                ours = {code: each for code, each in councils.items() if code in region.councils}
                known = known_councils(ours)
                try:
                    public = public_region(region, known)
                except NarrowedError as error:
                    print(f"{region.name}: {error}")
                    failed = True
                    continue
                if public is None:
                    print(
                        f"{region.name}: no council of it is built here from rows, so none is shown"
                    )
                    continue
                folder = _page(region.area_code, f"{region.as_at:%Y-%m}")
                files = region_files(public.region, settings.contact)
                named = {f"public/{name}": content for name, content in files.items()}
                facts = {**_facts(region, generation), "approved_by": by.strip()}
                logs = {ours[code].in_region: each for code, each in public.told.items()}
                for log, told in logs.items():
                    keep(told, log, region, str(facts["run_id"]))
                publish(folder, named, facts)
                for code in public.told:
                    settle(ours[code].in_region, code)
                published += 1
                print(f"{region.name}: {folder / 'public'}, {public.hidden} figures are hidden")
    if not regions:
        print("there is no pool: name its councils in seeds/reference/pool.csv, and make run")
    return 1 if failed or not published else 0


@contextmanager
def built_here(codes: Iterable[str]) -> Iterator[dict[str, Settings]]:
    """The councils of the pool that have published figures here. None of them publishes a pack
    meanwhile: it would not know what the page prints, nor the page what it hides."""
    with ExitStack() as held:
        found = {}
        for code in sorted(codes):
            where = of_council(settings, code, os.environ)
            if where.published_warehouse.exists():
                held.enter_context(recording(where.publications))
                settle(where.in_region, code)
                found[code] = where
        yield found


def known_councils(councils: Mapping[str, Settings]) -> dict[str, Known]:
    """What the councils that are built here from rows have published, in packs and on earlier
    pages, and what of their numbers is the same. Of one that sends its figures nobody here knows
    what it publishes."""
    import duckdb

    found = {}
    for code, where in councils.items():
        with duckdb.connect(str(where.published_warehouse), read_only=True) as mart:
            [(from_rows,)] = mart.execute(
                "select count(*) from marts.kpi_monthly"
                " where geography_code = ? and origin = 'rows'",
                [code],
            ).fetchall()
            if not from_rows:
                continue
            ties = ties_of(mart)
        codes = codes_of(settings.reference, code)
        told = [read_publications(log, codes) for log in (where.publications, where.in_region)]
        found[code] = Known(ties, tuple(oldest_first(*told)))
    return found


def keep(told: Publication, log: Path, region: Region, run_id: str) -> None:
    """What the page of a region is about to print and hide of a council. It counts from when the
    page is in place: `settle` then names it in the log."""
    log.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{region.area_code}_{region.as_at:%Y-%m}_{run_id}.json"
    write_figures(log, told.figures, told.hidden, name)


def settle(log: Path, council: str) -> None:
    """Name in the log what was kept for a page that is in place, and take away what a run left that
    was stopped before its page was."""
    named = {entry["figures"] for entry in read_log(log)}
    for file in sorted(log.glob("*.json")):
        if file.name in named:
            continue
        area, month, run_id = file.stem.split("_")
        page = read_manifest(_page(area, month))
        if page is None or page.facts["run_id"] != run_id:
            file.unlink()
            continue
        entry = {
            "meeting_id": area,
            "issue": 1 + len(named),
            "geography_code": council,
            "figures": file.name,
            "figures_sha256": file_sha256(file),
            "as_at": page.facts["as_at"],
            "by": page.facts["approved_by"],
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        append_to_log(log, entry)
        named.add(file.name)


def _page(area: str, month: str) -> Path:
    return settings.exports / "region" / area / month


def _facts(region: Region, generation: int) -> dict[str, object]:
    return {
        "as_at": region.as_at.isoformat(),
        "built_at": newest_receipt(settings, os.environ),
        "code_version": code_version(),
        "generation": generation,
        "geography_code": region.area_code,
        "geography_name": region.name,
        "run_id": str(uuid.uuid4()),
        "synthetic": region.synthetic,
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
