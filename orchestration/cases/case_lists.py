"""The cases behind a figure, with the council's own identifiers.

The warehouse knows people as keyed hashes only. Who they are is read from the files as they were
delivered, as long as those are held (RETAIN_ORIGINALS_DAYS). A list is for officers: it lies in
`data/cases/`, for its owner alone, goes when those files go, and is never part of the exports.
"""

import csv
import getpass
import io
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.cases.identifiers import forgotten_hashes, identifiers_of
from orchestration.cases.owners import owners_of
from orchestration.catalogue.indicators import Indicator, read_catalogue
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.deliveries.rows.pseudonym import KeyUnusableError, read_key
from orchestration.documents.tables import safe_cell
from orchestration.files import make_private, put_in_place
from orchestration.mart.generation import NotGreen, reading
from orchestration.packs.record import append_to_log, recording
from orchestration.reference.calendar import is_month, month_end
from orchestration.settings import Settings

HEAD = ("person", "case", "counted_on", "in_numerator", "numerator", "denominator", "part")
GONE = "not held any more"
# a post is its worker's hash and the day it began
_HASHED = re.compile("(?P<person>[0-9a-f]{32})(?P<more>( .*)?)")


class NoCases(RuntimeError):
    """There is nothing to list; the message says why and what to do."""


@dataclass(frozen=True)
class Asked:
    """An indicator, the first and last month (YYYY-MM; empty means the newest with a figure), and
    a part as breakdown=value (empty means the whole)."""

    indicator: str
    period: str = ""
    part: str = ""


@dataclass(frozen=True)
class CaseList:
    """The file; of `people` identifiers `unknown` say that nobody can tell any more."""

    file: Path
    first_month: str
    last_month: str
    people: int
    unknown: int


@dataclass(frozen=True)
class _Case:
    subject: str
    day: date
    numerator: float
    denominator: float | None
    part: str


def write_case_list(
    warehouse: Path,
    paths: Paths,
    key: bytes,
    catalogue: Mapping[str, Indicator],
    asked: Asked,
    user: str,
    now: datetime,
) -> CaseList:
    """Write the list, and into the log who asked for which and when.

    Raises `NoCases`, `OSError`, and `duckdb.Error`, whose text must not be shown.
    """
    if asked.indicator not in catalogue:
        raise NoCases(f"{asked.indicator}: no such indicator: make check lists them")
    needs = catalogue[asked.indicator].needs
    if not needs:
        raise NoCases(f"{asked.indicator}: its figures were sent ready made, without their cases")
    make_private(paths.cases)
    with duckdb.connect(str(warehouse), read_only=True) as mart:
        first, last = _months(mart, asked)
        cases = _cases(mart, asked, first, last)
        owners = owners_of(mart, needs, {each.subject for each in cases})
    hashes = {_person(each, owners) for each in cases}
    names = identifiers_of(paths, key, read_receipts(paths), hashes - forgotten_hashes(paths))
    rows = [_row(each, owners, names) for each in cases]
    slug = re.sub("[^a-z0-9]+", "-", asked.part.lower()).strip("-")
    stem = "_".join(filter(None, (asked.indicator, first, last if last != first else "", slug)))
    file = paths.cases / f"{stem}_{now:%Y%m%dT%H%M%SZ}.csv"
    entry = {
        "indicator": asked.indicator,
        "first_month": first,
        "last_month": last,
        "part": slug,
        "by": user,
        "at": now.isoformat(timespec="seconds"),
    }
    with recording(paths.case_log):
        append_to_log(paths.case_log, entry)
    with put_in_place(file, forbidden=0o077) as temporary:
        temporary.touch(mode=0o600)
        temporary.write_text(_csv(rows), encoding="utf-8-sig")
    listed = [row[0] for row in rows]
    return CaseList(file, first, last, len(listed), listed.count(GONE))


def _months(mart: duckdb.DuckDBPyConnection, asked: Asked) -> tuple[str, str]:
    """First and last month asked for."""
    if not asked.period:
        row = mart.execute(
            "select max(period_end) from figures.int_row_figures"
            " where indicator_id = ? and period_type = 'month' and breakdown = 'total'",
            [asked.indicator],
        ).fetchone()
        if not row or not row[0]:
            raise NoCases(f"{asked.indicator}: no month of it has a figure: say which by PERIOD=")
        return f"{row[0]:%Y-%m}", f"{row[0]:%Y-%m}"
    first, _, last = asked.period.partition("..")
    last = last or first
    if not is_month(first) or not is_month(last) or last < first:
        raise NoCases("PERIOD is a month, 2026-03, or its first and last, 2026-01..2026-03")
    return first, last


def _cases(mart: duckdb.DuckDBPyConnection, asked: Asked, first: str, last: str) -> list[_Case]:
    """Its rows in these months; of a position those of the last month end."""
    breakdown, _, value = asked.part.partition("=")
    found = mart.execute(
        """
        select subject_id, indicator_date, cast(numerator as double), cast(denominator as double),
            case when breakdown = 'total' then '' else breakdown || '=' || breakdown_value end
        from figures.int_indicator_events
        where
            indicator_id = $indicator and breakdown = $breakdown and breakdown_value = $value
            and indicator_date between
                case
                    when (
                        select is_position from staging.stg_indicators
                        where indicator_id = $indicator
                    ) then $last else $first
                end and $last
            and subject_id is not null and (numerator <> 0 or denominator <> 0)
        order by indicator_date, subject_id, numerator desc
        """,
        {
            "indicator": asked.indicator,
            "breakdown": breakdown or "total",
            "value": value or "total",
            "first": date.fromisoformat(f"{first}-01"),
            "last": month_end(last),
        },
    ).fetchall()
    if not found:
        raise NoCases(
            f"{asked.indicator}: no row of that period and part: either nothing was counted, or the"
            " extracts no longer reach back so far"
        )
    return [_Case(*each) for each in found]


def _person(case: _Case, owners: Mapping[str, str]) -> str:
    """The hash of whose case it is; empty where it is nobody's."""
    hashed = _HASHED.fullmatch(owners.get(case.subject, case.subject))
    return hashed["person"] if hashed else ""


def _row(case: _Case, owners: Mapping[str, str], names: Mapping[str, str]) -> tuple[str, ...]:
    hashed = _HASHED.fullmatch(case.subject) if case.subject not in owners else None
    person = _person(case, owners)
    denominator = "" if case.denominator is None else f"{case.denominator:g}"
    return (
        names.get(person, GONE) if person else "",
        # a number that siblings share has its child before it
        hashed["more"].strip() if hashed else case.subject.removeprefix(f"{person} ").strip(),
        case.day.isoformat(),
        "yes" if case.numerator else "no",
        f"{case.numerator:g}",
        denominator,
        case.part,
    )


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return told.getvalue()


def who_asks() -> str:
    """The user that the logs name."""
    return os.environ.get("KPI_USER", "").strip() or getpass.getuser()


def list_cases(asked: Asked, settings: Settings) -> CaseList:
    """`write_case_list` over the last green build. Raises `NoCases` with what to do."""
    paths = Paths(settings.incoming, settings.raw, settings.quarantine, settings.ledger)
    try:
        with reading(settings.build_warehouse.parent):
            return write_case_list(
                settings.build_warehouse,
                paths,
                read_key(paths.keys, may_make=False),
                read_catalogue(settings.seeds),
                asked,
                who_asks(),
                datetime.now(UTC),
            )
    except NotGreen as error:
        raise NoCases(str(error)) from None
    except KeyUnusableError:
        raise NoCases("KEY-UNUSABLE: without the key of the hashes nobody can be found") from None
    except (OSError, duckdb.Error) as error:
        # its text could quote a cell
        raise NoCases(
            f"the list could not be written ({type(error).__name__}): make room or mend the rights"
        ) from None


def told_of(listed: CaseList, settings: Settings) -> str:
    """What may be said of a list: where it is, and whether anybody in it can no longer be named."""
    said = f"{listed.file}\nfor officers only: it goes when the files as delivered go"
    if listed.unknown:
        said += (
            f'\nwho "{GONE}" is stands in no file that is still held (RETAIN_ORIGINALS_DAYS is'
            f" {settings.retention.originals_days}): deliver the month again to have them named"
        )
    return said
