"""How good the deliveries are that figures stand on: counts from the ledger, never a row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import INDICATOR_RETURNS, ROW_LEVEL, Extract
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES
from orchestration.reference.calendar import month_end


@dataclass(frozen=True)
class ExtractQuality:
    """An extract: its newest file, the one in use (None: none was ever accepted), and the ids of
    the indicators that cannot do without it."""

    extract: Extract
    newest: Receipt | None
    in_use: Receipt | None
    indicators: tuple[str, ...]

    @property
    def refused_code(self) -> str | None:
        """Why the newest file was refused, if it was."""
        if self.newest is None or self.newest.outcome != "refused":
            return None
        codes = self.newest.codes.split()
        return next(code for code in codes if CODES[code].outcome == "refuse")

    @property
    def as_at(self) -> date | None:
        """The last day that the rows in use cover; None for what holds until it is replaced."""
        if self.in_use is None or self.extract.class_ in ("reference", "figures"):
            return None
        if self.in_use.as_at:
            return date.fromisoformat(self.in_use.as_at)
        return month_end(self.in_use.delivery_month)


def delivery_quality(
    receipts: Iterable[Receipt],
    catalogue: Mapping[str, Indicator],
    month: str,
    extracts: Collection[Extract] = ROW_LEVEL,
) -> tuple[ExtractQuality, ...]:
    """The quality of each extract, in their order, for figures up to `month` (YYYY-MM).

    That a later month has not been delivered yet is no fault of theirs.
    """
    by_extract: dict[str, list[Receipt]] = {extract.name: [] for extract in extracts}
    for receipt in receipts:
        is_early = receipt.outcome == "missing" and receipt.delivery_month > month
        if receipt.extract in by_extract and not is_early:
            by_extract[receipt.extract].append(receipt)
    return tuple(
        ExtractQuality(
            extract,
            _newest(by_extract[extract.name]),
            ledger.last_accepted(by_extract[extract.name]),
            tuple(
                indicator_id
                for indicator_id, indicator in catalogue.items()
                if any(extract.name in _extracts(need) for need in indicator.needs)
            ),
        )
        for extract in extracts
    )


def extracts_behind(*, has_rows: bool, has_returns: bool) -> tuple[Extract, ...]:
    """The extracts that an edition stands on: those with rows where the council's rows are
    delivered here, the returns where figures were sent ready made, or where there is nothing else.
    """
    of_rows = ROW_LEVEL if has_rows else ()
    return (*of_rows, INDICATOR_RETURNS) if has_returns or not has_rows else of_rows


def rows_excluded(quality: Iterable[ExtractQuality]) -> dict[str, int]:
    """Indicator id -> rows that were set aside from the files that its figures stand on."""
    excluded: dict[str, int] = {}
    for each in quality:
        for indicator_id in each.indicators:
            count = each.in_use.quarantined if each.in_use else 0
            excluded[indicator_id] = excluded.get(indicator_id, 0) + count
    return excluded


def refused_notes(quality: Iterable[ExtractQuality]) -> dict[str, str]:
    """Indicator id -> why its figures stand on older data than were sent."""
    notes: dict[str, str] = {}
    for each in quality:
        if each.refused_code and each.in_use:
            day = f"data as at {each.as_at:%d %B %Y}, ".lstrip("0") if each.as_at else ""
            for indicator_id in each.indicators:
                note = f"{day}newer extract of {each.extract.title} refused: {each.refused_code}"
                notes[indicator_id] = "; ".join(filter(None, (notes.get(indicator_id), note)))
    return notes


def missed(
    receipts: Mapping[str, Sequence[Receipt]], month: str, expected: Collection[str]
) -> set[str]:
    """The extracts of which nothing was accepted for `month` (YYYY-MM) though they come every
    month: those of `expected`, or where it is empty those that came for the month before."""
    first = date(int(month[:4]), int(month[5:]), 1)
    before = f"{first - timedelta(days=1):%Y-%m}"
    came = {
        of: {name for name, listed in receipts.items() if ledger.last_accepted(listed, of)}
        for of in (month, before)
    }
    return (set(expected) or came[before]) - came[month] if came[month] else set()


def asks_for_work(receipt: Receipt) -> bool:
    """Whether anybody has to do anything about what was found, or to decide whether to."""
    steps = [CODES[code].do for code in receipt.codes.split()]
    return any(not step.startswith("nothing") or step.startswith("nothing,") for step in steps)


def _newest(receipts: list[Receipt]) -> Receipt | None:
    """What became of the file of the newest month; the same bytes again are no news."""
    told = [receipt for receipt in receipts if receipt.outcome != "unchanged"]
    month = max((receipt.delivery_month for receipt in told), default="")
    found = [receipt for receipt in told if receipt.delivery_month == month]
    return found[-1] if found else None


def _extracts(need: str) -> set[str]:
    """The extracts of a need such as `a|b` or `ref_code_maps for ssd_involvements.…`."""
    return {each.partition(" for ")[0] for each in need.split("|")}
