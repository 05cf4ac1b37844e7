"""What is accepted, with a remark."""

from orchestration.deliveries.texts.code_text import CodeText, remark

REMARKS: dict[str, CodeText] = {
    "ROW-DUPLICATE": remark(
        "row",
        "a row that repeats an earlier one",
        "each row once",
        "nothing now; check whether the export joins a table twice",
    ),
    "KEY-TWICE": remark(
        "row",
        "two rows of one key that differ: the fuller one is used",
        "each key once",
        "nothing now; join the two records at the source",
    ),
    "KEY-SHARED": remark(
        "row",
        "a number that rows of several children share; each of them is kept",
        "each number once, or once for each of the children that something happened to together",
        "nothing, where the case system numbers steps of siblings together; else look for the slip",
    ),
    "KEY-EMPTY": remark(
        "file",
        "the column that numbers the rows is empty throughout; they are numbered by their lines",
        "a number in each row",
        "nothing now; use a newer script of the case system when there is one",
    ),
    "KEY-SECOND": remark(
        "row",
        "a second number for what stands there already, the same in all else",
        "one number for each thing that happened",
        "see whether records were merged, or the export joins a table twice: nobody can tell, so "
        "figures count each number; where each did happen, nothing",
    ),
    "UNUSED-EMPTIED": remark(
        "row",
        "a value that cannot be read or cannot be right, in a column that no figure uses; read as "
        "empty",
        "a value of the column's kind",
        "nothing: no figure is touched by it",
    ),
    "OVERLAP": remark(
        "row",
        "a row that begins before an earlier one of the same child has ended",
        "one after the other",
        "correct the dates at the source; figures count the child once",
    ),
    "OPEN-TWICE": remark(
        "row",
        "a second open row of the same child",
        "one open row for each child",
        "close the one that has ended; figures count the child once",
    ),
    "DURATION-LONG": remark(
        "row",
        "an unusually long time between two dates, as when one of them is mistyped",
        "a time that is usual for the column",
        "check both dates at the source; if they are right, nothing",
    ),
    "TEXT-MOJIBAKE": remark(
        "file",
        "letters that were read in another encoding than they were written in",
        "letters with accents and apostrophes as in the source system",
        "export the file as UTF-8 from the source system, not through another program",
    ),
    "FILE-NAME-COPY": remark(
        "file",
        "a file named as a copy, read as the extract",
        "the extract's name and .csv, with nothing added",
        "rename the file, and see that it is the newest",
    ),
    "OUT-OF-ORDER": remark(
        "file",
        "a delivery of an earlier month than the one in use",
        "deliveries in the order of their months",
        "nothing: it is kept, and the newer one stays in use",
    ),
    "AS-AT-FUTURE": remark(
        "file",
        "a file dated after the day on which it was received",
        "a file date up to that day",
        "check the clock of the source system",
    ),
    "WINDOW-BY-START": remark(
        "file",
        "rows seem to have been left out by the day on which they began, so that "
        "there are too few of them for long after that day",
        "every row that ended or was still open on or after the first day of the extract",
        "choose rows by their end, or say in extract_manifest.csv (data_from) or in "
        "KPI_SOURCE_DATA_FROM from which day the extract is complete",
    ),
    "ROWS-END-EARLY": remark(
        "file",
        "no row of the last weeks that the delivery covers, at the pace of the year before many: "
        "as in the folder of another month, or drawn before the month was over",
        "rows up to the last day of the folder's month",
        "put the delivery into the folder of its month, or draw it again, and take this one back "
        "with make withdraw MONTH=YYYY-MM; if nothing came any more, nothing",
    ),
    "ROWS-NEVER-END": remark(
        "file",
        "no row of it has an end: all that ever began would count as open",
        "the day on which each ended, where it has",
        "export the ends, and deliver the whole file again; if it holds only what is open, nothing",
    ),
    "AS-AT-OTHER-MONTH": remark(
        "file",
        "extract_manifest.csv says of it a last day (data_as_at) of another month than that of its "
        "folder, and figures go by that day",
        "a day of the folder's month, or of the two weeks after it",
        "put the delivery into the folder of its month and take this one back with make withdraw "
        "MONTH=YYYY-MM; or mend data_as_at in extract_manifest.csv",
    ),
    "AS-AT-NOT-LATER": remark(
        "file",
        "a delivery that reaches no further than that of another month",
        "a data_as_at after that of the month before",
        "nothing, if this corrects that delivery; else mend data_as_at in extract_manifest.csv",
    ),
    "ID-CHURN": remark(
        "row",
        "numbers of people of the last delivery that are no longer there",
        "at least 80 % of them",
        "ask whether people were merged or renumbered: histories no longer join",
    ),
    "FILE-UNKNOWN": remark(
        "file",
        "nothing is read from this file",
        "the files of docs/what-to-send-us.md, each under its name in its month's folder",
        "data/quarantine/unknown_files.csv has its name and says what to do with it",
    ),
    "COUNCIL-NOT-IN-POOL": remark(
        "file",
        "a folder of a council that is not in the pool",
        "folders of councils of seeds/reference/pool.csv; without a pool, a folder for each month",
        "add the council to pool.csv, or take the folder out of the drop folder",
    ),
    "COUNCIL-TWICE": remark(
        "file",
        "a second folder of a council, under a code that it had before",
        "one folder for each council",
        "move the months of this folder into the other one",
    ),
    "MONTH-REFUSED": remark(
        "file",
        "a month that cannot be delivered",
        "a folder named YYYY-MM after a month that is over",
        "rename the folder to its right month, or wait until its month is over; take back what was "
        "accepted for it with make withdraw MONTH=YYYY-MM",
    ),
    "COLUMN-ALIAS": remark(
        "file",
        "a column under its name of another system or version",
        "the contract's name",
        "nothing now; use a newer script of the case system when there is one",
    ),
    "COLUMN-UNKNOWN": remark(
        "file",
        "a column that is not in the contract",
        "only the contract's columns",
        "leave the column out of the export",
    ),
    "COLUMN-ABSENT": remark(
        "file",
        "a column that older scripts lack is not there, and is read as empty",
        "every column of the contract",
        "nothing now; use a newer script of the case system when there is one",
    ),
    "CODE-UNKNOWN": remark(
        "row",
        "a code that neither the contract nor the code maps know",
        "a code of the contract",
        "add the code to ref_code_maps.csv, or correct it at the source",
    ),
    "MAP-UNUSED": remark(
        "row",
        "a row that says of a word what is no code of the column it names: it is not used",
        "a column as extract.column, and one of its codes in the contract",
        "correct the column or the code, as docs/what-to-send-us.md writes them",
    ),
    "TIME-MISSING": remark(
        "row",
        "a day without a time, in a row that says its times are real; only its days are read",
        "a day and a time to the minute",
        "format the columns as dates with times before the table is saved",
    ),
    "CODE-OUT-OF-YEAR": remark(
        "row",
        "a code that is not in the list of the collection year in which the row began",
        "a code of that year's list",
        "nothing now; correct it at the source before the return of that year",
    ),
    "CODES-UNMAPPED": remark(
        "row",
        "so many codes that neither the contract nor the code maps know, that the figures which "
        "need the column are left out",
        "unknown codes in at most 5 rows, or 1 % of the rows if that is more",
        "say what the words mean: data/quarantine/<extract>/<month>.codes_to_map.csv lists them as "
        "rows for ref_code_maps.csv",
    ),
    "FK-ORPHAN": remark(
        "row",
        "a key that is not in the extract it refers to, read as empty",
        "a key of that extract",
        "nothing, if the other extract reaches less far back; else correct it at the source",
    ),
    "JSON-UNREADABLE": remark(
        "row",
        "JSON that cannot be read, so its flags are empty",
        "JSON as the SSD script writes it",
        "check that the export does not cut long fields",
    ),
    "LOOK-UP-MISSED": remark(
        "row",
        "a value that the reference file does not hold, so its place is unknown",
        "a value of the reference file",
        "add the value to the reference file",
    ),
    "MANIFEST-DIFFERS": remark(
        "file",
        "the file is not the one that extract_manifest.csv describes",
        "the number of rows and the checksum of the manifest",
        "write the manifest last, after every change to the files",
    ),
    "AS-AT-MIXED": remark(
        "file",
        "the extracts of this delivery cover the data up to different days",
        "one data_as_at for all extracts of a delivery",
        "extract all tables on the same day",
    ),
    "FILE-NO-EOL": remark(
        "file",
        "the last line has no line end",
        "a line end after the last row",
        "check that the last row is complete",
    ),
    "NULL-TOKEN": remark(
        "row",
        "a word or sign for 'no figure', read as empty",
        "an empty field",
        "leave such fields empty",
    ),
    "TEXT-TRIM": remark(
        "row",
        "spaces around a code, a date or a number, removed",
        "the bare code, date or number",
        "nothing now; remove the spaces at the source",
    ),
    "DUP-DELIVERY": remark(
        "file",
        "the same bytes as the delivery accepted last for this month",
        "a new file when there is something new",
        "nothing",
    ),
    "SUPERSEDED": remark(
        "file",
        "another delivery was accepted for this month before",
        "one delivery a month, or a correction",
        "nothing, if this is the correction that was meant",
    ),
}
