"""The XML file of an SSDA903 return: a CHILD with a HEADER and an EPISODE for each of its episodes.

The header holds what a child has once, and groups of elements of what it may have more than once.
Which table a group is of is seen from its elements.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import Format, Look, Reading, UnreadableError
from orchestration.deliveries.readers.ssda903.extracts import reading
from orchestration.deliveries.readers.ssda903.tables import COLUMNS, OWN
from orchestration.deliveries.readers.xml_records import records, root_of

_ROOT = "EXPSSDA903"
_NAMES = {"PLACE": "PL"}
_ELEMENTS = {
    table: tuple(_NAMES.get(name, name) for name in names[1:]) for table, names in COLUMNS.items()
}
_ONCE = {"uasc": "UASC", "oc3": "IN_TOUCH", "ad1": "DATE_INT"}
_TABLE_OF = {_NAMES.get(name, name): table for table, own in OWN.items() for name in own}
Cells = dict[str, str]
Rows = dict[str, list[tuple[object, ...]]]


def part_of(look: Look) -> str:
    return "xml" if root_of(look) == _ROOT else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The file of one return. Raises `UnreadableError`."""
    rows: Rows = {table: [] for table in COLUMNS}
    for file in files["xml"]:
        for number, child in enumerate(records(file, {"CHILD"}), 1):
            _add(rows, child, number)
    if not rows["header"]:
        raise UnreadableError(finding("RETURN-LAYOUT", what="there is no element CHILD in it"))
    # a table of which nothing is there was left out, or did not yet exist
    return reading({table: _frame(table, found) for table, found in rows.items() if found})


def _add(rows: Rows, child: Element, number: int) -> None:
    """The rows of one child, each as its number, the child and the cells."""
    header: Cells = {}
    groups: list[Element] = []
    for element in child:
        if element.tag == "HEADER":
            for each in element:
                if len(each):
                    groups.append(each)
                else:
                    header[each.tag] = each.text or ""
        else:
            groups.append(element)
    who = header.get("CHILDID")
    _keep(rows, "header", number, who, header)
    for table, name in _ONCE.items():
        if header.get(name) not in (None, "", "0"):
            _keep(rows, table, number, who, header)
    for group in groups:
        cells = {each.tag: each.text or "" for each in group}
        for name in cells:
            if name in _TABLE_OF:
                _keep(rows, _TABLE_OF[name], number, who, cells)
                break


def _keep(rows: Rows, table: str, number: int, who: str | None, cells: Cells) -> None:
    # tuples of text, as the collector of garbage would look through dictionaries over and over
    rows[table].append((number, who, *map(cells.get, _ELEMENTS[table])))


def _frame(table: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """An element that no row has is no column. A row's line is the number of its child."""
    names = ("line", *COLUMNS[table])
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    there = {name for name, cells in columns.items() if any(cell is not None for cell in cells)}
    return pd.DataFrame({name: columns[name] for name in names if name in there | {"CHILD"}})


FORMAT = Format("ssda903", part_of, read)
