"""Every format that is read, and which of them a file is of: by its content, never by its name."""

from orchestration.deliveries.readers.reading import Format, Look

FORMATS: tuple[Format, ...] = ()


def recognised(look: Look) -> tuple[Format, str] | None:
    """The format of a file and which part of it the file is; None where it is of none."""
    for each in FORMATS:
        if part := each.part_of(look):
            return each, part
    return None
