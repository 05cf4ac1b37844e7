"""Files of other formats: what of them cannot be read, and what is not used."""

from orchestration.deliveries.texts.code_text import CodeText, of_file, remark

_AGAIN = "save or export the return again and put it in place of this one"

RETURNS: dict[str, CodeText] = {
    "RETURN-UNREADABLE": of_file(
        "the file of a return cannot be opened: damaged, encrypted, or larger than the limit",
        "a file as the return's own system writes it, without a password",
        _AGAIN,
    ),
    "RETURN-LAYOUT": of_file(
        "a sheet, a table, an element or a column that the figures need is not there",
        "the return's own layout, with nothing renamed or taken out",
        _AGAIN,
    ),
    "RETURN-YEAR": of_file(
        "a collection year that this version does not know, or none that can be told",
        "a return of 2019/20 or later",
        "correct the year or the day named here, or send the return of a year that docs/formats.md"
        " names",
    ),
    "RETURN-NOT-WHOLE": of_file(
        "batches that build on others which are not there, or without referrals for whole months",
        "every batch since the first that held all children, in one folder",
        "put the missing batches into the same folder, or send all children anew",
    ),
    "RETURN-COUNCIL": of_file(
        "the return of another council",
        "returns of the council whose figures these are",
        "take the file out of the drop folder",
    ),
    "RETURN-CELL": remark(
        "row",
        "a cell that is not what the return's own rules allow; it is left empty",
        "a day, a code or a number as the return's guidance says",
        "correct it in the source system",
    ),
    "RETURN-ROW": remark(
        "row",
        "a row without a child or without its first day; it is left out",
        "rows as the return's guidance says",
        "correct it in the source system",
    ),
    "RETURN-PART": remark(
        "file",
        "a part of the return is missing, empty, there twice or without a column that figures need;"
        " nothing is taken from it",
        "the return's own layout, with nothing renamed or taken out",
        "add it where the figures that rest on it are wanted",
    ),
    "RETURN-SCHOOLS": remark(
        "file",
        "files of so many schools: what another school excluded is in no figure",
        "a file of every school of the area, academies too",
        "hold the number of schools against the list of them, and add what is missing",
    ),
    "RETURN-UNUSED": remark(
        "file",
        "a table of the return is not used: the month has the extract itself",
        "extracts win over returns",
        "nothing; take the extract out of the folder where the return is to be used",
    ),
}
