"""What the red checks of a run found, for whoever is told of it."""

import dagster as dg

from orchestration.alerting.notices import codes_in


def red_findings(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Each line that a failed check of severity error lists under `findings` or `faults` and that
    begins with a code; the check's own name where it lists none. In the order of the run."""
    found: dict[str, None] = {}
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        event = entry.dagster_event
        check = event.asset_check_evaluation_data if event else None
        if check is None or check.passed or check.severity != dg.AssetCheckSeverity.ERROR:
            continue
        listed = [check.metadata[name] for name in ("findings", "faults") if name in check.metadata]
        texts = [line.removeprefix("- ") for each in listed for line in str(each.value).split("\n")]
        lines = [line for line in texts if codes_in([line])]
        name = f"{check.asset_key.to_user_string()}: {check.check_name}"
        found |= dict.fromkeys(lines or [name])
    return [*found]
