"""A council's accepted rows cut as the public extract scripts cut them, and the figures of that.

The rules are those of the Standard Safeguarding Dataset's scripts for three case systems, as their
newest versions stand: each keeps of an extract what the window's first day `since` lets through.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.rows.archive import archive_columns
from orchestration.deliveries.rows.window import Delivered, cut_by_start, window
from orchestration.mart.figures_ledger import make_figures_ledger, record_figures
from orchestration.sample_council import GEOGRAPHY_CODE
from orchestration.sample_council.dialects import DIALECTS, Dialect
from orchestration.settings import settings
from tests.figures.compiled import Compiled
from tests.figures.councils import KEY, NUMBERS


@dataclass(frozen=True)
class Script:
    """What a script keeps: extract -> condition. `of_persons`: only what is about its persons."""

    keeps: Mapping[str, str]
    of_persons: bool = False


def _script(dialect: Dialect) -> Script:
    of_truth = {
        name: re.sub(r"from (ssd_)", r"from truth.\1", dialect.kept(name)) for name in EXTRACTS
    }
    return Script(of_truth, dialect.persons)


def _begun(or_open: bool) -> Iterator[tuple[str, str]]:
    for each in EXTRACTS.values():
        if each.class_ in ("ssd", "sen") and each.closed_on:
            start = each.happened_on.name if each.happened_on else each.closed_on
            yield each.name, f"{start} >= $since" + f" or {each.closed_on} is null" * or_open


SCRIPTS = {
    # counted back from the day of the query: referrals by their start, all else by its end, and
    # nothing of children whom nothing happened to since
    "systemc": _script(DIALECTS["systemc"]),
    # from the first day of a financial year: all by its end, reviews of plans whole
    "mosaic": _script(DIALECTS["mosaic"]),
    # the scripts for its warehouse cut three tables only
    "mosaic_warehouse": Script(
        {
            name: DIALECTS["mosaic"].kept(name)
            for name in ("ssd_contacts", "ssd_involvements", "ssd_legal_status")
        }
    ),
}

# a council's own, by one day: what began since then or is open, or what began since then alone
OWN = {"begun": Script(dict(_begun(True))), "begun_only": Script(dict(_begun(False)))}


class Windows:
    """One database for many cuts of one council's rows, which lie below the folder `raw`.

    With a folder for a figures ledger figures are remembered from one month to the next.
    """

    def __init__(self, compiled: Compiled, raw: Path, ledger: Path | None = None) -> None:
        self._compiled = compiled.over_tables("raw")
        if ledger:
            make_figures_ledger(ledger)
            kept = str(settings.figures_ledger)
            self._compiled = self._compiled.changed("stg_figures_ledger", kept, str(ledger))
        self._ledger = ledger
        self._connection = self._compiled.connect()
        for schema in ("raw", "truth", "cut"):
            self._connection.execute(f"create schema {schema}")
        for extract in EXTRACTS.values():
            columns = ", ".join(f'"{name}"' for name in archive_columns(extract))
            self._connection.execute(
                f"create table truth.{extract.name} as select {columns}"
                f" from read_parquet('{raw}/{extract.name}/*.parquet', union_by_name = true)"
            )
        for name in ("accepted_deliveries", "standard_codes", "returns_in_use", "editions"):
            self._connection.execute(
                f"create table truth.{name} as from read_parquet('{raw}/{name}/*.parquet');"
                f" create table raw.{name} as from truth.{name}"
            )

    def figures(self, as_at: date, script: str, since: date, said: bool = True) -> pd.DataFrame:
        """The figures worked out from the rows that a script gives at a day, back to `since`.

        `said`: the delivery says from which day it is complete; else that is found out.
        """
        self._deliver(as_at, script, since, since if said else None)
        self._compiled.run(self._connection, ["int_row_figures"])
        return self._read("figures.int_row_figures", *NUMBERS)

    def printed(self, as_at: date, script: str, since: date) -> pd.DataFrame:
        """Those and the remembered ones, once they have been recorded."""
        assert self._ledger
        self._deliver(as_at, script, since, since)
        self._compiled.run(self._connection, ["int_figures", "fct_restatement"])
        _record(self._connection, self._ledger, as_at)
        return self._read("figures.int_figures", *NUMBERS, "origin")

    def restated(self) -> pd.DataFrame:
        """What the build before told of figures that changed."""
        return self._read("marts.fct_restatement", "published_value", "value")

    def _read(self, table: str, *values: str) -> pd.DataFrame:
        numbers = [f"cast({name} as double) as {name}" for name in values if name != "origin"]
        columns = [*KEY, *numbers, *(name for name in values if name == "origin")]
        council = f"geography_code = '{GEOGRAPHY_CODE}'"
        frame = self._connection.sql(f"select {', '.join(columns)} from {table} where {council}")
        return frame.df().set_index(KEY).sort_index()

    def _deliver(self, as_at: date, script: str, since: date, said: date | None) -> None:
        execute = self._connection.execute
        rules = (SCRIPTS | OWN)[script]
        given = {"as_at": as_at, "since": since}
        for extract in EXTRACTS.values():
            kept = f"({rules.keeps.get(extract.name, 'true')})"
            if extract.child and rules.of_persons and extract.class_ == "ssd":
                kept += f" and {extract.child.name} in (select pers_person_id from cut.ssd_person)"
            query = f"select * from ({_known(extract)}) where {kept}"
            used = {name: day for name, day in given.items() if f"${name}" in query}
            execute(f"create or replace table cut.{extract.name} as {query}", used)
        execute("create or replace table raw.accepted_deliveries as from truth.accepted_deliveries")
        execute("delete from raw.accepted_deliveries where as_at > ? and not is_newest", [as_at])
        execute(
            "update raw.accepted_deliveries set as_at = $as_at, received_at = $received"
            " where is_newest and as_at is not null",
            {"as_at": as_at, "received": _received(as_at)},
        )
        delivered = [Delivered(each, f"raw.{each.name}", as_at) for each in EXTRACTS.values()]
        for each in delivered:
            execute(f"create or replace table {each.rows} as {_without_orphans(each.contract)}")
        social_care = [each for each in delivered if each.contract.class_ == "ssd"]
        cut = cut_by_start(self._connection, social_care)
        for each in delivered:
            is_of_system = each.contract.class_ in ("ssd", "sen")
            known = window(self._connection, each, said, cut if is_of_system else None)
            execute(
                "update raw.accepted_deliveries set data_from = ? where extract_name = ?",
                [known.data_from, each.contract.name],
            )


def build(compiled: Compiled, ledger: Path, as_at: date) -> dict[str, tuple[float | None, str]]:
    """Build and record what lies below the folder of accepted rows.

    Month -> how many plans were open, and the status; `restated` -> how many figures changed.
    """
    make_figures_ledger(ledger)
    models = compiled.changed("stg_figures_ledger", str(settings.figures_ledger), str(ledger))
    with models.connect() as connection:
        models.run(connection, ["int_kpi", "fct_restatement"])
        _record(connection, ledger, as_at)
        months = connection.execute(
            """
            select strftime(period_end, '%Y-%m'), cast(value as double), status from figures.int_kpi
            where indicator_id = 'cp_plans_open_count' and period_type = 'month'
                and geography_code = ?
            """,
            [GEOGRAPHY_CODE],
        ).fetchall()
        [(restated,)] = connection.execute(
            "select count(*) from marts.fct_restatement where geography_code = ?", [GEOGRAPHY_CODE]
        ).fetchall()
    return {month: (value, status) for month, value, status in months} | {
        "restated": (restated, "")
    }


def _record(connection: duckdb.DuckDBPyConnection, ledger: Path, as_at: date) -> None:
    file = ledger / f"{as_at}.duckdb"
    connection.execute(
        f"""
        attach '{file}' as build;
        create schema build.figures;
        create schema build.staging;
        create table build.figures.int_current_figures as from figures.int_current_figures;
        create table build.staging.stg_area_codes as from staging.stg_area_codes;
        detach build
        """
    )
    record_figures(file, ledger, f"{_received(as_at)}Z", f"{as_at:%Y-%m}", "")


def differences(printed: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Rows of `printed` that are not so in `truth`, both sides side by side.

    A part that nothing falls under may stand in one of them only; so may the mean of a year's
    month ends in the truth.
    """
    both = printed.join(truth.add_suffix("_true"))
    differs = pd.Series(False, index=both.index)
    for name in NUMBERS:
        mine, theirs = both[name], both[f"{name}_true"]
        same = (mine.isna() & theirs.isna()) | ((mine - theirs).abs() <= 1e-6)
        differs |= ~same & (mine.notna() if name == "month_end_mean" else True)
    is_part = both.index.get_level_values("breakdown") != "total"
    empty_part = is_part & (both["numerator"] == 0) & both["numerator_true"].isna()
    return both[differs & ~empty_part]


def _received(as_at: date) -> str:
    return f"{as_at + timedelta(days=3)}T05:00:00"


def _known(extract: Extract) -> str:
    """The rows that were known by a day, without what happened to them later."""
    dates = [each for each in extract.stored_columns if each.type in ("date", "datetime")]
    own = [
        f"({each.name} is null or cast({each.name} as date) <= $as_at)"
        for each in dates
        if each.own_date
    ]
    if extract.history == "snapshot":
        own.append("delivery_month <= $as_at")
    later = [
        f"case when cast({each.name} as date) <= $as_at then {each.name} end as {each.name}"
        for each in dates
        if not each.required and not each.own_date
    ]
    replaced = f" replace ({', '.join(later)})" if later else ""
    where = f" where {' and '.join(own)}" if own else ""
    return f"select *{replaced} from truth.{extract.name}{where}"


def _without_orphans(extract: Extract) -> str:
    """The rows as check-in leaves them: a key that leads nowhere is empty."""
    emptied = []
    for column in extract.columns:
        parent, _, name = column.refers_to.partition(".")
        if parent and column.name not in extract.key:
            there = f"select {name} from cut.{parent}"
            emptied.append(
                f"case when {column.name} in ({there}) then {column.name} end as {column.name}"
            )
    replaced = f" replace ({', '.join(emptied)})" if emptied else ""
    return f"select *{replaced} from cut.{extract.name}"
