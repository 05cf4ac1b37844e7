"""One file of the catalogue as keys and values, each with the line where it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# ten times as fast where libyaml is there
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableYaml(Exception):
    """A file that is no YAML from this line on, or (`twice`) has a key twice; what was found there
    and is expected."""

    found = "it is no YAML"
    expected = "keys and values by indent"

    def __init__(self, line: int, twice: bool = False) -> None:
        super().__init__(f"line {line}")
        self.line, self.twice = line, twice


class NotUtf8(UnreadableYaml):
    """A text with a byte that is not UTF-8, or with the mark that stands for one that was not."""

    found = "a byte that is not UTF-8"
    expected = "the file saved as UTF-8"


def read_keys(path: Path) -> tuple[dict[str, tuple[int, yaml.Node]], dict[str, Any]]:
    """The keys of a file: where each stands, and what it says. Raises `UnreadableYaml`."""
    text = path.read_text(encoding="utf-8-sig", errors="replace") if path.exists() else ""
    line = 1
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        keys = keys_of(node)
        if len(keys) < len(getattr(node, "value", ())):
            raise UnreadableYaml(line, twice=True)
        # in a comment such a byte is in nobody's way
        for each in _scalars(node) if "\ufffd" in text else ():
            if "\ufffd" in each.value:
                raise NotUtf8(each.start_mark.line + 1)
        told = {}
        for key, (line, value) in keys.items():  # noqa: B007
            told[key] = loader.construct_document(value)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise UnreadableYaml(mark.line + 1 if mark else line) from None
    # a character that is none, a day that no calendar has
    except (yaml.YAMLError, ValueError):
        raise UnreadableYaml(line) from None
    return keys, told


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every key and every value that is not made of others."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    for each in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in each if isinstance(each, tuple) else (each,):
            yield from _scalars(part)


def keys_of(node: yaml.Node | None) -> dict[str, tuple[int, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: (key.start_mark.line + 1, value)
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode)
    }
