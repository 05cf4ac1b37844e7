"""Twenty-four months of deliveries: one run checks them in, one rebuilds."""

import json
import time
import urllib.request
from datetime import date

from orchestration.editions.series import month_end
from tests.defs.conftest import Installation

MONTHS = [f"{year}-{month:02}" for year in (2018, 2019) for month in range(1, 13)]
COUNCILS = ["E06000005", "E06000041", "X06000001"]  # those of seeds/editions.csv
HEADER = (
    "indicator_id,geography_code,period_type,period_start,period_end,numerator,denominator,value,"
    "source_note"
)


def deliver(installation: Installation) -> None:
    for number, month in enumerate(MONTHS):
        start = date.fromisoformat(f"{month}-01")
        file = installation.data / "incoming" / month / "indicator_returns.csv"
        file.parent.mkdir(parents=True)
        rows = [
            f"referrals_count,{council},month,{start},{month_end(start)},{number + 100},,,"
            for council in COUNCILS
        ]
        file.write_text("\n".join([HEADER, *rows, ""]))


def ask(address: str, query: str, variables: dict[str, object] | None = None) -> dict[str, object]:
    request = urllib.request.Request(
        f"{address}/graphql",
        data=json.dumps({"query": query, "variables": variables or {}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.load(answer)
    assert "errors" not in told, told["errors"]
    return told["data"]


def runs(address: str) -> list[dict[str, str]]:
    told = ask(address, "{ runsOrError { ... on Runs { results { runId status } } } }")
    return told["runsOrError"]["results"]


RAW = [{"path": ["raw", "indicator_returns"]}]
LAUNCH = """
mutation backfill($assets: [AssetKeyInput!]!, $months: [String!]!) {
    launchPartitionBackfill(backfillParams: {assetSelection: $assets, partitionNames: $months}) {
        __typename
        ... on LaunchBackfillSuccess { backfillId }
        ... on PythonError { message }
    }
}
"""
STATUS = """
query backfill($id: String!) {
    partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } }
}
"""
ASSETS = "{ assetNodes { assetKey { path } isExecutable } }"


def test_at_most_two_runs_check_in_and_rebuild_24_months(
    installation: Installation, dagster_dev: str
) -> None:
    deliver(installation)

    # by the command line
    installation.run(
        *("dagster", "asset", "materialize", "-m", "orchestration.definitions"),
        *("--select", "key:raw/indicator_returns"),
        *("--partition-range", f"{MONTHS[0]}...{MONTHS[-1]}"),
    )
    archived = sorted((installation.data / "raw" / "indicator_returns").glob("2*.parquet"))
    assert [file.stem for file in archived] == MONTHS
    by_command = runs(dagster_dev)
    assert [run["status"] for run in by_command] == ["SUCCESS"]

    # by the UI: a backfill of everything, once more over the same months
    everything = [
        node["assetKey"] for node in ask(dagster_dev, ASSETS)["assetNodes"] if node["isExecutable"]
    ]
    launched = ask(dagster_dev, LAUNCH, {"assets": everything, "months": MONTHS})
    assert launched["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", launched
    backfill = launched["launchPartitionBackfill"]["backfillId"]
    deadline = time.monotonic() + 600
    status = ""
    while time.monotonic() < deadline and not status.startswith(("COMPLETED", "FAILED")):
        time.sleep(2)
        status = ask(dagster_dev, STATUS, {"id": backfill})["partitionBackfillOrError"]["status"]
    assert status == "COMPLETED_SUCCESS"
    by_backfill = [run for run in runs(dagster_dev) if run not in by_command]
    assert [run["status"] for run in by_backfill] == ["SUCCESS"] * len(by_backfill)
    assert 1 <= len(by_backfill) <= 2

    published = installation.home / "exports" / "officers"
    assert sorted(path.name for path in published.iterdir()) == COUNCILS
