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
_NAMES = {"CHILDID": "CHILD", "PL": "PLACE"}
_ONCE = {"uasc": "UASC", "oc3": "IN_TOUCH", "ad1": "DATE_INT"}
_TABLE_OF = {name: table for table, own in OWN.items() for name in own}


def part_of(look: Look) -> str:
    return "xml" if root_of(look) == _ROOT else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The file of one return. Raises `UnreadableError`."""
    rows: dict[str, list[dict[str, str | None]]] = {table: [] for table in COLUMNS}
    for file in files["xml"]:
        for number, child in enumerate(records(file, {"CHILD"}), 1):
            _add(rows, child, number)
    if not rows["header"]:
        raise UnreadableError(finding("RETURN-LAYOUT", what="there is no element CHILD in it"))
    # a table of which nothing is there was left out, or did not yet exist
    return reading({table: _frame(table, found) for table, found in rows.items() if found})


def _add(rows: dict[str, list[dict[str, str | None]]], child: Element, number: int) -> None:
    """The rows of one child; a row's line is the number of its child."""
    header: dict[str, str | None] = {}
    groups: list[Element] = []
    for element in child:
        if element.tag == "HEADER":
            for each in element:
                if len(each):
                    groups.append(each)
                else:
                    header[_NAMES.get(each.tag, each.tag)] = each.text
        elif len(element):
            groups.append(element)
    of_child = {"CHILD": header.get("CHILD"), "DOB": header.get("DOB"), "line": str(number)}
    rows["header"].append(header | of_child)
    for table, name in _ONCE.items():
        if header.get(name) not in (None, "", "0"):
            rows[table].append(header | of_child)
    for group in groups:
        cells = {_NAMES.get(each.tag, each.tag): each.text for each in group}
        for name in cells:
            if name in _TABLE_OF:
                rows[_TABLE_OF[name]].append(cells | of_child)
                break


def _frame(table: str, rows: list[dict[str, str | None]]) -> pd.DataFrame:
    """Elements that no row has are no column; those that are empty everywhere are one."""
    names = [name for name in (*COLUMNS[table], "line") if any(name in row for row in rows)]
    frame = pd.DataFrame({name: [row.get(name) for row in rows] for name in names}, dtype=object)
    return frame.fillna("").assign(line=frame["line"].astype(int))


FORMAT = Format("ssda903", part_of, read)
