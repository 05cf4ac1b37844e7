"""`make region BY="name"`: the public page of each region of the pool, published by somebody's name
into `exports/region/<region>/<month>/public/`."""

import os
import sys
import uuid
from collections.abc import Iterable

from orchestration.councils.pool import newest_receipt
from orchestration.documents.region_page import region_files
from orchestration.editions.beside import ties_of
from orchestration.mart.code_version import code_version
from orchestration.mart.generation import reading
from orchestration.packs.record import read_publications
from orchestration.publication.publication import publish
from orchestration.reference.geographies import codes_of
from orchestration.region.edition import Region, load_regions
from orchestration.region.public import Known, NarrowedError, public_region
from orchestration.settings import of_council, settings


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
        known = known_councils({code for region in regions for code in region.councils})
        for region in regions:
            of_region = {code: each for code, each in known.items() if code in region.councils}
            try:
                public = public_region(region, of_region)
            except NarrowedError as error:
                print(f"{region.name}: {error}")
                failed = True
                continue
            if public is None:
                print(f"{region.name}: no council of it is built here from rows, so none is shown")
                continue
            folder = settings.exports / "region" / region.area_code / f"{region.as_at:%Y-%m}"
            files = region_files(public.region, settings.contact)
            named = {f"public/{name}": content for name, content in files.items()}
            publish(folder, named, {**_facts(region, generation), "approved_by": by.strip()})
            published += 1
            print(f"{region.name}: {folder / 'public'}, {public.hidden} figures are hidden")
    if not regions:
        print("there is no pool: name its councils in seeds/reference/pool.csv, and make run")
    return 1 if failed or not published else 0


def known_councils(codes: Iterable[str]) -> dict[str, Known]:
    """What the councils of the pool that are built here from rows have published, and what of
    their numbers is the same. Of one that sends its figures nobody here knows what it publishes."""
    import duckdb

    found = {}
    for code in sorted(codes):
        where = of_council(settings, code, os.environ)
        if not where.published_warehouse.exists():
            continue
        with duckdb.connect(str(where.published_warehouse), read_only=True) as mart:
            [(from_rows,)] = mart.execute(
                "select count(*) from marts.kpi_monthly"
                " where geography_code = ? and origin = 'rows'",
                [code],
            ).fetchall()
            if not from_rows:
                continue
            ties = ties_of(mart)
        told = read_publications(where.publications, codes_of(settings.reference, code))
        found[code] = Known(ties, tuple(each.publication for each in told))
    return found


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
