"""Names and codes of real case systems: `case_systems.yml`, checked against the contract."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.extracts import EXTRACTS, ContractError

FILE = Path(__file__).with_name("case_systems.yml")


def read_names(entries: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Extract -> other name of a column -> column. Raises `ContractError`."""
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        extract, name, column = entry["extract"], entry["name"], entry["column"]
        names = EXTRACTS[extract].column_names if extract in EXTRACTS else ()
        where = f"case_systems.yml: {extract}.{name}"
        if column not in names:
            raise ContractError(f"{where} stands for {column}, which is not there")
        if name in names or name in found.get(extract, {}):
            raise ContractError(f"{where} means something already")
        found.setdefault(extract, {})[name] = column
    return found


def read_codes(content: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """(extract, column, word in small letters) -> code. Raises `ContractError`."""
    found: dict[tuple[str, str, str], str] = {}
    for entry in content["codes"]:
        extract, _, column = entry["column"].partition(".")
        columns = EXTRACTS[extract].columns if extract in EXTRACTS else ()
        allowed = {code for each in columns if each.name == column for code in each.allowed}
        for code, words in entry["words"].items():
            where = f"case_systems.yml: {entry['system']}: {entry['column']}"
            if code not in allowed:
                raise ContractError(f"{where}: {code} is not a code of the contract")
            for word in words:
                key = (extract, column, word.lower())
                if found.setdefault(key, code) != code or word in allowed:
                    raise ContractError(f"{where}: {word} means something already")
    return found


_CONTENT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ALIASES = read_names(_CONTENT["columns"])
STAND_INS = read_names(_CONTENT["stand_ins"])
CODES = read_codes(_CONTENT)
