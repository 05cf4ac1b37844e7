"""What a delivery must look like: extracts, their columns and their row rules.

A rule is a SQL condition over the typed columns (and over the reference a column points to), so
typing, rules and documentation all come from this one description.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

ColumnType = Literal["text", "code", "date", "decimal"]


@dataclass(frozen=True)
class Column:
    """One column. Every column must be in the header; a `required` one must be filled in each row.

    `reference` names the list of known codes that the cell must be in (`allowed` is such a list
    written here). `compared` is false for a remark that does not make two rows different.
    """

    name: str
    type: ColumnType
    required: bool
    description: str
    allowed: tuple[str, ...] = ()
    reference: Literal["indicator", "geography"] | None = None
    compared: bool = True
    earliest: date = date(1990, 1, 1)
    may_be_future: bool = False


@dataclass(frozen=True)
class RowRule:
    """A rule over several cells of one row that are each well formed.

    `broken_when` is SQL over the extract's typed columns, `<decimal column>_places` (decimals as
    written) and the row's `indicator` (unit, time_basis, year_basis); null means not broken.
    """

    code: str
    columns: tuple[str, ...]
    broken_when: str
    expected: str


@dataclass(frozen=True)
class Extract:
    """A table that a council delivers as one CSV file a month.

    `last_rows_stand_in`: when rows of a redelivered month are quarantined, the rows accepted
    before for that month stay where the new file gives none (right for figures, which are keyed
    by period; wrong for rows about children, which may have been deleted on purpose).
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...] = ()
    may_be_empty: bool = False
    last_rows_stand_in: bool = False

    @property
    def file_name(self) -> str:
        """The only file name that is accepted for this extract (in any case)."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


_FIGURES = ("numerator", "denominator", "value")

# The mart's calendar knows no earlier financial year.
CALENDAR_BEGINS = date(2012, 4, 1)

# The whole month, financial quarter, or year that begins with period_start.
_PERIOD_ENDS = """case period_type
    when 'month' then last_day(period_start)
    when 'quarter' then last_day(period_start + interval 2 month)
    else last_day(period_start + interval 11 month)
end"""
_PERIOD_BEGINS = """day(period_start) = 1 and case
    when period_type = 'month' then true
    when period_type = 'quarter' then month(period_start) in (1, 4, 7, 10)
    when indicator.year_basis = 'academic' then month(period_start) = 9
    else month(period_start) = 4
end"""

_PER = "case indicator.unit when 'percent' then 100 when 'rate_per_10k' then 10000 else 1 end"

INDICATOR_RETURNS = Extract(
    name="indicator_returns",
    description=(
        "Figures of a council that holds no rows behind them: one line for each indicator, "
        "geography and period."
    ),
    key=("indicator_id", "geography_code", "period_type", "period_start"),
    columns=(
        Column(
            "indicator_id",
            "code",
            True,
            "The indicator, by its id in the catalogue.",
            reference="indicator",
        ),
        Column(
            "geography_code",
            "code",
            True,
            "Nine-character GSS code of the authority, region or country.",
            reference="geography",
        ),
        Column(
            "period_type",
            "code",
            True,
            "Length of the period. A year is April to March, or September to August for the "
            "indicators that are reported by academic year.",
            allowed=("month", "quarter", "year"),
        ),
        Column("period_start", "date", True, "First day of the period.", earliest=CALENDAR_BEGINS),
        Column("period_end", "date", True, "Last day of the period.", earliest=CALENDAR_BEGINS),
        Column(
            "numerator",
            "decimal",
            False,
            "The number counted; for a count, the count itself. Empty where only the value is "
            "known, and for a median.",
        ),
        Column(
            "denominator",
            "decimal",
            False,
            "What the numerator is a share of; for a rate per 10,000, the whole population. "
            "Empty for a count.",
        ),
        Column(
            "value",
            "decimal",
            False,
            "The figure in the indicator's unit (92.7 for 92.7 per cent). May be empty where the "
            "numerator, and the denominator of a ratio, are given.",
        ),
        Column(
            "source_note",
            "text",
            False,
            "Where the figure was taken from. Never about a child.",
            compared=False,
        ),
    ),
    rules=(
        *(
            RowRule("NUMBER-RANGE", (name,), f"{name} < 0", "a number that is not below zero")
            for name in _FIGURES
        ),
        *(
            RowRule(
                "NUMBER-RANGE",
                (name,),
                f"indicator.unit = 'count' and {name} <> floor({name})",
                "a whole number, as the indicator is a count",
            )
            for name in ("numerator", "value")
        ),
        RowRule(
            "NUMBER-RANGE",
            ("value",),
            "indicator.unit = 'percent' and (value > 100 or numerator > denominator)",
            "a percentage of at most 100, its numerator no larger than its denominator",
        ),
        RowRule(
            "PERIOD-MISMATCH",
            ("period_start", "period_end"),
            f"not ({_PERIOD_BEGINS}) or period_end <> {_PERIOD_ENDS}",
            "the first and last day of one whole month, financial quarter, or year (April to "
            "March; September to August where the indicator is reported by academic year)",
        ),
        RowRule(
            "PERIOD-FREQUENCY",
            ("period_type",),
            "indicator.time_basis = 'annual' and period_type <> 'year'",
            "year, as the indicator is reported once a year",
        ),
        RowRule(
            "FIGURE-MISSING",
            _FIGURES,
            """value is null and case
                when indicator.time_basis = 'period_median' then true
                when indicator.unit = 'count' then numerator is null
                else numerator is null or denominator is null
            end""",
            "a value, or a numerator (with its denominator for a ratio); a median needs its value",
        ),
        RowRule(
            "FIGURE-DISAGREES",
            _FIGURES,
            # Within half of the value's last written decimal, so that 92.7 may stand for 92.68;
            # the small constant forgives binary arithmetic at exactly one half.
            f"""case
                when indicator.unit = 'count' then denominator is not null or numerator <> value
                when indicator.time_basis = 'period_median' then false
                when denominator = 0 then numerator <> 0 or value is not null
                else abs(
                    cast(numerator as double) * ({_PER})
                    - cast(value as double) * cast(denominator as double)
                ) > (0.5 * power(10, -value_places) + 1e-9) * cast(denominator as double)
            end""",
            "a value equal to numerator / denominator in the indicator's unit, to the decimals "
            "written; a count has no denominator; with denominator 0 the value is empty",
        ),
    ),
    last_rows_stand_in=True,
)
