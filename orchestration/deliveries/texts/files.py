"""Files that are refused as a whole."""

from orchestration.deliveries.texts.code_text import CodeText, of_file

_EXPORT_AGAIN = "export the file again from the source system and put it in place of this one"
_SAVE_AS_CSV = "save the sheet as 'CSV UTF-8 (comma delimited)' and put that file in place"

FILES: dict[str, CodeText] = {
    "FILE-MISSING": of_file(
        "no file was delivered for this month",
        "one file of this name in the month's folder",
        "ask the council for the file and put it in the month's folder",
    ),
    "FILE-TYPE": of_file(
        "not an ordinary file (a link, a folder or a device)",
        "an ordinary file",
        "put the file itself in the month's folder, not a link to it",
    ),
    "FILE-PERMISSION": of_file(
        "the file cannot be opened for reading",
        "a file that the pipeline's user may read",
        "give the pipeline's user the right to read the file and its folder",
    ),
    "FILE-NAME": of_file(
        "the file does not have the extract's name",
        "the extract's name and .csv, with nothing added",
        "rename the file",
    ),
    "FILE-NOT-STABLE": of_file(
        "the file changed while it was read",
        "a file that is completely written",
        "wait until copying has ended, then check the month in again",
    ),
    "FILE-SIZE": of_file(
        "the file is larger than the limit",
        "a file below the size limit",
        "check what was exported: an extract is some megabytes at most; if it is right, set "
        "KPI_MAX_FILE higher",
    ),
    "FILE-EMPTY": of_file("the file has 0 bytes", "a header line and rows", _EXPORT_AGAIN),
    "FILE-FORMAT": of_file(
        "a spreadsheet, an archive or another binary format, not CSV",
        "plain CSV in UTF-8",
        _SAVE_AS_CSV,
    ),
    "FILE-ENCODING": of_file(
        "bytes that are not UTF-8",
        "text in UTF-8",
        _SAVE_AS_CSV,
    ),
    "FILE-CONTROL-CHAR": of_file(
        "a control character, as left by a crashed copy or by UTF-16 without its mark",
        "text without control characters",
        _EXPORT_AGAIN,
    ),
    "FILE-LINE-ENDS": of_file(
        "line ends of different kinds, or carriage returns alone",
        "every line ended in the same way, by LF or by CR LF",
        "do not join files by hand; " + _EXPORT_AGAIN,
    ),
    "FILE-NO-ROWS": of_file(
        "a header line and no rows", "at least one row below the header", _EXPORT_AGAIN
    ),
    "HEADER-MISSING": of_file(
        "the first line is empty",
        "the column names in the first line",
        _EXPORT_AGAIN,
    ),
    "HEADER-COLUMNS": of_file(
        "the first line does not name the contract's columns",
        "the column names of the contract, separated by commas, in any order",
        "give the columns their names from the contract in the first line of the file",
    ),
    "HEADER-DUPLICATE": of_file(
        "two columns have the same name",
        "each column name once",
        "remove or rename the second column",
    ),
    "ROW-WIDTH": of_file(
        "a row with another number of fields than the header",
        "as many fields as the header; a comma inside a field needs quotes around the field",
        _EXPORT_AGAIN,
    ),
    "ROW-QUOTING": of_file(
        "quotes that do not follow the CSV rules, or a quote that is never closed",
        'quotes around a whole field; a quote inside such a field written twice ("")',
        _EXPORT_AGAIN,
    ),
    "ROW-HEADER-AGAIN": of_file(
        "the header line again, as if two files had been joined",
        "one header, in the first line",
        "deliver one export, not several joined ones",
    ),
    "FIELD-SIZE": of_file(
        "a field or a line of unusual length, as after a quote that is never closed",
        "at most 32,767 characters in a field and 1,000,000 bytes in a row",
        _EXPORT_AGAIN,
    ),
    "READER-DISAGREES": of_file(
        "the two readers do not find the same rows in the file",
        "the same number of rows in both",
        _EXPORT_AGAIN + "; if it comes again, keep the file and tell the maintainers",
    ),
    "FILE-CUT-SHORT": of_file(
        "fewer rows than extract_manifest.csv says were extracted, or an end in mid-row",
        "the whole file that the manifest describes",
        _EXPORT_AGAIN,
    ),
    "COUNCIL-OTHER": of_file(
        "the file of another council of the pool",
        "files of the council whose folder this is",
        "move it to the folder of the council that it is from; where that one was given it by "
        "mistake, take it back there first (make withdraw)",
    ),
    "VOLUME-DROP": of_file(
        "far fewer or far more rows than in the delivery accepted last",
        "between 30 % fewer and 50 % more rows",
        "export the file again; if the number is right, add this delivery to "
        "seeds/released_deliveries.csv and check the month in again",
    ),
    "CHILDREN-UNKNOWN": of_file(
        "many of its rows of the last year are about children who are not in ssd_person, so that "
        "figures would not count them",
        "at most 5 such rows, or 10 % of the rows of the last year if that is more",
        "deliver ssd_person and this file from the same system and day, with the same numbers of "
        "children (a spreadsheet takes noughts off their front); if the file is right, add this "
        "delivery to seeds/released_deliveries.csv and check the month in again",
    ),
    "AS-AT-OLDER": of_file(
        "an older extract than the one accepted for this month",
        "data_as_at on or after that of the delivery in use",
        "deliver the newest extract of the month",
    ),
    "AS-AT-AHEAD": of_file(
        "a last day that had not come when the file was received",
        "data_as_at in extract_manifest.csv up to the day on which it was received",
        "correct data_as_at in extract_manifest.csv",
    ),
    "FLAGS-UNKNOWN": of_file(
        "many answers to a question of yes or no are words that stand for neither",
        "Y or N in at least 99 % of the rows",
        "write Y or N in this column (or yes and no, true and false, 1 and 0) and deliver the file "
        "again",
    ),
    "DATE-MONTH-FIRST": of_file(
        "days that are written month first, among others that could be read either way",
        "dates as YYYY-MM-DD or DD/MM/YYYY",
        "format the column as a date of YYYY-MM-DD and deliver the whole file again",
    ),
    "TOO-MANY-BAD-ROWS": of_file(
        "more rows are faulty than may be set aside, or none is good",
        "at most 5 faulty rows, or 1 % of the rows if that is more, and a good row",
        "correct the faults listed with this one and deliver the whole file again",
    ),
}
