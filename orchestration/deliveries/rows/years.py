"""SQL for codes that stand in a row outside the years of their lists."""

from datetime import date

from orchestration.contract.code_years import CODE_YEARS
from orchestration.contract.extracts import Column, Extract


def out_of_years(extract: Extract, column: Column, as_at: date) -> str:
    """Whether the row began before its code was in the list or after it had left it, over the typed
    columns; a row without a day of its own speaks for `as_at`. Empty where no list changed."""
    start = extract.happened_on
    day = f"cast({start.name} as date)" if start else f"date '{as_at.isoformat()}'"
    outside = []
    for years in CODE_YEARS.get((extract.name, column.name), ()):
        beyond = [f"{day} < date '{years.since}'"] if years.since else []
        beyond += [f"{day} > date '{years.until}'"] if years.until else []
        outside.append(f"{column.name}_known = '{years.code}' and ({' or '.join(beyond)})")
    return " or ".join(outside)
