"""What the clerk collects for a meeting: a meeting is a partition."""

import getpass
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.defs.deliveries import PATHS
from orchestration.defs.publishing import MARTS, manifest_facts
from orchestration.defs.reference import told
from orchestration.deliveries.ledger.ledger import newest_accepted_month
from orchestration.mart.generation import reading
from orchestration.packs.meetings import portfolios_in_force, read_meetings
from orchestration.reference.geographies import area_of, codes_of
from orchestration.reference.owners import ENGINEERS
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.packs.issue import Parts
    from orchestration.packs.narrative import Line
    from orchestration.packs.sign_off import Issued
    from orchestration.packs.timetable import Papers

COMMITTEE_PACK = dg.AssetKey(["exports", "committee_pack"])
PUBLISHED_PACK = dg.AssetKey(["exports", "published_pack"])
MEETINGS = read_meetings(settings.reference)

meetings = dg.StaticPartitionsDefinition([meeting.meeting_id for meeting in MEETINGS])


class Correction(dg.Config):
    """Why a pack that has been published is to be made anew; empty leaves it to REASON."""

    reason: str = ""


class Approval(dg.Config):
    """Who approves the draft: the name stands in the log, in the manifest and in the index. Without
    one nothing is approved."""

    by: str = ""


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
            "ready_to_approve",
            asset=COMMITTEE_PACK,
            description="Nothing is missing in the draft: it can be read and approved.",
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
    """`exports/packs/<meeting>/draft/`: what would be published, for somebody to read and approve.

    Made from the last green build, with `texts.xlsx` for the texts that are due.
    """
    from orchestration.documents.index import refresh_index
    from orchestration.packs.sign_off import draft_pack

    parts, papers = _gathered(context)
    try:
        issued = draft_pack(
            parts,
            settings.pack_folder(context.partition_key),
            settings.publications,
            config.reason or settings.reason,
        )
    finally:
        refresh_index(settings.exports)
    context.log.info(f"{issued.outcome}: {issued.folder}")
    table = settings.reference.table("meetings")
    return dg.MaterializeResult(
        metadata={
            **_metadata(issued, parts),
            "papers": papers.text,
            "missing": dg.MetadataValue.md("\n".join(f"- {each}" for each in issued.held_back)),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="nothing_can_be_worked_out",
                passed=issued.audited == 0,
                metadata={"hidden": issued.hidden, "worked out": issued.audited},
            ),
            dg.AssetCheckResult(
                check_name="ready_to_approve",
                passed=not issued.held_back,
                severity=dg.AssetCheckSeverity.WARN,
            ),
            dg.AssetCheckResult(
                check_name="up_to_date",
                passed=issued.outcome != "differing",
                severity=dg.AssetCheckSeverity.WARN,
            ),
            dg.AssetCheckResult(
                check_name="meetings_readable",
                passed=table.is_right,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"faults": told(table.faults)},
            ),
        ],
    )


@dg.asset(
    key=PUBLISHED_PACK,
    deps=[COMMITTEE_PACK],
    partitions_def=meetings,
    group_name="exports",
    owners=[ENGINEERS],
    kinds={"html", "pdf", "excel", "word"},
)
def published_pack(context: dg.AssetExecutionContext, config: Approval) -> dg.MaterializeResult:
    """`exports/packs/<meeting>/issue-<n>/`: `public` for publication, `restricted` for Part 2.

    The draft that somebody has read and approves by name: put in place whole, and never edited.
    """
    from orchestration.documents.index import refresh_index
    from orchestration.packs.sign_off import approve_pack

    parts, _ = _gathered(context)
    issued = approve_pack(
        parts, settings.pack_folder(context.partition_key), settings.publications, config.by
    )
    refresh_index(settings.exports)
    context.log.info(f"{issued.outcome}: {issued.folder}")
    return dg.MaterializeResult(metadata=_metadata(issued, parts))


def _gathered(context: dg.AssetExecutionContext) -> "tuple[Parts, Papers]":
    """What the pack of the run's meeting is made from, and when its papers are due."""
    import duckdb

    from orchestration.editions.edition import load_edition, newest_edition
    from orchestration.packs.issue import Parts
    from orchestration.packs.narrative import read_narrative
    from orchestration.packs.questions import answered, read_questions
    from orchestration.packs.returned_forms import read_returned, together
    from orchestration.packs.sets import of_set, read_set
    from orchestration.packs.timetable import papers_of
    from orchestration.packs.working import WORKING, template_for

    now, reference = datetime.now(UTC), settings.reference
    known = read_meetings(reference)
    # a meeting that was moved since Dagster loaded its definitions is read as it is now
    meeting = next(each for each in known if each.meeting_id == context.partition_key)
    papers = papers_of(meeting, settings, now.date(), newest_accepted_month(PATHS))
    audience = read_set(reference, meeting.indicator_set)
    codes = codes_of(reference, meeting.geography_code)

    def returned(meeting_id: str) -> "list[Line]":
        return read_returned(settings.pack_folder(meeting_id) / WORKING, meeting_id)

    def texts(meeting_id: str) -> "list[Line]":
        return together(read_narrative(reference, meeting_id), returned(meeting_id))

    questions, strays = answered(
        read_questions(reference, meeting, codes), returned(meeting.meeting_id)
    )

    with (
        reading(settings.build_warehouse.parent) as generation,
        duckdb.connect(str(settings.build_warehouse), read_only=True) as mart,
    ):
        as_at = meeting.figures_as_at or newest_edition(mart, meeting.geography_code, papers.as_at)
        edition = load_edition(mart, meeting.geography_code, as_at or papers.as_at)
    before = [
        each
        for each in reversed(known)
        if each.geography_code in codes and each.meeting_date < meeting.meeting_date
    ]
    parts = Parts(
        meeting,
        codes,
        of_set(edition, audience),
        [*texts(meeting.meeting_id), *strays],
        portfolios_in_force(reference, meeting.geography_code, meeting.meeting_date),
        area_of(reference, meeting.geography_code),
        settings.contact,
        template_for(meeting, known, settings.exports / "packs", settings.covering_report),
        papers.due,
        manifest_facts(edition, generation, context.run.run_id),
        os.environ.get("KPI_USER", "").strip() or getpass.getuser(),
        now.isoformat(timespec="seconds"),
        audience,
        questions,
        [line for each in before for line in texts(each.meeting_id)],
        settings.in_region,
    )
    return parts, papers


def _metadata(issued: "Issued", parts: "Parts") -> dict[str, Any]:
    return {
        "dagster/row_count": issued.figures,
        "outcome": issued.outcome,
        "path": dg.MetadataValue.path(issued.folder),
        "files": issued.files,
        "figures hidden from the public": issued.hidden,
        "said otherwise before": issued.changes,
        "generation": parts.facts["generation"],
    }
