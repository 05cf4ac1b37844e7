"""What figures are split by, as `seeds/catalogue/words/breakdowns.yml` names it, and its parts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.catalogue.indicators import FOLDER, CatalogueError, catalogue_fault, is_text
from orchestration.catalogue.yaml_file import UnreadableYaml, keys_of, read_keys

FILE = f"{FOLDER}/words/breakdowns.yml"
KEYS = {"label", "parts", "order"}


@dataclass(frozen=True)
class Breakdown:
    """One entry: its heading, the words for its parts by their codes, and the codes that have an
    order, in it."""

    name: str
    line: int
    label: str
    parts: Mapping[str, str]
    order: tuple[str, ...]


def read_breakdowns(seeds: Path, used: Collection[str]) -> list[Breakdown]:
    """The entries as they stand there; `used` are the breakdowns of the indicators.

    A breakdown without an entry is called by its column. Raises `CatalogueError`, with all faults.
    """
    faults: list[str] = []

    def wrong(line: int, where: str, found: str, expected: str) -> None:
        faults.append(catalogue_fault(FILE, f"line {line}, {where}", found, expected))

    try:
        entries, told = read_keys(seeds / FILE)
    except UnreadableYaml as error:
        found = "a breakdown stands there twice" if error.twice else error.found
        wrong(error.line, "-", found, error.expected)
        raise CatalogueError("\n".join(faults)) from None
    if not entries:
        wrong(1, "-", "there is no entry", "an entry per breakdown")
    for name, (line, node) in entries.items():
        lines = {key: at for key, (at, _) in keys_of(node).items()}
        for key, found, expected in _faults(name, told[name], used):
            wrong(lines.get(key, line), f"{name}, {key}", found, expected)
    if faults:
        raise CatalogueError("\n".join(faults))
    return [
        Breakdown(
            name,
            entries[name][0],
            facts["label"],
            facts.get("parts", {}),
            tuple(facts.get("order", ())),
        )
        for name, facts in told.items()
    ]


def _faults(name: str, told: Any, used: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one entry: key, what was found, what was expected."""
    if name not in used:
        yield "-", "no indicator is split by it", "a breakdown of the indicators"
    if not isinstance(told, dict) or not is_text(told.get("label")):
        yield "label", "no text", "what it is called, in words for members"
        return
    for key in sorted(set(told) - KEYS):
        yield key, "the key is not known", ", ".join(sorted(KEYS))
    parts, order = told.get("parts", {}), told.get("order", [])
    pairs = parts.items() if isinstance(parts, dict) else [("", "")]
    if not all(is_text(each) for pair in pairs for each in pair):
        yield "parts", "no pairs of texts", "a code, a colon and its words; yes and no in quotes"
    if not (isinstance(order, list) and all(map(is_text, order)) and len(set(order)) == len(order)):
        yield "order", "no list of different codes", "codes in square brackets"
