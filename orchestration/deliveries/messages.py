"""Every finding of a check-in: its code, its fixed texts and its one-line form.

No text here or built from here ever holds a cell's value, a delivered header or a file name that
is not the contract's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Outcome = Literal["refuse", "quarantine", "warn", "stop"]


@dataclass(frozen=True)
class CodeText:
    """The fixed texts of a code. `do` is the one recovery step for whoever reads the message.

    Outcome `refuse` refuses the file, `quarantine` sets rows aside, `warn` accepts and says so,
    `stop` is a fault of the system and not of the delivery.
    """

    level: Literal["file", "row"]
    outcome: Outcome
    what: str
    expected: str
    do: str


@dataclass(frozen=True)
class Finding:
    """One thing found in a delivery. `line` is the first line concerned, `count` how many."""

    code: str
    line: int | None
    column: str | None
    what: str
    expected: str
    do: str
    count: int = 1
    file: str = ""
    meanwhile: str = ""

    def __str__(self) -> str:
        """`CODE | file | line | column | what | expected | what to do | what happens meanwhile`"""
        where = "-" if self.line is None else f"line {self.line}"
        what = self.what if self.count == 1 else f"{self.what} ({self.count} times, first here)"
        parts = (self.code, self.file, where, self.column or "-", what, self.expected, self.do)
        return " | ".join((*parts, self.meanwhile))

    def placed(self, file: str, meanwhile: str) -> "Finding":
        """The same finding, with the file it is about and what happens meanwhile."""
        return replace(self, file=file, meanwhile=meanwhile)


def finding(
    code: str,
    *,
    line: int | None = None,
    column: str | None = None,
    what: str | None = None,
    expected: str | None = None,
    count: int = 1,
) -> Finding:
    """A finding with the texts of its code; `what` and `expected` may be made more precise."""
    text = CODES[code]
    return Finding(code, line, column, what or text.what, expected or text.expected, text.do, count)


def _file(what: str, expected: str, do: str) -> CodeText:
    return CodeText("file", "refuse", what, expected, do)


def _row(what: str, expected: str, do: str) -> CodeText:
    return CodeText("row", "quarantine", what, expected, do)


_EXPORT_AGAIN = "export the file again from the source system and put it in place of this one"
_SAVE_AS_CSV = "save the sheet as 'CSV UTF-8 (comma delimited)' and put that file in place"
_CORRECT_ROW = "correct these rows at the source and deliver the whole file again"

CODES: Mapping[str, CodeText] = MappingProxyType(
    {
        # The file as a whole
        "FILE-MISSING": _file(
            "no file was delivered for this month",
            "one file of this name in the month's folder",
            "ask the council for the file and put it in the month's folder",
        ),
        "FILE-TYPE": _file(
            "not an ordinary file (a link, a folder or a device)",
            "an ordinary file",
            "put the file itself in the month's folder, not a link to it",
        ),
        "FILE-PERMISSION": _file(
            "the file cannot be opened for reading",
            "a file that the pipeline's user may read",
            "give the pipeline's user the right to read the file and its folder",
        ),
        "FILE-NAME": _file(
            "the file does not have the extract's name",
            "the extract's name and .csv, with nothing added",
            "rename the file",
        ),
        "FILE-NOT-STABLE": _file(
            "the file changed while it was read",
            "a file that is completely written",
            "wait until copying has ended, then check the month in again",
        ),
        "FILE-SIZE": _file(
            "the file is larger than the limit",
            "a file below the size limit",
            "check what was exported; an extract is some megabytes at most",
        ),
        "FILE-EMPTY": _file("the file has 0 bytes", "a header line and rows", _EXPORT_AGAIN),
        "FILE-FORMAT": _file(
            "a spreadsheet, an archive or another binary format, not CSV",
            "plain CSV in UTF-8",
            _SAVE_AS_CSV,
        ),
        "FILE-ENCODING": _file(
            "bytes that are not UTF-8",
            "text in UTF-8",
            _SAVE_AS_CSV,
        ),
        "FILE-CONTROL-CHAR": _file(
            "a control character, as left by a crashed copy or by UTF-16 without its mark",
            "text without control characters",
            _EXPORT_AGAIN,
        ),
        "FILE-LINE-ENDS": _file(
            "line ends of different kinds, or carriage returns alone",
            "every line ended in the same way, by LF or by CR LF",
            "do not join files by hand; " + _EXPORT_AGAIN,
        ),
        "FILE-NO-ROWS": _file(
            "a header line and no rows", "at least one row below the header", _EXPORT_AGAIN
        ),
        "HEADER-MISSING": _file(
            "the first line is empty",
            "the column names in the first line",
            _EXPORT_AGAIN,
        ),
        "HEADER-COLUMNS": _file(
            "the first line does not name the contract's columns",
            "the column names of the contract, separated by commas, in any order",
            "give the columns their names from the contract in the first line of the file",
        ),
        "HEADER-DUPLICATE": _file(
            "two columns have the same name",
            "each column name once",
            "remove or rename the second column",
        ),
        "ROW-WIDTH": _file(
            "a row with another number of fields than the header",
            "as many fields as the header; a comma inside a field needs quotes around the field",
            _EXPORT_AGAIN,
        ),
        "ROW-QUOTING": _file(
            "quotes that do not follow the CSV rules, or a quote that is never closed",
            'quotes around a whole field; a quote inside such a field written twice ("")',
            _EXPORT_AGAIN,
        ),
        "ROW-HEADER-AGAIN": _file(
            "the header line again, as if two files had been joined",
            "one header, in the first line",
            "deliver one export, not several joined ones",
        ),
        "FIELD-SIZE": _file(
            "a field or a line of unusual length, as after a quote that is never closed",
            "at most 32,767 characters in a field and 1,000,000 bytes in a row",
            _EXPORT_AGAIN,
        ),
        "READER-DISAGREES": _file(
            "the two readers do not find the same rows in the file",
            "the same number of rows in both",
            _EXPORT_AGAIN + "; if it comes again, keep the file and tell the maintainers",
        ),
        "FILE-CUT-SHORT": _file(
            "fewer rows than extract_manifest.csv says were extracted, or an end in mid-row",
            "the whole file that the manifest describes",
            _EXPORT_AGAIN,
        ),
        "CODE-UNMAPPED-HELD": _file(
            "codes that neither the contract nor the code maps know, in too many rows",
            "unknown codes in at most 5 rows, or 1 % of the rows if that is more",
            "add the codes of this column to ref_code_maps.csv and check the month in again",
        ),
        "VOLUME-DROP": _file(
            "far fewer or far more rows than in the delivery accepted last",
            "between 30 % fewer and 50 % more rows",
            "export the file again; if the number is right, add this delivery to "
            "seeds/released_deliveries.csv and check the month in again",
        ),
        "AS-AT-OLDER": _file(
            "an older extract than the one accepted for this month",
            "data_as_at on or after that of the delivery in use",
            "deliver the newest extract of the month",
        ),
        "TOO-MANY-BAD-ROWS": _file(
            "more rows are faulty than may be set aside, or none is good",
            "at most 5 faulty rows, or 1 % of the rows if that is more, and a good row",
            "correct the faults listed with this one and deliver the whole file again",
        ),
        # Single rows
        "ROW-BLANK": _row(
            "a row of empty fields", "a row with its columns filled", "delete the empty rows"
        ),
        "FIELD-MISSING": _row("an empty field", "a field that is filled", _CORRECT_ROW),
        "DATE-FORMAT": _row(
            "not a date that can be read with certainty",
            "a date as YYYY-MM-DD or DD/MM/YYYY",
            "format the column as a date with a four-digit year and deliver the whole file again",
        ),
        "DATE-IMPOSSIBLE": _row("a day that does not exist", "a day of the calendar", _CORRECT_ROW),
        "DATE-RANGE": _row(
            "a date too long ago or too far ahead to be meant",
            "a date in the range of the contract",
            _CORRECT_ROW,
        ),
        "DATE-FUTURE": _row(
            "a date after the last day that the delivery covers",
            "a date up to data_as_at in extract_manifest.csv, or else to the end of the month",
            "correct the date, or deliver the file into the folder of its own month",
        ),
        "END-BEFORE-START": _row(
            "an end before its start", "an end on or after its start", _CORRECT_ROW
        ),
        "BEFORE-BIRTH": _row(
            "an event of a child more than ten months before its birth",
            "a date within the ten months before the date of birth or after it",
            _CORRECT_ROW,
        ),
        "AFTER-DEATH": _row(
            "an event of a child after its death", "a date up to the date of death", _CORRECT_ROW
        ),
        "AGE-RANGE": _row(
            "an event of somebody who was 26 or older",
            "an event of a child or of a young person up to 25",
            "correct the date of birth or this date and deliver both files again",
        ),
        "ID-NUMERIC": _row(
            "a number that was taken for an amount: it ends with a point and noughts",
            "the number as the source system shows it",
            "export the column as text and deliver the whole file again",
        ),
        "ID-SCIENTIFIC": _row(
            "a number that was shortened to powers of ten",
            "the number as the source system shows it",
            "export the column as text, not through a spreadsheet, and deliver the file again",
        ),
        "NUMBER-FORMAT": _row(
            "not a number",
            "digits, with a decimal point if needed and at most 12 digits before it; commas only "
            "between thousands; no sign for per cent or currency",
            _CORRECT_ROW,
        ),
        "NUMBER-RANGE": _row(
            "a number outside its range", "a number that the column can have", _CORRECT_ROW
        ),
        "CODE-NOT-ALLOWED": _row(
            "a code that is not in the contract", "a code of the contract", _CORRECT_ROW
        ),
        "INDICATOR-UNKNOWN": _row(
            "an indicator id that is not in the catalogue",
            "an id of the indicator catalogue",
            "correct the id, or add the indicator to the catalogue, and check the file in again",
        ),
        "GEOGRAPHY-UNKNOWN": _row(
            "a geography code that is not in the list of authorities and regions",
            "a nine-character GSS code of that list",
            "correct the code, or add the authority to the list, and check the file in again",
        ),
        "PERIOD-MISMATCH": _row(
            "the two dates are not the whole period that period_type names",
            "the first and last day of the period",
            _CORRECT_ROW,
        ),
        "PERIOD-FREQUENCY": _row(
            "a period shorter than the indicator is reported for",
            "a year",
            "deliver the figure of the whole year only",
        ),
        "FIGURE-MISSING": _row(
            "no figure, or only part of one", "a value, or numerator and denominator", _CORRECT_ROW
        ),
        "FIGURE-DISAGREES": _row(
            "numerator, denominator and value contradict each other",
            "a value that follows from numerator and denominator",
            _CORRECT_ROW,
        ),
        "PERSON-FORGOTTEN": _row(
            "a row of somebody who is to be forgotten, dropped and stored nowhere",
            "no row of that person",
            "take the person out of the source system, or out of the query",
        ),
        "KEY-CONFLICT": _row(
            "rows of the same key that contradict each other",
            "one row for each key",
            "find out which row is right, delete the others and deliver the whole file again",
        ),
        # Accepted, with a remark
        "ROW-DUPLICATE": CodeText(
            "row",
            "warn",
            "a row that repeats an earlier one",
            "each row once",
            "nothing now; check whether the export joins a table twice",
        ),
        "OVERLAP": CodeText(
            "row",
            "warn",
            "a row that begins before an earlier one of the same child has ended",
            "one after the other",
            "correct the dates at the source; figures count the child once",
        ),
        "OPEN-TWICE": CodeText(
            "row",
            "warn",
            "a second open row of the same child",
            "one open row for each child",
            "close the one that has ended; figures count the child once",
        ),
        "TEXT-MOJIBAKE": CodeText(
            "file",
            "warn",
            "letters that were read in another encoding than they were written in",
            "letters with accents and apostrophes as in the source system",
            "export the file as UTF-8 from the source system, not through another program",
        ),
        "FILE-NAME-COPY": CodeText(
            "file",
            "warn",
            "a file named as a copy, read as the extract",
            "the extract's name and .csv, with nothing added",
            "rename the file, and see that it is the newest",
        ),
        "OUT-OF-ORDER": CodeText(
            "file",
            "warn",
            "a delivery of an earlier month than the one in use",
            "deliveries in the order of their months",
            "nothing: it is kept, and the newer one stays in use",
        ),
        "AS-AT-FUTURE": CodeText(
            "file",
            "warn",
            "a file dated after the day on which it was received",
            "a data_as_at and a file date up to that day",
            "check the clock of the source system and the manifest",
        ),
        "ID-CHURN": CodeText(
            "row",
            "warn",
            "numbers of people of the last delivery that are no longer there",
            "at least 80 % of them",
            "ask whether people were merged or renumbered: histories no longer join",
        ),
        "COLUMN-ALIAS": CodeText(
            "file",
            "warn",
            "a column under its name of another system or version",
            "the contract's name",
            "nothing now; use a newer script of the case system when there is one",
        ),
        "COLUMN-UNKNOWN": CodeText(
            "file",
            "warn",
            "a column that is not in the contract",
            "only the contract's columns",
            "leave the column out of the export",
        ),
        "COLUMN-ABSENT": CodeText(
            "file",
            "warn",
            "a column that older scripts lack is not there, and is read as empty",
            "every column of the contract",
            "nothing now; use a newer script of the case system when there is one",
        ),
        "CODE-UNKNOWN": CodeText(
            "row",
            "warn",
            "a code that neither the contract nor the code maps know",
            "a code of the contract",
            "add the code to ref_code_maps.csv, or correct it at the source",
        ),
        "FK-ORPHAN": CodeText(
            "row",
            "warn",
            "a key that is not in the extract it refers to, read as empty",
            "a key of that extract",
            "nothing, if the other extract reaches less far back; else correct it at the source",
        ),
        "JSON-UNREADABLE": CodeText(
            "row",
            "warn",
            "JSON that cannot be read, so its flags are empty",
            "JSON as the SSD script writes it",
            "check that the export does not cut long fields",
        ),
        "LOOK-UP-MISSED": CodeText(
            "row",
            "warn",
            "a value that the reference file does not hold, so its place is unknown",
            "a value of the reference file",
            "add the value to the reference file",
        ),
        "MANIFEST-DIFFERS": CodeText(
            "file",
            "warn",
            "the file is not the one that extract_manifest.csv describes",
            "the number of rows and the checksum of the manifest",
            "write the manifest last, after every change to the files",
        ),
        "AS-AT-MIXED": CodeText(
            "file",
            "warn",
            "the extracts of this delivery cover the data up to different days",
            "one data_as_at for all extracts of a delivery",
            "extract all tables on the same day",
        ),
        "FILE-NO-EOL": CodeText(
            "file",
            "warn",
            "the last line has no line end",
            "a line end after the last row",
            "check that the last row is complete",
        ),
        "NULL-TOKEN": CodeText(
            "row",
            "warn",
            "a word or sign for 'no figure', read as empty",
            "an empty field",
            "leave such fields empty",
        ),
        "TEXT-TRIM": CodeText(
            "row",
            "warn",
            "spaces around a code, a date or a number, removed",
            "the bare code, date or number",
            "nothing now; remove the spaces at the source",
        ),
        "DUP-DELIVERY": CodeText(
            "file",
            "warn",
            "the same bytes as the delivery accepted last for this month",
            "a new file when there is something new",
            "nothing",
        ),
        "SUPERSEDED": CodeText(
            "file",
            "warn",
            "another delivery was accepted for this month before",
            "one delivery a month, or a correction",
            "nothing, if this is the correction that was meant",
        ),
        # The system itself
        "CHECK-IN-FAILED": CodeText(
            "file",
            "stop",
            "the check-in could not be carried out",
            "a data folder with space that can be written to",
            "make room, or give the pipeline's user the right to write there, and run it again",
        ),
        "LANDING-GONE": CodeText(
            "file",
            "stop",
            "the drop folder is empty or is not there",
            "a drop folder with a folder for each month",
            "mount it again, or put the deliveries back, and run it again",
        ),
        "SOURCE-UNREADABLE": CodeText(
            "file",
            "stop",
            "the source database cannot be read",
            "a database at KPI_SOURCE_URL, its driver, and the right to read the extract's table",
            "check address, account, network and the extract's query, then run it again",
        ),
        "KEY-UNUSABLE": CodeText(
            "file",
            "stop",
            "the key of the person hashes is lost or too short",
            "KPI_PSEUDONYM_KEY, or data/keys/pseudonym.key, with at least 32 characters",
            "restore the key from the backup; another key makes other hashes",
        ),
        "ROWS-UNACCOUNTED": CodeText(
            "file",
            "stop",
            "rows loaded, set aside and repeated do not add up to the rows of the file",
            "rows in file = loaded + quarantined + exact duplicates",
            "keep the file and tell the maintainers: this is a fault of the check-in",
        ),
        "LEDGER-UNREADABLE": CodeText(
            "file",
            "stop",
            "a receipt in the ledger cannot be read",
            "the receipt as it was written",
            "restore data/ledger from the backup",
        ),
    }
)
