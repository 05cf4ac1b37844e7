"""Every format that is read, and which of them a file is of: by its content, never by its name."""

from orchestration.deliveries.readers import (
    annex_a,
    school_census,
    sen2,
    sen_lists,
    workforce_census,
)
from orchestration.deliveries.readers.cin_census import xml_file as cin_census
from orchestration.deliveries.readers.daily_payload import payload as daily_payload
from orchestration.deliveries.readers.packed import archive, workbook
from orchestration.deliveries.readers.reading import Format, Look
from orchestration.deliveries.readers.ssda903 import csv_set as ssda903_csv
from orchestration.deliveries.readers.ssda903 import in_one_file as ssda903_in_one_file
from orchestration.deliveries.readers.ssda903 import xml_file as ssda903_xml

FORMATS: tuple[Format, ...] = (
    annex_a.FORMAT,
    ssda903_csv.FORMAT,
    ssda903_in_one_file.FORMAT,
    ssda903_xml.FORMAT,
    cin_census.FORMAT,
    sen2.FORMAT,
    workforce_census.FORMAT,
    school_census.FORMAT,
    daily_payload.FORMAT,
    sen_lists.FORMAT,
    workbook.FORMAT,
    archive.FORMAT,
)


def recognised(look: Look) -> tuple[Format, str] | None:
    """The format of a file and which part of it the file is; None where it is of none."""
    for each in FORMATS:
        if part := each.part_of(look):
            return each, part
    return None
