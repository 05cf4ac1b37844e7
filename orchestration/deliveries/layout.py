"""Where deliveries live on disk."""

import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The folders of the data folder that check-in reads and writes."""

    incoming: Path
    raw: Path
    quarantine: Path
    ledger: Path

    def raw_file(self, extract: str, month: str) -> Path:
        """Accepted rows of the delivery for `month` (YYYY-MM)."""
        return self.raw / extract / f"{month}.parquet"

    def empty_file(self, extract: str) -> Path:
        """Typed parquet without rows, so that reading `<extract>/*.parquet` always works."""
        return self.raw / extract / "_empty.parquet"

    def quarantine_file(self, extract: str, month: str) -> Path:
        """Rows set aside by the last check of `month` that reached the rows."""
        return self.quarantine / extract / f"{month}.parquet"

    def codes_to_map(self, extract: str, month: str) -> Path:
        """Words that no code is known for, found by the last check of `month`; restricted."""
        return self.quarantine / extract / f"{month}.codes_to_map.csv"

    @property
    def unknown_files(self) -> Path:
        """Names of the files in the drop folder that nothing is read from; restricted."""
        return self.quarantine / "unknown_files.csv"

    @property
    def originals(self) -> Path:
        """Files as they were delivered, each named by its SHA-256; restricted."""
        return self.raw.parent / "originals"

    def original(self, sha256: str) -> Path:
        return self.originals / sha256

    @property
    def keys(self) -> Path:
        """Where the key of the person hashes lies, beside the other folders."""
        return self.raw.parent / "keys"

    @property
    def forgotten(self) -> Path:
        """The hashes of those who are never taken in again, a line each; restricted."""
        return self.keys / "forgotten.txt"

    @property
    def cases(self) -> Path:
        """Lists of cases with the council's own identifiers; restricted."""
        return self.raw.parent / "cases"

    @property
    def case_log(self) -> Path:
        """Who asked for which list of cases, and when."""
        return self.ledger / "case_lists"

    @property
    def tombstones(self) -> Path:
        return self.ledger / "tombstones"

    @property
    def receipts(self) -> Path:
        return self.ledger / "receipts"

    @property
    def data_format(self) -> Path:
        """The form that the data folder was last written in."""
        return self.ledger / "format.json"

    @property
    def contract_known(self) -> Path:
        """The version and the columns of the contract that the data folder was last written by."""
        return self.ledger / "contract.json"


def make_folders(paths: Paths, extract: str) -> None:
    """Make the folders of `extract`: only the owner may write to them, and only the owner may look
    where rows about people are."""
    for root, name, mode in (
        (paths.raw, extract, 0o700),
        (paths.ledger, "receipts", 0o755),
        (paths.quarantine, extract, 0o700),
        (paths.originals, "", 0o700),
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
        for folder in (root, root / name):
            present = stat.S_IMODE(folder.stat().st_mode)
            if present & ~mode:
                folder.chmod(present & mode)
