"""The sample council: every extract of the contract, filled with plainly synthetic rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.files import PROJECT
from orchestration.sample_council.calendar import add_months, month_end
from orchestration.sample_council.care import short_breaks, write_care
from orchestration.sample_council.care_contact import write_care_contact
from orchestration.sample_council.cases import tell_cases
from orchestration.sample_council.casework import SUPPORT_WORKERS, Casework
from orchestration.sample_council.code_maps import write_code_maps
from orchestration.sample_council.columns import contract_columns
from orchestration.sample_council.court import (
    write_deprivation_of_liberty,
    write_pre_proceedings,
)
from orchestration.sample_council.early_help import tell_early_help, write_early_help
from orchestration.sample_council.education import write_exclusions, write_headcount, write_plans
from orchestration.sample_council.front_door import known_children, write_contacts, write_front_door
from orchestration.sample_council.histories import (
    CarePeriod,
    Case,
    Family,
    Incident,
    Journey,
    Leaver,
)
from orchestration.sample_council.leaving_care import tell_leavers, write_leavers
from orchestration.sample_council.missing import tell_incidents, write_missing
from orchestration.sample_council.people import Registry, write_persons
from orchestration.sample_council.places import write_postcodes
from orchestration.sample_council.protection import write_other_plans, write_protection
from orchestration.sample_council.reference import (
    write_asylum_statuses,
    write_manifest,
    write_population,
)
from orchestration.sample_council.reports import Reports
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene, make_scene
from orchestration.sample_council.stories import Stories
from orchestration.sample_council.traps import set_traps
from orchestration.sample_council.workforce import Workforce, write_unregistered, write_workforce

if TYPE_CHECKING:
    import pandas

LEAVERS = "ssd_care_leavers"
CODE_MAPS = "ref_code_maps"
MANIFEST = "extract_manifest"

# These only ever had contacts or early help.
_OTHER_FAMILIES_A_YEAR = 165


@dataclass(frozen=True)
class World:
    """Everything that happens in the sample council."""

    scene: Scene
    years: int
    registry: Registry
    families: list[Family]
    cases: list[Case]
    periods: list[CarePeriod]
    leavers: list[Leaver]
    journeys: list[Journey]
    incidents: list[Incident]


def make_council(
    size: int = 10_000,
    seed: int = 1,
    *,
    last_month: date,
    years: int = 6,
    stories: Stories | None = None,
    only: set[str] | None = None,
    seeds: Path = PROJECT / "seeds",
) -> Mapping[str, "pandas.DataFrame"]:
    """The newest delivery of Sample Borough: extract name -> rows, typed as in the contract.

    `size` is about how many children were known over `years` years to the end of `last_month`;
    the same arguments always give the same rows. `only` keeps some extracts (the manifest always
    comes along). Bank holidays are read from `seeds`. Raises `ValueError` for a size or a number
    of years below one, for a story that does not fit, and for an extract not in the contract.
    """
    world = tell_world(size, seed, last_month, years, stories, seeds)
    return newest_delivery_of(world, only)


def care_leaver_snapshots(
    size: int = 10_000,
    seed: int = 1,
    *,
    last_month: date,
    years: int = 6,
    stories: Stories | None = None,
    months: int = 36,
    seeds: Path = PROJECT / "seeds",
) -> Mapping[date, "pandas.DataFrame"]:
    """The care leavers as delivered at each of the last `months` month ends, oldest first.

    The newest is the one that `make_council` gives for the same arguments.
    """
    world = tell_world(size, seed, last_month, years, stories, seeds)
    return {day: tables[LEAVERS] for day, tables in leaver_snapshots_of(world, months)}


def tell_world(
    size: int,
    seed: int,
    last_month: date,
    years: int,
    stories: Stories | None,
    seeds: Path,
) -> World:
    """Tell all lives once, for as many deliveries as are wanted."""
    scene = make_scene(size, seed, last_month, years, stories or Stories(), seeds)
    registry = Registry(scene)
    cases = tell_cases(scene, registry)
    scene.stories.tell_assessments(cases, scene.as_at, scene.working_days, scene.touches)
    children = known_children(cases, scene)
    numbers = {child.family for child in children}
    families = [family for family in registry.families if family.number in numbers]
    families += _other_families(scene, registry, years)
    periods = [period for case in cases for period in case.care.values()]
    in_care = {period.child.number for period in periods}
    at_home = [child for child in children if child.number not in in_care]
    periods += short_breaks(scene, at_home)
    return World(
        scene=scene,
        years=years,
        registry=registry,
        families=families,
        cases=cases,
        periods=[period for period in periods if scene.touches(period.start, period.end)],
        leavers=tell_leavers(scene, registry, periods),
        journeys=tell_early_help(scene, families),
        incidents=tell_incidents(scene, at_home, periods),
    )


def newest_delivery_of(
    world: World, only: set[str] | None = None
) -> Mapping[str, "pandas.DataFrame"]:
    """The extracts of the newest delivery."""
    contract = contract_columns()
    unknown = (only or set()) - set(contract)
    if unknown:
        raise ValueError(f"not in the contract: {', '.join(sorted(unknown))}")
    tables = Tables(contract)
    _write_children(tables, world)
    _write_work(tables, world)
    write_plans(tables, world.scene, [child for one in world.families for child in one.children])
    write_exclusions(tables["ext_exclusions"], world.scene)
    write_population(tables["ref_population"], world.scene)
    write_headcount(tables["ref_pupil_headcount"], world.scene)
    write_postcodes(tables["ref_postcode_la"])
    write_code_maps(tables[CODE_MAPS])
    known = tables.values("person_id")
    children = [child for child in world.registry.children if child.person_id in known]
    write_persons(tables["ssd_person"], world.scene, children)
    set_traps(tables, world.scene)
    wanted = [name for name in contract if only is None or name in only or name == MANIFEST]
    sent = [extract for extract in wanted if extract != MANIFEST]
    write_manifest(tables[MANIFEST], world.scene.as_at, sent, world.years)
    return tables.frames(wanted)


def leaver_snapshots_of(
    world: World, months: int
) -> Iterator[tuple[date, Mapping[str, "pandas.DataFrame"]]]:
    """(month end, the dateless care leavers and what is needed to read them), oldest first."""
    contract = contract_columns()
    sent = [LEAVERS, CODE_MAPS]
    newest = world.scene.as_at.replace(day=1)
    for back in range(months - 1, -1, -1):
        day = month_end(add_months(newest, -back))
        tables = Tables({name: contract[name] for name in (*sent, MANIFEST)})
        write_leavers(tables[LEAVERS], world.scene, world.leavers, day)
        write_code_maps(tables[CODE_MAPS])
        write_manifest(tables[MANIFEST], day, sent, world.years)
        yield day, tables.frames([*sent, MANIFEST])


def _other_families(scene: Scene, registry: Registry, years: int) -> list[Family]:
    rng = scene.random("other families")
    return [
        registry.family(scene.seasons.pick(rng, scene.start, scene.as_at))
        for _ in range(scene.number(_OTHER_FAMILIES_A_YEAR * years))
    ]


def _write_children(tables: Tables, world: World) -> None:
    """What the case system and early help hold about children."""
    scene, cases = world.scene, world.cases
    reports = Reports(tables["ext_sw_reports"], scene, _dual_spans(cases))
    write_contacts(tables, scene, cases, world.families)
    write_front_door(tables, scene, cases)
    write_protection(tables, scene, cases, reports)
    write_other_plans(tables, scene, known_children(cases, scene))
    write_care(tables, scene, world.periods)
    write_deprivation_of_liberty(tables, scene, world.periods)
    write_pre_proceedings(tables, scene, cases)
    write_care_contact(tables, scene, world.periods, reports)
    write_asylum_statuses(tables["ssd_immigration_status"], scene, known_children(cases, scene))
    write_leavers(tables[LEAVERS], scene, world.leavers, scene.as_at)
    write_early_help(tables, scene, world.journeys)
    write_missing(tables, scene, world.incidents)


def _write_work(tables: Tables, world: World) -> None:
    """The workforce and its work with the children."""
    workforce = Workforce(world.scene)
    write_workforce(tables, world.scene, workforce)
    write_unregistered(tables["ssd_professionals"], range(1, SUPPORT_WORKERS + 1))
    casework = Casework(tables, world.scene, workforce)
    for case in world.cases:
        casework.write_case(case)
    casework.write_leavers(world.leavers)


def _dual_spans(cases: list[Case]) -> dict[int, list[tuple[date, date]]]:
    """When a child had a protection plan and was in care as well."""
    found: dict[int, list[tuple[date, date]]] = {}
    for case in cases:
        in_care = {period.child.number: period for period in case.care.values()}
        for plan in case.protection.plans if case.protection else []:
            period = in_care.get(plan.child.number)
            if period is not None and plan.end is not None and plan.end > period.start:
                span = max(plan.start, period.start), min(plan.end, period.end)
                found.setdefault(plan.child.number, []).append(span)
    return found
