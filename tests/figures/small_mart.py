"""The models from what was sent ready made to the dashboard, over a handful of figures.

No row-level extract is delivered; seeds are those of the repository until a test changes one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.in_use import ACCEPTED_DELIVERIES, RETURNS_IN_USE, STANDARD_CODES
from orchestration.deliveries.rows.archive import archive_columns
from orchestration.mart.figures_ledger import COLUMNS as LEDGER
from orchestration.mart.figures_ledger import INPUTS
from orchestration.settings import settings
from tests.figures.compiled import Compiled, Model, build

RETURNS = "indicator_returns"
Row = Mapping[str, Any]


class SmallMart:
    """One database for many tests: `send` figures, change a seed, `build`, and ask in SQL.

    `also` are models beyond the dashboard and its tables."""

    def __init__(self, compiled: Compiled, *also: str) -> None:
        ledger = f"read_parquet('{settings.figures_ledger}/*.parquet', union_by_name = true)"
        inputs = f"read_parquet('{settings.figures_ledger}/inputs/*.parquet')"
        compiled = (
            compiled.over_tables("raw")
            .changed("stg_figures_ledger", ledger, "raw.figures_ledger")
            .changed("stg_build_inputs", inputs, "raw.inputs")
        )
        self.models = compiled.upstream(
            [
                "kpi_dashboard",
                "kpi_monthly",
                "kpi_quarterly",
                "kpi_yearly",
                "kpi_benchmarks",
                "fct_restatement",
                *also,
            ]
        )
        self.connection = compiled.connect()
        self.connection.execute("create schema raw")
        for extract in EXTRACTS.values():
            self._make(extract.name, archive_columns(extract))
        self._make("accepted_deliveries", {n: kind for n, (kind, _) in ACCEPTED_DELIVERIES.items()})
        self._make("standard_codes", {name: kind for name, (kind, _) in STANDARD_CODES.items()})
        self._make("returns_in_use", {name: kind for name, (kind, _) in RETURNS_IN_USE.items()})
        self._make("editions", {"geography_code": "varchar", "as_at": "date"})
        self._make("figures_ledger", LEDGER)
        self._make("inputs", INPUTS)
        self._insert(
            "raw.accepted_deliveries",
            [{"extract_name": name, "is_newest": True} for name in EXTRACTS],
        )
        self._is_built = False

    def send(self, *figures: Sequence[Any]) -> None:
        """Returned figures in place of those there: (indicator, area, period type, first day, last
        day, numerator, denominator, value), and the month of the delivery where it matters."""
        self.connection.execute(f"delete from raw.{RETURNS}")
        names = ("indicator_id", "geography_code", "period_type", "period_start", "period_end")
        names += ("numerator", "denominator", "value", "delivery_month")
        rows = [
            {"delivery_month": date(2026, 3, 31), **dict(zip(names, figure, strict=False))}
            for figure in figures
        ]
        self._insert(f"raw.{RETURNS}", rows)
        self.connection.execute(
            f"delete from raw.accepted_deliveries where extract_name = '{RETURNS}'"
        )
        months = sorted({row["delivery_month"] for row in rows})
        self._insert(
            "raw.accepted_deliveries",
            [
                {
                    "extract_name": RETURNS,
                    "delivery_month": month,
                    "as_at": month,
                    "is_newest": month == months[-1],
                    "received_at": month,
                }
                for month in months
            ],
        )

    def seed(self, name: str, rows: Iterable[Row]) -> None:
        """These rows in place of those of a seed."""
        self.connection.execute(f"delete from reference.{name}")
        self._insert(f"reference.{name}", list(rows))

    def record(self, *rows: Row) -> None:
        """These rows in place of those of the figures ledger."""
        self.connection.execute("delete from raw.figures_ledger")
        self._insert("raw.figures_ledger", rows)

    def build(self) -> None:
        """Build every model; those of rows, of which there are none, only once."""
        if not self._is_built:
            for model in self.models:
                build(self.connection, [model])
                if model.name.startswith("ind_"):
                    self._empty(model)
            self._is_built = True
        else:
            build(self.connection, [model for model in self.models if not _is_of_rows(model)])

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(values)).fetchall()

    def _empty(self, model: Model) -> None:
        """A table without rows is planned sixty times faster than the view."""
        self.connection.execute(f"create table swap as from {model.relation} limit 0")
        self.connection.execute(f"drop view {model.relation}")
        self.connection.execute(f"create table {model.relation} as from swap")
        self.connection.execute("drop table swap")

    def _make(self, name: str, columns: Mapping[str, str]) -> None:
        types = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self.connection.execute(f"create table raw.{name} ({types})")

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f"insert into {table} ({names}) values ({marks})", list(row.values())
            )


def _is_of_rows(model: Model) -> bool:
    schema = model.relation.split(".")[0].strip('"')
    other = ("stg_ssd_", "stg_ext_", "stg_ref_")
    return schema == "indicators" or (
        schema in ("staging", "intermediate")
        and model.name not in ("int_calendar", "int_periods", "int_council")
        and (schema == "intermediate" or model.name.startswith(other))
    )
