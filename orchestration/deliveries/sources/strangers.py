"""Files in the drop folder that no extract is read from, and what each of them may be.

Nothing that lies there is passed over in silence. What a file is, is seen from its content; its
name could be a child's, so that messages say where it stands among the names of its folder, and a
list for the owner of the data alone has the names.
"""

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.gate.header import by_contract, normal_name
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Look
from orchestration.deliveries.readers.ssda903.tables import table_of
from orchestration.deliveries.sources.returns import beside_extracts
from orchestration.files import put_in_place

# Half of the columns of a table make it that table, and never one alone.
_ALIKE = 0.5
_FEWEST = 2
_RETURNS = {
    "CLA": "the SSDA903 return",
    "SSDA903": "the SSDA903 return",
    "SWF": "the school workforce census",
}
# What goes from one school to the next with a pupil who moves: not all of an area's pupils, none of
# an exclusion's days, and of SEN what a school knows.
_TRANSFER = re.compile(r"<(?:\w+:)?[AC]Tfile[\s>]", re.IGNORECASE)
_AS_EXTRACTS = "export the tables of docs/what-to-send-us.md instead, which it does not replace yet"


@dataclass(frozen=True)
class Stranger:
    """A file that nothing is read from: which one, what it may be, and what to do with it."""

    file: Path
    place: str
    may_be: str
    do: str

    def finding(self) -> Finding:
        """As a message, without the file's name."""
        found = finding("FILE-UNKNOWN", what=f"nothing is read from this file: {self.may_be}")
        return found.placed(self.place, "the file stays where it is and no figure is made of it")


def strangers(
    incoming: Path, today: date, extracts: Collection[Extract] = EXTRACTS.values()
) -> list[Stranger]:
    """Every file below the drop folder that neither an extract nor a return is read from, in the
    order of their names."""
    found = []
    for file, month, place in beside_extracts(incoming, today, extracts):
        look = look_at(file)
        if look and recognised(look):
            continue
        kind = file.suffix if re.fullmatch("[.][A-Za-z0-9]{1,5}", file.suffix) else "no ending"
        may_be, do = guessed(file, look, extracts, bool(month))
        found.append(Stranger(file, f"{place} ({kind})", may_be, do))
    return found


def list_strangers(found: Sequence[Stranger], target: Path) -> None:
    """Write the names, for the owner of the data alone; no file where there are none."""
    if not found:
        target.unlink(missing_ok=True)
        return
    with (
        put_in_place(target, forbidden=0o077) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as opened,
    ):
        writer = csv.writer(opened)
        writer.writerow(("file", "what it may be", "what to do"))
        writer.writerows((str(each.file), each.may_be, each.do) for each in found)


def guessed(
    file: Path,
    look: Look | None,
    extracts: Collection[Extract] = EXTRACTS.values(),
    is_of_a_month: bool = True,
) -> tuple[str, str]:
    """What a file may be that nothing is read from, and what to do with it."""
    if look is None:
        if file.is_symlink() or not file.is_file():
            return "a link or a device", "put the file itself there"
        return "it cannot be opened", "give the pipeline's user the right to read it"
    if look.beginning.startswith(b"PK\x03\x04"):
        return _zipped(look)
    if look.beginning.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old or an encrypted workbook", "save it as .xlsx without a password"
    if look.beginning.startswith(b"\x1f\x8b"):
        return "a packed file of no extract, or a damaged one", "put the file itself there"
    if look.beginning.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8")):
        return "a document or a picture", "take it out of the drop folder"
    if look.text.lstrip().startswith("<"):
        return _marked_up(look.text)
    if look.text.lstrip().startswith(("{", "[")):
        return "JSON, but not of the daily payload", _AS_EXTRACTS
    return _table(file.name, look.text, extracts, is_of_a_month)


def _zipped(look: Look) -> tuple[str, str]:
    if not look.members:
        return "a damaged archive or workbook", "export it again"
    if "xl/workbook.xml" not in look.members:
        return "an archive or an office document", "put the files themselves there"
    return "a workbook", "name each sheet as its extract, or save it as CSV UTF-8"


def _marked_up(text: str) -> tuple[str, str]:
    if re.match(r"\s*<(!doctype html|html)", text, re.IGNORECASE):
        return "a web page, as a sign-in page that was saved", "download the file again"
    if _TRANSFER.search(text):
        told = "a transfer file of schools (CTF, ATF), which is known and gives no figure"
        return f"{told}: it has the pupils who change school", "take it out of the drop folder"
    told = re.search(r"<(?:\w+:)?Collection>\s*(\w+)\s*</", text)
    if told and told[1].upper() in _RETURNS:
        return f"{_RETURNS[told[1].upper()]}, as XML", _AS_EXTRACTS
    return "XML", _AS_EXTRACTS


def _table(
    name: str, text: str, extracts: Collection[Extract], is_of_a_month: bool
) -> tuple[str, str]:
    """A table by its header: an extract under another name, one that is not separated by commas, or
    none that is known."""
    header = next(iter(text.lstrip("\ufeff").splitlines()), "")
    separator = max(",;\t|", key=header.count)
    cells = next(csv.reader(io.StringIO(header), delimiter=separator), [])
    names = [normal_name(cell) for cell in cells]
    if separator != "," and (table := table_of(cells)):
        told = f"the table {table} of the SSDA903 return, not separated by commas"
        return told, "save it as CSV with commas"
    if "lachildid" in names:
        return "a table of the children in need census", "put the census itself there, as XML"
    if any(name.endswith("tableid") for name in names):
        told = "a table of the school census as the collection gives it out"
        return told, "put the schools' own files there, as XML"
    shared = {
        extract: len({*by_contract(names, extract, ())} & {*extract.column_names})
        for extract in extracts
    }
    alike = {
        extract.name: count / len(extract.columns)
        for extract, count in shared.items()
        if count >= _FEWEST
    }
    best = max(alike, key=lambda name: alike[name], default="")
    if best and alike[best] >= _ALIKE:
        if not is_of_a_month:
            return (
                f"{best}.csv outside a month's folder",
                f"put it into its month's folder as {best}.csv",
            )
        if separator != ",":
            return f"{best}.csv, not separated by commas", f"save it as {best}.csv with commas"
        if name == f"{best}.csv":
            told = f"{best}.csv in a folder inside its month's"
            return told, "move it up into its month's folder, unless one lies there"
        return f"{best}.csv under another name", f"rename it to {best}.csv, unless that lies there"
    return "no table that we know", "see docs/what-to-send-us.md for what can be sent"
