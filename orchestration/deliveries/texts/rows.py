"""Rows that are set aside."""

from orchestration.deliveries.texts.code_text import CodeText, of_row

_CORRECT_ROW = "correct these rows at the source and deliver the whole file again"

ROWS: dict[str, CodeText] = {
    "ROW-BLANK": of_row(
        "a row of empty fields", "a row with its columns filled", "delete the empty rows"
    ),
    "ROW-CLOSING": of_row(
        "the total, the count or the note with which a report ends, and no row",
        "rows of data alone",
        "nothing now; export the table without them",
    ),
    "FIELD-MISSING": of_row("an empty field", "a field that is filled", _CORRECT_ROW),
    "DATE-FORMAT": of_row(
        "not a date that can be read with certainty",
        "a date as YYYY-MM-DD or DD/MM/YYYY",
        "format the column as a date with a four-digit year and deliver the whole file again",
    ),
    "DATE-IMPOSSIBLE": of_row("a day that does not exist", "a day of the calendar", _CORRECT_ROW),
    "DATE-RANGE": of_row(
        "a date too long ago or too far ahead to be meant",
        "a date in the range of the contract",
        _CORRECT_ROW,
    ),
    "DATE-FUTURE": of_row(
        "a date after the last day that the delivery covers",
        "a date up to data_as_at in extract_manifest.csv, or else to the end of the month",
        "correct the date, or deliver the file into the folder of its own month",
    ),
    "DATE-NOT-MONTH-END": of_row(
        "a day that is not the last of its month: no figure is made of it",
        "the last day of a month",
        "write the month end that the row speaks for and deliver the whole file again",
    ),
    "YEAR-FORMAT": of_row(
        "not a year that can be read with certainty", "a year as 2024/25", _CORRECT_ROW
    ),
    "END-BEFORE-START": of_row(
        "an end before its start", "an end on or after its start", _CORRECT_ROW
    ),
    "BEFORE-BIRTH": of_row(
        "an event of a child more than ten months before its birth",
        "a date within the ten months before the date of birth or after it",
        _CORRECT_ROW,
    ),
    "AFTER-DEATH": of_row(
        "an event of a child after its death", "a date up to the date of death", _CORRECT_ROW
    ),
    "AGE-RANGE": of_row(
        "an event of somebody who was 26 or older",
        "an event of a child or of a young person up to 25",
        "correct the date of birth or this date and deliver both files again",
    ),
    "ID-NUMERIC": of_row(
        "a number that was taken for an amount: it ends with a point and noughts",
        "the number as the source system shows it",
        "export the column as text and deliver the whole file again",
    ),
    "ID-SCIENTIFIC": of_row(
        "a number that was shortened to powers of ten",
        "the number as the source system shows it",
        "export the column as text, not through a spreadsheet, and deliver the file again",
    ),
    "NUMBER-FORMAT": of_row(
        "not a number",
        "digits, with a decimal point if needed and at most 12 digits before it; commas only "
        "between thousands; no sign for per cent or currency",
        _CORRECT_ROW,
    ),
    "NUMBER-RANGE": of_row(
        "a number outside its range", "a number that the column can have", _CORRECT_ROW
    ),
    "CODE-NOT-ALLOWED": of_row(
        "a code that is not in the contract", "a code of the contract", _CORRECT_ROW
    ),
    "INDICATOR-UNKNOWN": of_row(
        "an indicator id that is not in the catalogue",
        "an id of the indicator catalogue",
        "correct the id, or add the indicator to the catalogue, and check the file in again",
    ),
    "GEOGRAPHY-UNKNOWN": of_row(
        "an area that is not in the list of authorities and regions",
        "a nine-character code, a Department for Education number or a name of that list",
        "correct it, or add the authority to the list, and check the file in again",
    ),
    "PERIOD-MISMATCH": of_row(
        "the two dates are not the whole period that period_type names",
        "the first and last day of the period",
        _CORRECT_ROW,
    ),
    "PERIOD-FREQUENCY": of_row(
        "a period shorter than the indicator is reported for",
        "a year",
        "deliver the figure of the whole year only",
    ),
    "FIGURE-MISSING": of_row(
        "no figure, or only part of one", "a value, or numerator and denominator", _CORRECT_ROW
    ),
    "FIGURE-DISAGREES": of_row(
        "numerator, denominator and value contradict each other",
        "a value that follows from numerator and denominator",
        _CORRECT_ROW,
    ),
    "PERSON-FORGOTTEN": of_row(
        "a row of somebody who is to be forgotten, dropped and stored nowhere",
        "no row of that person",
        "take the person out of the source system, or out of the query",
    ),
    "KEY-CONFLICT": of_row(
        "rows of the same key that contradict each other",
        "one row for each key",
        "find out which row is right, delete the others and deliver the whole file again",
    ),
}
