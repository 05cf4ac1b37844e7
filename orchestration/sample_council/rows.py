"""Rows gathered column by column, in the order and the types of the contract."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


class Rows:
    """The rows of one extract."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types
        self._cells: dict[str, list[Any]] = {name: [] for name in types}

    def add(self, **cells: Any) -> None:
        """Add a row; a column left out is empty. Raises `KeyError` for one not in the contract."""
        for name, column in self._cells.items():
            column.append(cells.pop(name, None))
        if cells:
            raise KeyError(f"not in the contract: {', '.join(cells)}")

    def __len__(self) -> int:
        return len(next(iter(self._cells.values())))

    def put(self, place: int, **cells: Any) -> None:
        """Overwrite cells of the row at `place`."""
        for name, value in cells.items():
            self._cells[name][place] = value

    def repeat(self, place: int) -> None:
        """Add the row at `place` once more."""
        for column in self._cells.values():
            column.append(column[place])

    def cell(self, place: int, name: str) -> Any:
        return self._cells[name][place]

    def values(self, ending: str) -> set[Any]:
        """Every value of the columns whose names end like this."""
        named = (cells for name, cells in self._cells.items() if name.endswith(ending))
        return {value for cells in named for value in cells}

    def frame(self) -> "pandas.DataFrame":
        """The rows as columns of dates, numbers and text; an empty cell is missing."""
        import pandas

        return pandas.DataFrame(
            {name: _typed(self._types[name], values) for name, values in self._cells.items()}
        )


class Tables:
    """Rows by extract, one table for every extract of the contract."""

    def __init__(self, contract: Mapping[str, Mapping[str, str]]) -> None:
        self._rows = {extract: Rows(types) for extract, types in contract.items()}

    def __getitem__(self, extract: str) -> Rows:
        return self._rows[extract]

    def values(self, ending: str) -> set[Any]:
        """Every value of the columns whose names end like this."""
        return {value for rows in self._rows.values() for value in rows.values(ending)}

    def frames(self, wanted: Sequence[str]) -> dict[str, "pandas.DataFrame"]:
        """A frame for each extract of `wanted`."""
        return {extract: self._rows[extract].frame() for extract in wanted}


def _typed(kind: str, values: list[Any]) -> Any:
    import numpy
    import pandas

    if kind in ("date", "datetime"):
        return numpy.array(values, dtype="datetime64[s]")
    if kind == "decimal":
        return numpy.array(values, dtype="float64")
    if kind == "integer":
        return pandas.array(values, dtype="Int64")
    return numpy.array(values, dtype=object)
