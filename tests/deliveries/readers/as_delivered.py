"""What a return was read into, delivered as extracts, and the figures of that."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.readers.reading import Reading, Span, UnreadableError
from orchestration.files import PROJECT
from orchestration.sample_council.delivery import write_delivery
from tests.figures.compiled import Compiled
from tests.figures.councils import KEY, NUMBERS, check_in, warehouse_figures

AS_AT = date(2026, 3, 31)
SECRET = "Quillfeather"
SIZE, SEED = 2_500, 1
BESIDE = ("ref_population", "ref_postcode_la", "ref_pupil_headcount", "ref_code_maps")
FORMATS = yaml.safe_load((PROJECT / "orchestration/contract/formats.yml").read_text())


class Figures:
    """The figures of accepted rows, all that the models work out from them."""

    def __init__(self, compiled: Compiled, raw: Path) -> None:
        self._compiled, self._raw = compiled, raw

    @cached_property
    def all(self) -> pd.DataFrame:
        """One row per KEY, with NUMBERS."""
        over = self._compiled.over(self._raw)
        with over.connect() as connection:
            over.run(connection, ["int_row_figures"])
            return warehouse_figures(connection)

    def of(self, indicators: Sequence[str]) -> pd.DataFrame:
        return self.all[self.all["indicator_id"].isin(indicators)]

    def months(self, indicators: Sequence[str]) -> dict[tuple[str, date], tuple[float, float]]:
        """(indicator, month end) -> numerator and denominator of all that falls into the month,
        whether or not the rows reach far enough back for a figure."""
        over = self._compiled.over(self._raw)
        with over.connect() as connection:
            over.run(connection, [f"ind_{each}" for each in indicators])
            sums = " union all ".join(
                f"""
                select '{each}', last_day(indicator_date), sum(numerator)::double,
                    coalesce(sum(denominator), 0)::double
                from indicators.ind_{each} group by all
                """
                for each in indicators
            )
            rows = connection.execute(sums).fetchall()
        return {(indicator, month): (top, below) for indicator, month, top, below in rows}


def accepted(
    home: Path,
    readings: Sequence[Reading],
    whole: Mapping[str, pd.DataFrame],
    also: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Check in what the returns gave, oldest first, with reference data beside them; the newest
    of two rows of one key stands."""
    tables: dict[str, pd.DataFrame] = {}
    spans: dict[str, Span] = {}
    for reading in readings:
        for extract, rows in reading.tables.items():
            before = [tables[extract]] if extract in tables else []
            key = list(EXTRACTS[extract].key)
            tables[extract] = pd.concat([*before, rows]).drop_duplicates(key, keep="last")
            covered = reading.covers[extract]
            first = spans.get(extract, covered).data_from
            spans[extract] = Span(first, covered.as_at)
    for extract, rows in tables.items():
        assert not rows.isna().any().any(), extract
        assert set(rows.columns) <= set(EXTRACTS[extract].column_names), extract
    beside = {name: whole[name] for name in BESIDE} | dict(also or {})
    manifest = [
        {
            "extract": name,
            "extracted_at": "2026-04-02T05:00:00",
            "data_as_at": spans[name].as_at if name in spans else AS_AT,
            "source_system": "a return",
            "source_version": None,
            "timeframe_years": None,
            "data_from": spans[name].data_from if name in spans else None,
        }
        for name in (*tables, *beside)
    ]
    paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
    write_delivery(
        {**tables, **beside, "extract_manifest": pd.DataFrame(manifest)},
        paths.incoming / f"{AS_AT:%Y-%m}",
    )
    check_in(paths)
    assert paths.raw_file("extract_manifest", f"{AS_AT:%Y-%m}").exists()
    for extract, rows in tables.items():
        file = paths.raw_file(extract, f"{AS_AT:%Y-%m}")
        assert file.exists(), f"{extract} was refused"
        assert len(pd.read_parquet(file)) == len(rows), f"{extract}: rows were set aside"
    return paths.raw


def given(name: str) -> list[str]:
    """The indicators that a format gives."""
    return list(FORMATS[name]["gives"])


def differences(ours: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Figures that the whole of the extracts does not have, or has otherwise."""
    both = ours.merge(whole, on=KEY, how="left", suffixes=("", "_whole"), indicator=True)
    # a part of nobody is a nought where it is known that there may be such
    differs = (both["_merge"] != "both") & (both["numerator"].fillna(0) != 0)
    for name in NUMBERS:
        mine, truth = both[name], both[f"{name}_whole"]
        same = (mine.isna() & truth.isna()) | ((mine - truth).abs() <= 1e-9)
        # the mean of a year of which not every month end is known is left out
        same |= mine.isna() & (name == "month_end_mean")
        differs |= (both["_merge"] == "both") & ~same
    return both[differs]


def months(figures: pd.DataFrame, indicator: str) -> set[str]:
    rows = figures[
        (figures["indicator_id"] == indicator)
        & (figures["period_type"] == "month")
        & (figures["breakdown"] == "total")
    ]
    return {f"{day:%Y-%m}" for day in rows["period_end"]}


def outcome(
    read: Callable[[Mapping[str, Sequence[Path]]], Reading], files: Mapping[str, Sequence[Path]]
) -> list[str]:
    """The codes of what was read, or why it was not; none of them tells a cell."""
    try:
        found = list(read(files).remarks)
    except UnreadableError as error:
        found = [error.finding]
        assert error.__cause__ is None
    assert SECRET not in "".join(str(each) for each in found)
    return [each.code for each in found]
