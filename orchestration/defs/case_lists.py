"""From a figure to its cases: a restricted list, made only when an officer asks for it.

A job of its own and no asset: an asset that has to be told which cases would stop every
"materialize all" of the UI.
"""

import dagster as dg

from orchestration.settings import settings


class CasesConfig(dg.Config):
    """Which cases: the indicator's id; `period` as 2026-03 or 2026-01..2026-03, empty means its
    newest month; `part` as breakdown=value, empty means the whole."""

    indicator: str
    period: str = ""
    part: str = ""


@dg.op(out=dg.Out(dg.Nothing))
def cases(context: dg.OpExecutionContext, config: CasesConfig) -> None:
    """`data/cases/`: the cases behind a figure of the last green build, with the council's own
    identifiers, as long as the files as delivered are held. Never in the exports."""
    from orchestration.cases.case_lists import Asked, NoCases, list_cases, told_of

    try:
        listed = list_cases(Asked(config.indicator, config.period, config.part), settings)
    except NoCases as error:
        raise dg.Failure(f"CASES-NONE: {error}") from None
    # no numbers: a count of few children would stand in the run's record
    context.log.info(f"{told_of(listed, settings)} {listed.file}")


@dg.job(description="The cases behind one figure, for officers only: say in the Launchpad which.")
def case_list() -> None:
    cases()
