"""The real models over a handful of rows, in the shape that the oracle's worked examples take.

The rows are typed and cleaned as check-in would: an orphan key is empty, a row that ends before it
starts or lies after the as-at day is left out, and what check-in keeps in place of a column is put
there.
"""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.in_use import ACCEPTED_DELIVERIES, RETURNS_IN_USE, STANDARD_CODES
from orchestration.deliveries.rows.archive import archive_columns
from tests.figures.compiled import Compiled, Model, build
from tests.figures.councils import KEY, NUMBERS, warehouse_figures
from tests.oracle.calendar import LONDON, add_months
from tests.oracle.care import tidy_postcode
from tests.oracle.periods import Timeframe
from tests.oracle.rows import COLUMNS, code_maps, new_referral, read
from tests.oracle.small_tables import GSS, Sides

ROLL_UP = (
    "int_indicator_events",
    "int_indicator_months",
    "int_unfilled_columns",
    "int_delivered_days",
    "int_unusable_rows",
    "int_series",
    "int_recounted_figures",
    "int_row_figures",
)
# what int_series reads of an indicator beside the models that the indicator itself stands on
_CHAINS = {"cic_statutory_visits_in_timescale_pct": ("int_care_visit_gaps",)}
ROLES = "ssd_involvements.invo_professional_role_id"
Tables = Mapping[str, pd.DataFrame]
Row = dict[str, Any]


class SmallWarehouse:
    """One database for many examples: `figure` and `parts` as in tests/oracle/small_tables.py."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled.over_tables("raw")
        self._connection = self._compiled.connect()
        # over a handful of rows it takes longer to choose a plan than to go by any
        self._connection.execute("pragma disable_optimizer")
        self._connection.execute("set threads = 1")
        self._connection.execute("create schema raw")
        for extract in EXTRACTS.values():
            self._make(extract.name, archive_columns(extract))
        for name, columns in (
            ("accepted_deliveries", ACCEPTED_DELIVERIES),
            ("standard_codes", STANDARD_CODES),
            ("returns_in_use", RETURNS_IN_USE),
        ):
            self._make(name, {column: kind for column, (kind, _) in columns.items()})
        self._make("editions", {"geography_code": "varchar", "as_at": "date"})
        self._connection.execute(f"update reference.row_level_council set geography_code = '{GSS}'")
        # the models of extracts and indicators as tables, filled anew where rows come or go: what
        # reads a hundred views is planned for long
        self._everything = [
            replace(
                model,
                is_table=model.is_table
                or model.name.removeprefix("stg_") in EXTRACTS
                or model.name.startswith("ind_"),
            )
            for model in self._compiled.upstream(["int_row_figures"])
        ]
        self._staged = {
            model.name.removeprefix("stg_"): model
            for model in self._everything
            if model.name.removeprefix("stg_") in EXTRACTS
        }
        self._holding: set[str] = set()
        self._planned: set[str] = set()
        build(self._connection, self._everything)
        self._filled = {
            model.name: model for model in self._everything if model.name.startswith("ind_")
        }
        self._answered: object = None

    def figure(
        self,
        tables: Tables,
        indicator: str,
        month: str,
        kind: str = "month",
        as_at: date | None = None,
        timeframe: Timeframe = None,
        earlier: Mapping[date, pd.DataFrame] | None = None,
    ) -> Sides | None:
        """The figure of the period of this kind that ends with `month`; None when it has none."""
        end = _month_end(date.fromisoformat(f"{month}-01"))
        self._ask(indicator, tables, as_at or end, timeframe, earlier)
        found = self._connection.execute(
            """
            select numerator, denominator, value from figures.int_row_figures
            where indicator_id = ? and period_type = ? and period_end = ? and breakdown = 'total'
            """,
            [indicator, kind, end],
        ).fetchall()
        assert len(found) <= 1
        return _sides(found[0]) if found else None

    def parts(self, tables: Tables, indicator: str, month: str, breakdown: str) -> dict[str, Sides]:
        """The month's figure by value of a breakdown, without those that nothing falls under."""
        end = _month_end(date.fromisoformat(f"{month}-01"))
        self._ask(indicator, tables, end, None, None)
        found = self._connection.execute(
            """
            select breakdown_value, numerator, denominator, value from figures.int_row_figures
            where
                indicator_id = ? and period_type = 'month' and period_end = ? and breakdown = ?
                and (numerator > 0 or denominator > 0)
            """,
            [indicator, end, breakdown],
        ).fetchall()
        return {value: _sides(sides) for value, *sides in found}

    def figures(self, tables: Tables, as_at: date, *_: str, **known: Any) -> pd.DataFrame:
        """The total of every indicator in every closed period, as `tests.oracle.figures`."""
        timeframe = known.get("timeframe_years")
        self.deliver(tables, as_at, timeframe, known.get("earlier_deliveries"))
        self._answered = None
        self._refill(self._everything)
        self._filled = {
            model.name: model for model in self._everything if model.name.startswith("ind_")
        }
        found = warehouse_figures(self._connection)
        totals = found[found["breakdown"] == "total"].sort_values(KEY)
        return totals[KEY[:4] + NUMBERS].reset_index(drop=True)

    def _ask(
        self,
        indicator: str,
        tables: Tables,
        as_at: date,
        timeframe: Timeframe,
        earlier: Mapping[date, pd.DataFrame] | None,
    ) -> None:
        """Work the indicator out, unless it was just worked out from the same rows."""
        frames = [*tables.items(), *(earlier or {}).items()]
        rows = repr([(name, frame.to_dict("split")) for name, frame in frames])
        asked = (indicator, rows, as_at, repr(timeframe))
        if asked != self._answered:
            self.deliver(tables, as_at, timeframe, earlier)
            self._build_one(indicator)
            self._answered = asked

    def deliver(
        self,
        tables: Tables,
        as_at: date,
        timeframe: Timeframe,
        earlier: Mapping[date, pd.DataFrame] | None,
    ) -> None:
        """Put these rows in place of all that are there."""
        deliveries: list[Row] = []
        maps = code_maps(tables.get("ref_code_maps"))
        before, self._holding = self._holding, set()
        for name in before:
            self._connection.execute(f"delete from raw.{name}")
        for extract in EXTRACTS.values():
            whole = {as_at: tables[extract.name]} if extract.name in tables else {}
            if extract.name == "ssd_care_leavers":
                whole = {**(earlier or {}), **whole}
            for day, frame in sorted(whole.items()):
                self._insert(extract, _accepted(extract, frame, tables, day), day)
                deliveries.append(_delivery(extract, day, max(whole), timeframe))
            if not whole:
                deliveries.append({"extract_name": extract.name, "is_newest": True})
        role_map = {"extract_name": f"ref_code_maps for {ROLES}", "is_newest": True}
        if maps.get(ROLES):
            role_map["delivery_month"] = as_at
        self._fill("accepted_deliveries", [*deliveries, role_map])
        codes = [
            {
                "extract_name": place.split(".")[0],
                "column_name": place.split(".")[1],
                "source_value": source.lower(),
                "standard_value": standard,
            }
            for place, words in maps.items()
            for source, standard in words.items()
        ]
        self._fill("standard_codes", codes)
        staged = before | self._holding
        self._refill(model for name, model in self._staged.items() if name in staged)

    def _build_one(self, indicator: str) -> None:
        """Build what the indicator stands on, and of all indicators it alone; the calendar and the
        seeds stay as they are."""
        asked = f"ind_{indicator}"
        for other in self._filled.values():
            self._connection.execute(f"delete from {other.relation}")
        chains = _CHAINS.get(indicator, ())
        wanted = self._compiled.upstream([asked, "int_month_ends", *chains])
        names = {model.name for model in wanted if model.is_table or model.name == asked}
        names = (names | set(ROLL_UP)) - {"int_calendar"}
        self._refill(model for model in self._everything if model.name in names)
        self._filled = {model.name: model for model in self._everything if model.name == asked}

    def _refill(self, models: Iterable[Model]) -> None:
        """The rows of these tables anew. How is planned once: that takes longer than to fill them,
        and a plan holds for as long as no table is made or dropped."""
        for model in models:
            if not model.is_table:
                continue
            if model.name not in self._planned:
                filling = f"insert into {model.relation} {model.sql}"
                self._connection.execute(f"prepare {model.name} as {filling}")
                self._planned.add(model.name)
            self._connection.execute(f"delete from {model.relation}")
            self._connection.execute(f"execute {model.name}")

    def _make(self, name: str, columns: Mapping[str, str]) -> None:
        types = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self._connection.execute(f"create table raw.{name} ({types})")

    def _insert(self, extract: Extract, rows: list[Row], day: date) -> None:
        self._holding.add(extract.name)
        self._fill(
            extract.name,
            [{**row, "delivery_month": _month_end(day)} for row in rows],
            emptied=False,
        )

    def _fill(self, name: str, rows: list[Row], emptied: bool = True) -> None:
        if emptied:
            self._connection.execute(f"delete from raw.{name}")
        if not rows:
            return
        columns = list(dict.fromkeys(column for row in rows for column in row))
        frame = pd.DataFrame(rows, columns=columns, dtype=object)
        frame = frame.where(frame.notna(), None)
        names = ", ".join(f'"{column}"' for column in columns)
        marks = f"({', '.join('?' for _ in columns)})"
        self._connection.execute(
            f"insert into raw.{name} ({names}) values {', '.join([marks] * len(rows))}",
            frame.values.ravel().tolist(),
        )


def _accepted(extract: Extract, frame: pd.DataFrame, tables: Tables, as_at: date) -> list[Row]:
    """The rows that check-in would accept."""
    if extract.name not in COLUMNS or frame.empty:
        return []
    known = {
        parent: _keys(parent, tables)
        for parent in extract.parents
        if parent in tables and parent in COLUMNS
    }
    found = []
    for cleaned in read(extract.name, frame, {}):
        row = {
            name: _naive(value)
            for name, value in cleaned._asdict().items()
            if name in archive_columns(extract)
        }
        for column in extract.columns:
            parent, _, _name = column.refers_to.partition(".")
            key = row.get(column.name)
            if column.code_first and key is not None:
                row[column.name] = re.findall("^[0-9]+", key)[0]
            elif column.type == "code" and key is not None:
                spelt = {code.lower(): code for code in column.allowed}
                row[column.name] = spelt.get(key.lower(), key)
            if parent in known and column.name not in extract.key and key not in known[parent]:
                row[column.name] = None
        if not _set_aside(extract, row, as_at):
            found.append({**row, **_kept(extract, cleaned, tables)})
    return found


def _keys(extract: str, tables: Tables) -> set[Any]:
    """Keys of an extract; periods of care are referred to by clae_cla_id."""
    rows = read(extract, tables[extract], {})
    named = {getattr(row, COLUMN_OF_KEY.get(extract, next(iter(row._fields)))) for row in rows}
    return named | {row[0] for row in rows}


COLUMN_OF_KEY = {"ssd_cla_episodes": "clae_cla_id"}


def _set_aside(extract: Extract, row: Row, as_at: date) -> bool:
    for column in extract.columns:
        value = row.get(column.name)
        earlier = row.get(column.not_before) if column.not_before else None
        if value is not None and earlier is not None and value < earlier:
            return True
        if column.own_date and value is not None:
            day = value.date() if isinstance(value, datetime) else value
            if day > as_at:
                return True
    return False


def _kept(extract: Extract, row: Any, tables: Tables) -> Row:
    """What is stored in place of columns that are dropped at check-in."""
    if extract.name == "ssd_contacts":
        said = new_referral(row.cont_contact_outcome_json)
        return {"cont_new_referral_flag": None if said is None else "NY"[said]}
    if extract.name == "ssd_professionals":
        number = row.prof_social_worker_registration_no or "N"
        registered = number.upper() not in ("N", "NO", "FALSE")
        return {"prof_has_registration": "Y" if registered else "N"}
    if extract.name == "ssd_cla_placement":
        places = read("ref_postcode_la", tables.get("ref_postcode_la", pd.DataFrame()), {})
        lies_in = {tidy_postcode(place.postcode): place.la_code for place in places}
        postcode = tidy_postcode(row.clap_cla_placement_postcode)
        return {
            "clap_has_postcode": "Y" if postcode else "N",
            "clap_placement_la_code": lies_in.get(postcode),
        }
    return {}


def _delivery(extract: Extract, day: date, newest: date, timeframe: Timeframe) -> Row:
    years = timeframe.get(extract.name) if isinstance(timeframe, Mapping) else timeframe
    return {
        "extract_name": extract.name,
        "delivery_month": _month_end(day),
        "as_at": None if extract.class_ == "reference" else day,
        "data_from": None if years is None else add_months(day, -12 * years),
        "is_newest": day == newest,
    }


def _naive(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).replace(tzinfo=None)
    return value


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _sides(sides: tuple[Any, ...]) -> Sides:
    numerator, denominator, value = (None if each is None else float(each) for each in sides)
    return numerator, denominator, value
