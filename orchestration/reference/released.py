"""Deliveries that somebody answers for although their number of rows is unusual."""

from orchestration.reference.tables import Reference


def read_released(reference: Reference) -> frozenset[str]:
    """SHA-256 of the files named in `seeds/released_deliveries.csv`.

    The checksum stands in the receipt of the file that was held; another file of the same month
    is held again.
    """
    return frozenset(reference.table("released_deliveries").column("sha256"))
