"""The names of dbt that models use, for the linter of SQL: dbt would parse the project first.

The macros are the project's own; `ref` and `source` give bare names, and nothing is executed.
"""

import re
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import jinja2
import yaml

from orchestration.files import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
# dbt's own tags: its tests are macros to Jinja, and no model calls a materialization
_TEST = re.compile(r"\{% (end)?test\b")
_MATERIALIZATION = re.compile(r"\{% materialization.*?endmaterialization %\}", re.DOTALL)


class _ReturnedError(Exception):
    """What `return` gives back in place of the macro's text."""


def _return(value: object) -> None:
    raise _ReturnedError(value)


def _called(macro: Callable[..., str]) -> Callable[..., object]:
    def call(*arguments: Any, **named: Any) -> object:
        try:
            return macro(*arguments, **named)
        except _ReturnedError as returned:
            return returned.args[0]

    return call


@cache
def names() -> dict[str, Any]:
    """Every name that a model or a test of `dbt_project` may use."""
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    known: dict[str, Any] = {
        "adapter": SimpleNamespace(dispatch=lambda name: known[f"default__{name}"]),
        "config": lambda *_, **__: "",
        "dbt": SimpleNamespace(dateadd=lambda part, n, day: f"date_add('{part}', {n}, {day})"),
        "env_var": lambda _, default="": default,
        "execute": False,
        "local_md5": lambda _: "md5",
        "modules": SimpleNamespace(re=re),
        "project_name": project["name"],
        "ref": lambda name: name,
        "return": _return,
        "selected_resources": [],
        "source": lambda _, name: name,
        "target": SimpleNamespace(name="duckdb", type="duckdb", schema="main"),
        "var": lambda name, default=None: project["vars"].get(name, default),
    }
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    for file in sorted((DBT_PROJECT / "macros").rglob("*.sql")):
        text = _MATERIALIZATION.sub("", file.read_text(encoding="utf-8"))
        template = environment.from_string(_TEST.sub(_as_macro, text), globals=known)
        macros = vars(template.module)
        known |= {name: _called(each) for name, each in macros.items() if not name.startswith("_")}
    return known


def _as_macro(tag: re.Match[str]) -> str:
    return f"{{% {tag.group(1) or ''}macro"
