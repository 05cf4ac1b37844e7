"""The open data: what CSV on the Web and the department's screener ask of them."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from warnings import catch_warnings, simplefilter

import pandas
import pytest
from csvw import CSVW

from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.documents.dfe_shape import dfe_csv, dfe_meta_csv, time_of
from orchestration.documents.open_data import METADATA, figures_csv, figures_metadata
from orchestration.editions.figures import HIDDEN, Edition, Figure, figures_of
from orchestration.reference.geographies import area_of
from orchestration.settings import settings

NAME = "2019-11-05_committee_item-6_issue-1_figures.csv"


@pytest.fixture
def public(edition: Edition) -> Edition:
    return publishable(edition, hidden_figures(edition.rows).places)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def test_a_validator_of_csv_on_the_web_finds_nothing_and_reads_typed_cells(
    public: Edition, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(figures_csv(public))
    (tmp_path / f"{NAME}{METADATA}").write_bytes(figures_metadata(public, NAME))
    read = CSVW(str(tmp_path / f"{NAME}{METADATA}"), validate=True)
    assert read.is_valid and read.warnings == []
    rows = list(read.tables[0].iterdicts())
    assert len(rows) == sum(len(figures_of(row)) for row in public.rows)
    [row] = [
        each
        for each in rows
        if (each["indicator_id"], each["period_type"]) == ("assessments_within_45wd_pct", "quarter")
        and each["period_end"].date() == date(2019, 9, 30)
    ]
    assert (row["numerator"], row["denominator"], row["value"]) == (88, 95, Decimal("92.6"))
    hidden = [each for each in rows if each["status"] == HIDDEN]
    assert hidden and {each["value"] for each in hidden} == {None}
    # a damaged cell is found, so the validator does look
    (tmp_path / NAME).write_bytes(figures_csv(public).replace(b"2019-09-30", b"30 Sept", 1))
    with catch_warnings():
        simplefilter("always")  # it tells what it finds as a warning
        assert not CSVW(str(tmp_path / f"{NAME}{METADATA}"), validate=True).is_valid


def test_the_metadata_say_licence_publisher_and_every_column(public: Edition) -> None:
    told = json.loads(figures_metadata(public, NAME))
    assert told["url"] == NAME
    assert told["dc:license"]["@id"].endswith("open-government-licence/version/3/")
    assert told["dc:publisher"] == public.geography_name
    head = figures_csv(public).decode().split("\n", 1)[0].split(",")
    assert [each["titles"] for each in told["tableSchema"]["columns"]] == head


def test_open_data_have_no_byte_order_mark_and_pandas_reads_them(public: Edition) -> None:
    content = figures_csv(public)
    assert not content.startswith(b"\xef\xbb\xbf")
    read = pandas.read_csv(
        io.BytesIO(content), na_values=["[c]"], parse_dates=["period_start", "period_end"]
    )
    assert read["value"].dtype == float and read["numerator"].dtype == float
    assert read["period_end"].dtype.kind == "M"


def test_the_departments_shape_has_its_columns_codes_and_symbols(public: Edition) -> None:
    area = area_of(settings.reference, "E06000005")
    rows = rows_of(dfe_csv(public, area))
    assert {tuple(list(row.values())[2:10]) for row in rows} == {
        (
            *("Local authority", "E92000001", "England", "E12000001", "North East"),
            *("841", "E06000005", "Darlington"),
        )
    }
    assert list(rows[0])[:12] == [
        *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
        *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
        *("breakdown_topic", "breakdown"),
    ]
    keys = [tuple(row[each] for each in list(row)[:12]) for row in rows]
    assert len(keys) == len(set(keys))
    meta = rows_of(dfe_meta_csv(public))
    described = [each["col_name"] for each in meta if each["col_type"] == "Indicator"]
    assert described == list(rows[0])[12:]
    cells = {cell for row in rows for name, cell in row.items() if name in described}
    assert (
        {"c", "z"}
        <= {each for each in cells if not re.fullmatch(r"-?\d+(\.\d+)?", each)}
        <= {*"czx"}
    )
    [quarter] = [
        row
        for row in rows
        if (row["time_period"], row["time_identifier"], row["breakdown"])
        == ("201920", "Financial year Q2", "Total")
    ]
    name = "assessments_within_45wd_pct"
    assert [quarter[f"{name}{end}"] for end in ("", "_numerator", "_denominator")] == [
        *("92.6", "88", "95")
    ]
    assert {each["indicator_unit"] for each in meta} <= {"", "%"}


@pytest.mark.parametrize(
    ("kind", "start", "end", "expected"),
    [
        ("month", (2019, 9, 1), (2019, 9, 30), ("2019", "September")),
        ("quarter", (2020, 1, 1), (2020, 3, 31), ("201920", "Financial year Q4")),
        ("financial_year", (2019, 4, 1), (2020, 3, 31), ("201920", "Financial year")),
        ("academic_year", (2019, 9, 1), (2020, 8, 31), ("201920", "Academic year")),
        ("calendar_year", (2019, 1, 1), (2019, 12, 31), ("2019", "Calendar year")),
        ("year_to_date", (2019, 4, 1), (2019, 9, 30), None),
    ],
)
def test_periods_have_the_departments_names(
    kind: str,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    expected: tuple[str, str] | None,
) -> None:
    figure = Figure(kind, date(*start), date(*end), None, None, None, "ok")
    assert time_of(figure) == expected


def test_neither_file_depends_on_what_is_hidden(edition: Edition, public: Edition) -> None:
    hiding = hidden_figures(edition.rows).places
    area = area_of(settings.reference, "E06000005")

    def other(figure: Figure | None) -> Figure | None:
        if figure is None or figure.numerator is None:
            return figure
        return replace(figure, numerator=figure.numerator + 1)

    rows = tuple(
        replace(row, headline=other(row.headline))
        if row.headline
        and ("", "", row.headline.period_type, row.headline.period_end)
        in hiding.get(row.indicator_id, ())
        else row
        for row in edition.rows
    )
    assert rows != edition.rows
    again = publishable(replace(edition, rows=rows), hiding)
    assert figures_csv(again) == figures_csv(public)
    assert dfe_csv(again, area) == dfe_csv(public, area)
