"""`make check ID=<indicator>`: build and test one indicator in seconds, print its last 13 months.

Works in a warehouse of its own (data/check/), so that a change in the making never touches the
build that exports are made from.
"""

import os
import subprocess
import sys
from pathlib import Path

from orchestration.catalogue import read_catalogue
from orchestration.figures_ledger import make_figures_ledger
from orchestration.settings import settings

LAST_MONTHS = """
    select kpi.period_end, kpi.numerator, kpi.denominator, kpi.value, kpi.status, kpi.rag
    from marts.kpi_monthly as kpi
    where kpi.indicator_id = $indicator and kpi.geography_code = $council
    order by kpi.period_end desc
    limit 13
"""
LAST_QUARTERS = LAST_MONTHS.replace("kpi_monthly", "kpi_quarterly").replace(
    "where", "where kpi.period_type = 'quarter' and"
)
COUNCIL_WITH_MOST = """
    select geography_code from marts.kpi_quarterly
    where indicator_id = $indicator and status = 'ok'
        and geography_code in (select geography_code from reference.authorities)
    group by geography_code order by count(*) desc, geography_code limit 1
"""


def main(arguments: list[str]) -> int:
    """Exit code 0 when dbt built and tested everything the indicator stands on."""
    known = read_catalogue(settings.dbt_project)
    if not arguments or arguments[0] not in known:
        print("make check ID=<indicator>, one of:", *known, sep="\n  ")
        return 2
    indicator = arguments[0]
    if not settings.raw.exists():
        print("there is nothing to build from yet: make run first")
        return 2
    make_figures_ledger(settings.figures_ledger)
    warehouse = settings.data / "check" / "check.duckdb"
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    if not _build(warehouse):
        return 1
    _print(warehouse, indicator, arguments[1] if len(arguments) > 1 else settings.council)
    return 0


def _build(warehouse: Path) -> bool:
    # a process of its own: dbt keeps its connection open for as long as it lives
    where = str(settings.dbt_project)
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--full-refresh"]
    command += ["--project-dir", where, "--profiles-dir", where]
    command += ["--select", "+kpi_monthly", "+kpi_quarterly", "resource_type:seed"]
    command += ["--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"]
    environment = os.environ | {
        "KPI_DATA": str(settings.data),
        "KPI_SEEDS": str(settings.seeds),
        "KPI_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(warehouse.parent / "dbt"),
        "DBT_LOG_PATH": str(warehouse.parent / "dbt" / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    return subprocess.run(command, env=environment, check=False).returncode == 0


def _print(warehouse: Path, indicator: str, council: str) -> None:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as mart:
        if not council:
            row = mart.execute(COUNCIL_WITH_MOST, {"indicator": indicator}).fetchone()
            council = row[0] if row else ""
        print(f"{indicator}, {council or 'no council has sent it yet'}")
        for title, query in (("months", LAST_MONTHS), ("quarters", LAST_QUARTERS)):
            frame = mart.execute(query, {"indicator": indicator, "council": council}).df()
            print(f"\nlast 13 {title}, newest first")
            print(frame.to_string(index=False) if len(frame) else "none")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
