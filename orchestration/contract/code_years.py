"""From when to when a code is in the lists of the collections: `code_years.yml`, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.extracts import EXTRACTS, ContractError

FILE = Path(__file__).with_name("code_years.yml")


@dataclass(frozen=True)
class Years:
    """First and last day on which a row may begin under the code; None where there is none."""

    code: str
    since: date | None = None
    until: date | None = None


def read_code_years(content: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Years, ...]]:
    """(extract, column) -> the codes that are not in every list. Raises `ContractError`."""
    found: dict[tuple[str, str], tuple[Years, ...]] = {}
    for place, codes in content.items():
        extract, _, column = place.partition(".")
        columns = EXTRACTS[extract].columns if extract in EXTRACTS else ()
        allowed = {code for each in columns if each.name == column for code in each.allowed}
        for code, told in codes.items():
            where = f"code_years.yml: {place}: {code}"
            if code not in allowed:
                raise ContractError(f"{where} is not a code of the contract")
            if not told or set(told) - {"since", "until"}:
                raise ContractError(f"{where} says neither `since` nor `until`, or something else")
        found[extract, column] = tuple(Years(code, **told) for code, told in codes.items())
    return found


CODE_YEARS = read_code_years(yaml.safe_load(FILE.read_text(encoding="utf-8")))
