"""Who is told when an indicator falls below its target."""

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from orchestration.alerting.evaluate import AlertState
from orchestration.defs.publishing import OFFICER_EDITIONS
from orchestration.editions import read_requests
from orchestration.generation import reading
from orchestration.owners import ANALYSTS
from orchestration.settings import settings

ALERT_STATES = dg.AssetKey(["alerts", "alert_states"])


@dg.asset(
    key=ALERT_STATES,
    deps=[OFFICER_EDITIONS],
    group_name="alerts",
    owners=[ANALYSTS],
    kinds={"json"},
    check_specs=[
        dg.AssetCheckSpec(
            "delivered",
            asset=ALERT_STATES,
            description="Nothing waits in the outbox. What could not be sent is tried again by the "
            "sensor `deliver_alerts`.",
        )
    ],
)
def alert_states(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Every indicator with an agreed target judged once: `alerts.json`, a digest, the outbox.

    Evaluating and queueing are one step, so no alert is lost; a second run has nothing new to say.
    """
    import duckdb

    from orchestration.alerting.channels import smtp_settings
    from orchestration.alerting.delivery import deliver_what_waits
    from orchestration.alerting.digest import EditionFacts, alerts_json, digest
    from orchestration.alerting.evaluate import evaluate
    from orchestration.alerting.outbox import record
    from orchestration.publishing.edition import load_edition
    from orchestration.publishing.page import refresh_index
    from orchestration.publishing.publication import amend

    metadata: dict[str, dg.MetadataValue] = {}
    judged: list[tuple[list[AlertState], str]] = []
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        for request in read_requests(settings.editions_file):
            edition = load_edition(mart, request.geography_code, request.as_at)
            name, as_at = edition.geography_name, edition.as_at
            states = evaluate(mart, request.geography_code, as_at)
            folder = settings.edition_folder(request.geography_code, as_at)
            exported = str(Path("exports") / folder.relative_to(settings.exports))
            facts = EditionFacts(request.geography_code, name, edition.synthetic, as_at, exported)
            text = digest(states, facts)
            amend(
                folder,
                {"alerts.json": alerts_json(states, facts), "alerts_digest.md": text.encode()},
                generation,
            )
            judged.append((states, text))
            metadata[f"{name} {as_at:%Y-%m}"] = dg.MetadataValue.md(text)
    refresh_index(settings.exports)

    # the files are complete before anything can go wrong with the post
    smtp = smtp_settings(os.environ)
    for states, text in judged:
        recipients = smtp.recipients if smtp else ()
        record(settings.outbox, states, text, recipients, datetime.now(UTC))
    delivered = deliver_what_waits(settings.outbox, os.environ, datetime.now(UTC))
    context.log.info(str(delivered))
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(len(states) for states, _ in judged),
            "delivery": str(delivered),
            **metadata,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="delivered",
                passed=delivered.pending == 0,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"delivery": str(delivered)},
            )
        ],
    )
