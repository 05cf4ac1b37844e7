"""Faults of the system itself, not of the delivery."""

from orchestration.deliveries.texts.code_text import CodeText, stopped

SYSTEM: dict[str, CodeText] = {
    "CHECK-IN-FAILED": stopped(
        "the check-in could not be carried out",
        "a data folder with space that can be written to",
        "make room, or give the pipeline's user the right to write there, and run it again",
    ),
    "MEMORY-SHORT": stopped(
        "the check-in needs more memory than it may take",
        "memory for the largest file of the delivery",
        "set KPI_MEMORY higher, on a machine that has it, and run it again",
    ),
    "LANDING-GONE": stopped(
        "the drop folder is empty or is not there",
        "a drop folder with a folder for each month",
        "mount it again, or put the deliveries back, and run it again",
    ),
    "NOTHING-ACCEPTED": stopped(
        "nothing that figures could be made of was ever accepted",
        "a file of docs/what-to-send-us.md in a month's folder",
        "read what the checks of raw/ say, and deliver again",
    ),
    "SOURCE-UNREADABLE": stopped(
        "the source database cannot be read",
        "a database at KPI_SOURCE_URL, its driver, and the right to read the extract's table",
        "check address, account, network and the extract's query, then run it again",
    ),
    "SOURCE-WINDOW": stopped(
        "KPI_SOURCE_DATA_FROM cannot be read",
        "6y or 2020-04-01 for every extract, or extract=6y for one, with commas between",
        "correct it, or leave it empty, restart Dagster and run it again",
    ),
    "KEY-UNUSABLE": stopped(
        "the key of the person hashes is lost or too short",
        "KPI_PSEUDONYM_KEY, or data/keys/pseudonym.key, with at least 32 characters",
        "restore the key from the backup; another key makes other hashes",
    ),
    "ROWS-UNACCOUNTED": stopped(
        "rows loaded, set aside and repeated do not add up to the rows of the file",
        "rows in file = loaded + quarantined + exact duplicates",
        "keep the file and tell the maintainers: this is a fault of the check-in",
    ),
    "DATA-NEWER": stopped(
        "the data folder was written by a version of this project whose contract has more",
        "a contract that knows every extract and column of the data",
        "run that version again, or restore the data folder as it was before the upgrade",
    ),
    "ROWS-GONE": stopped(
        "accepted rows that the figures are made from are no longer there",
        "the file as check-in wrote it",
        "put the delivered file back into data/incoming, or data/raw back from the backup, and "
        "run the whole job",
    ),
    "ROWS-CHANGED": stopped(
        "accepted rows are not as they were written",
        "the file as check-in wrote it",
        "put the delivered file back into data/incoming, or data/raw back from the backup, and "
        "run the whole job",
    ),
    "ROWS-NOT-KNOWN": stopped(
        "a file among the accepted rows that no check-in has accepted",
        "only what the ledger has a receipt of",
        "move the file away, or deliver its month again, and run the whole job",
    ),
    "LEDGER-UNREADABLE": stopped(
        "a receipt in the ledger cannot be read",
        "the receipt as it was written",
        "restore data/ledger from the backup",
    ),
}
