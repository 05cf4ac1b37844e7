"""Who is told when an indicator falls below its target."""

import os
from datetime import UTC, datetime

import dagster as dg

from orchestration.alerting.digest import EditionFacts
from orchestration.alerting.evaluate import AlertState
from orchestration.defs.publishing import OFFICER_EDITIONS
from orchestration.mart.generation import reading
from orchestration.reference.edition_requests import read_requests
from orchestration.reference.geographies import former_codes
from orchestration.reference.owners import ANALYSTS
from orchestration.settings import settings

ALERT_STATES = dg.AssetKey(["alerts", "alert_states"])

# by the number of the dashboard, as the folders of models/indicators are called
_GROUPS = {
    1: "education",
    2: "early_help",
    3: "front_door",
    4: "child_protection",
    5: "children_in_care",
    6: "care_leavers",
    7: "missing_and_exclusions",
    8: "workforce",
}


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
        ),
        *(
            dg.AssetCheckSpec(
                f"{group}_on_target",
                asset=ALERT_STATES,
                description=f"No indicator of dashboard {number} is below its target for certain, "
                "or for the second period running.",
            )
            for number, group in _GROUPS.items()
        ),
    ],
)
def alert_states(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Every indicator with an agreed target judged once: `alerts.json`, a digest, the outbox.

    Evaluating and queueing are one step, so no alert is lost; a second run has nothing new to say.
    """
    import duckdb

    from orchestration.alerting.delivery import channels, deliver_what_waits
    from orchestration.alerting.digest import alerts_json, digest, news
    from orchestration.alerting.evaluate import evaluate, is_backfill
    from orchestration.alerting.outbox import record, rename_areas
    from orchestration.alerting.routing import Routing, read_acknowledged, read_routes
    from orchestration.documents.index import refresh_index
    from orchestration.editions.edition import load_editions
    from orchestration.publication.publication import amend

    metadata: dict[str, dg.MetadataValue] = {}
    judged: list[tuple[list[AlertState], EditionFacts]] = []
    backfilled: set[EditionFacts] = set()
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        for edition in load_editions(mart, read_requests(settings.editions_file))[0]:
            name, as_at = edition.geography_name, edition.as_at
            states = evaluate(mart, edition.geography_code, as_at)
            folder = settings.edition_folder(edition.geography_code, as_at)
            link = f"{settings.link_to(folder)}/dashboard.html"
            facts = EditionFacts(edition.geography_code, name, edition.synthetic, as_at, link)
            text = digest(states, facts)
            amend(
                folder,
                {"alerts.json": alerts_json(states, facts), "alerts_digest.md": text.encode()},
                generation,
            )
            judged.append((states, facts))
            if is_backfill(mart, edition.geography_code, as_at):
                backfilled.add(facts)
            metadata[f"{name} {as_at:%Y-%m}"] = dg.MetadataValue.md(text)
    refresh_index(settings.exports)

    # the files are complete before anything can go wrong with the post
    now = datetime.now(UTC)
    reference = settings.reference
    routing = Routing(read_routes(reference), channels(os.environ).default)
    acknowledged = read_acknowledged(reference)
    rename_areas(settings.outbox, former_codes(reference))
    for states, facts in judged:
        if facts not in backfilled:
            record(
                settings.outbox,
                states,
                acknowledged,
                routing.addresses,
                lambda events, states=states, facts=facts: news(events, states, facts),
                now,
            )
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
            ),
            *(_on_target(number, judged) for number in _GROUPS),
        ],
    )


def _on_target(
    number: int, judged: list[tuple[list[AlertState], EditionFacts]]
) -> dg.AssetCheckResult:
    """How the indicators of one dashboard stand, by name and without a figure."""
    named: dict[str, list[str]] = {"below": [], "watch": [], "no_data": [], "ok": []}
    for states, facts in judged:
        for state in states:
            if state.dashboard_no == number:
                named[state.state].append(f"{facts.geography_name}: {state.indicator_name}")
    return dg.AssetCheckResult(
        check_name=f"{_GROUPS[number]}_on_target",
        passed=not named["below"],
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "judged": sum(map(len, named.values())) - len(named["no_data"]),
            "met": len(named["ok"]),
            **{
                state: dg.MetadataValue.md("\n".join(f"- {each}" for each in sorted(named[state])))
                for state in ("below", "watch", "no_data")
                if named[state]
            },
        },
    )
