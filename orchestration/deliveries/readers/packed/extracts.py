"""Which extract a table is, by its header, and the time that several of them cover."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import pandas as pd

from orchestration.contract.case_systems import ALIASES
from orchestration.contract.extracts import EXTRACTS, MANIFEST
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.last_day import last_day, month_end_of
from orchestration.deliveries.readers.reading import Reading, Span

# Half of the columns of an extract make a table that extract.
_ALIKE = 0.5


def extract_of(names: Collection[str]) -> str:
    """The extract that has most of these columns, under their own or other systems' names; empty
    where none has half of its own among them."""

    def alike(extract: str) -> float:
        aliases, wanted = ALIASES.get(extract, {}), EXTRACTS[extract].column_names
        return sum(aliases.get(name, name) in wanted for name in names) / len(wanted)

    best = max(EXTRACTS, key=alike)
    return best if alike(best) >= _ALIKE else ""


def unused(extract: str, columns: int) -> Finding:
    """The remark on columns of a table that the contract does not know."""
    what = f"{extract}: columns that the contract does not know; nothing is taken from them"
    return finding("RETURN-PART", what=what, count=columns)


def reading(
    tables: Mapping[str, pd.DataFrame], saved_on: date | None, remarks: Iterable[Finding]
) -> Reading:
    """The extracts with the spans that their manifest says, which goes no further: its counts and
    checksums are those of other files. Where there is none they reach to the last day of all."""
    extracts = {name: frame for name, frame in tables.items() if name != MANIFEST.name}
    day = _last(extracts, saved_on or date.today())
    ends = month_end_of(day)
    until = ends if saved_on and day < ends <= saved_on else None
    covers = {name: Span(None, day, until) for name in extracts}
    said = tables.get(MANIFEST.name, pd.DataFrame()).to_dict("records")
    for row in said:
        name = row.get("extract", "").lower()
        as_at, first = _day(row.get("data_as_at", "")), _day(row.get("data_from", ""))
        if name in covers and as_at:
            covers[name] = Span(first, as_at)
    return Reading(extracts, covers, remarks=tuple(remarks))


def _last(extracts: Mapping[str, pd.DataFrame], saved_on: date) -> date:
    """The last day on which anything happened; the one before `saved_on` in a file without any."""
    happened = (
        frame[column.name]
        for name, frame in extracts.items()
        for column in EXTRACTS[name].columns
        if column.own_date and column.name in frame
    )
    return last_day(happened, saved_on) or saved_on


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
