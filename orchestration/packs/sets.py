"""Which indicators an audience gets, and how far up each stands: sets that the clerk keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from orchestration.editions.figures import Edition
from orchestration.editions.improvements import first_areas
from orchestration.reference.tables import Reference

TIERS = ("headline", "core", "annex")
"""On the scorecard; on a dashboard's page; in the annex alone."""

_OF_CATALOGUE = {"supporting": "annex"}


@dataclass(frozen=True)
class IndicatorSet:
    """A set: `period` is the shortest that its papers show (month or quarter), `tiers` are those of
    its indicators; without any it has all of them, as the catalogue places them."""

    name: str
    period: str
    agreed_by: str = ""
    agreed_on: date | None = None
    tiers: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = IndicatorSet("All indicators", "month")
"""Every indicator, as the catalogue places it."""


def read_set(reference: Reference, set_id: str) -> IndicatorSet:
    """The set of that name; meetings of a set that cannot be read are left out before."""
    row = next(each for each in reference.table("indicator_sets").rows if each["set_id"] == set_id)
    tiers = {
        each["indicator_id"]: each["tier"]
        for each in reference.table("set_indicators").rows
        if each["set_id"] == set_id
    }
    return IndicatorSet(
        row["set_name"], row["period"], row["agreed_by"] or "", row["agreed_on"], tiers
    )


def of_set(edition: Edition, audience: IndicatorSet) -> Edition:
    """The edition with the indicators of one set only, each in its tier."""
    tiers = audience.tiers or {
        row.indicator_id: _OF_CATALOGUE.get(row.tier, row.tier) for row in edition.rows
    }
    told = [
        each
        for each in (*edition.improvements, *edition.further_improvements)
        if each.indicator_id in tiers
    ]
    first = first_areas(told)
    shown = {each.indicator_id for each in first}
    rows = [
        replace(row, tier=tiers[row.indicator_id])
        for row in edition.rows
        if row.indicator_id in tiers
    ]
    rows.sort(key=lambda row: (row.dashboard_no, TIERS.index(row.tier), row.name))
    return replace(
        edition,
        rows=tuple(rows),
        improvements=first,
        further_improvements=tuple(each for each in told if each.indicator_id not in shown),
    )
