"""`make check ID=<indicator>`: build and test one indicator in seconds, print its last 13 months.

Works in a warehouse of its own (data/check/), so that a change in the making never touches the
build that exports are made from.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.catalogue.for_dbt import write_for_dbt
from orchestration.catalogue.indicators import read_catalogue, unmatched_models
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import newest_accepted_month
from orchestration.files import PROJECT
from orchestration.mart.code_version import fingerprint
from orchestration.mart.figure_checks import (
    fault_line,
    held,
    read_faults,
    read_moved,
    read_released,
)
from orchestration.mart.figures_ledger import make_figures_ledger
from orchestration.mart.generation import remove_builds
from orchestration.reference.tables import Reference
from orchestration.settings import settings

if TYPE_CHECKING:
    import duckdb

LAST_MONTHS = """
    select kpi.period_end, kpi.numerator, kpi.denominator, kpi.value, kpi.status, kpi.rag
    from marts.kpi_monthly as kpi
    where kpi.indicator_id = $indicator and kpi.geography_code = $council
        and kpi.breakdown = 'total'
    order by kpi.period_end desc
    limit 13
"""
LAST_QUARTERS = LAST_MONTHS.replace("kpi_monthly", "kpi_quarterly").replace(
    "where", "where kpi.period_type = 'quarter' and"
)
LAST_PARTS = """
    select
        kpi.period_end, kpi.breakdown, kpi.breakdown_value,
        kpi.numerator, kpi.denominator, kpi.value
    from marts.kpi_monthly as kpi
    where kpi.indicator_id = $indicator and kpi.geography_code = $council
        and kpi.breakdown <> 'total'
        and kpi.period_end = (
            select max(period_end) from marts.kpi_monthly
            where indicator_id = $indicator and geography_code = $council and breakdown <> 'total'
        )
    order by kpi.breakdown, kpi.breakdown_value
"""
COUNCIL_WITH_MOST = """
    select geography_code from marts.kpi_quarterly
    where indicator_id = $indicator and status = 'ok'
        and geography_code in (select geography_code from staging.stg_authorities)
    group by geography_code order by count(*) desc, geography_code limit 1
"""

# Looking through the hundreds of thousands of objects of dbt's manifest again and again, to free
# none of them, would take a sixth of the time.
DBT = """
import gc
gc.set_threshold(100_000, 50, 50)
from dbt.cli.main import cli
cli()
"""


def main(arguments: list[str]) -> int:
    """Exit code 0 when dbt built and tested everything the indicator stands on."""
    known = read_catalogue(settings.seeds)
    without_entry, without_sql = unmatched_models(settings.seeds, settings.dbt_project)
    for other in without_entry:
        print(fault_line(other, "SQL-WITHOUT-ENTRY"))
    for other in without_sql:
        print(fault_line(other, "ENTRY-WITHOUT-SQL"))
    indicator = arguments[0] if arguments else ""
    # without the SQL of an entry dbt cannot read any other
    if without_sql or indicator in without_entry:
        return 1
    if indicator not in known:
        print("make check ID=<indicator>, one of:", *known, sep="\n  ")
        return 2
    if not settings.raw.exists():
        print("there is nothing to build from yet: make run first")
        return 2
    write_for_dbt(settings.seeds, settings.dbt_project, settings.reference.limits)
    make_figures_ledger(settings.figures_ledger)
    warehouse = settings.data / "check" / "check.duckdb"
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    for fault in reference_faults(settings.reference, warehouse.with_name("reference.json")):
        print(fault)
    # one that was killed can leave a torn file, or one that takes itself to be in use
    remove_builds(warehouse)
    if not _build(warehouse, indicator):
        return 1
    _print(warehouse, indicator, arguments[1] if len(arguments) > 1 else settings.council)
    held_back = _held_back(warehouse, indicator)
    print(*held_back or ["\nnothing holds its figures back"], sep="\n")
    return 1 if held_back else 0


def reference_faults(reference: Reference, note: Path) -> list[str]:
    """What is wrong with the reference data, once its usable rows lie where dbt reads them.

    Where a check found nothing wrong, which `note` is of, the rows that it wrote are left as they
    are until code, reference data, the day or those rows are others.
    """
    kept = reference.kept
    assert kept is not None
    made_from = f"{reference.today} {fingerprint(PROJECT / 'orchestration', reference.seeds)}"

    def noted() -> str:
        files = ((file.name, file.stat()) for file in sorted(kept.glob("*.parquet")))
        lying = [[name, at.st_size, at.st_mtime_ns] for name, at in files]
        return json.dumps({"made_from": made_from, "lying": lying})

    if note.exists() and note.read_text(encoding="utf-8") == noted():
        return []
    note.unlink(missing_ok=True)
    faults = [str(fault) for table in reference.write().values() for fault in table.faults]
    if not faults:
        note.write_text(noted(), encoding="utf-8")
    return faults


def _held_back(warehouse: Path, indicator: str) -> list[str]:
    """Why the whole job would not publish the indicator's figures."""
    as_at = newest_accepted_month(
        Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)
    )
    released = read_released(settings.reference)
    moved = held(read_moved(warehouse), released, as_at)
    return [
        *(fault_line(*fault) for fault in read_faults(warehouse) if fault[0] == indicator),
        *(each.line(as_at) for each in moved if each.indicator == indicator),
    ]


def _build(warehouse: Path, indicator: str) -> bool:
    # a process of its own: dbt keeps its connection open for as long as it lives
    where = str(settings.dbt_project)
    command = [sys.executable, "-c", DBT, "--quiet", "--log-level-file", "none"]
    # nobody reads dbt's own record of this build
    command += ["--no-write-json", "build"]
    command += ["--project-dir", where, "--profiles-dir", where]
    command += ["--select", "+kpi_monthly", "+kpi_quarterly", "+int_figure_faults"]
    command += ["+int_moved_figures", "--exclude", "int_figure_faults_holds"]
    command += ["--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"]
    environment = os.environ | {
        "KPI_DATA": str(settings.data),
        "KPI_WAREHOUSE": str(warehouse),
        "KPI_INDICATOR": indicator,
        "DBT_TARGET_PATH": str(warehouse.parent / "dbt"),
        "DBT_LOG_PATH": str(warehouse.parent / "dbt" / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    return subprocess.run(command, env=environment, check=False).returncode == 0


def _print(warehouse: Path, indicator: str, council: str) -> None:
    import duckdb

    council = settings.reference.area_codes.get(council, council)
    with duckdb.connect(str(warehouse), read_only=True) as mart:
        if not council:
            row = mart.execute(COUNCIL_WITH_MOST, {"indicator": indicator}).fetchone()
            council = row[0] if row else ""
        print(f"{indicator}, {council or 'no council has sent it yet'}")
        asked = {"indicator": indicator, "council": council}
        for title, query in (("months", LAST_MONTHS), ("quarters", LAST_QUARTERS)):
            print(f"\ntotals: last 13 {title}, newest first")
            _show(mart.execute(query, asked))
        print("\nparts of the newest month")
        _show(mart.execute(LAST_PARTS, asked))


def _show(found: "duckdb.DuckDBPyConnection") -> None:
    """The rows of a query as a table of text."""
    names = [column[0] for column in found.description or ()]
    cells = [list(map(_told, row)) for row in found.fetchall()]
    if not cells:
        print("none")
        return
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    for row in (names, *cells):
        print(*(cell.rjust(width) for cell, width in zip(row, widths, strict=True)), sep="  ")


def _told(cell: object) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
