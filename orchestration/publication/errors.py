"""The faults of publishing, each with a code and what to do; no message holds a cell's value."""

from typing import ClassVar

LAST_GOOD_STAYS = "the exports published before stay as they are"


class PublishingError(Exception):
    """A fault that stops a publication.

    The message reads `CODE | file | line | column | what | expected | what to do | meanwhile`,
    with a dash where a part does not apply.
    """

    code: ClassVar[str]

    def __init__(
        self,
        file: object,
        found: str,
        expected: str,
        action: str,
        *,
        column: str = "-",
        meanwhile: str = LAST_GOOD_STAYS,
    ) -> None:
        parts = (self.code, str(file), "-", column, found, expected, action, meanwhile)
        super().__init__(" | ".join(parts))


class EditionNotBuilt(PublishingError):
    """The mart holds no such council, or the council but not that as-at month."""

    code = "EDITION-NOT-BUILT"


class Fenced(PublishingError):
    """Another generation of the data already stands in the folder."""

    code = "FENCED"


class Busy(PublishingError):
    """Another publication has held the lock for too long."""

    code = "PUBLICATION-BUSY"


class ExportDirectory(PublishingError):
    """The exports cannot be written: missing rights, a full disk, a file in place of a folder."""

    code = "EXPORT-DIR"


class Damaged(PublishingError):
    """A published folder does not agree with its manifest, or has none."""

    code = "EXPORT-DAMAGED"


class PackageMissing(PublishingError):
    """A system package that a format needs is not installed."""

    code = "PACKAGE-MISSING"


class PackNotReady(PublishingError):
    """A pack lacks what members or the law ask for; the draft's READ-ME-FIRST.txt lists it."""

    code = "PACK-NOT-READY"


class ReasonMissing(PublishingError):
    """A text of a published pack has changed, and nobody has said why."""

    code = "PACK-REASON"


class RecordBroken(PublishingError):
    """The log of what was published has been altered, or lacks a pack that stands."""

    code = "PACK-LOG-BROKEN"


class MartEmpty(PublishingError):
    """The build holds no table in schema marts."""

    code = "MART-EMPTY"
