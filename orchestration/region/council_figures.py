"""The figures of the councils in the pool, taken in from the folder of each.

A council whose figures cannot be used is left out and named; it stops nobody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.councils.figures import COLUMNS
from orchestration.files import put_in_place
from orchestration.publication.last_run import FIGURES
from orchestration.reference.faults import Fault
from orchestration.region.faults import fault

_MAY_BE_EMPTY = ("numerator", "denominator", "numerator_squares", "value", "made_of")
_KEY = ("indicator_id", "period_id", "breakdown", "breakdown_value")


@dataclass(frozen=True)
class Gathered:
    """How many figures of which councils were taken in, and what was wrong with the others."""

    rows: int
    councils: tuple[str, ...]
    faults: tuple[Fault, ...]


def gather(folders: Path, codes: Iterable[str], raw: Path) -> Gathered:
    """Take in `<folders>/<council>/figures.parquet` of the councils of the pool.

    Writes `<raw>/council_figures/<council>.parquet` and takes away what is there of councils that
    are not used now.
    """
    figures = raw / "council_figures"
    figures.mkdir(parents=True, exist_ok=True)
    _write(figures / "_empty.parquet", _typed(COLUMNS, "(select 1) where false", of_nulls=True))
    known = sorted(each.parent.name for each in folders.glob(f"*/{FIGURES}"))
    faults = {code: fault("POOL-COUNCIL-UNKNOWN", f"{code}/{FIGURES}") for code in known}
    rows, used = 0, set[str]()
    for code in sorted(codes):
        faults.pop(code, None)
        source, target = folders / code / FIGURES, figures / f"{code}.parquet"
        wrong = _wrong(source, code)
        if wrong:
            faults[code] = fault(wrong, f"{code}/{FIGURES}")
            continue
        _write(target, _typed(COLUMNS, f"read_parquet('{_literal(source)}')"))
        [(count,)] = _asked(f"select count(*) from '{_literal(target)}'")
        rows += count
        used.add(code)
    for old in figures.glob("*.parquet"):
        if old.stem not in used and old.stem != "_empty":
            old.unlink()
    return Gathered(rows, tuple(sorted(used)), tuple(faults[code] for code in sorted(faults)))


def _wrong(source: Path, code: str) -> str:
    """The code of what is wrong with a council's file; empty where nothing is."""
    import duckdb

    if not source.is_file():
        return "POOL-FIGURES-MISSING"
    empty = " or ".join(f"{name} is null" for name in COLUMNS if name not in _MAY_BE_EMPTY)
    try:
        [(foreign, holes, rows, keys)] = _asked(
            f"""
            select
                count(*) filter (geography_code is distinct from '{code}'),
                count(*) filter ({empty}),
                count(*),
                count(distinct ({", ".join(_KEY)}))
            from ({_typed(COLUMNS, f"read_parquet('{_literal(source)}')")})
            """
        )
    except (duckdb.Error, OSError):
        # its own words could quote a cell
        return "POOL-FIGURES-UNREADABLE"
    if foreign:
        return "POOL-FIGURES-FOREIGN"
    if holes or not rows:
        return "POOL-FIGURES-UNREADABLE"
    return "POOL-FIGURES-REPEATED" if keys < rows else ""


def _typed(columns: dict[str, str], source: str, *, of_nulls: bool = False) -> str:
    cells = ", ".join(
        f"cast({'null' if of_nulls else name} as {kind}) as {name}"
        for name, kind in columns.items()
    )
    return f"select {cells} from {source}"


def _write(target: Path, query: str) -> None:
    import duckdb

    with put_in_place(target) as temporary:
        duckdb.execute(f"copy ({query}) to '{_literal(temporary)}' (format parquet)")


def _asked(query: str) -> list[tuple]:
    import duckdb

    return duckdb.execute(query).fetchall()


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
