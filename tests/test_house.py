"""The house of `orchestration/`: rooms with a purpose, arrows one way, short modules."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from orchestration.files import PROJECT

HOUSE = PROJECT / "orchestration"
LONGEST = 350
AT_THE_TOP = 6
# the only places that know of Dagster and dbt: what Dagster loads, and the module that starts dbt
OF_DAGSTER = ("orchestration.defs", "orchestration.definitions")
OF_DAGSTER += ("orchestration.history", "orchestration.dbt")


def _name(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _modules() -> Mapping[str, Path]:
    return {_name(file): file for file in sorted(HOUSE.rglob("*.py"))}


@cache
def _imports(module: str) -> frozenset[str]:
    """All that a module imports anywhere in it, in functions and for types only too."""
    found = set()
    for node in ast.walk(ast.parse(_modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{each.name}" for each in node.names}
            found |= inside & set(_modules()) or {node.module}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return frozenset(found - {module})


def _is_pure(module: str) -> bool:
    return not module.startswith(OF_DAGSTER)


def _circle(arrows: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def _between(depth: int) -> dict[str, set[str]]:
    """Arrows between rooms: names cut off after `depth` parts."""

    def room(module: str) -> str:
        return ".".join(module.split(".")[:depth])

    arrows: dict[str, set[str]] = {}
    for module in _modules():
        inside = {room(each) for each in _imports(module) if each in _modules()}
        arrows.setdefault(room(module), set()).update(inside - {room(module)})
    return arrows


def test_no_circle_between_rooms_nor_between_modules() -> None:
    assert _circle(_between(depth=2)) == []
    assert _circle({module: set(_imports(module)) for module in _modules()}) == []
    for inside in _rooms():
        depth = inside.count(".") + 2
        own = {name for name in _between(depth) if name.startswith(f"{inside}.")}
        assert _circle({name: _between(depth)[name] & own for name in own}) == [], inside


def test_every_room_says_what_belongs_there() -> None:
    untold = [room for room in _rooms() if not _docstring(_modules()[room])]
    assert untold == []


def test_few_modules_stand_at_the_top() -> None:
    assert len(list(HOUSE.glob("*.py"))) <= AT_THE_TOP


def test_no_module_is_long() -> None:
    long = {
        module: lines
        for module, file in _modules().items()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_the_pure_rooms_import_neither_dagster_nor_dbt() -> None:
    impure = [
        (module, name)
        for module in filter(_is_pure, _modules())
        for name in _imports(module)
        if name.partition(".")[0].removesuffix("_dbt") in ("dagster", "dbt")
    ]
    assert impure == []


def test_only_wiring_and_commands_know_the_settings_of_this_process() -> None:
    knowing = {
        room
        for module, file in _modules().items()
        if "orchestration.settings" in _imports(module)
        and "import settings" in file.read_text(encoding="utf-8")
        for room in [module.split(".")[1]]
    }
    assert knowing == {"commands", "dbt", "defs"}


def _rooms() -> Iterator[str]:
    return (module for module, file in _modules().items() if file.name == "__init__.py")


def _docstring(file: Path) -> str | None:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def test_tests_use_public_names() -> None:
    private = []
    for file in sorted((PROJECT / "tests").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = [
            each.asname or each.name
            for node in nodes
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("orchestration")
            for each in node.names
        ]
        names += [
            node.attr
            for node in nodes
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in names
        ]
        private += [(file.name, name) for name in names if re.match("_[^_]", name)]
    assert private == []
