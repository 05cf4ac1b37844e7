"""Whether an official figure can be what it says: area, kind of year, unit, and the year before."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from orchestration.reference.faults import Fault
from orchestration.reference.table import Known, Row

TIES = {"percent": (100, 2.0), "rate_per_10k": (10_000, 1.0), "cases": (1, 0.5)}
"""By unit: what numerator / denominator is multiplied by, and how far the value may lie from it.
Numerators of wide areas are rounded to 10; the furthest published value is 1.4 points off."""

WIDE = ("england", "region")

WIDE_AREA_FACTOR = 3
"""A figure of England, a region or a joint return moves less than this in a year: by 2.1 times at
most since 2012 (dental checks, 2020/21)."""

AUTHORITY_FACTOR = 6
"""The same for one authority's rates, caseloads and large counts: 3.9 times at most since 2012. An
authority's percentage may go from 0 to 100."""

MANY_AREAS = 5
"""Of so many areas the middle figure moves as slowly as a wide area's."""

LARGE_COUNT = 500
"""Smaller counts of one authority may multiply."""


def faults(rows: list[Row], reference: Known) -> list[Fault]:
    """Rows that are not to be compared with, each with the first rule that it breaks."""
    geographies = _geographies(reference)
    found = {}
    for row in rows:
        fault = (
            _area(row, geographies)
            or _period(row, reference.today)
            or _amount(row, reference.catalogue[row["indicator_id"]].unit)
        )
        if fault:
            found[row["row"]] = fault
    found |= _all_in_fractions([row for row in rows if row["row"] not in found], reference)
    found |= _against_other_areas([row for row in rows if row["row"] not in found])
    found |= _against_other_figures([row for row in rows if row["row"] not in found])
    return [found[number] for number in sorted(found)]


def _geographies(reference: Known) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for region in reference.table("regions").rows:
        codes[region["geography_type"]].add(region["region_code"])
    codes["local_authority"] = set(reference.table("authorities").column("geography_code"))
    return codes


def _area(row: Row, known: dict[str, set[str]]) -> Fault | None:
    level = row["geography_level"]
    if level == "local_authority_group":
        is_known = set(row["geography_code"].split(" / ")) <= known["local_authority"]
    else:
        is_known = row["geography_code"] in known[level]
    if is_known:
        return None
    return Fault(
        "REFERENCE-UNKNOWN",
        row["row"],
        "geography_code",
        "it is not known at its geography_level",
        "a code of authorities.csv or regions.csv",
    )


def _period(row: Row, today: date) -> Fault | None:
    """The label, the kind of year and the two days say the same, and it is over."""
    if row["period_end"] > today:
        what, expected = "a period that is not over", "a period of the past"
    elif not _is_labelled_with_its_own_year(row):
        what, expected = "other days than period_label and year_basis say", "its own year's days"
    else:
        return None
    return Fault("REFERENCE-RULE", row["row"], "period_end", what, expected)


def _is_labelled_with_its_own_year(row: Row) -> bool:
    label, basis = row["period_label"], row["year_basis"]
    first, last = row["period_start"].isoformat(), row["period_end"].isoformat()
    match basis:
        case "financial year":
            years = f"{label[:4]}-04-01", f"20{label[-2:]}-03-31"
            return (first, last) == years and _is_a_year(row)
        case "academic year":
            years = f"{label[:4]}-09-01", f"20{label[5:7]}-08-31"
            return (first, last) == years and _is_a_year(row)
        case "calendar year":
            return (first, last) == (f"{label[:4]}-01-01", f"{label[:4]}-12-31")
        case "year to 30 September":
            return last == f"{label[-4:]}-09-30" and _is_a_year(row)
        case "snapshot 30 September":
            return first == last == f"{label[-4:]}-09-30"
        case "snapshot 31 March":
            return first == last == f"{label[-4:]}-03-31"
        case _:
            return (first, last) == (f"{label[8:12]}-01-01", f"{label[8:12]}-01-31")


def _is_a_year(row: Row) -> bool:
    return timedelta(364) <= row["period_end"] - row["period_start"] <= timedelta(365)


def _amount(row: Row, unit: str) -> Fault | None:
    value, above, below = row["value"], row["numerator"], row["denominator"]
    if row["unit"] != unit:
        return _not_so(row, "unit", "another unit than the indicator's", f"{unit}")
    if unit == "percent" and value > 100:
        return _not_so(row, "value", "more than 100 per cent", "per cent from 0 to 100")
    if unit == "count" and value != value.to_integral_value():
        return _not_so(row, "value", "not a whole number", "a count")
    if unit == "percent" and above is not None and below is not None and above > below:
        return _not_so(row, "numerator", "more than the denominator", "a part of it")
    if unit in TIES and above is not None and below:
        times, bound = TIES[unit]
        if abs(value - times * above / below) > bound:
            what = "not what numerator and denominator give"
            return _not_so(row, "value", what, _in_its_unit(unit))
    return None


def _not_so(row: Row, column: str, found: str, expected: str) -> Fault:
    return Fault("REFERENCE-RULE", row["row"], column, found, expected)


def _in_its_unit(unit: str) -> str:
    return "per cent, 92.7 and not 0.927" if unit == "percent" else "the figure in its unit"


def _all_in_fractions(rows: Sequence[Row], reference: Known) -> dict[int, Fault]:
    """Percentages of which none is above one, though they are printed to a tenth at most."""
    found: dict[int, Fault] = {}
    for (indicator,), figures in _grouped(rows, "indicator_id").items():
        entry = reference.catalogue[indicator]
        if entry.unit != "percent" or entry.decimals > 1 or len(figures) < MANY_AREAS:
            continue
        if max(row["value"] for row in figures) <= 1:
            what = "a fraction, as all figures of the indicator are"
            found |= {r["row"]: _not_so(r, "value", what, _in_its_unit("percent")) for r in figures}
    return found


def _against_other_areas(rows: Sequence[Row]) -> dict[int, Fault]:
    """Each area against the middle authority of the same years: one whose every year is in another
    unit has nothing in its own series that shows it. Where England and most regions are far from
    the middle authority, nobody knows which of them are right."""
    middles = {
        place: _median(year)
        for place, year in _grouped(
            [row for row in rows if row["geography_level"] == "local_authority"],
            "indicator_id",
            "period_end",
        ).items()
        if len(year) >= MANY_AREAS and _median(year) > 0
    }
    measured = [row for row in rows if (row["indicator_id"], row["period_end"]) in middles]
    found: dict[int, Fault] = {}
    what = "too far from the middle one of the authorities"
    for years in _grouped(measured, "indicator_id", "geography_code").values():
        shares = [row["value"] / middles[row["indicator_id"], row["period_end"]] for row in years]
        if _is_other_unit(years, shares):
            found |= {r["row"]: _not_so(r, "value", what, _in_its_unit(r["unit"])) for r in years}
    for year in _grouped(measured, "indicator_id", "period_end").values():
        wide = [row for row in year if row["geography_level"] in WIDE]
        far = [row["geography_level"] for row in wide if row["row"] in found]
        if "england" in far and len(far) >= MANY_AREAS and 2 * len(far) > len(wide):
            found |= {r["row"]: _not_so(r, "value", what, _in_its_unit(r["unit"])) for r in year}
    return found


def _is_other_unit(years: Sequence[Row], shares: Sequence[Decimal]) -> bool:
    """Of one area, whose values are these shares of the middle authority's."""
    unit, level = years[0]["unit"], years[0]["geography_level"]
    middle = statistics.median(shares)
    if unit == "count":
        return level in WIDE and middle < 1
    if unit == "percent" and level not in WIDE:
        return all(
            # what its numerator and denominator give is no fraction
            (row["numerator"] is None or not row["denominator"])
            and 0 < row["value"] <= 1 < row["value"] / share
            and _looks_like_a_hundredth(share)
            for row, share in zip(years, shares, strict=True)
            if row["value"] > 0
        ) and any(shares)
    factor = WIDE_AREA_FACTOR if level in WIDE else AUTHORITY_FACTOR
    return middle > 0 and _is_far(middle, Decimal(1), factor)


def _looks_like_a_hundredth(share: Decimal) -> bool:
    return Decimal("0.4") <= 100 * share <= Decimal("2.5")


def _against_other_figures(rows: Sequence[Row]) -> dict[int, Fault]:
    """Each figure against the same area's year before, else against its other years, else against
    the other areas of its year; and the middle one of all areas against that of the year before. A
    figure that is left out is no measure for the next one."""
    found: dict[int, Fault] = {}
    for level in _grouped(rows, "indicator_id", "geography_level").values():
        before: Decimal | None = None
        for _, year in sorted(_grouped(level, "period_end").items()):
            middle = _median(year)
            if before is not None and len(year) >= MANY_AREAS and _is_far(middle, before):
                what = f"as with most of its {len(year)} areas, too far from the year before"
                for row in year:
                    found[row["row"]] = _not_so(row, "value", what, _in_its_unit(row["unit"]))
            else:
                before = middle
    middles = {
        place: _median(year) for place, year in _grouped(rows, "indicator_id", "period_end").items()
    }
    kept = [row for row in rows if row["row"] not in found]
    for years in _grouped(kept, "indicator_id", "geography_code").values():
        before = None
        for row in sorted(years, key=lambda each: each["period_end"]):
            measure = before
            if measure is None and len(years) > 2:
                measure = _median(years)
            if measure is None and row["unit"] != "count":
                measure = middles[row["indicator_id"], row["period_end"]]
            if measure is not None and (what := _implausible(row, measure)):
                found[row["row"]] = _not_so(row, "value", what, _in_its_unit(row["unit"]))
            else:
                before = row["value"]
    return found


def _is_far(value: Decimal, measure: Decimal, factor: int = WIDE_AREA_FACTOR) -> bool:
    low, high = sorted((value, measure))
    return high > factor * low


def _implausible(row: Row, measure: Decimal) -> str:
    value, unit = row["value"], row["unit"]
    if unit == "percent" and 0 < value <= 1 < measure and _looks_like_a_hundredth(value / measure):
        return "a fraction, as its other figures show"
    if row["geography_level"] != "local_authority":
        is_far = _is_far(value, measure)
    elif unit == "percent" or (unit == "count" and max(value, measure) < LARGE_COUNT):
        is_far = False
    else:
        is_far = min(value, measure) > 0 and _is_far(value, measure, AUTHORITY_FACTOR)
    return "too far from the year before" if is_far else ""


def _grouped(rows: Iterable[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in columns)].append(row)
    return groups


def _median(rows: Iterable[Row]) -> Decimal:
    return statistics.median(row["value"] for row in rows)
