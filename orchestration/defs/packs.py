"""What the clerk collects for a meeting: a meeting is a partition."""

import getpass
import os
from datetime import UTC, datetime

import dagster as dg

from orchestration.catalogue import read_catalogue
from orchestration.defs.deliveries import PATHS
from orchestration.defs.publishing import MARTS, manifest_facts
from orchestration.deliveries.ledger import newest_accepted_month
from orchestration.generation import reading
from orchestration.owners import ENGINEERS
from orchestration.packs.meetings import portfolios_in_force, read_meetings
from orchestration.settings import settings

COMMITTEE_PACK = dg.AssetKey(["exports", "committee_pack"])
MEETINGS, UNREADABLE = read_meetings(settings.meetings)

meetings = dg.StaticPartitionsDefinition([meeting.meeting_id for meeting in MEETINGS])


class Correction(dg.Config):
    """Why a pack that has been published is to be made anew; empty leaves it to REASON."""

    reason: str = ""


@dg.asset(
    key=COMMITTEE_PACK,
    deps=MARTS,
    partitions_def=meetings,
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"html", "pdf", "excel", "word"},
    check_specs=[
        dg.AssetCheckSpec(
            "nothing_can_be_worked_out",
            asset=COMMITTEE_PACK,
            description="No reader of this pack and of all before it can find a number that is "
            "hidden: solved, not guessed. A pack that fails is not published.",
        ),
        dg.AssetCheckSpec(
            "up_to_date",
            asset=COMMITTEE_PACK,
            description="The published pack says what the figures and texts say today. If it does "
            "not, correct it: make the pack again with a reason.",
        ),
        dg.AssetCheckSpec(
            "meetings_readable",
            asset=COMMITTEE_PACK,
            description="Every row of seeds/reference/meetings.csv can be read.",
        ),
    ],
)
def committee_pack(context: dg.AssetExecutionContext, config: Correction) -> dg.MaterializeResult:
    """`exports/packs/<meeting>/issue-<n>/`: `public` for publication, `restricted` for Part 2.

    Made from the last green build, put in place whole and never edited. What is missing keeps it
    back and is listed in a draft.
    """
    import duckdb

    from orchestration.packs.issue import Parts, issue_pack, of_set
    from orchestration.packs.narrative import read_narrative
    from orchestration.packs.timetable import papers_of
    from orchestration.publishing.edition import load_edition, newest_edition
    from orchestration.publishing.page import refresh_index

    now = datetime.now(UTC)
    meeting = next(each for each in MEETINGS if each.meeting_id == context.partition_key)
    papers = papers_of(meeting, settings, now.date(), newest_accepted_month(PATHS))
    catalogue = read_catalogue(settings.dbt_project)
    chosen = [each for each, entry in catalogue.items() if meeting.indicator_set in entry.sets]
    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        as_at = meeting.figures_as_at or newest_edition(mart, meeting.geography_code, papers.as_at)
        edition = load_edition(mart, meeting.geography_code, as_at or papers.as_at)
    folder = settings.pack_folder(meeting.meeting_id)
    issued = issue_pack(
        Parts(
            meeting,
            of_set(edition, None if meeting.indicator_set == "all" else chosen),
            read_narrative(settings.narrative, meeting.meeting_id),
            portfolios_in_force(
                settings.seeds / "reference" / "portfolios.csv",
                meeting.geography_code,
                meeting.meeting_date,
            ),
            settings.contact,
            settings.covering_report,
            papers.due,
            manifest_facts(edition, generation, context.run.run_id),
            os.environ.get("KPI_USER", "").strip() or getpass.getuser(),
            now.isoformat(timespec="seconds"),
        ),
        folder,
        settings.publications,
        config.reason or settings.reason,
    )
    refresh_index(settings.exports)
    context.log.info(f"{issued.outcome}: {issued.folder}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": issued.figures,
            "outcome": issued.outcome,
            "path": dg.MetadataValue.path(issued.folder),
            "files": issued.files,
            "figures hidden from the public": issued.hidden,
            "figures printed otherwise before": issued.changes,
            "papers": papers.text,
            "generation": generation,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="nothing_can_be_worked_out",
                passed=issued.audited == 0,
                metadata={"hidden": issued.hidden, "worked out": issued.audited},
            ),
            dg.AssetCheckResult(
                check_name="up_to_date",
                passed=issued.outcome != "differing",
                severity=dg.AssetCheckSeverity.WARN,
            ),
            dg.AssetCheckResult(
                check_name="meetings_readable",
                passed=not UNREADABLE,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"rows left out": dg.MetadataValue.md("\n".join(UNREADABLE) or "none")},
            ),
        ],
    )
