"""The figures of an edition as open data: one tidy table, and what its columns mean for programs.

The table is plain UTF-8 without a byte-order mark, one row for each indicator, period and part. Its
metadata are CSV on the Web: W3C, Metadata Vocabulary for Tabular Data, 17 December 2015.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from orchestration.documents.tables import about, figure_cells, safe_cell
from orchestration.editions import words
from orchestration.editions.figures import Edition, figures_of

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
METADATA = "-metadata.json"
"""Stands after the name of a table in that of its metadata: where programs look for them."""

_NUMBER: Mapping[str, Any] = {"datatype": "decimal", "null": ["", words.NOT_SHOWN]}
_COLUMNS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "geography_code": ("Code of the council (GSS)", {"required": True}),
    "geography_name": ("Council", {"required": True}),
    "as_at": ("Position as at", {"datatype": "date", "required": True}),
    "dashboard_no": ("Number of the dashboard", {"datatype": "integer", "required": True}),
    "dashboard": ("Dashboard", {"required": True}),
    "indicator_id": ("Indicator, as a short name", {"required": True}),
    "indicator_name": ("Indicator", {"required": True}),
    "unit": ("Unit of the value: count, percent, rate_per_10k, days, hours or cases", {}),
    "breakdown": ("What the figure is split by; empty for the whole", {}),
    "part": ("Part of the breakdown; empty for the whole", {}),
    "period_type": (
        "month, quarter, rolling_12m, year_to_date, financial_year, academic_year or calendar_year",
        {"required": True},
    ),
    "period_start": ("First day of the period", {"datatype": "date", "required": True}),
    "period_end": ("Last day of the period", {"datatype": "date", "required": True}),
    "numerator": ("Number that counts", _NUMBER),
    "denominator": ("Number it is out of", _NUMBER),
    "value": ("Figure, in its unit, as it is printed", _NUMBER),
    "status": (
        "ok or provisional; hidden where the numbers are [c], confidential; otherwise why there is "
        "no figure",
        {},
    ),
    "period_in_words": ("Period", {}),
}
"""The columns in order, with their title and what CSV on the Web says of them beside."""


def figures_csv(edition: Edition) -> bytes:
    """Every figure that an edition holds: a row for each indicator, period and part."""
    return plain_csv(
        _COLUMNS,
        (
            {
                **about(edition, row),
                "unit": row.unit,
                "breakdown": breakdown,
                "part": part,
                **figure_cells("", figure, row),
                "period_in_words": words.period(figure),
            }
            for row in edition.rows
            for (breakdown, part, *_), figure in sorted(figures_of(row).items())
        ),
    )


def figures_metadata(edition: Edition, name: str) -> bytes:
    """CSV on the Web metadata of `figures_csv`, which is published as file `name`."""
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:title": f"{edition.geography_name}: children's services indicators, "
        f"as at {words.day(edition.as_at)}",
        "dc:description": ". ".join(
            (*edition.markings, "[c]: confidential, a small number or one that would give it away")
        ),
        "dc:publisher": edition.geography_name,
        "dc:license": {"@id": LICENCE},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tableSchema": {
            "columns": [
                {"name": each, "titles": each, "dc:description": said, "datatype": "string", **more}
                for each, (said, more) in _COLUMNS.items()
            ],
        },
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def plain_csv(head: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows of the columns `head` as a CSV file for programs."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(head), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: safe_cell(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().encode("utf-8")
