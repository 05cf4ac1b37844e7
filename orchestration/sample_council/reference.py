"""Population, asylum seekers' statuses and the manifest."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from orchestration.sample_council.calendar import add_months, month_end
from orchestration.sample_council.chance import happens, whole
from orchestration.sample_council.code_maps import local
from orchestration.sample_council.histories import Child
from orchestration.sample_council.rows import Rows
from orchestration.sample_council.scene import OLD_LA_CODE, Scene

# Wokingham's estimates: 40,476 (mid-2020) to 44,412 (mid-2024).
_POPULATION, _POPULATION_YEAR, _POPULATION_GROWTH = 40_476, 2020, 985
_STATUS = "ssd_immigration_status.immi_immigration_status"
_GRANTED = 0.35
SOURCE_VERSION = "SSD v1.4.5"


def write_population(rows: Rows, scene: Scene) -> None:
    """ref_population: an estimate is in force from the April after its year's end of June."""
    for year in range(scene.start.year - 2, scene.as_at.year + 1):
        in_force = date(year + 1, 4, 1)
        if in_force > scene.as_at:
            continue
        estimate = _POPULATION + _POPULATION_GROWTH * (year - _POPULATION_YEAR)
        rows.add(
            la_code=OLD_LA_CODE,
            mid_year=year,
            population_0_17=scene.number(estimate),
            in_force_from=in_force,
        )


def write_asylum_statuses(rows: Rows, scene: Scene, children: Iterable[Child]) -> None:
    """ssd_immigration_status: some are granted leave to remain; others keep the status for good."""
    rng = scene.random("asylum")
    for child in children:
        if child.arrived is None:
            continue
        granted = child.arrived + timedelta(days=whole(rng, 200, 700))
        until = scene.seen(granted) if happens(rng, _GRANTED) else None
        statuses = [("UASC", child.arrived, until)] + ([("other", until, None)] if until else [])
        for number, (status, start, end) in enumerate(statuses):
            rows.add(
                immi_immigration_status_id=f"IMM-{child.number:06d}-{number}",
                immi_person_id=child.person_id,
                immi_immigration_status=local(_STATUS, status),
                immi_immigration_status_start_date=start,
                immi_immigration_status_end_date=end,
            )


def write_manifest(rows: Rows, as_at: date, extracts: Iterable[str], years: int) -> None:
    """extract_manifest without row counts and checksums, which are known when files are written."""
    drawn = datetime.combine(as_at + timedelta(days=3), time(6, 30))
    complete_from = month_end(add_months(as_at.replace(day=1), -12 * years))
    for extract in extracts:
        is_window = extract.startswith(("ssd_", "ext_"))
        rows.add(
            extract=extract,
            extracted_at=drawn,
            data_as_at=as_at,
            source_system=_SYSTEMS.get(extract.split("_")[0], "Sample Borough case system"),
            source_version=SOURCE_VERSION if extract.startswith("ssd_") else None,
            timeframe_years=years if is_window else None,
            data_from=complete_from if is_window else None,
        )


_SYSTEMS = {"ext": "Sample Borough local systems", "ref": "Sample Borough reference files"}
