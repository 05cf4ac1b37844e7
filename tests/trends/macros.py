"""The macros of dbt_project/macros rendered without dbt, to run them over any values."""

from types import SimpleNamespace

import jinja2

from orchestration.settings import settings


def macros(*names: str) -> jinja2.environment.TemplateModule:
    """The macros of some files, as for DuckDB; such that use nothing else of dbt's."""
    folder = settings.dbt_project / "macros"
    text = "\n".join((folder / f"{name}.sql").read_text(encoding="utf-8") for name in names)
    adapter = SimpleNamespace(dispatch=lambda name: getattr(told, f"default__{name}"))
    told = jinja2.Environment().from_string(text, globals={"adapter": adapter}).module
    return told
